package chrome

import (
	"regexp"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	cdpfetch "github.com/chromedp/cdproto/fetch"
	cdptarget "github.com/chromedp/cdproto/target"

	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/journal"
	"yuzheng/casefile/evidence"
)

// handle takes the events of the browser one after the other. It never waits for an answer.
func (j *job) handle(e devtools.Event) {
	switch e.Method {
	case "Target.attachedToTarget":
		devtools.Take(j.journal.Warn, e, func(v cdptarget.EventAttachedToTarget) { j.context.Attached(e.Session, v) })
		return
	case "Target.detachedFromTarget":
		devtools.Take(j.journal.Warn, e, j.context.Detached)
		return
	case "Tracing.tracingComplete":
		devtools.Take(j.journal.Warn, e, j.tracingEnds)
		return
	case "Browser.downloadWillBegin":
		devtools.Take(j.journal.Warn, e, func(v cdpbrowser.EventDownloadWillBegin) { j.exchanges.DownloadBegins(v) })
		return
	}
	s, known := j.context.Session(e.Session)
	if e.Long != nil {
		passOver(j.journal, s, e)
		return
	}
	if known {
		j.network(s, e)
		j.pageEvent(s, e)
		j.console.event(s, e)
	}
}

// What the beginning of a message tells: the request that is stopped, the address that is asked for.
var (
	pausedRequest = regexp.MustCompile(`"params":\{"requestId":"([^"]+)"`)
	askedAddress  = regexp.MustCompile(`"request":\{"url":"([^"]+)"`)
)

// passOver names what the browser told in a message that was too long, unless it tells nothing of what was received; a request that it stops
// goes on.
func passOver(j *journal.Journal, s devtools.Session, e devtools.Event) {
	switch domain, _, _ := strings.Cut(e.Method, "."); domain {
	case "Target":
		return // a title; it is read when the page is
	case "Fetch":
		if id := pausedRequest.FindSubmatch(e.Long.Head); id != nil {
			devtools.Send(s, cdpfetch.ContinueRequest, cdpfetch.ContinueRequestParams{RequestID: cdpfetch.RequestID(id[1])})
		}
		return
	}
	what := e.Method
	if address := askedAddress.FindSubmatch(e.Long.Head); address != nil {
		what = string(address[1])
	}
	j.Limit("message", "%s: %v", what, e.Long)
	j.Miss(what, e.Long.Error())
}

// network takes an event of the network domain. A request for a document that is held back is not recorded: it is never sent.
func (j *job) network(s devtools.Session, e devtools.Event) {
	switch e.Method {
	case "Network.requestWillBeSent":
		devtools.Take(j.journal.Warn, e, func(v network.EventRequestWillBeSent) {
			if !j.withholds(s, v) {
				j.exchanges.Request(s, v)
				j.redirectsOf(s, v)
			}
		})
		return
	case "Network.loadingFailed":
		devtools.Take(j.journal.Warn, e, j.course.failed)
	}
	j.exchanges.Event(s, e)
}

func (j *job) pageEvent(s devtools.Session, e devtools.Event) {
	j.courseEvent(s, e)
	switch e.Method {
	case "Page.loadEventFired":
		if j.context.IsPage(s) {
			j.loads.Do(func() { close(j.load) })
		}
	case "Page.javascriptDialogOpening":
		devtools.Take(j.journal.Warn, e, func(v page.EventJavascriptDialogOpening) { j.dialog(s, v) })
	case "Page.windowOpen":
		devtools.Take(j.journal.Warn, e, func(v page.EventWindowOpen) { j.journal.Note(evidence.ByPage, "window.open", "%s", v.URL) })
	case "Page.frameRequestedNavigation":
		devtools.Take(j.journal.Warn, e, func(v page.EventFrameRequestedNavigation) {
			if j.context.IsPage(s) && v.Reason != "initialFrameNavigation" {
				j.journal.Note(evidence.ByPage, "navigate", "%s (%s)", v.URL, v.Reason)
			}
		})
	case "Fetch.requestPaused":
		devtools.Take(j.journal.Warn, e, func(v cdpfetch.EventRequestPaused) {
			if !j.holds(s, v) {
				j.exchanges.Paused(s, v)
			}
		})
	case "Fetch.authRequired":
		devtools.Take(j.journal.Warn, e, func(v cdpfetch.EventAuthRequired) {
			j.account.identify(s, v, j.journal, cdpfetch.AuthChallengeResponseResponseCancelAuth)
		})
	case "Inspector.targetCrashed":
		j.journal.Warn("the page's process has crashed")
		j.context.Detached(cdptarget.EventDetachedFromTarget{SessionID: cdptarget.SessionID(s.ID)})
	}
}

// dialog answers a dialog as an ordinary visitor would: seen and agreed to. Beyond the limit the script that asks is stopped.
func (j *job) dialog(s devtools.Session, e page.EventJavascriptDialogOpening) {
	count := int(j.dialogs.Add(1))
	j.journal.Note(evidence.ByPage, "dialog", "%s: %s", e.Type, e.Message)
	if count > j.req.Limits.Dialogs {
		j.journal.Limit("dialogs", "the page's scripts were stopped after %d dialogs", j.req.Limits.Dialogs)
		j.journal.Miss("page", "limit: scripts stopped for their dialogs")
		devtools.Send(s, runtime.TerminateExecution, cdp.Empty{})
	}
	accept := e.Type != page.DialogTypePrompt
	j.journal.Note(evidence.ByTool, "dialog", "answered %s: %v", e.Type, accept)
	devtools.Send(s, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: accept})
}
