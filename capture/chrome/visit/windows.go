package visit

import (
	"sync/atomic"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"

	"yuzheng/capture/chrome/devtools"
	"yuzheng/casefile/evidence"
)

// windows drives the pages of a capture: the one that is visited, and those that it opens, which nobody looks at.
type windows struct {
	visit *Visit
	ready chan struct{} // closed when the page may be visited
	count atomic.Int64  // of those that the page has opened
}

// Dress implements browsing.Driver: a visitor's screen, and a window that has the focus.
func (w *windows) Dress(s devtools.Session) {
	c := w.visit.Context
	devtools.Send(s, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: quietPrint + c.Visitor.Outside()})
	if s.Kind != "page" {
		return
	}
	c.Size(s)
	devtools.Send(s, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
}

// Opened implements browsing.Driver: it lets the page itself go, or a window that it opened; windows beyond the limit are closed unseen.
func (w *windows) Opened(s devtools.Session, info *target.Info) {
	j := w.visit
	if j.Context.First(s) {
		j.Context.LetPageGo(s, func() { close(w.ready) })
		return
	}
	j.Journal.Note(evidence.ByPage, "window", "opened %s", info.URL)
	if w.count.Add(1) > int64(j.Request.Limits.Windows) {
		j.Journal.Limit("windows", evidence.LimitWindows.With(j.Request.Limits.Windows))
		j.Context.CloseTarget(info.TargetID)
		return
	}
	devtools.Send(s, runtime.RunIfWaitingForDebugger, cdp.Empty{})
}

// Closed implements browsing.Driver. The page's own end is told by its context.
func (w *windows) Closed(devtools.Session) {}

// quietPrint makes print() do nothing but tell its events, which is what a visitor's dialog that is sent away does. Without a window Chrome
// begins to print the page, mostly never ends, and until then prints nothing for anybody else (Chromium 156).
const quietPrint = `{
	const told = { print() { dispatchEvent(new Event("beforeprint")); dispatchEvent(new Event("afterprint")); } }.print.bind(null);
	Object.defineProperty(told, "name", { value: "print", configurable: true });
	Object.defineProperty(window, "print", { value: told, writable: true, enumerable: true, configurable: true });
}`
