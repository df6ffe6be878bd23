package crawl

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"yuzheng/casefile/evidence"

	"golang.org/x/text/encoding/traditionalchinese"
)

// front is a site whose first page is the document.
func front(p Page) *site { return &site{pages: map[string]Page{"https://shop.example/": p}} }

// outcome says what became of each address that a page led to: "ask" or the reason, and the address within the site.
func outcome(tree Tree) []string {
	var out []string
	for _, n := range tree.Nodes {
		if n.Kind == kindPage && n.Depth == 1 {
			out = append(out, "ask "+strings.TrimPrefix(n.URL, "https://shop.example"))
		}
	}
	for _, f := range tree.Found {
		out = append(out, string(f.Reason)+" "+strings.TrimPrefix(f.URL, "https://shop.example"))
	}
	return out
}

func TestLinks(t *testing.T) {
	for _, c := range []struct {
		name, document string
		want           []string
	}{
		{"relative", `<a href=a>x</a><a href="./b/../c">x</a><a href="?q=1">x</a><a href="">x</a><a href="#part">x</a><a href=" /d&#10;e ">x</a>`, []string{"ask /a", "ask /c", "ask /?q=1", "ask /de"}},
		{"base", `<base href="/sub/"><base href="/no/"><a href=a>x</a><a href="/b">x</a>`, []string{"ask /sub/a", "ask /b"}},
		{"base elsewhere", `<base href="https://evil.example/"><a href=a>x</a><a href="https://shop.example/b">x</a>`, []string{"ask /b", "out_of_scope https://evil.example/a"}},
		{"base of a script", `<base href="javascript:x"><a href=a>x</a>`, []string{"ask /a"}},
		{"scheme of the page", `<a href="//shop.example/a">x</a><a href="//other.example/a">x</a>`, []string{"ask /a", "out_of_scope https://other.example/a"}},
		{"host", `<a href="https://SHOP.example:443/a">x</a><a href="https://商店.shop.example/">x</a><a href="https://商店.example/">x</a><a href="https://shop.example./b">x</a>`, []string{"ask /a", "ask https://xn--czrs0t.shop.example/", "ask ./b", "out_of_scope https://xn--czrs0t.example/"}},
		{"account", `<a href="https://shop.example@evil.example/">x</a><a href="https://a:b@shop.example/a">x</a>`, []string{"ask /a", "out_of_scope https://evil.example/"}},
		{"looks alike", `<a href="https://notshop.example/">x</a><a href="https://shop.example.evil.example/">x</a><a href="https://evil.example/shop.example/">x</a><a href="https://evil.example/x.shop.example/">x</a><a href="https://evil.example/?https://shop.example/">x</a><a href="https://evil.example/#/shop.example/">x</a>`, []string{"out_of_scope https://notshop.example/", "out_of_scope .evil.example/", "out_of_scope https://evil.example/shop.example/", "out_of_scope https://evil.example/x.shop.example/", "out_of_scope https://evil.example/?https://shop.example/", "out_of_scope https://evil.example/#/shop.example/"}},
		{"routes", `<a href="#/a">x</a><a href="#!b">x</a><a href="/c#d">x</a><a href="#/a">x</a>`, []string{"ask /#/a", "ask /#!b", "ask /c"}},
		{"same page", `<a href="/a?utm_source=x&amp;id=1">x</a><a href="/a?id=1&amp;fbclid=y">x</a><a href="/a?id=1">x</a><a href="/a?id=1&amp;PHPSESSID=z">x</a><a href="/a;jsessionid=1?id=1">x</a><a href="/a?id=1&amp;sid=0123456789abcdef">x</a><a href="/a?id=1&amp;">x</a>`, []string{"ask /a?utm_source=x&id=1", "same /a?id=1&fbclid=y", "same /a?id=1", "same /a?id=1&PHPSESSID=z", "same /a;jsessionid=1?id=1", "same /a?id=1&sid=0123456789abcdef", "same /a?id=1&"}},
		{"not the same page", `<a href="/a">x</a><a href="/a/">x</a><a href="/A">x</a><a href="/a?x=1&amp;y=2">x</a><a href="/a?y=2&amp;x=1">x</a><a href="/a?sid=12">x</a><a href="http://shop.example/a">x</a>`, []string{"ask /a", "ask /a/", "ask /A", "ask /a?x=1&y=2", "ask /a?y=2&x=1", "ask /a?sid=12", "ask http://shop.example/a"}},
		{"spelt otherwise", `<a href="/a|b">x</a><a href="/a%7Cb">x</a>`, []string{"ask /a|b", "same /a%7Cb"}},
		{"frames", `<iframe src="/f"></iframe><iframe src="about:blank"></iframe><iframe srcdoc="&lt;a href='/in'&gt;x&lt;/a&gt;"></iframe><object data="/o"></object><embed src="/m.mp4">`, []string{"ask /f", "ask /in", "ask /o", "file /m.mp4"}},
		{"frames in frames", `<iframe srcdoc="&lt;base href=/no/&gt;&lt;iframe srcdoc='&amp;lt;a href=in&amp;gt;'&gt;"></iframe><a href="b">x</a>`, []string{"ask /in", "ask /b"}},
		{"hidden places", `<noscript><a href="/n">x</a></noscript><template shadowrootmode=open><a href="/t">x</a></template><svg><a xlink:href="/s"></a></svg><map><area href="/m"></map>`, []string{"ask /n", "ask /t", "ask /s", "ask /m"}},
		{"head", `<link rel=canonical href="/c"><link rel=stylesheet href="/s.css"><link rel="alternate stylesheet" href="/t"><link rel=icon href="/i"><meta property="og:url" content="/o">`, []string{"ask /c", "ask /o"}},
		{"refresh", `<meta http-equiv=Refresh content="0; URL = '/r' "><meta http-equiv=refresh content="5"><meta http-equiv=refresh content="1,/s"><meta http-equiv=refresh content="0;url=https://away.example/">`, []string{"ask /r", "ask /s", "out_of_scope https://away.example/"}},
		{"attributes", `<div onclick="location.href='/on'" data-href="/da" data-url='{"a":1}' data-link="no address"></div><a href="javascript:open('/js')">x</a><a routerlink="/ro">x</a>`, []string{"ask /da", "ask /ro", "ask /on", "ask /js", "scheme javascript:open('/js')"}},
		{"scripts", "<script>a='/sa';b=\"/sb?x=1\";c=`/sc`;d=\"\\/sd\";e='//cdn.example/x';f='// remark';g='/user/:id';h='</p>';i='/MM/DD/*';j=\"http:\\u002f\\u002fshop.example\\u002fsj\";k='/sk?id=';l='http://www.w3.org/2000/svg';m='/app.js';n='#/sn';o='/a.b.c.apk';p='/';q='/mis\"'</script>", []string{"ask /sa", "ask /sb?x=1", "ask /sc", "ask /sd", "ask http://shop.example/sj", "ask /#/sn", "out_of_scope https://cdn.example/x", "file /a.b.c.apk"}},
		{"programs", `<script>a='/api/user';b='/graphql';c='/data/list.json';d='https://api.shop.example/v1';e='/seen'</script><a href="/graphql">x</a><a href="/seen">x</a>`, []string{"ask /graphql", "ask /seen", "interface /api/user", "interface /data/list.json", "interface https://api.shop.example/v1"}},
		{"forms", `<form action="/send"><button formaction="/send2"></button></form><form action="/page"></form><form action="https://take.example/"></form><a href="/page">x</a>`, []string{"ask /page", "out_of_scope https://take.example/", "form /send", "form /send2"}},
		{"changes", `<a href="/logout">x</a><a href="/user/signOut?x=1">x</a><a href="/?action=delete&amp;id=3">x</a><a href="/cart/12/add">x</a><a href="/doDeleteUser">x</a><a href="/u/x9">登出</a><a href="/u/x8">Log  out</a><a href="/%E5%88%AA%E9%99%A4/1">x</a><a href="/unsubscribe.php">x</a><a href="/x7" data-method="DELETE">x</a><a href="#/logout">x</a>`, []string{"state_change /logout", "state_change /user/signOut?x=1", "state_change /?action=delete&id=3", "state_change /cart/12/add", "state_change /doDeleteUser", "state_change /u/x9", "state_change /u/x8", "state_change /%E5%88%AA%E9%99%A4/1", "state_change /unsubscribe.php", "state_change /x7", "state_change /#/logout"}},
		{"changes nothing", `<a href="/blog/how-to-delete-your-account-safely">x</a><a href="/withdraw">出金</a><a href="/model">x</a><a href="/cart">x</a><a href="/deposit">Please read how to log out of it</a>`, []string{"ask /blog/how-to-delete-your-account-safely", "ask /withdraw", "ask /model", "ask /cart", "ask /deposit"}},
		{"schemes", `<a href="tel:0800">x</a><a href="MAILTO:a@b.example">x</a><a href="line://ti/p/x">x</a><a href="data:text/html,x">x</a><a href="ftp://shop.example/a">x</a><a href="intent://x#Intent;end">x</a>`, []string{"scheme tel:0800", "scheme MAILTO:a@b.example", "scheme line://ti/p/x", "scheme data:text/html,x", "scheme ftp://shop.example/a", "scheme intent://x#Intent;end"}},
		{"invitations", `<a href="https://lin.ee/abc">x</a><a href="https://page.line.me/x">x</a><a href="https://t.me/+x">x</a><a href="https://notline.me/">x</a>`, []string{"invitation https://lin.ee/abc", "invitation https://page.line.me/x", "invitation https://t.me/+x", "out_of_scope https://notline.me/"}},
		{"files", `<a href="/a.APK">x</a><a href="/b.pdf?x=1">x</a><a href="/c.jpg">x</a><a href="/d" download>x</a><a href="/e.html">x</a><a href="/f.php?g=h.zip">x</a>`, []string{"ask /e.html", "ask /f.php?g=h.zip", "file /a.APK", "file /b.pdf?x=1", "file /c.jpg", "file /d"}},
		{"malformed", `<a href="http://">x</a><a href="https://a b/">x</a><a href="http://[::1/">x</a><a href="https://shop.example:99999/">x</a>`, []string{"malformed http://", "malformed https://a b/", "malformed http://[::1/", "malformed :99999/"}},
		{"percent", `<a href="/100%">x</a><a href="/%zz">x</a><a href="#/%E4%">x</a>`, []string{"ask /100%", "ask /%zz", "ask /#/%E4%"}},
		{"growing", `<a href="/a/a">x</a><a href="/a/a/a">x</a><a href="/a/b/a/b/a/b">x</a><a href="/?x=1&amp;x=1&amp;x=1">x</a><a href="#/q/q/q">x</a>`, []string{"ask /a/a", "endless /a/a/a", "endless /a/b/a/b/a/b", "endless /?x=1&x=1&x=1", "endless /#/q/q/q"}},
	} {
		tree, asked := crawled(t, front(htmlPage(c.document)), func(o *Options) { o.Depth = 1 })
		once(t, asked)
		follows(t, tree)
		same(t, c.name, outcome(tree), c.want)
	}
}

// TestText: what a link says is kept on one line, and bounded.
func TestText(t *testing.T) {
	tree, _ := crawled(t, front(htmlPage(`<a href="https://out.example/"> 加入 <b>老師</b>`+"\n"+`的群組 `+strings.Repeat("啊", 100)+`</a>`)), nil)
	if got := tree.Found[0].Text; !strings.HasPrefix(got, "加入 老師 的群組 啊") || len(got) > maxText {
		t.Errorf("text is %q", got)
	}
}

// TestCodes: what stands in a code is an address only if it says so itself.
func TestCodes(t *testing.T) {
	p := htmlPage(`<title>not what a link says</title><link rel=next href="/n">text<style>.x{}</style><a href="/a" aria-label="按鈕"><style>.y{}</style></a>`)
	for _, text := range []string{"https://shop.example/c", "加我的賴 abc", "shop.example/d", "bitcoin:bc1", "//shop.example/e", "https://line.me/x", ""} {
		p.Links = append(p.Links, Link{URL: text})
	}
	tree, _ := crawled(t, front(p), func(o *Options) { o.Depth = 1 })
	same(t, "codes", outcome(tree), []string{"ask /n", "ask /a", "ask /c", "malformed 加我的賴 abc", "malformed shop.example/d", "scheme bitcoin:bc1", "malformed //shop.example/e", "invitation https://line.me/x"})
	if n, a := tree.Nodes[3], tree.Nodes[4]; n.Text != "" || a.Text != "按鈕" {
		t.Errorf("texts %q and %q", n.Text, a.Text)
	}
}

func TestLongAddress(t *testing.T) {
	long := strings.Repeat("a", maxAddress)
	tree, _ := crawled(t, front(htmlPage(`<a href="/`+long[:maxAddress-21]+`">x</a><a href="/`+long[:maxAddress-20]+`">x</a><a href="`+long+long+`">x</a><a href="data:text/html,`+long+`">x</a>`)), nil)
	if len(tree.Nodes) != 4 || len(tree.Nodes[3].URL) != maxAddress {
		t.Errorf("%d nodes", len(tree.Nodes))
	}
	for i, want := range []Reason{whyTooLong, whyTooLong, whyOtherScheme} {
		if f := tree.Found[i]; f.Reason != want || len(f.URL) > maxShown {
			t.Errorf("%s: %d bytes shown", f.Reason, len(f.URL))
		}
	}
}

// TestDeep: a document that is nested deeper than a tree may be still gives its links.
func TestDeep(t *testing.T) {
	deep := strings.Repeat("<div>", 600) + `<base href="/s/"><a href="a">x</a><script>x="/from-script"</script><iframe srcdoc='` + strings.Repeat("<b>", 600) + `<a href=b>'></iframe>`
	tree, _ := crawled(t, front(htmlPage(deep)), func(o *Options) { o.Depth = 1 })
	same(t, "deep", outcome(tree), []string{"ask /s/a", "ask /s/b", "ask /from-script"})
}

// TestHostileDocuments: what takes a parser the square of its length takes this one no time to speak of.
func TestHostileDocuments(t *testing.T) {
	var attributes, tables strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&attributes, "<html a%d=1>", i)
		tables.WriteString("<table><b href=x>")
	}
	for name, document := range map[string]string{
		"attributes of one element": "<a " + strings.Repeat("href=/x data-url=/y ", 100_000) + ">", "elements that give attributes": attributes.String(),
		"tables": tables.String(), "anchors": strings.Repeat("<a href=/x>", 100_000), "quotes": "<script>" + strings.Repeat(`"/`, 300_000),
		"frames": strings.Repeat("<iframe srcdoc='<iframe srcdoc=&quot;<iframe srcdoc=x>&quot;>'>", 20_000),
	} {
		began := time.Now()
		crawled(t, front(htmlPage(document)), func(o *Options) { o.Depth = 1 })
		if took := time.Since(began); took > 30*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
}

// TestDocuments: what counts as a document, and in which encoding.
func TestDocuments(t *testing.T) {
	big5, err := traditionalchinese.Big5.NewEncoder().Bytes([]byte(`<meta charset=big5><a href="/關於">登出的功能說明以及其他許許多多的事情</a><a href="/x">登出</a>`))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		page Page
		want []string
	}{
		"source in Big5":        {Page{Status: 200, MediaType: "text/html", Source: big5}, []string{"ask /%E9%97%9C%E6%96%BC", "state_change /x"}},
		"charset of the header": {Page{Status: 200, MediaType: "text/html; charset=Big5", Source: big5[len("<meta charset=big5>"):]}, []string{"ask /%E9%97%9C%E6%96%BC", "state_change /x"}},
		"unknown charset":       {Page{Status: 200, MediaType: "text/html; charset=klingon", DOM: []byte(`<a href=/a>`)}, []string{"ask /a"}},
		"no type":               {Page{Status: 200, DOM: []byte(`<a href=/a>`)}, []string{"ask /a"}},
		"broken type":           {Page{Status: 200, MediaType: "text/html; charset", DOM: []byte(`<a href=/a>`)}, []string{"ask /a"}},
		"not found":             {Page{Status: 404, MediaType: "text/html", DOM: []byte(`<a href=/a>`)}, []string{"ask /a"}},
		"redirect without end":  {Page{Status: 302, MediaType: "text/html", DOM: []byte(`<a href=/a>`)}, []string{"ask /a"}},
		"picture":               {Page{Status: 200, MediaType: "image/png", DOM: []byte(`<a href=/a>`)}, nil},
		"text":                  {Page{Status: 200, MediaType: "text/plain", DOM: []byte(`<a href=/a>`), Source: []byte(`<a href=/a>`)}, nil},
		"JSON":                  {Page{Status: 200, MediaType: "application/json", Source: []byte(`{"next":"\/b"}{"next":"\/next"}`)}, []string{"ask /next"}},
		"nothing":               {Page{Status: 0, Verdict: evidence.Unreachable, FinalURL: "chrome-error://chromewebdata/"}, nil},
	} {
		tree, _ := crawled(t, front(c.page), func(o *Options) { o.Depth = 1 })
		same(t, name, outcome(tree), c.want)
		if name == "nothing" && len(tree.Nodes) != 1 {
			t.Errorf("a host that does not answer is asked for %d files more", len(tree.Nodes)-1)
		}
	}
}

// TestRedirects: a place where two visits end is one page, wherever it stands in the order; a place outside is told.
func TestRedirects(t *testing.T) {
	to := func(address, body string) Page {
		p := htmlPage(body)
		p.FinalURL = address
		return p
	}
	s := &site{pages: map[string]Page{
		"https://shop.example/":     to("https://shop.example/home", `<a href="/r1">x</a><a href="/home">x</a><a href="/r2">x</a><a href="/late">x</a><a href="/out">x</a><a href="/loop1">x</a>`),
		"https://shop.example/r1":   to("https://shop.example/late", `<a href="/from-late">x</a>`),
		"https://shop.example/r2":   to("https://shop.example/home#top", `<a href="/never">x</a>`),
		"https://shop.example/out":  to("https://away.example/x", `<a href="rel">x</a><a href="https://shop.example/back">x</a>`),
		"https://shop.example/late": htmlPage(`<a href="/never">x</a>`), "https://shop.example/loop1": to("https://shop.example/loop2", `<a href="/loop2">x</a>`),
		"https://shop.example/loop2": to("https://shop.example/loop1", `<a href="/never">x</a>`),
	}}
	tree, asked := crawled(t, s, func(o *Options) { o.Sitemaps, o.NoRobots = 0, true })
	once(t, asked)
	var got []string
	for _, n := range tree.Nodes {
		got = append(got, fmt.Sprintf("%s > %s =%d", n.URL[20:], strings.TrimPrefix(n.FinalURL, "https://shop.example"), n.Same))
	}
	same(t, "nodes", got, []string{"/ > /home =0", "/r1 > /late =0", "/r2 > /home =1", "/out > https://away.example/x =0", "/loop1 > /loop2 =0", "/from-late > /from-late =0", "/back > /back =0"})
	same(t, "found", outcome(tree)[4:], []string{"same /late", "out_of_scope https://away.example/x", "out_of_scope https://away.example/rel"})
}

func TestAlike(t *testing.T) {
	s := &site{any: func(address string) Page {
		return htmlPage(`<a href="/` + strings.Repeat("1", len(address)) + `/5">x</a><a href="/calm">x</a>`)
	}}
	tree, _ := crawled(t, s, func(o *Options) { o.Depth, o.Alike = 30, 5 })
	if n := len(tree.Nodes); n != 3+5+1 || tree.Ended != endDone || !slices.Contains(tree.Limits, reachedLimit{limitAlike, 5, 0, 2}) {
		t.Errorf("%d nodes, ended %q, limits %+v", n, tree.Ended, tree.Limits)
	}
}

// TestManyLinks: a page of 100,000 links is read up to the bound, in no time to speak of, and says so.
func TestManyLinks(t *testing.T) {
	var b strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&b, `<a href="/l%d">x</a><script>a="/s%d/x"</script>`, i, i)
	}
	began := time.Now()
	tree, _ := crawled(t, front(htmlPage(b.String())), func(o *Options) { o.Alike = 5 })
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("took %v", took)
	}
	if n := tree.Nodes[0].Links; n != 20_000 || !slices.Contains(tree.Limits, reachedLimit{limitLinks, 10_000, 1, 180_000}) {
		t.Errorf("%d links, limits %+v", n, tree.Limits)
	}
	t.Logf("a page of 200,000 addresses: %v", time.Since(began))
}

// TestLargeDocuments: documents and scripts beyond the bounds are cut, and it is told.
func TestLargeDocuments(t *testing.T) {
	p := htmlPage(`<a href="/a">x</a>` + strings.Repeat(" ", maxDocument) + `<a href="/b">x</a>`)
	p.Scripts = [][]byte{[]byte(`"/sa"` + strings.Repeat(" ", maxScripts) + `"/sb"`), []byte(`"/sc"`)}
	tree, _ := crawled(t, front(p), func(o *Options) { o.Depth = 1 })
	same(t, "large", outcome(tree), []string{"ask /a", "ask /sa"})
	for _, want := range []reachedLimit{{limitDocument, maxDocument, 1, 1}, {limitScripts, maxScripts, 1, 2}} {
		if !slices.Contains(tree.Limits, want) {
			t.Errorf("limits %+v want %+v", tree.Limits, want)
		}
	}
}

func TestScopes(t *testing.T) {
	document := `<a href="https://a.shop.com.tw/x">x</a><a href="https://shop.com.tw/shop/y">x</a><a href="https://shop.com.tw/z">x</a><a href="https://shop.com.tw:8443/p">x</a>
		<a href="https://other.com.tw/">x</a><a href="https://mine.github.io/">x</a><a href="https://yours.github.io/">x</a><a href="http://192.0.2.1/i">x</a><a href="http://192.0.2.1:81/i">x</a><a href="http://[2001:db8::1]/">x</a>`
	for _, c := range []struct {
		start  string
		scope  Scope
		within string
		want   []string
	}{
		{"https://www.shop.com.tw/", scopeDomain, "shop.com.tw", []string{"https://a.shop.com.tw/x", "https://shop.com.tw/shop/y", "https://shop.com.tw/z", "https://shop.com.tw:8443/p"}},
		{"https://shop.com.tw/shop/a", scopeHost, "shop.com.tw", []string{"https://shop.com.tw/shop/y", "https://shop.com.tw/z"}},
		{"http://shop.com.tw/shop/a", scopePath, "shop.com.tw/shop/", []string{"https://shop.com.tw/shop/y"}},
		{"https://mine.github.io/a", scopeDomain, "mine.github.io", []string{"https://mine.github.io/"}},
		{"https://com.tw/", scopeDomain, "com.tw", nil},
		{"http://192.0.2.1/", scopeDomain, "192.0.2.1", []string{"http://192.0.2.1/i"}},
		{"http://192.0.2.1:81/", scopeDomain, "192.0.2.1:81", []string{"http://192.0.2.1:81/i"}},
		{"http://[2001:DB8::1]/a", scopeHost, "[2001:db8::1]", []string{"http://[2001:db8::1]/"}},
		{"http://shop.com.tw.:80/", scopeDomain, "shop.com.tw", []string{"https://a.shop.com.tw/x", "https://shop.com.tw/shop/y", "https://shop.com.tw/z", "https://shop.com.tw:8443/p"}},
	} {
		s := &site{pages: map[string]Page{}, any: func(string) Page { return htmlPage(document) }}
		tree, asked := crawled(t, s, func(o *Options) { o.Start, o.Scope, o.Sitemaps, o.NoRobots = c.start, c.scope, 0, true })
		same(t, c.start+" "+string(c.scope), asked[1:], c.want)
		if tree.Within != c.within {
			t.Errorf("%s: within %q, want %q", c.start, tree.Within, c.within)
		}
	}
}

// TestAddresses: so many addresses are kept and no more, each once.
func TestAddresses(t *testing.T) {
	var b strings.Builder
	for i := range 20 {
		fmt.Fprintf(&b, `<form action="/form"></form><a href="https://out%d.example/">x</a>`, i)
	}
	tree, _ := crawled(t, front(htmlPage(b.String())), func(o *Options) { o.Addresses = 10 })
	if n := len(tree.Found); n != 10-1 || tree.Found[8].Reason != whyForm { // the start is one of them
		t.Errorf("%d found: %+v", n, tree.Found)
	}
	if !slices.Contains(tree.Limits, reachedLimit{limitAddresses, 10, 0, 13}) {
		t.Errorf("limits %+v", tree.Limits)
	}
}

// TestPackedName: an address that ends as a packed file may still be a page.
func TestPackedName(t *testing.T) {
	s := front(htmlPage(`<a href="/a.xml.gz">x</a>`))
	s.pages["https://shop.example/a.xml.gz"] = htmlPage(`<a href="/b">x</a>`)
	tree, _ := crawled(t, s, func(o *Options) { o.Files = true })
	if n := tree.Nodes[len(tree.Nodes)-1]; n.URL != "https://shop.example/b" {
		t.Errorf("the last one is %s", n.URL)
	}
}

func TestOptions(t *testing.T) {
	document := `<a href="/a.apk">x</a><a href="/news/1">x</a><a href="/b">x</a>`
	tree, _ := crawled(t, front(htmlPage(document)), func(o *Options) { o.Files, o.Skip = true, []string{`/news/\d+$`} })
	same(t, "files and skip", outcome(tree), []string{"ask /a.apk", "ask /b", "skip /news/1"})
	tree, asked := crawled(t, front(htmlPage(document)), func(o *Options) { o.NoRobots, o.Sitemaps, o.Depth = true, 0, 0 })
	if len(asked) != 1 || tree.Nodes[0].Robots.Rule != notKnown {
		t.Errorf("asked %v", asked)
	}
	tree, _ = crawled(t, front(htmlPage(document)), func(o *Options) { o.Pages = 2 })
	same(t, "pages", outcome(tree), []string{"ask /news/1", "file /a.apk", "pages /b"})
	if tree.Ended != endPages || !slices.Contains(tree.Limits, reachedLimit{limitPages, 2, 0, 1}) {
		t.Errorf("ended %q, limits %+v", tree.Ended, tree.Limits)
	}
}
