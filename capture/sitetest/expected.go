package sitetest

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
)

// Body is one exchange that a whole recording of the page holds.
type Body struct {
	URL    string
	Method string
	Status int
	Size   int      // bytes of the body, Content-Encoding undone
	SHA256 string   // of those bytes, hexadecimal
	Frames []string // of a WebSocket: what the site says
	Worker bool     // made by the service worker: no server is asked
}

// Expected lists what a visit that begins at Entry(scheme) must record, whatever the visitor's view: more than 60
// addresses. The resource that Options.Kill names is left out.
func (s *Site) Expected(scheme string) []Body {
	page := s.URL(scheme, "page", "")
	cross := s.URL(scheme, "cross", "")
	list := []Body{bodyOf(page, get("/", "", func() []byte { return index(cross) }))}
	for _, res := range resources() {
		list = append(list, bodyOf(page, res))
	}
	for _, res := range crossResources() {
		list = append(list, bodyOf(cross, res))
	}
	made := bodyOf(page, get("/sw/made.json", "", text(`{"text":"背景服務自製的回應"}`)))
	made.Worker = true
	socket := bodyOf(strings.Replace(page, "http", "ws", 1), get("/ws", "", text("")))
	socket.Status, socket.Frames = http.StatusSwitchingProtocols, ChatFrames
	list = append(list, made, socket)
	if s.kill == "" {
		return list
	}
	whole := list[:0]
	for _, b := range list {
		if !strings.HasSuffix(b.URL, s.kill) {
			whole = append(whole, b)
		}
	}
	return whole
}

func bodyOf(base string, res resource) Body {
	b := res.body()
	sum := sha256.Sum256(b)
	return Body{
		URL: base + res.path, Method: res.method, Status: res.status,
		Size: len(b), SHA256: hex.EncodeToString(sum[:]),
	}
}
