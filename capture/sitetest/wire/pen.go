package wire

import (
	"bufio"
	"errors"
	"hash/fnv"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

// sender puts one answer on a connection. Each method returns when the bytes are with the system.
type sender interface {
	interim(i Interim) error
	head(h head) error
	data(b []byte) error
	end(trailer []Field) error
	hijack() (net.Conn, *bufio.ReadWriter, error)
}

// head is the beginning of an answer. Framing adds what it needs and tells what it has added.
type head struct {
	method string
	status int
	reason string
	fields []Field
	given  *Answer // nil for a handler's
	empty  bool    // no body follows
	sent   func(fields []Field)
}

// pen is what a handler writes an answer with; it writes down what it wrote.
type pen struct {
	log      *Log
	exchange *Exchange
	out      sender
	header   http.Header
	given    *Answer
	status   int
	started  bool
	taken    bool // the connection is the handler's own
	failed   bool
}

func newPen(l *Log, e *Exchange, out sender) *pen {
	return &pen{log: l, exchange: e, out: out, header: http.Header{}}
}

// Header implements http.ResponseWriter.
func (p *pen) Header() http.Header { return p.header }

// WriteHeader implements http.ResponseWriter.
func (p *pen) WriteHeader(status int) {
	switch {
	case p.status != 0:
	case status < 200 && status != http.StatusSwitchingProtocols:
		p.interim(Interim{status, p.fields()})
	default:
		p.status = status
		if status == http.StatusSwitchingProtocols {
			p.open(true)
		}
	}
}

// Write implements io.Writer.
func (p *pen) Write(b []byte) (int, error) {
	if p.status == 0 {
		p.WriteHeader(http.StatusOK)
	}
	if _, told := p.header["Content-Type"]; !p.started && !told && len(b) > 0 && p.header.Get("Content-Encoding") == "" {
		p.header.Set("Content-Type", http.DetectContentType(b))
	}
	p.open(false)
	if !bodied(p.exchange.Method, p.status) {
		return len(b), nil
	}
	if len(b) == 0 {
		return 0, nil
	}
	if p.keep(p.out.data(b)) {
		return 0, errors.New("wire: the visitor has gone")
	}
	p.log.note(func() { p.exchange.Body = append(p.exchange.Body, b...) })
	return len(b), nil
}

// FlushError sends what was written so far, the head at least (http.ResponseController).
func (p *pen) FlushError() error {
	if p.status == 0 {
		p.WriteHeader(http.StatusOK)
	}
	p.open(false)
	return nil
}

// Hijack implements http.Hijacker. What a handler has written of the head of a CONNECT's answer is sent before.
func (p *pen) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	if tunnels(p.exchange.Method, p.status) {
		p.open(true)
	}
	c, buffered, err := p.out.hijack()
	p.taken = err == nil
	return c, buffered, err
}

func (p *pen) interim(i Interim) {
	p.log.note(func() { p.exchange.Interim = append(p.exchange.Interim, i) })
	p.keep(p.out.interim(i))
}

// open sends the head of a handler's answer, once.
func (p *pen) open(empty bool) {
	if !p.started {
		p.start(p.status, http.StatusText(p.status), p.fields(), empty)
	}
}

func (p *pen) start(status int, reason string, fields []Field, empty bool) {
	p.started, p.status = true, status
	if p.exchange.Protocol == HTTP2 {
		reason = ""
	}
	p.keep(p.out.head(head{
		method: p.exchange.Method, status: status, reason: reason, fields: fields, given: p.given, empty: empty,
		sent: func(all []Field) {
			p.log.note(func() { p.exchange.Status, p.exchange.Reason, p.exchange.Header = status, reason, all })
		},
	}))
}

// finish ends the answer, whatever the handler has left out.
func (p *pen) finish() {
	if p.status == 0 {
		p.status = http.StatusOK
	}
	p.open(true)
	var trailer []Field
	if p.given != nil {
		trailer = p.given.Trailer
		p.log.note(func() { p.exchange.Trailer = trailer })
	}
	p.keep(p.out.end(trailer))
}

// keep remembers that something was not sent, and reports it.
func (p *pen) keep(err error) bool {
	p.failed = p.failed || err != nil
	return p.failed
}

// fields are a handler's header fields in an order and a case of this answer's own: neither that of the alphabet nor one that repeats.
func (p *pen) fields() []Field {
	var list []Field
	for name, values := range p.header {
		for _, v := range values {
			list = append(list, Field{Name: p.spelled(name), Value: v})
		}
	}
	if p.header.Get("Date") == "" {
		list = append(list, Field{Name: p.spelled("Date"), Value: time.Now().UTC().Format(http.TimeFormat)})
	}
	slices.SortStableFunc(list, func(a, b Field) int {
		return int(int64(p.dice(strings.ToLower(a.Name))) - int64(p.dice(strings.ToLower(b.Name))))
	})
	return list
}

func (p *pen) spelled(name string) string {
	switch {
	case p.exchange.Protocol == HTTP2, p.dice("")%3 == 1:
		return strings.ToLower(name)
	case p.dice("")%3 == 2:
		return strings.ToUpper(name)
	}
	return name
}

// dice is a number that depends on the address and the word alone.
func (p *pen) dice(word string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(p.exchange.Method + p.exchange.Target + word))
	return h.Sum32()
}

// tunnels reports whether an answer turns its stream into a tunnel (RFC 9110, 9.3.6).
func tunnels(method string, status int) bool {
	return method == http.MethodConnect && status >= 200 && status < 300
}

// bodied reports whether an answer can have a body (RFC 9110, 6.4.1).
func bodied(method string, status int) bool {
	return method != http.MethodHead && status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified
}

// answer runs the handler and reports whether everything was sent.
func (p *pen) answer(h http.Handler, r *http.Request) (whole bool) {
	defer func() {
		if reason := recover(); reason != nil && reason != http.ErrAbortHandler { //nolint:errorlint // as net/http compares it
			panic(reason)
		}
		p.log.end(p.exchange, whole)
	}()
	h.ServeHTTP(p, r)
	if p.taken {
		return p.status == http.StatusSwitchingProtocols || tunnels(p.exchange.Method, p.status)
	}
	p.finish()
	return !p.failed
}
