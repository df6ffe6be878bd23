package chrome

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"

	"yuzheng/capture/chrome/browsing"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/guard"
	"yuzheng/capture/chrome/persona"
	"yuzheng/capture/chrome/picture"
)

// paperMargin is that of a court paper, in millimetres.
const paperMargin = 25

// printsAtOnce is how many papers are in the browser at a time: while one is long, others are done.
const printsAtOnce = 3

// printed is a paper, or why there is none.
type printed struct {
	pdf []byte
	err error
}

// Print prints papers of our own, HTML, on A4 with margins of 2.5 cm, tagged and with an outline from their headings, and gives them in their order. The
// papers reach no network whatever they hold: pictures and fonts are data: addresses. A paper is asked for its HTML when its turn comes, while few others
// are printed; the first error ends it.
func (r *Recorder) Print(ctx context.Context, papers iter.Seq[func() ([]byte, error)], noSandbox bool) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		p, err := r.startPrinter(ctx, noSandbox)
		if err != nil {
			yield(nil, fmt.Errorf("print: %w", err))
			return
		}
		defer p.end(ctx)
		ctx, cancel := context.WithCancel(ctx)
		var under sync.WaitGroup
		defer under.Wait()
		defer cancel()
		var waiting []chan printed
		give := func() bool {
			first := <-waiting[0]
			waiting = waiting[1:]
			return yield(first.pdf, first.err) && first.err == nil
		}
		for html := range papers {
			if len(waiting) == printsAtOnce && !give() {
				return
			}
			one := make(chan printed, 1)
			waiting = append(waiting, one)
			under.Go(func() { one <- p.print(ctx, html) })
		}
		for len(waiting) > 0 && give() {
		}
	}
}

// printOne prints one paper.
func (r *Recorder) printOne(ctx context.Context, html []byte, noSandbox bool) (pdf []byte, err error) {
	paper := func() ([]byte, error) { return html, nil }
	for pdf, err = range r.Print(ctx, slices.Values([]func() ([]byte, error){paper}), noSandbox) {
		break
	}
	return pdf, err
}

// printer is a browser with pages that are printed one paper after the other.
type printer struct {
	recorder *Recorder
	browser  *browsing.Browser
	guard    *guard.Guard
	opened   chan devtools.Session
	pages    chan *devtools.Session // nil: not opened yet

	wanted  atomic.Value // string: the context of the page that is being opened; "" for none
	opening sync.Mutex
	in      []cdp.BrowserContextID // one for each page: side by side in one, a paper with pictures took the whole limit of Settle (Chromium 156)
}

func (r *Recorder) startPrinter(ctx context.Context, noSandbox bool) (*printer, error) {
	setup := browsing.Setup{Path: r.options.Path, Temp: r.options.Temp, Persona: persona.Desktop, NoSandbox: noSandbox}
	w, err := r.takeAny(ctx, setup)
	if err != nil {
		return nil, err
	}
	p := &printer{recorder: r, browser: w, opened: make(chan devtools.Session, 1), pages: make(chan *devtools.Session, printsAtOnce)}
	p.wanted.Store("")
	for range printsAtOnce {
		p.pages <- nil
	}
	if p.guard, err = guard.Start(guard.Options{Now: r.options.Now}); err != nil {
		r.give(w)
		return nil, err
	}
	w.Serve(p.handle)
	return p, nil
}

// end gives the browser back, without the pages. One in which something is left ends instead: on a machine under load a context that was disposed of while
// its page opened was seen to stay (Chromium 156).
func (p *printer) end(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if !p.emptied(ctx) {
		p.browser.Conn.Close()
		<-p.browser.Conn.Closed()
	}
	p.guard.Close()
	p.recorder.give(p.browser)
}

// emptied disposes of the pages, and reports whether none is left.
func (p *printer) emptied(ctx context.Context) bool {
	for _, in := range p.in {
		if _, err := devtools.Call(ctx, p.browser.Root(), target.DisposeBrowserContext, target.DisposeBrowserContextParams{BrowserContextID: in}); err != nil {
			return false
		}
	}
	left, err := devtools.Call(ctx, p.browser.Root(), target.GetBrowserContexts, cdp.Empty{})
	return err == nil && len(left.BrowserContextIDs) == 0
}

func (p *printer) handle(e devtools.Event) {
	if e.Method != "Target.attachedToTarget" {
		return
	}
	v, err := devtools.Decode[target.EventAttachedToTarget](e)
	if err != nil {
		return
	}
	s := p.browser.Conn.Session(string(v.SessionID))
	s.Target = v.TargetInfo.TargetID
	devtools.Send(s, page.Enable, page.EnableParams{})
	devtools.Send(s, runtime.RunIfWaitingForDebugger, cdp.Empty{})
	if v.TargetInfo.Type == "page" && p.wanted.CompareAndSwap(string(v.TargetInfo.BrowserContextID), "") {
		select {
		case p.opened <- s:
		default:
		}
	}
}

// print writes a paper into a page that nobody else prints, and prints it. A page that failed is not used again.
func (p *printer) print(ctx context.Context, paper func() ([]byte, error)) printed {
	html, err := paper()
	if err != nil {
		return printed{err: err}
	}
	s := <-p.pages
	if s == nil {
		s, err = p.open(ctx)
	}
	var pdf []byte
	if err == nil {
		pdf, err = printHTML(ctx, *s, html)
	}
	if err != nil {
		p.pages <- nil
		return printed{err: fmt.Errorf("print: %w", err)}
	}
	p.pages <- s
	return printed{pdf: pdf}
}

// open opens an empty page.
func (p *printer) open(ctx context.Context) (*devtools.Session, error) {
	p.opening.Lock()
	defer p.opening.Unlock()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	// What is asked for is there even if nobody waits for the answer: end has to know it.
	c, err := devtools.Call(context.WithoutCancel(ctx), p.browser.Root(), target.CreateBrowserContext, target.CreateBrowserContextParams{
		ProxyServer: p.guard.Address(), ProxyBypassList: "<-loopback>", DisposeOnDetach: new(true),
	})
	if err != nil {
		return nil, err
	}
	p.in = append(p.in, c.BrowserContextID)
	p.wanted.Store(string(c.BrowserContextID))
	in := target.CreateTargetParams{URL: "about:blank", BrowserContextID: c.BrowserContextID}
	if _, err := devtools.Call(ctx, p.browser.Root(), target.CreateTarget, in); err != nil {
		return nil, err
	}
	select {
	case s := <-p.opened:
		return &s, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func printHTML(ctx context.Context, s devtools.Session, html []byte) ([]byte, error) {
	frame := cdp.FrameID(s.Target)
	if _, err := devtools.Call(ctx, s, page.SetDocumentContent, page.SetDocumentContentParams{FrameID: frame, HTML: string(html)}); err != nil {
		return nil, err
	}
	if err := picture.Settle(ctx, browsing.Frame{Session: s, ID: frame}); err != nil {
		return nil, err
	}
	margin := new(picture.Inches(paperMargin))
	r, err := devtools.Call(ctx, s, page.PrintToPDF, page.PrintToPDFParams{
		PaperWidth: picture.Inches(210), PaperHeight: picture.Inches(297), MarginTop: margin, MarginBottom: margin, MarginLeft: margin, MarginRight: margin,
		PrintBackground: new(true), GenerateTaggedPDF: new(true), GenerateDocumentOutline: new(true), PreferCSSPageSize: new(true),
		TransferMode: page.PrintToPDFTransferModeReturnAsStream,
	})
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := devtools.ReadStream(ctx, s, r.Stream, 0, out.Write); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
