package chrome

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"

	"yuzheng/capture"
	"yuzheng/capture/chrome/browsing"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/session"
	"yuzheng/capture/sitetest"
	"yuzheng/casefile/evidence"
)

const askWhy = "域證：您即將按下「[what]」，這會改變對方系統的狀態。請寫下理由（留空即不送出）："

// person is whoever sits before the browser: what they do comes to the page as trusted events.
type person struct {
	t *testing.T
	*session.Session

	mu   sync.Mutex
	acts []evidence.Act
	news chan struct{}
}

// sit begins a session on a page of the test site, and waits until the page is there.
func sit(t *testing.T, req evidence.Request, o capture.SessionOptions) *person {
	t.Helper()
	p := &person{t: t, news: make(chan struct{}, 1)}
	o.Ask, o.Told = askWhy, p.told
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	s, err := recorder(t).Sit(ctx, req, o)
	if err != nil {
		t.Fatal(err)
	}
	p.Session = s.(*session.Session)
	t.Cleanup(func() {
		if _, err := p.End(context.Background()); err != nil && err != capture.ErrSessionOver {
			t.Error(err)
		}
	})
	p.arrives("")
	return p
}

func (p *person) told(a evidence.Act) {
	p.mu.Lock()
	p.acts = append(p.acts, a)
	p.mu.Unlock()
	select {
	case p.news <- struct{}{}:
	default:
	}
}

// sees waits for an act and returns it.
func (p *person) sees(by evidence.Actor, what, detail string) evidence.Act {
	p.t.Helper()
	late := time.After(30 * time.Second)
	for {
		p.mu.Lock()
		for _, a := range p.acts {
			if a.Actor == by && a.Action == what && strings.Contains(a.Detail, detail) {
				p.mu.Unlock()
				return a
			}
		}
		p.mu.Unlock()
		select {
		case <-p.news:
		case <-late:
			p.t.Fatalf("no act %s %s %q in %v", by, what, detail, p.list())
		}
	}
}

func (p *person) list() []evidence.Act {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]evidence.Act(nil), p.acts...)
}

// forgets lets sees look only at what comes from now on.
func (p *person) forgets() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.acts = nil
}

func (p *person) tab() devtools.Session { return p.PageOf("") }

// page evaluates in a world of its own, as the pictures do.
func evalTab[T any](p *person, s devtools.Session, expression string) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	v, err := browsing.EvalIn[T](ctx, s, cdp.FrameID(s.Target), expression)
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// until waits for something to be true in the page in front.
func (p *person) until(expression string) {
	p.t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		s := p.tab()
		v, err := browsing.EvalIn[bool](ctx, s, cdp.FrameID(s.Target), expression)
		cancel()
		if err == nil && v {
			return
		}
		pace := time.NewTimer(25 * time.Millisecond)
		<-pace.C
	}
	p.t.Fatalf("never %s in %s", expression, p.Address())
}

// arrives waits until a page whose address holds path is loaded, and its listener speaks.
func (p *person) arrives(path string) {
	p.t.Helper()
	p.until(fmt.Sprintf(`location.href.includes(%q) && document.readyState === "complete" && location.protocol.startsWith("http")`, path))
	s := p.tab()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if _, err := devtools.Call(ctx, s, runtime.AddBinding, runtime.AddBindingParams{Name: session.ListenerOut, ExecutionContextName: session.ListenerWorld}); err != nil {
		p.t.Fatal(err)
	}
}

// place is the middle of an element in its frame.
func (p *person) place(s devtools.Session, id string) spot {
	return evalTab[spot](p, s, fmt.Sprintf(`(() => { const e = document.getElementById(%q); e.scrollIntoView({block: "nearest"}); const r = e.getBoundingClientRect(); return {x: r.left + r.width / 2, y: r.top + r.height / 2}; })()`, id))
}

// press clicks on an element. It does not wait for what comes of it: a question may be open.
// spot is a place in the window, in CSS pixels.
type spot struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
}

func (p *person) press(id string) { p.pressIn(p.tab(), p.place(p.tab(), id)) }

func (p *person) pressIn(s devtools.Session, at spot) {
	for _, kind := range []input.DispatchMouseEventType{input.DispatchMouseEventTypeMouseMoved, input.DispatchMouseEventTypeMousePressed, input.DispatchMouseEventTypeMouseReleased} {
		m := input.DispatchMouseEventParams{Type: kind, X: at.X, Y: at.Y}
		if kind != input.DispatchMouseEventTypeMouseMoved {
			m.Button, m.ClickCount = input.MouseButtonLeft, 1
		}
		devtools.Send(s, input.DispatchMouseEvent, m)
	}
}

// types writes into an element, letter by letter.
func (p *person) types(id, text string) {
	p.t.Helper()
	for focus := fmt.Sprintf(`document.activeElement.id === %q`, id); !evalTab[bool](p, p.tab(), focus); { // Chrome drops what comes before the first paint
		p.press(id)
		p.paints()
	}
	for _, r := range text {
		p.key(string(r), string(r), 0)
	}
	p.until(fmt.Sprintf(`(document.activeElement.value ?? "").endsWith(%q)`, text))
}

// paints waits for the page to have been drawn.
func (p *person) paints() {
	evalTab[bool](p, p.tab(), `new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50, true)))`)
}

func (p *person) key(key, text string, code int64) {
	s := p.tab()
	devtools.Send(s, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: key, Text: text, WindowsVirtualKeyCode: code})
	devtools.Send(s, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: key, WindowsVirtualKeyCode: code})
}

func (p *person) enter() { p.key("Enter", "\r", 13) }

// answers the dialog that is open.
func (p *person) answers(yes bool, text string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if _, err := devtools.Call(ctx, p.tab(), page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: yes, PromptText: text}); err != nil {
		p.t.Fatal(err)
	}
}

// captures seals what is in front.
func (p *person) captures() (evidence.Summary, *memory) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	sink := newMemory()
	res, err := p.Capture(ctx, sink, capture.NoProgress{})
	if err != nil {
		p.t.Fatal(err)
	}
	checkSealed(p.t, res, sink)
	return res, sink
}

// ends ends the session.
func (p *person) ends() evidence.SessionSummary {
	p.t.Helper()
	r, err := p.End(context.Background())
	if err != nil {
		p.t.Fatal(err)
	}
	return r
}

// pressed lists what the site was told that was pressed.
func pressed(s *sitetest.Site) (list []string) {
	for _, r := range s.Served() {
		if what, ok := strings.CutPrefix(r.Path, "/pressed/"); ok {
			list = append(list, what)
		}
	}
	return list
}
