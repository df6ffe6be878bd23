package chrome

import (
	"unicode/utf8"

	"github.com/chromedp/cdproto/network"

	"yuzheng/capture/chrome/devtools"
	"yuzheng/casefile/evidence"
)

// maxFrames bounds the messages of one WebSocket that are kept, in bytes.
const maxFrames = 16 << 20

// socket is a WebSocket: a handshake, which is an exchange, and the messages after it.
type socket struct {
	hop    *hop
	frames []evidence.SocketMessage
	size   int
	closed bool
	told   bool // its handshake stands in an exhibit of a sitting
}

func (j *job) socketEvent(s devtools.Session, e devtools.Event) {
	switch e.Method {
	case "Network.webSocketCreated":
		take(j, e, func(v network.EventWebSocketCreated) { j.socketOpens(s, v) })
	case "Network.webSocketWillSendHandshakeRequest":
		take(j, e, func(v network.EventWebSocketWillSendHandshakeRequest) {
			j.onSocket(v.RequestID, func(k *socket) {
				k.hop.RequestHeader = headers(v.Request.Headers)
				k.hop.asked = seconds(v.Timestamp.Float64())
			})
		})
	case "Network.webSocketHandshakeResponseReceived":
		take(j, e, func(v network.EventWebSocketHandshakeResponseReceived) {
			j.onSocket(v.RequestID, func(k *socket) { k.answer(v) })
		})
	case "Network.webSocketFrameSent":
		take(j, e, func(v network.EventWebSocketFrameSent) {
			j.onSocket(v.RequestID, func(k *socket) { j.message(k, "page", v.Response) })
		})
	case "Network.webSocketFrameReceived":
		take(j, e, func(v network.EventWebSocketFrameReceived) {
			j.onSocket(v.RequestID, func(k *socket) { j.message(k, "server", v.Response) })
		})
	case "Network.webSocketFrameError":
		take(j, e, func(v network.EventWebSocketFrameError) {
			j.onSocket(v.RequestID, func(k *socket) {
				if k.hop.Status == 0 {
					k.hop.Failed = v.ErrorMessage
				}
			})
		})
	case "Network.webSocketClosed":
		take(j, e, func(v network.EventWebSocketClosed) { j.onSocket(v.RequestID, func(k *socket) { k.closed = true }) })
	}
}

func (j *job) socketOpens(s devtools.Session, e network.EventWebSocketCreated) {
	j.guard.Ask(hostPort(e.URL))
	h := &hop{done: true, body: true}
	h.URL, h.Method, h.Kind, h.Target, h.Started, h.Protocol = e.URL, "GET", "websocket", s.Kind, j.options.Now().UTC(), "http/1.1"
	if e.Initiator != nil {
		h.Initiator = e.Initiator.URL
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.sockets[string(e.RequestID)] = &socket{hop: h}
}

func (j *job) onSocket(id network.RequestID, f func(*socket)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if k := j.sockets[string(id)]; k != nil {
		f(k)
	}
}

func (k *socket) answer(e network.EventWebSocketHandshakeResponseReceived) {
	r := e.Response
	k.hop.Status, k.hop.StatusText = int(r.Status), r.StatusText
	k.hop.ResponseHeader = headers(r.Headers)
	if r.HeadersText != "" {
		k.hop.ResponseHeader = headerLines(r.HeadersText)
	}
	if len(r.RequestHeaders) > 0 {
		k.hop.RequestHeader = headers(r.RequestHeaders)
	}
	k.hop.answered, k.hop.Elapsed = true, since(k.hop, e.Timestamp.Float64())
}

func (j *job) message(k *socket, from string, f *network.WebSocketFrame) {
	if k.size += len(f.PayloadData); k.size > maxFrames {
		j.journal.Limit("socket", "%s: messages after the first %d bytes are not kept", k.hop.URL, maxFrames)
		return
	}
	m := evidence.SocketMessage{At: j.options.Now().UTC(), From: from, Opcode: int(f.Opcode)}
	if f.Opcode == 1 && utf8.Valid(f.PayloadData) {
		text := string(f.PayloadData)
		m.Text = &text
	} else {
		m.Binary = f.PayloadData
	}
	k.frames = append(k.frames, m)
}
