package chrome

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"yuzheng/capture/chrome/browsing"

	"yuzheng/capture/chrome/exchange"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/cdproto/tracing"

	"yuzheng/capture"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/guard"
	"yuzheng/capture/chrome/guard/wire"
	"yuzheng/casefile/evidence"
)

// finishTime is what is left for sealing after a capture was cancelled or has run out of time.
const (
	finishTime = 30 * time.Second
	lastLook   = 6 * time.Second // at a page whose time is up
)

// errTimeUp ends a capture whose time limit has passed; what was received is kept.
var errTimeUp = errors.New("time limit of the capture")

// job is one capture.
type job struct {
	*exhibit
	course *course
	taking string // loader of the document that is taken
	empty  bool   // the browser shows nothing of it

	work    sync.WaitGroup
	load    chan struct{} // closed at the first load event of the page
	loads   sync.Once
	over    chan struct{} // closed when the visit is over
	dialogs atomic.Int64
	traced  chan tracing.EventTracingComplete // nil where no net log was asked for
}

// newJob begins to record exchanges through a guard.
func newJob(x *exhibit, g *guard.Guard) *job {
	j := &job{exhibit: x, course: newCourse(x.options.Now), load: make(chan struct{}), over: make(chan struct{})}
	x.record(g, exchange.Hooks{
		Main:   func() string { return x.context.MainFrame() },
		PageOf: func(string) devtools.Session { return x.context.Opened().Session },
		Whole:  x.clean,
	})
	return j
}

// startGuard opens the page's only way to the network.
func startGuard(o Options, req evidence.Request, keys *wire.Keys) (*guard.Guard, error) {
	g := guard.Options{
		AllowPrivate: asBrowsers(req.AllowPrivate), Resolve: mappedAsBrowsers(req.Resolve), Bytes: req.Limits.Bytes, Patience: 10 * time.Second, Now: o.Now,
		Keys: keys, Body: req.Limits.Body,
	}
	if req.Lookups.Resolver != "" {
		g.Resolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, req.Lookups.Resolver)
		}}
	}
	if req.Proxy != "" {
		d, err := guard.Upstream(req.Proxy)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", capture.ErrRequest, err)
		}
		g.Dialer, g.ByName = d, true
	}
	return guard.Start(g)
}

// asBrowsers gives places as a browser asks for them. What is none was refused by Validate.
func asBrowsers(places []string) []string {
	out := make([]string, len(places))
	for i, place := range places {
		out[i], _ = capture.HostPort(place)
	}
	return out
}

func mappedAsBrowsers(places map[string]string) map[string]string {
	out := make(map[string]string, len(places))
	for place, to := range places {
		place, _ = capture.HostPort(place)
		if _, err := netip.ParseAddrPort(to); err != nil {
			to = strings.Trim(to, "[]")
		}
		out[place] = to
	}
	return out
}

// record runs the capture and seals whatever came of it.
func (j *job) record(ctx context.Context) (evidence.Summary, error) {
	defer j.exchanges.Guard.Close()
	if err := j.openArchives(); err != nil {
		return evidence.Summary{}, err
	}
	timed, cancel := context.WithTimeoutCause(ctx, j.req.Limits.Time, errTimeUp)
	defer cancel()
	err := j.visit(timed)
	finish, stop := context.WithTimeout(context.WithoutCancel(ctx), finishTime)
	defer stop()
	j.interrupted(ctx, timed, err)
	result := j.finish(finish)
	j.dispose(finish)
	if err := j.keeper.Failure(); err != nil {
		return evidence.Summary{}, machineError("sink", err)
	}
	return result, nil
}

// attend notices that the browser itself is gone.
func (j *job) attend() {
	select {
	case <-j.warm.Conn.Closed():
		j.context.Lose()
	case <-j.over:
	}
}

// visit opens the page and takes everything that needs it alive. Its error says why it ended early.
func (j *job) visit(ctx context.Context) error {
	if err := j.openPage(ctx); err != nil {
		return err
	}
	j.watch(ctx)
	j.startNetLog(ctx)
	j.progress.Step(capture.StepConnect, 0, 0)
	if err := j.navigate(ctx); err != nil {
		return err
	}
	j.lookUp(ctx)
	if j.saved {
		return context.Cause(ctx) // there is no page
	}
	if j.failed != "" {
		j.camera.FirstView(ctx)
		return context.Cause(ctx) // what there is to see is Chrome's own page
	}
	if err := j.walk(ctx); err != nil || j.empty {
		return err
	}
	j.camera.KeepView()
	j.look(ctx)
	j.sameDocument(evidence.DOMHTML)
	j.camera.Pictures(ctx)
	j.sameDocument(evidence.Screenshot)
	j.print(ctx)
	j.sameDocument(evidence.PagePDF)
	j.judgeDocument()
	j.judgeAppearance()
	return context.Cause(ctx)
}

// interrupted notes why a visit ended before its end, and takes what can still be had of a page that lives.
func (j *job) interrupted(ctx, timed context.Context, err error) {
	j.camera.KeepSeen()
	switch {
	case err == nil:
		return
	case errors.Is(context.Cause(ctx), capture.ErrFinish):
		j.journal.Note(evidence.ByTool, "finish", "at once, on the operator's word")
		j.journal.Miss("capture", capture.ErrFinish.Error())
		j.lastLook(ctx)
	case ctx.Err() != nil:
		j.cut, j.result.Interrupted = true, true
		j.journal.Note(evidence.ByTool, "interrupted", "%v", context.Cause(ctx))
		j.journal.Warn("interrupted before the end: %v", context.Cause(ctx))
		j.journal.Miss("capture", "interrupted before the end")
	case timed.Err() != nil:
		j.journal.Limit("time", "ended after %v", j.req.Limits.Time)
		j.journal.Miss("capture", fmt.Sprintf("limit: not finished within %v", j.req.Limits.Time))
		j.halt()
		j.lastLook(ctx)
	default:
		j.cut = true
		j.journal.Warn("%v", err)
		j.journal.Miss("capture", err.Error())
	}
}

// lastLook takes of a page whose time is up what is quick to have and not yet there.
func (j *job) lastLook(ctx context.Context) {
	if j.page == nil {
		return // time was up before there was one
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastLook)
	defer cancel()
	if !j.keeper.Has(evidence.ViewportShot) {
		j.camera.FirstView(last)
	}
	if !j.keeper.Has(evidence.DOMHTML) {
		j.look(last)
	}
}

// openPage makes the browser context and its one page, and waits until the page is set up.
func (j *job) openPage(ctx context.Context) error {
	w := &windows{job: j, ready: make(chan struct{})}
	if err := j.openContext(ctx, w, true, j.handle); err != nil {
		return err
	}
	j.work.Go(j.attend)
	_, err := devtools.Call(ctx, j.warm.Root(), target.CreateTarget, target.CreateTargetParams{
		URL: "about:blank", BrowserContextID: j.context.ID, Width: j.visitor.Width, Height: j.visitor.Height,
	})
	if err != nil {
		return err
	}
	select {
	case <-w.ready:
		j.page = j.context.Opened()
		j.camera.At(j.page)
		return j.sized(ctx)
	case <-j.context.Gone():
		return devtools.ErrGone
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// frameTime is how long a window may take to get its size.
const frameTime = 2 * time.Second

// sized waits until the window has a size from outside: Chrome gives it a moment after the page, and a window of no height is what pages
// know machines by.
func (j *job) sized(ctx context.Context) error {
	wait, cancel := context.WithTimeout(ctx, frameTime)
	defer cancel()
	for {
		height, err := browsing.Eval[float64](wait, j.page, "outerHeight")
		if err == nil && height > 0 {
			return nil
		}
		if pause := j.page.Pause(wait, tick); pause != nil {
			if errors.Is(pause, devtools.ErrGone) || ctx.Err() != nil {
				return pause
			}
			j.journal.Warn("the window has no size from outside")
			return nil
		}
	}
}

// dispose throws the browser context away. A browser that cannot forget is not used again.
func (j *job) dispose(ctx context.Context) {
	if j.context != nil && !j.context.Dispose(ctx) {
		j.warm.Conn.Close()
	}
	j.warm.Serve(nil)
}

// halt stops the page's scripts.
func (j *job) halt() {
	if j.page != nil {
		browsing.Halt(j.page.Session)
	}
}

// finish seals what there is and judges it. It never gives up on account of the page.
func (j *job) finish(ctx context.Context) evidence.Summary {
	j.progress.Step(capture.StepArchive, 0, 0)
	if j.page != nil {
		j.console.read(ctx, j.page, j.warm.Conn.Through)
	}
	j.endNetLog(ctx)
	const reason = "still open when the capture ended"
	x := j.exchanges
	x.End(reason)
	j.warm.Serve(nil)
	<-j.warm.Conn.Through() // from here on no event starts anything new
	close(j.over)
	j.leave(ctx)
	x.Guard.Close() // what the page sends from here on, as when it is closed, reaches nobody: nobody would record it
	x.Close(reason)
	j.ownHops()
	x.SheetsShown()
	x.HeardLate()
	main := x.Main()
	x.Judge()
	j.camera.JudgePicture()
	x.NameBeacons(x)
	j.documents = j.course.all()
	j.facts(ctx, main)
	j.closeArchives()
	j.keepRest()
	r := j.conclude(main)
	if j.cleaner != nil {
		j.cleaner.result(&r)
	}
	return r
}

// leave waits for the bodies that are under way before the rest is given up.
func (j *job) leave(ctx context.Context) {
	done := make(chan struct{})
	go func() {
		j.work.Wait()
		if j.context != nil {
			j.context.Wait()
		}
		j.exchanges.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
		j.warm.Conn.Close() // a browser that no longer answers; every wait ends with the connection
		<-done
	}
}
