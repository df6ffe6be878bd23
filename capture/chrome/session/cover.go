package session

import (
	"context"
	"encoding/json"
	"fmt"

	"yuzheng/capture/chrome/browsing"
	"yuzheng/capture/chrome/exhibit"
	"yuzheng/casefile/evidence"
)

// coverScript covers what a frame shows of typed passwords: text with a highlight of its own colour, which changes nothing of the document, and
// fields with dots. It gives how much there was.
const coverScript = `((secrets) => {
	const word = (c) => c !== undefined && /[0-9a-z]/i.test(c);
	const places = (text) => {
		const out = [];
		for (const s of secrets) for (let i = text.indexOf(s.text); i >= 0; i = text.indexOf(s.text, i + 1)) if (!s.alone || !word(text[i - 1]) && !word(text[i + s.text.length])) out.push([i, i + s.text.length]);
		return out;
	};
	const name = "yuzheng-cover", ranges = [], fields = [], roots = [];
	const look = (root) => {
		let found = false;
		const walk = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
		for (let n = walk.nextNode(); n; n = walk.nextNode()) {
			if (n.nodeType === 1) {
				if (n.shadowRoot) look(n.shadowRoot);
				if (/^(input|textarea)$/.test(n.localName) && n.type !== "password" && n.type !== "hidden" && places(String(n.value)).length) fields.push(n);
				continue;
			}
			for (const [from, to] of places(n.data)) {
				const r = new Range();
				r.setStart(n, from); r.setEnd(n, to);
				if (r.getClientRects().length) { ranges.push(r); found = true; }
			}
		}
		if (found) roots.push(root instanceof ShadowRoot ? root : document);
	};
	look(document);
	const sheet = new CSSStyleSheet(), before = new Map();
	sheet.replaceSync("::highlight(" + name + ") { background-color: #000; color: #000; }");
	if (ranges.length) CSS.highlights.set(name, new Highlight(...ranges));
	for (const r of roots) r.adoptedStyleSheets = [...r.adoptedStyleSheets, sheet];
	for (const f of fields) { before.set(f, f.getAttribute("style")); f.style.setProperty("-webkit-text-security", "disc", "important"); }
	globalThis.yuzhengUncover = () => {
		CSS.highlights.delete(name);
		for (const r of roots) r.adoptedStyleSheets = r.adoptedStyleSheets.filter((s) => s !== sheet);
		for (const [f, style] of before) if (style === null) f.removeAttribute("style"); else f.setAttribute("style", style);
		return true;
	};
	return ranges.length + fields.length;
})(%s)`

// cover keeps typed passwords out of the pictures that are taken until uncover is called. A page that shows none is not touched.
func (s *Session) cover(ctx context.Context, x *exhibit.Exhibit) (uncover func()) {
	type one struct {
		Text  string `json:"text"`
		Alone bool   `json:"alone"`
	}
	list := []one{}
	for _, typed := range s.secrets() {
		list = append(list, one{typed.Text, typed.Alone})
	}
	text, err := json.Marshal(list)
	if len(list) == 0 || err != nil {
		return func() {}
	}
	var covered []browsing.Frame
	for _, f := range x.Page.Frames(ctx) {
		n, err := browsing.EvalIn[int](ctx, f.Session, f.ID, fmt.Sprintf(coverScript, text))
		if err == nil && n > 0 {
			covered = append(covered, f)
		}
	}
	if len(covered) == 0 {
		return func() {}
	}
	x.Segment.Shown = true
	x.Journal.Warn(evidence.PasswordCovered.With())
	return func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), exhibit.LastLook)
		defer cancel()
		for _, f := range covered {
			if _, err := browsing.EvalIn[bool](ctx, f.Session, f.ID, "yuzhengUncover()"); err != nil {
				x.Journal.Warn(evidence.Uncovering.With(err))
			}
		}
	}
}
