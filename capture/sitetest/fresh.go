package sitetest

import (
	"bytes"
	"crypto/sha512"
	"embed"
	"encoding/base64"
	"fmt"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"

	"golang.org/x/text/encoding/traditionalchinese"
)

// The "fresh" hosts serve pages that are built as shops, news sites, apps and scams of today and of twenty years ago are: each in a way of its
// own, none of them made to suit a recorder. The "widget" hosts are the other site from which they take their advertisements and their chat.
//
//go:embed fresh
var freshFiles embed.FS

// FreshPage is one page of the "fresh" hosts.
type FreshPage struct {
	Name, Path string
	Secure     bool // worth a visit over TLS too: HTTP/2 makes a difference to it
}

// FreshPages lists them.
func FreshPages() []FreshPage {
	return []FreshPage{
		{"single-page application of modules", "/h5/", false},
		{"frameset of an old PHP site, in Big5", "/php/index.php", false},
		{"one-page shop", "/shop/", true},
		{"live stream in segments, with a chat", "/live/", false},
		{"workers of every kind", "/desk/", false},
		{"service worker that keeps everything", "/app/", false},
		{"strict content security policy", "/bank/", false},
		{"pages kept for later, nothing else", "/pwa/", false},
		{"door that tells that it was passed", "/door/", false},
		{"slow document, frames three deep", "/news/", false},
		{"social wall of 400 pictures", "/wall/", true},
		{"page that hands its visitor on", "/go/", false},
	}
}

// freshSite serves the pages and writes down every answer.
type freshSite struct {
	site     *Site
	handlers map[string]freshHandler // by path, slashes not doubled

	mu      sync.Mutex
	idle    sync.Cond
	running int
	answers []*Answer
	asked   map[string]int // how often, by path
}

// freshHandler answers one request.
type freshHandler func(f *freshSite, p *pen, r *http.Request)

func (s *Site) fresh() *freshSite {
	f := &freshSite{site: s, handlers: freshHandlers(), asked: map[string]int{}}
	f.idle.L = &f.mu
	return f
}

// ServeHTTP implements http.Handler.
func (f *freshSite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/open/chat-socket" {
		chat(w, r)
		return
	}
	p := f.begin(w, r)
	defer f.end(p, r)
	if handle := f.handlers[path.Clean(r.URL.Path)]; handle != nil {
		handle(f, p, r)
		return
	}
	f.static(p, r)
}

// static serves a file of the folder fresh, or a picture of its own for every address that ends as pictures do.
func (f *freshSite) static(p *pen, r *http.Request) {
	name, _, _ := strings.Cut(path.Clean(r.URL.Path), ";")
	if strings.HasSuffix(r.URL.Path, "/") {
		name += "/index.html"
	}
	ext := path.Ext(name)
	p.Header().Set("Cache-Control", "public, max-age=600")
	body, err := freshFiles.ReadFile("fresh" + strings.Replace(name, "/open/", "/widget/", 1))
	switch {
	case err == nil:
		body = fillIn(body, r)
		if strings.HasPrefix(name, "/php/") {
			body = big5(string(body))
		}
		p.encode(r, "gzip")
		p.send(freshTypes[ext], body)
	case strings.HasPrefix(freshTypes[ext], "image/") && !strings.Contains(name, "gone"):
		p.send(freshTypes[ext], chip(r.RequestURI))
	default:
		notFound(f, p, r)
	}
}

// freshTypes are media types by the end of a name. Pictures are PNG whatever they are called, as on many a server.
var freshTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".php": "text/html; charset=big5", ".css": "text/css", ".js": "application/javascript",
	".mjs": "text/javascript; charset=utf-8", ".json": "application/json", ".svg": "image/svg+xml", ".vtt": "text/vtt", ".png": "image/png",
	".jpg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp", ".avif": "image/avif", ".ico": "image/x-icon", ".cur": "image/x-icon",
}

func notFound(_ *freshSite, p *pen, r *http.Request) {
	p.Header().Set("Content-Type", "text/html; charset=utf-8")
	p.WriteHeader(http.StatusNotFound)
	fmt.Fprintf(p, "<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1></center><hr><center>nginx</center>%s</body></html>\n",
		r.URL.EscapedPath())
}

var integrity = regexp.MustCompile(`\{\{sri:([^}]+)\}\}`)

// fillIn puts the marker and the other site's address into a file.
func fillIn(body []byte, r *http.Request) []byte {
	if !bytes.Contains(body, []byte("{{")) {
		return body
	}
	widget := strings.Replace(base(r), "//fresh.", "//widget.", 1)
	_, host, _ := strings.Cut(widget, "//")
	text := strings.NewReplacer("{{marker}}", marker, "{{widget}}", widget, "{{widgethost}}", host).Replace(string(body))
	return integrity.ReplaceAllFunc([]byte(text), func(match []byte) []byte {
		file, err := freshFiles.ReadFile("fresh/" + string(integrity.FindSubmatch(match)[1]))
		must(err)
		sum := sha512.Sum384(file)
		return []byte("sha384-" + base64.StdEncoding.EncodeToString(sum[:]))
	})
}

func big5(text string) []byte {
	b, err := traditionalchinese.Big5.NewEncoder().String(text)
	must(err)
	return []byte(b)
}

// other is the address of a path on the other of the two sites.
func other(r *http.Request, path string) string {
	if strings.Contains(base(r), "//fresh.") {
		return strings.Replace(base(r), "//fresh.", "//widget.", 1) + path
	}
	return strings.Replace(base(r), "//widget.", "//fresh.", 1) + path
}
