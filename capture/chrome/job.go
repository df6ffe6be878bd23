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

	"yuzheng/capture/chrome/persona"

	"yuzheng/capture/chrome/exchange"

	"yuzheng/capture/chrome/keep"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
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
	warm      *warm
	req       evidence.Request
	progress  capture.Progress
	keeper    *keep.Keeper
	course    *course
	journal   *journal.Journal
	exchanges *exchange.Recorder
	visitor   persona.Visitor
	started   time.Time
	context   cdp.BrowserContextID

	view      []byte // the window as first seen, until it is known to be of the document that is taken
	viewError error
	taking    string // loader of the document that is taken
	empty     bool   // the browser shows nothing of it

	deaf map[string]bool // sessions of frames that give no answer

	looks    appearance
	came     map[int]bool // of what was hidden, what showed in view
	onlyHere bool         // some of it shows only while it is in the window
	foreign  bool         // frames of other sites reach below the window
	layers   []layer

	work sync.WaitGroup

	mu           sync.Mutex
	sessions     map[string]devtools.Session
	page         devtools.Session // of the page itself
	pageID       target.ID
	ready        chan struct{} // closed when the page's session is set up
	gone         chan struct{} // closed when the page's target is lost
	lost         bool
	cut          bool                        // ended early, and not on account of the page
	twin         map[string]devtools.Session // second session of a session's target
	served       bool                        // a service worker has been seen
	windows      []target.ID
	dialogs      int
	filling      filling       // what stands for the page, where that is a box or frame
	stretched    float64       // height of the window that shows all of a box that scrolls; 0 where the page itself scrolls
	load         chan struct{} // closed at the first load event of the page
	result       evidence.Summary
	page0        pageState
	over         chan struct{} // closed when the visit is over
	main         string        // address that the main document was last asked from
	console      []evidence.ConsoleLine
	consoleBytes int
	contacts     []evidence.Contact
	looked       chan evidence.NetworkFacts // the look-ups under way; nil before

	traced chan tracing.EventTracingComplete // nil where no net log was asked for
	codes  *codes
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
	Text   string
	marks  marks
	states map[cdp.FrameID]map[string][]state // of the fields of each frame in which one is not as its document says
}

// newJob has everything but the recorder of its exchanges.
func newJob(o Options, w *warm, req evidence.Request, sink capture.Sink, progress capture.Progress) *job {
	answering, address := newAccount(req)
	j := &job{
		options: o, warm: w, req: capture.Told(req), account: answering, address: address, proxy: req.Proxy, progress: progress,
		keeper: keep.New(sink), journal: journal.New(o.Now), visitor: persona.New(req.View, w.version), started: o.Now().UTC(),
		sessions: map[string]devtools.Session{}, twin: map[string]devtools.Session{},
		ready: make(chan struct{}), gone: make(chan struct{}), load: make(chan struct{}), over: make(chan struct{}), icons: []evidence.Icon{},
	}
	if answering != nil {
		j.cleaner = answering.cleaner(j)
	}
	if j.cleaner != nil {
		j.keeper.Clean = j.cleaner.artifact
	}
	j.course, j.deaf = newCourse(o.Now), map[string]bool{}
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
	j.mu.Lock()
	defer j.mu.Unlock()
	return string(j.pageID)
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
	handle := j.handle
	j.warm.handler.Store(&handle)
	j.work.Go(j.attend)
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
	case <-j.warm.conn.Closed():
		j.lose()
	case <-j.over:
	}
}

// lose ends every wait for the page.
func (j *job) lose() {
	j.mu.Lock()
	defer j.mu.Unlock()
	if !j.lost {
		j.lost = true
		close(j.gone)
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
		j.firstView(ctx)
		return context.Cause(ctx) // what there is to see is Chrome's own page
	}
	if err := j.walk(ctx); err != nil || j.empty {
		return err
	}
	j.keepView()
	j.look(ctx)
	j.sameDocument(evidence.DOMHTML)
	j.pictures(ctx)
	j.sameDocument(evidence.Screenshot)
	j.papers(ctx)
	j.sameDocument(evidence.PagePDF)
	j.judgeDocument()
	j.judgeAppearance()
	return context.Cause(ctx)
}

// interrupted notes why a visit ended before its end, and takes what can still be had of a page that lives.
func (j *job) interrupted(ctx, timed context.Context, err error) {
	if len(j.view) > 0 {
		j.keepView()
	}
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
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastLook)
	defer cancel()
	if !j.keeper.Has(evidence.ViewportShot) {
		j.firstView(last)
	}
	if !j.keeper.Has(evidence.DOMHTML) {
		j.look(last)
	}
}

func (j *job) openArchives() error {
	err := j.exchanges.OpenArchives(archive.Options{
		Software: j.options.Software + " " + j.warm.product, MainURL: j.req.URL, Started: j.started,
		Description: "one page as one visitor saw it",
		Note: append([]evidence.Header{
			{Name: "browser", Value: j.warm.product}, {Name: "view", Value: string(j.req.View)}, {Name: "http-header-user-agent", Value: j.visitor.UserAgent},
		}, j.segment.notes()...),
	}, archive.HAROptions{Software: j.options.Software, Browser: j.warm.product, Title: j.req.URL, Started: j.started})
	if err != nil {
		return machineError("sink", err)
	}
	return nil
}

// openPage makes the browser context and its one page, and waits until the page is set up.
func (j *job) openPage(ctx context.Context) error {
	if err := j.openContext(ctx); err != nil {
		return err
	}
	t, err := devtools.Call(ctx, j.warm.root(), target.CreateTarget, target.CreateTargetParams{
		URL: "about:blank", BrowserContextID: j.context, Width: j.visitor.Width, Height: j.visitor.Height,
	})
	if err != nil {
		return err
	}
	j.mu.Lock()
	j.pageID = t.TargetID
	j.mu.Unlock()
	select {
	case <-j.ready:
		return j.sized(ctx)
	case <-j.gone:
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
		height, err := eval[float64](wait, j, "outerHeight")
		if err == nil && height > 0 {
			return nil
		}
		if pause := j.pause(wait, tick); pause != nil {
			if errors.Is(pause, devtools.ErrGone) || ctx.Err() != nil {
				return pause
			}
			j.journal.Warn("the window has no size from outside")
			return nil
		}
	}
}

// openContext makes the browser context: no cookie, no cache, no history, and the guard as its only way out.
func (j *job) openContext(ctx context.Context) error {
	root := j.warm.root()
	c, err := devtools.Call(ctx, root, target.CreateBrowserContext, target.CreateBrowserContextParams{
		ProxyServer: j.exchanges.Guard.Address(), ProxyBypassList: "<-loopback>", DisposeOnDetach: ptr(true),
	})
	if err != nil {
		return err
	}
	j.mu.Lock()
	j.context = c.BrowserContextID
	j.mu.Unlock()
	_, err = devtools.Call(ctx, root, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorDeny, BrowserContextID: c.BrowserContextID, EventsEnabled: ptr(true),
	})
	return err
}

// dispose throws the browser context away, and with it everything that the page left in memory.
func (j *job) dispose(ctx context.Context) {
	if j.context == "" {
		return
	}
	_, err := devtools.Call(ctx, j.warm.root(), target.DisposeBrowserContext, target.DisposeBrowserContextParams{BrowserContextID: j.context})
	if err != nil {
		j.warm.conn.Close() // a browser that cannot forget is not used again
	}
	j.warm.handler.Store(nil)
}
