package chrome

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"

	"yuzheng/capture"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/sitetest"
	"yuzheng/capture/sitetest/screen"
	"yuzheng/casefile/evidence"
)

// Every tab belongs to the session, whoever opened it; an exhibit is of the one in front.
func TestSittingTabs(t *testing.T) {
	screen.Open(t)
	s := site(t, sitetest.Options{})
	p := sit(t, quick(s, s.URL("http", "bad", "/sit-member")), capture.SessionOptions{})
	first := p.tab()
	p.paints() // Chrome drops what comes before
	p.press("tab")
	p.sees(evidence.ByPerson, "window", "after a press")
	p.sees(evidence.ByPerson, "navigate", "/sit-more (anchorClick after a press)")
	p.arrives("/sit-more")
	res, sink := p.captures()
	if res.Verdict != evidence.Complete || !strings.HasSuffix(res.URL, "/sit-more") || res.Title != "群組公告" || len(res.Redirects) != 0 {
		t.Errorf("%s %s %q missing %v redirects %v", res.Verdict, res.URL, res.Title, res.Missing, res.Redirects)
	}
	bodies := recordedBodies(t, sink.kept[evidence.ArchiveWACZ])
	for _, path := range []string{"/sit-member", "/sit-more", "/images/more.png"} {
		if len(bodies[s.URL("http", "bad", path)]) != 1 {
			t.Errorf("%s is not in the archive of everything so far: %v", path, bodies)
		}
	}
	second := p.tab()
	p.brings(first)
	p.until(`location.pathname === "/sit-member"`)
	res, sink = p.captures()
	if res.Verdict != evidence.Complete || res.Title != "會員專區" || !strings.HasSuffix(p.Address(), "/sit-member") {
		t.Errorf("%s %q at %s missing %v", res.Verdict, res.Title, p.Address(), res.Missing)
	}
	bodies = recordedBodies(t, sink.kept[evidence.ArchiveWACZ])
	delete(bodies, s.URL("http", "bad", "/favicon.ico")) // which the tool asks for with each exhibit, in vain
	if len(bodies) != 1 || !bytes.Contains(sink.kept[evidence.SourceHTML], []byte("飆股會員專區")) {
		t.Errorf("the second archive holds %v", bodies) // the document again, and nothing else
	}
	p.shuts(second)
	p.sees(evidence.ByPerson, "window", "closed")
	r := p.ends()
	if len(r.Windows) != 2 || r.Windows[0].By != evidence.ByTool || r.Windows[1].By != evidence.ByPerson || r.Windows[1].Closed.IsZero() || !r.Windows[0].Closed.IsZero() {
		t.Errorf("windows %v", r.Windows)
	}
}

func (p *person) brings(s devtools.Session) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if _, err := devtools.Call(ctx, s, page.BringToFront, cdp.Empty{}); err != nil {
		p.t.Fatal(err)
	}
}

func (p *person) shuts(s devtools.Session) {
	devtools.Send(p.Live.Browser.Root(), target.CloseTarget, target.CloseTargetParams{TargetID: s.Target})
}

// The page of more than sixty resources is recorded as whole as without a person: frames, workers, sockets, streams and all.
func TestSittingRecordsThePageWhole(t *testing.T) {
	screen.Open(t)
	s := site(t, sitetest.Options{})
	p := sit(t, ask(s, s.Entry("http")), capture.SessionOptions{})
	for at, same := -1.0, 0; same < 3; {
		p.turnsWheel()
		now := evalTab[float64](p, p.tab(), `new Promise((done) => setTimeout(() => done(scrollY + document.documentElement.scrollHeight), 100))`)
		if same++; now != at {
			at, same = now, 0
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := p.Live.Quiet(ctx); err != nil {
		t.Fatal(err)
	}
	res, sink := p.captures()
	checkWhole(t, s, "http", res, sink)
	if text := acts(p.ends().Actions); !strings.Contains(text, "person scroll: to 0, ") {
		t.Error(text)
	}
}

// turnsWheel scrolls down by most of the window.
func (p *person) turnsWheel() {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	_, err := devtools.Call(ctx, p.tab(), input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseWheel, X: 300, Y: 300, DeltaX: 0.01, DeltaY: 500})
	if err != nil {
		p.t.Fatal(err)
	}
}

// What is still open stands as missing in one exhibit and whole in the next; a page that is gone back to is told from the one that was left.
func TestSittingSegments(t *testing.T) {
	screen.Open(t)
	s := site(t, sitetest.Options{})
	p := sit(t, quick(s, s.URL("http", "bad", "/sit-member")), capture.SessionOptions{})
	evalTab[bool](p, p.tab(), `fetch("/sit-waits"), true`)
	res, _ := p.captures()
	if res.Verdict != evidence.Partial || len(res.Missing) != 1 || !strings.Contains(res.Missing[0].Reason, "next exhibit") {
		t.Errorf("%s missing %v", res.Verdict, res.Missing)
	}
	evalTab[bool](p, p.tab(), `fetch("/sit-waits", {method: "POST"}).then(() => true)`)
	res, sink := p.captures()
	if bodies := recordedBodies(t, sink.kept[evidence.ArchiveWACZ]); res.Verdict != evidence.Complete || len(bodies[s.URL("http", "bad", "/sit-waits")]) != 2 {
		t.Errorf("%s missing %v, the archive holds %v", res.Verdict, res.Missing, bodies)
	}
	p.press("next")
	p.arrives("/sit-more")
	evalTab[bool](p, p.tab(), `history.back(), true`)
	p.arrives("/sit-member")
	res, sink = p.captures()
	if res.Title != "會員專區" || !bytes.Contains(sink.kept[evidence.SourceHTML], []byte("飆股會員專區")) {
		t.Errorf("%q, source %.100q", res.Title, sink.kept[evidence.SourceHTML])
	}
	if bodies := recordedBodies(t, sink.kept[evidence.ArchiveWACZ]); len(bodies[s.URL("http", "bad", "/sit-more")]) != 1 {
		t.Errorf("the archive holds %v", bodies)
	}
	p.ends()
}

// A window that is closed, and a browser that dies, end the session; what was recorded can still be sealed, as partial, and the reason is told.
func TestSittingIsOver(t *testing.T) {
	screen.Open(t)
	s := site(t, sitetest.Options{})
	for name, end := range map[string]func(*person){
		"closed":  func(p *person) { p.shuts(p.tab()) },
		"crashed": func(p *person) { p.Live.Browser.Root().Start("Browser.crash", nil) },
	} {
		t.Run(name, func(t *testing.T) {
			p := sit(t, quick(s, s.URL("http", "bad", "/sit-more")), capture.SessionOptions{})
			end(p)
			select {
			case <-p.Done():
			case <-time.After(time.Minute):
				t.Fatal("not over")
			}
			res, sink := p.captures()
			if res.Verdict != evidence.Partial || !strings.Contains(fmt.Sprint(res.Missing), "the window had been closed") || res.Status != 200 {
				t.Errorf("%s %d missing %v", res.Verdict, res.Status, res.Missing)
			}
			if len(recordedBodies(t, sink.kept[evidence.ArchiveWACZ])) < 2 || !bytes.Contains(sink.kept[evidence.SourceHTML], []byte("群組公告")) {
				t.Error("what was recorded is not there")
			}
			if r := p.ends(); r.Unsealed != 0 || r.Exhibits != 1 {
				t.Errorf("%d unsealed, %d exhibits", r.Unsealed, r.Exhibits)
			}
			if _, err := p.Capture(context.Background(), newMemory(), capture.NoProgress{}); !errors.Is(err, capture.ErrSessionOver) {
				t.Errorf("a capture after the end: %v", err)
			}
			if _, err := p.End(context.Background()); !errors.Is(err, capture.ErrSessionOver) {
				t.Errorf("a second end: %v", err)
			}
		})
	}
}

// A login is taken from one session into the next: its cookies, and its storage, without a request for it. Without one nobody is logged in.
func TestSittingLogin(t *testing.T) {
	screen.Open(t)
	s := site(t, sitetest.Options{})
	p := sit(t, quick(s, s.URL("http", "bad", "/sit-login")), capture.SessionOptions{})
	p.types("user", sitetest.SitUser)
	p.types("password", sitetest.SitPassword)
	p.enter()
	p.arrives("/sit-club")
	login, err := p.Login(context.Background())
	if err != nil || bytes.Contains(login, []byte(sitetest.SitPassword)) {
		t.Fatalf("%v %s", err, login)
	}
	p.ends()
	before := len(s.Served())
	q := sit(t, quick(s, s.URL("http", "bad", "/sit-club")), capture.SessionOptions{Login: login})
	if got := evalTab[string](q, q.tab(), `location.pathname + " " + localStorage.getItem("member")`); got != "/sit-club yes" {
		t.Errorf("with the login: %s", got)
	}
	if first := s.Served()[before]; first.Path != "/sit-club" {
		t.Errorf("%s was asked for first", first.Path)
	}
	q.ends()
	n := sit(t, quick(s, s.URL("http", "bad", "/sit-club")), capture.SessionOptions{})
	if got := evalTab[string](n, n.tab(), `location.pathname + " " + localStorage.getItem("member")`); got != "/sit-login null" {
		t.Errorf("without: %s", got)
	}
	n.ends()
	r := recorder(t)
	if _, err := r.Sit(context.Background(), quick(s, s.URL("http", "bad", "/sit-club")), capture.SessionOptions{Login: []byte("{")}); !errors.Is(err, capture.ErrRequest) {
		t.Errorf("a broken login: %v", err)
	}
}

// A sink that does not keep what it is given costs nothing: the next exhibit holds it.
func TestSittingSinkFails(t *testing.T) {
	screen.Open(t)
	s := site(t, sitetest.Options{})
	p := sit(t, quick(s, s.URL("https", "bad", "/sit-more")), capture.SessionOptions{})
	for _, name := range []string{evidence.ArchiveWACZ, evidence.NetworkHAR} {
		if _, err := p.Capture(context.Background(), full{newMemory(), name}, capture.NoProgress{}); !errors.Is(err, errFull) {
			t.Errorf("%s: %v", name, err)
		}
	}
	res, sink := p.captures()
	if bodies := recordedBodies(t, sink.kept[evidence.ArchiveWACZ]); res.Verdict != evidence.Complete || len(bodies[s.URL("https", "bad", "/images/more.png")]) != 1 {
		t.Errorf("%s missing %v, the archive holds %v", res.Verdict, res.Missing, bodies)
	}
	if !bytes.Contains(sink.kept[evidence.Certificates], []byte("BEGIN CERTIFICATE")) {
		t.Error("no certificates")
	}
	if r := p.ends(); r.Exhibits != 1 {
		t.Errorf("%d exhibits", r.Exhibits)
	}
}

// full is a sink without room for one artifact.
type full struct {
	*memory
	name string
}

var errFull = errors.New("no space left")

func (f full) Create(name, media string) (capture.Writer, error) {
	if name == f.name {
		return nil, errFull
	}
	return f.memory.Create(name, media)
}

// Without a display there is no session. That nothing is left of the attempt, TestMain sees.
func TestSittingNeedsADisplay(t *testing.T) {
	browserPath(t)
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	s := site(t, sitetest.Options{})
	if _, err := recorder(t).Sit(context.Background(), quick(s, s.URL("https", "bad", "/sit-more")), capture.SessionOptions{}); !errors.Is(err, capture.ErrNoDisplay) {
		t.Error(err)
	}
}
