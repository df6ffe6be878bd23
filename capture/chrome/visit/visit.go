// Package visit visits one page as one persona, and makes an exhibit of it: it opens the page, waits until it is what it is, moves, scrolls, opens what is folded
// away, lets play what can, and then takes everything of one document. METHOD.md states the rules.
//
// A page may lead its visitor on; in the end the document in the window stays, and what would take its place is held back and named. Every wait has a bound.
// A visit that ends early, by its time, by the operator or with the browser, seals what it has, with the reason.
package visit

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/chromedp/cdproto/target"

	"yuzheng/capture"
	"yuzheng/capture/chrome/browsing"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/exchange"
	"yuzheng/capture/chrome/exhibit"
	"yuzheng/capture/chrome/guard"
	"yuzheng/casefile/evidence"
)

// Visit is one capture.
type Visit struct {
	*exhibit.Exhibit
	course *course
	taking string // loader of the document that is taken
	empty  bool   // the browser shows nothing of it

	work    sync.WaitGroup
	load    chan struct{} // closed at the first load event of the page
	loads   sync.Once
	over    chan struct{} // closed when the visit is over
	dialogs atomic.Int64
	netLog  netLog
}

func (j *Visit) hand() hand { return hand{j.Exhibit} }

func (j *Visit) scroller() scroller { return scroller{j.Exhibit} }

func (j *Visit) waiting() waiting { return waiting{j.Exhibit, j.course} }

// New begins to record exchanges through a guard.
func New(x *exhibit.Exhibit, g *guard.Guard) *Visit {
	j := &Visit{Exhibit: x, netLog: netLog{Exhibit: x}, course: newCourse(x.Options.Now), load: make(chan struct{}), over: make(chan struct{})}
	x.BeginExchanges(g, exchange.Hooks{
		Main:   func() string { return x.Context.MainFrame() },
		Stands: func() string { v, _ := j.course.current(); return v.Loader },
		PageOf: func(string) devtools.Session { return x.Context.Opened().Session },
		Whole:  x.Clean,
	})
	return j
}

// Run runs the capture and seals whatever came of it.
func (j *Visit) Run(ctx context.Context) (evidence.Summary, error) {
	defer j.Guard.Close()
	if err := j.OpenArchives(); err != nil {
		return evidence.Summary{}, err
	}
	timed, cancel := context.WithTimeoutCause(ctx, j.Request.Limits.Time, exhibit.ErrTimeUp)
	defer cancel()
	err := j.visit(timed)
	finish, stop := context.WithTimeout(context.WithoutCancel(ctx), exhibit.FinishTime)
	defer stop()
	j.interrupted(ctx, timed, err)
	result := j.finish(finish)
	j.dispose(finish)
	if err := j.Keeper.Failure(); err != nil {
		return evidence.Summary{}, exhibit.MachineError("sink", err)
	}
	return result, nil
}

// attend notices that the browser itself is gone.
func (j *Visit) attend() {
	select {
	case <-j.Browser.Conn.Closed():
		j.Context.Lose()
	case <-j.over:
	}
}

// visit opens the page and takes everything that needs it alive. Its error says why it ended early.
func (j *Visit) visit(ctx context.Context) error {
	if err := j.openPage(ctx); err != nil {
		return err
	}
	j.watch(ctx)
	j.netLog.start(ctx)
	j.Progress.Step(capture.StepConnect, 0, 0)
	if err := j.navigate(ctx); err != nil {
		return err
	}
	j.LookUp(ctx)
	if j.Saved {
		return context.Cause(ctx) // there is no page
	}
	if j.Failed != "" {
		j.Camera.FirstView(ctx)
		return context.Cause(ctx) // what there is to see is Chrome's own page
	}
	if err := j.walk(ctx); err != nil || j.empty {
		return err
	}
	j.Camera.KeepView()
	j.Look(ctx)
	j.sameDocument(evidence.DOMHTML)
	j.Camera.Pictures(ctx)
	j.sameDocument(evidence.Screenshot)
	j.Print(ctx)
	j.sameDocument(evidence.PagePDF)
	j.judgeDocument()
	j.JudgeAppearance()
	return context.Cause(ctx)
}

// interrupted notes why a visit ended before its end, and takes what can still be had of a page that lives.
func (j *Visit) interrupted(ctx, timed context.Context, err error) {
	j.Camera.KeepSeen()
	switch {
	case err == nil:
		return
	case errors.Is(context.Cause(ctx), capture.ErrFinish):
		j.Journal.Note(evidence.ByTool, "finish", "at once, on the operator's word")
		j.Journal.Miss("capture", evidence.Said(capture.ErrFinish))
		j.lastLook(ctx)
	case ctx.Err() != nil:
		j.Cut, j.Result.Interrupted = true, true
		j.Journal.Note(evidence.ByTool, "interrupted", "%v", context.Cause(ctx))
		j.Journal.Warn(evidence.InterruptedBy.With(context.Cause(ctx)))
		j.Journal.Miss("capture", evidence.Interrupted.With())
	case timed.Err() != nil:
		j.Journal.Limit("time", evidence.LimitTime.With(j.Request.Limits.Time))
		j.Journal.Miss("capture", evidence.Unfinished.With(j.Request.Limits.Time))
		j.halt()
		j.lastLook(ctx)
	default:
		j.Cut = true
		j.Journal.Warn(evidence.Said(err))
		j.Journal.Miss("capture", evidence.Said(err))
	}
}

// lastLook takes of a page whose time is up what is quick to have and not yet there.
func (j *Visit) lastLook(ctx context.Context) {
	if j.Page == nil {
		return // time was up before there was one
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), exhibit.LastLook)
	defer cancel()
	if !j.Keeper.Has(evidence.ViewportShot) {
		j.Camera.FirstView(last)
	}
	if !j.Keeper.Has(evidence.DOMHTML) {
		j.Look(last)
	}
}

// openPage makes the browser context and its one page, and waits until the page is set up.
func (j *Visit) openPage(ctx context.Context) error {
	w := &windows{visit: j, ready: make(chan struct{})}
	if err := j.OpenContext(ctx, w, true, j.handle); err != nil {
		return err
	}
	j.work.Go(j.attend)
	_, err := devtools.Call(ctx, j.Browser.Root(), target.CreateTarget, target.CreateTargetParams{
		URL: "about:blank", BrowserContextID: j.Context.ID, Width: j.Visitor.Width, Height: j.Visitor.Height,
	})
	if err != nil {
		return err
	}
	select {
	case <-w.ready:
		j.Page = j.Context.Opened()
		j.Camera.At(j.Page)
		return j.sized(ctx)
	case <-j.Context.Gone():
		return devtools.ErrGone
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// frameTime is how long a window may take to get its size.
const frameTime = 2 * time.Second

// sized waits until the window has a size from outside: Chrome gives it a moment after the page, and a window of no height is what pages
// know machines by.
func (j *Visit) sized(ctx context.Context) error {
	wait, cancel := context.WithTimeout(ctx, frameTime)
	defer cancel()
	for {
		height, err := browsing.Eval[float64](wait, j.Page, "outerHeight")
		if err == nil && height > 0 {
			return nil
		}
		if pause := j.Page.Pause(wait, exhibit.Tick); pause != nil {
			if errors.Is(pause, devtools.ErrGone) || ctx.Err() != nil {
				return pause
			}
			j.Journal.Warn(evidence.WindowNoSize.With())
			return nil
		}
	}
}

// dispose throws the browser context away. A browser that cannot forget is not used again.
func (j *Visit) dispose(ctx context.Context) {
	if j.Context != nil && !j.Context.Dispose(ctx) {
		j.Browser.Conn.Close()
	}
	j.Browser.Serve(nil)
}

// halt stops the page's scripts.
func (j *Visit) halt() {
	if j.Page != nil {
		browsing.Halt(j.Page.Session)
	}
}

// finish seals what there is and judges it. It never gives up on account of the page.
func (j *Visit) finish(ctx context.Context) evidence.Summary {
	j.Progress.Step(capture.StepArchive, 0, 0)
	if j.Page != nil {
		j.Console.Read(ctx, j.Page, j.Browser.Conn.Through)
	}
	j.netLog.end(ctx)
	open := evidence.StillOpen.With()
	x := j.Exchanges
	x.End(open)
	j.Browser.Serve(nil)
	<-j.Browser.Conn.Through() // from here on no event starts anything new
	close(j.over)
	j.leave(ctx)
	j.Guard.Close() // what the page sends from here on, as when it is closed, reaches nobody: nobody would record it
	x.Close(open)
	j.MarkOwnHops()
	x.WarnOfSheets()
	x.WarnOfLate()
	main := x.Main()
	x.Judge()
	j.Camera.JudgePicture()
	x.Downloads.NameBeacons(x)
	j.Documents = j.course.all()
	j.Facts(ctx, main)
	j.CloseArchives()
	j.KeepRest()
	r := j.Conclude(main)
	if j.Cleaner != nil {
		j.Cleaner.Result(&r)
	}
	return r
}

// leave waits for the bodies that are under way before the rest is given up.
func (j *Visit) leave(ctx context.Context) {
	done := make(chan struct{})
	go func() {
		j.work.Wait()
		if j.Context != nil {
			j.Context.Wait()
		}
		j.Exchanges.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
		j.Browser.Conn.Close() // a browser that no longer answers; every wait ends with the connection
		<-done
	}
}
