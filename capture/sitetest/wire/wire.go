// Package wire serves HTTP/1.1 and HTTP/2 with every byte of an answer in its own hands, and writes down what it was asked and what it sent:
// whoever recorded a visit is judged by that.
package wire

import (
	"crypto/tls"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Field is one header field as it stands on the wire: the bytes of its name and of its value, without the blanks around the value.
type Field struct {
	Name, Value string
	Line        string // HTTP/1.1: the very line to send, line end and all; empty is "Name: Value\r\n"
}

// Protocol is what a connection speaks.
type Protocol string

// The protocols.
const (
	HTTP1 Protocol = "http/1.1"
	HTTP2 Protocol = "h2"
)

// Interim is an answer before the answer (RFC 9110, 15.2).
type Interim struct {
	Status int
	Header []Field
}

// Exchange is one request and what was sent for it.
type Exchange struct {
	Connection int // in the order in which they were accepted, from 1
	Secure     bool
	Protocol   Protocol
	At         time.Time // when the request's head was there
	Method     string
	Host       string
	Target     string
	Request    []Field
	Interim    []Interim
	Status     int // 0: nothing was sent
	Reason     string
	Header     []Field
	Body       []byte // Transfer-Encoding undone, Content-Encoding not
	Trailer    []Field
	Plain      []byte // Body with Content-Encoding undone, where that is known beforehand; nil where it is not
	Whole      bool   // sent to its end, to a visitor who was still there
}

// URL is the address that was asked for.
func (e Exchange) URL() string {
	if strings.HasPrefix(e.Target, "/") {
		return e.scheme() + "://" + e.Host + e.Target
	}
	return e.Target
}

// scheme is http or https.
func (e Exchange) scheme() string {
	if e.Secure {
		return "https"
	}
	return "http"
}

// Value is the first value of a header field of the answer.
func (e Exchange) Value(name string) string { return value(e.Header, name) }

func value(list []Field, name string) string {
	for _, f := range list {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// Log is what servers were asked and what they sent.
type Log struct {
	mu          sync.Mutex
	idle        sync.Cond
	running     int
	connections int
	exchanges   []*Exchange
}

// NewLog gives an empty log.
func NewLog() *Log {
	l := new(Log)
	l.idle.L = &l.mu
	return l
}

// Exchanges gives what was asked so far, in order. It waits for what is being answered.
func (l *Log) Exchanges() []Exchange {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.running > 0 {
		l.idle.Wait()
	}
	list := make([]Exchange, len(l.exchanges))
	for i, e := range l.exchanges {
		list[i] = *e
	}
	return list
}

func (l *Log) connected() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.connections++
	return l.connections
}

func (l *Log) begin(e *Exchange) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.running++
	l.exchanges = append(l.exchanges, e)
}

// note changes an exchange that has begun.
func (l *Log) note(change func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
}

func (l *Log) end(e *Exchange, whole bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e.Whole = whole
	l.running--
	l.idle.Broadcast()
}

// Server answers on listeners until it is closed.
type Server struct {
	Handler http.Handler
	Log     *Log

	mu      sync.Mutex
	open    map[net.Conn]bool
	closed  bool
	running sync.WaitGroup
}

// Serve answers on l, in the clear or over TLS, until l is closed. A TLS listener speaks what was agreed upon, HTTP/1.1 where nothing was.
func (s *Server) Serve(l net.Listener) error {
	for {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		if s.keep(c) {
			s.running.Go(func() { s.talk(c) })
		}
	}
}

// Close ends every connection and waits for their handlers. Listeners are the caller's to close, before.
func (s *Server) Close() error {
	s.mu.Lock()
	s.closed = true
	for c := range s.open {
		_ = c.Close() // its handlers are told, and that is all it is for
	}
	s.mu.Unlock()
	s.running.Wait()
	return nil
}

// keep remembers a connection, or closes it where the server is closed already.
func (s *Server) keep(c net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		_ = c.Close()
		return false
	}
	if s.open == nil {
		s.open = map[net.Conn]bool{}
	}
	s.open[c] = true
	return true
}

func (s *Server) talk(c net.Conn) {
	defer func() {
		_ = c.Close() // closed already where the other side was first
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.open, c)
	}()
	secure, ok := c.(*tls.Conn)
	if !ok {
		newConn1(s, c, nil).serve()
		return
	}
	if secure.Handshake() != nil {
		return // nothing was asked
	}
	state := secure.ConnectionState()
	if state.NegotiatedProtocol == string(HTTP2) {
		newConn2(s, c, &state).serve()
		return
	}
	newConn1(s, c, &state).serve()
}
