// Package exchange records the exchanges of one capture: what the browser tells of its requests, set beside what the guard saw on the wire, made into the
// exchanges of an archive. It owns their state alone: events come in by Event, in the order in which they came; bodies are fetched by goroutines of its
// own; each exchange is handed on once, when it is whole, or at the end with the reason why it is not. It knows no page: what it must ask of whoever
// knows the pages are the functions of Hooks, which may be called from any goroutine and must not call back.
//
// What the wire says goes before what the browser says: headers, status, address, times and body are the wire's where it could be read (RFC 9110, 9112,
// 9113), and what was never on the wire is marked as made by the browser. A body has a limit, all bodies together have one, and the messages of one
// WebSocket (RFC 6455) have one of 16 MiB; what is beyond is named as missing.
//
// A Recorder lives as long as its capture. Close ends it: after that nothing is taken, and Judge names what is not there.
package exchange

import (
	"net/netip"
	"sync"
	"time"

	"github.com/chromedp/cdproto/network"
	"golang.org/x/sync/semaphore"

	"yuzheng/capture/archive"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/guard/wire"
	"yuzheng/capture/chrome/journal"
	"yuzheng/capture/chrome/keep"
	"yuzheng/casefile/evidence"
)

// Recorder records every exchange of one capture: what the browser tells of it, set beside what the guard saw on the wire. It takes events in the order
// in which they came, fetches bodies in goroutines of its own, and hands each exchange on once, when it is whole.
type Recorder struct {
	*core
	Downloads    *downloads
	Certificates *certificates

	bodies   *bodies
	wires    *wires
	sockets  *sockets
	archives *archives // nil where exchanges are only handed on

	mu   sync.Mutex
	ours map[string]bool // addresses that the tool itself asks for

	unheard []*Exchange        // what scripts had asked for when the text was read, and had no whole answer to
	barred  []evidence.Missing // answers that the browser kept from the page
}

// core is what every part of a recorder works with. It does not change; ledger has a lock of its own.
type core struct {
	now     func() time.Time
	limits  evidence.Limits
	network Network
	journal *journal.Journal
	keeper  *keep.Keeper
	hooks   Hooks
	ledger  *ledger
	work    sync.WaitGroup
}

// Hooks are what a recorder asks of whoever knows the pages.
type Hooks struct {
	Main   func() string                             // id of the main frame, "" while there is none
	Stands func() string                             // id of the request that the document in the main frame came with; nil or "" where it is not known
	PageOf func(owner string) devtools.Session       // of the page that something belongs to
	Twins  func(devtools.Session) []devtools.Session // further sessions of a session's target
	Whole  func(*Exchange)                           // takes a whole exchange, before it is archived
}

// Network is a page's only way to the network, and what was seen on it: a guard.Guard.
type Network interface {
	Ask(hostPort string) // a host is about to be contacted
	Wire() *wire.Log
	Remote(hostPort string) netip.AddrPort
	Reason(hostPort string) string // why a connection failed
	Received() (n int64, full bool)
	Connections() []evidence.Connection
}

// Options of a recorder.
type Options struct {
	Now     func() time.Time
	Limits  evidence.Limits
	Network Network
	Journal *journal.Journal
	Keeper  *keep.Keeper
}

// New begins to record. Nothing of h may call back while it holds a lock that a caller of this recorder holds.
func New(o Options, h Hooks) *Recorder {
	c := &core{now: o.Now, limits: o.Limits, network: o.Network, journal: o.Journal, keeper: o.Keeper, hooks: h, ledger: newLedger(o.Now)}
	r := &Recorder{
		core: c, ours: map[string]bool{},
		Downloads:    &downloads{core: c, names: map[string]bool{}, streamed: map[string]bool{}},
		Certificates: &certificates{core: c, chains: map[string][][]byte{}, errors: map[string]string{}},
	}
	r.wires = &wires{core: c, own: r.own, keep: r.keep}
	r.bodies = &bodies{core: c, wires: r.wires, slots: semaphore.NewWeighted(fetches)}
	r.sockets = &sockets{core: c, wires: r.wires, keep: r.keep, resource: r.resource, list: map[string]*socket{}}
	c.ledger.ask, c.ledger.fetch, c.ledger.keep, c.ledger.first = o.Network.Ask, r.bodies.fetch, r.keep, r.Certificates.connected
	return r
}

// Event takes an event of the network domain.
func (r *Recorder) Event(s devtools.Session, e devtools.Event) {
	l, unread := r.ledger, r.journal.Unread
	switch e.Method {
	case "Network.requestWillBeSent":
		devtools.Take(unread, e, func(v network.EventRequestWillBeSent) { r.Request(s, v) })
	case "Network.requestWillBeSentExtraInfo":
		devtools.Take(unread, e, func(v network.EventRequestWillBeSentExtraInfo) { l.requestExtra(s, v) })
	case "Network.responseReceived":
		devtools.Take(unread, e, func(v network.EventResponseReceived) { l.response(s, v) })
	case "Network.responseReceivedExtraInfo":
		devtools.Take(unread, e, func(v network.EventResponseReceivedExtraInfo) { l.responseExtra(s, v) })
	case "Network.requestServedFromCache":
		devtools.Take(unread, e, func(v network.EventRequestServedFromCache) { l.cached(s, string(v.RequestID)) })
	case "Network.dataReceived":
		devtools.Take(unread, e, func(v network.EventDataReceived) { r.bodies.tooLong(l.data(s, v)) })
	case "Network.loadingFinished":
		devtools.Take(unread, e, func(v network.EventLoadingFinished) { l.finished(s, v) })
	case "Network.loadingFailed":
		devtools.Take(unread, e, func(v network.EventLoadingFailed) { l.failed(s, v) })
	default:
		r.sockets.event(s, e)
	}
}

// Request takes requestWillBeSent, decoded.
func (r *Recorder) Request(s devtools.Session, v network.EventRequestWillBeSent) {
	r.ledger.request(s, v)
	r.bodies.postBody(s, v)
}

// keep hands on a whole exchange. It runs outside the ledger's lock.
func (r *Recorder) keep(h *Exchange) {
	if !h.witnessed {
		r.wires.witness(h)
		r.ledger.mu.Lock()
		r.ledger.secure(h)
		r.ledger.mu.Unlock()
	}
	r.hooks.Whole(h)
	if r.archives != nil {
		r.archives.add(h, r.isMain(h))
	}
}

// Add archives an exchange that the tool itself has made, and that is whole.
func (r *Recorder) Add(e archive.Exchange) {
	r.keep(&Exchange{Exchange: e, phase: phase{Answered: true, done: true, body: true, sealed: true}})
}

// Asks says that the tool itself is about to ask for an address, as whose exchange nothing of the page's is missed.
func (r *Recorder) Asks(address string) {
	r.network.Ask(HostPort(address))
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ours[address] = true
}

func (r *Recorder) own(address string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ours[address]
}

// isMain reports whether an exchange is one for the main document.
func (r *Recorder) isMain(h *Exchange) bool { return h.Kind == "document" && h.Frame == r.hooks.Main() }

// Quiet reports how long nothing has happened while nothing was in flight. What has been open longer than patience no longer counts.
func (r *Recorder) Quiet(patience time.Duration) time.Duration { return r.ledger.quiet(patience) }

// Stir begins the silence anew: something was done that may bring requests.
func (r *Recorder) Stir() { r.ledger.stir() }

// End gives up what is still open, with what has come of it so far.
func (r *Recorder) End(reason evidence.Remark) { r.ledger.giveUp(reason) }

// Close hands on everything that is left, once the browser tells nothing more, and waits until all is handed on.
func (r *Recorder) Close(reason evidence.Remark) {
	r.ledger.close(reason)
	r.work.Wait()
	r.sockets.close()
	r.RecordSilent(func(wire.Exchange) bool { return true })
}

// Wait waits for the bodies that are being fetched.
func (r *Recorder) Wait() { r.work.Wait() }

// RecordSilent records those wanted of the exchanges that only the wire knows, and warns of connections that could not be read.
func (r *Recorder) RecordSilent(wanted func(wire.Exchange) bool) {
	r.wires.unasked(wanted)
	r.wires.unread()
}

// Takes counts n bytes as taken, and reports whether there is room for them.
func (r *Recorder) Takes(n int64) bool { return r.bodies.takes(n) }

// Emptied says that what was taken has been handed on: there is room again.
func (r *Recorder) Emptied() { r.bodies.taken.Store(0) }

// MoveSockets gives what WebSockets have said so far to another recorder, each with its handshake. Clean may change what was said.
func (r *Recorder) MoveSockets(to *Recorder, clean func(address string, list []evidence.SocketMessage)) {
	r.sockets.move(to.sockets, clean)
}
