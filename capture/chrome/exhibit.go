package chrome

import (
	"context"
	"sync"
	"time"

	"yuzheng/capture"
	"yuzheng/capture/archive"
	"yuzheng/capture/chrome/browsing"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/exchange"
	"yuzheng/capture/chrome/guard"
	"yuzheng/capture/chrome/journal"
	"yuzheng/capture/chrome/keep"
	"yuzheng/capture/chrome/persona"
	"yuzheng/capture/chrome/picture"
	"yuzheng/capture/chrome/reading"
	"yuzheng/casefile/evidence"
)

// exhibit is one exhibit in the making: what is taken of one page, with all that was exchanged for it.
type exhibit struct {
	options  Options
	warm     *browsing.Browser
	progress capture.Progress
	started  time.Time
	order
	taken
	journal   *journal.Journal
	keeper    *keep.Keeper
	exchanges *exchange.Recorder
	context   *browsing.Context
	page      *browsing.Page // that is looked at; nil before it is open
	visitor   persona.Visitor
	camera    *picture.Camera
	words     *reading.Reader // of the page; nil before it is read
	console   *console
	looked    chan evidence.NetworkFacts // the look-ups under way; nil before

	segment *segment // of an interactive session, which the exhibit covers; nil in a capture
	cleaner *cleaner // of what is kept; nil where nothing was typed

	mu   sync.Mutex // guards main and the redirects of result
	main string     // address that the main document was last asked from
}

// order is what is asked for.
type order struct {
	req     evidence.Request // as it is kept
	address string           // of the page, without the account
	account *account         // that the address was given with; nil without one
	proxy   string           // as it was given, with its password
}

// taken is what came of it so far.
type taken struct {
	result    evidence.Summary
	page0     reading.Page               // what the page said
	saved     bool                       // in place of a page came a file to be saved
	failed    string                     // why there is no page, as the browser says
	documents []evidence.DocumentVersion // that stood in the window
	contacts  []evidence.Contact
	icons     []evidence.Icon
	cut       bool // ended early, and not on account of the page
}

// newExhibit has everything but the recorder of its exchanges.
func newExhibit(o Options, w *browsing.Browser, req evidence.Request, sink capture.Sink, progress capture.Progress) *exhibit {
	answering, address := newAccount(req)
	x := &exhibit{
		options: o, warm: w, order: order{req: capture.Told(req), account: answering, address: address, proxy: req.Proxy}, progress: progress,
		keeper: keep.New(sink), journal: journal.New(o.Now), visitor: persona.New(req.View, w.Version), started: o.Now().UTC(),
	}
	x.icons, x.documents = []evidence.Icon{}, []evidence.DocumentVersion{}
	if answering != nil {
		x.cleaner = answering.cleaner(x.req.URL, x.journal.Warn)
	}
	if x.cleaner != nil {
		x.keeper.Clean = x.cleaner.artifact
	}
	x.console = &console{journal: x.journal}
	x.camera = picture.New(x.journal, x.keeper, progress, o.Now, req.Limits)
	x.result = evidence.Summary{
		Schema: evidence.Schema, URL: x.req.URL, View: req.View, Started: x.started,
		Missing: []evidence.Missing{}, Redirects: []evidence.Hop{}, Warnings: []string{},
	}
	return x
}

// record begins to record exchanges through a guard.
func (x *exhibit) record(g *guard.Guard, h exchange.Hooks) {
	h.Twins = func(s devtools.Session) []devtools.Session { return x.context.Twins(s) }
	x.exchanges = exchange.New(exchange.Options{Now: x.options.Now, Limits: x.req.Limits, Guard: g, Journal: x.journal, Keeper: x.keeper}, h)
}

// part begins an exhibit of one page of the browser context in which this one takes what happens: of an interactive session.
func (x *exhibit) part(url string, s devtools.Session, seg *segment, sink capture.Sink, progress capture.Progress) *exhibit {
	req := x.req
	req.URL = url
	p := newExhibit(x.options, x.warm, req, sink, progress)
	p.context, p.visitor, p.account, p.proxy, p.segment = x.context, x.visitor, x.account, x.proxy, seg
	p.page = x.context.View(s, p.journal)
	p.camera.At(p.page)
	p.exchanges = x.exchanges.Exhibit(p.journal, p.keeper, exchange.Hooks{
		Main: func() string { return string(p.page.Frame) }, PageOf: func(string) devtools.Session { return s }, Twins: x.context.Twins, Whole: p.clean,
	})
	return p
}

// clean takes out of a whole exchange what nothing may hold.
func (x *exhibit) clean(h *exchange.Exchange) {
	if x.account != nil {
		x.account.withhold(h)
	}
	if x.cleaner != nil {
		x.cleaner.exchange(h)
	}
}

// openContext makes the browser context, with the guard as its only way out, and gives the browser's events to handle from then on.
func (x *exhibit) openContext(ctx context.Context, d browsing.Driver, asked bool, handle func(devtools.Event)) (err error) {
	x.context, err = browsing.Open(ctx, x.exchanges.Guard.Address(), browsing.Options{
		Conn: x.warm.Conn, Journal: x.journal, Visitor: x.visitor, Limits: x.req.Limits, Asked: asked, Driver: d,
	})
	if err == nil {
		x.warm.Serve(handle)
	}
	return err
}

// openArchives begins the two archives.
func (x *exhibit) openArchives() error {
	err := x.exchanges.OpenArchives(archive.Options{
		Software: x.options.Software + " " + x.warm.Product, MainURL: x.req.URL, Started: x.started,
		Description: "one page as one visitor saw it",
		Note: append([]evidence.Header{
			{Name: "browser", Value: x.warm.Product}, {Name: "view", Value: string(x.req.View)}, {Name: "http-header-user-agent", Value: x.visitor.UserAgent},
		}, x.segment.notes()...),
	}, archive.HAROptions{Software: x.options.Software, Browser: x.warm.Product, Title: x.req.URL, Started: x.started})
	if err != nil {
		return machineError("sink", err)
	}
	return nil
}
