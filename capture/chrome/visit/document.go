package visit

import (
	"context"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"

	"yuzheng/capture/chrome/browsing"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/casefile/evidence"
)

// redirectsOf follows the main document from address to address: redirects of servers, and of the page itself (status 0).
func (j *Visit) redirectsOf(s devtools.Session, e network.EventRequestWillBeSent) {
	if e.Type != network.ResourceTypeDocument || string(e.FrameID) != j.Context.MainFrame() {
		return
	}
	if j.Asked(e) == j.Request.Limits.Redirects+1 {
		j.Journal.Limit("redirects", evidence.LimitRedirects.With(j.Request.Limits.Redirects))
		devtools.Send(s, page.StopLoading, cdp.Empty{})
		devtools.Send(s, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	}
}

// watch stops the scripts of a page that takes too much memory. It ends with ctx or with the page.
func (j *Visit) watch(ctx context.Context) {
	limit := j.Request.Limits.Memory
	if limit <= 0 {
		return
	}
	j.work.Go(func() {
		pace := time.NewTicker(time.Second)
		defer pace.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-j.Context.Gone():
				return
			case <-j.over:
				return
			case <-pace.C:
			}
			r, err := devtools.Call(ctx, j.Page.Session, runtime.GetHeapUsage, cdp.Empty{})
			if err == nil && int64(r.UsedSize+r.BackingStorageSize) > limit {
				j.Journal.Limit("memory", evidence.LimitMemory.With(r.UsedSize+r.BackingStorageSize))
				j.Journal.Miss("page", evidence.StoppedForMemory.With())
				browsing.Halt(j.Page.Session)
				return
			}
		}
	})
}
