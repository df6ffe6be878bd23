package sitetest

import (
	"embed"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/skip2/go-qrcode"
)

// The "bad" hosts serve, besides what the handlers below say, each file of the folder bad under its name without ".html".
//
//go:embed bad
var badFiles embed.FS

// misbehave serves the pages that no recorder should have to meet.
func (s *Site) misbehave() http.Handler {
	mux := http.NewServeMux()
	for pattern, handler := range map[string]http.HandlerFunc{
		"GET /slow":                  s.slow,                                                                      // ?s=SECONDS (3)
		"GET /tall":                  tall,                                                                        // ?px=HEIGHT (20000)
		"GET /endless":               s.endless,                                                                   // a document that never ends
		"GET /bomb":                  bomb,                                                                        // ?mb=SIZE (1024) of zeros, compressed to a thousandth
		"GET /huge":                  huge,                                                                        // ?mb=SIZE (200) of text
		"GET /huge-inside":           page("大檔案", `<script>fetch("/huge?mb=40").then((r) => r.blob());</script>`), // fetched by a page
		"GET /reset":                 reset,                                                                       // the document's connection is cut in its middle
		"GET /download":              download,                                                                    // ?n=INDEX of DownloadNames
		"GET /downloads":             downloads,                                                                   // a page that starts every download
		"GET /to-metadata":           to("http://169.254.169.254/latest/meta-data/"),
		"GET /to-loopback":           to("http://127.0.0.1:9/"),
		"GET /to-file-header":        to("file:///etc/passwd"),
		"GET /loop":                  loop, // a redirect to itself, each time with another query
		"GET /meta-refresh":          page("重新整理", `<meta http-equiv="refresh" content="0;url=/landed?from=meta">`),
		"GET /404":                   status(http.StatusNotFound, "找不到網頁"),
		"GET /403":                   status(http.StatusForbidden, "禁止存取"),
		"GET /500":                   status(http.StatusInternalServerError, "伺服器錯誤"),
		"GET /basic":                 basic,
		"GET /big5":                  legacy("text/html; charset=big5"), // Big5 by header
		"GET /big5-meta":             legacy("text/html"),               // Big5 by <meta> alone
		"GET /empty":                 func(http.ResponseWriter, *http.Request) {},
		"GET /events/stream":         s.events,
		"POST /sent/{what}":          sent,     // a file in answer to a form
		"GET /sent/{what}":           sent,     // another, to who asks in another way
		"GET /camera/live":           s.camera, // pictures one after the other, without end
		"GET /camera/ended":          s.camera, // three
		"GET /hop":                   to("/landed?from=hop"),
		"GET /comments":              comment,
		"POST /pressed/{what}":       pressed, // asked for when something was pressed that no tool may press
		"GET /pressed/{what}":        pressed,
		"POST /upload":               swallow,
		"GET /voice.wav":             serveVoice,
		"GET /once":                  once(),
		"GET /member":                to("/login?next=/member"),
		"GET /vanish":                vanish,
		"GET /vanished/{what}":       vanished,
		"GET /big5-as-utf8":          mislabelled,
		"GET /portal":                portal,
		"GET /to-private-header":     func(w http.ResponseWriter, r *http.Request) { to("http://"+s.Private()+"/redirect")(w, r) },
		"GET /poster.svg":            poster,
		"GET /cloak":                 cloak, // another page for phones and for visitors from an advertisement
		"GET /csp":                   s.csp,
		"GET /challenge":             s.challenge,
		"POST /challenge":            s.challenge,
		"GET /storage":               s.storage,
		"GET /code.png":              code,
		"GET /tick":                  func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) },
		"POST /visitor/report":       func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "{}") },
		"GET /cdn-cgi/{rest...}":     func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Type", script) },
		"GET /":                      s.static,
		"GET /images/{n}":            func(w http.ResponseWriter, r *http.Request) { s.send(w, r, picturePNG(r.URL.Path)) },
		"GET /.well-known/{rest...}": http.NotFound,
	} {
		mux.HandleFunc(pattern, handler)
	}
	s.sittings(mux)
	s.becoming(mux)
	s.lastWords(mux)
	s.leakPages(mux)
	return mux
}

// static serves a file of the folder bad.
func (s *Site) static(w http.ResponseWriter, r *http.Request) {
	name, mime := "bad"+path.Clean(r.URL.Path), script
	if path.Ext(name) == "" {
		name, mime = name+".html", "text/html; charset=utf-8"
	}
	body, err := badFiles.ReadFile(name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", mime)
	fmt.Fprint(w, strings.NewReplacer("{{marker}}", marker, "{{private}}", s.Private(), "{{port}}", s.port(s.clear), "{{privateport}}", s.port(s.private.listener)).Replace(string(body)))
}

// plain is a page of one sentence.
func plain(sentence string) http.Handler { return page(sentence, "") }

func page(sentence, extra string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { writePage(w, sentence, extra) }
}

// writePage writes a small page: extra is markup that stands behind its one sentence.
func writePage(w http.ResponseWriter, sentence, extra string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, "<!doctype html><html lang=\"zh-Hant-TW\"><meta charset=\"utf-8\"><title>%s</title><h1>%s</h1><p>%s</p>%s</html>\n",
		sentence, sentence, marker, extra)
}

func status(code int, sentence string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(code)
		writePage(w, sentence, "")
	}
}

func to(address string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", address)
		w.WriteHeader(http.StatusFound)
	}
}

func loop(w http.ResponseWriter, r *http.Request) {
	to("/loop?n="+strconv.Itoa(number(r, "n", 0)+1))(w, r)
}

func basic(w http.ResponseWriter, r *http.Request) {
	if _, _, ok := r.BasicAuth(); ok {
		writePage(w, "已登入", "")
		return
	}
	w.Header().Set("WWW-Authenticate", `Basic realm="members"`)
	status(http.StatusUnauthorized, "需要登入")(w, r)
}

func (s *Site) challenge(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Server", "cloudflare")
	w.Header().Set("Cf-Mitigated", "challenge")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(http.StatusForbidden)
	s.static(w, r)
}

func (s *Site) csp(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'nonce-known'; require-trusted-types-for 'script'; trusted-types none")
	s.static(w, r)
}

func (s *Site) storage(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{Name: "http_cookie", Value: "YUZHENG-MARKER-7Q4Z", Path: "/", HttpOnly: true, MaxAge: 86400})
	s.static(w, r)
}

// cloak shows a shop to an ordinary desktop and something else to phones and to visitors from an advertisement.
func cloak(w http.ResponseWriter, r *http.Request) {
	if lured(r.Header) {
		writePage(w, "保證獲利 飆股群組", "")
		return
	}
	writePage(w, "手工皂小舖", "")
}

// lured says whether a visitor is one whom a cloaked page shows what it hides from others: a phone, or a click from an
// advertisement.
func lured(h http.Header) bool {
	return strings.Contains(h.Get("User-Agent"), "Mobile") || h.Get("Sec-Ch-Ua-Mobile") == "?1" || strings.Contains(h.Get("Referer"), "facebook.com")
}

// CodeAddress is what the QR code of /code holds. There is no such group.
const CodeAddress = "https://line.me/ti/g2/TEST-ONLY-NOT-A-GROUP"

func code(w http.ResponseWriter, _ *http.Request) {
	body, err := qrcode.Encode(CodeAddress, qrcode.Medium, 320)
	must(err)
	w.Header().Set("Content-Type", "image/png")
	_, _ = w.Write(body)
}

func (s *Site) slow(w http.ResponseWriter, r *http.Request) {
	if s.wait(r, time.Duration(number(r, "s", 3))*time.Second) {
		writePage(w, "慢", "")
	}
}

func number(r *http.Request, name string, usual int) int {
	if n, err := strconv.Atoi(r.URL.Query().Get(name)); err == nil && n >= 0 {
		return n
	}
	return usual
}
