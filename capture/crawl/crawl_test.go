package crawl

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"yuzheng/casefile/evidence"
)

// site is a site in memory: what is not in it is answered with 404.
type site struct {
	pages map[string]Page
	any   func(address string) Page // answers for what is not in pages
	asked []string
}

// fetch counts what it is asked for, and gives each page the number of its turn as exhibit.
func (s *site) fetch(_ context.Context, address string) (Page, error) {
	s.asked = append(s.asked, address)
	p, ok := s.pages[address]
	switch {
	case ok:
	case s.any != nil:
		p = s.any(address)
	default:
		p = Page{Status: 404, MediaType: "text/html", Verdict: evidence.Refused}
	}
	p.Exhibit = "W:" + address
	return p, nil
}

func htmlPage(body string) Page {
	return Page{Status: 200, MediaType: "text/html; charset=utf-8", Verdict: evidence.Complete, DOM: []byte("<!doctype html><title>t</title>" + body)}
}

func textPage(kind, text string) Page {
	return Page{Status: 200, MediaType: kind, Verdict: evidence.Complete, Source: []byte(text), DOM: []byte("<pre>" + text + "</pre>")}
}

// small is a site with every way in which a page is found.
func small() *site {
	front := htmlPage(`<a href="/about">關於 我們</a> <a href="product?utm_source=fb">商品</a> <a href="/about#team">團隊</a>
		<a href="https://line.me/ti/p/x">加LINE</a> <a href="mailto:a@shop.example">信</a> <a href="/user/logout">登出</a> <a href="/app.apk">App</a>
		<a href="//cdn.other.example/x">外</a> <form action="https://collect.other.example/in"></form><script>go("/from-script"); fetch("/api/v1/me")</script>`)
	front.Links = []Link{{URL: "https://shop.example/from-code", Where: "picture 3"}}
	front.Scripts = [][]byte{[]byte(`let a={"u":"https:\/\/m.shop.example\/mobile"}`)}
	moved := htmlPage(`<a href="/deeper">d</a>`)
	moved.FinalURL = "https://shop.example/product/new"
	return &site{pages: map[string]Page{
		"https://shop.example/":                           front,
		"https://shop.example/about":                      htmlPage(`<a href="/">home</a><a href="/team">t</a><meta http-equiv="refresh" content="30; url='/later'">`),
		"https://shop.example/product?utm_source=fb":      moved,
		"https://shop.example/deeper":                     htmlPage(`<a href="/too-deep">x</a>`),
		"https://shop.example/robots.txt":                 textPage("text/plain", "User-agent: *\nDisallow: /about\nSitemap: https://shop.example/map.xml\n"),
		"https://shop.example/map.xml":                    textPage("text/xml", `<urlset><url><loc>https://shop.example/listed</loc></url></urlset>`),
		"https://shop.example/product/new":                htmlPage(``),
		"https://shop.example/product/new?fbclid=abcdefg": htmlPage(``),
	}}
}

func TestTree(t *testing.T) {
	s := small()
	o := DefaultOptions("https://shop.example")
	o.Delay = 0
	var told []int
	tree, err := Run(t.Context(), o, s.fetch, func(n Node) { told = append(told, n.N) })
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i, n := range tree.Nodes {
		if n.N != i+1 || told[i] != n.N {
			t.Errorf("node %d is numbered %d and told as %d", i+1, n.N, told[i])
		}
		got = append(got, fmt.Sprintf("%d %s %s < %d %s %q %s", n.Depth, n.Kind, n.URL, n.Parent, n.How, n.Where, n.Robots.Rule))
	}
	same(t, "nodes", got, []string{
		`0 page https://shop.example/ < 0 start "" allowed`,
		`0 robots https://shop.example/robots.txt < 0 usual "" `,
		`0 sitemap https://shop.example/map.xml < 2 robots "" `,
		`1 page https://shop.example/about < 1 link "a href" disallowed`,
		`1 page https://shop.example/product?utm_source=fb < 1 link "a href" allowed`,
		`1 page https://shop.example/from-code < 1 qr "picture 3" allowed`,
		`1 page https://shop.example/listed < 3 sitemap "" allowed`,
		`1 page https://shop.example/from-script < 1 script "script" allowed`,
		`1 page https://m.shop.example/mobile < 1 script "script file 1" allowed`,
		`0 robots https://m.shop.example/robots.txt < 0 usual "" `,
		`2 page https://shop.example/team < 4 link "a href" allowed`,
		`2 page https://shop.example/later < 4 redirect "meta refresh" allowed`,
		`2 page https://shop.example/deeper < 5 link "a href" allowed`,
	})
	if r := tree.Nodes[3].Robots; r.Line != 2 || r.Node != 2 || r.Text != "Disallow: /about" {
		t.Errorf("/about is judged by %+v", r)
	}
	got = nil
	for _, f := range tree.Found {
		got = append(got, fmt.Sprintf("%s %s < %d %s", f.Reason, f.URL, f.Page, f.How))
	}
	same(t, "found", got, []string{
		"invitation https://line.me/ti/p/x < 1 link",
		"scheme mailto:a@shop.example < 1 link",
		"state_change https://shop.example/user/logout < 1 link",
		"file https://shop.example/app.apk < 1 link",
		"out_of_scope https://cdn.other.example/x < 1 link",
		"out_of_scope https://collect.other.example/in < 1 link",
		"depth https://shop.example/too-deep < 13 link",
		"interface https://shop.example/api/v1/me < 1 script",
	})
	if want := (reachedLimit{limitDepth, 2, 0, 1}); len(tree.Limits) != 1 || tree.Limits[0] != want {
		t.Errorf("limits %+v", tree.Limits)
	}
	if tree.Ended != endDone || tree.Within != "shop.example" {
		t.Errorf("ended %q within %q", tree.Ended, tree.Within)
	}
	if _, err := json.Marshal(tree); err != nil {
		t.Error(err)
	}
	once(t, s.asked)
}

// TestOrder: the same pages give the same tree.
func TestOrder(t *testing.T) {
	var first string
	for i := range 20 {
		tree, asked := crawled(t, maze(7), func(o *Options) { o.Pages, o.Depth = 60, 5 })
		once(t, asked)
		text := jsonOf(t, tree)
		if i == 0 {
			first = text
		}
		if text != first {
			t.Fatalf("run %d gives another tree", i)
		}
	}
	if n := strings.Count(first, `"kind":"page"`); n != 60 {
		t.Errorf("%d pages", n)
	}
}

// TestBounds: whatever a site without end links to, nothing is asked twice, nothing outside, and no more than was said.
func TestBounds(t *testing.T) {
	inside := regexp.MustCompile(`^https?://([a-z0-9-]+\.)*shop\.example(:\d+)?/`)
	full := 0
	for seed := range int64(40) {
		tree, asked := crawled(t, maze(seed), func(o *Options) { o.Pages, o.Depth, o.Addresses = 30, 4, 400 })
		once(t, asked)
		for _, a := range asked {
			if !inside.MatchString(a) || strings.Contains(a, "logout") || strings.Contains(a, "@") {
				t.Errorf("seed %d asks %s", seed, a)
			}
		}
		pages := 0
		for _, n := range tree.Nodes {
			if n.Depth > 4 {
				t.Errorf("seed %d: depth %d", seed, n.Depth)
			}
			if n.Kind == kindPage {
				pages++
			}
		}
		if pages > 30 || pages+len(tree.Found) > 400 {
			t.Errorf("seed %d: %d pages, %d found, ended %q", seed, pages, len(tree.Found), tree.Ended)
		}
		if tree.Ended == endPages {
			full++
		}
		follows(t, tree)
	}
	if full < 35 {
		t.Errorf("%d of 40 mazes reached the bound", full)
	}
}

// follows checks that every address of a tree is there once, on a node that comes before it.
func follows(t *testing.T, tree Tree) {
	t.Helper()
	seen := map[string]bool{}
	for _, n := range tree.Nodes {
		if n.Parent >= n.N || seen[n.URL] {
			t.Errorf("node %d of %d: %s", n.N, n.Parent, n.URL)
		}
		seen[n.URL] = true
	}
	for _, f := range tree.Found {
		if f.Page > len(tree.Nodes) || seen[f.URL] || f.Reason == "" {
			t.Errorf("found on %d: %s %s", f.Page, f.URL, f.Reason)
		}
		seen[f.URL] = true
	}
}

// maze is a site without end whose pages depend on their address and the seed: links of every kind, frames, scripts, redirects.
func maze(seed int64) *site {
	s := &site{}
	s.any = func(address string) Page {
		h := fnv.New64a()
		fmt.Fprint(h, seed, address)
		r := rand.New(rand.NewPCG(h.Sum64(), 1))
		var b strings.Builder
		for range 3 + r.IntN(30) {
			x := r.IntN(500)
			fmt.Fprintf(&b, []string{
				`<a href="/p%d">x</a>`, `<a href="sub/%d?utm_source=a">x</a>`, `<a href="//w%d.shop.example/">x</a>`, `<a href="http://shop.example/%d">x</a>`,
				`<a href="https://x%d.example/">x</a>`, `<a href="https://shop.example@evil%d.example/">x</a>`, `<a href="/u%d/logout">x</a>`,
				`<iframe src="../f%d"></iframe>`, `<script>a="/s%d/x"</script>`, `<a href="https://user:pw@shop.example/q%d">x</a>`, `<a href="#/r%d">x</a>`,
				`<a href="https://shop.example.evil.example/%d">x</a>`, `<a href="https://notshop.example/%d">x</a>`, `<a href="/p%d#part">x</a>`,
				`<a href="https://shop.example:8443/z%d">x</a>`, `<a href="/a|b %d">x</a>`, `<a href="/a%%7Cb%%20%d">x</a>`, `<a href="mailto:a%d@b.example">x</a>`,
			}[r.IntN(18)], x)
		}
		p := htmlPage(b.String())
		switch r.IntN(8) {
		case 0:
			p.FinalURL = fmt.Sprintf("https://shop.example/p%d", r.IntN(500))
		case 1:
			p.FinalURL = fmt.Sprintf("https://away%d.example/", r.IntN(50))
		}
		return p
	}
	return s
}

// crawled crawls a site with options that want no waiting.
func crawled(t *testing.T, s *site, change func(*Options)) (Tree, []string) {
	t.Helper()
	s.asked = nil
	o := DefaultOptions("https://shop.example/")
	o.Delay = 0
	if change != nil {
		change(&o)
	}
	tree, err := Run(t.Context(), o, s.fetch, nil)
	if err != nil {
		t.Fatal(err)
	}
	return tree, s.asked
}

func jsonOf(t *testing.T, tree Tree) string {
	t.Helper()
	b, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n%s\nwant:\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func once(t *testing.T, asked []string) {
	t.Helper()
	seen := map[string]bool{}
	for _, a := range asked {
		if seen[a] {
			t.Errorf("%s is asked twice", a)
		}
		seen[a] = true
	}
}
