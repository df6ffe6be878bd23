package chrome

import (
	"context"
	"errors"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/security"
	"github.com/chromedp/cdproto/target"
)

// buffer is how much of the answers Chrome keeps for us until they are fetched; postBody bounds a request body in an event.
const (
	buffer   = 400 << 20
	postBody = 64 << 20
)

// attached sets a new target up before it may run. Everything is sent without waiting in between; a target let go before
// Network.enable loses its first requests. Parent is the session in which it was found.
func (j *job) attached(parent string, e target.EventAttachedToTarget) {
	s := session{conn: j.warm.conn, id: string(e.SessionID), kind: e.TargetInfo.Type, target: e.TargetInfo.TargetID}
	j.mu.Lock()
	s.owner = j.sessions[parent].owner
	if s.kind == "page" {
		s.owner = s.id
	}
	mine := j.context != "" && e.TargetInfo.BrowserContextID == j.context
	for _, other := range j.sessions {
		if other.target == e.TargetInfo.TargetID {
			j.mu.Unlock() // a second session; who asked for it sets it up
			return
		}
	}
	if mine {
		j.sessions[s.id] = s
	}
	j.mu.Unlock()
	if !mine {
		send(s, runtime.RunIfWaitingForDebugger, cdp.Empty{})
		return
	}
	j.recordNetwork(s)
	send(s, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{
		UserAgent: j.visitor.UserAgent, AcceptLanguage: j.visitor.Languages, Platform: j.visitor.Platform, UserAgentMetadata: j.visitor.hints,
	})
	if s.kind == "page" || s.kind == "iframe" {
		j.dress(s)
	} else {
		send(s, runtime.Evaluate, runtime.EvaluateParams{Expression: j.visitor.inWorkers()})
	}
	switch {
	case s.kind == "page":
		j.opened(s, e.TargetInfo)
	case s.kind == "service_worker", s.kind == "iframe" && j.workers():
		j.work.Go(func() { j.letGo(s) })
	default:
		send(s, runtime.RunIfWaitingForDebugger, cdp.Empty{})
	}
}

// recordNetwork makes a target tell its requests and keep its answers: as bytes outside the renderer (durable), so that
// neither a charset nor a navigation changes or loses them.
func (j *job) recordNetwork(s session) {
	limit := j.req.Limits.Body + 1
	send(s, network.Enable, network.EnableParams{
		MaxTotalBufferSize: ptr[int64](buffer), MaxResourceBufferSize: &limit, MaxPostDataSize: ptr[int64](postBody),
	})
	if s.kind == "page" || s.kind == "iframe" || s.kind == "worker" && !j.workers() {
		j.durable(s)
	}
	send(s, security.SetIgnoreCertificateErrors, security.SetIgnoreCertificateErrorsParams{Ignore: true})
	send(s, target.SetAutoAttach, target.SetAutoAttachParams{
		AutoAttach: true, WaitForDebuggerOnStart: true, Flatten: ptr(true),
		Filter: target.Filter{{Type: "iframe"}, {Type: "worker"}, {Exclude: true}},
	})
}

// dress makes a page or frame the visitor's own.
func (j *job) dress(s session) {
	v := j.visitor
	send(s, page.Enable, page.EnableParams{})
	send(s, emulation.SetLocaleOverride, emulation.SetLocaleOverrideParams{Locale: v.Locale})
	send(s, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: v.TimeZone})
	send(s, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: v.TouchPoints > 0, MaxTouchPoints: max(1, v.TouchPoints)})
	send(s, fetch.Enable, fetch.EnableParams{HandleAuthRequests: ptr(j.answers()), Patterns: []*fetch.RequestPattern{
		{URLPattern: "*", ResourceType: network.ResourceTypeDocument, RequestStage: fetch.RequestStageResponse},
		{URLPattern: "*", ResourceType: network.ResourceTypeDocument, RequestStage: fetch.RequestStageRequest}, // to hold it back, and for its account
		{URLPattern: "*", ResourceType: network.ResourceTypePing, RequestStage: fetch.RequestStageRequest},
		{URLPattern: "*", ResourceType: network.ResourceTypeXHR, RequestStage: fetch.RequestStageRequest}, // fetch() too
	}})
	if j.sitting != nil {
		j.sitting.listen(s)
	} else {
		send(s, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: quietPrint + v.outside()})
	}
	if s.kind != "page" || j.sitting != nil && !v.Mobile {
		return // a window that a person looks at has the size that it has
	}
	send(s, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: v.Width, Height: v.Height, DeviceScaleFactor: v.Scale, Mobile: v.Mobile, ScreenWidth: v.ScreenWidth, ScreenHeight: v.ScreenHeight,
	})
	if j.sitting == nil {
		send(s, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	}
}

// opened lets the page itself go, or a window that it opened; windows beyond the limit are closed unseen.
func (j *job) opened(s session, info *target.Info) {
	if j.sitting != nil {
		j.sitting.opened(s, info)
		return
	}
	j.mu.Lock()
	first := j.page.id == ""
	if first {
		j.page = s
	} else {
		j.windows = append(j.windows, info.TargetID)
	}
	count := len(j.windows)
	j.mu.Unlock()
	if first {
		answer := s.conn.start(s.id, runtime.RunIfWaitingForDebugger.Method, nil)
		j.work.Go(func() {
			<-answer
			close(j.ready)
		})
		return
	}
	j.journal.note(byPage, "window", "opened %s", info.URL)
	if count > j.req.Limits.Windows {
		j.journal.limit("windows", "the page opened more than %d", j.req.Limits.Windows)
		send(j.warm.root(), target.CloseTarget, target.CloseTargetParams{TargetID: info.TargetID})
		return
	}
	send(s, runtime.RunIfWaitingForDebugger, cdp.Empty{})
}

// durable makes Chrome keep what came over the network outside the renderer. It does not keep a worker's own script, nor what a
// service worker answers.
func (j *job) durable(s session) {
	send(s, network.ConfigureDurableMessages, network.ConfigureDurableMessagesParams{
		MaxTotalBufferSize: ptr[int64](buffer), MaxResourceBufferSize: ptr(j.req.Limits.Body + 1),
	})
}

// workers reports whether a service worker has been seen.
func (j *job) workers() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, s := range j.sessions {
		if s.kind == "service_worker" {
			j.served = true
		}
	}
	return j.served
}

// letGo lets a target run once every page and frame has a second session, an ordinary one that keeps what a service worker answers.
// Workers get none: attaching to a service worker that is about to fail brings the browser down (Chromium 156).
func (j *job) letGo(s session) {
	ctx, cancel := context.WithTimeout(context.Background(), bodyTime)
	defer cancel()
	j.mu.Lock()
	var list []session
	for _, other := range j.sessions {
		if _, has := j.twin[other.id]; !has && (other.kind == "page" || other.kind == "iframe") {
			list = append(list, other)
			j.twin[other.id] = session{}
		}
	}
	j.mu.Unlock()
	for _, other := range list {
		if err := j.double(ctx, other); err != nil && !errors.Is(err, errGone) {
			j.journal.note(byTool, "session", "no second one for %s: %v", other.kind, err)
		}
	}
	send(s, runtime.RunIfWaitingForDebugger, cdp.Empty{})
}

func (j *job) double(ctx context.Context, s session) error {
	a, err := call(ctx, j.warm.root(), target.AttachToTarget, target.AttachToTargetParams{TargetID: s.target, Flatten: ptr(true)})
	if err != nil {
		return err
	}
	second := session{conn: s.conn, id: string(a.SessionID), kind: s.kind}
	j.mu.Lock()
	j.twin[s.id] = second
	j.mu.Unlock()
	_, err = call(ctx, second, network.Enable, network.EnableParams{MaxTotalBufferSize: ptr[int64](buffer), MaxResourceBufferSize: ptr[int64](buffer)})
	return err
}

// twins are the further sessions of a session's target.
func (j *job) twins(s session) []session {
	j.mu.Lock()
	defer j.mu.Unlock()
	if t := j.twin[s.id]; t.id != "" {
		return []session{t}
	}
	return nil
}

func (j *job) detached(e target.EventDetachedFromTarget) {
	j.warm.conn.forget(string(e.SessionID))
	j.mu.Lock()
	delete(j.sessions, string(e.SessionID))
	mine := j.page.id == string(e.SessionID)
	j.mu.Unlock()
	if mine {
		j.lose()
	}
	if j.sitting != nil {
		j.sitting.closed(string(e.SessionID))
	}
}

// pageOf is the session of the page that something belongs to.
func (j *job) pageOf(owner string) session {
	if j.sitting == nil {
		return j.page
	}
	return j.sitting.pageOf(owner)
}
