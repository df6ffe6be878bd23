package picture

import (
	"context"
	"fmt"

	"yuzheng/capture/chrome/browsing"
	"yuzheng/casefile/evidence"
)

// layersScript lists what is fixed over more than half of the window, and remembers it.
const layersScript = `(() => {
	const out = [], known = globalThis.yuzhengLayers = [], all = innerWidth * innerHeight;
	if (!document.body || !all) return out;
	const w = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT);
	let looked = 0;
	for (let e = w.nextNode(); e && looked < 30000 && out.length < 20; e = w.nextNode(), looked++) {
		if (e.matches("dialog[open]") ? !e.matches(":modal") && getComputedStyle(e).position !== "fixed" : getComputedStyle(e).position !== "fixed") continue;
		const r = e.getBoundingClientRect();
		let share = Math.max(0, Math.min(r.right, innerWidth) - Math.max(r.left, 0)) * Math.max(0, Math.min(r.bottom, innerHeight) - Math.max(r.top, 0)) / all;
		if (e.matches(":modal")) share = 1; // with what lies behind it
		const s = getComputedStyle(e), frame = e.querySelector("iframe") || e.localName === "iframe";
		if (share < 0.5 || e.checkVisibility && !e.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
		if (frame || known.some(k => k.contains(e))) continue; // a frame that fills the window is the page; what lies in a layer is the layer
		const through = /^(?:rgba\(.*, 0\)|transparent)$/.test(s.backgroundColor) && s.backgroundImage === "none" && !(e.innerText || "").trim() && !e.querySelector("img,video,canvas,svg");
		const scrolls = [e, ...e.querySelectorAll("*")].slice(0, 300).some(b => b.scrollHeight > b.clientHeight + 4 && b.clientHeight > innerHeight / 2 && /auto|scroll/.test(getComputedStyle(b).overflowY));
		if (through && !e.matches(":modal") || scrolls) continue; // nothing to see, or a page of its own that scrolls
		known.push(e);
		out.push({name: e.localName + (e.id ? "#" + e.id : typeof e.className === "string" && e.className.trim() ? "." + e.className.trim().split(/\s+/)[0] : ""), text: (e.innerText || "").trim().replace(/\s+/g, " ").slice(0, 80), share});
	}
	return out;
})()`

// layer is something fixed that lies over the window.
type layer struct {
	Name  string  `json:"name"`
	Text  string  `json:"text"`
	Share float64 `json:"share"` // of the window
}

// findLayers notes what lies over the page.
func (c *Camera) findLayers(ctx context.Context) error {
	list, err := browsing.Eval[[]layer](ctx, c.page, layersScript)
	if err != nil {
		return err
	}
	c.layers = list
	for _, l := range list {
		c.journal.Warn(evidence.WindowCovered.With(l.Name, fmt.Sprintf("%q", l.Text), l.Share*100, evidence.ViewportShot))
		c.journal.Good(evidence.CheckLayer, l.Name, "it lies over %.0f %% of the window, fixed: %q", l.Share*100, l.Text)
	}
	return nil
}

// unfixScript takes what lies over the whole window out of every page but the first of what is printed, and puts it back.
const unfixScript = `((off) => {
	const names = ["position"];
	if (off) {
		globalThis.yuzhengUnfixed = (globalThis.yuzhengLayers || []).map(e => [e, e.getAttribute("style")]);
		for (const [e] of globalThis.yuzhengUnfixed) for (const n of names) e.style.setProperty(n, "absolute", "important");
		const sheet = globalThis.yuzhengSheet = new CSSStyleSheet();
		sheet.replaceSync("@media print { dialog::backdrop { position: absolute !important; } }");
		document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
		return true;
	}
	for (const [e, style] of globalThis.yuzhengUnfixed || []) if (style === null) e.removeAttribute("style"); else e.setAttribute("style", style);
	document.adoptedStyleSheets = document.adoptedStyleSheets.filter(s => s !== globalThis.yuzhengSheet);
	return true;
})(%v)`

// unfix keeps what lies over the window from covering every page of the PDF; it lies over the first. Everything else has been taken by then.
func (c *Camera) unfix(ctx context.Context) (back func()) {
	if len(c.layers) == 0 {
		return func() {}
	}
	if _, err := browsing.Eval[bool](ctx, c.page, fmt.Sprintf(unfixScript, true)); err != nil {
		c.journal.Warn(evidence.PrintCovered.With(evidence.PagePDF, err))
		return func() {}
	}
	c.journal.Note(evidence.ByTool, "print", "what lies over the window lies over the first page alone")
	c.journal.Warn(evidence.PrintFirstCovered.With(evidence.PagePDF, c.layers[0].Name))
	return func() { _, _ = browsing.Eval[bool](ctx, c.page, fmt.Sprintf(unfixScript, false)) } // the page may be gone
}
