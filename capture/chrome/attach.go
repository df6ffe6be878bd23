package chrome

import (
	"context"
	"errors"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/security"
	"github.com/chromedp/cdproto/target"

	"yuzheng/capture/chrome/devtools"
	"yuzheng/casefile/evidence"
)

// buffer is how much of the answers Chrome keeps for us until they are fetched; postBody bounds a request body in an event.
const (
	buffer   = 400 << 20
	postBody = 64 << 20
)

// doubleTime is how long every page and frame together may take to get a second session.
const doubleTime = 60 * time.Second

// attached sets a new target up before it may run. Everything is sent without waiting in between; a target let go before
// Network.enable loses its first requests. Parent is the session in which it was found.
func (j *job) attached(parent string, e target.EventAttachedToTarget) {
	s := j.warm.conn.Session(string(e.SessionID))
	s.Kind, s.Target = e.TargetInfo.Type, e.TargetInfo.TargetID
	j.mu.Lock()
	s.Owner = j.sessions[parent].Owner
	if s.Kind == "page" {
		s.Owner = s.ID
	}
	mine := j.context != "" && e.TargetInfo.BrowserContextID == j.context
	for _, other := range j.sessions {
		if other.Target == e.TargetInfo.TargetID {
			j.mu.Unlock() // a second session; who asked for it sets it up
			return
		}
	}
	if mine {
		j.sessions[s.ID] = s
	}
	j.mu.Unlock()
	if !mine {
		devtools.Send(s, runtime.RunIfWaitingForDebugger, cdp.Empty{})
		return
	}
	j.recordNetwork(s)
	devtools.Send(s, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{
		UserAgent: j.visitor.UserAgent, AcceptLanguage: j.visitor.Languages, Platform: j.visitor.Platform, UserAgentMetadata: j.visitor.Hints,
	})
	if s.Kind == "page" || s.Kind == "iframe" {
		j.dress(s)
	} else {
		devtools.Send(s, runtime.Evaluate, runtime.EvaluateParams{Expression: j.visitor.InWorkers()})
	}
	switch {
	case s.Kind == "page":
		j.opened(s, e.TargetInfo)
	case s.Kind == "service_worker", s.Kind == "iframe" && j.workers():
		j.work.Go(func() { j.letGo(s) })
	default:
		devtools.Send(s, runtime.RunIfWaitingForDebugger, cdp.Empty{})
	}
}

// recordNetwork makes a target tell its requests and keep its answers: as bytes outside the renderer (durable), so that
// neither a charset nor a navigation changes or loses them.
func (j *job) recordNetwork(s devtools.Session) {
	limit := j.req.Limits.Body + 1
	devtools.Send(s, network.Enable, network.EnableParams{
		MaxTotalBufferSize: ptr[int64](buffer), MaxResourceBufferSize: &limit, MaxPostDataSize: ptr[int64](postBody),
	})
	if s.Kind == "page" || s.Kind == "iframe" || s.Kind == "worker" && !j.workers() {
		j.durable(s)
	}
	devtools.Send(s, security.SetIgnoreCertificateErrors, security.SetIgnoreCertificateErrorsParams{Ignore: true})
	devtools.Send(s, target.SetAutoAttach, target.SetAutoAttachParams{
		AutoAttach: true, WaitForDebuggerOnStart: true, Flatten: ptr(true),
		Filter: target.Filter{{Type: "iframe"}, {Type: "worker"}, {Exclude: true}},
	})
}

// dress makes a page or frame the visitor's own.
func (j *job) dress(s devtools.Session) {
	v := j.visitor
	devtools.Send(s, page.Enable, page.EnableParams{})
	devtools.Send(s, emulation.SetLocaleOverride, emulation.SetLocaleOverrideParams{Locale: v.Locale})
	devtools.Send(s, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: v.TimeZone})
	devtools.Send(s, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: v.TouchPoints > 0, MaxTouchPoints: max(1, v.TouchPoints)})
	devtools.Send(s, fetch.Enable, fetch.EnableParams{HandleAuthRequests: ptr(j.answers()), Patterns: []*fetch.RequestPattern{
		{URLPattern: "*", ResourceType: network.ResourceTypeDocument, RequestStage: fetch.RequestStageResponse},
		{URLPattern: "*", ResourceType: network.ResourceTypeDocument, RequestStage: fetch.RequestStageRequest}, // to hold it back, and for its account
		{URLPattern: "*", ResourceType: network.ResourceTypePing, RequestStage: fetch.RequestStageRequest},
		{URLPattern: "*", ResourceType: network.ResourceTypeXHR, RequestStage: fetch.RequestStageRequest}, // fetch() too
	}})
	if j.sitting != nil {
		j.sitting.listen(s)
	} else {
		devtools.Send(s, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: quietPrint + v.Outside()})
	}
	if s.Kind != "page" || j.sitting != nil && !v.Mobile {
		return // a window that a person looks at has the size that it has
	}
	devtools.Send(s, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: v.Width, Height: v.Height, DeviceScaleFactor: v.Scale, Mobile: v.Mobile, ScreenWidth: v.ScreenWidth, ScreenHeight: v.ScreenHeight,
	})
	if j.sitting == nil {
		devtools.Send(s, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	}
}

// opened lets the page itself go, or a window that it opened; windows beyond the limit are closed unseen.
func (j *job) opened(s devtools.Session, info *target.Info) {
	if j.sitting != nil {
		j.sitting.opened(s, info)
		return
	}
	j.mu.Lock()
	first := j.page.ID == ""
	if first {
		j.page = s
	} else {
		j.windows = append(j.windows, info.TargetID)
	}
	count := len(j.windows)
	j.mu.Unlock()
	if first {
		answer := s.Start(runtime.RunIfWaitingForDebugger.Method, nil)
		j.work.Go(func() {
			<-answer
			close(j.ready)
		})
		return
	}
	j.journal.Note(evidence.ByPage, "window", "opened %s", info.URL)
	if count > j.req.Limits.Windows {
		j.journal.Limit("windows", "the page opened more than %d", j.req.Limits.Windows)
		devtools.Send(j.warm.root(), target.CloseTarget, target.CloseTargetParams{TargetID: info.TargetID})
		return
	}
	devtools.Send(s, runtime.RunIfWaitingForDebugger, cdp.Empty{})
}

// durable makes Chrome keep what came over the network outside the renderer. It does not keep a worker's own script, nor what a
// service worker answers.
func (j *job) durable(s devtools.Session) {
	devtools.Send(s, network.ConfigureDurableMessages, network.ConfigureDurableMessagesParams{
		MaxTotalBufferSize: ptr[int64](buffer), MaxResourceBufferSize: ptr(j.req.Limits.Body + 1),
	})
}

// workers reports whether a service worker has been seen.
func (j *job) workers() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, s := range j.sessions {
		if s.Kind == "service_worker" {
			j.served = true
		}
	}
	return j.served
}

// letGo lets a target run once every page and frame has a second session, an ordinary one that keeps what a service worker answers.
// Workers get none: attaching to a service worker that is about to fail brings the browser down (Chromium 156).
func (j *job) letGo(s devtools.Session) {
	ctx, cancel := context.WithTimeout(context.Background(), doubleTime)
	defer cancel()
	j.mu.Lock()
	var list []devtools.Session
	for _, other := range j.sessions {
		if _, has := j.twin[other.ID]; !has && (other.Kind == "page" || other.Kind == "iframe") {
			list = append(list, other)
			j.twin[other.ID] = devtools.Session{}
		}
	}
	j.mu.Unlock()
	for _, other := range list {
		if err := j.double(ctx, other); err != nil && !errors.Is(err, devtools.ErrGone) {
			j.journal.Note(evidence.ByTool, "session", "no second one for %s: %v", other.Kind, err)
		}
	}
	devtools.Send(s, runtime.RunIfWaitingForDebugger, cdp.Empty{})
}

func (j *job) double(ctx context.Context, s devtools.Session) error {
	a, err := devtools.Call(ctx, j.warm.root(), target.AttachToTarget, target.AttachToTargetParams{TargetID: s.Target, Flatten: ptr(true)})
	if err != nil {
		return err
	}
	second := j.warm.conn.Session(string(a.SessionID))
	second.Kind = s.Kind
	j.mu.Lock()
	j.twin[s.ID] = second
	j.mu.Unlock()
	_, err = devtools.Call(ctx, second, network.Enable, network.EnableParams{MaxTotalBufferSize: ptr[int64](buffer), MaxResourceBufferSize: ptr[int64](buffer)})
	return err
}

// twins are the further sessions of a session's target.
func (j *job) twins(s devtools.Session) []devtools.Session {
	j.mu.Lock()
	defer j.mu.Unlock()
	if t := j.twin[s.ID]; t.ID != "" {
		return []devtools.Session{t}
	}
	return nil
}

func (j *job) detached(e target.EventDetachedFromTarget) {
	j.warm.conn.Forget(string(e.SessionID))
	j.mu.Lock()
	delete(j.sessions, string(e.SessionID))
	mine := j.page.ID == string(e.SessionID)
	j.mu.Unlock()
	if mine {
		j.lose()
	}
	if j.sitting != nil {
		j.sitting.closed(string(e.SessionID))
	}
}

// pageOf is the session of the page that something belongs to.
func (j *job) pageOf(owner string) devtools.Session {
	if j.sitting == nil {
		return j.page
	}
	return j.sitting.pageOf(owner)
}
