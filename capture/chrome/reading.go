package chrome

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"yuzheng/capture/chrome/browsing"

	"yuzheng/capture/chrome/devtools"
	"yuzheng/casefile/evidence"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/storage"
)

// frameScript reads a frame: address, title, visible text, storage.
const frameScript = `(async () => {
	const store = s => { try { return Object.fromEntries(Object.entries(s())); } catch (e) { return {}; } };
	const words = document.body ? document.body.innerText : "";
	const passing = () => { const now = new Set(words.split("\n")); return Array.from(globalThis.yuzhengLines || []).filter(l => !now.has(l)); };
	const drawn = () => { let area = 0; for (const c of document.querySelectorAll("canvas")) { const r = c.getBoundingClientRect(); area += Math.max(0, Math.min(r.width, innerWidth)) * Math.max(0, Math.min(r.height, innerHeight)); } return area / (innerWidth * innerHeight || 1); };
	let bases = [];
	try { bases = (await indexedDB.databases()).map(d => d.name); } catch (e) {}
	return {url: location.href, encoding: document.characterSet, title: document.title.slice(0, 4096), text: words,
		local: store(() => localStorage), session: store(() => sessionStorage), indexed: bases,
		passed: passing(), drawn: drawn(), broken: Array.from(document.images).filter(i => i.complete && !i.naturalWidth && i.alt).map(i => i.alt),
		password: !!document.querySelector("input[type=password]"), length: document.documentElement ? document.documentElement.innerHTML.length : 0,
		marks: ["#challenge-form","#challenge-running","#cf-challenge-running","script[src*='/cdn-cgi/challenge-platform/h/']","#px-captcha","iframe[src*='captcha-delivery.com']","iframe[src*='_Incapsula_Resource']","#captcha-form","form[action*='/sorry/']"].filter(q => document.querySelector(q))};
})()`

type reading struct {
	URL      string            `json:"url"`
	Encoding string            `json:"encoding"`
	Title    string            `json:"title"`
	Text     string            `json:"text"`
	Local    map[string]string `json:"local"`
	Session  map[string]string `json:"session"`
	Indexed  []string          `json:"indexed"`
	Password bool              `json:"password"`
	Length   int               `json:"length"`
	Marks    []string          `json:"marks"`
	Passed   []string          `json:"passed"` // lines that were seen while scrolling and are no longer there
	Drawn    float64           `json:"drawn"`  // share of the window that is canvas
	Broken   []string          `json:"broken"` // what stands in place of pictures that did not come

	frame cdp.FrameID
	deep  bool // in a frame of another site
}

// look takes everything that is quick and changes: DOM, text, cookies and storage.
func (j *job) look(ctx context.Context) {
	j.exchanges.Reading() // before the first word is read: whatever comes from here on may stand in one artifact and not in another
	pages := j.readDrawn(ctx)
	j.noteStates(pages)
	html := j.readDOM(ctx)
	main, err := browsing.Eval[reading](ctx, j.page, frameScript)
	if err != nil {
		j.lack(ctx, evidence.TextTXT, err)
		return
	}
	p := &j.page0
	p.URL, p.Title, p.Encoding = main.URL, main.Title, main.Encoding
	p.marks.password, p.marks.length, p.marks.found = main.Password, main.Length, main.Marks
	keeps := []evidence.Storage{{URL: main.URL, Local: main.Local, Session: main.Session, Indexed: main.Indexed}}
	text := strings.Builder{}
	text.WriteString(main.Text)
	p.marks.chars = len([]rune(main.Text))
	j.addBeside(&text, pages[j.page.Frame], main)
	j.addHidden(ctx, &text, main, pages[j.page.Frame] != nil)
	j.signs(main)
	for _, r := range j.readFrames(ctx) {
		p.Frames = append(p.Frames, evidence.Frame{URL: r.URL, Title: r.Title, Chars: len([]rune(r.Text))})
		p.marks.chars += p.Frames[len(p.Frames)-1].Chars
		keeps = append(keeps, evidence.Storage{URL: r.URL, Local: r.Local, Session: r.Session, Indexed: r.Indexed})
		j.addFrame(&text, pages[r.frame], r)
		if r.deep && len([]rune(r.Text)) >= enoughWords {
			j.journal.Warn("%s stands in a frame of another site: the browser may leave it out of the picture; its words are in text.txt", r.URL)
		}
	}
	p.Text = text.String()
	j.keeper.Put(evidence.TextTXT, "text/plain; charset=utf-8", []byte(p.Text+"\n"))
	j.readCookies(ctx, keeps)
	j.takeIcons(ctx, html, main.URL)
	j.journal.Note(evidence.ByTool, "read", "document, text, cookies and storage")
}

// besideHead stands in text.txt before what the text above it leaves out, a line each with its kinds.
const besideHead = "--- not in the text above ---"

// addBeside adds what a document shows, or says, beside its own text.
func (j *job) addBeside(text *strings.Builder, d *drawn, r reading) {
	if d == nil {
		return
	}
	lines, more := besides(d, r.Text, r.Broken)
	if more {
		j.journal.Limit("words", "%s: beside its text there are more than %d MB of words", r.URL, maxBeside>>20)
	}
	if len(lines) > 0 {
		fmt.Fprintf(text, "\n\n%s", besideHead)
	}
	for _, l := range lines {
		fmt.Fprintf(text, "\n%v", l)
	}
}

// addFrame adds the text of a frame under its address, where there is any.
func (j *job) addFrame(text *strings.Builder, d *drawn, r reading) {
	var own strings.Builder
	own.WriteString(r.Text)
	j.addBeside(&own, d, r)
	if own.Len() > 0 {
		fmt.Fprintf(text, "\n\n--- %s ---\n%s", r.URL, own.String())
	}
}

// addHidden adds to the visible text what a page's own text leaves out: shadow roots, unless they have been read where they are drawn, and lines
// that were taken away again while the page was scrolled (a list that keeps only what is in the window).
func (j *job) addHidden(ctx context.Context, text *strings.Builder, main reading, drawn bool) {
	if j.page0.marks.shadow && !drawn {
		shadow, err := j.shadowText(ctx)
		if err != nil {
			j.journal.Warn("shadow roots: %v", err)
		}
		for _, s := range shadow {
			fmt.Fprintf(text, "\n\n--- shadow root ---\n%s", s)
		}
	}
	if len(main.Passed) > 0 {
		fmt.Fprintf(text, "\n\n--- seen while scrolling, no longer there at the end ---\n%s", strings.Join(main.Passed, "\n"))
	}
	if len(main.Passed) >= manyPassed {
		j.journal.Warn("%d lines of text were there only while the page was scrolled; they stand at the end of text.txt, and the picture may lack them", len(main.Passed))
	}
}

// manyPassed is more than a clock and a few counters leave behind.
const manyPassed = 20

// readDOM keeps the document as it is, and returns it; it is empty where there is none.
func (j *job) readDOM(ctx context.Context) string {
	doc, err := devtools.Call(ctx, j.page.Session, dom.GetDocument, dom.GetDocumentParams{Depth: new(int64(0))})
	if err != nil {
		j.lack(ctx, evidence.DOMHTML, err)
		return ""
	}
	html, err := devtools.Call(ctx, j.page.Session, dom.GetOuterHTML, dom.GetOuterHTMLParams{NodeID: doc.Root.NodeID, IncludeShadowDOM: new(true)})
	if err != nil {
		j.lack(ctx, evidence.DOMHTML, err)
		return ""
	}
	devtools.Send(j.page.Session, dom.Disable, cdp.Empty{})
	j.page0.marks.shadow = strings.Contains(html.OuterHTML, shadowStart)
	j.keeper.Put(evidence.DOMHTML, "text/html; charset=utf-8", j.stated(evidence.DOMHTML, []byte(html.OuterHTML), j.page.Frame))
	return html.OuterHTML
}

// readFrames reads every frame but the main one, in the page's own session and in those of other sites' frames. They come in the order of their
// addresses: those of other sites are found in no order, and captures are compared.
func (j *job) readFrames(ctx context.Context) []reading {
	var out []reading
	for _, f := range j.page.Frames(ctx)[1:] {
		if r, err := browsing.EvalIn[reading](ctx, f.Session, f.ID, frameScript); err == nil && !strings.HasPrefix(r.URL, viewerScheme) {
			r.frame, r.deep = f.ID, f.Deep
			out = append(out, r) // otherwise the frame has gone in between
		}
	}
	slices.SortStableFunc(out, func(a, b reading) int { return cmp.Compare(a.URL, b.URL) })
	return out
}

// viewerScheme begins the addresses of the browser's own viewers, whose words are none of the page's.
const viewerScheme = "chrome-extension:"

func (j *job) readCookies(ctx context.Context, keeps []evidence.Storage) {
	r, err := devtools.Call(ctx, j.warm.root(), storage.GetCookies, storage.GetCookiesParams{BrowserContextID: j.context.ID})
	if err != nil {
		j.lack(ctx, evidence.CookiesJSON, err)
		return
	}
	if r.Cookies == nil {
		r.Cookies = []*network.Cookie{}
	}
	j.keeper.PutJSON(evidence.CookiesJSON, map[string]any{"cookies": r.Cookies, "storage": keeps})
}
