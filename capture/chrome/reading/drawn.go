package reading

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/domsnapshot"

	"yuzheng/capture/chrome/browsing"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/scrub"
	"yuzheng/casefile/evidence"
)

// drawn is a document as Chrome has laid it out: its nodes in the order of the flat tree (open and closed shadow roots in place, slots filled).
type drawn struct {
	frame cdp.FrameID
	nodes []drawnNode
}

// drawnNode is one node of it. What has no box is not drawn.
type drawnNode struct {
	kind       int64  // as Node.nodeType
	name       string // of an element, in lower case
	text       string // of a text node, as in the document
	attributes []string
	pseudo     string // before, after, marker and the like
	shadow     bool   // in a shadow root of the page
	value      *string
	on         bool // a checked box, a chosen option
	secret     bool // a person has typed it as a password
	boxes      []drawnBox
	children   []int
}

// drawnBox is what is drawn of a node, with what is needed to tell whether it can be seen.
type drawnBox struct {
	text   string // as it is drawn: of a counter the number, of attr() the value
	style  drawnStyle
	bounds domsnapshot.Rectangle
}

// drawnStyle are the computed styles asked for, in the order of styleNames.
type drawnStyle [9]string

var styleNames = []string{"display", "visibility", "opacity", "overflow", "content-visibility", "-webkit-text-security", "unicode-bidi", "direction", "writing-mode"}

func (s drawnStyle) display() string  { return s[0] }
func (s drawnStyle) visible() bool    { return s[1] == "" || s[1] == "visible" }
func (s drawnStyle) faded() bool      { return s[2] == "0" }
func (s drawnStyle) clips() bool      { return s[3] != "" && !strings.Contains(s[3], "visible") }
func (s drawnStyle) whenInView() bool { return s[4] == "auto" }
func (s drawnStyle) dotted() bool     { return s[5] != "" && s[5] != "none" }
func (s drawnStyle) turned() bool     { return strings.Contains(s[6], "override") && s[7] == "rtl" }

// leftward reports whether what is too wide for its page goes on to the left of the window: text from right to left, or columns of it.
func (s drawnStyle) leftward() bool {
	switch s[8] {
	case "vertical-rl", "sideways-rl":
		return true
	case "", "horizontal-tb":
		return s[7] == "rtl"
	}
	return false
}

// upward reports the same of what is too high for its page.
func (s drawnStyle) upward() bool {
	return s[8] != "" && s[8] != "horizontal-tb" && (s[7] == "rtl") != (s[8] == "sideways-lr")
}

// reach is where a page goes on beyond the window, which its body decides.
type reach struct {
	leftward, upward bool
	window           domsnapshot.Rectangle
}

// reach finds out; of a document without a body or a box it goes on to the right and down.
func (d *drawn) reach() (r reach) {
	for i := range d.nodes {
		n := &d.nodes[i]
		if i == 0 && len(n.boxes) > 0 {
			r.window = n.boxes[0].bounds
		}
		if n.name == "body" && len(n.boxes) > 0 {
			r.leftward, r.upward = n.style().leftward(), n.style().upward()
			break
		}
	}
	return r
}

// outside reports whether a box lies where nothing scrolls to: left of a page, or above it, or on the other sides of one that goes on there.
func (r reach) outside(b domsnapshot.Rectangle) bool {
	if len(b) != 4 || b[2] <= 0 || b[3] <= 0 {
		return false
	}
	return beyond(b[0], b[2], at(r.window, 2), r.leftward) || beyond(b[1], b[3], at(r.window, 3), r.upward)
}

// beyond is that in one direction; back says that the page goes on towards smaller numbers.
func beyond(from, long, window float64, back bool) bool {
	if back {
		return window > 0 && from >= window
	}
	return from+long <= 0
}

// attribute is the value of an attribute, and whether there is one.
func (n *drawnNode) attribute(name string) (string, bool) {
	for i := 0; i+1 < len(n.attributes); i += 2 {
		if strings.EqualFold(n.attributes[i], name) {
			return n.attributes[i+1], true
		}
	}
	return "", false
}

func (n *drawnNode) said(name string) string {
	v, _ := n.attribute(name)
	return strings.TrimSpace(v)
}

// style is that of the node's own box.
func (n *drawnNode) style() (s drawnStyle) {
	if len(n.boxes) > 0 {
		s = n.boxes[0].style
	}
	return s
}

// readDrawn reads every document of the page as it is drawn, by its frame. One that cannot be read so is named; the page's own text stands all the same.
func (r *Reader) readDrawn(ctx context.Context) map[cdp.FrameID]*drawn {
	out := map[cdp.FrameID]*drawn{}
	for _, s := range r.page.Roots() {
		list, err := drawnDocuments(ctx, s)
		if err != nil && s.ID == r.page.Session.ID {
			r.journal.Warn(evidence.TextFieldsUnread.With(err))
		}
		for _, d := range list {
			d.withhold(r.secrets())
			out[d.frame] = d
		}
	}
	return out
}

// withhold marks the fields in which a typed password stands for all to see.
func (d *drawn) withhold(secrets scrub.Secrets) {
	for _, s := range secrets {
		for i := range d.nodes {
			d.nodes[i].secret = d.nodes[i].secret || d.nodes[i].value != nil && *d.nodes[i].value == s.Text
		}
	}
}

// crowdedScript finds what a snapshot takes too long for: Chrome then looks through all of a line for every piece of it, so that the time grows with
// the square of the pieces in one block.
const crowdedScript = `(() => {
	let pieces = 0;
	for (const e of document.getElementsByTagName("*")) {
		if (e.childNodes.length < 500 || !e.firstElementChild) continue;
		if (/^(inline|contents)/.test(getComputedStyle(e.children[e.children.length >> 1]).display)) pieces += e.childNodes.length ** 2;
	}
	return pieces;
})()`

// crowded is about two seconds of it.
const crowded = 3e8

// drawnTime is how long a process may take to tell what it has laid out.
const drawnTime = 15 * time.Second

var errCrowded = errors.New("too many pieces in one line")

// drawnDocuments reads the documents of a session: the page's, or that of a frame of another site, with the frames in its process.
func drawnDocuments(ctx context.Context, s devtools.Session) ([]*drawn, error) {
	ctx, cancel := context.WithTimeout(ctx, drawnTime)
	defer cancel()
	if pieces, err := browsing.EvalIn[float64](ctx, s, cdp.FrameID(s.Target), crowdedScript); err != nil || pieces > crowded {
		return nil, cmp.Or(err, errCrowded)
	}
	r, err := devtools.Call(ctx, s, domsnapshot.CaptureSnapshot, domsnapshot.CaptureSnapshotParams{ComputedStyles: styleNames})
	if err != nil {
		return nil, err
	}
	var out []*drawn
	for _, d := range r.Documents {
		if d.Nodes != nil {
			out = append(out, drawnOf(d, strung(r.Strings)))
		}
	}
	return out, nil
}

// strung is the table of strings that a snapshot refers to.
type strung []string

func (t strung) at(i domsnapshot.StringIndex) string {
	if i < 0 || int(i) >= len(t) {
		return ""
	}
	return t[i]
}

func (t strung) all(list []int64) []string {
	if len(list) == 0 {
		return nil
	}
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = t.at(domsnapshot.StringIndex(x))
	}
	return out
}

func drawnOf(d *domsnapshot.DocumentSnapshot, t strung) *drawn {
	out := &drawn{frame: cdp.FrameID(t.at(d.FrameID)), nodes: make([]drawnNode, len(d.Nodes.NodeType))}
	in := d.Nodes
	for i := range out.nodes {
		n := &out.nodes[i]
		n.kind, n.name = in.NodeType[i], strings.ToLower(t.at(at(in.NodeName, i)))
		n.text = t.at(at(in.NodeValue, i))
		n.attributes = t.all(at(in.Attributes, i))
		if p := at(in.ParentIndex, i); i > 0 && p >= 0 && int(p) < i {
			out.nodes[p].children = append(out.nodes[p].children, i)
		}
	}
	out.mark(in, t)
	out.layOut(d.Layout, t)
	return out
}

// at is the element of a list that the browser may have made shorter than it should be.
func at[T any](list []T, i int) (v T) {
	if i < len(list) {
		v = list[i]
	}
	return v
}

// mark fills in what few nodes have.
func (d *drawn) mark(in *domsnapshot.NodeTreeSnapshot, t strung) {
	each := func(r *domsnapshot.RareStringData, take func(n *drawnNode, s string)) {
		for k := 0; r != nil && k < min(len(r.Index), len(r.Value)); k++ {
			if i := r.Index[k]; i >= 0 && int(i) < len(d.nodes) {
				take(&d.nodes[i], t.at(r.Value[k]))
			}
		}
	}
	each(in.PseudoType, func(n *drawnNode, s string) { n.pseudo = s })
	each(in.ShadowRootType, func(n *drawnNode, s string) { n.shadow = s != string(cdp.ShadowRootTypeUserAgent) })
	each(in.InputValue, func(n *drawnNode, s string) { n.value = &s })
	each(in.TextValue, func(n *drawnNode, s string) { n.value = &s })
	for _, r := range []*domsnapshot.RareBooleanData{in.InputChecked, in.OptionSelected} {
		for k := 0; r != nil && k < len(r.Index); k++ {
			if i := r.Index[k]; i >= 0 && int(i) < len(d.nodes) {
				d.nodes[i].on = true
			}
		}
	}
}

// layOut gives every node its boxes.
func (d *drawn) layOut(in *domsnapshot.LayoutTreeSnapshot, t strung) {
	if in == nil {
		return
	}
	for k, i := range in.NodeIndex {
		if i < 0 || int(i) >= len(d.nodes) {
			continue
		}
		b := drawnBox{text: t.at(at(in.Text, k)), bounds: at(in.Bounds, k)}
		for x, s := range t.all(at(in.Styles, k)) {
			if x < len(b.style) {
				b.style[x] = s
			}
		}
		d.nodes[i].boxes = append(d.nodes[i].boxes, b)
	}
}
