package chrome

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"yuzheng/capture/chrome/picture"

	"yuzheng/capture/chrome/reading"

	"yuzheng/capture/chrome/browsing"

	"yuzheng/capture/chrome/persona"

	"yuzheng/capture/chrome/exchange"

	"yuzheng/capture/chrome/keep"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/cdproto/tracing"

	"yuzheng/capture"
	"yuzheng/capture/archive"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/guard"
	"yuzheng/capture/chrome/guard/wire"
	"yuzheng/capture/chrome/journal"
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
	options   Options
	warm      *browsing.Browser
	req       evidence.Request
	progress  capture.Progress
	keeper    *keep.Keeper
	course    *course
	journal   *journal.Journal
	exchanges *exchange.Recorder
	visitor   persona.Visitor
	started   time.Time
	context   *browsing.Context

	taking string // loader of the document that is taken
	empty  bool   // the browser shows nothing of it

	work sync.WaitGroup

	mu           sync.Mutex
	page         *browsing.Page // that is looked at; nil before it is open
	cut          bool           // ended early, and not on account of the page
	dialogs      int
	load         chan struct{} // closed at the first load event of the page
	result       evidence.Summary
	page0        pageState
	camera       *picture.Camera
	words        *reading.Reader // of the page; nil before it is read
	over         chan struct{}   // closed when the visit is over
	main         string          // address that the main document was last asked from
	console      []evidence.ConsoleLine
	consoleBytes int
	contacts     []evidence.Contact
	looked       chan evidence.NetworkFacts // the look-ups under way; nil before

	traced chan tracing.EventTracingComplete // nil where no net log was asked for
	icons  []evidence.Icon

	sitting *sitting // for which a person's browser is recorded; nil in a capture without one
	segment *segment // of a sitting, which the exhibit covers
	cleaner *cleaner // of what is kept; nil where nothing was typed
	account *account // that the address was given with; nil without one
	address string   // of the page, without the account
	proxy   string   // as it was given, with its password
}

// pageState is what the page was when it had settled.
type pageState struct {
	evidence.Page
	Text  string
	marks marks
}

// newJob has everything but the recorder of its exchanges.
func newJob(o Options, w *browsing.Browser, req evidence.Request, sink capture.Sink, progress capture.Progress) *job {
	answering, address := newAccount(req)
	j := &job{
		options: o, warm: w, req: capture.Told(req), account: answering, address: address, proxy: req.Proxy, progress: progress,
		keeper: keep.New(sink), journal: journal.New(o.Now), visitor: persona.New(req.View, w.Version), started: o.Now().UTC(),
		load: make(chan struct{}), over: make(chan struct{}), icons: []evidence.Icon{},
	}
	if answering != nil {
		j.cleaner = answering.cleaner(j)
	}
	if j.cleaner != nil {
		j.keeper.Clean = j.cleaner.artifact
	}
	j.course = newCourse(o.Now)
	j.camera = picture.New(j.journal, j.keeper, progress, o.Now, req.Limits)
	j.result = evidence.Summary{
		Schema: evidence.Schema, URL: j.req.URL, View: req.View, Started: j.started,
		Missing: []evidence.Missing{}, Redirects: []evidence.Hop{}, Warnings: []string{},
	}
	return j
}

// records begins to record exchanges through a guard.
func (j *job) records(g *guard.Guard, whole func(*exchange.Exchange)) {
	j.exchanges = exchange.New(exchange.Options{Now: j.options.Now, Limits: j.req.Limits, Guard: g, Journal: j.journal, Keeper: j.keeper}, j.hooks(whole))
}

// hooks are what the recorder of exchanges asks of a job.
func (j *job) hooks(whole func(*exchange.Exchange)) exchange.Hooks {
	return exchange.Hooks{Main: j.mainFrame, PageOf: j.pageOf, Twins: j.twins, Whole: whole}
}

// mainFrame is the id of the page's main frame, "" while there is none.
func (j *job) mainFrame() string {
	switch {
	case j.segment != nil:
		return string(j.page.Frame)
	case j.context == nil:
		return ""
	}
	return j.context.MainFrame()
}

// twins are the further sessions of a session's target.
func (j *job) twins(s devtools.Session) []devtools.Session { return j.context.Twins(s) }

// pageOf is the session of the page that something belongs to.
func (j *job) pageOf(owner string) devtools.Session {
	if j.sitting != nil {
		return j.sitting.pageOf(owner)
	}
	return j.context.Opened().Session
}

// clean takes out of a whole exchange what nothing may hold.
func (j *job) clean(h *exchange.Exchange) {
	if j.account != nil {
		j.account.withhold(h)
	}
	if j.cleaner != nil {
		j.cleaner.exchange(h)
	}
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
	if j.page0.marks.isDownload {
		return context.Cause(ctx) // there is no page
	}
	if j.page0.marks.netError != "" {
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

func (j *job) openArchives() error {
	err := j.exchanges.OpenArchives(archive.Options{
		Software: j.options.Software + " " + j.warm.Product, MainURL: j.req.URL, Started: j.started,
		Description: "one page as one visitor saw it",
		Note: append([]evidence.Header{
			{Name: "browser", Value: j.warm.Product}, {Name: "view", Value: string(j.req.View)}, {Name: "http-header-user-agent", Value: j.visitor.UserAgent},
		}, j.segment.notes()...),
	}, archive.HAROptions{Software: j.options.Software, Browser: j.warm.Product, Title: j.req.URL, Started: j.started})
	if err != nil {
		return machineError("sink", err)
	}
	return nil
}

// openPage makes the browser context and its one page, and waits until the page is set up.
func (j *job) openPage(ctx context.Context) error {
	w := &windows{job: j, ready: make(chan struct{})}
	if err := j.openContext(ctx, w, true); err != nil {
		return err
	}
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

// openContext makes the browser context, with the guard as its only way out, and takes the browser's events from then on.
func (j *job) openContext(ctx context.Context, d browsing.Driver, asked bool) (err error) {
	j.context, err = browsing.Open(ctx, j.exchanges.Guard.Address(), browsing.Options{
		Conn: j.warm.Conn, Journal: j.journal, Visitor: j.visitor, Limits: j.req.Limits, Asked: asked, Driver: d,
	})
	if err != nil {
		return err
	}
	handle := j.handle
	j.warm.Serve(handle)
	j.work.Go(j.attend)
	return nil
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
