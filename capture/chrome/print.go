package chrome

import (
	"bytes"
	"context"
	"fmt"
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

// PDFOptions of a paper. Header and footer are HTML with styles of their own; elements of class pageNumber, totalPages and title are
// filled in. An empty one prints nothing.
type PDFOptions struct {
	Header, Footer string
	NoSandbox      bool
}

// paperMargin is that of a court paper, in millimetres.
const paperMargin = 25

// PrintPDF prints a paper of our own on A4 with margins of 2.5 cm, tagged and with an outline from its headings. The paper
// reaches no network whatever it holds: pictures and fonts are data: addresses.
func (r *Recorder) PrintPDF(ctx context.Context, html []byte, o PDFOptions) ([]byte, error) {
	w, err := r.take(ctx, browsing.Setup{Path: r.options.Path, Temp: r.options.Temp, Persona: persona.Desktop, NoSandbox: o.NoSandbox})
	if err != nil {
		return nil, err
	}
	defer r.give(w)
	closed, err := guard.Start(guard.Options{Now: r.options.Now})
	if err != nil {
		return nil, err
	}
	defer closed.Close()
	root := w.Root()
	c, err := devtools.Call(ctx, root, target.CreateBrowserContext, target.CreateBrowserContextParams{
		ProxyServer: closed.Address(), ProxyBypassList: "<-loopback>", DisposeOnDetach: new(true),
	})
	if err != nil {
		return nil, fmt.Errorf("print: %w", err)
	}
	defer func() {
		after, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		if _, err := devtools.Call(after, root, target.DisposeBrowserContext, target.DisposeBrowserContextParams(c)); err != nil {
			w.Conn.Close()
		}
	}()
	pdf, err := printIn(ctx, w, c.BrowserContextID, html, o)
	if err != nil {
		return nil, fmt.Errorf("print: %w", err)
	}
	return pdf, nil
}

// printIn opens an empty page in a context, writes the paper into it and prints it.
func printIn(ctx context.Context, w *browsing.Browser, in cdp.BrowserContextID, html []byte, o PDFOptions) ([]byte, error) {
	opened := make(chan devtools.Session, 1)
	handle := func(e devtools.Event) {
		if e.Method != "Target.attachedToTarget" {
			return
		}
		v, err := devtools.Decode[target.EventAttachedToTarget](e)
		if err != nil {
			return
		}
		s := w.Conn.Session(string(v.SessionID))
		s.Target = v.TargetInfo.TargetID
		devtools.Send(s, page.Enable, page.EnableParams{})
		devtools.Send(s, runtime.RunIfWaitingForDebugger, cdp.Empty{})
		if v.TargetInfo.BrowserContextID == in && v.TargetInfo.Type == "page" {
			select {
			case opened <- s:
			default:
			}
		}
	}
	w.Serve(handle)
	if _, err := devtools.Call(ctx, w.Root(), target.CreateTarget, target.CreateTargetParams{URL: "about:blank", BrowserContextID: in}); err != nil {
		return nil, err
	}
	var s devtools.Session
	select {
	case s = <-opened:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	return printHTML(ctx, s, html, o)
}

func printHTML(ctx context.Context, s devtools.Session, html []byte, o PDFOptions) ([]byte, error) {
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
		DisplayHeaderFooter: new(o.Header != "" || o.Footer != ""), HeaderTemplate: orBlank(o.Header), FooterTemplate: orBlank(o.Footer),
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

// orBlank keeps Chrome from printing its own header, with date and address, in place of an empty one.
func orBlank(template string) string {
	if template == "" {
		return "<span></span>"
	}
	return template
}
