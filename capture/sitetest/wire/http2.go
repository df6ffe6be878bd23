package wire

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

const maxFrame = 16 << 10 // what every peer takes (RFC 9113, 4.2)

var errGone = errors.New("wire: stream or connection has ended")

// conn2 is a connection that speaks HTTP/2.
type conn2 struct {
	server *Server
	conn   net.Conn
	state  *tls.ConnectionState
	number int
	framer *http2.Framer

	writing sync.Mutex // held for a frame, or for the frames of one header block
	block   bytes.Buffer
	encoder *hpack.Encoder

	mu      sync.Mutex
	changed sync.Cond
	window  int64 // what the peer takes on the whole connection
	initial int64 // what it takes on a new stream
	streams map[uint32]*stream2
	ended   bool
	running sync.WaitGroup
}

// stream2 is one request and its answer. What the peer sends for its body waits in memory.
type stream2 struct {
	conn   *conn2
	id     uint32
	ctx    context.Context
	cancel context.CancelFunc
	window int64
	dead   bool
	body   bytes.Buffer
	full   bool // the body has ended
	closed bool // our side has ended
	padded bool
	last   bool
	method string
}

func newConn2(s *Server, c net.Conn, state *tls.ConnectionState) *conn2 {
	h := &conn2{
		server: s, conn: c, state: state, number: s.Log.connected(), framer: http2.NewFramer(c, bufio.NewReader(c)),
		window: 65_535, initial: 65_535, streams: map[uint32]*stream2{},
	}
	h.changed.L = &h.mu
	h.encoder = hpack.NewEncoder(&h.block)
	h.framer.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	h.framer.MaxHeaderListSize = maxHead
	h.framer.SetMaxReadFrameSize(maxFrame)
	return h
}

func (c *conn2) serve() {
	defer c.end()
	preface := make([]byte, len(http2.ClientPreface))
	if _, err := io.ReadFull(c.conn, preface); err != nil || string(preface) != http2.ClientPreface {
		return
	}
	if c.write(func() error {
		return c.framer.WriteSettings(http2.Setting{ID: http2.SettingMaxConcurrentStreams, Val: 100}, http2.Setting{ID: http2.SettingEnableConnectProtocol, Val: 1})
	}) != nil {
		return
	}
	for {
		f, err := c.framer.ReadFrame()
		var wrong http2.StreamError
		if errors.As(err, &wrong) {
			c.drop(wrong.StreamID)
			continue
		}
		if err != nil || c.take(f) != nil {
			return
		}
	}
}

// end tells every handler that the visitor has gone, and waits for them.
func (c *conn2) end() {
	c.mu.Lock()
	c.ended = true
	for _, s := range c.streams {
		s.cancel()
	}
	c.changed.Broadcast()
	c.mu.Unlock()
	c.running.Wait()
}

func (c *conn2) write(f func() error) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	return f()
}

func (c *conn2) take(f http2.Frame) error {
	switch f := f.(type) {
	case *http2.SettingsFrame:
		return c.settings(f)
	case *http2.PingFrame:
		if !f.IsAck() {
			return c.write(func() error { return c.framer.WritePing(true, f.Data) })
		}
	case *http2.WindowUpdateFrame:
		c.enlarge(f.StreamID, int64(f.Increment))
	case *http2.RSTStreamFrame:
		c.drop(f.StreamID)
	case *http2.MetaHeadersFrame:
		c.begin(f)
	case *http2.DataFrame:
		return c.receive(f)
	}
	return nil
}

func (c *conn2) settings(f *http2.SettingsFrame) error {
	if f.IsAck() {
		return nil
	}
	if v, ok := f.Value(http2.SettingInitialWindowSize); ok {
		c.mu.Lock()
		for _, s := range c.streams {
			s.window += int64(v) - c.initial
		}
		c.initial = int64(v)
		c.changed.Broadcast()
		c.mu.Unlock()
	}
	return c.write(func() error {
		if v, ok := f.Value(http2.SettingHeaderTableSize); ok {
			c.encoder.SetMaxDynamicTableSizeLimit(v)
		}
		return c.framer.WriteSettingsAck()
	})
}

func (c *conn2) enlarge(id uint32, by int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if id == 0 {
		c.window += by
	} else if s := c.streams[id]; s != nil {
		s.window += by
	}
	c.changed.Broadcast()
}

func (c *conn2) drop(id uint32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s := c.streams[id]; s != nil {
		s.dead, s.full = true, true
		s.cancel()
	}
	c.changed.Broadcast()
}

func (c *conn2) receive(f *http2.DataFrame) error {
	data := bytes.Clone(f.Data())
	c.mu.Lock()
	if s := c.streams[f.StreamID]; s != nil {
		s.body.Write(data)
		s.full = s.full || f.StreamEnded()
	}
	c.changed.Broadcast()
	c.mu.Unlock()
	if f.Length == 0 {
		return nil
	}
	return c.write(func() error {
		return errors.Join(c.framer.WriteWindowUpdate(0, f.Length), c.framer.WriteWindowUpdate(f.StreamID, f.Length))
	})
}

// begin starts the answer to a request.
func (c *conn2) begin(f *http2.MetaHeadersFrame) {
	ctx, cancel := context.WithCancel(context.Background())
	s := &stream2{conn: c, id: f.StreamID, ctx: ctx, cancel: cancel, full: f.StreamEnded(), method: f.PseudoValue("method")}
	e := &Exchange{
		Connection: c.number, Secure: true, Protocol: HTTP2, At: time.Now().UTC(),
		Method: s.method, Host: f.PseudoValue("authority"), Target: f.PseudoValue("path"),
	}
	for _, h := range f.Fields {
		e.Request = append(e.Request, Field{Name: h.Name, Value: h.Value})
	}
	c.mu.Lock()
	s.window = c.initial
	c.streams[s.id] = s
	c.mu.Unlock()
	c.server.Log.begin(e)
	c.running.Go(func() {
		defer s.forget()
		if p := newPen(c.server.Log, e, s); !p.answer(c.server.Handler, s.request(e)) && !s.closed {
			_ = c.write(func() error { return c.framer.WriteRSTStream(s.id, http2.ErrCodeInternal) }) // the peer may have gone
		}
		if s.last {
			_ = c.write(func() error { return c.framer.WriteGoAway(s.id, http2.ErrCodeNo, nil) })
		}
	})
}

func (s *stream2) forget() {
	s.cancel()
	s.conn.mu.Lock()
	defer s.conn.mu.Unlock()
	delete(s.conn.streams, s.id)
}

// request is what a handler is given.
func (s *stream2) request(e *Exchange) *http.Request {
	r := &http.Request{
		Method: e.Method, Host: e.Host, RequestURI: e.Target, URL: &url.URL{Path: e.Target}, Header: http.Header{}, ContentLength: -1,
		Proto: "HTTP/2.0", ProtoMajor: 2, Body: s, TLS: s.conn.state, RemoteAddr: s.conn.conn.RemoteAddr().String(),
	}
	if u, err := url.ParseRequestURI(e.Target); err == nil {
		r.URL = u
	}
	for _, f := range e.Request {
		if !strings.HasPrefix(f.Name, ":") {
			r.Header.Add(f.Name, f.Value)
		}
	}
	if crumbs := r.Header["Cookie"]; len(crumbs) > 1 {
		r.Header.Set("Cookie", strings.Join(crumbs, "; ")) // RFC 9113, 8.2.3
	}
	if n, err := strconv.ParseInt(r.Header.Get("Content-Length"), 10, 64); err == nil {
		r.ContentLength = n
	}
	return r.WithContext(s.ctx)
}

// Read gives the request's body.
func (s *stream2) Read(p []byte) (int, error) {
	c := s.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	for s.body.Len() == 0 && !s.full && !c.ended {
		c.changed.Wait()
	}
	if s.body.Len() == 0 && (s.dead || c.ended && !s.full) {
		return 0, io.ErrUnexpectedEOF
	}
	return s.body.Read(p)
}

// Close implements io.Closer.
func (s *stream2) Close() error { return nil }

func (s *stream2) interim(i Interim) error { return s.headers(i.Status, i.Header, false) }

func (s *stream2) head(h head) error {
	s.padded = len(h.fields)%2 == 1
	s.last = h.given != nil && h.given.Last
	s.closed = !tunnels(h.method, h.status) && (h.empty || !bodied(h.method, h.status))
	h.sent(h.fields)
	if s.gone() {
		return errGone
	}
	return s.headers(h.status, h.fields, s.closed)
}

// gone reports whether the peer has given the stream up. One that does so with the whole answer on its way has had it all.
func (s *stream2) gone() bool {
	s.conn.mu.Lock()
	defer s.conn.mu.Unlock()
	return s.dead || s.conn.ended
}

// headers writes one header block; every second one goes on in a CONTINUATION.
func (s *stream2) headers(status int, fields []Field, end bool) error {
	c := s.conn
	return c.write(func() error {
		c.block.Reset()
		_ = c.encoder.WriteField(hpack.HeaderField{Name: ":status", Value: strconv.Itoa(status)}) // into memory
		for i, f := range fields {
			_ = c.encoder.WriteField(hpack.HeaderField{Name: strings.ToLower(f.Name), Value: f.Value, Sensitive: i%5 == 4})
		}
		return s.blocks(c.block.Bytes(), end)
	})
}

func (s *stream2) blocks(block []byte, end bool) error {
	size := maxFrame
	if s.id%4 == 1 {
		size = min(size, max(1, len(block)/2))
	}
	first := block[:min(size, len(block))]
	block = block[len(first):]
	err := s.conn.framer.WriteHeaders(http2.HeadersFrameParam{
		StreamID: s.id, BlockFragment: first, EndStream: end, EndHeaders: len(block) == 0, PadLength: uint8(s.id % 7),
	})
	for len(block) > 0 && err == nil {
		part := block[:min(size, len(block))]
		block = block[len(part):]
		err = s.conn.framer.WriteContinuation(s.id, len(block) == 0, part)
	}
	return err
}

func (s *stream2) data(b []byte) error {
	for len(b) > 0 {
		n, pad, err := s.room(len(b))
		if err != nil {
			return err
		}
		part := b[:n]
		b = b[n:]
		if err := s.conn.write(func() error { return s.conn.framer.WriteDataPadded(s.id, false, part, pad) }); err != nil {
			return err
		}
	}
	return nil
}

// room waits until the peer takes something, and reserves it: so many bytes of n, and this padding.
func (s *stream2) room(n int) (int, []byte, error) {
	const padding = 17 // and the byte that says so
	c := s.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		if s.dead || c.ended {
			return 0, nil, errGone
		}
		free := min(c.window, s.window, maxFrame)
		if s.padded && free > padding+1 {
			take := min(int64(n), free-padding-1)
			c.window, s.window = c.window-take-padding-1, s.window-take-padding-1
			return int(take), make([]byte, padding), nil
		}
		if free > 0 {
			take := min(int64(n), free)
			c.window, s.window = c.window-take, s.window-take
			return int(take), nil, nil
		}
		c.changed.Wait()
	}
}

func (s *stream2) end(trailer []Field) error {
	if s.closed {
		return nil
	}
	s.closed = true
	if s.gone() {
		return errGone
	}
	c := s.conn
	if len(trailer) == 0 {
		return c.write(func() error { return c.framer.WriteData(s.id, true, nil) })
	}
	return c.write(func() error {
		c.block.Reset()
		for _, f := range trailer {
			_ = c.encoder.WriteField(hpack.HeaderField{Name: strings.ToLower(f.Name), Value: f.Value}) // into memory
		}
		return s.blocks(c.block.Bytes(), true)
	})
}

// hijack gives the stream of a CONNECT as a connection of its own (RFC 8441, 5).
func (s *stream2) hijack() (net.Conn, *bufio.ReadWriter, error) {
	if s.method != http.MethodConnect {
		return nil, nil, http.ErrNotSupported
	}
	t := tunnel2{s.conn.conn, s}
	return t, bufio.NewReadWriter(bufio.NewReader(t), bufio.NewWriter(t)), nil
}

// tunnel2 is one stream as a connection. Deadlines are those of the connection that carries it.
type tunnel2 struct {
	net.Conn
	stream *stream2
}

// Read implements io.Reader.
func (t tunnel2) Read(p []byte) (int, error) { return t.stream.Read(p) }

// Write implements io.Writer.
func (t tunnel2) Write(p []byte) (int, error) { return len(p), t.stream.data(p) }

// Close ends the stream alone.
func (t tunnel2) Close() error { return t.stream.end(nil) }
