package sitetest

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"sync"

	"golang.org/x/image/font/gofont/goregular"
)

//go:embed page
var pageFiles embed.FS

var indexHTML = template.Must(template.ParseFS(pageFiles, "page/index.html"))

// resource is one answer of the page's sites, always the same.
type resource struct {
	path     string
	method   string
	status   int
	mime     string
	location string
	body     func() []byte
}

// resources of the page's own site, besides the page itself, the WebSocket and what the service worker makes up.
var resources = sync.OnceValue(func() []resource {
	list := []resource{
		redirect("/entry", "/hop"), redirect("/hop", "/"),
		redirect("/r/1", "/r/2"), redirect("/r/2", "/img/redirected.png"),
		file("/style.css", "text/css; charset=utf-8"), file("/more.css", "text/css; charset=utf-8"),
		file("/app.js", script), file("/module.js", script), file("/module-part.js", script),
		file("/worker.js", script), file("/sw.js", script),
		get("/img/logo.svg", "image/svg+xml", embedded("/logo.svg")),
		get("/font.ttf", "font/ttf", func() []byte { return goregular.TTF }),
		get("/img/photo.jpg", "image/jpeg", func() []byte { return jpegBody("photo") }),
		get("/img/moving.gif", "image/gif", gifBody),
		words("/api/quotes.json", map[string]any{"gain": "+38.6%", "index": []int{17, 23, 42}}),
		words("/api/worker.json", map[string]any{"text": "工作者的回應"}),
		words("/sw/data.json", map[string]any{"text": "背景服務的資料"}),
		words("/sw/pass.json", map[string]any{"text": "經背景服務轉送"}),
		get("/api/notice.txt", "text/plain; charset=utf-8", text("限時名額，額滿為止。\n")),
		post(words("/api/login", map[string]any{"account": "012-3456789012", "bank": "測試銀行"})),
		{path: "/api/beacon", method: http.MethodPost, status: http.StatusNoContent, body: text("")},
	}
	for _, path := range append(append(lazy(), observed()...), "/img/picture.png", "/img/srcset.png", "/img/hero.png", "/img/background.png", "/img/redirected.png") {
		list = append(list, picturePNG(path))
	}
	for page := 1; page <= feedPages; page++ {
		list = append(list, feed(page)...)
	}
	return list
})

// crossResources are those of the other site, that the page shows in a frame and reports to.
var crossResources = sync.OnceValue(func() []resource {
	return []resource{
		file("/frame.html", "text/html; charset=utf-8"), file("/frame.js", script), picturePNG("/frame.png"),
		words("/frame.json", map[string]any{"text": "他站的資料"}),
		{path: "/api/track", method: http.MethodOptions, status: http.StatusNoContent, body: text("")},
		post(words("/api/track", map[string]any{"ok": true})),
	}
})

const (
	script    = "text/javascript; charset=utf-8"
	feedPages = 3
)

func lazy() []string     { return numbered("/img/lazy-%02d.png", 20) }
func observed() []string { return numbered("/img/seen-%02d.png", 6) }

func numbered(pattern string, n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf(pattern, i+1)
	}
	return list
}

func feed(page int) []resource {
	type item struct {
		Text  string `json:"text"`
		Image string `json:"image"`
	}
	images := numbered(fmt.Sprintf("/feed/%d-%%d.png", page), 2)
	items := make([]item, len(images))
	for i, image := range images {
		items[i] = item{fmt.Sprintf("動態 %d-%d：今日再獲利，名額倒數。", page, i+1), image}
	}
	list := []resource{words(fmt.Sprintf("/feed/%d.json", page), map[string]any{"items": items, "last": page == feedPages})}
	for _, image := range images {
		list = append(list, picturePNG(image))
	}
	return list
}

func get(path, mime string, body func() []byte) resource {
	return resource{path: path, method: http.MethodGet, status: http.StatusOK, mime: mime, body: sync.OnceValue(body)}
}

func post(r resource) resource {
	r.method = http.MethodPost
	return r
}

func redirect(path, to string) resource {
	return resource{path: path, method: http.MethodGet, status: http.StatusFound, location: to, body: text("")}
}

func file(path, mime string) resource { return get(path, mime, embedded(path)) }

func picturePNG(path string) resource {
	return get(path, "image/png", func() []byte { return pngBody(path) })
}

func words(path string, data map[string]any) resource {
	return get(path, "application/json", func() []byte {
		data["marker"] = marker
		b, err := json.Marshal(data)
		must(err)
		return b
	})
}

func text(s string) func() []byte { return func() []byte { return []byte(s) } }

func embedded(path string) func() []byte {
	return func() []byte {
		b, err := pageFiles.ReadFile("page" + path)
		must(err)
		return b
	}
}

// index is the page, as it is for a visitor who finds the other site at cross ("https://cross.example").
func index(cross string) []byte {
	var b bytes.Buffer
	must(indexHTML.Execute(&b, map[string]any{"Cross": cross, "Marker": marker, "Lazy": lazy(), "Observed": observed()}))
	return b.Bytes()
}

// crossOf turns the page's own address into the other site's.
func crossOf(page string) string { return strings.Replace(page, "//page.", "//cross.", 1) }
