package page

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"yuzheng/app/faults"
	own "yuzheng/app/window/widget"
	"yuzheng/casefile/evidence"
)

// node is one value of a JSON document, in the document's own order.
type node struct {
	name   string
	text   string // of a scalar
	nested bool
	inner  []node
}

// outline writes a document of facts as indented lines: what matters to a reader first, with our words for the names that
// we know. What is no JSON is given back as it is.
func outline(s own.Words, data []byte) string {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	root, err := readNode(dec, "")
	if err != nil {
		return string(data)
	}
	slices.SortStableFunc(root.inner, func(a, b node) int { return cmp.Compare(rank(a.name), rank(b.name)) })
	var b strings.Builder
	for _, n := range root.inner {
		n.write(&b, s, 0)
	}
	return b.String()
}

// first are the facts that a reader looks for, in this order; last are the long lists.
var (
	first = []string{"taken", "host", "ascii", "unicode", "registrable", "suffix", "dns", "rdap", "clock", "main_document"}
	last  = []string{"connections", "contacts", "errors"}
)

func rank(name string) int {
	if i := slices.Index(first, name); i >= 0 {
		return i
	}
	return len(first) + 1 + slices.Index(last, name)
}

func readNode(dec *json.Decoder, name string) (node, error) {
	n := node{name: name}
	token, err := dec.Token()
	if err != nil {
		return n, err
	}
	open, nested := token.(json.Delim)
	if !nested {
		n.text = scalar(token)
		return n, nil
	}
	n.nested = true
	for i := 1; dec.More(); i++ {
		inner := fmt.Sprint(i)
		if open == '{' {
			key, err := dec.Token()
			if err != nil {
				return n, err
			}
			inner = fmt.Sprint(key)
		}
		child, err := readNode(dec, inner)
		if err != nil {
			return n, err
		}
		n.inner = append(n.inner, child)
	}
	_, err = dec.Token()
	return n, err
}

func scalar(v any) string {
	if v == nil {
		return "—"
	}
	return fmt.Sprint(v)
}

func (n node) write(b *strings.Builder, s own.Words, depth int) {
	indent := strings.Repeat("　　", depth)
	switch name, value, header := n.header(); {
	case header:
		fmt.Fprintf(b, "%s%s：%s\n", indent, name, value)
	case !n.nested:
		fmt.Fprintf(b, "%s%s：%s\n", indent, factWord(s, n.name), factText(s, n.name, n.text))
	case len(n.inner) == 0:
		fmt.Fprintf(b, "%s%s：—\n", indent, factWord(s, n.name))
	default:
		fmt.Fprintf(b, "%s%s\n", indent, factWord(s, n.name))
		for _, inner := range n.inner {
			inner.write(b, s, depth+1)
		}
	}
}

// header reports whether the node is a pair of a name and a value, as HTTP headers are kept.
func (n node) header() (name, value string, ok bool) {
	if len(n.inner) != 2 || n.inner[0].name != "Name" || n.inner[1].name != "Value" {
		return "", "", false
	}
	return n.inner[0].text, n.inner[1].text, true
}

func factWord(s own.Words, key string) string {
	if k := "window.fact." + key; s.Has(k) {
		return s.T(k)
	}
	return key
}

// factText writes instants as people read them and leaves out raw messages, which the artifact has.
func factText(s own.Words, key, text string) string {
	if key == "wire" || key == "body" {
		return s.T("window.fact.raw", "n", len(text))
	}
	if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return Clock(s, t) + "　" + text
	}
	return text
}

// journal writes what tool and page did, one act a line. A line that is no act is given back as it is.
func journal(s own.Words, data []byte) string {
	var b strings.Builder
	for line := range strings.Lines(string(data)) {
		var a evidence.Act
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			b.WriteString(line)
			continue
		}
		detail := a.Detail
		if a.Actor == evidence.ByTool { // what a page says is nobody's to put in words
			detail = faults.Say(spoken(s), detail)
		}
		fmt.Fprintf(&b, "%s　%s　%s　%s\n", Clock(s, a.At), wordOr(s, "window.actor.", string(a.Actor)), wordOr(s, "window.act.", a.Action), detail)
	}
	return b.String()
}

// rows writes lines of JSON as one paragraph each: what was read in from a list, or why it was not.
func rows(s own.Words, data []byte) string {
	var b strings.Builder
	for line := range strings.Lines(string(data)) {
		var v struct {
			Line   int
			Raw    string
			Reason string
			URL    string
			Kind   string
			Value  string
		}
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			b.WriteString(line)
			continue
		}
		parts := []string{s.T("window.viewer.line", "n", v.Line), wordOr(s, "intake.", v.Reason), v.Kind, v.Value, v.URL}
		if v.URL != v.Raw {
			parts = append(parts, v.Raw)
		}
		parts = slices.DeleteFunc(parts, func(t string) bool { return t == "" })
		b.WriteString(strings.ReplaceAll(strings.Join(parts, "　"), "\n", " ") + "\n")
	}
	return b.String()
}

// wordOr is our word for a value, or the value itself where we have none.
func wordOr(s own.Words, prefix, value string) string {
	if s.Has(prefix + value) {
		return s.T(prefix + value)
	}
	return value
}
