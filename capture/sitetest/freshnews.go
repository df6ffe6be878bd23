package sitetest

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// article is a document that comes in three pieces, with frames in it.
func article(f *freshSite, p *pen, r *http.Request) {
	page, err := freshFiles.ReadFile("fresh/news/index.html")
	must(err)
	p.Header().Set("Content-Type", "text/html; charset=utf-8")
	text := strings.Replace(string(fillIn(page, r)), "{{frames}}", innerFrames(r, "", 4), 1)
	for i, piece := range strings.Split(text, "{{wait}}") {
		if i > 0 && !f.site.wait(r, 600*time.Millisecond) {
			return
		}
		_, _ = p.Write([]byte(piece))
		p.flush()
	}
}

// newsFrame is one of the frames: ?name=PLACE&pics=N, where the letters of PLACE lead to it. Three deep is the end.
func newsFrame(_ *freshSite, p *pen, r *http.Request) {
	name := r.URL.Query().Get("name")
	inner := ""
	if len(name) < 3 {
		inner = innerFrames(r, name, 1)
	}
	p.Header().Set("Cache-Control", "private, max-age=60")
	p.encode(r, "gzip")
	p.send("text/html; charset=utf-8", fmt.Appendf(nil, `<!doctype html><meta charset="utf-8"><title>%s</title><link rel="stylesheet" href="/news/frame.css">`+
		`<div id="box">%s</div>%s<script src="/news/frame.js"></script>`, name, marker, inner))
}

// innerFrames are n frames in the frame of that name, every second one of the other site.
func innerFrames(r *http.Request, name string, n int) string {
	var b strings.Builder
	for i := range n {
		at := name + string(rune('a'+i))
		address := fmt.Sprintf("/news/frame?name=%s&amp;pics=%d", at, 3+2*len(at))
		if (len(at)+i)%2 == 0 {
			address = other(r, address)
		}
		sandbox := ""
		if i == 2 {
			sandbox = ` sandbox="allow-scripts allow-same-origin"`
		}
		fmt.Fprintf(&b, `<iframe src="%s" width="260" height="180"%s></iframe>`, address, sandbox)
	}
	return b.String()
}
