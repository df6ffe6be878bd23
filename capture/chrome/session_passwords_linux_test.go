package chrome

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"yuzheng/capture"
	"yuzheng/capture/scrub"
	"yuzheng/capture/scrub/scrubtest"
	"yuzheng/capture/sitetest"
	"yuzheng/capture/sitetest/screen"
	"yuzheng/casefile/evidence"
)

// holdsNo holds that nothing of an exhibit contains a password, in any spelling that scrub knows, nor those of the test.
func holdsNo(t *testing.T, password string, res evidence.Summary, sink *memory) {
	t.Helper()
	told, err := json.Marshal(res)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{"result": told}
	for name, body := range sink.kept {
		all[name] = body
	}
	for i, r := range unzipped(t, sink.kept[evidence.ArchiveWACZ]) {
		all[fmt.Sprintf("record %d of the archive", i)] = r
	}
	for name, body := range all {
		for form, text := range scrubtest.Spellings(password) {
			if form != "quoted-printable" && bytes.Contains(body, []byte(strings.Trim(text, `"`))) {
				t.Errorf("%s holds the password (%s)", name, form)
			}
		}
		if _, n := (scrub.Secrets{{Text: password}}).Bytes(body); n != 0 {
			t.Errorf("%s holds the password in %d places", name, n)
		}
	}
}

// A page that spreads the password in every way it can: the server gets it as it is, the exhibit holds it nowhere, and says where it was.
func TestSittingPasswordsAreRecordedNowhere(t *testing.T) {
	screen.Open(t)
	s := site(t, sitetest.Options{})
	p := sit(t, quick(s, s.URL("http", "bad", "/sit-leak")), capture.SessionOptions{})
	p.types("user", sitetest.SitUser)
	p.types("password", sitetest.SitPassword)
	p.types("otp", "90210")
	p.press("show")
	p.press("go")
	p.until(`document.getElementById("done").textContent === "完成"`)
	res, sink := p.captures()
	r := p.ends()
	holdsNo(t, sitetest.SitPassword, res, sink)
	told := 0
	for _, q := range s.Served() {
		if strings.Contains(q.Path+string(q.Body)+q.Header.Get("Authorization"), "pw=Tr0ub4dor%263%2F") {
			told++
		}
	}
	if told < 3 {
		t.Errorf("the site got the password in %d requests", told)
	}
	if list := fmt.Sprint(res.Missing); res.Verdict != evidence.Partial || len(res.Missing) != 1 || !strings.Contains(list, evidence.PagePDF) {
		t.Errorf("%s, missing %v", res.Verdict, res.Missing)
	}
	for _, want := range []string{
		"/sit-leak/form: a typed password", "/sit-leak/json: a typed password", "/sit-leak/multipart: a typed password", "/sit-leak/basic: a typed password", "/sit-leak/socket: a typed password",
		"cookies.json: a typed password", "dom.html: a typed password", "text.txt: a typed password", "console.jsonl: a typed password", "page.mhtml: a typed password", "covered in the pictures",
	} {
		if !contains(res.Warnings, want) {
			t.Errorf("no warning %q in %q", want, res.Warnings)
		}
	}
	for _, beginning := range []string{"Tr0ub", "Tr0ub4dor%263", "Tr0ub4dor&3"} {
		for _, body := range unzipped(t, sink.kept[evidence.ArchiveWACZ]) {
			if bytes.Contains(body, []byte(beginning)) {
				t.Errorf("the archive holds %q: %.300s", beginning, body)
			}
		}
	}
	if text := acts(r.Actions); strings.Contains(text, "90210") || strings.Contains(text, "Tr0u") || !strings.Contains(text, "(otp) at #otp: typed, not recorded") {
		t.Error(text)
	}
	if !bytes.Contains(sink.kept[evidence.CookiesJSON], []byte(`"seen"`)) || !bytes.Contains(sink.kept[evidence.TextTXT], []byte("您的密碼是 "+scrub.Removed)) {
		t.Error("more than the password is gone")
	}
}

// A password that is typed into the browser's own dialog goes the same way.
func TestSittingBasicAuthentication(t *testing.T) {
	screen.Program(t, "xdotool")
	screen.Open(t)
	s := site(t, sitetest.Options{})
	p := sit(t, quick(s, s.URL("http", "bad", "/sit-more")), capture.SessionOptions{})
	evalTab[bool](p, p.tab(), `setTimeout(() => { location.href = "/sit-basic"; }), true`)
	p.sees(evidence.ByPage, "navigate", "/sit-basic (scriptInitiated)")
	for end := time.Now().Add(time.Minute); !strings.HasSuffix(evalTab[string](p, p.tab(), `location.href`), "/sit-basic") && time.Now().Before(end); {
		screen.Hands(t, "key", "ctrl+a")
		screen.Hands(t, "type", "--delay", "20", sitetest.SitUser)
		screen.Hands(t, "key", "Tab", "ctrl+a")
		screen.Hands(t, "type", "--delay", "20", sitetest.SitPassword)
		screen.Hands(t, "key", "Return")
		pace := time.NewTimer(time.Second)
		<-pace.C
	}
	p.arrives("/sit-basic")
	res, sink := p.captures()
	p.ends()
	holdsNo(t, sitetest.SitPassword, res, sink)
	if res.Status != 200 || !contains(res.Warnings, "/sit-basic: a typed password") || !bytes.Contains(sink.kept[evidence.TextTXT], []byte("已登入")) {
		t.Errorf("%s %d %q", res.Verdict, res.Status, res.Warnings)
	}
}

// A field that no script can see into is taken for one of a password.
func TestSittingPasswordInAClosedShadowRoot(t *testing.T) {
	screen.Open(t)
	s := site(t, sitetest.Options{})
	p := sit(t, quick(s, s.URL("http", "bad", "/sit-shadow")), capture.SessionOptions{})
	for !evalTab[bool](p, p.tab(), `document.activeElement.id === "host"`) {
		at := p.place(p.tab(), "host")
		at.X = 50
		p.pressIn(p.tab(), at)
		p.paints()
	}
	for _, r := range "x" + sitetest.SitPassword {
		p.key(string(r), string(r), 0)
		if r == 'x' { // is taken back
			p.key("Backspace", "", 8)
		}
	}
	p.enter()
	p.until(`document.getElementById("done").textContent === "完成"`)
	res, sink := p.captures()
	r := p.ends()
	holdsNo(t, sitetest.SitPassword, res, sink)
	if !contains(res.Warnings, "/sit-leak/form: a typed password") || !strings.Contains(acts(r.Actions), "at #host: typed, not recorded") {
		t.Errorf("%q\n%s", res.Warnings, acts(r.Actions))
	}
}

// unzipped are the files of a WACZ, the archive among them unpacked.
func unzipped(t *testing.T, wacz []byte) (out [][]byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(wacz), int64(len(wacz)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var from io.Reader = r
		if strings.HasSuffix(f.Name, ".gz") {
			if from, err = gzip.NewReader(r); err != nil {
				t.Fatal(err)
			}
		}
		body, err := io.ReadAll(from)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, body)
	}
	return out
}
