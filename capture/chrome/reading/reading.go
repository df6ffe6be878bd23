// Package reading reads what a page says: its own text, what is drawn beside it (shadow roots, fields, what style sheets write, what is hidden), the frames in
// it, and the state of its fields, which it writes into the copies of the document (HTML, MHTML). It keeps text.txt and dom.html.
//
// Words are read twice: as the page gives them (innerText), and as the browser has laid them out (DOMSnapshot), since each lacks what the other has. Beside
// the text at most 8 MiB are kept. What a person has typed as a password is shown as dots.
package reading

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"

	"yuzheng/capture/chrome/browsing"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/journal"
	"yuzheng/capture/chrome/keep"
	"yuzheng/capture/scrub"
	"yuzheng/casefile/evidence"
)

// frameScript reads a frame: address, title, visible text, storage.
const frameScript = `(async () => {
	const store = s => { try { return Object.fromEntries(Object.entries(s())); } catch (e) { return {}; } };
	const words = document.body ? document.body.innerText : "";
	const passing = () => { const now = new Set(words.split("\n")); return Array.from(globalThis.yuzhengLines || []).filter(l => !now.has(l)); };
	const drawn = () => { let area = 0; for (const c of document.querySelectorAll("canvas")) { const r = c.getBoundingClientRect(); area += Math.max(0, Math.min(r.width, innerWidth)) * Math.max(0, Math.min(r.height, innerHeight)); } return area / (innerWidth * innerHeight || 1); };
	const adopted = root => { let n = Array.from(root.adoptedStyleSheets).filter(s => s.cssRules.length).length; for (const e of root.querySelectorAll("*")) if (e.shadowRoot) n += adopted(e.shadowRoot); return n; };
	let bases = [];
	try { bases = (await indexedDB.databases()).map(d => d.name); } catch (e) {}
	return {url: location.href, encoding: document.characterSet, title: document.title.slice(0, 4096), text: words,
		local: store(() => localStorage), session: store(() => sessionStorage), indexed: bases,
		passed: passing(), drawn: drawn(), adopted: adopted(document), broken: Array.from(document.images).filter(i => i.complete && !i.naturalWidth && i.alt).map(i => i.alt),
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
	Adopted  int               `json:"adopted"`
	Broken   []string          `json:"broken"` // what stands in place of pictures that did not come

	frame cdp.FrameID
	deep  bool // in a frame of another site
}

// Reader reads what a page says, and keeps its document and its text.
type Reader struct {
	page    *browsing.Page
	journal *journal.Journal
	keeper  *keep.Keeper
	secrets func() scrub.Secrets // that a person has typed, and no field may show

	shadow bool                               // there are shadow roots in the document
	states map[cdp.FrameID]map[string][]state // of the fields of each frame in which one is not as its document says
}

// Page is what a page says, all of its frames together.
type Page struct {
	evidence.Page
	Text     string
	HTML     string // of the document in the window
	Storage  []evidence.Storage
	Password bool     // a field for one
	Chars    int      // of its own text and that of its frames, without what stands beside it
	Marks    []string // signs of a test for people
}

// New gives one for a page as it is now. Nothing of it is read yet.
func New(p *browsing.Page, j *journal.Journal, k *keep.Keeper, secrets func() scrub.Secrets) *Reader {
	return &Reader{page: p, journal: j, keeper: k, secrets: secrets}
}

// Read keeps dom.html and text.txt. Its error says that the page gives no answer; then there is no text.
func (r *Reader) Read(ctx context.Context) (Page, error) {
	pages := r.readDrawn(ctx)
	r.noteStates(pages)
	html := r.readDOM(ctx)
	main, err := browsing.Eval[reading](ctx, r.page, frameScript)
	if err != nil {
		r.journal.Lack(ctx, evidence.TextTXT, err)
		return Page{HTML: html}, err
	}
	out := Page{HTML: html, Password: main.Password, Marks: main.Marks, Storage: []evidence.Storage{main.storage()}}
	out.URL, out.Title, out.Encoding = main.URL, main.Title, main.Encoding
	out.Chars = len([]rune(main.Text))
	var text strings.Builder
	text.WriteString(main.Text)
	r.addBeside(&text, pages[r.page.Frame], main)
	r.addHidden(ctx, &text, main, pages[r.page.Frame] != nil)
	r.signs(main)
	adopted := main.Adopted
	for _, f := range r.readFrames(ctx) {
		adopted += f.Adopted
		chars := len([]rune(f.Text))
		out.Frames = append(out.Frames, evidence.Frame{URL: f.URL, Title: f.Title, Chars: chars})
		out.Chars += chars
		out.Storage = append(out.Storage, f.storage())
		r.addFrame(&text, pages[f.frame], f)
		if f.deep && chars >= worthTelling {
			r.journal.Warn(evidence.FrameOfAnother.With(f.URL))
		}
	}
	if adopted > 0 {
		r.journal.Warn(evidence.SheetsAdopted.With(adopted, evidence.PageMHTML, evidence.DOMHTML))
	}
	out.Text = text.String()
	r.keeper.Put(evidence.TextTXT, "text/plain; charset=utf-8", []byte(out.Text+"\n"))
	return out, nil
}

func (r reading) storage() evidence.Storage {
	return evidence.Storage{URL: r.URL, Local: r.Local, Session: r.Session, Indexed: r.Indexed}
}

// besideHead stands in text.txt before what the text above it leaves out, a line each with its kinds.
const besideHead = "--- not in the text above ---"

// addBeside adds what a document shows, or says, beside its own text.
func (r *Reader) addBeside(text *strings.Builder, d *drawn, in reading) {
	if d == nil {
		return
	}
	lines, more := besides(d, in.Text, in.Broken)
	if more {
		r.journal.Limit("words", evidence.LimitWords.With(in.URL, maxBeside>>20))
	}
	if len(lines) > 0 {
		fmt.Fprintf(text, "\n\n%s", besideHead)
	}
	for _, l := range lines {
		fmt.Fprintf(text, "\n%v", l)
	}
}

// addFrame adds the text of a frame under its address, where there is any.
func (r *Reader) addFrame(text *strings.Builder, d *drawn, in reading) {
	var own strings.Builder
	own.WriteString(in.Text)
	r.addBeside(&own, d, in)
	if own.Len() > 0 {
		fmt.Fprintf(text, "\n\n--- %s ---\n%s", in.URL, own.String())
	}
}

// addHidden adds to the visible text what a page's own text leaves out: shadow roots, unless they have been read where they are drawn, and lines
// that were taken away again while the page was scrolled (a list that keeps only what is in the window).
func (r *Reader) addHidden(ctx context.Context, text *strings.Builder, main reading, drawn bool) {
	if r.shadow && !drawn {
		shadow, err := r.shadowText(ctx)
		if err != nil {
			r.journal.Warn(evidence.ShadowRootsUnread.With(err))
		}
		for _, s := range shadow {
			fmt.Fprintf(text, "\n\n--- shadow root ---\n%s", s)
		}
	}
	if len(main.Passed) > 0 {
		fmt.Fprintf(text, "\n\n--- seen while scrolling, no longer there at the end ---\n%s", strings.Join(main.Passed, "\n"))
	}
	if len(main.Passed) >= manyPassed {
		r.journal.Warn(evidence.TextPassed.With(len(main.Passed)))
	}
}

// manyPassed is more than a clock and a few counters leave behind.
const manyPassed = 20

// readDOM keeps the document as it is, and returns it; it is empty where there is none.
func (r *Reader) readDOM(ctx context.Context) string {
	doc, err := devtools.Call(ctx, r.page.Session, dom.GetDocument, dom.GetDocumentParams{Depth: new(int64(0))})
	if err != nil {
		r.journal.Lack(ctx, evidence.DOMHTML, err)
		return ""
	}
	html, err := devtools.Call(ctx, r.page.Session, dom.GetOuterHTML, dom.GetOuterHTMLParams{NodeID: doc.Root.NodeID, IncludeShadowDOM: new(true)})
	if err != nil {
		r.journal.Lack(ctx, evidence.DOMHTML, err)
		return ""
	}
	devtools.Send(r.page.Session, dom.Disable, cdp.Empty{})
	r.shadow = strings.Contains(html.OuterHTML, shadowStart)
	r.keeper.Put(evidence.DOMHTML, "text/html; charset=utf-8", r.stated(evidence.DOMHTML, []byte(html.OuterHTML), r.page.Frame))
	return html.OuterHTML
}

// readFrames reads every frame but the main one, in the page's own session and in those of other sites' frames. They come in the order of their
// addresses: those of other sites are found in no order, and captures are compared.
func (r *Reader) readFrames(ctx context.Context) []reading {
	var out []reading
	for _, f := range r.page.Frames(ctx)[1:] {
		if in, err := browsing.EvalIn[reading](ctx, f.Session, f.ID, frameScript); err == nil && !strings.HasPrefix(in.URL, viewerScheme) {
			in.frame, in.deep = f.ID, f.Deep
			out = append(out, in) // otherwise the frame has gone in between
		}
	}
	slices.SortStableFunc(out, func(a, b reading) int { return cmp.Compare(a.URL, b.URL) })
	return out
}

// worthTelling is how many characters of a frame are.
const worthTelling = 10

// viewerScheme begins the addresses of the browser's own viewers, whose words are none of the page's.
const viewerScheme = "chrome-extension:"
