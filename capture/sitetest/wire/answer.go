package wire

import (
	"errors"
	"net/http"
)

// Framing is how the end of a body is told over HTTP/1.1.
type Framing int

// The framings.
const (
	ByLength Framing = iota
	Chunked
	ByClose // the connection ends with it
	None    // no body, and no header that speaks of one
)

// Answer is an answer whose bytes are all its maker's: nothing is added to it but what its framing needs, at the end of the header.
type Answer struct {
	Interim []Interim
	Status  int
	Reason  string // HTTP/1.1; empty is none at all
	Header  []Field
	Body    []byte
	Plain   []byte // see Exchange
	Framing Framing
	Trailer []Field
	Cut     int    // after so many bytes of the body the connection (HTTP/2: the stream) ends; 0 is never
	Last    bool   // the connection takes no request after this one: Connection: close, or GOAWAY
	Literal string // HTTP/1.1: what is sent, from the first byte to the last; the other fields then say what it means
}

// literal sends an answer that is written out, and remembers what it means.
func (p *pen) literal(over *answer1, a Answer) {
	p.started, p.status = true, a.Status
	over.framing, over.last = None, a.Last
	p.log.note(func() {
		e := p.exchange
		e.Status, e.Reason, e.Header, e.Body, e.Trailer, e.Interim = a.Status, a.Reason, a.Header, a.Body, a.Trailer, a.Interim
	})
	p.keep(over.write([]byte(a.Literal)))
}

// errNotWire is returned for an answer to a visitor of another server.
var errNotWire = errors.New("wire: not a connection of this package")

// Send gives an answer as it is. Nothing else may be written to w.
func Send(w http.ResponseWriter, a Answer) error {
	p, ok := w.(*pen)
	if !ok {
		return errNotWire
	}
	p.log.note(func() { p.exchange.Plain = a.Plain })
	p.given = &a
	if over, ok := p.out.(*answer1); ok && a.Literal != "" {
		p.literal(over, a)
		return nil
	}
	for _, i := range a.Interim {
		p.interim(i)
	}
	p.start(a.Status, a.Reason, a.Header, len(a.Body) == 0 && len(a.Trailer) == 0)
	body := a.Body
	if a.Cut > 0 {
		body = body[:min(a.Cut, len(body))]
	}
	if len(body) > 0 {
		_, _ = p.Write(body) // remembered
	}
	if a.Cut > 0 {
		panic(http.ErrAbortHandler)
	}
	return nil
}
