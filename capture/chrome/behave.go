package chrome

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"

	"yuzheng/capture"
)

// The pace of a visit.
const (
	silence   = 400 * time.Millisecond // nothing in flight and nothing new for so long: the network is quiet
	tick      = 25 * time.Millisecond
	stepShare = 0.85 // of the viewport, per step
	stepPause = 30 * time.Millisecond
	atBottom  = 150 * time.Millisecond
	sameEnd   = 3 // equal heights in a row end the page
)

// navigate opens the address and waits until the page has loaded and fallen silent.
func (j *job) navigate(ctx context.Context) error {
	j.journal.note(byTool, "navigate", "%s", j.req.URL)
	params := page.NavigateParams{URL: j.address, Referrer: j.visitor.Referrer}
	if params.Referrer != "" {
		params.ReferrerPolicy = page.ReferrerPolicyUnsafeURL
	}
	r, err := call(ctx, j.page, page.Navigate, params)
	if err != nil {
		return err
	}
	<-j.warm.conn.events.through()
	j.page0.marks.netError, j.page0.marks.isDownload = r.ErrorText, r.IsDownload || r.ErrorText != "" && j.documentSaved()
	if status := j.emptyAnswer(); r.ErrorText != "" && status != 0 {
		j.journal.warn("%s: the server answered %d, which has no content: whoever follows the address stays where he was", j.lastAddress(), status)
		return context.Cause(ctx)
	}
	if r.ErrorText != "" && !j.page0.marks.isDownload {
		j.journal.warn("%s: %s", j.lastAddress(), r.ErrorText)
		return j.errorPage(ctx)
	}
	j.progress.Step(capture.StepLoad, 0, 0)
	if j.page0.marks.isDownload {
		return j.quiet(ctx)
	}
	if err := j.loaded(ctx); err != nil {
		return err
	}
	return j.quiet(ctx)
}

// loaded waits for the load event: half the time of the capture, and no longer once the document itself has failed.
func (j *job) loaded(ctx context.Context) error {
	wait, cancel := context.WithTimeout(ctx, j.req.Limits.Time/2)
	defer cancel()
	pace := time.NewTicker(silence)
	defer pace.Stop()
	for {
		select {
		case <-j.load:
			return nil
		case <-pace.C:
			if j.documentFailed() {
				return nil
			}
			if j.downloadBegan() {
				j.journal.note(byTool, "wait", "no longer for the load event: the page has sent its visitor to a file")
				return nil
			}
		case <-wait.Done():
			if ctx.Err() == nil {
				j.journal.limit("time", "no load event within %v", j.req.Limits.Time/2)
			}
			return context.Cause(ctx)
		case <-j.gone:
			return errGone
		}
	}
}

// errorPage waits until Chrome shows its own error page, so that there is a picture of what a visitor sees.
func (j *job) errorPage(ctx context.Context) error {
	wait, cancel := context.WithTimeout(ctx, j.req.Limits.Idle)
	defer cancel()
	select {
	case <-j.load:
	case <-wait.Done():
	case <-j.gone:
		return errGone
	}
	return context.Cause(ctx)
}

// documentFailed reports whether the main document broke off after its answer had begun.
func (j *job) documentFailed() bool {
	return j.document(func(h *hop) bool { return h.done && h.lost != "" })
}

// documentSaved reports whether the main document is a file to be saved. Chrome says only that it was aborted, which is our own doing.
func (j *job) documentSaved() bool {
	return j.document(func(h *hop) bool { return h.download })
}

// downloadBegan reports whether the page in the window has sent its visitor to a file to be saved: its load event then never comes.
func (j *job) downloadBegan() bool { return j.documentSaved() }

// emptyAnswer is the status of a main document that has none by definition: 204 or 205.
func (j *job) emptyAnswer() int {
	status := 0
	j.document(func(h *hop) bool { status = h.Status; return true })
	if status == http.StatusNoContent || status == http.StatusResetContent {
		return status
	}
	return 0
}

// document tells something of the last request for the main document.
func (j *job) document(is func(*hop) bool) bool {
	j.ledger.mu.Lock()
	defer j.ledger.mu.Unlock()
	for _, h := range slices.Backward(j.ledger.order) {
		if j.isMain(h.Kind, h.frame) {
			return is(h)
		}
	}
	return false
}

// quiet waits for network silence, at most Limits.Idle, and tells when that bites.
func (j *job) quiet(ctx context.Context) error {
	err := j.quietFor(ctx, j.req.Limits.Idle)
	if errors.Is(err, errNotQuiet) {
		j.journal.limit("idle", "the network was not quiet within %v", j.req.Limits.Idle)
		return context.Cause(ctx)
	}
	return err
}

// settled is quietFor with a shorter patience, which is nothing to tell about.
func (j *job) settled(ctx context.Context, longest time.Duration) error {
	if err := j.quietFor(ctx, min(longest, j.req.Limits.Idle)); !errors.Is(err, errNotQuiet) {
		return err
	}
	return context.Cause(ctx)
}

var errNotQuiet = errors.New("the network was not quiet")

// quietFor waits for network silence. It ends with errNotQuiet after the longest wait.
func (j *job) quietFor(ctx context.Context, longest time.Duration) error {
	deadline := time.NewTimer(longest)
	defer deadline.Stop()
	pace := time.NewTicker(tick)
	defer pace.Stop()
	for {
		if j.ledger.quiet(j.req.Limits.Idle) >= silence {
			return context.Cause(ctx)
		}
		select {
		case <-pace.C:
		case <-deadline.C:
			return errNotQuiet
		case <-j.gone:
			return errGone
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// eval runs an expression in a world of our own in the page's main frame: the same document, but none of the page's scripts.
func eval[T any](ctx context.Context, j *job, expression string) (T, error) {
	return evalIn[T](ctx, j.page, cdp.FrameID(j.pageID), expression)
}

func evalIn[T any](ctx context.Context, s session, frame cdp.FrameID, expression string) (T, error) {
	return evalWith[T](ctx, s, frame, runtime.EvaluateParams{Expression: expression})
}

func evalWith[T any](ctx context.Context, s session, frame cdp.FrameID, p runtime.EvaluateParams) (T, error) {
	var v T
	world, err := call(ctx, s, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: frame, WorldName: "reader"})
	if err != nil {
		return v, err
	}
	p.ContextID, p.ReturnByValue, p.AwaitPromise = world.ExecutionContextID, ptr(true), ptr(true)
	r, err := call(ctx, s, runtime.Evaluate, p)
	if err != nil {
		return v, err
	}
	if r.ExceptionDetails != nil {
		return v, errors.New("script: " + r.ExceptionDetails.Text)
	}
	if len(r.Result.Value) == 0 {
		return v, nil
	}
	return v, unmarshal(r.Result.Value, &v)
}

// behave does what a patient visitor does before a page has shown all it has: moves, walks to its end, opens what is folded away, plays
// what can be played.
func (j *job) behave(ctx context.Context) error {
	if err := j.move(ctx); err != nil {
		return j.unscrolled(ctx, err)
	}
	if err := j.scroll(ctx); err != nil {
		return err
	}
	opened, err := j.expand(ctx)
	if err == nil && opened > 0 {
		err = j.scroll(ctx)
	}
	if err != nil {
		return err
	}
	return j.play(ctx)
}

// scrollScript is one step; it gives the position of the viewport's lower edge and the height of the document, and remembers the lines of text.
const scrollScript = `(async () => {
	const root = document.scrollingElement || document.documentElement;
	if (!root) return {at: 0, height: 0, view: 0, inner: false};
	const box = () => {
		if (root.scrollHeight > innerHeight + 50) return null;
		for (let e = document.elementFromPoint(innerWidth / 2, innerHeight / 2); e && e !== root && e !== document.body; e = e.parentElement)
			if (e.scrollHeight > e.clientHeight + 50 && e.clientHeight > innerHeight / 2 && /auto|scroll/.test(getComputedStyle(e).overflowY)) return e;
		return null;
	};
	const inner = box();
	(inner || window).scrollBy({top: Math.round(innerHeight * %v), left: 0, behavior: "instant"});
	await new Promise(done => { const t = setTimeout(done, 300); requestAnimationFrame(() => requestAnimationFrame(() => { clearTimeout(t); done(); })); });
	const lines = globalThis.yuzhengLines ||= new Set();
	const text = document.body && lines.size < 20000 ? document.body.innerText : "";
	if (text.length < 500000) for (const l of text.split("\n")) if (l.trim()) lines.add(l);
	if (inner) return {at: Math.ceil(inner.scrollTop + inner.clientHeight), height: inner.scrollHeight, view: innerHeight, inner: true, rest: innerHeight - inner.clientHeight};
	return {at: Math.ceil(scrollY + innerHeight), height: root.scrollHeight, view: innerHeight, inner: false, rest: 0};
})()`

// settleScript goes back to the top and waits for fonts and for every picture to be decoded.
const settleScript = `(async () => {
	window.scrollTo({top: 0, left: 0, behavior: "instant"});
	for (let e = document.elementFromPoint(innerWidth / 2, innerHeight / 2); e; e = e.parentElement) e.scrollTop = 0;
	const limit = new Promise(done => setTimeout(done, 5000));
	await Promise.race([limit, Promise.all([document.fonts ? document.fonts.ready : 0,
		...Array.from(document.images, i => i.decode().catch(() => 0))])]);
	return true;
})()`

type position struct {
	At     float64 `json:"at"`
	Height float64 `json:"height"`
	View   float64 `json:"view"`
	Inner  bool    `json:"inner"` // the page itself does not scroll, a box that fills the window does
	Rest   float64 `json:"rest"`  // of the window, above and below the box
}

// scroll goes down until the page ends: the network silent and the height the same three times in a row. It never asks whether
// anything listens to scrolling; pages that load what comes into view do not.
func (j *job) scroll(ctx context.Context) error {
	j.journal.note(byTool, "scroll", "to the end, %v of the window at a time", stepShare)
	last, same := -1.0, 0
	j.stretched = 0
	for same < sameEnd {
		p, err := eval[position](ctx, j, fmt.Sprintf(scrollScript, stepShare))
		if err != nil {
			return j.unscrolled(ctx, err)
		}
		j.progress.Step(capture.StepScroll, int64(p.At), int64(p.Height))
		if p.Inner {
			j.stretched = min(p.Height+p.Rest, float64(j.req.Limits.Height))
		}
		if p.At < p.Height-2 && p.At < float64(j.req.Limits.Height) {
			if err := j.pause(ctx, stepPause); err != nil {
				return err
			}
			continue
		}
		if p.At >= float64(j.req.Limits.Height) && p.Height > p.At+2 {
			j.journal.limit("height", "the page goes on below %d pixels", j.req.Limits.Height)
			break
		}
		if err := j.pause(ctx, atBottom); err != nil {
			return err
		}
		if err := j.quiet(ctx); err != nil {
			return err
		}
		if p.Height == last {
			same++
		} else {
			last, same = p.Height, 1
		}
	}
	if _, err := eval[bool](ctx, j, settleScript); err != nil {
		return j.unscrolled(ctx, err)
	}
	j.journal.note(byTool, "scroll", "back to the top")
	if err := j.stretch(ctx); err != nil {
		return j.unscrolled(ctx, err)
	}
	return j.quiet(ctx)
}

// stretch makes the window as high as the content of the box that scrolls in it, so that the picture shows all of it.
func (j *job) stretch(ctx context.Context) error {
	if j.stretched == 0 {
		return nil
	}
	j.journal.note(byTool, "window", "made %.0f pixels high: the page scrolls inside a box", j.stretched)
	v := j.visitor
	_, err := call(ctx, j.page, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: v.Width, Height: int64(j.stretched), DeviceScaleFactor: v.Scale, Mobile: v.Mobile, ScreenWidth: v.ScreenWidth, ScreenHeight: v.ScreenHeight,
	})
	return err
}

// unscrolled tells that the page could not be walked through; what it shows is still taken.
func (j *job) unscrolled(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if errors.Is(err, errGone) {
		return err
	}
	j.journal.warn("scrolling: %v", err)
	j.miss("scroll", err.Error())
	return nil
}

func (j *job) pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-j.gone:
		return errGone
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
