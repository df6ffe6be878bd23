package chrome

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/chromedp/cdproto/network"
	"golang.org/x/sync/semaphore"

	"yuzheng/capture/archive"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/guard"
	"yuzheng/capture/chrome/guard/wire"
	"yuzheng/capture/chrome/journal"
	"yuzheng/capture/chrome/keep"
	"yuzheng/casefile/evidence"
)

// exchanges records every exchange of one capture: what the browser tells of it, set beside what the guard saw on the wire. It takes events in the order
// in which they came, fetches bodies in goroutines of its own, and hands each exchange on once, when it is whole.
type exchanges struct {
	now     func() time.Time
	limits  evidence.Limits
	guard   *guard.Guard
	journal *journal.Journal
	keeper  *keep.Keeper
	hooks   hooks

	ledger   *ledger
	chains   *chains
	archives *archives // nil where exchanges are only handed on
	beside   beside
	work     sync.WaitGroup
	slots    *semaphore.Weighted
	taken    atomic.Int64 // bytes of bodies

	unheard []*hop             // what scripts had asked for when the text was read, and had no whole answer to
	unsent  []evidence.Missing // answers that the browser kept from the page
}

// hooks are what a recorder asks of whoever knows the pages.
type hooks struct {
	main   func() string                             // id of the main frame, "" while there is none
	pageOf func(owner string) devtools.Session       // of the page that something belongs to
	twins  func(devtools.Session) []devtools.Session // further sessions of a session's target
	whole  func(*hop)                                // takes a whole exchange, before it is archived
}

// exchangeOptions of a recorder.
type exchangeOptions struct {
	Now     func() time.Time
	Limits  evidence.Limits
	Guard   *guard.Guard
	Journal *journal.Journal
	Keeper  *keep.Keeper
}

// beside is what is told beside requests.
type beside struct {
	mu        sync.Mutex
	sockets   map[string]*socket
	beacons   []beacon
	downloads map[string]bool // names taken
	streamed  map[string]bool // addresses of downloads already dealt with
	asked     map[string]bool // addresses that the tool itself asks for
}

// newExchanges begins to record. Nothing of h may call back while it holds a lock that a caller of this recorder holds.
func newExchanges(o exchangeOptions, h hooks) *exchanges {
	r := &exchanges{
		now: o.Now, limits: o.Limits, guard: o.Guard, journal: o.Journal, keeper: o.Keeper, hooks: h,
		ledger: newLedger(o.Now), chains: newChains(), slots: semaphore.NewWeighted(bodies),
		beside: beside{sockets: map[string]*socket{}, downloads: map[string]bool{}, streamed: map[string]bool{}, asked: map[string]bool{}},
	}
	r.ledger.ask, r.ledger.fetch, r.ledger.keep, r.ledger.first = o.Guard.Ask, r.fetch, r.keep, r.connected
	return r
}

// event takes an event of the network domain.
func (r *exchanges) event(s devtools.Session, e devtools.Event) {
	l, warn := r.ledger, r.journal.Warn
	switch e.Method {
	case "Network.requestWillBeSent":
		devtools.Take(warn, e, func(v network.EventRequestWillBeSent) { r.request(s, v) })
	case "Network.requestWillBeSentExtraInfo":
		devtools.Take(warn, e, func(v network.EventRequestWillBeSentExtraInfo) { l.requestExtra(s, v) })
	case "Network.responseReceived":
		devtools.Take(warn, e, func(v network.EventResponseReceived) { l.response(s, v) })
	case "Network.responseReceivedExtraInfo":
		devtools.Take(warn, e, func(v network.EventResponseReceivedExtraInfo) { l.responseExtra(s, v) })
	case "Network.requestServedFromCache":
		devtools.Take(warn, e, func(v network.EventRequestServedFromCache) { l.cached(s, string(v.RequestID)) })
	case "Network.dataReceived":
		devtools.Take(warn, e, func(v network.EventDataReceived) { r.tooLong(l.data(s, v)) })
	case "Network.loadingFinished":
		devtools.Take(warn, e, func(v network.EventLoadingFinished) { l.finished(s, v) })
	case "Network.loadingFailed":
		devtools.Take(warn, e, func(v network.EventLoadingFailed) { l.failed(s, v) })
	default:
		r.socketEvent(s, e)
	}
}

// request takes requestWillBeSent, decoded.
func (r *exchanges) request(s devtools.Session, v network.EventRequestWillBeSent) {
	r.ledger.request(s, v)
	r.postBody(s, v)
}

// keep hands on a whole exchange. It runs outside the ledger's lock.
func (r *exchanges) keep(h *hop) {
	if !h.witnessed {
		r.witness(h)
		r.ledger.mu.Lock()
		r.ledger.secure(h)
		r.ledger.mu.Unlock()
	}
	r.hooks.whole(h)
	if r.archives != nil {
		r.archives.add(h, r.isMain(h))
	}
}

// add archives an exchange that the tool itself has made, and that is whole.
func (r *exchanges) add(e archive.Exchange) {
	r.keep(&hop{Exchange: e, answered: true, done: true, body: true, sealed: true})
}

// asks says that the tool itself is about to ask for an address, as whose exchange nothing of the page's is missed.
func (r *exchanges) asks(address string) {
	r.guard.Ask(hostPort(address))
	r.beside.mu.Lock()
	defer r.beside.mu.Unlock()
	r.beside.asked[address] = true
}

func (r *exchanges) own(address string) bool {
	r.beside.mu.Lock()
	defer r.beside.mu.Unlock()
	return r.beside.asked[address]
}

// isMain reports whether an exchange is one for the main document.
func (r *exchanges) isMain(h *hop) bool { return h.Kind == "document" && h.frame == r.hooks.main() }

// quiet reports how long nothing has happened while nothing was in flight. What has been open longer than patience no longer counts.
func (r *exchanges) quiet(patience time.Duration) time.Duration { return r.ledger.quiet(patience) }

// stir begins the silence anew: something was done that may bring requests.
func (r *exchanges) stir() { r.ledger.stir() }

// end gives up what is still open, with what has come of it so far.
func (r *exchanges) end(reason string) { r.ledger.giveUp(reason) }

// close hands on everything that is left, once the browser tells nothing more, and waits until all is handed on.
func (r *exchanges) close(reason string) {
	r.ledger.close(reason)
	r.work.Wait()
	r.closeSockets()
	r.unasked(func(wire.Exchange) bool { return true })
	r.unread()
}
