package reading

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// A document's HTML holds of a field only what it began with: what was typed or set by a script is state of the browser. It is written into the
// copy, so that the copy shows what the page showed, and is marked:
const (
	stateMark = "data-yuzheng-state" // what was written: value, checked, unchecked, selected, unselected
	wasMark   = "data-yuzheng-was"   // the value that stood there, where one did
)

// state is how a field stands.
type state struct {
	value   *string // nil where it is as the document says
	was     *string // of the document; nil where it has none
	on      *bool   // of a box, whether it is ticked; nil where it is as the document says
	options []bool  // of a list, what is chosen; nil where it is as the document says
}

func (s state) differs() bool { return s.value != nil || s.on != nil || s.options != nil }

func (s state) equal(t state) bool {
	same := func(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }
	return same(s.value, t.value) && (s.on == t.on || s.on != nil && t.on != nil && *s.on == *t.on) && slices.Equal(s.options, t.options)
}

// states are those of the fields of a document by how their tags look, in the order of the document.
func (d *drawn) states() map[string][]state {
	out := map[string][]state{}
	for i := range d.nodes {
		n := &d.nodes[i]
		switch n.name {
		case "input", "textarea", "select":
			key := d.looks(i)
			out[key] = append(out[key], d.state(i))
		}
	}
	return out
}

func (d *drawn) state(i int) state {
	n := &d.nodes[i]
	switch {
	case n.name == "select":
		return d.choice(n)
	case n.name == "textarea":
		return n.written(d.content(n), true)
	case n.typeIs("checkbox", "radio"):
		if _, was := n.attribute("checked"); was != n.on {
			return state{on: &n.on}
		}
		return state{}
	case n.typeIs("hidden", "file", "image", "submit", "button", "reset"):
		return state{} // what their value is stands in the document
	}
	was, is := n.attribute("value")
	return n.written(was, is)
}

func (n *drawnNode) typeIs(names ...string) bool {
	return slices.Contains(names, strings.ToLower(n.said("type")))
}

// written is the state of a field for text, whose document says was, if it says anything.
func (n *drawnNode) written(was string, is bool) (s state) {
	if n.value == nil || *n.value == was || n.dots() {
		return s
	}
	s.value = n.value
	if is {
		s.was = &was
	}
	return s
}

// content is the text between the tags of an element that holds nothing else.
func (d *drawn) content(n *drawnNode) string {
	var b strings.Builder
	for _, c := range n.children {
		if d.nodes[c].kind == textNode {
			b.WriteString(d.nodes[c].text)
		}
	}
	return b.String()
}

// choice is the state of a list. Where it is that which the document leads to, nothing differs (HTML, 4.10.7: the last option marked as chosen, or
// else the first that can be, unless several can be chosen or seen).
func (d *drawn) choice(n *drawnNode) state {
	options := d.options(n)
	is := make([]bool, len(options))
	for i, o := range options {
		is[i] = o.on
	}
	if slices.Equal(is, n.began(options)) {
		return state{}
	}
	return state{options: is}
}

// began is what is chosen of a list before anybody chooses.
func (n *drawnNode) began(options []*drawnNode) []bool {
	was := make([]bool, len(options))
	last, first := -1, -1
	for i, o := range options {
		if _, was[i] = o.attribute("selected"); was[i] {
			last = i
		}
		if _, off := o.attribute("disabled"); first < 0 && !off {
			first = i
		}
	}
	if _, several := n.attribute("multiple"); several {
		return was
	}
	if size := n.said("size"); last < 0 && (size == "" || size == "0" || size == "1") {
		last = first
	}
	for i := range was {
		was[i] = i == last
	}
	return was
}

// looks is what the tag of a field is known by in HTML that Chrome wrote.
func (d *drawn) looks(i int) string {
	n := &d.nodes[i]
	list := []string{n.name, map[bool]string{true: "shadow"}[n.shadow]}
	for _, name := range lookAttributes {
		v, ok := n.attribute(name)
		list = append(list, look(v, ok))
	}
	for _, o := range d.options(n) {
		v, ok := o.attribute("value")
		list = append(list, look(v, ok))
	}
	return strings.Join(list, "\x00")
}

var lookAttributes = []string{"type", "name", "id", "class", "value", "placeholder"}

func look(value string, ok bool) string {
	if !ok {
		return "-"
	}
	return "=" + strings.ReplaceAll(strings.ReplaceAll(value, "\r\n", "\n"), "\r", "\n")
}

// withState writes the state of fields into a document's HTML. unsure counts those whose tag could not be told from others: they are left as they were.
func withState(page []byte, states map[string][]state) (out []byte, unsure int) {
	tags := map[string][]fieldTag{}
	for _, t := range fieldTags(page) {
		tags[t.looks()] = append(tags[t.looks()], t)
	}
	var edits []edit
	for key, list := range states {
		if !slices.ContainsFunc(list, state.differs) {
			continue
		}
		alike := !slices.ContainsFunc(list, func(s state) bool { return !s.equal(list[0]) })
		if len(tags[key]) != len(list) && !alike || len(tags[key]) == 0 {
			unsure += len(list)
			continue
		}
		for i, t := range tags[key] {
			edits = append(edits, t.edits(list[min(i, len(list)-1)])...)
		}
	}
	return edited(page, edits), unsure
}

// span is a part of a document, from its first byte to the one after its last.
type span struct{ from, to int }

// edit replaces a part of a document.
type edit struct {
	at  span
	put string
}

func edited(page []byte, edits []edit) []byte {
	if len(edits) == 0 {
		return page
	}
	slices.SortFunc(edits, func(a, b edit) int { return cmp.Compare(a.at.from, b.at.from) })
	var out bytes.Buffer
	at := 0
	for _, e := range edits {
		out.Write(page[at:e.at.from])
		out.WriteString(e.put)
		at = e.at.to
	}
	out.Write(page[at:])
	return out.Bytes()
}

// fieldTag is the tag of a field, or of an option, in a document's HTML.
type fieldTag struct {
	html.Token
	at      span
	content span // of a textarea, between its tags
	shadow  bool
	options []fieldTag
}

func (t fieldTag) attribute(name string) (string, bool) {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func (t fieldTag) looks() string {
	list := []string{t.Data, map[bool]string{true: "shadow"}[t.shadow]}
	for _, name := range lookAttributes {
		v, ok := t.attribute(name)
		list = append(list, look(v, ok))
	}
	for _, o := range t.options {
		v, ok := o.attribute("value")
		list = append(list, look(v, ok))
	}
	return strings.Join(list, "\x00")
}

// edits are what writes a state into a tag.
func (t fieldTag) edits(s state) (list []edit) {
	switch {
	case s.on != nil:
		return []edit{{t.at, t.switched("checked", *s.on)}}
	case s.options != nil:
		for i, o := range t.options {
			if _, was := o.attribute("selected"); i < len(s.options) && was != s.options[i] {
				list = append(list, edit{o.at, o.switched("selected", s.options[i])})
			}
		}
	case s.value != nil && t.Data == "textarea":
		text := "\n" + html.EscapeString(*s.value) // a line end after the tag is not part of the text
		return []edit{{t.at, t.marked("value", s.was).String()}, {t.content, text}}
	case s.value != nil:
		t = t.marked("value", s.was)
		return []edit{{t.at, t.with("value", *s.value).String()}}
	}
	return list
}

// switched is a tag with an attribute that is there or not.
func (t fieldTag) switched(name string, on bool) string {
	if on {
		return t.marked(name, nil).with(name, "").String()
	}
	t = t.marked("un"+name, nil)
	t.Attr = slices.DeleteFunc(t.Attr, func(a html.Attribute) bool { return a.Key == name })
	return t.String()
}

func (t fieldTag) marked(what string, was *string) fieldTag {
	t = t.with(stateMark, what)
	if was != nil {
		t = t.with(wasMark, *was)
	}
	return t
}

func (t fieldTag) with(name, value string) fieldTag {
	t.Attr = slices.Clone(t.Attr)
	if i := slices.IndexFunc(t.Attr, func(a html.Attribute) bool { return a.Key == name }); i >= 0 {
		t.Attr[i].Val = value
		return t
	}
	t.Attr = append(t.Attr, html.Attribute{Key: name, Val: value})
	return t
}

// tagReader goes through a document's HTML.
type tagReader struct {
	list    []fieldTag
	inert   int    // templates around, that are no shadow roots
	shadows []bool // of each template around, whether it is a shadow root
	raw     bool   // in noscript, which a page with scripts keeps as text
	list0   int    // index of the list that is open, from 1
}

// fieldTags lists the fields in a document's HTML. What is in a template is no field.
func fieldTags(page []byte) []fieldTag {
	z := html.NewTokenizer(bytes.NewReader(page))
	var r tagReader
	for at := 0; ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			return r.list
		}
		from := at
		at += len(z.Raw())
		r.take(kind, z, span{from, at})
	}
}

func (r *tagReader) take(kind html.TokenType, z *html.Tokenizer, at span) {
	switch kind {
	case html.StartTagToken, html.SelfClosingTagToken:
		name, _ := z.TagName()
		switch n := string(name); n {
		case "template", "noscript", "input", "textarea", "select", "option":
			r.open(fieldTag{Token: tokenOf(z, n, kind), at: at, content: span{at.to, at.to}, shadow: slices.Contains(r.shadows, true)})
		}
	case html.EndTagToken:
		name, _ := z.TagName()
		r.closed(string(name))
	case html.TextToken:
		if k := len(r.list) - 1; k >= 0 && r.list[k].Data == "textarea" && r.list[k].at.to == at.from {
			r.list[k].content = at
		}
	}
}

// tokenOf reads the attributes of the tag whose name has been read.
func tokenOf(z *html.Tokenizer, name string, kind html.TokenType) html.Token {
	t := html.Token{Type: kind, Data: name}
	for {
		key, value, more := z.TagAttr()
		if len(key) > 0 {
			t.Attr = append(t.Attr, html.Attribute{Key: string(key), Val: string(value)})
		}
		if !more {
			return t
		}
	}
}

func (r *tagReader) open(t fieldTag) {
	switch {
	case t.Data == "template":
		_, one := t.attribute("shadowrootmode")
		_, other := t.attribute("shadowmode") // as MHTML writes it
		r.shadows = append(r.shadows, one || other)
		if !one && !other {
			r.inert++
		}
	case t.Data == "noscript":
		r.raw = true
	case r.raw || r.inert > 0:
	case t.Data == "option":
		if r.list0 > 0 {
			s := &r.list[r.list0-1]
			s.options = append(s.options, t)
		}
	default:
		r.list = append(r.list, t)
		if t.Data == "select" {
			r.list0 = len(r.list)
		}
	}
}

func (r *tagReader) closed(name string) {
	switch name {
	case "template":
		if k := len(r.shadows) - 1; k >= 0 {
			if !r.shadows[k] {
				r.inert--
			}
			r.shadows = r.shadows[:k]
		}
	case "noscript":
		r.raw = false
	case "select":
		r.list0 = 0
	}
}
