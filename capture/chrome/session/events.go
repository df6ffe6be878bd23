package session

import (
	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/target"

	"yuzheng/capture/chrome/browsing"
	"yuzheng/capture/chrome/devtools"
)

// handle takes the events of the browser one after the other. It never waits for an answer.
func (s *Session) handle(e devtools.Event) {
	x, unread := s.Live, s.Live.Journal.Unread
	switch e.Method {
	case "Target.attachedToTarget":
		devtools.Take(unread, e, func(v target.EventAttachedToTarget) { x.Context.Attached(e.Session, v) })
		return
	case "Target.detachedFromTarget":
		devtools.Take(unread, e, x.Context.Detached)
		return
	case "Browser.downloadWillBegin":
		devtools.Take(unread, e, func(v browser.EventDownloadWillBegin) { x.Exchanges.Downloads.Begins(v) })
		return
	}
	p, known := x.Context.Session(e.Session)
	switch {
	case e.Long != nil:
		browsing.PassOver(x.Journal, p, e)
	case known:
		s.ofTarget(p, e)
	}
}

// ofTarget takes what a page, frame or worker tells.
func (s *Session) ofTarget(p devtools.Session, e devtools.Event) {
	x, unread := s.Live, s.Live.Journal.Unread
	x.Exchanges.Event(p, e)
	x.Console.Event(p, e)
	s.pageEvent(p, e)
	switch e.Method {
	case "Network.requestWillBeSent":
		devtools.Take(unread, e, s.asked)
	case "Fetch.requestPaused":
		devtools.Take(unread, e, func(v fetch.EventRequestPaused) { x.Exchanges.Downloads.Paused(p, v) })
	case "Fetch.authRequired":
		devtools.Take(unread, e, func(v fetch.EventAuthRequired) {
			x.Account.Identify(p, v, x.Journal, fetch.AuthChallengeResponseResponseDefault)
		})
	}
}
