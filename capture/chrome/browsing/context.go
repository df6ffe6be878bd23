// Package browsing is one browser context and what runs in it: pages, the frames of other sites, workers. Each is set up before it may run, so that the
// visitor is the same everywhere and no request is missed; a page is looked at through a Page, which lists its frames and runs expressions in worlds that the
// page cannot reach. It knows the protocol's targets, and nothing of what is looked for.
//
// A Context lives as long as a capture, or an interactive session. Its events come in the order of the connection; no function that takes one waits for an
// answer. Gone is closed when the page is lost, which ends every wait of this package.
package browsing

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

// Context is one browser context, with nothing in it of any other, and everything that runs there: pages, frames, workers. Each is set up before it may
// run, so that the visitor is the same everywhere and no request is missed.
type Context struct {
	Options
	ID   cdp.BrowserContextID
	work sync.WaitGroup
	end  chan struct{} // closed when the page, or the browser, is lost

	mu       sync.Mutex
	sessions map[string]devtools.Session
	twin     map[string]devtools.Session // second session of a session's target
	served   bool                        // a service worker has been seen
	page     *Page                       // the first that was opened
	lost     bool
}

// Options of a browser context.
type Options struct {
	Conn    *devtools.Conn
	Journal *journal.Journal
	Visitor persona.Visitor
	Limits  evidence.Limits
	Asked   bool // whoever a server asks who is there is told of it (Fetch.authRequired)
	Driver  Driver
}

// Driver is who the pages are opened for. Its functions are called with the events, in their order, and wait for no answer.
type Driver interface {
	Dress(s devtools.Session)                     // a page or frame is about to begin: what it needs beside what every visitor's has
	Opened(s devtools.Session, info *target.Info) // a page or window waits to be let go
	Closed(s devtools.Session)                    // it is gone, or its process is
}

// Open makes a browser context: no cookie, no cache, no history, and proxy as its only way out.
func Open(ctx context.Context, proxy string, o Options) (*Context, error) {
	b := &Context{Options: o, end: make(chan struct{}), sessions: map[string]devtools.Session{}, twin: map[string]devtools.Session{}}
	c, err := devtools.Call(ctx, b.root(), target.CreateBrowserContext, target.CreateBrowserContextParams{
		ProxyServer: proxy, ProxyBypassList: "<-loopback>", DisposeOnDetach: new(true),
	})
	if err != nil {
		return nil, err
	}
	b.ID = c.BrowserContextID
	_, err = devtools.Call(ctx, b.root(), browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorDeny, BrowserContextID: b.ID, EventsEnabled: new(true),
	})
	return b, err
}

// Dispose throws the browser context away, and with it everything that the page left in memory. It reports whether that was done.
func (b *Context) Dispose(ctx context.Context) bool {
	_, err := devtools.Call(ctx, b.root(), target.DisposeBrowserContext, target.DisposeBrowserContextParams{BrowserContextID: b.ID})
	return err == nil
}

// root is the session of the browser itself.
func (b *Context) root() devtools.Session { return b.Conn.Session("") }

// Session is that of an id, where it is one of this context.
func (b *Context) Session(id string) (devtools.Session, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s, known := b.sessions[id]
	return s, known
}

// First makes a session's page the one that everything is about, and reports whether there was none before.
func (b *Context) First(s devtools.Session) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.page != nil {
		return false
	}
	b.page = b.pageLocked(s, "")
	return true
}

// Opened is the page that everything is about; nil before there is one.
func (b *Context) Opened() *Page {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.page
}

// IsPage reports whether a session is that of the page.
func (b *Context) IsPage(s devtools.Session) bool {
	p := b.Opened()
	return p != nil && p.Session.ID == s.ID
}

// MainFrame is the id of the page's main frame, "" while there is no page, or no context.
func (b *Context) MainFrame() string {
	if b == nil {
		return ""
	}
	if p := b.Opened(); p != nil {
		return string(p.Frame)
	}
	return ""
}

// Gone gives a channel that is closed when the page, or the browser, is lost.
func (b *Context) Gone() <-chan struct{} { return b.end }

// Wait waits until every target that is being set up may run, or never will.
func (b *Context) Wait() { b.work.Wait() }

// Lose ends every wait for the page.
func (b *Context) Lose() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.lost {
		b.lost = true
		close(b.end)
	}
}

// Attached sets a new target up before it may run. Everything is sent without waiting in between; a target let go before
// Network.enable loses its first requests. Parent is the session in which it was found.
func (b *Context) Attached(parent string, e target.EventAttachedToTarget) {
	s := b.Conn.Session(string(e.SessionID))
	s.Kind, s.Target = e.TargetInfo.Type, e.TargetInfo.TargetID
	if !b.enrol(&s, parent, e.TargetInfo) {
		return // a second session; who asked for it sets it up
	}
	if e.TargetInfo.BrowserContextID != b.ID {
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
		b.Driver.Opened(s, e.TargetInfo)
	case s.Kind == "service_worker", s.Kind == "iframe" && b.workers():
		b.work.Go(func() { b.letGo(s) })
	default:
		devtools.Send(s, runtime.RunIfWaitingForDebugger, cdp.Empty{})
	}
}

// enrol notes whose a new session is, and the session itself where it is of this context. It reports whether its target is a new one.
func (b *Context) enrol(s *devtools.Session, parent string, info *target.Info) bool {
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
	if info.BrowserContextID == b.ID {
		b.sessions[s.ID] = *s
	}
	return true
}

// recordNetwork makes a target tell its requests and keep its answers: as bytes outside the renderer (durable), so that
// neither a charset nor a navigation changes or loses them.
func (b *Context) recordNetwork(s devtools.Session) {
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
func (b *Context) dress(s devtools.Session) {
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
	b.Driver.Dress(s)
}

// Size gives a page the size of the visitor's screen.
func (b *Context) Size(s devtools.Session) {
	v := b.Visitor
	devtools.Send(s, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: v.Width, Height: v.Height, DeviceScaleFactor: v.Scale, Mobile: v.Mobile, ScreenWidth: v.ScreenWidth, ScreenHeight: v.ScreenHeight,
	})
}

// durable makes Chrome keep what came over the network outside the renderer. It does not keep a worker's own script, nor what a
// service worker answers.
func (b *Context) durable(s devtools.Session) {
	devtools.Send(s, network.ConfigureDurableMessages, network.ConfigureDurableMessagesParams{
		MaxTotalBufferSize: new(int64(buffer)), MaxResourceBufferSize: new(b.Limits.Body + 1),
	})
}

// workers reports whether a service worker has been seen.
func (b *Context) workers() bool {
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
func (b *Context) letGo(s devtools.Session) {
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

func (b *Context) double(ctx context.Context, s devtools.Session) error {
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

// Twins are the further sessions of a session's target.
func (b *Context) Twins(s devtools.Session) []devtools.Session {
	b.mu.Lock()
	defer b.mu.Unlock()
	if t := b.twin[s.ID]; t.ID != "" {
		return []devtools.Session{t}
	}
	return nil
}

// Detached forgets a session whose target is gone, or whose process is.
func (b *Context) Detached(e target.EventDetachedFromTarget) {
	s := b.Conn.Session(string(e.SessionID))
	b.Conn.Forget(s.ID)
	b.mu.Lock()
	delete(b.sessions, s.ID)
	b.mu.Unlock()
	if b.IsPage(s) {
		b.Lose()
	}
	b.Driver.Closed(s)
}

// LetPageGo lets the page itself run, and tells when it does.
func (b *Context) LetPageGo(s devtools.Session, running func()) {
	answer := s.Start(runtime.RunIfWaitingForDebugger.Method, nil)
	b.work.Go(func() {
		<-answer
		running()
	})
}

// CloseTarget ends a page or window.
func (b *Context) CloseTarget(id target.ID) {
	devtools.Send(b.root(), target.CloseTarget, target.CloseTargetParams{TargetID: id})
}
