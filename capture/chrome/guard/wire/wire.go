// Package wire reads what went over the connections of a page, from a copy of their bytes: HTTP/1 and HTTP/2, in clear or under TLS whose
// keys the browser has told. It is the record's own knowledge of what a server was asked and what it said, apart from the browser's word.
//
// It only listens. Nothing is sent, held up or changed on account of it, and what it cannot read it says so.
package wire

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Field is one header field as it went over the wire: name and value with their very bytes, without the white space around a value
// (which is no part of it, RFC 9110, 5.5).
type Field struct{ Name, Value string }

// Exchange is one request and what came back for it. A Log gives copies; they do not change.
type Exchange struct {
	Host     string         // HOST:PORT that the connection was made to
	Remote   netip.AddrPort // where it led
	Line     int            // number of the connection
	Secure   bool           // under TLS
	Version  uint16         // of TLS
	Suite    uint16         // IANA's number of the cipher suite
	Protocol string         // http/1.0, http/1.1, h2

	Method, Target, Authority string
	Request                   []Field // in order; no pseudo-fields
	Sent                      []byte  // the request's body
	SentWhole                 bool    // Sent is all of it

	Status   int // 0: no answer
	Reason   string
	Response []Field
	Early    []int   // informational answers before it (RFC 9110, 15.2)
	Trailer  []Field // after the body

	Body  []byte // as it came: content coding on, transfer coding off; nil where it was not kept
	Size  int64  // how long it was
	Kept  bool   // Body is all that came
	Whole bool   // and the server had said that it was all

	Asked, Answered, Ended time.Time // of the request's head, the answer's head, the end; zero before

	Certificates [][]byte // DER, that the connection's server showed; nil after a resumed session
	number       int
}

// URL is the address that was asked for.
func (e Exchange) URL() string {
	scheme := "http"
	if e.Secure {
		scheme = "https"
	}
	if strings.Contains(e.Target, "://") {
		return e.Target
	}
	return scheme + "://" + authority(e.Authority, e.Secure) + e.Target
}

// authority is HOST[:PORT] in lower case without the scheme's own port.
func authority(a string, secure bool) string {
	own := ":80"
	if secure {
		own = ":443"
	}
	return strings.TrimSuffix(strings.ToLower(a), own)
}

// Header is the first value of a field of the answer.
func (e Exchange) Header(name string) string { return value(e.Response, name) }

func value(list []Field, name string) string {
	for _, f := range list {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// Options of a Log.
type Options struct {
	Keys *Keys // of the browser's TLS connections; nil reads clear ones only
	Body int64 // longest body that is kept; 0 is without limit
	Room int64 // what all bodies may take that nobody has taken yet
	Now  func() time.Time
}

// Log is what was seen on the connections of one capture. It is safe for concurrent use.
type Log struct {
	o  Options
	wg sync.WaitGroup

	mu     sync.Mutex
	list   []*exchange
	asks   map[string][]*exchange // by method and address
	lines  int
	room   int64
	busy   int        // directions with bytes that are not read yet
	news   *sync.Cond // with mu; busy has come to 0, or an exchange to its end
	unread map[string]string
}

// exchange is an Exchange as it comes together, under the log's lock.
type exchange struct {
	Exchange
	conn    *Tap
	claimed bool
	keep    bool // its answer's body is kept so far
	sent    bool // its request's body is kept so far
	done    bool
}

// NewLog gives an empty Log.
func NewLog(o Options) *Log {
	l := &Log{o: o, room: o.Room, unread: map[string]string{}, asks: map[string][]*exchange{}}
	l.news = sync.NewCond(&l.mu)
	return l
}

// Wait waits until all that was said on the connections is read. Each must have been ended.
func (l *Log) Wait() {
	l.wg.Wait()
}

// Idle waits until everything that has come so far was read, and no longer than patience. It reports whether that was so.
func (l *Log) Idle(patience time.Duration) bool {
	return l.await(patience, func() bool { return l.busy == 0 })
}

// Finished waits until an exchange has come to its end, and no longer than patience. It reports whether that was so.
func (l *Log) Finished(e Exchange, patience time.Duration) bool {
	return l.await(patience, func() bool { return l.list[e.number].done })
}

// await waits until something is so that is looked at under the lock.
func (l *Log) await(patience time.Duration, is func() bool) bool {
	late := false
	timer := time.AfterFunc(patience, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		late = true
		l.news.Broadcast()
	})
	defer timer.Stop()
	l.mu.Lock()
	defer l.mu.Unlock()
	for !is() && !late {
		l.news.Wait()
	}
	return is()
}

// Unread says why connections to HOST:PORT could not be read, or is empty.
func (l *Log) Unread(hostPort string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.unread[hostPort]
}

// Claim gives the exchange that a request of the browser is, and marks it so that it is given once. Of several with the same method and address the
// one with the highest mark is taken, of equal ones the first; a negative mark is never taken.
func (l *Log) Claim(method, address string, mark func(Exchange) int) (Exchange, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var best *exchange
	high := -1
	for _, e := range l.asks[method+" "+address] {
		if e.claimed {
			continue
		}
		if m := mark(e.Exchange); m > high {
			best, high = e, m
		}
	}
	if best == nil {
		return Exchange{}, false
	}
	best.claimed = true
	return best.copied(), true
}

// Answered reports whether a request with this method and address has been answered with a status.
func (l *Log) Answered(method, address string, status int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.ContainsFunc(l.asks[method+" "+address], func(e *exchange) bool { return e.Status == status })
}

// Body gives an exchange as it stands by now, and lets go of its body: the caller has it.
func (l *Log) Body(e Exchange) Exchange {
	l.mu.Lock()
	defer l.mu.Unlock()
	known := l.list[e.number]
	out := known.copied()
	out.Kept = out.Kept || !known.done && known.keep // all that has come until now
	l.release(known)
	return out
}

// Drop lets go of the body of an exchange that nobody needs.
func (l *Log) Drop(e Exchange) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.release(l.list[e.number])
}

// Rest gives the exchanges that nobody has claimed and that are wanted, in the order in which they were asked, and claims them.
func (l *Log) Rest(wanted func(Exchange) bool) []Exchange {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []Exchange
	for _, e := range l.list {
		if e.claimed || !wanted(e.Exchange) {
			continue
		}
		e.claimed = true
		out = append(out, e.copied())
		l.release(e)
	}
	return out
}

// Exchanges gives all, without their bodies.
func (l *Log) Exchanges() []Exchange {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := make([]Exchange, len(l.list))
	for i, e := range l.list {
		out[i] = e.copied()
		out[i].Body, out[i].Sent = nil, nil
	}
	return out
}

// copied is a copy that stays as it is. It is called under the log's lock.
func (e *exchange) copied() Exchange {
	out := e.Exchange
	out.Certificates = e.conn.certificates
	out.Response, out.Early, out.Trailer = slices.Clone(e.Response), slices.Clone(e.Early), slices.Clone(e.Trailer)
	return out
}

// release gives the room of a body back. It is called under the log's lock.
func (l *Log) release(e *exchange) {
	l.room += int64(len(e.Body) + len(e.Sent))
	e.Body, e.Sent = nil, nil
	e.keep, e.Kept, e.sent, e.SentWhole = false, false, false, false
}

// begin notes a request.
func (l *Log) begin(t *Tap, e Exchange) *exchange {
	t.mu.Lock()
	e.Secure, e.Version, e.Suite = t.hello.secure, t.hello.version, t.hello.suite.id
	t.mu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	e.Host, e.Remote, e.Line, e.Asked, e.number = t.host, t.remote, t.line, l.o.Now().UTC(), len(l.list)
	x := &exchange{Exchange: e, conn: t, keep: true, sent: true}
	l.list = append(l.list, x)
	key := x.Method + " " + x.URL()
	l.asks[key] = append(l.asks[key], x)
	return x
}

func (l *Log) change(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f()
}

// received adds to the body of an answer.
func (l *Log) received(e *exchange, p []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e.Size += int64(len(p))
	if !e.keep {
		return
	}
	if l.o.Body > 0 && e.Size > l.o.Body || l.room < int64(len(p)) {
		l.room += int64(len(e.Body))
		e.Body, e.keep = nil, false
		return
	}
	l.room -= int64(len(p))
	e.Body = append(e.Body, p...)
}

// asked adds to the body of a request.
func (l *Log) asked(e *exchange, p []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !e.sent {
		return
	}
	if l.o.Body > 0 && int64(len(e.Sent)+len(p)) > l.o.Body || l.room < int64(len(p)) {
		l.room += int64(len(e.Sent))
		e.Sent, e.sent = nil, false
		return
	}
	l.room -= int64(len(p))
	e.Sent = append(e.Sent, p...)
}

// announced reports whether there is a body and all of it is there that its head has announced.
func (e *exchange) announced() bool {
	n, err := strconv.ParseInt(e.Header("Content-Length"), 10, 64)
	return err == nil && n > 0 && n == e.Size
}

// end notes that nothing more comes of an answer; whole says that the server has said so. It has said so too where all came that it had announced: a
// stream of HTTP/2 may be given up before its last, empty frame (RFC 9113, 8.1.1).
func (l *Log) end(e *exchange, whole bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e.done {
		return
	}
	e.done, e.Kept, e.Whole, e.Ended = true, e.keep, e.Status != 0 && (whole || e.announced()), l.o.Now().UTC()
	l.news.Broadcast()
}
