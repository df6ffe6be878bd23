package visit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"yuzheng/capture"
	"yuzheng/capture/chrome/browsing"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/exhibit"
	"yuzheng/capture/chrome/picture"
	"yuzheng/casefile/evidence"
)

// Bounds of walking through what scrolls.
const (
	scrollShare    = 2                // the whole walk takes at most this part of the capture's time: a half
	boxTime        = 12 * time.Second // for one box, beside the page itself
	boxEnd         = 2                // equal extents in a row end a box that does not stand for the page
	boxPause       = 60 * time.Millisecond
	stuckSteps     = 4 // without any progress end a walk
	maxStretches   = 4 // of the window
	maxScrollables = 60
)

// boxesScript lists what scrolls in a frame: its page first, then each box that holds more than it shows, open shadow roots included. They
// are numbered, and remembered in a world of our own.
const boxesScript = `(() => {
	const root = document.scrollingElement || document.documentElement;
	if (!root) return [];
	const known = globalThis.yuzhengBoxes = [];
	const html = getComputedStyle(document.documentElement), body = document.body ? getComputedStyle(document.body) : html;
	const out = [], slack = 4;
	const name = e => e === root ? "page" : e.localName + (e.id ? "#" + e.id : typeof e.className === "string" && e.className.trim() ? "." + e.className.trim().split(/\s+/)[0] : "");
	const add = (e, y, x, cut) => {
		const wide = e === root ? innerWidth : e.clientWidth, high = e === root ? innerHeight : e.clientHeight;
		const i = known.push(e) - 1, one = {index: i, name: name(e), width: wide, height: high, window_width: innerWidth, window_height: innerHeight, cut};
		if (y) out.push({...one, axis: "y", at: e.scrollTop, view: high, extent: e.scrollHeight});
		if (x) out.push({...one, axis: "x", at: e.scrollLeft, view: wide, extent: e.scrollWidth});
	};
	const keeps = s => /hidden|clip/.test(s);
	const own = html.overflowY === "visible" ? body : html; // the style that holds for the window
	add(root, true, root.scrollWidth > innerWidth + slack, keeps(own.overflowY) || body.position === "fixed" ? (body.position === "fixed" ? "position:fixed" : "overflow:" + own.overflowY) : "");
	let looked = 0;
	const walk = where => {
		const w = document.createTreeWalker(where, NodeFilter.SHOW_ELEMENT);
		for (let e = w.nextNode(); e && looked < 30000 && out.length < 200; e = w.nextNode(), looked++) {
			if (e.shadowRoot) walk(e.shadowRoot);
			const y = e.scrollHeight > e.clientHeight + slack, x = e.scrollWidth > e.clientWidth + slack;
			if (!y && !x || e === root || e === document.documentElement || e.clientHeight < 30 || e.clientWidth < 30) continue;
			if (e === document.body && html.overflowY === "visible" && html.overflowX === "visible") continue; // its style is the window's
			const s = getComputedStyle(e), scrolls = v => /auto|scroll|overlay/.test(v);
			if (!(y && scrolls(s.overflowY)) && !(x && scrolls(s.overflowX)) || e.localName === "select" || e.localName === "textarea" || e.checkVisibility && !e.checkVisibility({visibilityProperty: true})) continue;
			add(e, y && scrolls(s.overflowY), x && scrolls(s.overflowX), "");
		}
	};
	walk(document);
	return out;
})()`

// StepScript scrolls one box by a part of what it shows, forwards or back, and gives where it then stands; it remembers the lines of text.
const StepScript = `(async (i, axis, by) => {
	const root = document.scrollingElement || document.documentElement, e = (globalThis.yuzhengBoxes || [])[i];
	if (!e || !e.isConnected) return {gone: true};
	const y = axis === "y", view = e === root ? (y ? innerHeight : innerWidth) : y ? e.clientHeight : e.clientWidth;
	const at = () => y ? e.scrollTop : e.scrollLeft;
	let mute = false; // a sandbox without scripts: no timer ever comes
	try {
		const probe = document.createElement("div");
		probe.innerHTML = "<noscript><i></i></noscript>";
		mute = !!probe.querySelector("i");
	} catch {} // Trusted Types, which are for scripts
	const far = Math.round(view * by), to = {behavior: "instant", [y ? "top" : "left"]: far};
	(e === root ? window : e).scrollBy(to);
	if (!mute) await new Promise(done => { const t = setTimeout(done, 300); requestAnimationFrame(() => requestAnimationFrame(() => { clearTimeout(t); done(); })); });
	const lines = globalThis.yuzhengLines ||= new Set();
	const text = document.body && lines.size < 20000 ? (e === root ? document.body : e).innerText || "" : "";
	if (text.length < 500000) for (const l of text.split("\n")) if (l.trim()) lines.add(l);
	const extent = y ? e.scrollHeight : e.scrollWidth, s = getComputedStyle(e);
	const own = e === root && document.body ? getComputedStyle(document.body) : s; // the window goes as the body reads
	const upright = !/^(vertical|sideways)/.test(own.writingMode), inline = upright !== y;
	const reads = inline ? (own.direction === "rtl") !== (own.writingMode === "sideways-lr") : /-rl$/.test(own.writingMode);
	const turned = s.display.includes("flex") && (inline ? "row-reverse" : "column-reverse") === s.flexDirection;
	const back = at() < 0 || reads !== turned;
	return {at: at(), view, extent, least: back ? view - extent : 0, most: back ? 0 : extent - view};
})(%d, %q, %v)`

// showScript brings a box into the window before it is walked through: what loads in view loads only there.
const showScript = `((i) => { const e = (globalThis.yuzhengBoxes || [])[i]; if (e) e.scrollIntoView({behavior: "instant", block: "center", inline: "nearest"}); return !!e; })(%d)`

// standScript puts a box back to where it stood.
const standScript = `(() => { const e = (globalThis.yuzhengBoxes || [])[%d]; if (e) (e === (document.scrollingElement || document.documentElement) ? window : e).scrollTo({behavior: "instant", %s: %v}); return true; })()`

// box is something that scrolls, in one direction.
type box struct {
	Index        int     `json:"index"`
	Name         string  `json:"name"`
	Axis         string  `json:"axis"` // y or x
	At           float64 `json:"at"`   // where it stood
	View         float64 `json:"view"` // how much it shows
	Extent       float64 `json:"extent"`
	Width        float64 `json:"width"`
	Height       float64 `json:"height"`
	WindowWidth  float64 `json:"window_width"` // of its frame
	WindowHeight float64 `json:"window_height"`
	Cut          string  `json:"cut"` // what of its style keeps a visitor from scrolling it

	frame  browsing.Frame
	place  string // address of its frame; empty in the page itself
	stands bool   // it stands for the page
}

func (b box) name() string {
	name := b.Name
	if b.Index == 0 {
		name = "the page"
	}
	if b.Axis == "x" {
		name += " (sideways)"
	}
	if b.place != "" {
		name += " in " + b.place
	}
	return name
}

// isPage reports whether it is the page itself and not a box or frame in it.
func (b box) isPage() bool { return b.place == "" && b.Index == 0 }

// fills reports whether it stands for the page: what the window shows is mostly it.
func (b box) fills(width, height float64) bool {
	return b.Axis == "y" && !b.isPage() && b.Width > width*picture.WindowFilling && b.Height > height*picture.WindowFilling
}

// Stand is where a box stands after a step.
type Stand struct {
	At     float64 `json:"at"`
	View   float64 `json:"view"`
	Extent float64 `json:"extent"`
	Least  float64 `json:"least"`
	Most   float64 `json:"most"`
	Gone   bool    `json:"gone"`
}

// scroller walks through everything on a page that scrolls.
type scroller struct{ *exhibit.Exhibit }

// scrollables lists what scrolls, the page first, then its boxes, then the frames and theirs.
func (r scroller) scrollables(ctx context.Context) ([]box, error) {
	var out []box
	for i, f := range r.Page.Frames(ctx) {
		list, err := browsing.EvalIn[[]box](ctx, f.Session, f.ID, boxesScript)
		if err != nil && i == 0 {
			return nil, err
		}
		place := ""
		if i > 0 {
			place, _ = browsing.EvalIn[string](ctx, f.Session, f.ID, "location.href")
		}
		for _, b := range list {
			b.frame, b.place = f, place
			b.stands = b.isPage() || b.fills(float64(r.Page.Visitor.Width), max(r.Camera.Stretched, float64(r.Page.Visitor.Height)))
			if b.isPage() && b.Axis == "y" || b.Extent > b.View+4 && b.WindowWidth >= 30 && b.WindowHeight >= 30 {
				out = append(out, b)
			}
		}
	}
	return out, nil
}

// scroll goes through everything that scrolls, each to its ends, until nothing more comes. It never asks whether anything listens to
// scrolling; pages that load what comes into view do not.
func (r scroller) scroll(ctx context.Context) error {
	r.Journal.Note(evidence.ByTool, "scroll", "to the end, %v of the window at a time", StepShare)
	if r.Camera.Stretched > 0 {
		r.Camera.Stretched = 0
		if err := r.Camera.Window(ctx, float64(r.Page.Visitor.Height)); err != nil {
			return unscrolled(ctx, r.Exhibit, err)
		}
	}
	wait, cancel := context.WithTimeout(ctx, r.Request.Limits.Time/scrollShare)
	defer cancel()
	list, err := r.scrollables(wait)
	if err != nil {
		return unscrolled(ctx, r.Exhibit, err)
	}
	if len(list) == 0 {
		r.Journal.Bad(evidence.CheckScrollable, "page", evidence.NothingToScroll.With())
		return nil
	}
	if err := r.drive(ctx, wait, list[0]); err != nil {
		return unscrolled(ctx, r.Exhibit, err)
	}
	if list, err = r.scrollables(wait); err != nil { // a page that has been walked through has more
		return unscrolled(ctx, r.Exhibit, err)
	}
	for i, b := range list[min(1, len(list)):] {
		if i >= maxScrollables || wait.Err() != nil {
			r.Journal.Bad(evidence.CheckScrollable, b.name(), evidence.NotScrolled.With(len(list)-i-2))
			break
		}
		if err := r.drive(ctx, wait, b); err != nil {
			return unscrolled(ctx, r.Exhibit, err)
		}
	}
	return r.rewind(ctx, list)
}

// rewind goes back to where everything stood, waits for pictures and fonts, and makes the window show a box or frame that stands for the page.
func (r scroller) rewind(ctx context.Context, list []box) error {
	for _, b := range list {
		side := map[string]string{"y": "top", "x": "left"}[b.Axis]
		if !b.isPage() { // the page goes to its top
			_, _ = browsing.EvalIn[bool](ctx, b.frame.Session, b.frame.ID, fmt.Sprintf(standScript, b.Index, side, b.At)) // the frame may have gone
		}
	}
	if err := r.decoded(ctx); err != nil {
		return unscrolled(ctx, r.Exhibit, err)
	}
	r.Journal.Note(evidence.ByTool, "scroll", "back to the top")
	if err := r.stretch(ctx, list); err != nil {
		return unscrolled(ctx, r.Exhibit, err)
	}
	return r.Quiet(ctx)
}

// decoded waits for fonts and pictures of the page and its frames, at the top of the page.
func (r scroller) decoded(ctx context.Context) error {
	for i, f := range r.Page.Frames(ctx) {
		if i > maxScrollables {
			break
		}
		if err := picture.Settle(ctx, f); err != nil && i == 0 {
			return err
		}
	}
	return nil
}

// errStuck says that something does not let itself be scrolled, errGoesOn that there was no end to it.
var (
	errStuck  = errors.New("does not let itself be scrolled")
	errGoesOn = errors.New("goes on")
)

// drive takes a box to its beginning, if it does not stand there, and then to its end, and notes what came of it.
func (r scroller) drive(ctx, wait context.Context, b box) error {
	if !b.isPage() {
		var cancel context.CancelFunc
		wait, cancel = context.WithTimeout(wait, min(boxTime, r.Request.Limits.Time/4))
		defer cancel()
		_, _ = browsing.EvalIn[bool](wait, b.frame.Session, b.frame.ID, fmt.Sprintf(showScript, b.Index)) // it may have gone, which its first step tells
	}
	back, err := r.toEnd(wait, b, -1)
	forth := back
	if err == nil || errors.Is(err, errStuck) { // what snaps has no beginning
		forth, err = r.toEnd(wait, b, 1)
	}
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, devtools.ErrGone) || err != nil && b.isPage() && !errors.Is(err, errStuck) && !errors.Is(err, errGoesOn) && wait.Err() == nil:
		return err
	}
	r.judgeScroll(b, forth, err)
	return nil
}

// judgeScroll notes how far something could be scrolled.
func (r scroller) judgeScroll(b box, s Stand, err error) {
	switch {
	case s.Gone:
		r.Journal.Good(evidence.CheckScrollable, b.name(), "it went away in the meantime")
	case errors.Is(err, errStuck) && b.Cut != "":
		r.Journal.Warn(evidence.PageCutBelow.With(s.Extent-s.View, s.Extent, b.Cut))
		r.Journal.Good(evidence.CheckScrollable, b.name(), "%.0f pixels; its style (%s) shows %.0f of them to a visitor", s.Extent, b.Cut, s.View)
	case errors.Is(err, errStuck):
		r.Journal.Warn(evidence.ScrollableStuck.With(b.name(), s.At, s.Extent-s.View))
		r.Journal.Bad(evidence.CheckScrollable, b.name(), evidence.StaysAt.With(s.At, s.Extent-s.View))
	case errors.Is(err, errGoesOn) && b.isPage(): // limit height, which is told
		r.Journal.Good(evidence.CheckScrollable, b.name(), "limit: to %.0f pixels; it goes on", s.At+s.View)
	case err != nil:
		r.Journal.Bad(evidence.CheckScrollable, b.name(), evidence.ScrolledTo.With(s.At+s.View, s.Extent, err))
	default:
		r.Journal.Good(evidence.CheckScrollable, b.name(), "to both ends: %.0f pixels, of which it shows %.0f at a time", s.Extent, s.View)
		if b.Cut != "" && b.isPage() && s.Extent > s.View+50 {
			r.Journal.Warn(evidence.PageStyleStill.With(b.Cut, s.View))
		}
	}
}

// pace is how a box is being walked through.
type pace struct {
	way      float64 // 1 forwards, -1 back
	share    float64 // of what it shows, of the next step
	farthest float64 // from where it began
	extent   float64
	same     int // equal extents at the end, in a row
	stuck    int // steps without progress, in a row
}

func (c *pace) atEnd(p Stand) bool {
	if c.way > 0 {
		return p.At >= p.Most-picture.Near
	}
	return p.At <= p.Least+picture.Near
}

// take notes a step: whether it has brought something, and how long the next one is. One that snaps back is tried longer.
func (c *pace) take(p Stand) {
	done := p.At - p.Least
	if c.way < 0 {
		done = p.Most - p.At
	}
	if done > c.farthest+1 || p.Extent > c.extent+1 {
		c.stuck = 0
	} else {
		c.stuck++
	}
	switch {
	case !c.atEnd(p):
		c.same = 0
	case p.Extent == c.extent:
		c.same++
	default:
		c.same = 1
	}
	c.farthest, c.extent = max(c.farthest, done), p.Extent
	c.share = StepShare + float64(c.stuck)/2
	if c.atEnd(p) {
		c.share = StepShare
	}
}

// toEnd goes forwards (1) or back (-1) until the end: the network silent and the extent the same several times in a row. Each step must bring
// something: a place farther than any before, or more content.
func (r scroller) toEnd(ctx context.Context, b box, way float64) (Stand, error) {
	c := pace{way: way, farthest: -1, extent: -1}
	ends, rest := boxEnd, boxPause
	if b.stands {
		ends, rest = SameEnd, atBottom
	}
	p := Stand{At: b.At, View: b.View, Extent: b.Extent}
	for first := true; c.same < ends; first = false {
		next, err := browsing.EvalIn[Stand](ctx, b.frame.Session, b.frame.ID, fmt.Sprintf(StepScript, b.Index, b.Axis, c.way*c.share))
		if err != nil || next.Gone {
			return Stand{At: p.At, View: p.View, Extent: p.Extent, Gone: next.Gone}, r.cutShort(ctx, err)
		}
		p = next
		c.take(p)
		switch {
		case first && way < 0 && c.atEnd(p):
			return p, nil // it stands at its beginning
		case r.tooTall(b, p, way):
			return p, errGoesOn
		case c.stuck >= stuckSteps && !c.atEnd(p):
			return p, c.snapped(p)
		}
		if err := r.rest(ctx, c.atEnd(p), rest); err != nil {
			return p, r.cutShort(ctx, err)
		}
	}
	return p, nil
}

// snapped tells what stands still a little before its end, where its style lets it snap to, from what does not move.
func (c *pace) snapped(p Stand) error {
	if c.farthest >= p.Extent-p.View-p.View/10 {
		return nil
	}
	return errStuck
}

// tooTall reports whether a walk forwards has come to the limit, and tells so.
func (r scroller) tooTall(b box, p Stand, way float64) bool {
	if b.isPage() {
		r.Progress.Step(capture.StepScroll, int64(p.At+p.View), int64(p.Extent))
	}
	if limit := float64(r.Request.Limits.Height); way < 0 || p.At+p.View < limit || p.Most <= p.At+picture.Near {
		return false
	}
	r.Journal.Limit("height", evidence.LimitScrollable.With(b.name(), r.Request.Limits.Height))
	return true
}

// rest waits between two steps, and at an end for what comes there.
func (r scroller) rest(ctx context.Context, atEnd bool, long time.Duration) error {
	if !atEnd {
		return r.Page.Pause(ctx, StepPause)
	}
	if err := r.Page.Pause(ctx, long); err != nil {
		return err
	}
	return r.Quiet(ctx)
}

// cutShort tells the end of the time for scrolling from the loss of the page.
func (r scroller) cutShort(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil && !errors.Is(err, devtools.ErrGone) {
		return fmt.Errorf("%w: %w", errGoesOn, err)
	}
	return err
}

// stretch makes the window as high as the content of the box or frame that stands for the page, so that the picture shows all of it.
func (r scroller) stretch(ctx context.Context, list []box) error {
	high := float64(r.Page.Visitor.Height)
	for range maxStretches {
		more, name := r.overflow(list)
		if more <= picture.Near {
			return nil
		}
		r.Camera.Fills(name, high+more)
		if high+more > float64(r.Request.Limits.Height) {
			r.Journal.Limit("height", evidence.LimitScrollable.With(name, r.Request.Limits.Height))
			r.Journal.Bad(evidence.CheckPicture, name, evidence.BoxCut.With(high+more, r.Request.Limits.Height))
			more = float64(r.Request.Limits.Height) - high
		}
		if high+more == r.Camera.Stretched {
			return nil
		}
		r.Camera.Stretched = high + more
		r.Journal.Note(evidence.ByTool, "window", "made %.0f pixels high: %s scrolls and stands for the page", r.Camera.Stretched, name)
		if err := r.Camera.Window(ctx, r.Camera.Stretched); err != nil {
			return err
		}
		if err := r.Settled(ctx, expandQuiet); err != nil {
			return err
		}
		var err error
		if list, err = r.scrollables(ctx); err != nil {
			return err
		}
		high = r.Camera.Stretched
	}
	return r.unstretched(ctx, list)
}

// unstretched gives the window its own size again where a box or frame does not become whole by a higher one.
func (r scroller) unstretched(ctx context.Context, list []box) error {
	more, name := r.overflow(list)
	if more <= picture.Near {
		return nil
	}
	r.Journal.Note(evidence.ByTool, "window", "%s grows with the window: given its own height again", name)
	r.Journal.Bad(evidence.CheckPicture, name, evidence.BoxGrows.With())
	r.Camera.Stretched = 0
	return r.Camera.Window(ctx, float64(r.Page.Visitor.Height))
}

// overflow is by how much a box or frame that stands for the page is higher than it shows, the most of all; zero where the page itself scrolls.
func (r scroller) overflow(list []box) (more float64, name string) {
	high := max(r.Camera.Stretched, float64(r.Page.Visitor.Height))
	for _, b := range list {
		if b.isPage() && b.Axis == "y" && b.Extent > b.View+50 {
			return 0, ""
		}
		if b.fills(float64(r.Page.Visitor.Width), high) && b.Extent-b.View > more {
			more, name = b.Extent-b.View, b.name()
		}
	}
	return more, name
}
