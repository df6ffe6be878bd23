package crawl

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func packed(pieces ...string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	for _, text := range pieces {
		_, _ = z.Write([]byte(text)) // a buffer takes everything
	}
	_ = z.Close()
	return b.Bytes()
}

func TestSitemapForms(t *testing.T) {
	const space = `xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"`
	urls := `<?xml version="1.0" encoding="UTF-8"?><urlset ` + space + `><url><loc> https://shop.example/a?x=1&amp;y=2 </loc><image:image><image:loc>https://shop.example/i.png</image:loc></image:image></url><url><loc><![CDATA[https://shop.example/b]]></loc></url></urlset>`
	both := []string{"https://shop.example/a?x=1&y=2", "https://shop.example/b"}
	for name, c := range map[string]struct {
		source []byte
		want   listing
	}{
		"addresses": {[]byte(urls), listing{pages: both}},
		"packed":    {packed(urls), listing{pages: both}},
		"index":     {[]byte(`<sitemapindex><sitemap><loc>https://shop.example/1.xml.gz</loc></sitemap></sitemapindex>`), listing{files: []string{"https://shop.example/1.xml.gz"}}},
		"text":      {[]byte("\xef\xbb\xbfhttps://shop.example/a\r\nnothing\r\nhttp://shop.example/b"), listing{pages: []string{"https://shop.example/a", "http://shop.example/b"}}},
		"cut short": {[]byte(urls[:strings.Index(urls, "<url><loc><!")+8]), listing{pages: both[:1], cut: true}},
		"half gzip": {packed(urls)[:60], listing{cut: true}},
		"no gzip":   {[]byte("\x1f\x8bno"), listing{cut: true}},
		"HTML":      {[]byte("<!doctype html><title>404</title><p>nothing<br>here"), listing{cut: true}},
		"nothing":   {nil, listing{}},
		"deep":      {[]byte(strings.Repeat("<a>", 100_000)), listing{cut: true}},
		"too deep":  {[]byte(strings.Repeat("<a>", 40) + strings.Repeat("</a>", 40) + "<url><loc>https://shop.example/</loc></url>"), listing{cut: true}},
		"entities":  {[]byte(`<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><urlset><url><loc>https://shop.example/&b;</loc></url></urlset>`), listing{pages: []string{"https://shop.example/&b;"}}},
	} {
		got := readSitemap(c.source, 100)
		if !slices.Equal(got.pages, c.want.pages) || !slices.Equal(got.files, c.want.files) || got.cut != c.want.cut {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestSitemapBounds: files, addresses and what they unpack to are bounded, and it is told.
func TestSitemapBounds(t *testing.T) {
	var index, urls strings.Builder
	for i := range 8 {
		fmt.Fprintf(&index, "<sitemap><loc>https://shop.example/%c.xml</loc></sitemap>", 'a'+i)
	}
	for i := range 30_000 {
		fmt.Fprintf(&urls, "<url><loc>/%d</loc></url>", i)
	}
	s := front(htmlPage(""))
	s.pages["https://shop.example/sitemap.xml"] = textPage("application/xml", "<sitemapindex>"+index.String()+"</sitemapindex>")
	s.pages["https://shop.example/a.xml"] = textPage("application/xml", "<urlset>"+urls.String()+"</urlset>")
	s.pages["https://shop.example/b.xml"] = s.pages["https://shop.example/a.xml"] // the same once more
	s.pages["https://shop.example/c.xml"] = Page{Status: 200, MediaType: "application/gzip", Source: packed(slices.Repeat([]string{strings.Repeat(" ", 1<<20)}, maxSitemap>>20+1)...)}
	tree, asked := crawled(t, s, func(o *Options) { o.Pages, o.Alike = 1, 1_000_000 })
	if len(asked) != 1+1+5 {
		t.Errorf("asked %v", asked)
	}
	if n := len(tree.Found); n != 30_000+4 {
		t.Errorf("%d found", n)
	}
	for _, want := range []reachedLimit{{limitSitemaps, 5, 0, 4}, {limitListed, maxListed, 5, 1}, {limitListed, maxListed, 6, 1}} {
		if !slices.Contains(tree.Limits, want) {
			t.Errorf("limits %+v want %+v", tree.Limits, want)
		}
	}
}

// TestSitemapsStayInside: a sitemap on another host is not asked for, one above the path of the scope is; what they list is judged as
// every link is.
func TestSitemapsStayInside(t *testing.T) {
	s := &site{pages: map[string]Page{
		"https://shop.example/s/":         htmlPage(""),
		"https://shop.example/robots.txt": textPage("text/plain", "Sitemap: https://cdn.example/map.xml\nSitemap: https://shop.example/map.xml\nSitemap: /relative.xml\nSitemap: http://\nSitemap: https://shop.example/map.xml"),
		"https://shop.example/map.xml":    textPage("text/xml", "<urlset><url><loc>/s/logout</loc></url><url><loc>https://shop.example/s/a</loc></url><url><loc>https://shop.example/t</loc></url></urlset>"),
	}}
	tree, asked := crawled(t, s, func(o *Options) { o.Start, o.Scope = "https://shop.example/s/", scopePath })
	same(t, "asked", asked, []string{"https://shop.example/s/", "https://shop.example/robots.txt", "https://shop.example/map.xml", "https://shop.example/relative.xml", "https://shop.example/s/a"})
	same(t, "found", outcome(tree)[1:], []string{"out_of_scope https://cdn.example/map.xml", "malformed http://", "state_change /s/logout", "out_of_scope /t"})
}

// TestStartElsewhere: of a start that leads to another site there is no sitemap to ask for, and the tree says where it led.
func TestStartElsewhere(t *testing.T) {
	short := htmlPage(`<a href="/a">x</a>`)
	short.FinalURL = "https://other.example/"
	tree, asked := crawled(t, front(short), func(o *Options) { o.NoRobots = true })
	if len(asked) != 1 {
		t.Errorf("asked %v", asked)
	}
	same(t, "found", outcome(tree), []string{"out_of_scope https://other.example/", "out_of_scope https://other.example/a"})
	if f := tree.Found[0]; f.How != byRedirect || f.Page != 1 {
		t.Errorf("%+v", f)
	}
}

func FuzzSitemap(f *testing.F) {
	f.Add([]byte("<urlset><url><loc>https://shop.example/a</loc></url></urlset>"))
	f.Add([]byte("<?xml version='1.0' encoding='big5'?><sitemapindex><sitemap><loc>x</loc>"))
	f.Add(packed("https://shop.example/a\n"))
	f.Fuzz(func(t *testing.T, source []byte) {
		if l := readSitemap(source, 3); len(l.pages)+len(l.files) > 3 {
			t.Errorf("%+v", l)
		}
	})
}
