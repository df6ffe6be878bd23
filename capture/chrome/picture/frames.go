package picture

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"

	"yuzheng/capture/chrome/browsing"
)

// Frames of other sites are drawn by processes of their own, each in its own time: a picture of the page does not wait for them, and on a busy machine
// shows what they looked like before, or nothing.
const (
	paintTime    = 250 * time.Millisecond // for one to be drawn where the window has come to
	framesTime   = time.Second            // for all to draw what they hold; one out of sight draws nothing
	steadyTries  = 4                      // pictures, until two are alike
	paintedTimes = 3                      // frames that a process draws, until the first of them has gone to the screen for sure
)

// paintedScript waits until a frame that has words has drawn them. It is given the milliseconds that it may take.
const paintedScript = `(async (limit, times) => {
	if (!document.body || !document.body.innerText.trim()) return false;
	const late = new Promise(done => setTimeout(done, limit));
	const drawn = (async () => { for (let i = 0; i < times; i++) await new Promise(done => requestAnimationFrame(done)); })();
	await Promise.race([late, drawn]);
	return true;
})(%d, %d)`

// paintedFrames waits for frames of other sites below the window to be drawn where the window has come to.
func (c *Camera) paintedFrames(ctx context.Context) error {
	if !c.foreign {
		return nil
	}
	return c.page.Pause(ctx, paintTime)
}

// framesDrawn waits until the frames of other sites have drawn what they hold, and reports whether there is one with words.
func (c *Camera) framesDrawn(ctx context.Context) (worded bool) {
	var mu sync.Mutex
	var all sync.WaitGroup
	for _, s := range c.page.Roots() {
		if s.ID == c.page.Session.ID {
			continue
		}
		all.Go(func() {
			// A frame that is gone, or does not answer, has nothing to wait for.
			words, _ := browsing.EvalIn[bool](ctx, s, cdp.FrameID(s.Target), fmt.Sprintf(paintedScript, framesTime.Milliseconds(), paintedTimes))
			mu.Lock()
			defer mu.Unlock()
			worded = worded || words
		})
	}
	all.Wait()
	return worded
}

// steady takes a picture until two are alike, where frames of other sites have words: what such a frame has drawn comes to the picture a moment later.
func (c *Camera) steady(take func() ([]byte, error)) ([]byte, error) {
	shot, err := take()
	for n := 1; c.framed && err == nil && n < steadyTries; n++ {
		again, failed := take()
		if failed != nil || bytes.Equal(again, shot) {
			break
		}
		shot = again
	}
	return shot, err
}
