package wire

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// maxHead bounds the head of a request.
const maxHead = 4 << 20

var errNoHead = errors.New("wire: no head of a request")

// conn1 is a connection that speaks HTTP/1.1.
type conn1 struct {
	server *Server
	conn   net.Conn
	state  *tls.ConnectionState
	number int
	in     *bufio.Reader
	taken  bool // hijacked
}

func newConn1(s *Server, c net.Conn, state *tls.ConnectionState) *conn1 {
	return &conn1{server: s, conn: c, state: state, number: s.Log.connected(), in: bufio.NewReaderSize(c, maxHead)}
}

func (c *conn1) serve() {
	for c.one() && !c.taken {
	}
}

// one answers one request and reports whether another may follow.
func (c *conn1) one() bool {
	raw, err := c.rawHead()
	if err != nil {
		return false
	}
	r, err := http.ReadRequest(c.in)
	if err != nil {
		return false
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	r = r.WithContext(ctx)
	r.RemoteAddr, r.TLS = c.conn.RemoteAddr().String(), c.state
	e := &Exchange{
		Connection: c.number, Secure: c.state != nil, Protocol: HTTP1, At: time.Now().UTC(),
		Method: r.Method, Host: r.Host, Target: r.RequestURI, Request: raw,
	}
	c.server.Log.begin(e)
	a := &answer1{conn: c, request: r, watch: &watch{in: c.in, cancel: cancel}}
	body := r.Body
	r.Body = a.watch.over(body)
	whole := newPen(c.server.Log, e, a).answer(c.server.Handler, r)
	if c.taken {
		return false
	}
	if !whole && !a.ended { // the handler gave up in the middle
		reset(c.conn)
		return false
	}
	if a.last {
		return false
	}
	_, _ = io.Copy(io.Discard, body) // what nobody read; an error ends the next head
	a.watch.wait()
	return true
}

// rawHead looks at the head of the next request without taking it.
func (c *conn1) rawHead() ([]Field, error) {
	for n := 1; ; {
		if _, err := c.in.Peek(n); err != nil {
			return nil, err
		}
		seen, _ := c.in.Peek(c.in.Buffered())
		if text, _, ok := bytes.Cut(seen, []byte("\r\n\r\n")); ok {
			return fieldsOf(string(text)), nil
		}
		if n = len(seen) + 1; n > maxHead {
			return nil, errNoHead
		}
	}
}

func fieldsOf(text string) []Field {
	var list []Field
	for i, line := range strings.Split(text, "\r\n") {
		if name, v, ok := strings.Cut(line, ":"); ok && i > 0 {
			list = append(list, Field{Name: name, Value: strings.Trim(v, " \t")})
		}
	}
	return list
}

// reset ends a connection as a machine that is switched off does not, and one that breaks does.
func reset(c net.Conn) {
	inner := c
	if t, ok := c.(*tls.Conn); ok {
		inner = t.NetConn()
	}
	if tcp, ok := inner.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // without it the end is orderly, which is an end too
	}
	_ = inner.Close()
}

// watch cancels a request when its visitor leaves. It looks at the connection once the request's body is through.
type watch struct {
	in      *bufio.Reader
	cancel  func()
	started bool
	stopped atomic.Bool // it is for the handler to look
	done    chan struct{}
}

type watched struct {
	io.ReadCloser
	through func()
}

func (b watched) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) {
		b.through()
	}
	return n, err
}

func (w *watch) over(body io.ReadCloser) io.ReadCloser {
	if body == http.NoBody {
		w.start()
		return body
	}
	return watched{body, w.start}
}

func (w *watch) start() {
	if w.started {
		return
	}
	w.started, w.done = true, make(chan struct{})
	go func() {
		defer close(w.done)
		if _, err := w.in.Peek(1); err != nil && !w.stopped.Load() {
			w.cancel()
		}
	}()
}

// wait ends the watch: at the next request, or at the end of the connection.
func (w *watch) wait() {
	if w.started {
		<-w.done
	}
}

// stop ends the watch without either.
func (w *watch) stop(c net.Conn) {
	if !w.started {
		return
	}
	w.stopped.Store(true)
	_ = c.SetReadDeadline(time.Unix(1, 0)) // a closed connection ends it too
	<-w.done
	_ = c.SetReadDeadline(time.Time{})
}

// answer1 is one answer over HTTP/1.1.
type answer1 struct {
	conn    *conn1
	request *http.Request
	watch   *watch
	framing Framing
	last    bool
	ended   bool
}

func (a *answer1) interim(i Interim) error {
	return a.write(headBytes(i.Status, http.StatusText(i.Status), i.Header))
}

func (a *answer1) head(h head) error {
	fields := a.frame(h)
	h.sent(fields)
	return a.write(headBytes(h.status, h.reason, fields))
}

// frame settles how the end of the body is told.
func (a *answer1) frame(h head) []Field {
	fields := h.fields
	switch {
	case h.given != nil:
		a.framing = h.given.Framing
		if a.framing == ByLength && value(fields, "Content-Length") == "" && bodied(http.MethodGet, h.status) {
			fields = append(fields[:len(fields):len(fields)], Field{Name: "Content-Length", Value: strconv.Itoa(len(h.given.Body))})
		}
	case !bodied(h.method, h.status):
		a.framing = None
	case value(fields, "Content-Length") != "":
		a.framing = ByLength
	case h.empty:
		fields = append(fields, Field{Name: "Content-Length", Value: "0"})
	case len(h.fields)%4 == 3:
		a.framing = ByClose
	default:
		a.framing = Chunked
	}
	if a.framing == Chunked {
		fields = append(fields[:len(fields):len(fields)], Field{Name: "Transfer-Encoding", Value: "chunked"})
	}
	if a.framing == ByClose || h.given != nil && h.given.Last {
		a.last = true
		fields = append(fields[:len(fields):len(fields)], Field{Name: "connection", Value: "close"})
	}
	return fields
}

func headBytes(status int, reason string, fields []Field) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/1.1 %03d", status)
	if reason != "" {
		b.WriteString(" " + reason)
	}
	b.WriteString("\r\n")
	for _, f := range fields {
		if f.Line != "" {
			b.WriteString(f.Line)
			continue
		}
		b.WriteString(f.Name + ": " + f.Value + "\r\n")
	}
	b.WriteString("\r\n")
	return b.Bytes()
}

func (a *answer1) data(b []byte) error {
	if a.framing != Chunked {
		return a.write(b)
	}
	return a.write(append(append(fmt.Appendf(nil, "%x;last=no\r\n", len(b)), b...), "\r\n"...))
}

func (a *answer1) end(trailer []Field) error {
	a.ended = true
	if a.framing != Chunked || a.request.Method == http.MethodHead {
		return nil
	}
	var b bytes.Buffer
	b.WriteString("0\r\n")
	for _, f := range trailer {
		b.WriteString(f.Name + ": " + f.Value + "\r\n")
	}
	b.WriteString("\r\n")
	return a.write(b.Bytes())
}

// write sends bytes to a visitor who is still there. One who leaves with the last of them in hand has had a whole answer.
func (a *answer1) write(b []byte) error {
	if err := a.request.Context().Err(); err != nil {
		return err
	}
	_, err := a.conn.conn.Write(b)
	return err
}

func (a *answer1) hijack() (net.Conn, *bufio.ReadWriter, error) {
	a.watch.stop(a.conn.conn)
	a.conn.taken, a.ended = true, true
	return a.conn.conn, bufio.NewReadWriter(a.conn.in, bufio.NewWriter(a.conn.conn)), nil
}
