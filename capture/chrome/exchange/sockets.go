package exchange

import (
	"sync"
	"time"
	"unicode/utf8"

	"github.com/chromedp/cdproto/network"

	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/journal"
	"yuzheng/casefile/evidence"
)

// MaxFrames bounds the messages of one WebSocket that are kept, in bytes.
const MaxFrames = 16 << 20

// sockets are the WebSockets of a capture.
type sockets struct {
	*core
	wires    *wires
	keep     func(*Exchange)
	resource func(address, media string, at time.Time, body []byte) // into the archive

	mu   sync.Mutex
	list map[string]*socket
}

// socket is a WebSocket: a handshake, which is an exchange, and the messages after it.
type socket struct {
	handshake *Exchange
	frames    []evidence.SocketMessage
	size      int
	closed    bool
	told      bool // its handshake stands in an exhibit of a session
}

func (all *sockets) event(s devtools.Session, e devtools.Event) {
	switch e.Method {
	case "Network.webSocketCreated":
		devtools.Take(all.journal.Unread, e, func(v network.EventWebSocketCreated) { all.opens(s, v) })
	case "Network.webSocketWillSendHandshakeRequest":
		devtools.Take(all.journal.Unread, e, func(v network.EventWebSocketWillSendHandshakeRequest) {
			all.on(v.RequestID, func(k *socket) {
				k.handshake.RequestHeader = Headers(v.Request.Headers)
				k.handshake.asked = seconds(v.Timestamp.Float64())
			})
		})
	case "Network.webSocketHandshakeResponseReceived":
		devtools.Take(all.journal.Unread, e, func(v network.EventWebSocketHandshakeResponseReceived) {
			all.on(v.RequestID, func(k *socket) { k.answer(v) })
		})
	case "Network.webSocketFrameSent":
		devtools.Take(all.journal.Unread, e, func(v network.EventWebSocketFrameSent) {
			all.on(v.RequestID, func(k *socket) { all.message(k, "page", v.Response) })
		})
	case "Network.webSocketFrameReceived":
		devtools.Take(all.journal.Unread, e, func(v network.EventWebSocketFrameReceived) {
			all.on(v.RequestID, func(k *socket) { all.message(k, "server", v.Response) })
		})
	case "Network.webSocketFrameError":
		devtools.Take(all.journal.Unread, e, func(v network.EventWebSocketFrameError) {
			all.on(v.RequestID, func(k *socket) {
				if k.handshake.Status == 0 {
					k.handshake.Failed = v.ErrorMessage
				}
			})
		})
	case "Network.webSocketClosed":
		devtools.Take(all.journal.Unread, e, func(v network.EventWebSocketClosed) { all.on(v.RequestID, func(k *socket) { k.closed = true }) })
	}
}

func (all *sockets) opens(s devtools.Session, e network.EventWebSocketCreated) {
	all.network.Ask(HostPort(e.URL))
	h := &Exchange{phase: phase{done: true, body: true}}
	h.URL, h.Method, h.Kind, h.Target, h.Started, h.Protocol = e.URL, "GET", "websocket", s.Kind, all.now().UTC(), "http/1.1"
	if e.Initiator != nil {
		h.Initiator = e.Initiator.URL
	}
	all.mu.Lock()
	defer all.mu.Unlock()
	all.list[string(e.RequestID)] = &socket{handshake: h}
}

func (all *sockets) on(id network.RequestID, f func(*socket)) {
	all.mu.Lock()
	defer all.mu.Unlock()
	if k := all.list[string(id)]; k != nil {
		f(k)
	}
}

func (k *socket) answer(e network.EventWebSocketHandshakeResponseReceived) {
	got := e.Response
	k.handshake.Status, k.handshake.StatusText = int(got.Status), got.StatusText
	k.handshake.ResponseHeader = Headers(got.Headers)
	if got.HeadersText != "" {
		k.handshake.ResponseHeader = headerLines(got.HeadersText)
	}
	if len(got.RequestHeaders) > 0 {
		k.handshake.RequestHeader = Headers(got.RequestHeaders)
	}
	k.handshake.Answered, k.handshake.Elapsed = true, since(k.handshake, e.Timestamp.Float64())
}

func (all *sockets) message(k *socket, from string, f *network.WebSocketFrame) {
	if k.size += len(f.PayloadData); k.size > MaxFrames {
		all.journal.Limit("socket", evidence.LimitSocket.With(k.handshake.URL, MaxFrames))
		return
	}
	m := evidence.SocketMessage{At: all.now().UTC(), From: from, Opcode: int(f.Opcode)}
	if f.Opcode == 1 && utf8.Valid(f.PayloadData) {
		text := string(f.PayloadData)
		m.Text = &text
	} else {
		m.Binary = f.PayloadData
	}
	k.frames = append(k.frames, m)
}

// close hands on each socket with what was said over it.
func (all *sockets) close() {
	all.mu.Lock()
	defer all.mu.Unlock()
	for id, k := range all.list {
		if !k.handshake.Answered {
			if k.handshake.Failed == "" {
				k.handshake.Failed = evidence.Sentence(evidence.SocketNoAnswer)
			}
			all.journal.Miss(k.handshake.URL, evidence.SaidAs(k.handshake.Failed))
		}
		all.keep(k.handshake)
		if len(k.frames) > 0 {
			all.resource("urn:yuzheng:websocket:"+id+":"+k.handshake.URL, "application/jsonl", k.handshake.Started, journal.JSONLines(k.frames))
		}
	}
}

// move gives what WebSockets have said so far to another recorder, each with its handshake. Clean may change what was said.
func (all *sockets) move(to *sockets, clean func(address string, list []evidence.SocketMessage)) {
	for _, h := range all.handshakes() {
		all.wires.witness(h)
	}
	all.mu.Lock()
	for id, k := range all.list {
		if k.told && len(k.frames) == 0 {
			continue
		}
		handshake := *k.handshake
		to.list[id] = &socket{handshake: &handshake, frames: k.frames}
		k.frames, k.size, k.told = nil, 0, k.handshake.Answered
		if k.closed {
			delete(all.list, id)
		}
	}
	all.mu.Unlock()
	for _, k := range to.list {
		clean(k.handshake.URL, k.frames)
	}
	to.close()
}

// handshakes are those of the sockets that are known.
func (all *sockets) handshakes() (list []*Exchange) {
	all.mu.Lock()
	defer all.mu.Unlock()
	for _, k := range all.list {
		list = append(list, k.handshake)
	}
	return list
}
