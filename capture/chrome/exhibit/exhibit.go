// Package exhibit makes one exhibit out of one page and what was exchanged for it: it looks at the page (words, pictures, prints, cookies, icons), looks up what
// the network says of its host, closes the archives, takes out what nothing may hold, judges, and writes capture.json. A visit makes one; an interactive
// session begins a part of its own for each. It does not know how the page came to be as it is.
//
// An Exhibit is used by one goroutine, but for Asked and Clean, which come with events, and for the consoles. FinishTime bounds what is done after a capture
// was cancelled or has run out of time.
package exhibit

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/chromedp/cdproto/network"

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
	"yuzheng/capture/chrome/report"
	"yuzheng/capture/netfacts"
	"yuzheng/casefile/evidence"
)

// Options are the same for all exhibits of a recorder.
type Options struct {
	Software   string // name and version of the program, written into the archive
	Now        func() time.Time
	Blocked    report.Blocked
	Networks   *netfacts.ASNTable // to whom addresses belong; nil knows none
	Inspectors []string           // words in the issuers of products that open connections in between
}

// Exhibit is one exhibit in the making: what is taken of one page, with all that was exchanged for it.
type Exhibit struct {
	Options  Options
	Browser  *browsing.Browser
	Progress capture.Progress
	order
	taken
	Journal   *journal.Journal
	Keeper    *keep.Keeper
	Exchanges *exchange.Recorder
	Guard     *guard.Guard
	Context   *browsing.Context
	Page      *browsing.Page // that is looked at; nil before it is open
	Visitor   persona.Visitor
	Camera    *picture.Camera
	Reader    *reading.Reader // of the page; nil before it is read
	Console   *console
	looked    chan evidence.NetworkFacts // the look-ups under way; nil before

	Segment *Segment // of an interactive session, which the exhibit covers; nil in a capture
	Cleaner *Cleaner // of what is kept; nil where nothing was typed

	mu   sync.Mutex // guards Main and the redirects of Result while events come
	Main string     // address that the main document was last asked from
}

// order is what is asked for.
type order struct {
	Request evidence.Request // as it is kept
	Address string           // of the page, without the account
	Account *account         // that the address was given with; nil without one
	started time.Time        // of the exhibit
	proxy   string           // as it was given, with its password
}

// taken is what came of it so far.
type taken struct {
	Result    evidence.Summary
	Says      reading.Page               // what the page said
	Saved     bool                       // in place of a page came a file to be saved
	Failed    string                     // why there is no page, as the browser says
	Documents []evidence.DocumentVersion // that stood in the window
	Contacts  []evidence.Contact
	icons     []evidence.Icon
	Cut       bool // ended early, and not on account of the page
}

// New has everything but the recorder of its exchanges.
func New(o Options, w *browsing.Browser, req evidence.Request, sink capture.Sink, progress capture.Progress) *Exhibit {
	answering, address := newAccount(req)
	x := &Exhibit{
		Options: o, Browser: w, order: order{Request: capture.Told(req), Account: answering, Address: address, proxy: req.Proxy, started: o.Now().UTC()}, Progress: progress,
		Keeper: keep.New(sink), Journal: journal.New(o.Now), Visitor: persona.New(req.View, w.Version),
	}
	x.icons, x.Documents = []evidence.Icon{}, []evidence.DocumentVersion{}
	if answering != nil {
		x.Cleaner = answering.cleaner(x.Request.URL, x.Journal.Warn)
	}
	if x.Cleaner != nil {
		x.Keeper.Clean = x.Cleaner.Artifact
	}
	x.Console = &console{journal: x.Journal}
	x.Camera = picture.New(x.Journal, x.Keeper, progress, o.Now, req.Limits)
	x.Result = evidence.Summary{
		Schema: evidence.Schema, URL: x.Request.URL, View: req.View, Started: x.started,
		Missing: []evidence.Missing{}, Redirects: []evidence.Hop{}, Cautions: evidence.Cautions{Warnings: []string{}},
	}
	return x
}

// BeginExchanges begins to record exchanges through a guard.
func (x *Exhibit) BeginExchanges(g *guard.Guard, h exchange.Hooks) {
	h.Twins = func(s devtools.Session) []devtools.Session { return x.Context.Twins(s) }
	x.Guard = g
	x.Exchanges = exchange.New(exchange.Options{Now: x.Options.Now, Limits: x.Request.Limits, Network: g, Journal: x.Journal, Keeper: x.Keeper}, h)
}

// Part begins an exhibit of one page of the browser context in which this one takes what happens: of an interactive session.
func (x *Exhibit) Part(url string, s devtools.Session, seg *Segment, sink capture.Sink, progress capture.Progress) *Exhibit {
	req := x.Request
	req.URL = url
	p := New(x.Options, x.Browser, req, sink, progress)
	p.Guard = x.Guard
	p.Context, p.Visitor, p.Account, p.proxy, p.Segment = x.Context, x.Visitor, x.Account, x.proxy, seg
	p.Page = x.Context.View(s, p.Journal)
	p.Camera.At(p.Page)
	p.Exchanges = x.Exchanges.ForExhibit(p.Journal, p.Keeper, exchange.Hooks{
		Main: func() string { return string(p.Page.Frame) }, PageOf: func(string) devtools.Session { return s }, Twins: x.Context.Twins, Whole: p.Clean,
	})
	return p
}

// Clean takes out of a whole exchange what nothing may hold.
func (x *Exhibit) Clean(h *exchange.Exchange) {
	if x.Account != nil {
		x.Account.withhold(h)
	}
	if x.Cleaner != nil {
		x.Cleaner.exchange(h)
	}
}

// OpenContext makes the browser context, with the guard as its only way out, and gives the browser's events to handle from then on.
func (x *Exhibit) OpenContext(ctx context.Context, d browsing.Driver, asked bool, handle func(devtools.Event)) (err error) {
	x.Context, err = browsing.Open(ctx, x.Guard.Address(), browsing.Options{
		Conn: x.Browser.Conn, Journal: x.Journal, Visitor: x.Visitor, Limits: x.Request.Limits, Asked: asked, Driver: d,
	})
	if err == nil {
		x.Browser.Serve(handle)
	}
	return err
}

// OpenArchives begins the two archives.
func (x *Exhibit) OpenArchives() error {
	err := x.Exchanges.OpenArchives(archive.Options{
		Software: x.Options.Software + " " + x.Browser.Product, MainURL: x.Request.URL, Started: x.started,
		Description: "one page as one visitor saw it",
		Note: append([]evidence.Header{
			{Name: "browser", Value: x.Browser.Product}, {Name: "view", Value: string(x.Request.View)}, {Name: "http-header-user-agent", Value: x.Visitor.UserAgent},
		}, x.Segment.notes()...),
	}, archive.HAROptions{Software: x.Options.Software, Browser: x.Browser.Product, Title: x.Request.URL, Started: x.started})
	if err != nil {
		return MachineError("sink", err)
	}
	return nil
}

// Segment is what an exhibit of a session covers: everything between two exhibits, and one page as it was at the end.
type Segment struct {
	evidence.Segment
	Shown bool // the page shows a typed password
}

// told is the segment as capture.json has it; nil in a capture without one.
func (g *Segment) told() *evidence.Segment {
	if g == nil {
		return nil
	}
	return &g.Segment
}

// notes are what the archive of an exhibit says of itself because it is one of a session.
func (g *Segment) notes() []evidence.Header {
	if g == nil {
		return nil
	}
	return []evidence.Header{{Name: "exchanges-since", Value: g.Since.Format(time.RFC3339Nano)}, {Name: "typed-passwords", Value: g.Typed}}
}

// FinishTime is what is left for sealing after a capture was cancelled or has run out of time.
const (
	FinishTime = 30 * time.Second
	LastLook   = 6 * time.Second // at a page whose time is up
)

// ErrTimeUp ends a capture whose time limit has passed; what was received is kept.
var ErrTimeUp = errors.New("time limit of the capture")

// MachineError is a failure that is not the page's doing.
func MachineError(what string, err error) error { return fmt.Errorf("record: %s: %w", what, err) }

// Asked notes the address that the main document is asked from, and what has led there: a redirect of its server, or the page itself (status 0). It gives how
// often the document has been led on so far.
func (x *Exhibit) Asked(e network.EventRequestWillBeSent) (redirects int) {
	status := x.Exchanges.StatusOf(x.LastAddress())
	x.mu.Lock()
	defer x.mu.Unlock()
	if e.RedirectResponse != nil {
		x.Result.Redirects = append(x.Result.Redirects, ServerHop(e))
	} else if x.Main != "" && x.Main != e.Request.URL {
		x.Result.Redirects = append(x.Result.Redirects, evidence.Hop{URL: x.Main, Status: status, To: e.Request.URL, By: evidence.LedByPage})
	}
	x.Main = e.Request.URL
	return len(x.Result.Redirects)
}

// ServerHop is a redirect that a server sent.
func ServerHop(e network.EventRequestWillBeSent) evidence.Hop {
	return evidence.Hop{URL: e.RedirectResponse.URL, Status: int(e.RedirectResponse.Status), To: e.Request.URL, By: evidence.LedByServer}
}
