package visit

import (
	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	cdpfetch "github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	cdptarget "github.com/chromedp/cdproto/target"

	"yuzheng/capture/chrome/browsing"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/casefile/evidence"
)

// handle takes the events of the browser one after the other. It never waits for an answer.
func (j *Visit) handle(e devtools.Event) {
	switch e.Method {
	case "Target.attachedToTarget":
		devtools.Take(j.Journal.Unread, e, func(v cdptarget.EventAttachedToTarget) { j.Context.Attached(e.Session, v) })
		return
	case "Target.detachedFromTarget":
		devtools.Take(j.Journal.Unread, e, j.Context.Detached)
		return
	case "Tracing.tracingComplete":
		devtools.Take(j.Journal.Unread, e, j.netLog.ends)
		return
	case "Browser.downloadWillBegin":
		devtools.Take(j.Journal.Unread, e, func(v cdpbrowser.EventDownloadWillBegin) { j.Exchanges.Downloads.Begins(v) })
		return
	}
	s, known := j.Context.Session(e.Session)
	if e.Long != nil {
		browsing.PassOver(j.Journal, s, e)
		return
	}
	if known {
		j.network(s, e)
		j.pageEvent(s, e)
		j.Console.Event(s, e)
	}
}

// network takes an event of the network domain. A request for a document that is held back is not recorded: it is never sent.
func (j *Visit) network(s devtools.Session, e devtools.Event) {
	switch e.Method {
	case "Network.requestWillBeSent":
		devtools.Take(j.Journal.Unread, e, func(v network.EventRequestWillBeSent) {
			if !j.withholds(s, v) {
				j.Exchanges.Request(s, v)
				j.redirectsOf(s, v)
			}
		})
		return
	case "Network.loadingFailed":
		devtools.Take(j.Journal.Unread, e, j.course.failed)
	}
	j.Exchanges.Event(s, e)
}

func (j *Visit) pageEvent(s devtools.Session, e devtools.Event) {
	j.courseEvent(s, e)
	switch e.Method {
	case "Page.loadEventFired":
		if j.Context.IsPage(s) {
			j.loads.Do(func() { close(j.load) })
		}
	case "Page.javascriptDialogOpening":
		devtools.Take(j.Journal.Unread, e, func(v page.EventJavascriptDialogOpening) { j.dialog(s, v) })
	case "Page.windowOpen":
		devtools.Take(j.Journal.Unread, e, func(v page.EventWindowOpen) { j.Journal.Note(evidence.ByPage, "window.open", "%s", v.URL) })
	case "Page.frameRequestedNavigation":
		devtools.Take(j.Journal.Unread, e, func(v page.EventFrameRequestedNavigation) {
			if j.Context.IsPage(s) && v.Reason != "initialFrameNavigation" {
				j.Journal.Note(evidence.ByPage, "navigate", "%s (%s)", v.URL, v.Reason)
			}
		})
	case "Fetch.requestPaused":
		devtools.Take(j.Journal.Unread, e, func(v cdpfetch.EventRequestPaused) {
			if !j.holds(s, v) {
				j.Exchanges.Downloads.Paused(s, v)
			}
		})
	case "Fetch.authRequired":
		devtools.Take(j.Journal.Unread, e, func(v cdpfetch.EventAuthRequired) {
			j.Account.Identify(s, v, j.Journal, cdpfetch.AuthChallengeResponseResponseCancelAuth)
		})
	case "Inspector.targetCrashed":
		j.Journal.Warn(evidence.PageCrashed.With())
		j.Context.Detached(cdptarget.EventDetachedFromTarget{SessionID: cdptarget.SessionID(s.ID)})
	}
}

// dialog answers a dialog as an ordinary visitor would: seen and agreed to. Beyond the limit the script that asks is stopped.
func (j *Visit) dialog(s devtools.Session, e page.EventJavascriptDialogOpening) {
	count := int(j.dialogs.Add(1))
	j.Journal.Note(evidence.ByPage, "dialog", "%s: %s", e.Type, e.Message)
	if count > j.Request.Limits.Dialogs {
		j.Journal.Limit("dialogs", evidence.LimitDialogs.With(j.Request.Limits.Dialogs))
		j.Journal.Miss("page", evidence.StoppedForDialogs.With())
		devtools.Send(s, runtime.TerminateExecution, cdp.Empty{})
	}
	accept := e.Type != page.DialogTypePrompt
	j.Journal.Note(evidence.ByTool, "dialog", "answered %s: %v", e.Type, accept)
	devtools.Send(s, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: accept})
}
