package sitetest

import (
	"fmt"
	"net/http"
	"strings"
	"sync"

	"yuzheng/capture/sitetest/wire"
)

// Hosts of the "raw" pages with a matter of their own. A browser upgrades to https only names below a registry that it knows.
const (
	upgradeHost = "upgrade.example.com" // says one thing over http and another over https
	strictHost  = "strict.example.com"  // asks for https ever after (RFC 6797)
)

// RawPage is one page whose answers are given byte by byte. They need Options.Wire.
type RawPage struct {
	Name, Host, Path string // Host is "raw", or a whole name
	Short            bool   // one of the few that stand for the rest
}

// RawPages lists them.
func RawPages() []RawPage {
	return []RawPage{
		{"header bytes beyond ASCII", "raw", "/headers", true},
		{"Big5 in a redirect", "raw", "/go-big5", true},
		{"odd lines of a head", "raw", "/lines", true},
		{"every framing and coding", "raw", "/framings", true},
		{"what servers get wrong", "raw", "/odd", true},
		{"asked again: ranges, revalidation, preflight", "raw", "/again", true},
		{"broken off", "raw", "/broken", true},
		{"same address twice, by script", "raw", "/gate", true},
		{"same address twice, by redirect", "raw", "/gate302", false},
		{"refused, and led on by script", "raw", "/err-js", false},
		{"document without content", "raw", "/nothing", false},
		{"PDF", "raw", "/paper.pdf", true},
		{"PDF in a frame", "raw", "/pdf-frame", false},
		{"PDF embedded", "raw", "/pdf-embed", false},
		{"PDF as an object", "raw", "/pdf-object", false},
		{"XML with a style sheet", "raw", "/page.xml", false},
		{"XML alone", "raw", "/raw.xml", false},
		{"SVG", "raw", "/drawing.svg", false},
		{"JSON", "raw", "/data.json", false},
		{"text", "raw", "/words.txt", false},
		{"sound", "raw", "/voice.wav", false},
		{"download", "raw", "/file.apk", false},
		{"fetched and rendered ahead", "raw", "/ahead", true},
		{"back and forward", "raw", "/back", false},
		{"service worker", "raw", "/worker", false},
		{"said on leaving", "raw", "/leaving", false},
		{"one connection after another", "raw", "/goaway", false},
		{"https that was not typed", upgradeHost, "/", true},
		{"https ever after", strictHost, "/", true},
		{"socket", "raw", "/socket", true},
	}
}

// URL is the address of the page. Those with a host of their own are typed as http: it is for the browser to make more of it.
func (p RawPage) URL(s *Site, scheme string) string {
	if p.Host == "raw" {
		return s.URL(scheme, "raw", p.Path)
	}
	return "http://" + p.Host + p.Path
}

// rawHandler says what is answered; the number tells how often the address was asked for before.
type rawHandler func(r *http.Request, before int) wire.Answer

func (s *Site) raw() http.Handler {
	var mu sync.Mutex
	asked := map[string]int{}
	handlers := rawHandlers()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		before := asked[r.Host+r.URL.Path]
		asked[r.Host+r.URL.Path]++
		mu.Unlock()
		if r.URL.Path == "/chat-socket" {
			chat(w, r)
			return
		}
		if err := wire.Send(w, rawAnswer(handlers, r, before)); err != nil {
			http.Error(w, "only where every byte is in our own hands", http.StatusNotImplemented)
		}
	})
}

func rawAnswer(handlers map[string]rawHandler, r *http.Request, before int) wire.Answer {
	switch host := hostName(r.Host); {
	case host == upgradeHost && r.URL.Path == "/":
		return upgraded(r)
	case host == strictHost:
		return strict(r)
	}
	if h := handlers[r.URL.Path]; h != nil {
		return h(r, before)
	}
	if strings.HasSuffix(r.URL.Path, ".png") {
		return told("image/png", chip(r.RequestURI))
	}
	if strings.HasPrefix(r.URL.Path, "/b5/") {
		return rawPage("大五碼的路徑", "")
	}
	a := rawPage("沒有這一頁", "")
	a.Status, a.Reason = http.StatusNotFound, "Not Found"
	return a
}

// told is a plain answer: media type, body.
func told(mime string, body []byte, more ...wire.Field) wire.Answer {
	return wire.Answer{Status: 200, Reason: "OK", Header: append([]wire.Field{{Name: "Content-Type", Value: mime}}, more...), Body: body}
}

func rawPage(title, extra string, more ...wire.Field) wire.Answer {
	return told("text/html; charset=utf-8", fmt.Appendf(nil,
		"<!doctype html><html lang=\"zh-Hant-TW\"><meta charset=\"utf-8\"><title>%s</title><h1>%s</h1><p>%s</p>%s</html>\n", title, title, marker, extra), more...)
}

func always(a wire.Answer) rawHandler { return func(*http.Request, int) wire.Answer { return a } }

// upgraded says over http what it does not say over https.
func upgraded(r *http.Request) wire.Answer {
	if r.TLS != nil {
		return rawPage("主機商預設頁", "")
	}
	return rawPage("投資頁 保證獲利", `<img src="/a.png">`)
}

func strict(r *http.Request) wire.Answer {
	var forever []wire.Field
	if r.TLS != nil {
		forever = []wire.Field{{Name: "Strict-Transport-Security", Value: "max-age=31536000"}}
	}
	switch {
	case strings.HasSuffix(r.URL.Path, ".png"):
		return told("image/png", chip(r.RequestURI), forever...)
	case r.URL.Path == "/":
		return rawPage("第一頁", `<script>fetch("https://`+strictHost+`/ping",{mode:"no-cors"}).then(() => location.href = "http://`+strictHost+`/home")</script>`, forever...)
	}
	return rawPage("首頁", `<img src="http://`+strictHost+`/b.png">`, forever...)
}
