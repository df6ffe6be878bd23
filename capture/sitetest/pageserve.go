package sitetest

import (
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"

	"github.com/coder/websocket"
)

// ChatFrames is what the page's WebSocket says; the page itself says one thing, and nothing happens after that.
var ChatFrames = []string{"老師：現在入金", "老師：穩賺不賠，保證獲利", "老師：加入 LINE 群組"}

func (s *Site) page() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		s.send(w, r, get("/", "text/html; charset=utf-8", func() []byte { return index(crossOf(base(r))) }))
	})
	mux.HandleFunc("GET /ws", chat)
	s.mount(mux, resources())
	return mux
}

func (s *Site) cross() http.Handler {
	mux := http.NewServeMux()
	s.mount(mux, crossResources())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Access-Control-Allow-Headers", "Content-Type, X-Track")
		mux.ServeHTTP(w, r)
	})
}

func (s *Site) mount(mux *http.ServeMux, list []resource) {
	for _, res := range list {
		mux.HandleFunc(res.method+" "+res.path, func(w http.ResponseWriter, r *http.Request) { s.send(w, r, res) })
	}
}

// send answers with the resource, compressed where that is usual and the visitor takes it.
func (s *Site) send(w http.ResponseWriter, r *http.Request, res resource) {
	h := w.Header()
	if res.location != "" {
		h.Set("Location", res.location)
		w.WriteHeader(res.status)
		return
	}
	body := res.body()
	if res.mime != "" {
		h.Set("Content-Type", res.mime)
		h.Set("Cache-Control", "public, max-age=600")
	}
	if s.kill != "" && s.kill == res.path {
		cut(w, body)
		return
	}
	if len(body) > 0 && compressible(res.mime) && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		h.Set("Vary", "Accept-Encoding")
		w.WriteHeader(res.status)
		z := gzip.NewWriter(w)
		_, _ = z.Write(body)
		_ = z.Close()
		return
	}
	if len(body) > 0 {
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(res.status)
	_, _ = w.Write(body)
}

// cut promises the whole body, sends half of it and resets the connection (the stream, over HTTP/2).
func cut(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body[:len(body)/2])
	_ = http.NewResponseController(w).Flush()
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // HTTP/2: the stream alone is reset
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

func compressible(mime string) bool {
	return strings.HasPrefix(mime, "text/") || mime == "application/json" || mime == "image/svg+xml"
}

// chat says its frames after the visitor's first word and then stays open until the visitor leaves.
func chat(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodConnect {
		chatInStream(w)
		return
	}
	socket, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer socket.CloseNow()
	if _, _, err := socket.Read(r.Context()); err != nil {
		return
	}
	for _, frame := range ChatFrames {
		if socket.Write(r.Context(), websocket.MessageText, []byte(frame)) != nil {
			return
		}
	}
	_, _, _ = socket.Read(r.Context())
}

// chatInStream says the same in a stream of HTTP/2 (RFC 8441), the first frame in two pieces (RFC 6455, 5.4).
func chatInStream(w http.ResponseWriter) {
	const text, more, end = 1, 0, 0x80
	w.WriteHeader(http.StatusOK)
	conn, in, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	if _, err := in.ReadByte(); err != nil { // of the visitor's first word
		return
	}
	for i, frame := range ChatFrames {
		if i == 0 {
			_, _ = conn.Write(append([]byte{text, 3}, frame[:3]...))
			_, _ = conn.Write(append([]byte{more | end, byte(len(frame) - 3)}, frame[3:]...))
			continue
		}
		_, _ = conn.Write(append([]byte{text | end, byte(len(frame))}, frame...))
	}
	_, _ = io.Copy(io.Discard, in) // until the visitor leaves
}
