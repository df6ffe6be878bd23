// Package session is an interactive session: a browser with windows that a person drives. Nothing is scrolled, pressed or answered by the tool; what the person
// and the pages do is listed, a press that may change the other side's state is asked about first, and each exhibit takes everything that was exchanged
// since the one before and the page in front. Typed passwords are kept nowhere: they are taken out of what is recorded (package scrub), and covered in
// pictures.
//
// A Session lives until its last window is closed or End is called. Capture, Login and End may be called from any goroutine, one at a time.
package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"

	"yuzheng/capture"
	"yuzheng/capture/chrome/browsing"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/exchange"
	"yuzheng/capture/chrome/exhibit"
	"yuzheng/capture/chrome/journal"
	"yuzheng/capture/chrome/launch"
	"yuzheng/casefile/evidence"
)

// Session is a browser that a person drives. What happens in it goes to one exhibit that is never sealed; each exhibit is a part of its own, out of what the
// first one has gathered since the exhibit before.
type Session struct {
	Live     *exhibit.Exhibit // takes what happens; never sealed itself
	options  capture.SessionOptions
	shelf    *shelf // downloads, until an exhibit takes them
	started  time.Time
	work     sync.WaitGroup
	finished chan struct{} // closed when the session is ended
	done     chan struct{} // closed when no window is left
	finish   func()        // closes done

	turn    sync.Mutex // of Capture, Login and End
	ended   bool
	telling sync.Mutex // of options.Told

	mu    sync.Mutex      // guards what follows
	tabs  map[string]*tab // by session
	front string          // session of the tab that the person looks at
	typed typed
	diary
	gathered
}

// diary is what was done, and the windows in which it was.
type diary struct {
	windows  []*evidence.Window
	acts     []evidence.Act // since the last exhibit
	log      []evidence.Act // before it
	count    map[evidence.Actor]int
	warnings []evidence.Remark // of the session as a whole
}

// gathered is what the next exhibit is to have.
type gathered struct {
	held      []*exchange.Exchange // whole exchanges since the last exhibit
	past      []*exchange.Exchange // of the exhibit before, which the recorder still knows
	documents documents
	origins   []string       // of documents, for their storage
	contacts  map[string]int // told with earlier exhibits
	number    int            // of exhibits
	since     time.Time
}

// Start opens req.URL in a browser with windows, which browser starts, and leaves it to a person.
func Start(ctx context.Context, o exhibit.Options, req evidence.Request, so capture.SessionOptions, browser func(context.Context) (*browsing.Browser, error)) (*Session, error) {
	if req.NetLog {
		return nil, fmt.Errorf("%w: a sitting keeps no net log", capture.ErrRequest)
	}
	login, err := readLogin(so.Login)
	if err != nil {
		return nil, err
	}
	if !launch.HasScreen() {
		return nil, fmt.Errorf("sitting: %w", capture.ErrNoDisplay)
	}
	w, err := browser(ctx)
	if err != nil {
		return nil, err
	}
	s, err := newSession(o, w, req, so)
	if err != nil {
		return nil, errors.Join(err, w.Close())
	}
	if err := s.open(ctx, login); err != nil {
		s.close()
		return nil, fmt.Errorf("sitting: %w", err)
	}
	return s, nil
}

func newSession(o exhibit.Options, w *browsing.Browser, req evidence.Request, so capture.SessionOptions) (*Session, error) {
	s := &Session{
		options: so, shelf: &shelf{room: req.Limits.Bytes}, started: o.Now().UTC(),
		finished: make(chan struct{}), done: make(chan struct{}), tabs: map[string]*tab{},
	}
	s.documents, s.contacts, s.count = newDocuments(), map[string]int{}, map[evidence.Actor]int{}
	s.since = s.started
	s.finish = sync.OnceFunc(func() { close(s.done) })
	open := req
	open.Limits.Bytes = 0 // a person may sit for hours; what is held for an exhibit is bounded, and what passes is not
	g, err := exhibit.StartGuard(o.Now, open, w.Keys)
	if err != nil {
		return nil, err
	}
	s.Live = exhibit.New(o, w, req, s.shelf, capture.NoProgress{})
	s.Live.BeginExchanges(g, exchange.Hooks{Main: func() string { return "" }, PageOf: s.PageOf, Whole: s.hold})
	return s, nil
}

// open makes the browser context and its first window, and sends the window to the address.
func (s *Session) open(ctx context.Context, l login) error {
	j := s.Live
	if err := j.OpenContext(ctx, s, j.Account != nil, s.handle); err != nil {
		return err
	}
	s.work.Go(s.attend)
	params := target.CreateTargetParams{URL: "about:blank", BrowserContextID: j.Context.ID, NewWindow: new(true)}
	if j.Visitor.Mobile {
		params.Width, params.Height = j.Visitor.Width+windowEdge, j.Visitor.Height+windowHead
	}
	t, err := devtools.Call(ctx, j.Browser.Root(), target.CreateTarget, params)
	if err != nil {
		return err
	}
	first, err := s.awaited(ctx, t.TargetID)
	if err != nil {
		return err
	}
	if err := s.restore(ctx, l); err != nil {
		return err
	}
	return s.navigate(ctx, first)
}

// The edges of a window around a phone's view: as much as Chrome leaves no narrower window than.
const (
	windowEdge = 120
	windowHead = 140
)

// awaited waits for the first tab to be set up.
func (s *Session) awaited(ctx context.Context, id target.ID) (devtools.Session, error) {
	pace := time.NewTicker(exhibit.Tick)
	defer pace.Stop()
	for {
		s.mu.Lock()
		for _, t := range s.tabs {
			if t.session.Target == id && t.ready {
				s.mu.Unlock()
				return t.session, nil
			}
		}
		s.mu.Unlock()
		select {
		case <-pace.C:
		case <-s.Live.Context.Gone():
			return devtools.Session{}, devtools.ErrGone
		case <-ctx.Done():
			return devtools.Session{}, context.Cause(ctx)
		}
	}
}

// navigate sends the first tab to the address of the request. It does not wait for the page, which may be slow: the person sees it come.
func (s *Session) navigate(ctx context.Context, first devtools.Session) error {
	j := s.Live
	s.act(evidence.ByTool, "navigate", "%s", j.Request.URL)
	if _, err := devtools.Call(ctx, first, page.BringToFront, struct{}{}); err != nil {
		return err
	}
	params := page.NavigateParams{URL: j.Address, Referrer: j.Visitor.Referrer}
	if params.Referrer != "" {
		params.ReferrerPolicy = page.ReferrerPolicyUnsafeURL
	}
	answer := first.Start(page.Navigate.Method, params)
	s.work.Go(func() {
		select {
		case r := <-answer:
			var got page.NavigateResult
			if r.Err == nil && devtools.Unmarshal(r.Result, &got) == nil && got.ErrorText != "" {
				j.Journal.Warn(evidence.PageFailed.With(j.Request.URL, got.ErrorText))
			}
		case <-s.finished:
		}
	})
	return nil
}

// attend notices that the browser itself is gone.
func (s *Session) attend() {
	select {
	case <-s.Live.Context.Gone():
		s.finish()
	case <-s.Live.Browser.Conn.Closed():
		s.Live.Context.Lose()
		s.finish()
	case <-s.finished:
	}
}

// Done implements capture.Session.
func (s *Session) Done() <-chan struct{} { return s.done }

// Address implements capture.Session.
func (s *Session) Address() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.tabs[s.front]; t != nil {
		return exhibit.Masked(s.typed.secrets(), t.address)
	}
	return ""
}

// End implements capture.Session.
func (s *Session) End(ctx context.Context) (evidence.SessionSummary, error) {
	s.turn.Lock()
	defer s.turn.Unlock()
	if s.ended {
		return evidence.SessionSummary{}, capture.ErrSessionOver
	}
	s.ended = true
	s.act(evidence.ByTool, "end", "")
	err := s.close()
	s.gather(nil)
	r := s.result()
	r.Contacts = append(r.Contacts, s.fresh(exhibit.PageContacts(s.Live.Guard.Connections()))...)
	return r, err
}

// close ends the browser, and everything that was started for it.
func (s *Session) close() error {
	j := s.Live
	j.Browser.Serve(nil)
	<-j.Browser.Conn.Through()
	close(s.finished)
	err := j.Browser.Close()
	s.work.Wait()
	if j.Context != nil {
		j.Context.Wait()
	}
	j.Exchanges.Wait()
	j.Guard.Close()
	s.finish()
	return err
}

func (s *Session) result() evidence.SessionSummary {
	s.mu.Lock()
	defer s.mu.Unlock()
	secrets := s.typed.secrets()
	r := evidence.SessionSummary{
		Schema: evidence.Schema, URL: s.Live.Request.URL, View: s.Live.Request.View, Started: s.started, Ended: s.Live.Options.Now().UTC(),
		Exhibits: s.number, Unsealed: len(s.held), Actions: []evidence.Act{}, Windows: []evidence.Window{}, Contacts: []evidence.Contact{}, Cautions: evidence.Cautions{Warnings: []string{}},
	}
	for _, a := range s.log {
		a.Detail = exhibit.Masked(secrets, a.Detail)
		r.Actions = append(r.Actions, a)
	}
	for _, w := range s.windows {
		known := *w
		known.URL = exhibit.Masked(secrets, known.URL)
		r.Windows = append(r.Windows, known)
	}
	for _, w := range s.warnings {
		r.Warn(w.Changed(func(arg string) string { return exhibit.Masked(secrets, arg) }))
	}
	return r
}

// maxActs bounds the list of a session, for each actor: neither a page nor a heavy hand makes it endless, and a page cannot crowd out the person.
const maxActs = 20_000

// act notes something that was done.
func (s *Session) act(by evidence.Actor, what, format string, args ...any) {
	a := evidence.Act{At: s.Live.Options.Now().UTC(), Actor: by, Action: what, Detail: fmt.Sprintf(format, args...)}
	s.mu.Lock()
	if s.count[by]++; s.count[by] > maxActs {
		s.warn(evidence.ActsLeftOut.With(maxActs, by))
		s.mu.Unlock()
		return
	}
	s.acts = append(s.acts, a)
	secrets := s.typed.secrets()
	s.mu.Unlock()
	if s.options.Told != nil {
		a.Detail = exhibit.Masked(secrets, a.Detail)
		s.telling.Lock()
		defer s.telling.Unlock()
		s.options.Told(a)
	}
}

// warn tells something about the session as a whole, once. It is called under mu.
func (s *Session) warn(r evidence.Remark) {
	if !slices.ContainsFunc(s.warnings, r.Same) && len(s.warnings) < journal.Lines {
		s.warnings = append(s.warnings, r)
	}
}
