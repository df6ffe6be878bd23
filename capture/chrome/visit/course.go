package visit

import (
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"

	"yuzheng/capture/chrome/devtools"
	"yuzheng/casefile/evidence"
)

// version is one document that stood in the window.
type version struct {
	evidence.DocumentVersion
	loaded bool // its load event has come
}

// refresh is a document that a page has announced (meta refresh, or the header Refresh).
type refresh struct {
	url   string
	delay time.Duration
	at    time.Time // of the announcement
}

func (r refresh) due() time.Time { return r.at.Add(r.delay) }

// leave says what becomes of a document that the page asks for in place of its own.
type leave int

const (
	mayLeave leave = iota // it comes
	mayGoOn               // one of another address comes; the same again is held back
	mayNot                // it is held back: what is being taken belongs to one document
)

// course follows the document in the window: which one it is, what is announced to take its place, and what was held back.
type course struct {
	now func() time.Time

	mu        sync.Mutex
	frame     cdp.FrameID // of the window
	versions  []version
	announced map[cdp.FrameID]refresh
	leave     leave
	led       func()                     // called when another document has come
	asked     network.RequestID          // for a document that has not come yet
	withheld  map[network.RequestID]bool // never sent
	refused   []string                   // addresses that were held back
	broken    map[network.RequestID]string
	program   string // address by which the document in the window has called another program (line:, market:)
}

func newCourse(now func() time.Time) *course {
	return &course{now: now, announced: map[cdp.FrameID]refresh{}, withheld: map[network.RequestID]bool{}, broken: map[network.RequestID]string{}, led: func() {}}
}

// current is the document in the window, and how many there have been.
func (c *course) current() (version, int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.versions) == 0 {
		return version{}, 0
	}
	return c.versions[len(c.versions)-1], len(c.versions)
}

// under reports whether a document is on its way.
func (c *course) under() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.asked != ""
}

// set says what becomes of documents from now on; led is called when one comes.
func (c *course) set(l leave, led func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.leave, c.led = l, led
}

// next is the announced document that comes first, in the window or in a frame of it.
func (c *course) next() (first refresh, inWindow, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, r := range c.announced {
		if !ok || r.due().Before(first.due()) {
			first, inWindow, ok = r, id == c.frame, true
		}
	}
	return first, inWindow, ok
}

// heldBack are the addresses of documents that the page asked for and did not get.
func (c *course) heldBack() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.refused)
}

// scheduled is what the browser tells of an announced document. The protocol still has it, though it is called deprecated.
type scheduled struct {
	FrameID cdp.FrameID `json:"frameId"`
	Delay   float64     `json:"delay"` // seconds
	URL     string      `json:"url"`
}

// courseEvent takes what the browser tells of the documents of a page and its frames.
func (j *Visit) courseEvent(s devtools.Session, e devtools.Event) {
	c := j.course
	switch e.Method {
	case "Page.frameNavigated":
		devtools.Take(j.Journal.Unread, e, func(v page.EventFrameNavigated) { c.came(v.Frame, j.Context.IsPage(s) && v.Frame.ParentID == "") })
	case "Page.frameRequestedNavigation":
		devtools.Take(j.Journal.Unread, e, func(v page.EventFrameRequestedNavigation) {
			if j.Context.IsPage(s) && string(v.FrameID) == j.Context.MainFrame() {
				c.calls(v.URL)
			}
		})
	case "Page.loadEventFired":
		if j.Context.IsPage(s) {
			c.loads()
		}
	case "Page.frameScheduledNavigation":
		devtools.Take(j.Journal.Unread, e, func(v scheduled) { c.announces(v) })
	case "Page.frameClearedScheduledNavigation", "Page.frameDetached":
		devtools.Take(j.Journal.Unread, e, func(v scheduled) { c.forget(v.FrameID) })
	}
}

// came notes a document: of the window, or of a frame.
func (c *course) came(f *cdp.Frame, inWindow bool) {
	c.mu.Lock()
	delete(c.announced, f.ID)
	if !inWindow {
		c.mu.Unlock()
		return
	}
	c.frame, c.asked = f.ID, ""
	address := f.URL + f.URLFragment
	if f.UnreachableURL != "" {
		address = f.UnreachableURL
	}
	c.program = ""
	c.versions = append(c.versions, version{DocumentVersion: evidence.DocumentVersion{Loader: string(f.LoaderID), URL: address, At: c.now().UTC()}})
	led := c.led
	c.mu.Unlock()
	led()
}

// calls notes that the page asks for an address that belongs to another program.
func (c *course) calls(address string) {
	u, err := url.Parse(address)
	if err != nil || slices.Contains([]string{"", "http", "https", "about", "data", "blob", "javascript", "file"}, u.Scheme) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.program = address
}

// called is the address of another program that the page has asked for; its load event then never comes.
func (c *course) called() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.program
}

func (c *course) loads() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(c.versions); n > 0 {
		c.versions[n-1].loaded = true
	}
}

func (c *course) announces(v scheduled) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.announced[v.FrameID] = refresh{v.URL, time.Duration(v.Delay * float64(time.Second)), c.now()}
}

func (c *course) forget(frame cdp.FrameID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.announced, frame)
}

// withholds reports whether a request is for a document that must not take the place of the one in the window. It is then never sent.
func (j *Visit) withholds(s devtools.Session, e network.EventRequestWillBeSent) bool {
	if !j.Context.IsPage(s) || e.Type != network.ResourceTypeDocument || string(e.FrameID) != j.Context.MainFrame() {
		return false
	}
	c := j.course
	c.mu.Lock()
	defer c.mu.Unlock()
	if e.RedirectResponse != nil || len(c.versions) == 0 {
		return false // of one that has been sent already
	}
	again := e.Request.Method == "GET" && withoutFragment(e.Request.URL) == withoutFragment(c.versions[len(c.versions)-1].URL)
	if c.leave == mayLeave || c.leave == mayGoOn && !again {
		c.asked = e.RequestID
		return false
	}
	c.withheld[e.RequestID] = true
	if !slices.Contains(c.refused, e.Request.URL) && len(c.refused) < maxRefused {
		c.refused = append(c.refused, e.Request.URL)
		j.Journal.Note(evidence.ByTool, "hold", "the page asks for %s in place of itself, which is not sent: what is taken belongs to one document", e.Request.URL)
	}
	return true
}

// maxRefused bounds the list of addresses that were held back.
const maxRefused = 50

// holds ends a request that must not be sent. Chrome leaves the document where it is.
func (j *Visit) holds(s devtools.Session, e fetch.EventRequestPaused) bool {
	if e.ResponseStatusCode != 0 || e.ResponseErrorReason != "" {
		return false
	}
	j.course.mu.Lock()
	held := j.course.withheld[e.NetworkID]
	j.course.mu.Unlock()
	if held {
		devtools.Send(s, fetch.FailRequest, fetch.FailRequestParams{RequestID: e.RequestID, ErrorReason: network.ErrorReasonAborted})
	}
	return held
}

// failed notes that a request has come to nothing: one for a document that was refused, that is a file to be saved, or that has no content; or
// one whose document stands in the window, and has broken off.
func (c *course) failed(e network.EventLoadingFailed) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.asked == e.RequestID {
		c.asked = ""
	}
	if e.Type == network.ResourceTypeDocument {
		c.broken[e.RequestID] = e.ErrorText
	}
}

// broke is why the document in the window has broken off; empty where it has not.
func (c *course) broke() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.versions) == 0 {
		return ""
	}
	return c.broken[network.RequestID(c.versions[len(c.versions)-1].Loader)]
}

func withoutFragment(address string) string {
	address, _, _ = strings.Cut(address, "#")
	return address
}

// all are the documents that stood in the window.
func (c *course) all() []evidence.DocumentVersion {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make([]evidence.DocumentVersion, len(c.versions))
	for i, v := range c.versions {
		out[i] = v.DocumentVersion
	}
	return out
}
