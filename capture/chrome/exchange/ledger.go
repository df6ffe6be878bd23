package exchange

import (
	"net"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/network"

	"yuzheng/capture/archive"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/guard/wire"
	"yuzheng/casefile/evidence"
)

// Exchange is one exchange as it comes together: a request is one, a redirect one more under the same id.
type Exchange struct {
	archive.Exchange
	ID    string // of the request; "" where the wire alone knows it
	Frame string
	owner string // session of the page that asked, where it is known
	hearsay
	phase
	fate
	seenOnWire
}

// hearsay is what the browser says of an exchange beside what is archived.
type hearsay struct {
	asked      time.Duration // Chrome's monotonic clock
	extra      bool          // raw headers were announced for it
	raw        int           // of the two raw header blocks, how many are in
	rawStatus  int           // of the server, where the browser gives the page another one (304)
	length     int64         // of the decoded body, as far as told
	wire       int64         // of the body as it came, as far as told
	encoded    int64         // of all that came, at the end
	charset    string        // as the browser took it
	connection float64       // Chrome's number of the connection
	prefetched bool          // taken from what the browser had fetched ahead
	led        bool          // a redirect has led to it
	parted     bool          // an end was told after its first part
}

// phase is how far it has come.
type phase struct {
	Answered bool
	done     bool // finished, failed or redirected: nothing more will come
	body     bool // Body is settled (there, or known not to exist)
	held     bool // its request body is still to come
	sealed   bool // handed on
	stored   bool // its body is in the archive
}

// fate is what became of it.
type fate struct {
	Moved     bool            // a redirect: another exchange follows
	Download  bool            // a file to be saved
	abandoned bool            // given up by the recorder: a limit, or the end of the capture
	barred    bool            // the browser's own rules kept the answer from the page (CORS, CSP, ORB, mixed content)
	why       evidence.Remark // it was barred
	hollow    bool            // its bytes came, and the browser gave none of them
	Lost      evidence.Remark // why the body is not there
}

// seenOnWire is what the guard knows of it.
type seenOnWire struct {
	witnessed bool // it was looked for on the wire
	onWire    bool // and found: said is it
	said      wire.Exchange
}

// requestChain is everything that goes by one request id, in whichever session it is told.
type requestChain struct {
	id        string
	url       string
	sessions  []devtools.Session
	list      []*Exchange
	requests  []network.EventRequestWillBeSentExtraInfo
	responses []network.EventResponseReceivedExtraInfo
	counted   string // session whose data events are counted
}

func (t *requestChain) last() *Exchange {
	if len(t.list) == 0 {
		return nil
	}
	return t.list[len(t.list)-1]
}

func (t *requestChain) heard(s devtools.Session) {
	for _, known := range t.sessions {
		if known.ID == s.ID {
			return
		}
	}
	t.sessions = append(t.sessions, s)
}

// ledger follows every request of one capture. Its methods take events in the order in which they came.
type ledger struct {
	now   func() time.Time
	ask   func(hostPort string)                  // a host is about to be contacted
	fetch func(t *requestChain, h *Exchange)     // its body should be fetched now; ends with settle
	keep  func(h *Exchange)                      // whole: into the archive
	first func(h *Exchange, r *network.Response) // an answer has come, its connection is open

	mu      sync.Mutex
	chains  map[string]*requestChain
	order   []*Exchange
	open    map[*Exchange]time.Time
	tls     map[float64]*evidence.TLS // by connection: after a redirect Chrome tells nothing of it
	lines   map[int]*evidence.TLS     // by connection on the wire
	touched time.Time
}

func newLedger(now func() time.Time) *ledger {
	return &ledger{now: now, chains: map[string]*requestChain{}, open: map[*Exchange]time.Time{}, tls: map[float64]*evidence.TLS{}, lines: map[int]*evidence.TLS{}, touched: now()}
}

func (l *ledger) requestChain(id string) *requestChain {
	t := l.chains[id]
	if t == nil {
		t = &requestChain{id: id}
		l.chains[id] = t
	}
	return t
}

// request takes requestWillBeSent.
func (l *ledger) request(s devtools.Session, e network.EventRequestWillBeSent) {
	if !OverNetwork(e.Request.URL) {
		return
	}
	l.ask(HostPort(e.Request.URL))
	l.mu.Lock()
	t := l.requestChain(string(e.RequestID))
	t.heard(s)
	var redirected *Exchange
	if e.RedirectResponse != nil {
		redirected = t.last()
	} else if t.last() != nil {
		l.mu.Unlock()
		return // told a second time, by the session of a worker
	}
	if redirected != nil && !redirected.done {
		l.respond(redirected, e.RedirectResponse, e.RedirectHasExtraInfo)
		redirected.Moved, redirected.Elapsed = true, since(redirected, e.Timestamp.Float64())
		l.finish(redirected)
		l.fetch(t, redirected)
	}
	l.begin(t, s, e)
	t.last().led = redirected != nil
	l.match(t)
	l.mu.Unlock()
	l.offer(t)
}

func (l *ledger) begin(t *requestChain, s devtools.Session, e network.EventRequestWillBeSent) {
	h := &Exchange{Frame: string(e.FrameID), owner: s.Owner, ID: t.id, hearsay: hearsay{asked: seconds(e.Timestamp.Float64())}}
	h.URL, h.Method, h.Kind, h.Target = e.Request.URL, e.Request.Method, strings.ToLower(string(e.Type)), s.Kind
	h.Started = l.now().UTC()
	if e.WallTime > 0 {
		h.Started = time.UnixMicro(int64(e.WallTime.Float64() * 1e6)).UTC()
	}
	h.RequestHeader = Headers(e.Request.Headers)
	for _, part := range e.Request.PostDataEntries {
		h.RequestBody = append(h.RequestBody, part.Bytes...)
	}
	if e.Initiator != nil {
		h.Initiator = e.Initiator.URL
	}
	if h.Initiator == "" {
		h.Initiator = e.DocumentURL
	}
	t.url = h.URL
	t.list = append(t.list, h)
	l.order = append(l.order, h)
	l.touched = l.now()
	l.open[h] = l.touched
}

// respond fills in what an answer says. The remote address comes from the guard: Chrome sees only the proxy.
func (l *ledger) respond(h *Exchange, r *network.Response, extra bool) {
	h.Answered, h.extra = true, extra
	h.Status, h.StatusText, h.MIMEType, h.Protocol = int(r.Status), r.StatusText, r.MimeType, r.Protocol
	h.ResponseHeader = Headers(r.Headers)
	h.FromCache = r.FromDiskCache || r.FromPrefetchCache || h.FromCache
	h.ServiceWorker, h.charset, h.prefetched = r.FromServiceWorker, r.Charset, r.FromPrefetchCache
	h.connection, h.TLS = r.ConnectionID, tlsOf(r.SecurityDetails)
	if h.TLS != nil {
		l.tls[h.connection] = h.TLS
	}
	l.touched = l.now()
	l.first(h, r)
}

// response takes responseReceived. The script of a service worker may be asked for before its target is attached: its answer is
// then the first thing heard of it.
func (l *ledger) response(s devtools.Session, e network.EventResponseReceived) {
	l.mu.Lock()
	if t := l.requestChain(string(e.RequestID)); t.last() == nil && OverNetwork(e.Response.URL) {
		l.begin(t, s, network.EventRequestWillBeSent{
			Request: &network.Request{URL: e.Response.URL, Method: "GET", Headers: e.Response.RequestHeaders}, Type: e.Type, Timestamp: e.Timestamp, FrameID: e.FrameID,
		})
	}
	l.mu.Unlock()
	l.with(s, string(e.RequestID), func(_ *requestChain, h *Exchange) {
		if !h.Answered && !h.done {
			l.respond(h, e.Response, e.HasExtraInfo)
			if e.Type != "" {
				h.Kind = strings.ToLower(string(e.Type))
			}
		}
	})
}

// data takes dataReceived, from one session only.
func (l *ledger) data(s devtools.Session, e network.EventDataReceived) (h *Exchange, total int64) {
	l.with(s, string(e.RequestID), func(t *requestChain, last *Exchange) {
		if t.counted == "" {
			t.counted = s.ID
		}
		if t.counted == s.ID && !last.done {
			last.length += e.DataLength
			last.wire += e.EncodedDataLength
			h, total = last, last.length
		}
		l.touched = l.now()
	})
	return h, total
}

func (l *ledger) cached(s devtools.Session, id string) {
	l.with(s, id, func(_ *requestChain, h *Exchange) {
		if !h.sealed {
			h.FromCache = true
		}
	})
}

// finished takes loadingFinished.
func (l *ledger) finished(s devtools.Session, e network.EventLoadingFinished) {
	l.with(s, string(e.RequestID), func(t *requestChain, h *Exchange) {
		if h.done {
			return // Chrome tells the end of its own error page under the failed request's id
		}
		if h.mixed() && !h.parted {
			h.parted = true // Chrome tells an end with the second part, and another one at the end (Chromium 156)
			return
		}
		h.encoded = int64(e.EncodedDataLength)
		h.Elapsed = since(h, e.Timestamp.Float64())
		l.finish(h)
		if !h.body {
			l.fetch(t, h)
		}
	})
}

// blockedOpaque is the error of an answer that a page of another site may not have (opaque response blocking), to which Chrome gives no reason.
const blockedOpaque = "net::ERR_BLOCKED_BY_ORB"

// failed takes loadingFailed.
func (l *ledger) failed(s devtools.Session, e network.EventLoadingFailed) {
	l.with(s, string(e.RequestID), func(t *requestChain, h *Exchange) {
		if h.done || h.Download {
			return
		}
		h.Elapsed = since(h, e.Timestamp.Float64())
		reason := e.ErrorText
		switch {
		case e.BlockedReason != "":
			reason += " (" + string(e.BlockedReason) + ")"
		case e.CorsErrorStatus != nil:
			reason += " (CORS " + string(e.CorsErrorStatus.CorsError) + ")"
		}
		h.barred = e.BlockedReason != "" || e.CorsErrorStatus != nil || e.ErrorText == blockedOpaque
		if h.barred {
			h.why = evidence.SaidAs(reason)
		}
		l.finish(h)
		switch {
		case !h.Answered:
			h.Failed = reason
			l.fetch(t, h)
		case bodiless(h): // Chrome calls a picture without content a failure
			l.fetch(t, h)
		default:
			h.Lost, h.Truncated = evidence.SaidAs(reason), reason
			l.fetch(t, h)
		}
	})
}

func (l *ledger) requestExtra(s devtools.Session, e network.EventRequestWillBeSentExtraInfo) {
	l.mu.Lock()
	t := l.requestChain(string(e.RequestID))
	t.requests = append(t.requests, e)
	l.match(t)
	l.mu.Unlock()
	l.offer(t)
}

func (l *ledger) responseExtra(s devtools.Session, e network.EventResponseReceivedExtraInfo) {
	l.mu.Lock()
	t := l.requestChain(string(e.RequestID))
	t.responses = append(t.responses, e)
	l.match(t)
	l.mu.Unlock()
	l.offer(t)
}

// with runs f on the last exchange of a known request, and hands on what became whole by it.
func (l *ledger) with(s devtools.Session, id string, f func(*requestChain, *Exchange)) {
	l.mu.Lock()
	t := l.chains[id]
	if t == nil || t.last() == nil {
		l.mu.Unlock()
		return
	}
	t.heard(s)
	f(t, t.last())
	l.match(t)
	l.mu.Unlock()
	l.offer(t)
}

func (l *ledger) finish(h *Exchange) {
	h.done = true
	l.touched = l.now()
	delete(l.open, h)
}

// match gives each exchange its raw headers: the n-th pair belongs to the n-th exchange for which Chrome announced one.
func (l *ledger) match(t *requestChain) {
	n := 0
	for _, h := range t.list {
		if h.Answered && !h.extra {
			continue
		}
		if h.sealed || h.onWire {
			n++ // as it was on the wire, or in the archive as it was
			continue
		}
		h.raw = 0
		if n < len(t.requests) {
			h.RequestHeader = Headers(t.requests[n].Headers)
			h.raw++
		}
		if n < len(t.responses) {
			r := t.responses[n]
			h.ResponseHeader = Headers(r.Headers)
			if r.HeadersText != "" {
				h.ResponseHeader = headerLines(r.HeadersText)
			}
			h.rawStatus = int(r.StatusCode)
			h.raw++
		}
		n++
	}
}

// OverNetwork reports whether an address is one that goes over a network.
func OverNetwork(address string) bool {
	scheme, _, _ := strings.Cut(address, ":")
	switch strings.ToLower(scheme) {
	case "http", "https", "ws", "wss":
		return true
	}
	return false
}

// HostPort is the HOST:PORT that an address leads to.
func HostPort(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "ws": "80", "https": "443", "wss": "443"}[u.Scheme]
	}
	return net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

func since(h *Exchange, timestamp float64) time.Duration { return max(0, seconds(timestamp)-h.asked) }
