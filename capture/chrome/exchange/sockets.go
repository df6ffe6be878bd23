package exchange

import (
	"unicode/utf8"

	"github.com/chromedp/cdproto/network"

	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/journal"
	"yuzheng/casefile/evidence"
)

// MaxFrames bounds the messages of one WebSocket that are kept, in bytes.
const MaxFrames = 16 << 20

// socket is a WebSocket: a handshake, which is an exchange, and the messages after it.
type socket struct {
	hop    *Exchange
	frames []evidence.SocketMessage
	size   int
	closed bool
	told   bool // its handshake stands in an exhibit of a sitting
}

func (r *Recorder) socketEvent(s devtools.Session, e devtools.Event) {
	switch e.Method {
	case "Network.webSocketCreated":
		devtools.Take(r.journal.Warn, e, func(v network.EventWebSocketCreated) { r.socketOpens(s, v) })
	case "Network.webSocketWillSendHandshakeRequest":
		devtools.Take(r.journal.Warn, e, func(v network.EventWebSocketWillSendHandshakeRequest) {
			r.onSocket(v.RequestID, func(k *socket) {
				k.hop.RequestHeader = Headers(v.Request.Headers)
				k.hop.asked = seconds(v.Timestamp.Float64())
			})
		})
	case "Network.webSocketHandshakeResponseReceived":
		devtools.Take(r.journal.Warn, e, func(v network.EventWebSocketHandshakeResponseReceived) {
			r.onSocket(v.RequestID, func(k *socket) { k.answer(v) })
		})
	case "Network.webSocketFrameSent":
		devtools.Take(r.journal.Warn, e, func(v network.EventWebSocketFrameSent) {
			r.onSocket(v.RequestID, func(k *socket) { r.message(k, "page", v.Response) })
		})
	case "Network.webSocketFrameReceived":
		devtools.Take(r.journal.Warn, e, func(v network.EventWebSocketFrameReceived) {
			r.onSocket(v.RequestID, func(k *socket) { r.message(k, "server", v.Response) })
		})
	case "Network.webSocketFrameError":
		devtools.Take(r.journal.Warn, e, func(v network.EventWebSocketFrameError) {
			r.onSocket(v.RequestID, func(k *socket) {
				if k.hop.Status == 0 {
					k.hop.Failed = v.ErrorMessage
				}
			})
		})
	case "Network.webSocketClosed":
		devtools.Take(r.journal.Warn, e, func(v network.EventWebSocketClosed) { r.onSocket(v.RequestID, func(k *socket) { k.closed = true }) })
	}
}

func (r *Recorder) socketOpens(s devtools.Session, e network.EventWebSocketCreated) {
	r.network.Ask(HostPort(e.URL))
	h := &Exchange{phase: phase{done: true, body: true}}
	h.URL, h.Method, h.Kind, h.Target, h.Started, h.Protocol = e.URL, "GET", "websocket", s.Kind, r.now().UTC(), "http/1.1"
	if e.Initiator != nil {
		h.Initiator = e.Initiator.URL
	}
	r.beside.mu.Lock()
	defer r.beside.mu.Unlock()
	r.beside.sockets[string(e.RequestID)] = &socket{hop: h}
}

func (r *Recorder) onSocket(id network.RequestID, f func(*socket)) {
	r.beside.mu.Lock()
	defer r.beside.mu.Unlock()
	if k := r.beside.sockets[string(id)]; k != nil {
		f(k)
	}
}

func (k *socket) answer(e network.EventWebSocketHandshakeResponseReceived) {
	got := e.Response
	k.hop.Status, k.hop.StatusText = int(got.Status), got.StatusText
	k.hop.ResponseHeader = Headers(got.Headers)
	if got.HeadersText != "" {
		k.hop.ResponseHeader = headerLines(got.HeadersText)
	}
	if len(got.RequestHeaders) > 0 {
		k.hop.RequestHeader = Headers(got.RequestHeaders)
	}
	k.hop.Answered, k.hop.Elapsed = true, since(k.hop, e.Timestamp.Float64())
}

func (r *Recorder) message(k *socket, from string, f *network.WebSocketFrame) {
	if k.size += len(f.PayloadData); k.size > MaxFrames {
		r.journal.Limit("socket", "%s: messages after the first %d bytes are not kept", k.hop.URL, MaxFrames)
		return
	}
	m := evidence.SocketMessage{At: r.now().UTC(), From: from, Opcode: int(f.Opcode)}
	if f.Opcode == 1 && utf8.Valid(f.PayloadData) {
		text := string(f.PayloadData)
		m.Text = &text
	} else {
		m.Binary = f.PayloadData
	}
	k.frames = append(k.frames, m)
}

// closeSockets hands on each socket with what was said over it.
func (r *Recorder) closeSockets() {
	r.beside.mu.Lock()
	defer r.beside.mu.Unlock()
	for id, k := range r.beside.sockets {
		if !k.hop.Answered {
			if k.hop.Failed == "" {
				k.hop.Failed = "no answer to the handshake"
			}
			r.journal.Miss(k.hop.URL, k.hop.Failed)
		}
		r.keep(k.hop)
		if len(k.frames) > 0 {
			r.archives.resource("urn:yuzheng:websocket:"+id+":"+k.hop.URL, "application/jsonl", k.hop.Started, journal.JSONLines(k.frames))
		}
	}
}
