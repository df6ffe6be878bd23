package session

import (
	"strings"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"

	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/exchange"
	"yuzheng/capture/chrome/exhibit"
	"yuzheng/capture/chrome/journal"
	"yuzheng/casefile/evidence"
)

// tab is one window or tab of a session.
type tab struct {
	session devtools.Session
	ready   bool // may run
	window  *evidence.Window
	asked   string // address that its document was asked from, before redirects
	address string // of its document
	hops    []evidence.Hop
	intent  intent
	input   time.Time // when the person last pressed something in it
	looked  time.Time // when it last came to the front
	dialog  string    // kind of the one that is open; empty where none is
	crashed bool
	opened  bool // by a page

	questioned bool // our own question has been shown

	document string // id of the request that its document came with, at the moment of an exhibit
}

// intent is a navigation that a page has asked for, a moment before it is made.
type intent struct {
	url, reason string
	at          time.Time
}

const (
	maxTabs   = 30              // open at the same time
	maxHops   = 50              // of one document
	byHand    = 2 * time.Second // what a page does so soon after a press is the answer to it
	maxDetail = 200             // characters of what was typed, and of an address in the list
)

// Opened implements browsing.Driver: it lets a new window or tab go. The first is the tool's own.
func (s *Session) Opened(p devtools.Session, info *target.Info) {
	s.mu.Lock()
	t := &tab{session: p, address: info.URL, looked: s.Live.Options.Now(), opened: info.OpenerID != ""}
	by, detail := evidence.ByPerson, "opened a new tab"
	opener := s.byTarget(target.ID(info.OpenerID))
	switch {
	case len(s.windows) == 0:
		by, detail, s.front = evidence.ByTool, "opened", p.ID
	case opener != nil && s.recent(opener):
		detail = "opened from a page, after a press: " + info.URL
		t.intent = intent{reason: "anchorClick", at: s.Live.Options.Now()}
	case opener != nil:
		by, detail = evidence.ByPage, "opened: "+info.URL
		t.intent = intent{reason: "scriptInitiated", at: s.Live.Options.Now()}
	}
	t.window = &evidence.Window{URL: info.URL, By: by, Opened: s.Live.Options.Now().UTC()}
	s.windows = append(s.windows, t.window)
	full := len(s.tabs) >= maxTabs
	if !full {
		s.tabs[p.ID] = t
	}
	s.mu.Unlock()
	s.act(by, "window", "%s", detail)
	if full {
		s.Live.Journal.Limit("windows", evidence.LimitOpenWindows.With(maxTabs))
		s.Live.Context.CloseTarget(info.TargetID)
		return
	}
	answer := p.Start(runtime.RunIfWaitingForDebugger.Method, nil)
	s.work.Go(func() {
		select {
		case <-answer:
		case <-s.finished:
		}
		s.mu.Lock()
		t.ready = true
		s.mu.Unlock()
	})
}

// recent reports whether the person has just pressed something in a tab. It is called under mu.
func (s *Session) recent(t *tab) bool { return s.Live.Options.Now().Sub(t.input) < byHand }

// byTarget is called under mu.
func (s *Session) byTarget(id target.ID) *tab {
	for _, t := range s.tabs {
		if id != "" && t.session.Target == id {
			return t
		}
	}
	return nil
}

// Closed implements browsing.Driver: it forgets a tab. The one that was looked at before it is in front then; without any the session is over.
func (s *Session) Closed(p devtools.Session) {
	id := p.ID
	s.mu.Lock()
	t := s.tabs[id]
	if t == nil {
		s.mu.Unlock()
		return
	}
	delete(s.tabs, id)
	t.window.Closed = s.Live.Options.Now().UTC()
	if s.front == id {
		s.front = ""
		for other, t := range s.tabs {
			if s.front == "" || t.looked.After(s.tabs[s.front].looked) {
				s.front = other
			}
		}
	}
	left := len(s.tabs)
	s.mu.Unlock()
	why := "closed"
	if t.opened {
		why = "closed, by the person or by a page, which may close what a page has opened"
	}
	s.act(evidence.ByPerson, "window", "%s: %s", why, journal.Cut(t.address, maxDetail))
	if left == 0 {
		s.finish()
	}
}

// PageOf is the session of the tab that something belongs to, or of the one in front.
func (s *Session) PageOf(owner string) devtools.Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range []string{owner, s.front} {
		if t := s.tabs[id]; t != nil {
			return t.session
		}
	}
	return s.Live.Browser.Root() // nothing is open any more; the browser itself answers that it knows no page
}

// comes notes that a tab is what the person looks at.
func (s *Session) comes(owner string) {
	s.mu.Lock()
	t := s.tabs[owner]
	if t == nil {
		s.mu.Unlock()
		return
	}
	other := s.front != owner
	s.front, t.looked = owner, s.Live.Options.Now()
	address := t.address
	s.mu.Unlock()
	if other {
		s.act(evidence.ByPerson, "window", "looks at %s", journal.Cut(address, maxDetail))
	}
}

// asked follows the documents of the tabs from address to address, and says who sent them there.
func (s *Session) asked(e network.EventRequestWillBeSent) {
	s.mu.Lock()
	t := s.byTarget(target.ID(e.FrameID))
	if t == nil || e.Type != network.ResourceTypeDocument {
		s.mu.Unlock()
		return
	}
	from, by, why := t.address, evidence.ByPage, ""
	switch reason := s.cause(t, e.Request.URL); {
	case e.RedirectResponse != nil:
		t.hop(exhibit.ServerHop(e))
		why = "redirect"
	case reason.by == evidence.ByPage && exchange.OverNetwork(from):
		t.hop(evidence.Hop{URL: from, Status: s.Live.Exchanges.StatusOf(from), To: e.Request.URL, By: evidence.LedByPage})
		why = reason.why
	default:
		t.asked, t.hops, by, why = e.Request.URL, nil, reason.by, reason.why
	}
	t.address, t.window.URL = e.Request.URL, e.Request.URL
	s.mu.Unlock()
	if why != "" {
		s.act(by, "navigate", "%s (%s)", journal.Cut(e.Request.URL, maxDetail), why)
	}
}

func (t *tab) hop(h evidence.Hop) {
	if len(t.hops) < maxHops {
		t.hops = append(t.hops, h)
	}
}

type cause struct {
	by  evidence.Actor
	why string // empty where it has been noted already
}

// cause says who sends a tab to an address: the page, if it has asked for it and nobody has pressed anything; else the person, by a link,
// a form, or the browser's own bar and buttons.
func (s *Session) cause(t *tab, url string) cause {
	w := t.intent
	t.intent = intent{}
	switch {
	case t.window.By == evidence.ByTool && t.asked == "":
		return cause{by: evidence.ByTool}
	case w.reason == "" || s.Live.Options.Now().Sub(w.at) > 5*byHand || w.url != "" && !sameButFragment(w.url, url):
		return cause{evidence.ByPerson, "typed, reloaded, or gone back to"}
	case s.recent(t) || w.reason == "anchorClick" && t.asked == "":
		return cause{evidence.ByPerson, w.reason + " after a press"}
	}
	return cause{evidence.ByPage, w.reason}
}

func sameButFragment(a, b string) bool {
	a, _, _ = strings.Cut(a, "#")
	b, _, _ = strings.Cut(b, "#")
	return a == b
}

// pageEvent takes the events of tabs and their frames.
func (s *Session) pageEvent(p devtools.Session, e devtools.Event) {
	j := s.Live
	switch e.Method {
	case "Runtime.bindingCalled":
		devtools.Take(j.Journal.Unread, e, func(v runtime.EventBindingCalled) { s.heard(p, v) })
	case "Page.lifecycleEvent", "Page.frameNavigated":
		s.speak(p) // a document has begun: its listener gets its way out
		s.lives(p)
	case "Page.frameRequestedNavigation":
		devtools.Take(j.Journal.Unread, e, func(v page.EventFrameRequestedNavigation) { s.requested(v) })
	case "Page.navigatedWithinDocument":
		devtools.Take(j.Journal.Unread, e, func(v page.EventNavigatedWithinDocument) { s.within(v) })
	case "Page.javascriptDialogOpening":
		devtools.Take(j.Journal.Unread, e, func(v page.EventJavascriptDialogOpening) { s.dialogOpens(p, v) })
	case "Page.javascriptDialogClosed":
		devtools.Take(j.Journal.Unread, e, func(v page.EventJavascriptDialogClosed) { s.dialogCloses(p, v) })
	case "Inspector.targetCrashed":
		s.crashed(p)
	}
}

// crashed notes that the process of a page has ended, and answers everyone who waits for it. The tab stays, and may be loaded again.
func (s *Session) crashed(p devtools.Session) {
	s.Live.Browser.Conn.Forget(p.ID)
	s.Live.Journal.Warn(evidence.SomePageCrashed.With())
	s.mu.Lock()
	if t := s.tabs[p.ID]; t != nil {
		t.crashed = true
	}
	s.mu.Unlock()
	s.act(evidence.ByPage, "crash", "its process has ended")
}

func (s *Session) lives(p devtools.Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.tabs[p.ID]; t != nil {
		t.crashed = false
	}
}

func (s *Session) requested(e page.EventFrameRequestedNavigation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.byTarget(target.ID(e.FrameID)); t != nil {
		t.intent = intent{e.URL, string(e.Reason), s.Live.Options.Now()}
	}
}

// within notes an address that a page shows without asking for it.
func (s *Session) within(e page.EventNavigatedWithinDocument) {
	s.mu.Lock()
	t := s.byTarget(target.ID(e.FrameID))
	if t == nil {
		s.mu.Unlock()
		return
	}
	by := evidence.ByPage
	if s.recent(t) {
		by = evidence.ByPerson
	}
	t.address, t.window.URL = e.URL, e.URL
	s.mu.Unlock()
	s.act(by, "navigate", "%s (%s, within the document)", journal.Cut(e.URL, maxDetail), e.NavigationType)
}
