package chrome

import (
	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/target"

	"yuzheng/capture/chrome/devtools"
)

// handle takes the events of the browser one after the other. It never waits for an answer.
func (s *sitting) handle(e devtools.Event) {
	x, warn := s.live, s.live.journal.Warn
	switch e.Method {
	case "Target.attachedToTarget":
		devtools.Take(warn, e, func(v target.EventAttachedToTarget) { x.context.Attached(e.Session, v) })
		return
	case "Target.detachedFromTarget":
		devtools.Take(warn, e, x.context.Detached)
		return
	case "Browser.downloadWillBegin":
		devtools.Take(warn, e, func(v browser.EventDownloadWillBegin) { x.exchanges.DownloadBegins(v) })
		return
	}
	p, known := x.context.Session(e.Session)
	switch {
	case e.Long != nil:
		passOver(x.journal, p, e)
	case known:
		s.ofTarget(p, e)
	}
}

// ofTarget takes what a page, frame or worker tells.
func (s *sitting) ofTarget(p devtools.Session, e devtools.Event) {
	x, warn := s.live, s.live.journal.Warn
	x.exchanges.Event(p, e)
	x.console.event(p, e)
	s.pageEvent(p, e)
	switch e.Method {
	case "Network.requestWillBeSent":
		devtools.Take(warn, e, s.asked)
	case "Fetch.requestPaused":
		devtools.Take(warn, e, func(v fetch.EventRequestPaused) { x.exchanges.Paused(p, v) })
	case "Fetch.authRequired":
		devtools.Take(warn, e, func(v fetch.EventAuthRequired) {
			x.account.identify(p, v, x.journal, fetch.AuthChallengeResponseResponseDefault)
		})
	}
}
