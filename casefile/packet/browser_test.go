package packet

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"yuzheng/casefile/evidence"
	"yuzheng/casefile/legible"
)

// browser finds Chromium, or skips; where the tests must have one (YUZHENG_NEED_BROWSER) its absence fails.
func browser(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("not in the quick lane: another program is asked")
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("YUZHENG_NEED_BROWSER") != "" {
		t.Fatal("no browser is installed")
	}
	t.Skip("no browser is installed: the viewer's check is not tried")
	return ""
}

// harness runs the viewer's own check over packets and posts what it finds to the test.
const harness = `
const cases = JSON.parse(document.getElementById("cases").textContent);
async function all() {
  const out = {};
  for (const [name, packet] of Object.entries(cases)) {
    try {
      const r = await check(await zipBag(new Blob([fromBase64(packet)])), () => {});
      const each = (list) => list.flatMap((p) => [p.code + " " + p.file, ...each(p.follows || [])]);
      out[name] = { problems: each(r.problems), causes: r.problems.map((p) => p.file), notes: r.notes.map((n) => n.code + " " + n.file), stamps: r.stamps, fingerprint: r.key && fingerprint(r.key) };
      if (r.unchecked.length) out[name].problems.push("unchecked");
    } catch (e) { out[name] = { problems: [e instanceof Refusal ? e.message : "threw " + e + e.stack] }; }
  }
  const bytes = Uint8Array.from({ length: 100003 }, (_, i) => (i * 7919) >> 3), own = new Sha256();
  for (let at = 0, n = 1; at < bytes.length; at += n, n = n % 201 + 1) own.update(bytes.subarray(at, at + n));
  out["own hash"] = { problems: hex(own.digest()) === hex(await sha256(bytes)) ? [] : ["differs from the browser's"] };
  await fetch("/done", { method: "POST", body: JSON.stringify(out) });
}
all();
`

// TestViewerChecks has a real browser run the viewer's check: it agrees with Verify on a good packet and on forged ones.
func TestViewerChecks(t *testing.T) {
	path := browser(t)
	b, _ := stamped(t)
	const text = "data/證物/W0001/text.txt"
	entries := payload + EntriesPath
	spoil := map[string]func(f map[string][]byte){
		"e.admit " + text:           func(f map[string][]byte) { f[text] = []byte("x") },
		"e.added data/x.txt":        func(f map[string][]byte) { f["data/x.txt"] = []byte("x") },
		"e.missing data/01_聲請書.odt": func(f map[string][]byte) { delete(f, "data/01_聲請書.odt") },
		"e.render data/01_聲請書.pdf":  func(f map[string][]byte) { f["data/01_聲請書.pdf"] = []byte("%PDF") },
		"e.build data/08_檢視器.html":  func(f map[string][]byte) { f["data/08_檢視器.html"] = []byte("x") },
		"e.proof " + entries:        func(f map[string][]byte) { f[entries] = bytes.Replace(f[entries], []byte("王"), []byte("林"), 1) },
		"e.seal seal.txt": func(f map[string][]byte) {
			f[sealName] = bytes.Replace(f[sealName], []byte("\n7\n"), []byte("\n9\n"), 1)
		},
		"e.info bag-info.txt": func(f map[string][]byte) {
			f[infoName] = bytes.Replace(f[infoName], []byte("臺北"), []byte("新北"), 1)
		},
		"e.missing data/07_監管鏈/proofs.json": func(f map[string][]byte) { delete(f, payload+ProofsPath) },
		"e.nobag": func(f map[string][]byte) { delete(f, bagitName) },
	}
	cases := map[string][]byte{"good": b}
	for want, change := range spoil {
		f := contents(t, b)
		change(f)
		cases[want] = forge(t, f)
	}
	signed, p, _ := signed(t)
	anew := contents(t, signed)
	delete(anew, "seal.tsr") // none that a browser can read
	forge(t, anew)
	anew[signatureName] = p.over(t, anew[tagManifestName])
	signed = plain(t, anew)
	cases["good, signed"] = signed
	without := contents(t, signed)
	delete(without, signatureName)
	cases["e.missing signature.p7s"] = forge(t, without)
	f := contents(t, b)
	f[signatureName] = p.over(t, f[tagManifestName])
	cases["e.added signature.p7s"] = forge(t, f)
	got := runChecks(t, path, cases)
	for name, found := range got {
		if strings.HasPrefix(name, "good") || name == "own hash" {
			if len(found.Problems)+len(found.Notes) != 0 {
				t.Errorf("%s: %v", name, found)
			}
		} else if !slices.Contains(found.Problems, name) {
			t.Errorf("want %q, the viewer finds %q", name, found.Problems)
		}
	}
	if want := len(cases) + 1; len(got) != want {
		t.Errorf("%d of %d packets were checked: %v", len(got), want, slices.Collect(maps.Keys(got)))
	}
}

// viewed is what the viewer finds in one packet.
type viewed struct {
	Problems []string // with what follows
	Causes   []string // files
	Notes    []string
	Stamps   []struct {
		F  string
		At int64
	}
	Fingerprint string // of the key
}

// TestViewerCauses has the viewer judge what TestCauses, TestPackedAgain and TestSystemFiles do: as Verify, it names one file at fault,
// or none, and it reads the stamped time.
func TestViewerCauses(t *testing.T) {
	path := browser(t)
	files, _ := whole(t)
	cases, want := map[string][]byte{}, map[string]viewed{}
	for _, file := range slices.Sorted(maps.Keys(files)) {
		if file == bagitName {
			continue // by which the viewer finds the packet
		}
		for i := range 4 {
			f := maps.Clone(files)
			f[file] = bytes.Clone(f[file])
			f[file][len(f[file])*i/4] ^= 1 << i
			name := fmt.Sprintf("flip %d of %s", i, file)
			cases[name], want[name] = plain(t, f), viewed{Causes: []string{file}}
		}
	}
	for name, p := range packings {
		cases[name], want[name] = p.pack(t, files), viewed{Notes: []string{"e.repacked "}}
	}
	mac := packings["macOS"]
	cases["with system files"] = packing{more: map[string]string{}, method: mac.method}.pack(t, withSystemFiles(files))
	notes := []string{"e.repacked "}
	for file := range systemFiles {
		if !strings.HasPrefix(file, outside) {
			notes = append(notes, "e.system "+file)
		}
	}
	want["with system files"] = viewed{Notes: notes}
	want["macOS"] = viewed{Notes: []string{"e.repacked ", "e.system .DS_Store", "e.system ../__MACOSX/" + sampleName + "/._bagit.txt"}}
	got := runChecks(t, path, cases)
	for name, w := range want {
		g := got[name]
		slices.Sort(g.Notes)
		slices.Sort(w.Notes)
		if !slices.Equal(g.Causes, w.Causes) || !slices.Equal(g.Notes, w.Notes) {
			t.Errorf("%s: %q %q, want %q %q (%q)", name, g.Causes, g.Notes, w.Causes, w.Notes, g.Problems)
		}
	}
	if print := verifyBytes(t, good(t)).Whose.Fingerprint; got["deflate"].Fingerprint != print {
		t.Errorf("the key's fingerprint is %q, in the viewer %q", print, got["deflate"].Fingerprint)
	}
	if s := got["deflate"].Stamps; len(s) != 1 || s[0].At != start.Add(time.Hour).Unix() {
		t.Errorf("the stamped time: %+v", s)
	}
}

func withSystemFiles(files map[string][]byte) map[string][]byte {
	f := maps.Clone(files)
	for path, text := range systemFiles {
		if !strings.HasPrefix(path, outside) {
			f[path] = []byte(text)
		}
	}
	return f
}

// drawing shows every exhibit in both languages and posts what can be read.
const drawing = `
async function every() {
  const out = {};
  for (at.lang of ["zh-TW", "en"]) for (const e of data.exhibits) {
    go("exhibit", e.id);
    out[at.lang + " " + e.id] = [byId("main").innerText, byId("contents").innerText];
  }
  await fetch("/done", { method: "POST", body: JSON.stringify(out) });
}
every();
`

// TestViewerPages draws an exhibit of every kind, and captures of every outcome, and reads what is said of them.
func TestViewerPages(t *testing.T) {
	path := browser(t)
	data := ViewerData{Name: sampleName}
	words := map[string][2]string{}
	add := func(e ViewerExhibit, zh, en string) {
		e.ID, e.Captured = fmt.Sprintf("W%04d", len(data.Exhibits)+1), time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC)
		data.Exhibits = append(data.Exhibits, e)
		words[e.ID] = [2]string{zh, en}
	}
	for k, w := range map[evidence.Kind][2]string{
		evidence.File: {"匯入之檔案", "imported file"}, evidence.Reply: {"調取回復", "reply to a request"}, evidence.List: {"網址清單", "list of addresses"},
		evidence.Crawl: {"全站擷取紀錄", "record of a crawl"}, evidence.Comparison: {"比對結果", "comparison"}, evidence.Session: {"互動擷取紀錄", "interactive session"},
		evidence.Copy: {"複本", "copy"}, evidence.Execution: {"執行紀錄", "record of execution"}, evidence.Unknown: {"種類未記錄", "kind not recorded"},
	} {
		add(ViewerExhibit{Kind: string(k), Title: "x.bin", Sides: []string{"W0001"}}, w[0], w[1])
	}
	for o, w := range map[evidence.Outcome][2]string{
		"complete": {"● 完整", "● complete"}, "unreachable": {"未到達", "nowhere"}, evidence.NotFound: {"網頁不存在", "no such page"},
		evidence.Forbidden: {"遭伺服器拒絕", "refused by the server"}, evidence.ServerError: {"伺服器發生錯誤", "server error"}, evidence.Guarded: {"防護不予連線", "own guard"},
	} {
		add(ViewerExhibit{Kind: "capture", Outcome: string(o), URL: "https://a.example/", View: "desktop"}, w[0], w[1])
		add(ViewerExhibit{Kind: "capture", Outcome: string(o), URL: "https://a.example/", View: "desktop", Session: "I001"}, "由人操作", "driven by a person")
	}
	page, err := Viewer(viewerParts, data)
	if err != nil {
		t.Fatal(err)
	}
	policy := regexp.MustCompile(`<meta http-equiv="Content-Security-Policy"[^>]*>`)
	open := policy.ReplaceAllString(string(page), "")
	got := ask[[]string](t, path, strings.Replace(open, "</body>", "<script>"+drawing+"</script></body>", 1))
	if len(got) != 2*len(data.Exhibits) {
		t.Fatalf("%d pages for %d exhibits", len(got), len(data.Exhibits))
	}
	for i, lang := range []string{"zh-TW", "en"} {
		for _, e := range data.Exhibits {
			text := strings.Join(got[lang+" "+e.ID], "\n")
			if want := words[e.ID][i]; !strings.Contains(text, want) {
				t.Errorf("%s %s %s: no %q in %q", lang, e.Kind, e.Outcome, want, text)
			}
			for _, never := range []string{"[object", "undefined", "kind.", "refused."} {
				if strings.Contains(text, never) {
					t.Errorf("%s %s %s: %q in %q", lang, e.Kind, e.Outcome, never, text)
				}
			}
			if main := got[lang+" "+e.ID][0]; e.Kind != "capture" && regexp.MustCompile("完整性|模擬|Completeness|simulated").MatchString(main) {
				t.Errorf("%s %s has the verdict of a page: %q", lang, e.Kind, main)
			}
		}
	}
}

// showing gives every character that the viewer makes visible, and what it makes of some texts.
const showing = `
const out = { hidden: [], texts: JSON.parse(document.getElementById("texts").textContent).map((s) => [visible(s, false), visible(s, true)].join("|")) };
for (let c = 0; c < 0x110000; c++) {
  if (c >= 0xd800 && c < 0xe000) continue;
  if (visible("a" + String.fromCodePoint(c) + "b") !== "a" + String.fromCodePoint(c) + "b") out.hidden.push(c.toString(16));
}
fetch("/done", { method: "POST", body: JSON.stringify(out) });
`

// TestViewerShows: the viewer makes visible what every other face does.
func TestViewerShows(t *testing.T) {
	path := browser(t)
	script, err := fs.ReadFile(viewerParts, "legible.js")
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{
		"a\x1b[2K\r\n\t✔\u009b\u202egnp.exe", "pay\ufe0fpal ❤\ufe0f\ufe0f 葛\U000E0100 a\U000E0100", "e" + strings.Repeat("\u0301", 50) + "f",
		"e" + strings.Repeat("\u0301", 6) + "\u200b" + strings.Repeat("\u0301", 7), "❤\ufe0f" + strings.Repeat("\u20dd", 9) + "\ufe0f", "\U000E0041\u3164\u2800",
	}
	asked, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	page := fmt.Sprintf(`<!doctype html><meta charset="utf-8"><body><script type="application/json" id="texts">%s</script><script>"use strict";%s%s</script>`, asked, script, showing)
	got := ask[[]string](t, path, page)
	var want struct{ hidden, texts []string }
	for r := range rune(0x110000) {
		if utf8.ValidRune(r) && legible.Hidden(r) {
			want.hidden = append(want.hidden, fmt.Sprintf("%x", r))
		}
	}
	for _, s := range texts {
		want.texts = append(want.texts, legible.Line(s)+"|"+legible.Block(s))
	}
	if !slices.Equal(got["hidden"], want.hidden) {
		t.Errorf("%d characters are made visible, want %d", len(got["hidden"]), len(want.hidden))
		for _, c := range append(slices.Clone(got["hidden"]), want.hidden...) {
			if slices.Contains(got["hidden"], c) != slices.Contains(want.hidden, c) {
				t.Errorf("U+%s differs", c)
			}
		}
	}
	if !slices.Equal(got["texts"], want.texts) {
		t.Errorf("the viewer shows\n%q, want\n%q", got["texts"], want.texts)
	}
}

// turned is text that would turn round, hide and command.
const turned = "txt.\u202egnp.exe\u2066\u200b\x1b[2K\U000E0041\u061c"

// drawn shows every page in both languages and posts what can be read, in the window's title too.
const drawn = `
const out = {};
for (at.lang of ["zh-TW", "en"]) for (const page of [["overview"], ["check"], ["papers"], ["targets"], ["custody"], ["exhibit", "W0001"], ["exhibit", "W0002"], ["search", "gnp"]]) {
  go(...page);
  out[at.lang + " " + page[0] + " " + (page[1] || "")] = [document.body.innerText, document.title, ...Array.from(document.querySelectorAll("[placeholder],[alt],[aria-label]"), (n) => n.outerHTML)];
}
fetch("/done", { method: "POST", body: JSON.stringify(out) });
`

// TestViewerTurned: on no page does text of the packet turn round, hide or command, and it is there to be seen.
func TestViewerTurned(t *testing.T) {
	path := browser(t)
	data := ViewerData{
		Name: sampleName, Number: turned, Subject: turned, Office: turned, Papers: []ViewerPaper{{"01.pdf", turned}, {"02.odt", turned}},
		Targets: []ViewerTarget{{ID: "D001", Name: turned, Unicode: turned, Scope: "exact", Exhibits: []string{"W0001", turned}}},
		Exhibits: []ViewerExhibit{
			{ID: "W0001", Kind: "capture", Outcome: "complete", URL: turned, FinalURL: turned + "/", Title: turned, View: turned, Session: turned, Missing: []string{turned}, Shows: turned, Text: turned, Artifacts: []evidence.Artifact{{Name: turned}}},
			{ID: "W0002", Kind: "reply", File: turned, From: turned, Received: turned, Reference: turned, Sides: []string{turned}},
		},
	}
	page, err := Viewer(viewerParts, data)
	if err != nil {
		t.Fatal(err)
	}
	open := regexp.MustCompile(`<meta http-equiv="Content-Security-Policy"[^>]*>`).ReplaceAllString(string(page), "")
	pages := ask[[]string](t, path, strings.Replace(open, "</body>", "<script>"+drawn+"</script></body>", 1))
	if len(pages) != 16 {
		t.Fatalf("%d pages", len(pages))
	}
	for name, texts := range pages {
		all := strings.Join(texts, "\n")
		if got := legible.Block(all); got != all {
			t.Errorf("%s shows %q", name, all)
		}
		if !strings.Contains(all, legible.Line(turned)) {
			t.Errorf("%s lacks %q: %q", name, legible.Line(turned), all)
		}
	}
}

func runChecks(t *testing.T, browser string, cases map[string][]byte) map[string]viewed {
	t.Helper()
	var script strings.Builder
	for _, name := range []string{"hash.js", "check.js", "signed.js", "lists.js"} {
		text, err := os.ReadFile("../../assets/viewer/" + name)
		if err != nil {
			t.Fatal(err)
		}
		script.Write(text)
	}
	packets, err := json.Marshal(cases)
	if err != nil {
		t.Fatal(err)
	}
	page := fmt.Sprintf(`<!doctype html><meta charset="utf-8"><body><script type="application/json" id="cases">%s</script><script>"use strict";%s%s</script>`,
		packets, script.String(), harness)
	return ask[viewed](t, browser, page)
}

// ask shows a page of the test in a browser and gives what the page posts.
func ask[T any](t *testing.T, browser, page string) map[string]T {
	t.Helper()
	done := make(chan []byte, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			io.WriteString(w, page) //nolint:errcheck // the browser sees it
			return
		}
		body, err := io.ReadAll(r.Body)
		if err == nil {
			done <- body
		}
	}))
	defer server.Close()
	stop := open(t, browser, server.URL)
	defer stop()
	select {
	case body := <-done:
		var found map[string]T
		if err := json.Unmarshal(body, &found); err != nil {
			t.Fatal(err)
		}
		return found
	case <-time.After(2 * time.Minute):
		t.Fatal("the page did not end")
		return nil
	}
}

// open shows url in a browser of its own; the returned function ends it.
func open(t *testing.T, browser, url string) (stop func()) {
	t.Helper()
	args := []string{"--headless", "--disable-gpu", "--no-first-run", "--user-data-dir=" + t.TempDir(), url}
	if os.Geteuid() == 0 {
		args = append([]string{"--no-sandbox"}, args...) // the only page that is opened is this test's own
	}
	cmd := exec.Command(browser, args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return func() {
		cmd.Process.Signal(os.Interrupt) //nolint:errcheck // it may have ended
		cmd.Wait()                       //nolint:errcheck // it was told to end
	}
}
