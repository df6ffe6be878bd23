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
	Cut     int  // after so many bytes of the body the connection (HTTP/2: the stream) ends; 0 is never
	Last    bool // the connection takes no request after this one: Connection: close, or GOAWAY
}

// ErrNotWire is returned for an answer to a visitor of another server.
var ErrNotWire = errors.New("wire: not a connection of this package")

// Send gives an answer as it is. Nothing else may be written to w.
func Send(w http.ResponseWriter, a Answer) error {
	p, ok := w.(*pen)
	if !ok {
		return ErrNotWire
	}
	for _, i := range a.Interim {
		p.interim(i)
	}
	p.log.note(func() { p.exchange.Plain = a.Plain })
	p.given = &a
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
