package chrome

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"strings"
	"testing"
	"time"

	"yuzheng/capture/sitetest"
	"yuzheng/casefile/evidence"
)

// becoming are pages that are not at once what they are, or not all of it.
var becoming = []situation{
	{number: "w", name: "led on by script after 4 s", path: "/later?s=4", verdict: evidence.Complete, text: "到達", check: all(redirected, oneDocument)},
	{number: "w", name: "led on after a count of 13 s", path: "/later-count", verdict: evidence.Complete, text: "到達", check: redirected},
	{number: "w", name: "announced by meta refresh", path: "/later-meta", verdict: evidence.Complete, text: "到達", check: all(redirected, oneDocument)},
	{number: "w", name: "announced by a header", path: "/later-header", verdict: evidence.Complete, text: "到達", check: redirected},
	{number: "w", name: "announced for much later", path: "/later-far", verdict: evidence.Partial, missing: "not awaited", text: "贊助商"},
	{number: "w", name: "announced where scripts are off", path: "/later-noscript", verdict: evidence.Complete, text: "嚴選商城", check: waitedFor("", 0)},
	{number: "w", name: "frame that leads on", path: "/later-frame", verdict: evidence.Complete, text: "到達"},
	{number: "w", name: "words that come late", path: "/late-words", verdict: evidence.Complete, text: "帳號 004-777", check: waitedFor("載入中", 1)},
	{number: "w", name: "empty at first", path: "/late-blank", verdict: evidence.Complete, text: "帳號 004-888", check: waitedFor("shows nothing", 1)},
	{number: "w", name: "never becomes anything", path: "/never-ready", verdict: evidence.Partial, missing: "讀取中"},
	{number: "d", name: "announces itself anew, again and again", path: "/again", verdict: evidence.Complete, warning: "anew", check: oneVersion},
	{number: "d", name: "reloads itself by script", path: "/reload-loop", verdict: evidence.Complete, warning: "anew", check: oneDocument},
	{number: "d", name: "leads on when it is scrolled", path: "/leads-on", verdict: evidence.Complete, text: "到達", check: all(redirected, oneDocument)},
	{number: "d", name: "goes back to what it was", path: "/goes-back", verdict: evidence.Complete, text: "去了又回", check: all(oneDocument, oneSource("去了又回"))},
	{number: "d", name: "leads on to what was fetched ahead", path: "/fetched-ahead", verdict: evidence.Complete, text: "到達", check: all(redirected, oneDocument, oneSource("到達"))},
	{number: "d", name: "leads on to what no server said", path: "/smuggled", verdict: evidence.Partial, missing: "no answer of a server", text: "收款帳號 004-999", check: oneSource("")},
}

// A page is taken when it is what it is, and everything that is taken belongs to one document.
func TestBecoming(t *testing.T) { runSituations(t, becoming) }

func runSituations(t *testing.T, list []situation) {
	s := site(t, sitetest.Options{})
	for _, c := range list {
		t.Run(strings.Trim(strings.ReplaceAll(c.path, "/", "_"), "_"), func(t *testing.T) {
			t.Parallel()
			req := quick(s, s.URL("http", "bad", c.path))
			req.Limits.Time = 60 * time.Second
			if c.patient {
				req.Limits = evidence.DefaultLimits()
			}
			res, sink := record(t, req)
			t.Logf("%-46s %-9s %5.1f s", c.name, res.Verdict, float64(res.ElapsedMS)/1000)
			c.judge(t, s, res, sink)
			if t.Failed() {
				t.Logf("missing %v\nwarnings %q\nredirects %v\ntext %.300q\nchecked %+v\nactions %.3000s", res.Missing, res.Warnings, res.Redirects, sink.kept[evidence.TextTXT], checksOf(t, sink), sink.kept[evidence.ActionsJSONL])
			}
		})
	}
}

type reader = func(*testing.T, *sitetest.Site, evidence.Summary, *memory)

func all(list ...reader) reader {
	return func(t *testing.T, s *sitetest.Site, res evidence.Summary, sink *memory) {
		for _, f := range list {
			f(t, s, res, sink)
		}
	}
}

// summaryOf is what capture.json says of the page.
func summaryOf(t *testing.T, sink *memory) (r struct {
	Checked   []evidence.Check           `json:"checked"`
	Documents []evidence.DocumentVersion `json:"documents"`
},
) {
	t.Helper()
	if err := json.Unmarshal(sink.kept[evidence.CaptureJSON], &r); err != nil {
		t.Error(err)
	}
	return r
}

func checksOf(t *testing.T, sink *memory) []evidence.Check { return summaryOf(t, sink).Checked }

// has reports whether something was looked at whose name holds what, and whether its outcome holds came.
func has(list []evidence.Check, kind evidence.CheckKind, what, came string, good bool) bool {
	for _, c := range list {
		if c.Kind == kind && c.Good == good && strings.Contains(c.What, what) && strings.Contains(c.Outcome, came) {
			return true
		}
	}
	return false
}

// waitedFor: n waits are in the checklist, and one is for what.
func waitedFor(what string, n int) reader {
	return func(t *testing.T, _ *sitetest.Site, _ evidence.Summary, sink *memory) {
		count := 0
		for _, c := range checksOf(t, sink) {
			if c.Kind == evidence.CheckWait {
				count++
			}
		}
		if count != n || n > 0 && !has(checksOf(t, sink), evidence.CheckWait, what, "", true) {
			t.Errorf("%d waits, want %d for %q", count, n, what)
		}
	}
}

// oneDocument: the last document of the visit is the one that everything is of, and its request is in the archive.
func oneDocument(t *testing.T, _ *sitetest.Site, res evidence.Summary, sink *memory) {
	r := summaryOf(t, sink)
	last := r.Documents[len(r.Documents)-1]
	if !has(r.Checked, evidence.CheckDocument, last.URL, "everything", true) || last.URL != res.FinalURL {
		t.Errorf("documents %v, final %s", r.Documents, res.FinalURL)
	}
}

// oneVersion: source, document, text and MHTML are of the same version of a page that is another each time.
func oneVersion(t *testing.T, _ *sitetest.Site, _ evidence.Summary, sink *memory) {
	_, rest, _ := strings.Cut(string(sink.kept[evidence.SourceHTML]), "<title>")
	title, _, _ := strings.Cut(rest, "<")
	for _, name := range []string{evidence.DOMHTML, evidence.TextTXT} {
		if title == "" || !bytes.Contains(sink.kept[name], []byte(title+"內容 19")) {
			t.Errorf("%s is not of %s", name, title)
		}
	}
}

// oneSource: the source is that of the document with a heading, and none where no server gave it.
func oneSource(heading string) reader {
	return func(t *testing.T, _ *sitetest.Site, _ evidence.Summary, sink *memory) {
		source, is := sink.kept[evidence.SourceHTML]
		if is != (heading != "") || !bytes.Contains(source, []byte("<h1>"+heading)) && is {
			t.Errorf("source.html is %.300q", source)
		}
	}
}

// picture is the picture of the whole page.
func pictureOf(t *testing.T, sink *memory) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(sink.kept[evidence.Screenshot]))
	if err != nil {
		t.Fatal(err)
	}
	return img
}
