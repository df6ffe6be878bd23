package document

import (
	"regexp"
	"strings"
)

// whole finds what is not to be broken at the end of a line: names, addresses, numbers of exhibits, with the marks around them that must not stand
// alone.
var whole = regexp.MustCompile(`[（「『【［]*(?:證?[!-~]*[0-9A-Za-z][-./:_@=?&#]+[0-9A-Za-z][!-~]*|證[A-Z][0-9]+)[，、；：。）」』】］]*`)

// breaks are where a name that is longer than its line is broken after all, the better place first.
const breaks = "/."

// wholeNames writes text as HTML in which no name is broken that fits on a line of its own: a box is set whole where it can be. No character is added, so
// that what is copied out of the PDF is what it was.
func wholeNames(text string) string {
	var b strings.Builder
	at := 0
	for _, m := range whole.FindAllStringIndex(text, -1) {
		b.WriteString(esc(text[at:m[0]]))
		box(&b, text[m[0]:m[1]], breaks)
		at = m[1]
	}
	b.WriteString(esc(text[at:]))
	return b.String()
}

// box is a text in one box, and within it its parts between breaks in boxes of their own.
func box(b *strings.Builder, text, at string) {
	b.WriteString(`<span class="n">`)
	if at == "" {
		b.WriteString(esc(text))
	} else {
		for i, part := range strings.SplitAfter(text, at[:1]) {
			if i > 0 && part != "" {
				b.WriteString("<wbr>")
			}
			if strings.ContainsAny(part[:max(len(part)-1, 0)], breaks+"-") {
				box(b, part, at[1:])
			} else {
				b.WriteString(esc(part))
			}
		}
	}
	b.WriteString("</span>")
}
