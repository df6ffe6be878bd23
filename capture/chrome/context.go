package chrome

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/security"
	"github.com/chromedp/cdproto/target"

	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/journal"
	"yuzheng/capture/chrome/persona"
	"yuzheng/casefile/evidence"
)

// buffer is how much of the answers Chrome keeps for us until they are fetched; postBody bounds a request body in an event.
const (
	buffer   = 400 << 20
	postBody = 64 << 20
)

// doubleTime is how long every page and frame together may take to get a second session.
const doubleTime = 60 * time.Second

// browsing is one browser context, with nothing in it of any other, and everything that runs there: pages, frames, workers. Each is set up before it may
// run, so that the visitor is the same everywhere and no request is missed.
type browsing struct {
	contextOptions
	id   cdp.BrowserContextID
	work sync.WaitGroup
	gone chan struct{} // closed when the page, or the browser, is lost

	mu       sync.Mutex
	sessions map[string]devtools.Session
	twin     map[string]devtools.Session // second session of a session's target
	served   bool                        // a service worker has been seen
	page     *pageOf                     // the first that was opened
	lost     bool
}

// contextOptions of a browser context.
type contextOptions struct {
	Conn    *devtools.Conn
	Journal *journal.Journal
	Visitor persona.Visitor
	Limits  evidence.Limits
	Asked   bool // whoever a server asks who is there is told of it (Fetch.authRequired)
	Driver  driver
}

// driver is who the pages are opened for. Its functions are called with the events, in their order, and wait for no answer.
type driver interface {
	dress(s devtools.Session)                     // a page or frame is about to begin: what it needs beside what every visitor's has
	opened(s devtools.Session, info *target.Info) // a page or window waits to be let go
	closed(s devtools.Session)                    // it is gone, or its process is
}

// openContext makes a browser context: no cookie, no cache, no history, and proxy as its only way out.
func openContext(ctx context.Context, proxy string, o contextOptions) (*browsing, error) {
	b := &browsing{contextOptions: o, gone: make(chan struct{}), sessions: map[string]devtools.Session{}, twin: map[string]devtools.Session{}}
	c, err := devtools.Call(ctx, b.root(), target.CreateBrowserContext, target.CreateBrowserContextParams{
		ProxyServer: proxy, ProxyBypassList: "<-loopback>", DisposeOnDetach: new(true),
	})
	if err != nil {
		return nil, err
	}
	b.id = c.BrowserContextID
	_, err = devtools.Call(ctx, b.root(), browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorDeny, BrowserContextID: b.id, EventsEnabled: new(true),
	})
	return b, err
}

// dispose throws the browser context away, and with it everything that the page left in memory. It reports whether that was done.
func (b *browsing) dispose(ctx context.Context) bool {
	_, err := devtools.Call(ctx, b.root(), target.DisposeBrowserContext, target.DisposeBrowserContextParams{BrowserContextID: b.id})
	return err == nil
}

// root is the session of the browser itself.
func (b *browsing) root() devtools.Session { return b.Conn.Session("") }

// session is that of an id, where it is one of this context.
func (b *browsing) session(id string) (devtools.Session, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s, known := b.sessions[id]
	return s, known
}

// first makes a session's page the one that everything is about, and reports whether there was none before.
func (b *browsing) first(s devtools.Session) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.page != nil {
		return false
	}
	b.page = b.pageLocked(s, "")
	return true
}

// opened is the page that everything is about; nil before there is one.
func (b *browsing) opened() *pageOf {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.page
}

// isPage reports whether a session is that of the page.
func (b *browsing) isPage(s devtools.Session) bool {
	p := b.opened()
	return p != nil && p.Session.ID == s.ID
}

// mainFrame is the id of the page's main frame, "" while there is no page.
func (b *browsing) mainFrame() string {
	if p := b.opened(); p != nil {
		return string(p.Frame)
	}
	return ""
}

// lose ends every wait for the page.
func (b *browsing) lose() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.lost {
		b.lost = true
		close(b.gone)
	}
}

// attached sets a new target up before it may run. Everything is sent without waiting in between; a target let go before
// Network.enable loses its first requests. Parent is the session in which it was found.
func (b *browsing) attached(parent string, e target.EventAttachedToTarget) {
	s := b.Conn.Session(string(e.SessionID))
	s.Kind, s.Target = e.TargetInfo.Type, e.TargetInfo.TargetID
	if !b.enrol(&s, parent, e.TargetInfo) {
		return // a second session; who asked for it sets it up
	}
	if e.TargetInfo.BrowserContextID != b.id {
		devtools.Send(s, runtime.RunIfWaitingForDebugger, cdp.Empty{})
		return
	}
	b.recordNetwork(s)
	devtools.Send(s, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{
		UserAgent: b.Visitor.UserAgent, AcceptLanguage: b.Visitor.Languages, Platform: b.Visitor.Platform, UserAgentMetadata: b.Visitor.Hints,
	})
	if s.Kind == "page" || s.Kind == "iframe" {
		b.dress(s)
	} else {
		devtools.Send(s, runtime.Evaluate, runtime.EvaluateParams{Expression: b.Visitor.InWorkers()})
	}
	switch {
	case s.Kind == "page":
		b.Driver.opened(s, e.TargetInfo)
	case s.Kind == "service_worker", s.Kind == "iframe" && b.workers():
		b.work.Go(func() { b.letGo(s) })
	default:
		devtools.Send(s, runtime.RunIfWaitingForDebugger, cdp.Empty{})
	}
}

// enrol notes whose a new session is, and the session itself where it is of this context. It reports whether its target is a new one.
func (b *browsing) enrol(s *devtools.Session, parent string, info *target.Info) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	s.Owner = b.sessions[parent].Owner
	if s.Kind == "page" {
		s.Owner = s.ID
	}
	for _, other := range b.sessions {
		if other.Target == info.TargetID {
			return false
		}
	}
	if info.BrowserContextID == b.id {
		b.sessions[s.ID] = *s
	}
	return true
}

// recordNetwork makes a target tell its requests and keep its answers: as bytes outside the renderer (durable), so that
// neither a charset nor a navigation changes or loses them.
func (b *browsing) recordNetwork(s devtools.Session) {
	limit := b.Limits.Body + 1
	devtools.Send(s, network.Enable, network.EnableParams{
		MaxTotalBufferSize: new(int64(buffer)), MaxResourceBufferSize: &limit, MaxPostDataSize: new(int64(postBody)),
	})
	if s.Kind == "page" || s.Kind == "iframe" || s.Kind == "worker" && !b.workers() {
		b.durable(s)
	}
	devtools.Send(s, security.SetIgnoreCertificateErrors, security.SetIgnoreCertificateErrorsParams{Ignore: true})
	devtools.Send(s, target.SetAutoAttach, target.SetAutoAttachParams{
		AutoAttach: true, WaitForDebuggerOnStart: true, Flatten: new(true),
		Filter: target.Filter{{Type: "iframe"}, {Type: "worker"}, {Exclude: true}},
	})
}

// dress makes a page or frame the visitor's own.
func (b *browsing) dress(s devtools.Session) {
	v := b.Visitor
	devtools.Send(s, page.Enable, page.EnableParams{})
	devtools.Send(s, emulation.SetLocaleOverride, emulation.SetLocaleOverrideParams{Locale: v.Locale})
	devtools.Send(s, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: v.TimeZone})
	devtools.Send(s, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: v.TouchPoints > 0, MaxTouchPoints: max(1, v.TouchPoints)})
	devtools.Send(s, fetch.Enable, fetch.EnableParams{HandleAuthRequests: new(b.Asked), Patterns: []*fetch.RequestPattern{
		{URLPattern: "*", ResourceType: network.ResourceTypeDocument, RequestStage: fetch.RequestStageResponse},
		{URLPattern: "*", ResourceType: network.ResourceTypeDocument, RequestStage: fetch.RequestStageRequest}, // to hold it back, and for its account
		{URLPattern: "*", ResourceType: network.ResourceTypePing, RequestStage: fetch.RequestStageRequest},
		{URLPattern: "*", ResourceType: network.ResourceTypeXHR, RequestStage: fetch.RequestStageRequest}, // fetch() too
	}})
	b.Driver.dress(s)
}

// size gives a page the size of the visitor's screen.
func (b *browsing) size(s devtools.Session) {
	v := b.Visitor
	devtools.Send(s, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: v.Width, Height: v.Height, DeviceScaleFactor: v.Scale, Mobile: v.Mobile, ScreenWidth: v.ScreenWidth, ScreenHeight: v.ScreenHeight,
	})
}

// durable makes Chrome keep what came over the network outside the renderer. It does not keep a worker's own script, nor what a
// service worker answers.
func (b *browsing) durable(s devtools.Session) {
	devtools.Send(s, network.ConfigureDurableMessages, network.ConfigureDurableMessagesParams{
		MaxTotalBufferSize: new(int64(buffer)), MaxResourceBufferSize: new(b.Limits.Body + 1),
	})
}

// workers reports whether a service worker has been seen.
func (b *browsing) workers() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.sessions {
		if s.Kind == "service_worker" {
			b.served = true
		}
	}
	return b.served
}

// letGo lets a target run once every page and frame has a second session, an ordinary one that keeps what a service worker answers.
// Workers get none: attaching to a service worker that is about to fail brings the browser down (Chromium 156).
func (b *browsing) letGo(s devtools.Session) {
	ctx, cancel := context.WithTimeout(context.Background(), doubleTime)
	defer cancel()
	b.mu.Lock()
	var list []devtools.Session
	for _, other := range b.sessions {
		if _, has := b.twin[other.ID]; !has && (other.Kind == "page" || other.Kind == "iframe") {
			list = append(list, other)
			b.twin[other.ID] = devtools.Session{}
		}
	}
	b.mu.Unlock()
	for _, other := range list {
		if err := b.double(ctx, other); err != nil && !errors.Is(err, devtools.ErrGone) {
			b.Journal.Note(evidence.ByTool, "session", "no second one for %s: %v", other.Kind, err)
		}
	}
	devtools.Send(s, runtime.RunIfWaitingForDebugger, cdp.Empty{})
}

func (b *browsing) double(ctx context.Context, s devtools.Session) error {
	a, err := devtools.Call(ctx, b.root(), target.AttachToTarget, target.AttachToTargetParams{TargetID: s.Target, Flatten: new(true)})
	if err != nil {
		return err
	}
	second := b.Conn.Session(string(a.SessionID))
	second.Kind = s.Kind
	b.mu.Lock()
	b.twin[s.ID] = second
	b.mu.Unlock()
	_, err = devtools.Call(ctx, second, network.Enable, network.EnableParams{MaxTotalBufferSize: new(int64(buffer)), MaxResourceBufferSize: new(int64(buffer))})
	return err
}

// twins are the further sessions of a session's target.
func (b *browsing) twins(s devtools.Session) []devtools.Session {
	b.mu.Lock()
	defer b.mu.Unlock()
	if t := b.twin[s.ID]; t.ID != "" {
		return []devtools.Session{t}
	}
	return nil
}

// detached forgets a session whose target is gone, or whose process is.
func (b *browsing) detached(e target.EventDetachedFromTarget) {
	s := b.Conn.Session(string(e.SessionID))
	b.Conn.Forget(s.ID)
	b.mu.Lock()
	delete(b.sessions, s.ID)
	b.mu.Unlock()
	if b.isPage(s) {
		b.lose()
	}
	b.Driver.closed(s)
}

// letPageGo lets the page itself run, and tells when it does.
func (b *browsing) letPageGo(s devtools.Session, running func()) {
	answer := s.Start(runtime.RunIfWaitingForDebugger.Method, nil)
	b.work.Go(func() {
		<-answer
		running()
	})
}

// closeTarget ends a page or window.
func (b *browsing) closeTarget(id target.ID) {
	devtools.Send(b.root(), target.CloseTarget, target.CloseTargetParams{TargetID: id})
}
