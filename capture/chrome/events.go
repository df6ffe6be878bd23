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
	"yuzheng/casefile/evidence"
)

// take decodes an event and hands it on. One that cannot be read is told: it may have been a request.
func take[E any](j *job, e devtools.Event, f func(E)) {
	v, err := devtools.Decode[E](e)
	if err != nil {
		j.journal.Warn("event %s could not be read: %v", e.Method, err)
		return
	}
	f(v)
}

// handle takes the events of the browser one after the other. It never waits for an answer.
func (j *job) handle(e devtools.Event) {
	switch e.Method {
	case "Target.attachedToTarget":
		take(j, e, func(v cdptarget.EventAttachedToTarget) { j.attached(e.Session, v) })
		return
	case "Target.detachedFromTarget":
		take(j, e, j.detached)
		return
	case "Tracing.tracingComplete":
		take(j, e, j.tracingEnds)
		return
	case "Browser.downloadWillBegin":
		take(j, e, func(v cdpbrowser.EventDownloadWillBegin) { j.downloadBegins(v) })
		return
	}
	j.mu.Lock()
	s, known := j.sessions[e.Session]
	j.mu.Unlock()
	if e.Long != nil {
		j.passOver(s, e)
		return
	}
	if known {
		j.network(s, e)
		j.pageEvent(s, e)
		j.consoleEvent(s, e)
	}
}

// What the beginning of a message tells: the request that is stopped, the address that is asked for.
var (
	pausedRequest = regexp.MustCompile(`"params":\{"requestId":"([^"]+)"`)
	askedAddress  = regexp.MustCompile(`"request":\{"url":"([^"]+)"`)
)

// passOver names what the browser told in a message that was too long, unless it tells nothing of what was received; a request that it stops
// goes on.
func (j *job) passOver(s devtools.Session, e devtools.Event) {
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
	j.journal.Limit("message", "%s: %v", what, e.Long)
	j.journal.Miss(what, e.Long.Error())
}

func (j *job) network(s devtools.Session, e devtools.Event) {
	l := j.ledger
	switch e.Method {
	case "Network.requestWillBeSent":
		take(j, e, func(v network.EventRequestWillBeSent) {
			if !j.withholds(s, v) {
				l.request(s, v)
				j.postBody(s, v)
				j.redirectsOf(s, v)
			}
		})
	case "Network.requestWillBeSentExtraInfo":
		take(j, e, func(v network.EventRequestWillBeSentExtraInfo) { l.requestExtra(s, v) })
	case "Network.responseReceived":
		take(j, e, func(v network.EventResponseReceived) { l.response(s, v) })
	case "Network.responseReceivedExtraInfo":
		take(j, e, func(v network.EventResponseReceivedExtraInfo) { l.responseExtra(s, v) })
	case "Network.requestServedFromCache":
		take(j, e, func(v network.EventRequestServedFromCache) { l.cached(s, string(v.RequestID)) })
	case "Network.dataReceived":
		take(j, e, func(v network.EventDataReceived) { j.tooLong(l.data(s, v)) })
	case "Network.loadingFinished":
		take(j, e, func(v network.EventLoadingFinished) { l.finished(s, v) })
	case "Network.loadingFailed":
		take(j, e, func(v network.EventLoadingFailed) { l.failed(s, v); j.course.failed(v) })
	default:
		j.socketEvent(s, e)
	}
}

func (j *job) pageEvent(s devtools.Session, e devtools.Event) {
	if j.sitting != nil && j.sitting.pageEvent(s, e) {
		return
	}
	j.courseEvent(s, e)
	switch e.Method {
	case "Page.loadEventFired":
		if s.ID == j.page.ID {
			j.mu.Lock()
			select {
			case <-j.load:
			default:
				close(j.load)
			}
			j.mu.Unlock()
		}
	case "Page.javascriptDialogOpening":
		take(j, e, func(v page.EventJavascriptDialogOpening) { j.dialog(s, v) })
	case "Page.windowOpen":
		take(j, e, func(v page.EventWindowOpen) { j.journal.Note(evidence.ByPage, "window.open", "%s", v.URL) })
	case "Page.frameRequestedNavigation":
		take(j, e, func(v page.EventFrameRequestedNavigation) {
			if s.ID == j.page.ID && v.Reason != "initialFrameNavigation" {
				j.journal.Note(evidence.ByPage, "navigate", "%s (%s)", v.URL, v.Reason)
			}
		})
	case "Fetch.requestPaused":
		take(j, e, func(v cdpfetch.EventRequestPaused) {
			if !j.holds(s, v) {
				j.paused(s, v)
			}
		})
	case "Fetch.authRequired":
		take(j, e, func(v cdpfetch.EventAuthRequired) { j.identify(s, v) })
	case "Inspector.targetCrashed":
		j.journal.Warn("the page's process has crashed")
		j.detached(cdptarget.EventDetachedFromTarget{SessionID: cdptarget.SessionID(s.ID)})
	}
}

// dialog answers a dialog as an ordinary visitor would: seen and agreed to. Beyond the limit the script that asks is stopped.
func (j *job) dialog(s devtools.Session, e page.EventJavascriptDialogOpening) {
	j.mu.Lock()
	j.dialogs++
	count := j.dialogs
	j.mu.Unlock()
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
