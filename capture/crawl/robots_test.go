package crawl

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"yuzheng/casefile/evidence"

	"github.com/temoto/robotstxt"
)

// TestRobotsRules: the examples of RFC 9309 and what is left open there.
func TestRobotsRules(t *testing.T) {
	for _, c := range []struct {
		file, path string
		rule       Rule
		line       int
	}{
		{"User-agent: *\nDisallow: /p\n", "/page", forbidden, 2},
		{"User-agent: *\nDisallow: /p\n", "/q", allowed, 0},
		{"User-agent: *\nDisallow: /p\nAllow: /page", "/page", allowed, 3},
		{"User-agent: *\nAllow: /page\nDisallow: /page", "/page", allowed, 2},
		{"User-agent: *\nDisallow: /\n", "/robots.txt", allowed, 0},
		{"User-agent: *\nDisallow:\n", "/page", allowed, 0},
		{"\xef\xbb\xbfUSER-AGENT : *\r\nDISALLOW : /p # no\r\n", "/page", forbidden, 2},
		{"User-agent: *\rDisallow: /p\r", "/page", forbidden, 2},
		{"User-agent: bot\nDisallow: /\n", "/page", allowed, 0},
		{"User-agent: bot\nUser-agent: *\nDisallow: /\n", "/page", forbidden, 3},
		{"User-agent: *\nDisallow: /a\nUser-agent: bot\nDisallow: /b\nUser-agent: *\nDisallow: /c", "/b", allowed, 0},
		{"User-agent: *\nDisallow: /a\nUser-agent: bot\nDisallow: /b\nUser-agent: *\nDisallow: /c", "/c", forbidden, 6},
		{"User-agent: *\nCrawl-delay: soon\nnonsense\nDisallow: /a", "/a", forbidden, 4},
		{"User-agent: *\nDisallow: /*.php$", "/a/b.php", forbidden, 2},
		{"User-agent: *\nDisallow: /*.php$", "/a.php/b.php", forbidden, 2},
		{"User-agent: *\nDisallow: /*.php$", "/a/b.php?x", allowed, 0},
		{"User-agent: *\nDisallow: /a*b", "/x/a/b", allowed, 0},
		{"User-agent: *\nDisallow: /a*b*c", "/a/b/b/c/d", forbidden, 2},
		{"User-agent: *\nDisallow: *", "/", forbidden, 2},
		{"User-agent: *\nDisallow: /x$", "/x", forbidden, 2},
		{"User-agent: *\nDisallow: /x$", "/xy", allowed, 0},
		{"User-agent: *\nDisallow: /*?sort=", "/list?sort=up", forbidden, 2},
		{"User-agent: *\nDisallow: /關於", "/%E9%97%9C%e6%96%bc/us", forbidden, 2},
		{"User-agent: *\nDisallow: /%7euser", "/~user", forbidden, 2},
		{"User-agent: *\nDisallow: /a%2Fb", "/a/b", allowed, 0},
		{"Disallow: /\n", "/page", allowed, 0},
		{"<!doctype html><p>User-agent: *", "/page", allowed, 0},
	} {
		r := readRobots([]byte(c.file))
		if got := r.of(c.path); got.Rule != c.rule || got.Line != c.line {
			t.Errorf("%q says of %s: %+v, want %s by line %d", c.file, c.path, got, c.rule, c.line)
		}
	}
}

// TestRobotsOracle: on files without wildcards, rules as long as each other, and what the library takes for wrong, another
// implementation agrees.
func TestRobotsOracle(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 3))
	word := func() string { return "/" + strings.Repeat(string(rune('a'+r.IntN(2))), 1+r.IntN(3)) }
	forbidden := 0
	for range 5000 {
		var b strings.Builder
		said := map[string]bool{}
		for range 1 + r.IntN(4) {
			fmt.Fprintf(&b, "User-agent: %s\n", []string{"*", "bot", "*"}[r.IntN(3)])
			for range r.IntN(5) {
				if p := word() + word(); !said[p] {
					said[p] = true
					fmt.Fprintf(&b, "%s: %s\n", []string{"Allow", "Disallow"}[r.IntN(2)], p)
				}
			}
		}
		theirs, err := robotstxt.FromString(b.String())
		if err != nil {
			t.Fatal(err)
		}
		ours := readRobots([]byte(b.String()))
		path := word() + word() + word()
		if got, want := ours.of(path), theirs.TestAgent(path, "browser"); (got.Rule == allowed) != want {
			t.Fatalf("%q says of %s: %+v, the library %v", b.String(), path, got, want)
		} else if !want {
			forbidden++
		}
	}
	if forbidden < 300 {
		t.Errorf("only %d of the paths are disallowed", forbidden)
	}
}

// TestRobotsAnswers: what counts as a robots.txt, and that only what it allows is asked if it is obeyed.
func TestRobotsAnswers(t *testing.T) {
	rules := "User-agent: *\nDisallow: /b\nSitemap: https://shop.example/b/map.xml"
	for name, c := range map[string]struct {
		page  Page
		rule  Rule
		asked []string // if it is obeyed
	}{
		"there":     {textPage("text/plain", rules), allowed, []string{"/robots.txt", "/", "/a"}},
		"not there": {Page{Status: 404, Verdict: evidence.Refused}, allowed, []string{"/robots.txt", "/", "/sitemap.xml", "/a", "/b"}},
		"broken":    {Page{Status: 503, Verdict: evidence.Refused}, notKnown, []string{"/robots.txt"}},
		"silent":    {Page{Verdict: evidence.Unreachable}, notKnown, []string{"/robots.txt"}},
		"challenge": {Page{Status: 403, Verdict: evidence.Challenge}, notKnown, []string{"/robots.txt"}},
		"empty":     {textPage("text/plain", ""), allowed, []string{"/robots.txt", "/", "/sitemap.xml", "/a", "/b"}},
	} {
		s := front(htmlPage(`<a href="/a">x</a><a href="/b">x</a>`))
		s.pages["https://shop.example/robots.txt"] = c.page
		tree, _ := crawled(t, s, nil)
		if got := tree.Nodes[0].Robots; got.Rule != c.rule || got.Node != 2 {
			t.Errorf("%s: %+v", name, got)
		}
		tree, asked := crawled(t, s, func(o *Options) { o.ObeyRobots = true })
		var short []string
		for _, a := range asked {
			short = append(short, strings.TrimPrefix(a, "https://shop.example"))
		}
		same(t, name, short, c.asked)
		follows(t, tree)
	}
}

// TestRobotsOfManyHosts: each host is asked once, up to the bound, and one that is led to counts as asked.
func TestRobotsOfManyHosts(t *testing.T) {
	var b strings.Builder
	for i := range 15 {
		fmt.Fprintf(&b, `<a href="https://h%d.shop.example/">x</a><a href="https://h%d.shop.example/2">x</a>`, i, i)
	}
	s := front(htmlPage(b.String()))
	led := textPage("text/plain", "")
	led.FinalURL = "https://h0.shop.example/robots.txt"
	s.pages["https://shop.example/robots.txt"] = led
	tree, asked := crawled(t, s, func(o *Options) { o.Alike = 100 })
	once(t, asked)
	files, unknown := 0, 0
	for _, n := range tree.Nodes {
		if n.Kind == kindRobots {
			files++
		}
		if n.Kind == kindPage && n.Robots.Rule == notKnown {
			unknown++
		}
	}
	if files != 9 || unknown != 12 { // two names share one file; five hosts with two pages each are beyond, and one more
		t.Errorf("%d files, %d pages unknown", files, unknown)
	}
}

func TestRobotsAsPage(t *testing.T) {
	s := front(htmlPage(`<a href="https://m.shop.example/robots.txt">x</a><a href="https://m.shop.example/a">x</a>`))
	s.pages["https://m.shop.example/robots.txt"] = textPage("text/plain", "User-agent: *\nDisallow: /a")
	tree, asked := crawled(t, s, nil)
	once(t, asked)
	if n := tree.Nodes[len(tree.Nodes)-1]; n.Robots.Rule != forbidden || n.Robots.Node != 4 {
		t.Errorf("%+v", n)
	}
}

func FuzzRobots(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /a*b$\nAllow: /%61\nSitemap: x", "/a/b?c=%E4%BD%A0")
	f.Add("User-agent: *\nAllow: /%", "/a/b?c=%DE%%34A0")
	f.Add("\xef\xbb\xbfuser-agent:*\rdisallow:**$*", "/")
	f.Fuzz(func(t *testing.T, file, path string) {
		r := readRobots([]byte(file))
		got := r.of(path)
		if got.Rule != allowed && got.Rule != forbidden || got.Line > strings.Count(file, "\n")+strings.Count(file, "\r")+1 || len(got.Text) > maxRobotsLine {
			t.Errorf("%+v", got)
		}
		if p := octets(path); octets(p) != p {
			t.Errorf("%q is not its own form", p)
		}
	})
}
