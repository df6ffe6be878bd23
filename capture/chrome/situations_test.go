package chrome

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"yuzheng/capture/sitetest"
	"yuzheng/casefile/evidence"
)

// situation is one hard page: what it is, and what must be true of its capture. Number is that of the table of hard situations in the
// method's own list; "+" stands for one that the list lacks. An empty verdict means that either complete or partial is right.
type situation struct {
	number, name, path string
	verdict            evidence.Verdict
	missing            string // part of what is named as missing
	warning            string // part of a warning
	text               string // part of text.txt
	action             string // part of actions.jsonl
	patient            bool   // the limits are those of a real capture: it has much to do
	check              func(t *testing.T, s *sitetest.Site, res evidence.Summary, sink *memory)
}

var situations = []situation{
	{number: "1", name: "cloaked by user agent, asked as a desktop", path: "/cloak", verdict: evidence.Complete, text: "手工皂小舖"},
	{number: "4", name: "shown to the first visitor alone", path: "/once", verdict: evidence.Complete, text: "保證獲利", check: secondVisitDiffers},
	{number: "5", name: "endless feed", path: "/endless-feed", verdict: evidence.Partial, warning: "limit height"},
	{number: "6", name: "list that keeps only what is in the window", path: "/virtual", verdict: evidence.Complete, text: "第 399 筆投資紀錄", warning: "only while the page was scrolled"},
	{number: "6", name: "page that scrolls inside a box", path: "/inner-scroll", verdict: evidence.Complete, warning: "page.pdf ends with the window", text: "訊息 59", check: tallPicture(6000)},
	{number: "7", name: "login that was asked for", path: "/login", verdict: evidence.Complete},
	{number: "7", name: "login in the way", path: "/member", verdict: evidence.Login},
	{number: "8", name: "consent banner", path: "/consent", verdict: evidence.Complete, text: "每日分潤", check: nothingPressed},
	{number: "10", name: "very tall page", path: "/tall?px=90000", verdict: evidence.Partial, missing: evidence.Screenshot, warning: "limit height"},
	{number: "11", name: "alert without end", path: "/alert", warning: "limit dialogs", action: "dialog"},
	{number: "11", name: "confirm", path: "/confirm", action: "dialog"},
	{number: "11", name: "prompt", path: "/prompt", action: "dialog"},
	{number: "11", name: "print", path: "/print", verdict: evidence.Complete},
	{number: "12", name: "beforeunload trap", path: "/beforeunload"},
	{number: "13", name: "basic authentication", path: "/basic", verdict: evidence.Login},
	{number: "14", name: "storm of windows", path: "/windows", action: "window"},
	{number: "15", name: "page that closes itself", path: "/closed", verdict: evidence.Complete},
	{number: "15", name: "history abuse", path: "/history"},
	{number: "16", name: "redirect by script", path: "/js-redirect", verdict: evidence.Complete, check: redirected},
	{number: "16", name: "redirect by meta refresh", path: "/meta-refresh", verdict: evidence.Complete, check: redirected},
	{number: "16", name: "redirects without end", path: "/loop", verdict: evidence.Unreachable, warning: "ERR_TOO_MANY_REDIRECTS"},
	{number: "19", name: "parked name", path: "/parked", verdict: evidence.Complete, warning: "parked"},
	{number: "20", name: "site that goes away meanwhile", path: "/vanish", verdict: evidence.Partial, missing: "/vanished/b.png"},
	{number: "20", name: "connection cut in the document", path: "/reset", verdict: evidence.Partial, missing: "/reset"},
	{number: "20", name: "server error", path: "/500", verdict: evidence.Refused},
	{number: "21", name: "not found", path: "/404", verdict: evidence.Refused},
	{number: "21", name: "forbidden", path: "/403", verdict: evidence.Refused},
	{number: "23", name: "challenge", path: "/challenge", verdict: evidence.Challenge},
	{number: "24", name: "page for people alone", path: "/robot", verdict: evidence.Complete, text: "真人才看得到"},
	{number: "25", name: "debugger traps", path: "/debugger", verdict: evidence.Complete, check: unseen},
	{number: "26", name: "selection forbidden", path: "/noselect", verdict: evidence.Complete, text: "入金帳號 012-345678"},
	{number: "27", name: "text in a canvas", path: "/canvas", verdict: evidence.Complete},
	{number: "27", name: "page that is one canvas", path: "/canvas-page", verdict: evidence.Complete, warning: "canvas"},
	{number: "28", name: "glyphs swapped by a font", path: "/glyphs", verdict: evidence.Complete, warning: "private use"},
	{number: "29", name: "Big5 by header", path: "/big5", verdict: evidence.Complete, text: "保證獲利"},
	{number: "29", name: "Big5 by meta", path: "/big5-meta", verdict: evidence.Complete, text: "保證獲利"},
	{number: "29", name: "Big5 announced as UTF-8", path: "/big5-as-utf8", verdict: evidence.Complete, check: bytesKept},
	{number: "35", name: "links into apps", path: "/deeplink", verdict: evidence.Complete, text: "加 LINE", action: "line:"},
	{number: "36", name: "sound and film", path: "/media", check: soundKept},
	{number: "37", name: "page that is never idle", path: "/never-idle"},
	{number: "37", name: "event stream", path: "/events", text: "事件3", warning: "a stream that was still open", check: streamKept},
	{number: "37", name: "pictures that take each other's place", path: "/camera", verdict: evidence.Complete, warning: "/camera/live: a stream that was still open", check: cameraKept},
	{number: "37", name: "redirects that are not followed", path: "/unfollowed", verdict: evidence.Complete, text: "沒有跟去", check: unfollowedTold},
	{number: "+", name: "file in answer to a form", path: "/sent-file", verdict: evidence.Complete, check: sentFile("\x00\x01POST 004-321\n")},
	{number: "+", name: "file in answer to a form, which only the browser takes for one", path: "/sent-guessed", verdict: evidence.Partial, missing: "not sent again", check: sentFile("")},
	{number: "38", name: "service worker that takes over", path: "/sw-takes-over"},
	{number: "39", name: "single-page application", path: "/spa", verdict: evidence.Complete},
	{number: "39", name: "hash route", path: "/parts#/入金", verdict: evidence.Complete, text: "#/"},
	{number: "+", name: "folded parts", path: "/folded", verdict: evidence.Complete, text: "（真的點擊）", action: "pressed", check: folded},
	{number: "+", name: "folded without end", path: "/folded-forever", verdict: evidence.Partial, warning: "limit expand"},
	{number: "+", name: "content after a real mouse move", path: "/mouse", verdict: evidence.Complete, text: "真人才看得到"},
	{number: "+", name: "shadow roots, closed ones too", path: "/shadow", verdict: evidence.Complete, text: "LINE @abc88"},
	{number: "+", name: "words in fields", path: "/fields", verdict: evidence.Complete, text: "[field] 收款帳號 808-0001234567890"},
	{number: "+", name: "words that a style sheet writes", path: "/styled-words", text: "[generated] 收款帳號：012-9876543210"},
	{number: "+", name: "style sheets that stand in no document", path: "/adopted", verdict: evidence.Complete, text: "[generated] 收款帳號 004-222", warning: "2 style sheets stand in no document"},
	{number: "+", name: "document that is a drawing", path: "/poster.svg", verdict: evidence.Complete, text: "[svg] 下方帳號 004-123"},
	{number: "+", name: "built-ins redefined", path: "/builtins", verdict: evidence.Complete, text: "內建被改寫了"},
	{number: "+", name: "strict CSP and Trusted Types", path: "/csp", verdict: evidence.Complete},
	{number: "+", name: "instrumentation looked for in a worker", path: "/robot-worker", verdict: evidence.Complete, text: "真人才看得到"},
	{number: "+", name: "huge DOM", path: "/huge-dom", patient: true, verdict: evidence.Complete, text: "段落 149000"},
	{number: "+", name: "1,500 requests", path: "/many", patient: true, verdict: evidence.Complete, text: "全部到齊"},
	{number: "+", name: "title of 2 MB", path: "/long-title", patient: true, verdict: evidence.Complete, text: "保證獲利", check: saysLittle},
	{number: "+", name: "address of 40 kB", path: "/long-address", patient: true, text: "保證獲利", check: saysLittle},
	{number: "+", name: "console longer than Chrome keeps it", path: "/long-console", patient: true, verdict: evidence.Complete, warning: "there may have been more"},
	{number: "+", name: "10 MB sent by a script", path: "/long-body", patient: true, verdict: evidence.Partial, missing: "/upload"},
	{number: "+", name: "frames in frames", path: "/matryoshka", verdict: evidence.Complete, text: "第 12 層"},
	{number: "+", name: "permissions wanted", path: "/permissions"},
	{number: "+", name: "private service, by every way", path: "/private", verdict: evidence.Partial, missing: "/img.png"},
	{number: "+", name: "private service, by script", path: "/to-private"},
	{number: "+", name: "private service, by redirect", path: "/to-private-header", verdict: evidence.Refused, warning: "private"},
	{number: "+", name: "addresses of the inside", path: "/inside", verdict: evidence.Partial, missing: "169.254.169.254"},
	{number: "+", name: "cloud metadata by redirect", path: "/to-metadata", verdict: evidence.Refused, warning: "private"},
	{number: "+", name: "loopback by redirect", path: "/to-loopback", verdict: evidence.Refused, warning: "ERR_UNSAFE_PORT"},
	{number: "+", name: "file by redirect", path: "/to-file-header", verdict: evidence.Unreachable},
	{number: "+", name: "file by script", path: "/to-file"},
	{number: "+", name: "thread kept busy", path: "/block"},
	{number: "+", name: "answer without a body", path: "/empty", verdict: evidence.Partial, missing: evidence.SourceHTML},
	{number: "+", name: "network that wants a login", path: "/portal", verdict: evidence.Login},
}

// Every hard page ends as the table says, is sealed whole as far as it is, and never reaches the private service. With -v each is a line:
// number, name, verdict, seconds, peak memory of this process and of the browsers (of one page alone with
// -parallel 1).
func TestSituations(t *testing.T) {
	s := site(t, sitetest.Options{})
	t.Cleanup(func() {
		if n := s.PrivateContacts(); n != 0 {
			t.Errorf("the private service counted %d connections", n)
		}
		t.Logf("private service: %d connections", s.PrivateContacts())
	})
	for _, c := range situations {
		t.Run(strings.Trim(strings.ReplaceAll(c.path, "/", "_"), "_"), func(t *testing.T) {
			t.Parallel()
			debug.FreeOSMemory()
			resetPeak()
			req := quick(s, s.URL("http", "bad", c.path))
			req.Limits.Time = 50 * time.Second
			if c.patient {
				req.Limits = evidence.DefaultLimits()
			}
			res, sink := record(t, req)
			t.Logf("%-3s %-46s %-11s %5.1f s %5d MB %5d MB", c.number, c.name, res.Verdict, float64(res.ElapsedMS)/1000, ownPeak(), browsersNow(temp))
			c.judge(t, s, res, sink)
			if t.Failed() {
				t.Logf("missing %v\nwarnings %q\ntext %.300q\nactions %.1500s", res.Missing, res.Warnings, sink.kept[evidence.TextTXT], sink.kept[evidence.ActionsJSONL])
			}
		})
	}
}

func (c situation) judge(t *testing.T, s *sitetest.Site, res evidence.Summary, sink *memory) {
	t.Helper()
	switch {
	case c.verdict != "" && res.Verdict != c.verdict:
		t.Errorf("verdict %s instead of %s", res.Verdict, c.verdict)
	case c.verdict == "" && res.Verdict != evidence.Complete && res.Verdict != evidence.Partial:
		t.Errorf("verdict %s", res.Verdict)
	}
	if c.missing != "" && !strings.Contains(fmt.Sprint(res.Missing), c.missing) {
		t.Errorf("%s is not named as missing", c.missing)
	}
	if c.warning != "" && !contains(res.Warnings, c.warning) {
		t.Errorf("no warning of %q", c.warning)
	}
	if !bytes.Contains(sink.kept[evidence.TextTXT], []byte(c.text)) {
		t.Errorf("the text lacks %q", c.text)
	}
	if !bytes.Contains(sink.kept[evidence.ActionsJSONL], []byte(c.action)) {
		t.Errorf("no action %q", c.action)
	}
	if res.ElapsedMS > 60_000 {
		t.Errorf("took %d ms", res.ElapsedMS)
	}
	checkSealed(t, res, sink)
	if c.check != nil {
		c.check(t, s, res, sink)
	}
}

func secondVisitDiffers(t *testing.T, s *sitetest.Site, _ evidence.Summary, first *memory) {
	_, second := record(t, quick(s, s.URL("http", "bad", "/once")))
	if bytes.Equal(first.kept[evidence.SourceHTML], second.kept[evidence.SourceHTML]) {
		t.Error("the second visit got the same")
	}
}

func redirected(t *testing.T, _ *sitetest.Site, res evidence.Summary, _ *memory) {
	if len(res.Redirects) == 0 || !strings.Contains(res.FinalURL, "/landed") {
		t.Errorf("redirects %v to %s", res.Redirects, res.FinalURL)
	}
}

// nothingPressed holds where nothing may be pressed at all.
func nothingPressed(t *testing.T, s *sitetest.Site, _ evidence.Summary, _ *memory) {
	for _, r := range s.Served() {
		if strings.HasPrefix(r.Path, "/pressed/") {
			t.Errorf("%s was pressed", r.Path)
		}
	}
}

// folded: what shows more is pressed, what changes the other side is not.
func folded(t *testing.T, s *sitetest.Site, res evidence.Summary, sink *memory) {
	nothingPressed(t, s, res, sink)
	for _, want := range []string{"折疊的字", "第 1 則留言", "第 2 則留言", "第 3 則留言"} {
		if !bytes.Contains(sink.kept[evidence.TextTXT], []byte(want)) {
			t.Errorf("the text lacks %q", want)
		}
	}
}

func unseen(t *testing.T, _ *sitetest.Site, _ evidence.Summary, sink *memory) {
	for _, word := range []string{"被發現了", "主控台被打開了"} {
		if bytes.Contains(sink.kept[evidence.TextTXT], []byte(word)) {
			t.Error(word)
		}
	}
}

func bytesKept(t *testing.T, s *sitetest.Site, _ evidence.Summary, sink *memory) {
	answer, err := s.Client().Get(s.URL("http", "bad", "/big5-as-utf8"))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var want bytes.Buffer
	if _, err := want.ReadFrom(answer.Body); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(sink.kept[evidence.SourceHTML], want.Bytes()) {
		t.Error("source.html is not what came")
	}
}

func soundKept(t *testing.T, _ *sitetest.Site, res evidence.Summary, sink *memory) {
	if !bytes.Contains(sink.kept[evidence.CaptureJSON], []byte(`"seconds": 2`)) || !bytes.Contains(sink.kept[evidence.NetworkHAR], []byte("/voice.wav")) {
		t.Error("the sound is not recorded")
	}
	if strings.Contains(fmt.Sprint(res.Missing), "voice.wav") {
		t.Errorf("missing %v", res.Missing)
	}
}

// tallPicture: the picture is at least so many pixels high.
func tallPicture(height int) func(*testing.T, *sitetest.Site, evidence.Summary, *memory) {
	return func(t *testing.T, _ *sitetest.Site, _ evidence.Summary, sink *memory) {
		head := sink.kept[evidence.Screenshot]
		if len(head) < 24 {
			t.Fatal("no picture")
		}
		if got := int(head[20])<<24 | int(head[21])<<16 | int(head[22])<<8 | int(head[23]); got < height {
			t.Errorf("the picture is %d pixels high, want %d", got, height)
		}
	}
}

// resetPeak forgets the peak of this process's memory (Linux).
func resetPeak() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) } // where it is not known, it is not told

// ownPeak is the peak of this process's memory in MB, 0 where the system does not tell.
func ownPeak() int { return statusMB("/proc/self/status", "VmHWM:") }

// browsersNow is what the browsers with a profile in dir hold in memory of their own, in MB.
func browsersNow(dir string) int {
	total := 0
	lines, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, p := range lines {
		if line, err := os.ReadFile(p); err == nil && bytes.Contains(line, []byte(dir)) {
			total += statusMB(filepath.Join(filepath.Dir(p), "status"), "RssAnon:")
		}
	}
	return total
}

func statusMB(file, field string) int {
	status, err := os.ReadFile(file)
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, field); ok {
			kb, _ := strconv.Atoi(strings.Fields(rest)[0])
			return kb / 1024
		}
	}
	return 0
}

// saysLittle checks that a page cannot make the summary of its capture grow with it.
func saysLittle(t *testing.T, _ *sitetest.Site, res evidence.Summary, _ *memory) {
	t.Helper()
	summary, err := json.Marshal(res)
	if err != nil || len(summary) > 30_000 || !strings.Contains(res.Title, "保證獲利") {
		t.Errorf("the summary has %d bytes, the title %.20q; %v", len(summary), res.Title, err)
	}
}

// streamKept: of a stream that had not ended, the archive has what had come.
func streamKept(t *testing.T, s *sitetest.Site, _ evidence.Summary, sink *memory) {
	for _, r := range records(t, sink.kept[evidence.ArchiveWACZ]) {
		if r.head["warc-target-uri"] == s.URL("http", "bad", "/events/stream") && r.head["warc-type"] == "response" {
			if !strings.HasSuffix(string(r.body), "data: 事件3\n\n") || r.head["warc-truncated"] == "" {
				t.Errorf("of the stream there is %q, truncated %q", r.body, r.head["warc-truncated"])
			}
			return
		}
	}
	t.Error("the stream is not recorded")
}

// cameraKept: of pictures that take each other's place every byte is there, of those without end what had come.
func cameraKept(t *testing.T, s *sitetest.Site, _ evidence.Summary, sink *memory) {
	kept := map[string]string{}
	for _, r := range records(t, sink.kept[evidence.ArchiveWACZ]) {
		if r.head["warc-type"] == "response" {
			kept[r.head["warc-target-uri"]] = string(r.body)
		}
	}
	for _, path := range []string{"/camera/live", "/camera/ended"} {
		if kept[s.URL("http", "bad", path)] != strings.Repeat(sitetest.CameraPart, 3) {
			t.Errorf("%s: %d bytes instead of three pictures of %d", path, len(kept[s.URL("http", "bad", path)]), len(sitetest.CameraPart))
		}
	}
}

// unfollowedTold: where a redirect leads that nobody followed is told, and is neither missing nor asked for.
func unfollowedTold(t *testing.T, s *sitetest.Site, _ evidence.Summary, sink *memory) {
	if at := s.URL("http", "bad", "/landed?from=hop"); !slices.Contains(keptFromPage(t, sink), at) {
		t.Errorf("%s is not told", at)
	}
	for _, r := range s.Served() {
		if r.Path == "/landed?from=hop" {
			t.Error("the redirect was followed")
		}
	}
}

// sentFile: the file that is kept is the one that the page was given; it is not asked for in another way than the page's.
func sentFile(body string) func(*testing.T, *sitetest.Site, evidence.Summary, *memory) {
	return func(t *testing.T, s *sitetest.Site, _ evidence.Summary, sink *memory) {
		kept := ""
		for name, b := range sink.kept {
			if strings.HasPrefix(name, evidence.DownloadsPath) {
				kept += string(b)
			}
		}
		if kept != body {
			t.Errorf("kept %q instead of %q", kept, body)
		}
		for _, r := range s.Served() {
			if r.Method == "GET" && strings.HasPrefix(r.Path, "/sent/") {
				t.Errorf("%s was asked for again", r.Path)
			}
		}
	}
}
