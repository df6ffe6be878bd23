package reading

import (
	"slices"
	"strings"
)

// Withheld stands for what is in a field that shows only dots: that is no words to a visitor, and may be a person's password.
const Withheld = "(drawn as dots, not kept)"

// field adds what stands in a field, in the line that it is drawn in.
func (r *wordReader) field(n *drawnNode) {
	if len(n.boxes) == 0 || !n.style().visible() {
		return
	}
	switch n.name {
	case "textarea":
		r.filled(n)
	case "select":
		r.chosen(n)
	case "input":
		r.input(n)
	}
}

func (r *wordReader) input(n *drawnNode) {
	switch kind := strings.ToLower(n.said("type")); kind {
	case "hidden", "image":
	case "file":
		if n.value != nil {
			r.between(kindField, n, *n.value)
		}
	case "checkbox", "radio":
		r.between(kindField, n, ticked[n.on])
	case "submit", "button", "reset":
		r.between(kindButton, n, n.said("value"))
	default:
		r.filled(n)
	}
}

// dots reports whether a field draws dots in place of what stands in it.
func (n *drawnNode) dots() bool { return n.secret || n.typeIs("password") || n.style().dotted() }

// ticked is how text.txt draws a box that a visitor ticks.
var ticked = map[bool]string{true: "☑", false: "☐"}

// filled adds the value of a field for text, or what stands in its place while it has none.
func (r *wordReader) filled(n *drawnNode) {
	value := ""
	if n.value != nil {
		value = *n.value
	}
	switch {
	case strings.TrimSpace(value) == "":
		r.between(kindPlaceholder, n, n.said("placeholder"))
	case n.dots():
		r.between(kindField, n, Withheld)
	default:
		r.between(kindField, n, value)
	}
}

// between adds words of a field, which stand for themselves in a line.
func (r *wordReader) between(kind wordKind, n *drawnNode, text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	r.add(kind, " "+text+" ")
	if r.label = r.labels[n.said("id")]; r.label == "" {
		r.label = n.said("aria-label")
	}
}

// labels are the words of the labels that name their field, by the field's id.
func (d *drawn) labels() map[string]string {
	out := map[string]string{}
	for i := range d.nodes {
		if id := d.nodes[i].said("for"); id != "" && d.nodes[i].name == "label" {
			out[id] = strings.Join(strings.Fields(d.textOf(i)), " ")
		}
	}
	return out
}

// textOf is the text in a node, drawn or not.
func (d *drawn) textOf(i int) string {
	n := &d.nodes[i]
	switch {
	case n.kind == textNode && n.pseudo == "":
		return n.text
	case n.name == "script" || n.name == "style" || n.name == "template":
		return ""
	}
	var b strings.Builder
	for _, c := range n.children {
		b.WriteString(d.textOf(c) + " ")
	}
	return b.String()
}

// chosen adds what is chosen of a list, and then a line for each other thing that it offers.
func (r *wordReader) chosen(n *drawnNode) {
	var on []string
	for _, o := range r.doc.options(n) {
		if o.on {
			on = append(on, r.optionName(o))
		}
	}
	r.between(kindField, n, strings.Join(on, "、"))
	r.offer(n, on)
}

// offer adds the options of a list but for those chosen, behind the line that the list stands in.
func (r *wordReader) offer(n *drawnNode, chosen []string) {
	for _, o := range r.doc.options(n) {
		if name := r.optionName(o); name != "" && !slices.Contains(chosen, name) {
			r.after = append(r.after, wordLine{[]wordKind{kindOption}, name})
		}
	}
}

// options lists those of a select or datalist, in groups or not.
func (d *drawn) options(n *drawnNode) (list []*drawnNode) {
	if n.name == "input" || n.name == "textarea" {
		return nil
	}
	for _, c := range n.children {
		if o := &d.nodes[c]; o.name == "option" {
			list = append(list, o)
		} else {
			list = append(list, d.options(o)...)
		}
	}
	return list
}

// optionName is what an option shows.
func (r *wordReader) optionName(o *drawnNode) string {
	if label := o.said("label"); label != "" {
		return label
	}
	var b strings.Builder
	for _, c := range o.children {
		b.WriteString(r.doc.nodes[c].text)
	}
	if name := strings.Join(strings.Fields(b.String()), " "); name != "" {
		return name
	}
	return o.said("value")
}
