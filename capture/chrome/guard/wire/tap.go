package wire

import (
	"bufio"
	"errors"
	"io"
	"net/netip"
	"sync"
)

// Tap listens to one connection: it is told the bytes of both directions as they pass.
type Tap struct {
	log    *Log
	line   int
	host   string
	remote netip.AddrPort
	up     *stream // from the browser
	down   *stream // from the server

	mu     sync.Mutex
	news   *sync.Cond // with mu: something below has changed
	hello  hello
	kind   protocol
	queue  []*exchange          // HTTP/1: asked and not yet answered
	open   map[uint32]*exchange // HTTP/2: by stream
	newest uint32               // of the streams in open so far
	ended  bool                 // nothing more will be asked
	silent bool                 // nothing more will be said

	certificates [][]byte // under the log's lock
}

// protocol is what a connection speaks above TLS.
type protocol int

const (
	unknown protocol = iota
	http1
	http2
)

// Open begins to listen to a connection.
func (l *Log) Open(hostPort string, remote netip.AddrPort) *Tap {
	t := &Tap{log: l, host: hostPort, remote: remote, up: newStream(l), down: newStream(l), open: map[uint32]*exchange{}}
	t.news = sync.NewCond(&t.mu)
	l.change(func() { l.lines++; t.line = l.lines })
	l.wg.Go(func() {
		var both sync.WaitGroup
		both.Go(t.readUp)
		both.Go(t.readDown)
		both.Wait()
		t.closeAll()
	})
	return t
}

// Sent is told what the browser sends.
func (t *Tap) Sent(p []byte) { t.up.feed(p) }

// Received is told what the server sends.
func (t *Tap) Received(p []byte) { t.down.feed(p) }

// Finished is told that the server has ended its side.
func (t *Tap) Finished() { t.down.end(io.EOF) }

// End is told that the connection has ended.
func (t *Tap) End() {
	t.up.end(io.EOF)
	t.down.end(io.ErrUnexpectedEOF)
}

var (
	errUpgraded = errors.New("another protocol")
	errNoKeys   = errors.New("the browser told no keys of this connection")
)

// readUp reads what the browser asks, until it ends or cannot be read.
func (t *Tap) readUp() {
	defer t.up.leave()
	defer t.tell(func() { t.ended = true; t.hello.gone = true })
	in := bufio.NewReaderSize(t.up, buffered)
	first, err := in.Peek(1)
	if err != nil {
		return
	}
	secure := first[0] == recordHandshake
	t.tell(func() { t.hello.secure, t.hello.looked = secure, true })
	if secure {
		in = bufio.NewReaderSize(&plain{tap: t, in: in, client: true}, buffered)
	}
	t.fail(t.requests(in))
}

// readDown reads what the server says.
func (t *Tap) readDown() {
	defer t.down.leave()
	defer t.tell(func() { t.silent = true })
	in := bufio.NewReaderSize(t.down, buffered)
	if _, err := in.Peek(1); err != nil {
		return
	}
	secure, err := t.protected()
	if err != nil {
		return
	}
	if secure {
		in = bufio.NewReaderSize(&plain{tap: t, in: in}, buffered)
	}
	if _, err := in.Peek(1); err != nil {
		t.fail(err)
		return
	}
	switch t.spoken() {
	case http2:
		t.fail(t.frames(in, false))
	case http1:
		t.fail(t.answers(in))
	}
}

const buffered = 16 << 10

// requests reads either protocol: HTTP/2 begins with a line that HTTP/1 does not know (RFC 9113, 3.4).
func (t *Tap) requests(in *bufio.Reader) error {
	first, err := in.Peek(len(preface))
	if len(first) == 0 {
		return err
	}
	if string(first) != preface {
		t.tell(func() { t.kind = http1 })
		return t.asks(in)
	}
	in.Discard(len(preface))
	t.tell(func() { t.kind = http2 })
	return t.frames(in, true)
}

// tell changes what both directions share. Who waits for it is busy again before the one that tells has gone idle: between the two nothing is idle.
func (t *Tap) tell(f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f()
	t.up.unpark()
	t.down.unpark()
	t.news.Broadcast()
}

// await holds the reader of one direction until something is so that the other direction tells. It is called under mu.
func (t *Tap) await(s *stream, is func() bool) {
	for !is() {
		s.park()
		t.news.Wait()
		s.unpark()
	}
}

// protected reports whether the connection is under TLS, once the browser's first byte has told.
func (t *Tap) protected() (bool, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.await(t.down, func() bool { return t.hello.looked || t.ended })
	if !t.hello.looked {
		return false, io.ErrUnexpectedEOF
	}
	return t.hello.secure, nil
}

// spoken is the protocol, once the browser's first bytes have told.
func (t *Tap) spoken() protocol {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.await(t.down, func() bool { return t.kind != unknown || t.ended })
	return t.kind
}

// fail notes why a connection could not be read to its end, where that is not its end.
func (t *Tap) fail(err error) {
	if err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, errUpgraded) {
		return
	}
	t.log.change(func() { t.log.unread[t.host] = err.Error() })
}

// closeAll ends what is still open when the connection has ended.
func (t *Tap) closeAll() {
	t.mu.Lock()
	list := t.queue
	t.queue = nil
	for _, e := range t.open {
		list = append(list, e)
	}
	t.open = map[uint32]*exchange{}
	t.mu.Unlock()
	for _, e := range list {
		t.log.end(e, false)
	}
}
