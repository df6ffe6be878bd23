package workbench

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"
	"html"
	"image"
	"image/png"
	"io"
	"net/netip"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/traditionalchinese"

	"yuzheng/capture/archive"
	"yuzheng/casefile"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/document"
	"yuzheng/casefile/evidence"
	"yuzheng/casefile/packet/wacz"
	"yuzheng/casefile/redact"
)

// victim stands in every artifact of the exhibit that is masked.
var victim = []string{"A123456789", "0912345678", "822-123456789012", "4111111111111111", "wang.xm@mail.example", "王小明"}

const victimRules = `{"words":["王小明"],"pictures":{"viewport.png":[{"x":0,"y":0,"width":20,"height":20}]}}`

// victimPage is a document with the values in text, over tags, in attributes, comments, programs and addresses.
const victimPage = `<!doctype html><meta charset=utf-8><title>王小明 0912-345-678</title><meta name=a content="A&#49;23456789">
<!-- 0912345678 --><p>會員 王<b>小</b>明，電話 <span>09</span><span>12</span>345678，身分證 Ａ１２３４５６７８９，匯款至 822-123456789012</p>
<a href="/pay?card=4111%201111%201111%201111&amp;m=wang.xm%40mail.example">付款</a><img src="data:image/png;base64,iVBORw0KGgo=">
<script>var u={"tel":"\u0030912345678","t":"eyJ0ZWwiOiIwOTEyMzQ1Njc4In0"};fetch("/api?tel=0912345678")</script>`

// oldPage has them in Big5, as pages of before do.
func oldPage(t *testing.T) string {
	t.Helper()
	page, err := traditionalchinese.Big5.NewEncoder().String(`<meta http-equiv="Content-Type" content="text/html; charset=big5"><p>會員 王小明，電話 0912-345-678，身分證 A123456789</p>`)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func header(name, value string) evidence.Header { return evidence.Header{Name: name, Value: value} }

// victimArchive is a WACZ as the recorder writes it.
func victimArchive(t *testing.T) []byte {
	t.Helper()
	at := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	exchange := func(path, mime, body string) archive.Exchange {
		return archive.Exchange{
			URL: "https://shop.example" + path, Method: "GET", Started: at, Status: 200, Body: []byte(body),
			Remote:         netip.MustParseAddrPort("192.0.2.7:443"),
			RequestHeader:  []evidence.Header{header("cookie", "tel=0912345678"), header("referer", "https://shop.example/?n=%E7%8E%8B%E5%B0%8F%E6%98%8E")},
			ResponseHeader: []evidence.Header{header("content-type", mime), header("etag", `"d41d8cd98f00b204e9800998ecf8427e"`), header("set-cookie", "id=A123456789")},
		}
	}
	post := exchange("/api?tel=0912345678", "application/json", `{"account":1234567890123,"ok":true}`)
	post.Method, post.RequestBody = "POST", []byte("name=%E7%8E%8B%E5%B0%8F%E6%98%8E&card=4111-1111-1111-1111")
	post.RequestHeader = append(post.RequestHeader, header("content-type", "application/x-www-form-urlencoded"))
	var b uncut
	z := archive.NewWACZ(&b, archive.Options{Software: "test", Title: "王小明", MainURL: "https://shop.example/", Started: at})
	first, picture := exchange("/", "text/html; charset=utf-8", victimPage), exchange("/0912345678.png", "image/png", "\x89PNG\r\n\x1a\n")
	old := exchange("/old", "text/html; charset=big5", oldPage(t))
	for _, e := range []archive.Exchange{first, post, picture, old, exchange("/a.woff2", "font/woff2", "wOF2\x00\x01")} {
		if err := z.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	said := []byte(`{"text":"{\"tel\":\"0912345678\"}"}` + "\n")
	if err := z.AddResource("urn:yuzheng:websocket:wss://shop.example/", "application/jsonl", at, said); err != nil {
		t.Fatal(err)
	}
	if err := z.Close([]archive.Page{{URL: "https://shop.example/", Title: "王小明", At: at, Text: "電話 0912 345 678"}}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// victimArtifacts are what an exhibit may hold, each with values in it.
func victimArtifacts(t *testing.T) map[string][]byte {
	t.Helper()
	var docx, odt bytes.Buffer
	paper := document.Document{Title: "王小明", Blocks: []document.Block{document.Paragraph{Text: "電話 0912-345-678，身分證 A123456789"}}}
	if err := errors.Join(document.DOCX(&docx, paper), document.ODT(&odt, paper)); err != nil {
		t.Fatal(err)
	}
	var drawn bytes.Buffer
	if err := png.Encode(&drawn, image.NewGray(image.Rect(0, 0, 20, 20))); err != nil {
		t.Fatal(err)
	}
	text := "\x00\x00\x00\x12tEXtComment\x000912345678"
	sum := binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(text[4:])))
	shot := slices.Concat(drawn.Bytes()[:33], []byte(text), sum, drawn.Bytes()[33:])
	return map[string][]byte{
		"source.html":  []byte(victimPage),
		"old.html":     []byte(oldPage(t)),
		"text.txt":     []byte("王小明 ０９１２３４５６７８ 4111 1111 1111 1111"),
		"archive.wacz": victimArchive(t),
		"page.pdf":     []byte("%PDF-1.4\n(0912345678)"),
		"network.har": []byte(`{"log":{"entries":[{"request":{"url":"https://shop.example/?tel=%30912345678"},"_sha256":"` + strings.Repeat("ab", 32) +
			`","time":1234567890123456}]}}`),
		"cookies.json":  []byte(`{"local_storage":{"https://shop.example":{"u":"{\"id\":\"A123456789\",\"tel\":886912345678}"}}}`),
		"console.jsonl": []byte("{\"text\":\"0912345678\"}\n{\"n\":4111111111111111}\n"),
		"viewport.png":  shot, "screenshot.png": shot,
		"downloads/0912345678.docx": docx.Bytes(), "downloads/a.odt": odt.Bytes(), "downloads/王小明.apk": []byte("PK\x03\x04"),
		"page.mhtml": []byte("Subject: =?utf-8?Q?=E7=8E=8B=E5=B0=8F=E6=98=8E?=\r\nContent-Type: multipart/related; boundary=B\r\n\r\n" +
			"--B\r\nContent-Type: text/html; charset=utf-8\r\n" +
			"Content-Transfer-Encoding: quoted-printable\r\nContent-Location: https://shop.example/\r\n\r\n<p>09=3123=\r\n45678</p>\r\n--B--\r\n"),
	}
}

// admitVictim puts them into a case as an exhibit.
func admitVictim(t *testing.T, w *Workbench, c *casefile.Case, artifacts map[string][]byte) string {
	t.Helper()
	in, err := c.Receive(t.Context(), casefile.IntakeOptions{Action: custody.ExhibitAdmit, Actor: custody.Tool})
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range artifacts {
		if err := fill(in, name, "application/octet-stream", bytes.NewReader(data)); err != nil {
			t.Fatal(err)
		}
	}
	e, err := w.admitOther(t.Context(), in, evidence.File, evidence.OtherSummary{Title: "x"}, map[string]string{}, "")
	if err != nil {
		t.Fatal(err)
	}
	return e.ID
}

// contents reads all artifacts of an exhibit.
func contents(t *testing.T, c *casefile.Case, id string) map[string][]byte {
	t.Helper()
	e, err := c.Exhibit(id)
	if err != nil {
		t.Fatal(err)
	}
	list := map[string][]byte{}
	for _, a := range e.Artifacts {
		list[a.Name] = artifact(t, c, e, a.Name)
	}
	return list
}

// A redacted copy holds nothing of what is masked, in whatever it is looked for and with other people's programs; it is tied to its original, the
// same twice, and what stays of it opens.
func TestRedact(t *testing.T) {
	w, c, _, _ := bench(t, whole)
	id := admitVictim(t, w, c, victimArtifacts(t))
	got, err := w.Redact(t.Context(), c, id, strings.NewReader(victimRules), "給辯護人")
	if err != nil {
		t.Fatal(err)
	}
	kept, err := c.Exhibit(got.Exhibit)
	original, _ := c.Exhibit(id)
	if err != nil || got.Kind != evidence.Copy || got.Source != nil || kept.Detail[evidence.DetailOriginal] != id || got.Redaction.Entry != original.Entry {
		t.Fatalf("%v %v %+v", err, kept.Detail, got.Redaction)
	}
	copied := contents(t, c, got.Exhibit)
	left := map[string]evidence.RedactionReason{}
	for _, a := range got.Redaction.Artifacts {
		if _, there := copied[a.Name]; there == (a.LeftOut != "") {
			t.Errorf("%s: left out %q, and there is %v", a.Name, a.LeftOut, there)
		}
		if a.LeftOut != "" {
			left[a.Name] = a.LeftOut
		} else if len(a.Masked) == 0 {
			t.Errorf("%s: nothing is masked", a.Name)
		}
	}
	if len(left) != 3 || left["page.pdf"] != evidence.LeftPDF || left["screenshot.png"] != evidence.LeftPicture {
		t.Errorf("left out: %v", left)
	}
	for name, data := range copied {
		searchEverything(t, name, data)
	}
	searchEverything(t, "summary", kept.Summary)
	holds, err := wacz.Verify(t.Context(), bytes.NewReader(copied["archive.wacz"]), int64(len(copied["archive.wacz"])))
	if err != nil || len(holds) > 0 {
		t.Errorf("the archive: %v %v", holds, err)
	}
	for _, name := range []string{"network.har", "cookies.json", evidence.RedactionJSON} {
		if !json.Valid(copied[name]) {
			t.Errorf("%s is no JSON: %s", name, copied[name])
		}
	}
	again, err := w.Redact(t.Context(), c, id, strings.NewReader(victimRules), "")
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range contents(t, c, again.Exhibit) {
		if name != evidence.RedactionJSON && !bytes.Equal(data, copied[name]) {
			t.Errorf("%s is another the second time", name)
		}
	}
}

// searchEverything unpacks data with unzip and gzip, and looks for the values in what comes out: as it is, with escapes undone, without tags, and
// by their digits alone.
func searchEverything(t *testing.T, name string, data []byte) {
	t.Helper()
	for _, v := range victim {
		for _, text := range forms(string(data)) {
			if strings.Contains(text, v) || strings.Contains(digitsOf(text), digitsOf(v)) && len(digitsOf(v)) > 8 {
				t.Errorf("%s holds %s", name, v)
			}
		}
	}
	switch {
	case bytes.HasPrefix(data, []byte("PK")):
		unzip, err := exec.LookPath("unzip")
		if err != nil {
			if os.Getenv("YUZHENG_NEED_BROWSER") != "" {
				t.Fatal(err)
			}
			t.Skip("unzip is not installed (Debian: unzip)")
		}
		dir := t.TempDir()
		file := filepath.Join(dir, "x.zip")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(unzip, "-Z1", file).Output()
		if err != nil {
			t.Fatal(name, err)
		}
		for inner := range strings.Lines(string(out)) {
			inner = strings.TrimSpace(inner)
			body, err := exec.Command(unzip, "-p", file, strings.NewReplacer("[", "\\[", "]", "\\]").Replace(inner)).Output()
			if err != nil {
				t.Fatal(name, inner, err)
			}
			searchEverything(t, name+"!"+inner, body)
		}
	case bytes.HasPrefix(data, []byte{0x1f, 0x8b}):
		r, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		searchEverything(t, name+" unpacked", body)
	}
}

var tags = regexp.MustCompile(`<[^>]*>`)

func forms(text string) []string {
	known := strings.NewReplacer(`\u0030`, "0", "=\r\n", "", "=31", "1")
	list := []string{text, html.UnescapeString(text), tags.ReplaceAllString(text, ""), known.Replace(text)}
	if big5, err := traditionalchinese.Big5.NewDecoder().String(text); err == nil && !utf8.ValidString(text) {
		list = append(list, big5, tags.ReplaceAllString(big5, ""))
	}
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("\"' \n<>&", r) }) {
		if plain, err := url.QueryUnescape(part); err == nil && plain != part {
			list = append(list, plain)
		}
	}
	return list
}

func digitsOf(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' {
			r -= '０' - '0'
		}
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

// Rules that cannot be used, and an exhibit that is not there, change nothing in the case.
func TestRedactRefused(t *testing.T) {
	w, c, _, _ := bench(t, whole)
	id := admitVictim(t, w, c, map[string][]byte{"a.txt": []byte("0912345678")})
	before := len(everyEntry(t, c))
	var refused *RefusedError
	if _, err := w.Redact(t.Context(), c, id, strings.NewReader(`{"words":["王"]}`), ""); !errors.As(err, &refused) {
		t.Errorf("%v", err)
	}
	if _, err := w.Redact(t.Context(), c, "W9999", nil, ""); !errors.Is(err, casefile.ErrNotFound) {
		t.Errorf("%v", err)
	}
	if n := len(everyEntry(t, c)); n != before {
		t.Errorf("%d entries more", n-before)
	}
}

// Rules whose box does not lie in its picture are refused in one sentence, with the size that it would have to fit; nothing is kept or admitted.
func TestBoxOutsideIsRefused(t *testing.T) {
	w, c, _, _ := bench(t, whole)
	id := admitVictim(t, w, c, map[string][]byte{"viewport.png": victimArtifacts(t)["viewport.png"]})
	before := len(everyEntry(t, c))
	for _, box := range []string{`{"x":900,"y":900,"width":100,"height":50}`, `{"x":10,"y":10,"width":11,"height":5}`} {
		_, err := w.Redact(t.Context(), c, id, strings.NewReader(`{"pictures":{"viewport.png":[`+box+`]}}`), "")
		var r *RefusedError
		if !errors.As(err, &r) || len(r.Reasons) != 1 || !strings.Contains(r.Reasons[0].TextEN, "20×20") || !strings.Contains(r.Reasons[0].Text, "20×20") {
			t.Errorf("%s: %v", box, err)
		}
	}
	if n := len(everyEntry(t, c)); n != before {
		t.Errorf("%d entries more", n-before)
	}
}

// A copy in which something is found after all is not admitted, and the log says that it was not.
func TestNothingLeftIsAdmitted(t *testing.T) {
	w, c, _, _ := bench(t, whole)
	id := admitVictim(t, w, c, map[string][]byte{"a.txt": []byte("0912345678")})
	e, err := c.Exhibit(id)
	if err != nil {
		t.Fatal(err)
	}
	r, err := redact.New(evidence.RedactionRules{})
	if err != nil {
		t.Fatal(err)
	}
	x := &redaction{w: w, c: c, e: e, Redactor: r}
	if err := x.learn(t.Context()); err != nil {
		t.Fatal(err)
	}
	in, err := c.Receive(t.Context(), casefile.IntakeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"tel:+886912345678", "<i>0912</i>345678"} {
		if err := x.put(in, "a.html", "text/html", []byte(text)); !errors.Is(err, redact.ErrRemains) || strings.Contains(err.Error(), "345678") {
			t.Errorf("%s: %v", text, err)
		}
	}
	if err := x.put(in, "0912345678.html", "text/html", nil); !errors.Is(err, redact.ErrRemains) || strings.Contains(err.Error(), "345678") {
		t.Error(err)
	}
	if err := in.Abandon(t.Context(), "test"); err != nil {
		t.Fatal(err)
	}
	list, err := c.Exhibits()
	if err != nil || len(list) != 1 {
		t.Errorf("%d exhibits, %v", len(list), err)
	}
}

// The rules, which name whom a copy hides, and every hash of them or of the original stay in the case: neither stands in what travels with a copy,
// the rules not even where the original travels too.
func TestRulesDoNotTravel(t *testing.T) {
	w, c, _, _ := bench(t, whole)
	id := admitVictim(t, w, c, map[string][]byte{"a.txt": []byte("王小明 0912345678")})
	got, err := w.Redact(t.Context(), c, id, strings.NewReader(`{"words":["王小明"]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	original, _ := c.Exhibit(id)
	s := &story{objects: map[string]bool{got.Exhibit: true, id: true}}
	for _, e := range everyEntry(t, c) {
		text, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		tells := slices.ContainsFunc(original.Artifacts, func(a evidence.Artifact) bool { return strings.Contains(string(text), a.SHA256) })
		if s.concerns(e) && (e.Action == custody.RecordPut || tells && e.Object != id) {
			t.Errorf("travels: %s", text)
		}
	}
	if strings.Contains(string(contents(t, c, got.Exhibit)[evidence.RedactionJSON]), original.Artifacts[0].SHA256) {
		t.Error("a hash of the original stands in the copy")
	}
}

func everyEntry(t *testing.T, c *casefile.Case) (list []custody.Entry) {
	t.Helper()
	for e, err := range c.Entries(1) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, e)
	}
	return list
}
