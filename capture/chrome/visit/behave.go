package visit

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/chromedp/cdproto/page"

	"yuzheng/capture"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/exhibit"
	"yuzheng/casefile/evidence"
)

// The pace of a visit.
const (
	StepShare = 0.85 // of the viewport, per step
	StepPause = 30 * time.Millisecond
	atBottom  = 150 * time.Millisecond
	SameEnd   = 3 // equal heights in a row end the page
)

// navigate opens the address and waits until the page has loaded and fallen silent.
func (j *Visit) navigate(ctx context.Context) error {
	j.Journal.Note(evidence.ByTool, "navigate", "%s", j.Request.URL)
	params := page.NavigateParams{URL: j.Address, Referrer: j.Visitor.Referrer}
	if params.Referrer != "" {
		params.ReferrerPolicy = page.ReferrerPolicyUnsafeURL
	}
	r, err := devtools.Call(ctx, j.Page.Session, page.Navigate, params)
	if err != nil {
		return err
	}
	<-j.Browser.Conn.Through()
	j.Failed, j.Saved = r.ErrorText, r.IsDownload || r.ErrorText != "" && j.Exchanges.DocumentSaved()
	if status := j.emptyAnswer(); r.ErrorText != "" && status != 0 {
		j.Journal.Warn(evidence.PageNoContent.With(j.LastAddress(), status))
		return context.Cause(ctx)
	}
	if r.ErrorText != "" && !j.Saved {
		j.Journal.Warn(evidence.PageFailed.With(j.LastAddress(), r.ErrorText))
		return j.errorPage(ctx)
	}
	j.Progress.Step(capture.StepLoad, 0, 0)
	if j.Saved {
		return j.Quiet(ctx)
	}
	if err := j.loaded(ctx); err != nil {
		return err
	}
	return j.Quiet(ctx)
}

// loaded waits for the load event: half the time of the capture, and no longer once the document itself has failed.
func (j *Visit) loaded(ctx context.Context) error {
	wait, cancel := context.WithTimeout(ctx, j.Request.Limits.Time/2)
	defer cancel()
	pace := time.NewTicker(exhibit.Silence)
	defer pace.Stop()
	for {
		select {
		case <-j.load:
			return nil
		case <-pace.C:
			if j.waiting().documentFailed() {
				return nil
			}
			if address := j.course.called(); address != "" && j.Exchanges.Quiet(j.Request.Limits.Idle) >= 2*exhibit.Silence {
				j.Journal.Note(evidence.ByTool, "wait", "no longer for the load event: the page calls another program, %s", address)
				return nil
			}
			if j.Exchanges.DocumentSaved() {
				j.Journal.Note(evidence.ByTool, "wait", "no longer for the load event: the page has sent its visitor to a file")
				return nil
			}
		case <-wait.Done():
			if ctx.Err() == nil {
				j.Journal.Limit("time", evidence.LimitLoad.With(j.Request.Limits.Time/2))
			}
			return context.Cause(ctx)
		case <-j.Context.Gone():
			return devtools.ErrGone
		}
	}
}

// errorPage waits until Chrome shows its own error page, so that there is a picture of what a visitor sees.
func (j *Visit) errorPage(ctx context.Context) error {
	wait, cancel := context.WithTimeout(ctx, j.Request.Limits.Idle)
	defer cancel()
	select {
	case <-j.load:
	case <-wait.Done():
	case <-j.Context.Gone():
		return devtools.ErrGone
	}
	return context.Cause(ctx)
}

// emptyAnswer is the status of a main document that has none by definition: 204 or 205.
func (j *Visit) emptyAnswer() int {
	status := j.Exchanges.DocumentStatus()
	if status == http.StatusNoContent || status == http.StatusResetContent {
		return status
	}
	return 0
}

// behave does what a patient visitor does before a page has shown all it has: moves, walks to its end, opens what is folded away, plays
// what can be played.
func (j *Visit) behave(ctx context.Context) error {
	if err := j.hand().move(ctx); err != nil {
		return unscrolled(ctx, j.Exhibit, err)
	}
	if err := j.scroller().scroll(ctx); err != nil {
		return err
	}
	opened, err := j.hand().expand(ctx)
	if err == nil && opened > 0 {
		err = j.scroller().scroll(ctx)
	}
	if err != nil {
		return err
	}
	if err := j.hand().play(ctx); err != nil {
		return err
	}
	if err := j.Camera.Appear(ctx); err != nil {
		return unscrolled(ctx, j.Exhibit, err)
	}
	return nil
}

// ledTime is how much later than the end of what ran in a document the browser may tell that another one has come.
const ledTime = 500 * time.Millisecond

// unscrolled tells that the page could not be walked through; what it shows is still taken.
func unscrolled(ctx context.Context, x *exhibit.Exhibit, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if errors.Is(err, devtools.ErrGone) {
		return err
	}
	if led := x.Page.Pause(ctx, ledTime); led != nil {
		return led // what failed was of a document that has been left
	}
	x.Journal.Warn(evidence.Scrolling.With(err))
	x.Journal.Miss("scroll", evidence.Said(err))
	return nil
}
