package picture

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"yuzheng/capture/chrome/browsing"
	"yuzheng/casefile/evidence"
)

// appearanceScript tells how the words and pictures of the page show where the window stands: which are there and hidden (by opacity, visibility,
// clipping, a transform), how many words show in each part as high as a window, what its style cuts off, and which layers lie over it.
const appearanceScript = `(() => {
	const step = {{step}}, root = document.scrollingElement || document.documentElement, g = globalThis;
	const out = {height: root ? root.scrollHeight : 0, view: innerHeight, hidden: [], words: [], cut: 0, forms: [], below: 0};
	if (!root || !document.body) return out;
	const own = getComputedStyle(document.body), leftward = /-rl$/.test(own.writingMode) || !/^(vertical|sideways)/.test(own.writingMode) && own.direction === "rtl";
	const opacities = new Map(), high = innerHeight * innerWidth;
	const opacity = e => {
		if (!e || e.nodeType !== 1) return 1;
		let o = opacities.get(e);
		if (o === undefined) {
			const s = getComputedStyle(e);
			o = /opacity\(0/.test(s.filter) || /inset\((?:100|50)%|circle\(0/.test(s.clipPath) ? 0 : Number(s.opacity);
			o *= opacity(e.parentElement || (e.getRootNode() instanceof ShadowRoot ? e.getRootNode().host : null));
			opacities.set(e, o);
		}
		return o;
	};
	const boxes = (g.yuzhengBoxes || []).filter(b => b !== root && b !== document.body);
	const shows = e => e.checkVisibility({visibilityProperty: true}) && opacity(e) > 0.3;
	const hidden = g.yuzhengHidden = [];
	const look = (e, chars) => {
		if (e.checkVisibility && !e.checkVisibility()) return;
		const r = e.getBoundingClientRect(), none = r.width < 1 || r.height < 1;
		if (none && !(e.offsetHeight > 8) || !none && (r.width < 3 || r.height < 3)) return;
		const top = r.top + scrollY, there = shows(e) && !none, left = r.left + scrollX;
		if (there) {
			if (left > root.scrollWidth || r.right + scrollX < 0 && !leftward) return;
			if (top > out.height + 20 && !boxes.some(b => b.contains(e))) out.cut += chars;
			const band = Math.floor(top / step);
			if (band >= 0 && band < 500) out.words[band] = (out.words[band] || 0) + chars;
		} else if (r.top >= innerHeight || r.bottom <= 0) {
			hidden.push(e);
			if (out.hidden.length < 2000) out.hidden.push({index: hidden.length - 1, y: top, chars});
		}
	};
	let looked = 0;
	const seen = new Set(), w = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
	for (let n = w.nextNode(); n && looked < 60000; n = w.nextNode(), looked++) {
		if (n.nodeType === 3) {
			const text = n.data.trim(), e = n.parentElement;
			if (text.length > 1 && e && !seen.has(e) && !/^(script|style|noscript|template|title|option)$/.test(e.localName)) { seen.add(e); look(e, text.length); }
		} else if (n.localName === "img" && n.naturalWidth > 60 && n.naturalHeight > 60) look(n, 2);
		else if (n.localName === "iframe") { const r = n.getBoundingClientRect(); if (r.width > 30 && r.height > 30 && r.bottom > innerHeight && n.checkVisibility({visibilityProperty: true})) out.below++; }
		else if (n.localName === "form" && out.forms.length < 50) out.forms.push({action: n.action && typeof n.action === "string" ? n.action : "", fields: n.elements.length});
	}
	for (let i = 0; i < out.words.length; i++) out.words[i] ||= 0;
	out.all = looked < 60000;
	return out;
})()`

// appearance is what appearanceScript tells.
type appearance struct {
	Height float64 `json:"height"`
	View   float64 `json:"view"`
	Hidden []struct {
		Index int     `json:"index"`
		Y     float64 `json:"y"`
		Chars int     `json:"chars"`
	} `json:"hidden"`
	Words []int `json:"words"` // characters that show, by parts as high as the window
	Cut   int   `json:"cut"`   // characters that its style cuts off
	Below int   `json:"below"` // frames that reach below the window
	Forms []struct {
		Action string `json:"action"`
		Fields int    `json:"fields"`
	} `json:"forms"`
	All bool `json:"all"` // of the page was looked at
}

// maxBands bounds the parts of a picture, as high as the window, that are looked at.
const maxBands = 500

// says notes that so many characters show in a part as high as the window.
func (a *appearance) says(band, chars int) {
	for len(a.Words) <= band && band < maxBands {
		a.Words = append(a.Words, 0)
	}
	if band < maxBands {
		a.Words[band] += chars
	}
}

// add notes what a frame that stands for the page shows.
func (a *appearance) add(in appearance) {
	for band, chars := range in.Words {
		a.says(band, chars)
	}
	a.Forms = append(a.Forms, in.Forms...)
}

// between is how many characters show between two heights of the page.
func (a *appearance) between(from, until, step float64) int {
	n := 0
	for band, chars := range a.Words {
		if y := float64(band) * step; y >= from && y < until {
			n += chars
		}
	}
	return n
}

// showsScript tells which of the hidden things show now: their numbers.
const showsScript = `(() => {
	const shows = e => {
		if (!e.isConnected || !e.checkVisibility({visibilityProperty: true})) return false;
		let o = 1;
		for (let p = e; p && p.nodeType === 1; p = p.parentElement || (p.getRootNode() instanceof ShadowRoot ? p.getRootNode().host : null)) {
			const s = getComputedStyle(p);
			if (/inset\((?:100|50)%|circle\(0/.test(s.clipPath) || /opacity\(0/.test(s.filter)) return false;
			o *= Number(s.opacity);
		}
		return o > 0.3;
	};
	return (globalThis.yuzhengHidden || []).slice(0, 2000).flatMap((e, i) => { const r = e.getBoundingClientRect(); return r.width >= 1 && r.height >= 1 && shows(e) ? [i] : []; });
})()`

// Bounds of the search for what shows only in view.
const (
	maxLooks   = 12 // places to which the window is moved to see whether what is hidden shows there
	looksTime  = 12 * time.Second
	enoughSeen = 3 // places at which something showed
)

// jumpScript moves the window without a glide, gives the page two frames, and tells where it then stands.
const jumpScript = `(async () => {
	window.scrollTo({top: %v, left: 0, behavior: "instant"});
	await new Promise(done => { const t = setTimeout(done, 300); requestAnimationFrame(() => requestAnimationFrame(() => { clearTimeout(t); done(); })); });
	return scrollY;
})()`

// Appear finds out how the page shows: what lies over it, and what shows only in view.
func (c *Camera) Appear(ctx context.Context) error {
	if err := c.findLayers(ctx); err != nil {
		return err
	}
	only, err := c.inView(ctx)
	c.onlyHere = only
	return err
}

// inView finds out what shows only while it is in the window, and reports whether there is such a thing. What comes once and stays has come
// when it returns.
func (c *Camera) inView(ctx context.Context) (bool, error) {
	script := strings.Replace(appearanceScript, "{{step}}", strconv.FormatInt(c.page.Visitor.Height, 10), 1)
	a, err := browsing.Eval[appearance](ctx, c.page, script)
	if err != nil {
		return false, err
	}
	c.looks = a
	c.foreign = a.Below > 0 && c.page.Foreign()
	if c.Stretched > 0 { // the page is what its frames hold
		for _, f := range c.page.Frames(ctx)[1:] {
			in, err := browsing.EvalIn[appearance](ctx, f.Session, f.ID, script)
			if err == nil && in.View > c.Stretched*WindowFilling {
				c.looks.add(in)
			}
		}
		return false, nil
	}
	if len(a.Hidden) == 0 || a.View <= 0 || a.Height < a.View*1.1 {
		return false, nil
	}
	wait, cancel := context.WithTimeout(ctx, min(looksTime, c.limits.Time/6))
	defer cancel()
	came, err := c.lookAround(wait, a)
	if err != nil && ctx.Err() != nil {
		return false, err
	}
	c.came = came
	for _, h := range a.Hidden {
		if band := int(h.Y / float64(c.page.Visitor.Height)); came[h.Index] && band >= 0 {
			a.says(band, h.Chars)
		}
	}
	c.looks = a
	if _, err := c.jump(ctx, 0); err != nil || len(came) == 0 {
		return false, err
	}
	gone, err := c.stillHidden(ctx, came)
	if err == nil && gone == 0 {
		c.journal.Note(evidence.ByTool, "show", "%d parts that had been hidden have come into view and stayed", len(came))
	}
	return gone > 0, err
}

// lookAround moves the window to where something is hidden, and gives the numbers of what shows there.
func (c *Camera) lookAround(ctx context.Context, a appearance) (map[int]bool, error) {
	came, looks, seen, last := map[int]bool{}, 0, 0, math.Inf(-1)
	for _, h := range a.Hidden {
		if math.Abs(h.Y-last) < a.View*0.8 {
			continue
		}
		if looks++; looks > maxLooks || seen >= enoughSeen {
			break
		}
		last = h.Y
		if _, err := c.jump(ctx, max(0, h.Y-a.View*0.4)); err != nil {
			return came, err
		}
		shows, err := browsing.Eval[[]int](ctx, c.page, showsScript)
		if err != nil {
			return came, err
		}
		if len(shows) > 0 {
			seen++
		}
		for _, i := range shows {
			came[i] = true
		}
	}
	return came, nil
}

// stillHidden counts what came into view and does not show now.
func (c *Camera) stillHidden(ctx context.Context, came map[int]bool) (int, error) {
	shows, err := browsing.Eval[[]int](ctx, c.page, showsScript)
	gone := len(came)
	for _, i := range shows {
		if came[i] {
			gone--
		}
	}
	return gone, err
}

// jump moves the window to a place of the page, waits until what begins there has come to its end, and gives the place.
func (c *Camera) jump(ctx context.Context, y float64) (float64, error) {
	at, err := browsing.Eval[float64](ctx, c.page, fmt.Sprintf(jumpScript, y))
	if err != nil {
		return at, err
	}
	_, err = Still(ctx, c.page)
	return at, err
}

// JudgeForms notes forms, and what no visitor sees of the page.
func (c *Camera) JudgeForms() {
	for _, f := range c.looks.Forms {
		c.journal.Good(evidence.CheckForm, f.Action, "%d fields", f.Fields)
	}
	if c.looks.Cut > 0 {
		c.journal.Warn(evidence.TextCutOff.With(c.looks.Cut))
	}
}
