package chrome

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"yuzheng/capture"
	"yuzheng/capture/sitetest"
	"yuzheng/capture/sitetest/screen"
	"yuzheng/casefile/evidence"
)

// A person at keyboard and mouse logs in, and joins a group once a reason is given. Each capture is an exhibit of its own, whole, without the
// password; the list says who did what; nothing of it comes to the disk.
func TestSittingByHand(t *testing.T) {
	screen.Program(t, "xdotool")
	screen.Open(t)
	home := t.TempDir()
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "TMPDIR"} {
		t.Setenv(name, home)
	}
	s := site(t, sitetest.Options{})
	p := sit(t, quick(s, s.URL("http", "bad", "/sit-login")), capture.SessionOptions{})
	first, firstSink := p.captures()

	p.hits("user")
	screen.Hands(t, "type", "--delay", "30", sitetest.SitUser)
	screen.Hands(t, "key", "Tab")
	screen.Hands(t, "type", "--delay", "30", sitetest.SitPassword)
	screen.Hands(t, "key", "Return")
	p.arrives("/sit-club")
	second, secondSink := p.captures()

	p.hits("join")
	p.sees(evidence.ByTool, "guard", "加入群組")
	screen.Hands(t, "key", "Escape")
	p.sees(evidence.ByPerson, "held back", "加入群組")
	if list := pressed(s); len(list) != 0 {
		t.Errorf("%v was pressed without a reason", list)
	}
	p.forgets()
	p.hits("join")
	p.sees(evidence.ByTool, "guard", "加入群組")
	screen.Hands(t, "type", "--delay", "30", "115-12345")
	screen.Hands(t, "key", "Return")
	p.sees(evidence.ByPerson, "confirmed", "115-12345")
	p.until(`document.getElementById("state").textContent === "已加入"`)
	third, thirdSink := p.captures()
	found, files := traces(t, home, p.Live.Browser.Profile(), "/dev/shm")
	if len(found) > 0 || files == 0 {
		t.Errorf("%d files, traces in %v", files, found)
	}
	r := p.ends()

	for i, e := range []struct {
		res   evidence.Summary
		sink  *memory
		title string
	}{{first, firstSink, "會員登入"}, {second, secondSink, "會員專區"}, {third, thirdSink, "會員專區"}} {
		if e.res.Verdict != evidence.Complete || e.res.Title != e.title {
			t.Errorf("%d: %s %q, missing %v", i, e.res.Verdict, e.res.Title, e.res.Missing)
		}
		holdsNo(t, sitetest.SitPassword, e.res, e.sink)
	}
	bodies := recordedBodies(t, thirdSink.kept[evidence.ArchiveWACZ])
	if len(bodies[s.URL("http", "bad", "/pressed/join")]) != 1 || len(bodies[s.URL("http", "bad", "/sit-club")]) != 1 {
		t.Errorf("the third archive holds %v", bodies)
	}
	if !bytes.Contains(thirdSink.kept[evidence.TextTXT], []byte("已加入")) || !strings.Contains(fmt.Sprint(third.Warnings), "before the last exhibit") {
		t.Errorf("third: %q", third.Warnings)
	}
	inOrder(t, r.Actions, []evidence.Act{
		{Actor: evidence.ByTool, Action: "navigate", Detail: "/sit-login"},
		{Actor: evidence.ByTool, Action: "picture", Detail: "the whole page"},
		{Actor: evidence.ByPerson, Action: "fill", Detail: `(user) at #user: "alice"`},
		{Actor: evidence.ByPerson, Action: "fill", Detail: "(password) at #password: typed, not recorded"},
		{Actor: evidence.ByPerson, Action: "key", Detail: "Enter"},
		{Actor: evidence.ByPerson, Action: "navigate", Detail: "formSubmissionPost after a press"},
		{Actor: evidence.ByPage, Action: "navigate", Detail: "/sit-club (redirect)"},
		{Actor: evidence.ByTool, Action: "picture"},
		{Actor: evidence.ByTool, Action: "guard"},
		{Actor: evidence.ByPerson, Action: "held back", Detail: "no reason was given"},
		{Actor: evidence.ByPerson, Action: "confirmed", Detail: "115-12345"},
		{Actor: evidence.ByPerson, Action: "click", Detail: `"加入群組" at #join (for the reason given)`},
		{Actor: evidence.ByTool, Action: "end"},
	})
	if text := fmt.Sprint(r); strings.Contains(text, sitetest.SitPassword) || r.Exhibits != 3 || len(r.Windows) != 1 {
		t.Errorf("%d exhibits, windows %v", r.Exhibits, r.Windows)
	}
	got := 0
	for _, q := range s.Served() {
		if q.Method == "POST" && q.Path == "/sit-login" {
			got++
		}
	}
	if got != 1 {
		t.Errorf("the site got the password %d times", got)
	}
	if found, _ := traces(t, home, "/dev/shm"); len(found) > 0 {
		t.Errorf("traces in %v", found)
	}
}

// hits clicks on an element of the page in front with the real mouse.
func (p *person) hits(id string) {
	p.t.Helper()
	at := p.place(p.tab(), id)
	edge := evalTab[spot](p, p.tab(), `({x: screenX + (outerWidth - innerWidth) / 2, y: screenY + outerHeight - innerHeight})`)
	screen.Hands(p.t, "mousemove", fmt.Sprint(int(at.X+edge.X)), fmt.Sprint(int(at.Y+edge.Y)), "click", "1")
}

// inOrder holds that acts happened, one after the other, with others in between.
func inOrder(t *testing.T, list, want []evidence.Act) {
	t.Helper()
	at := 0
	for _, w := range want {
		i := slices.IndexFunc(list[at:], func(a evidence.Act) bool {
			return a.Actor == w.Actor && a.Action == w.Action && strings.Contains(a.Detail, w.Detail)
		})
		if i < 0 {
			t.Errorf("no %s %s %q after the act %d of\n%s", w.Actor, w.Action, w.Detail, at, acts(list))
			return
		}
		at += i + 1
	}
	for i, a := range list {
		if i > 0 && a.At.Before(list[i-1].At) {
			t.Errorf("act %d comes before the one before it", i)
		}
	}
}

func acts(list []evidence.Act) string {
	var b strings.Builder
	for _, a := range list {
		fmt.Fprintf(&b, "%s %s %s: %s\n", a.At.Format("15:04:05.000"), a.Actor, a.Action, a.Detail)
	}
	return b.String()
}

// What changes the other side's state waits for a reason; a page can neither answer in the person's place nor act before the click; what only
// looks is never asked about.
func TestSittingGuard(t *testing.T) {
	screen.Open(t)
	s := site(t, sitetest.Options{})
	p := sit(t, quick(s, s.URL("http", "bad", "/sit-guard")), capture.SessionOptions{})
	for _, c := range []struct{ id, says string }{{"join", "加 入 群 組"}, {"order", "立即下單"}, {"link", "Join now"}, {"icon", "追蹤"}, {"say", "留言"}, {"send", "送出申請"}} {
		p.forgets()
		p.press(c.id)
		p.sees(evidence.ByTool, "guard", c.says)
		p.answers(true, "  ") // an empty reason is none
		p.sees(evidence.ByPerson, "held back", c.says)
	}
	for _, id := range []string{"comments", "login", "plain", "label"} {
		p.forgets()
		p.press(id)
		p.sees(evidence.ByPerson, "click", "")
	}
	p.types("field", "12345")
	p.forgets()
	p.enter()
	p.sees(evidence.ByTool, "guard", "送出申請")
	p.answers(false, "")
	p.sees(evidence.ByPerson, "held back", "送出申請")
	p.types("chat", "老師好")
	p.forgets()
	p.enter()
	p.sees(evidence.ByTool, "guard", "輸入訊息")
	p.answers(false, "")
	p.sees(evidence.ByPerson, "held back", "輸入訊息")
	p.forgets()
	evalTab[bool](p, p.tab(), `document.getElementById("order").focus(), true`)
	p.enter()
	p.sees(evidence.ByTool, "guard", "立即下單")
	p.answers(false, "")
	p.sees(evidence.ByPerson, "held back", "立即下單")
	p.types("query", "飆股")
	p.enter()
	p.sees(evidence.ByPerson, "submit", "/pressed/search")
	want := []string{"agree-click", "comments-click", "comments-mousedown", "login-click", "login-mousedown", "plain-click", "plain-mousedown", "search"}
	p.served(s, want...)

	p.forgets()
	p.press("send")
	p.sees(evidence.ByTool, "guard", "送出申請")
	p.answers(true, "已獲授權")
	p.sees(evidence.ByPerson, "confirmed", "已獲授權")
	p.sees(evidence.ByPerson, "submit", "/pressed/form")
	p.served(s, append(want, "form")...)
	p.inFrame(s)
	if text := acts(p.ends().Actions); strings.Contains(text, "網頁自己的理由") || strings.Contains(text, "dialog") {
		t.Error(text)
	}
}

// inFrame: a frame that may show no dialogs cannot ask. What changes something there is held back, and the list says why.
func (p *person) inFrame(s *sitetest.Site) {
	p.t.Helper()
	p.forgets()
	at := p.place(p.tab(), "inner")
	p.pressIn(p.tab(), spot{at.X - 120, at.Y - 10})
	p.sees(evidence.ByPerson, "held back", `"加入會員": no reason could be asked for here`)
	if slices.Contains(pressed(s), "inner-click") {
		p.t.Error("pressed in a frame without a reason")
	}
}

// served waits until the site has been told of every press, and holds that there was no other.
func (p *person) served(s *sitetest.Site, want ...string) {
	p.t.Helper()
	slices.Sort(want)
	var got []string
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
		got = slices.Compact(slices.Sorted(slices.Values(pressed(s))))
		if len(got) >= len(want) {
			break
		}
		pace := time.NewTimer(25 * time.Millisecond)
		<-pace.C
	}
	if !slices.Equal(got, want) {
		p.t.Errorf("pressed %v instead of %v", got, want)
	}
}
