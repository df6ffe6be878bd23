package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/cdproto/target"

	"yuzheng/capture"
	"yuzheng/capture/chrome/browsing"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/casefile/evidence"
)

// login is what keeps somebody logged in from one session to the next.
type login struct {
	Cookies []*network.CookieParam       `json:"cookies"`
	Local   map[string]map[string]string `json:"local_storage"` // by origin
}

// readLogin reads what Login wrote; nothing is an empty login.
func readLogin(data []byte) (login, error) {
	var l login
	if len(data) == 0 {
		return l, nil
	}
	if err := json.Unmarshal(data, &l); err != nil {
		return l, fmt.Errorf("%w: login: %w", capture.ErrRequest, err)
	}
	return l, nil
}

// maxOrigins bounds the sites whose local storage is kept.
const maxOrigins = 50

// putScript fills the local storage of an origin out of JSON, which is written as a string.
const putScript = `(() => { for (const [k, v] of Object.entries(JSON.parse(%s))) localStorage.setItem(k, v); return true; })()`

// restore puts a login into the browser context. There is a window already, without which Chrome makes no page that nobody sees.
func (s *Session) restore(ctx context.Context, l login) error {
	j := s.Live
	if len(l.Cookies) > 0 {
		_, err := devtools.Call(ctx, j.Browser.Root(), storage.SetCookies, storage.SetCookiesParams{Cookies: l.Cookies, BrowserContextID: j.Context.ID})
		if err != nil {
			return fmt.Errorf("login: %w", err)
		}
	}
	if len(l.Local) == 0 {
		return nil
	}
	return s.backstage(ctx, slices.Sorted(maps.Keys(l.Local)), func(ctx context.Context, p devtools.Session, origin string) error {
		items, err := json.Marshal(l.Local[origin])
		if err == nil {
			items, err = json.Marshal(string(items))
		}
		if err != nil {
			return err
		}
		_, err = browsing.EvalIn[bool](ctx, p, cdp.FrameID(p.Target), fmt.Sprintf(putScript, items))
		return err
	})
}

// Login implements capture.Session. What holds a typed password is left out.
func (s *Session) Login(ctx context.Context) ([]byte, error) {
	s.turn.Lock()
	defer s.turn.Unlock()
	if s.ended {
		return nil, capture.ErrSessionOver
	}
	j := s.Live
	r, err := devtools.Call(ctx, j.Browser.Root(), storage.GetCookies, storage.GetCookiesParams{BrowserContextID: j.Context.ID})
	if err != nil {
		return nil, fmt.Errorf("login: %w", err)
	}
	s.mu.Lock()
	secrets, origins := s.typed.secrets(), slices.Clone(s.origins)
	s.mu.Unlock()
	l := login{Cookies: []*network.CookieParam{}, Local: map[string]map[string]string{}}
	for _, c := range r.Cookies {
		if !secrets.Found(c.Name + "\n" + c.Value) {
			l.Cookies = append(l.Cookies, cookieParam(c))
		}
	}
	err = s.backstage(ctx, origins, func(ctx context.Context, p devtools.Session, origin string) error {
		items, err := browsing.EvalIn[map[string]string](ctx, p, cdp.FrameID(p.Target), `Object.fromEntries(Object.entries(localStorage))`)
		maps.DeleteFunc(items, func(k, v string) bool { return secrets.Found(k + "\n" + v) })
		if len(items) > 0 {
			l.Local[origin] = items
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("login: %w", err)
	}
	s.act(evidence.ByTool, "login", "read %d cookies and the storage of %d sites", len(l.Cookies), len(l.Local))
	return json.Marshal(l)
}

func cookieParam(c *network.Cookie) *network.CookieParam {
	p := &network.CookieParam{
		Name: c.Name, Value: c.Value, Domain: c.Domain, Path: c.Path, Secure: c.Secure, HTTPOnly: c.HTTPOnly, SameSite: c.SameSite,
		Priority: c.Priority, SourceScheme: c.SourceScheme, SourcePort: c.SourcePort, PartitionKey: c.PartitionKey,
	}
	if !strings.HasPrefix(c.Domain, ".") { // for this host alone
		scheme := "http"
		if c.Secure {
			scheme = "https"
		}
		p.URL, p.Domain = scheme+"://"+c.Domain+c.Path, ""
	}
	if !c.Session {
		p.Expires = cdp.TimeSinceEpoch(c.Expires)
	}
	return p
}

// backstage does something in an empty page of each origin that nobody sees and nothing is recorded of. The page's answer is ours: no server is
// asked, and no service worker.
func (s *Session) backstage(ctx context.Context, origins []string, do func(ctx context.Context, s devtools.Session, origin string) error) error {
	if len(origins) == 0 {
		return nil
	}
	j := s.Live
	root := j.Browser.Root()
	t, err := devtools.Call(ctx, root, target.CreateTarget, target.CreateTargetParams{URL: "about:blank", BrowserContextID: j.Context.ID, Hidden: new(true)})
	if err != nil {
		return err
	}
	defer devtools.Send(root, target.CloseTarget, target.CloseTargetParams(t))
	front := j.Browser.Served()
	defer j.Browser.Serve(front)
	scenes := func(e devtools.Event) { s.backstageEvent(t.TargetID, front, e) }
	j.Browser.Serve(scenes)
	a, err := devtools.Call(ctx, root, target.AttachToTarget, target.AttachToTargetParams{TargetID: t.TargetID, Flatten: new(true)})
	if err != nil {
		return err
	}
	p := j.Browser.Conn.Session(string(a.SessionID))
	p.Target = t.TargetID
	devtools.Send(p, network.Enable, network.EnableParams{})
	devtools.Send(p, network.SetBypassServiceWorker, network.SetBypassServiceWorkerParams{Bypass: true})
	if _, err := devtools.Call(ctx, p, fetch.Enable, fetch.EnableParams{}); err != nil {
		return err
	}
	for _, origin := range origins {
		r, err := devtools.Call(ctx, p, page.Navigate, page.NavigateParams{URL: origin + "/"})
		if err == nil && r.ErrorText != "" {
			err = errors.New(r.ErrorText)
		}
		if err == nil {
			err = do(ctx, p, origin)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", origin, err)
		}
	}
	return nil
}

// backstageEvent answers what a page asks that nobody sees, and hands on everything else.
func (s *Session) backstageEvent(hidden target.ID, front func(devtools.Event), e devtools.Event) {
	switch e.Method {
	case "Target.attachedToTarget":
		if v, err := devtools.Decode[target.EventAttachedToTarget](e); err == nil && v.TargetInfo.TargetID == hidden {
			return
		}
	case "Fetch.requestPaused":
		_, recorded := s.Live.Context.Session(e.Session)
		if v, err := devtools.Decode[fetch.EventRequestPaused](e); err == nil && !recorded {
			devtools.Send(s.Live.Browser.Conn.Session(e.Session), fetch.FulfillRequest, fetch.FulfillRequestParams{
				RequestID: v.RequestID, ResponseCode: 200, ResponseHeaders: []*fetch.HeaderEntry{{Name: "Content-Type", Value: "text/html"}}, Body: []byte("<!doctype html>"),
			})
			return
		}
	}
	if front != nil {
		front(e)
	}
}
