package compare

import (
	"bytes"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// linkDifference is of where a document leads: by a link, a form or a button. What stands in a query or behind # is left aside.
type linkDifference struct {
	Removed Some[string] `json:"removed"`
	Added   Some[string] `json:"added"`
}

// leading are the attributes that say where an element leads.
var leading = map[string][]string{
	"a": {"href", "xlink:href"}, "area": {"href"}, "form": {"action"}, "button": {"formaction"}, "input": {"formaction"}, "iframe": {"src"}, "meta": {"content"},
}

// linksOf lists where a document leads, each place once.
func linksOf(page []byte) map[string]bool {
	out := map[string]bool{}
	for z := html.NewTokenizer(bytes.NewReader(page)); ; {
		kind := z.Next()
		if kind == html.ErrorToken || len(out) >= maxLinks {
			return out
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		name, more := z.TagName()
		names := leading[string(name)]
		meta := string(name) == "meta"
		for more && names != nil {
			var key, value []byte
			if key, value, more = z.TagAttr(); slices.Contains(names, string(key)) {
				if to := leadsTo(string(value), meta); to != "" {
					out[to] = true
				}
			}
		}
	}
}

// leadsTo is an address without what is there to count; "" for one that stays on the page.
func leadsTo(value string, refresh bool) string {
	value = strings.TrimSpace(value)
	if refresh {
		_, to, ok := strings.Cut(strings.ToLower(value), "url=")
		if !ok {
			return ""
		}
		value = value[len(value)-len(to):]
	}
	if value = withoutQuery(value); strings.HasPrefix(strings.ToLower(value), "javascript:") {
		return "" // a program, in which identifiers are looked for as in any other
	}
	return value
}

func withoutQuery(s string) string {
	s, _, _ = strings.Cut(s, "?")
	s, _, _ = strings.Cut(s, "#")
	return s
}

func links(a, b *reading) *linkDifference {
	if a.links == nil || b.links == nil {
		return nil
	}
	return &linkDifference{Removed: only(a.links, b.links), Added: only(b.links, a.links)}
}
