package crawl

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

const (
	maxText = 80 // bytes of what a link says
	maxNest = 3  // documents inside attributes of documents
)

// begins matches what begins like an address, where an attribute may hold anything.
var begins = regexp.MustCompile(`^\s*(?i:https?://|//|/|\.\.?/|\?|#[/!])\S`)

// link is an address as it stands on a page.
type link struct {
	raw     string
	how     How
	where   string
	text    string
	form    bool // a form sends its fields there
	changes bool // asked by another method than GET
	saves   bool // the document says that it is to be saved
	utf8    bool // stands in a document of its own that is UTF-8 whatever the page is
}

// finder collects the links of one page in the order of its document.
//
// It reads tags and builds no tree: html.Parse, and colly with it, gives a document up that is nested deeper than 512 elements, and takes
// a time that grows with the square of some (22 s for 2 MB of html elements with attributes), in which nothing can stop it.
type finder struct {
	max     int // of each way
	links   []link
	count   map[How]int
	dropped int
	base    string // the first base element's
	hasBase bool
	nest    int
	srcdoc  bool

	open   bool // an a element is
	anchor int  // the links from here on are that element's
	label  strings.Builder
}

func newFinder(limit int) *finder { return &finder{max: limit, count: map[How]int{}} }

func (f *finder) add(l link) {
	l.raw = strings.TrimSpace(l.raw)
	if l.raw == "" || strings.HasPrefix(l.raw, "#") && !isRoute(l.raw[1:]) {
		return
	}
	if f.count[l.how] == f.max {
		f.dropped++
		return
	}
	f.count[l.how]++
	l.utf8 = f.srcdoc
	f.links = append(f.links, l)
}

// document reads an HTML document in UTF-8.
func (f *finder) document(text []byte) {
	z := html.NewTokenizer(bytes.NewReader(text))
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		switch kind {
		case html.StartTagToken, html.SelfClosingTagToken:
			f.tag(z, kind)
		case html.EndTagToken:
			if name, _ := z.TagName(); string(name) == "a" {
				f.endAnchor()
			}
		case html.TextToken:
			if f.open && f.label.Len() < 4*maxText {
				f.label.WriteString(cut(string(z.Text()), 4*maxText) + " ")
			}
		}
	}
	f.endAnchor()
}

// tag reads one tag, and what stands in an element whose content is no part of the document.
func (f *finder) tag(z *html.Tokenizer, kind html.TokenType) {
	t := z.Token()
	if t.Data == "a" {
		f.endAnchor()
		f.open = true
	}
	f.element(t.Data, t.Attr)
	switch t.Data {
	case "script", "noscript", "style":
		if kind == html.StartTagToken && z.Next() == html.TextToken {
			f.inside(t.Data, z.Text())
		}
	}
}

// endAnchor gives the links of the a element that was open what it says.
func (f *finder) endAnchor() {
	if said := tidy(f.label.String(), maxText); said != "" {
		for i := f.anchor; i < len(f.links); i++ {
			f.links[i].text = said
		}
	}
	f.open, f.anchor = false, len(f.links)
	f.label.Reset()
}

func (f *finder) inside(name string, text []byte) {
	switch {
	case name == "script":
		f.script(string(text), name)
	case name != "style" && f.nest < maxNest:
		outer := f.srcdoc
		f.nest, f.srcdoc = f.nest+1, outer || name == "srcdoc"
		f.document(text)
		f.nest, f.srcdoc = f.nest-1, outer
	}
}

func (f *finder) element(name string, attributes []html.Attribute) {
	switch {
	case name == "base":
		f.setBase(value(attributes, "href"))
	case name == "meta":
		f.meta(attributes)
	case name == "link" && !leads(value(attributes, "rel")):
		return
	}
	method := strings.ToLower(value(attributes, "data-method"))
	l := link{
		how: inLink, text: tidy(value(attributes, "aria-label"), maxText),
		changes: method != "" && method != "get", saves: has(attributes, "download"),
	}
	for _, a := range attributes {
		switch {
		case name == "iframe" && a.Key == "srcdoc":
			f.inside(a.Key, []byte(a.Val))
		case strings.HasPrefix(a.Key, "on"):
			f.script(a.Val, a.Key)
		case slices.Contains(pointers[name], a.Key) || slices.Contains(pointers["*"], a.Key) && begins.MatchString(a.Val):
			l.raw, l.where, l.form = a.Val, name+" "+a.Key, a.Key == "action" || a.Key == "formaction"
			f.add(l)
			if rest, ok := cutScheme(a.Val, "javascript:"); ok {
				f.script(rest, l.where)
			}
		}
	}
}

func (f *finder) setBase(href string) {
	if href != "" && !f.hasBase && f.nest == 0 {
		f.base, f.hasBase = href, true
	}
}

// meta reads a refresh (https://html.spec.whatwg.org/#attr-meta-http-equiv-refresh) and the address that a page names for itself.
func (f *finder) meta(attributes []html.Attribute) {
	content := value(attributes, "content")
	if value(attributes, "property") == "og:url" {
		f.add(link{raw: content, how: inLink, where: "meta og:url"})
	}
	i := strings.IndexAny(content, ";,")
	if i < 0 || !strings.EqualFold(value(attributes, "http-equiv"), "refresh") {
		return
	}
	to := strings.TrimSpace(content[i+1:])
	if name, rest, ok := strings.Cut(to, "="); ok && strings.EqualFold(strings.TrimSpace(name), "url") {
		to = strings.TrimSpace(rest)
	}
	if to != "" && (to[0] == '"' || to[0] == '\'') {
		to, _, _ = strings.Cut(to[1:], to[:1])
	}
	f.add(link{raw: to, how: byRedirect, where: "meta refresh"})
}

// leads reports whether a link element's rel names a page.
func leads(rel string) bool {
	words := strings.Fields(strings.ToLower(cut(rel, maxShown)))
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(relations, w) }) && !slices.Contains(words, "stylesheet")
}

func has(attributes []html.Attribute, key string) bool {
	return slices.ContainsFunc(attributes, func(a html.Attribute) bool { return a.Key == key })
}

func value(attributes []html.Attribute, key string) string {
	for _, a := range attributes {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// cutScheme is true of an address with this scheme; browsers drop blanks before it.
func cutScheme(raw, scheme string) (rest string, ok bool) {
	raw = strings.TrimLeftFunc(raw, func(r rune) bool { return r <= ' ' })
	if len(raw) < len(scheme) || !strings.EqualFold(raw[:len(scheme)], scheme) {
		return "", false
	}
	return raw[len(scheme):], true
}

// tidy makes text of a page fit for one line of at most limit bytes.
func tidy(text string, limit int) string {
	return strings.Clone(cut(strings.Join(strings.Fields(strings.ToValidUTF8(cut(text, 4*limit), "\uFFFD")), " "), limit)) // and holds no whole script
}

// cut gives the first limit bytes of text, between characters.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}
