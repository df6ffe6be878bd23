package sitetest

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// again is how often this path has been asked for.
func (f *freshSite) again(r *http.Request) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked[r.URL.Path]++
	return f.asked[r.URL.Path]
}

// shop tells a style sheet before the page itself is there (RFC 8297), and another in its head.
func shop(f *freshSite, p *pen, r *http.Request) {
	p.Header().Set("Link", "</shop/style.css>; rel=preload; as=style")
	p.WriteHeader(http.StatusEarlyHints)
	p.Header().Set("Link", `</shop/hinted.png>; rel=preload; as=image, </shop/step2.js>; rel="prefetch"`)
	f.static(p, r)
}

func picture1(_ *freshSite, p *pen, r *http.Request) { p.send("image/gif", chip(r.RequestURI)) }

func fixed(mime string, body []byte) freshHandler {
	return func(_ *freshSite, p *pen, _ *http.Request) { p.send(mime, body) }
}

func coded(how, mime string, body func() []byte) freshHandler {
	return func(_ *freshSite, p *pen, r *http.Request) {
		p.encode(r, how)
		p.send(mime, body())
	}
}

// say answers in JSON, never to be kept.
func say(what func(r *http.Request) any) freshHandler {
	return func(_ *freshSite, p *pen, r *http.Request) {
		b, err := json.Marshal(what(r))
		must(err)
		p.Header().Set("Cache-Control", "no-store")
		p.send("application/json; charset=utf-8", b)
	}
}

// How a stream ends: by itself, or when the visitor leaves.
const (
	itsEnd  = false
	openEnd = true
)

// stream gives its pieces one after the other, and stays open or not.
func stream(mime string, open bool, pace time.Duration, pieces ...string) freshHandler {
	return func(f *freshSite, p *pen, r *http.Request) {
		p.Header().Set("Content-Type", mime)
		p.Header().Set("Cache-Control", "no-store")
		for _, piece := range pieces {
			if !f.site.wait(r, pace) {
				return
			}
			_, _ = io.WriteString(p, piece)
			p.flush()
		}
		if open {
			f.site.wait(r, time.Hour)
		}
	}
}

// ranged answers one range of bytes where one is asked for (RFC 9110, 14).
func ranged(mime string, body []byte, keep string) freshHandler {
	return func(_ *freshSite, p *pen, r *http.Request) {
		p.Header().Set("Accept-Ranges", "bytes")
		p.Header().Set("Cache-Control", keep)
		p.Header().Set("ETag", fmt.Sprintf("\"%x\"", sha256.Sum256(body))[:18]+`"`)
		from, to, ok := rangeOf(r.Header.Get("Range"), len(body))
		if !ok {
			p.send(mime, body)
			return
		}
		p.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, to-1, len(body)))
		p.Header().Set("Content-Type", mime)
		p.Header().Set("Content-Length", strconv.Itoa(to-from))
		p.WriteHeader(http.StatusPartialContent)
		_, _ = p.Write(body[from:to])
	}
}

// rangeOf reads "bytes=A-B", "bytes=A-" and "bytes=-N" as the half-open range of a body of size bytes.
func rangeOf(header string, size int) (from, to int, ok bool) {
	first, last, found := strings.Cut(strings.TrimPrefix(header, "bytes="), "-")
	if !found {
		return 0, 0, false
	}
	to = size
	if first == "" {
		n, err := strconv.Atoi(last)
		return max(0, size-n), size, err == nil && n > 0
	}
	from, err := strconv.Atoi(first)
	if err != nil || from < 0 || from >= size {
		return 0, 0, false
	}
	if n, err := strconv.Atoi(last); err == nil {
		to = min(size, n+1)
	}
	return from, to, to > from
}

// config is asked again with its ETag, and has not changed.
func config(_ *freshSite, p *pen, r *http.Request) {
	p.Header().Set("ETag", `"v37"`)
	p.Header().Set("Cache-Control", "no-cache")
	if r.Header.Get("If-None-Match") == `"v37"` {
		p.WriteHeader(http.StatusNotModified)
		return
	}
	p.encode(r, "gzip")
	p.send("application/json", []byte(`{"customer":"https://line.example/R/ti/p/@abc88","min":10000,"path":"`+r.URL.Path+`"}`))
}

func session(_ *freshSite, p *pen, _ *http.Request) {
	http.SetCookie(p, &http.Cookie{Name: "PHPSESSID", Value: "a1b2c3", Path: "/h5/", HttpOnly: true})
	http.SetCookie(p, &http.Cookie{Name: "lang", Value: "zh-TW", Path: "/"})
	p.send("application/json", []byte(`{"session":true}`))
}

// me depends on the cookie.
func me(_ *freshSite, p *pen, r *http.Request) {
	who := "訪客"
	if c, err := r.Cookie("PHPSESSID"); err == nil {
		who = "會員 " + c.Value
	}
	p.Header().Set("Vary", "Cookie")
	p.Header().Set("Cache-Control", "private, max-age=60")
	p.send("application/json", fmt.Appendf(nil, `{"name":%q}`, who))
}

func lang(_ *freshSite, p *pen, r *http.Request) {
	p.Header().Set("Vary", "Accept-Language")
	p.Header().Set("Cache-Control", "public, max-age=600")
	p.send("application/json", fmt.Appendf(nil, "%q", r.Header.Get("Accept-Language")))
}

// upload says what it was given, whatever the boundary was.
func upload(_ *freshSite, p *pen, r *http.Request) {
	file, head, err := r.FormFile("card")
	if err != nil {
		p.WriteHeader(http.StatusBadRequest)
		return
	}
	defer file.Close()
	sum := sha256.New()
	_, _ = io.Copy(sum, file)
	p.send("application/json", fmt.Appendf(nil, `{"name":%q,"file":%q,"sha256":"%x"}`, r.FormValue("name"), head.Filename, sum.Sum(nil)))
}

// ajax answers what old scripts ask for; ";" parts the fields of a query there.
func ajax(_ *freshSite, p *pen, r *http.Request) {
	fields := strings.FieldsFunc(r.URL.RawQuery, func(c rune) bool { return c == '&' || c == ';' })
	text := ""
	switch {
	case slices.Contains(fields, "act=rate"):
		text = "31.245 元"
	case slices.Contains(fields, "act=news"):
		text = "<li>飆股 推薦</li>"
	case slices.Contains(fields, "act=moved"):
		text = r.Method + " 已收到 " + r.FormValue("b")
	}
	p.Header().Set("Pragma", "no-cache")
	p.Header().Set("Expires", "Thu, 19 Nov 1981 08:52:00 GMT")
	p.send("text/html; charset=big5", big5(text))
}

func lead(status int, to string) freshHandler {
	return func(_ *freshSite, p *pen, _ *http.Request) { leadTo(p, status, to) }
}

// leadTo redirects as servers do: with a few words that nobody reads.
func leadTo(p *pen, status int, to string) {
	p.Header().Set("Location", to)
	p.Header().Set("Content-Type", "text/html")
	p.WriteHeader(status)
	fmt.Fprintf(p, "<html><head><title>%d %s</title></head></html>\n", status, http.StatusText(status))
}
