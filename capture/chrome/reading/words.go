package reading

import (
	"slices"
	"strings"
	"unicode"

	"github.com/chromedp/cdproto/domsnapshot"
)

// wordKind says where words stand that a page's own text (innerText) leaves out.
type wordKind string

// The kinds, as text.txt names them. The first group is drawn, the last is not.
const (
	kindField       wordKind = "field"       // what stands in a field, with the words of its line; of a list what is chosen, of a box whether it is ticked
	kindPlaceholder wordKind = "placeholder" // in an empty field
	kindButton      wordKind = "button"      // of an input that is one
	kindGenerated   wordKind = "generated"   // by a style sheet, with the words of its line
	kindMark        wordKind = "mark"        // a list's own, with the words of its line
	kindSVG         wordKind = "svg"         // drawn as a picture
	kindShadow      wordKind = "shadow"      // in a shadow root, open or closed
	kindReversed    wordKind = "reversed"    // drawn from the last character to the first: as it is drawn
	kindBroken      wordKind = "broken"      // in place of a picture that did not come
	kindInView      wordKind = "in-view"     // drawn once it is scrolled to

	kindOption  wordKind = "option"  // offered by a list, not chosen
	kindAlt     wordKind = "alt"     // of a picture that is there
	kindLabel   wordKind = "label"   // read out in place of what is seen (ARIA)
	kindTooltip wordKind = "tooltip" // shown while the mouse is on it
	kindGauge   wordKind = "gauge"   // of a meter or a progress bar
	kindUnseen  wordKind = "unseen"  // in the page's text, and drawn where nobody sees it
)

// wordLine is a line of words, as it is drawn, with the kinds of what the page's own text lacks of it.
type wordLine struct {
	kinds []wordKind
	text  string
}

func (l wordLine) String() string {
	names := make([]string, len(l.kinds))
	for i, k := range l.kinds {
		names[i] = string(k)
	}
	return "[" + strings.Join(names, " ") + "] " + l.text
}

// wordReader walks through a document in the order in which it reads, and gathers its lines.
type wordReader struct {
	doc    *drawn
	reach  reach
	plain  string          // the page's own text without space
	lines  map[string]bool // its lines, without space
	broken map[string]bool // what stands in place of pictures that did not come

	labels map[string]string // of fields, by their id

	line    strings.Builder
	has     []wordKind
	label   string     // of the field in this line
	plainly bool       // the line holds more than fields
	after   []wordLine // of what the lists in this line offer
	out     []wordLine
	size    int
	more    bool // than maxBeside
}

// maxBeside bounds what stands beside the text of one document, in bytes.
const maxBeside = 8 << 20

// spot is what is known of a node from those around it.
type spot struct {
	style  drawnStyle // of the nearest box
	unseen bool
	in     wordKind // of every text here; "" for the page's own
}

// besides gives the lines of a document that its own text lacks, in the order of the page, and whether there are more.
func besides(d *drawn, text string, broken []string) ([]wordLine, bool) {
	r := wordReader{doc: d, reach: d.reach(), plain: Unspaced(text), lines: map[string]bool{}, broken: map[string]bool{}, labels: d.labels()}
	for line := range strings.Lines(text) {
		r.lines[Unspaced(line)] = true
	}
	for _, alt := range broken {
		r.broken[strings.TrimSpace(alt)] = true
	}
	if len(d.nodes) > 0 {
		r.walk(0, spot{})
		r.flush()
	}
	return r.out, r.more
}

// Unspaced is a text without its white space: two that differ in nothing else say the same.
func Unspaced(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// walk reads a node and what is in it.
func (r *wordReader) walk(i int, at spot) {
	n := &r.doc.nodes[i]
	if r.more || n.name == "script" || n.name == "style" || n.name == "template" {
		return
	}
	at = r.placed(n, at)
	apart := n.kind == elementNode && breaks(n)
	if apart {
		r.flush()
	}
	if n.kind == elementNode && n.pseudo == "" {
		r.notes(n)
		r.field(n)
	}
	r.drawnText(n, at)
	if !holdsNoWords(n) {
		r.inside(i, at)
	}
	if apart {
		r.flush()
	}
}

// The values of Node.nodeType that are told apart.
const (
	elementNode = 1
	textNode    = 3
)

// inside reads the children: what a style sheet puts at the end comes first in a snapshot.
func (r *wordReader) inside(i int, at spot) {
	n := &r.doc.nodes[i]
	last := func(i int) bool { return r.doc.nodes[i].pseudo == "after" }
	for _, c := range n.children {
		if !last(c) {
			r.walk(c, at)
		}
	}
	if n.style().whenInView() && !slices.ContainsFunc(n.children, func(i int) bool { return len(r.doc.nodes[i].boxes) > 0 }) {
		r.asleep(i)
	}
	for _, c := range n.children {
		if last(c) {
			r.walk(c, at)
		}
	}
}

// placed is what holds for a node and all in it.
func (r *wordReader) placed(n *drawnNode, at spot) spot {
	if len(n.boxes) > 0 {
		at.style = n.style()
		at.unseen = at.unseen || at.style.faded() || r.reach.outside(n.boxes[0].bounds) || n.hides()
	}
	switch {
	case n.pseudo == "marker":
		at.in = kindMark
	case n.pseudo != "":
		at.in = kindGenerated
	case n.name == "svg":
		at.in = kindSVG
	case n.shadow && at.in == "":
		at.in = kindShadow
	case !n.shadow && at.in == kindShadow:
		at.in = "" // filled into a slot
	case at.in == "" && n.style().whenInView():
		at.in = kindInView
	}
	return at
}

// hides reports whether an element cuts off all that is in it. What root and body cut off is what the window does (CSS Overflow 3, 3.3).
func (n *drawnNode) hides() bool {
	return n.style().clips() && tiny(n.boxes[0].bounds) && n.name != "html" && n.name != "body"
}

// tiny is how pages hide what is for readers of the source, or of the screen, alone.
func tiny(b domsnapshot.Rectangle) bool { return len(b) == 4 && (b[2] <= 1 || b[3] <= 1) }

// breaks reports whether an element begins a line of its own. Cells stay in the line of their row.
func breaks(n *drawnNode) bool {
	if n.name == "br" || n.name == "option" || n.name == "optgroup" {
		return true
	}
	d := n.style().display()
	return d != "" && d != "contents" && d != "table-cell" && !strings.HasPrefix(d, "inline") && !strings.HasPrefix(d, "ruby")
}

// holdsNoWords is for elements whose children are not drawn as they stand.
func holdsNoWords(n *drawnNode) bool {
	return slices.Contains([]string{"textarea", "select", "datalist", "meter", "progress", "iframe", "object", "canvas", "video", "audio"}, n.name)
}

// drawnText adds what is drawn of a node.
func (r *wordReader) drawnText(n *drawnNode, at spot) {
	if n.name == "td" || n.name == "th" {
		r.line.WriteByte(' ')
	}
	styled := at.in == kindMark || at.in == kindGenerated
	if styled && !says(n.drawn()) {
		return
	}
	for _, b := range n.boxes {
		if b.text == "" || !b.style.visible() {
			continue
		}
		switch {
		case styled:
			r.add(at.in, b.text)
		case b.style.turned():
			r.add(kindReversed, turned(b.text))
		case strings.ContainsRune(b.text, override):
			r.add(kindReversed, unfolded(b.text))
		case at.in == "" && at.unseen:
			r.add(kindUnseen, b.text)
		default:
			r.add(at.in, b.text)
		}
	}
}

// drawn is all that is drawn of a node: a style sheet may write it in pieces, such as the parts of a number and what stands between them.
func (n *drawnNode) drawn() string {
	var all strings.Builder
	for _, b := range n.boxes {
		if b.style.visible() {
			all.WriteString(b.text)
		}
	}
	return all.String()
}

// says reports whether something a style sheet puts there is words: a letter, a digit or a sum of money, and not a bullet, an arrow or an icon.
func says(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Sc, r)
	})
}

// The characters between which text is drawn from right to left whatever it is (Unicode UAX 9, 2.2).
const (
	override    = '\u202e'
	overrideEnd = '\u202c'
)

// unfolded is a text as it is drawn that holds such characters, which nobody sees.
func unfolded(text string) string {
	out, folded, more := strings.Cut(text, string(override))
	for more {
		var rest string
		folded, rest, more = strings.Cut(folded, string(override))
		inside, after, _ := strings.Cut(folded, string(overrideEnd))
		out += turned(inside) + after
		folded = rest
	}
	return out
}

// turned is a text from its end.
func turned(text string) string {
	runes := []rune(text)
	slices.Reverse(runes)
	return string(runes)
}

func (r *wordReader) add(kind wordKind, text string) {
	r.line.WriteString(text)
	r.plainly = r.plainly || kind != kindField && kind != kindPlaceholder && strings.TrimSpace(text) != ""
	if kind != "" && strings.TrimSpace(text) != "" && !slices.Contains(r.has, kind) {
		r.has = append(r.has, kind)
	}
}

// flush ends a line. One that is all the page's own text is left out, and so is a drawn one that the text has.
func (r *wordReader) flush() {
	text, has, after := strings.Join(strings.Fields(r.line.String()), " "), r.has, r.after
	if !r.plainly && text != "" && r.label != "" {
		text = r.label + ": " + text
	}
	r.line.Reset()
	r.has, r.after, r.label, r.plainly = nil, nil, "", false
	known := len(has) == 1 && (has[0] == kindSVG || has[0] == kindInView) && r.lines[Unspaced(text)]
	if len(has) > 0 && text != "" && !known {
		r.put(has, text)
	}
	for _, l := range after {
		r.put(l.kinds, l.text)
	}
}

func (r *wordReader) put(kinds []wordKind, text string) {
	if r.size += len(text) + 16; r.size > maxBeside {
		r.more = true
		return
	}
	r.out = append(r.out, wordLine{kinds, text})
}

// aside adds a line of what is not drawn, unless the text says it as well.
func (r *wordReader) aside(kind wordKind, text string) {
	if text = strings.Join(strings.Fields(text), " "); text != "" && !strings.Contains(r.plain, Unspaced(text)) {
		r.put([]wordKind{kind}, text)
	}
}

// notes adds what an element says beside what is drawn.
func (r *wordReader) notes(n *drawnNode) {
	if alt := n.said("alt"); n.name == "img" || n.name == "area" || n.name == "input" && n.said("type") == "image" {
		kind := kindAlt
		if r.broken[alt] {
			kind = kindBroken
		}
		r.aside(kind, alt)
	}
	for _, name := range []string{"aria-label", "aria-description", "aria-valuetext", "aria-placeholder", "aria-roledescription"} {
		r.aside(kindLabel, n.said(name))
	}
	r.aside(kindTooltip, n.said("title"))
	if (n.name == "meter" || n.name == "progress") && len(n.boxes) > 0 && n.said("value") != "" {
		r.put([]wordKind{kindGauge}, strings.TrimSuffix(n.said("value")+" / "+n.said("max"), " / "))
	}
	if n.name == "datalist" {
		r.offer(n, nil)
	}
}

// asleep adds the words of an element whose content Chrome draws only while it is in view.
func (r *wordReader) asleep(i int) { r.aside(kindInView, r.doc.textOf(i)) }
