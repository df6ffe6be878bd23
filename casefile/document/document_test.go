package document

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode"
	"unicode/utf8"
)

var writers = map[string]func(io.Writer, Document) error{
	"html": func(w io.Writer, d Document) error { return HTML(w, d, "") }, "odt": ODT, "docx": DOCX,
}

func render(t testing.TB, kind string, d Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := writers[kind](&b, d); err != nil {
		t.Fatalf("%s: %v", kind, err)
	}
	return b.Bytes()
}

func TestSameBytesTwice(t *testing.T) {
	for kind := range writers {
		a, b := render(t, kind, sample(hostile)), render(t, kind, sample(hostile))
		if !bytes.Equal(a, b) {
			t.Errorf("%s differs from one writing to the next", kind)
		}
	}
}

// wellFormed reads every XML part of an office document to its end and returns the text of the body.
func wellFormed(t testing.TB, data []byte, body string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, f := range z.File {
		if !strings.HasSuffix(f.Name, ".xml") && !strings.HasSuffix(f.Name, ".rels") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		dec := xml.NewDecoder(r)
		for {
			tok, err := dec.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			if c, ok := tok.(xml.CharData); ok && f.Name == body {
				text.Write(c)
			}
		}
	}
	return text.String()
}

func TestHostileTextStaysText(t *testing.T) {
	want := Clean("<script>alert(1)</script>\"'&{{.}}\x00\x1b[31m\u202eevil\u200b]]>\uFFFE|")
	for kind, body := range map[string]string{"odt": "content.xml", "docx": "word/document.xml"} {
		if got := wellFormed(t, render(t, kind, sample(hostile)), body); strings.Count(got, want) < 3 {
			t.Errorf("%s lost or changed %q", kind, want)
		}
	}
	page := string(render(t, "html", sample(hostile)))
	if strings.Contains(page, "<script") || strings.Contains(page, "<!--") || strings.ContainsAny(page, "\x00\x1b\u202e\u200b") {
		t.Error("html carries a script, a comment or hidden characters")
	}
	if n := strings.Count(page, "</style>"); n != 1 {
		t.Errorf("html has %d ends of its style sheet", n)
	}
}

func TestODTMimetypeFirst(t *testing.T) {
	data := render(t, "odt", sample("x"))
	// The magic bytes by which OpenDocument is known: the type is at offset 38.
	if !bytes.HasPrefix(data, []byte("PK\x03\x04")) || !bytes.HasPrefix(data[30:], []byte("mimetype"+odtType)) {
		t.Errorf("the archive begins with %q", data[:90])
	}
}

func TestEastAsianFont(t *testing.T) {
	d := sample("x")
	d.Style.Font = "某字體"
	for kind, want := range map[string]string{"docx": `w:eastAsia="某字體"`, "odt": `style:font-name-asian="某字體"`} {
		data := render(t, kind, d)
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		name := map[string]string{"docx": "word/styles.xml", "odt": "styles.xml"}[kind]
		r, err := z.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(r)
		if !strings.Contains(string(text), want) {
			t.Errorf("%s: no %s in %s", kind, want, name)
		}
	}
}

// TestTurnedPages: a section that lies does so in every format, with its own margin, and those around it stand.
func TestTurnedPages(t *testing.T) {
	d := Document{Blocks: []Block{Paragraph{Text: "a"}, PageBreak{Footer: "b", Turned: true}, Paragraph{Text: "b"}, PageBreak{Footer: "b"}, Paragraph{Text: "c"}}}
	for kind, want := range map[string][]string{
		"html": {"@page s0{size:21cm 29.7cm;margin:2.5cm 2.5cm", "@page s1{size:29.7cm 21cm;margin:2.5cm 1.5cm", "@page s2{size:21cm 29.7cm;margin:2.5cm 2.5cm"},
		"odt":  {`style:name="Standard" style:page-layout-name="Page"`, `style:name="Section1" style:page-layout-name="Turned"`, `style:name="Section2" style:page-layout-name="Page"`},
		"docx": {`<w:pgSz w:w="11906" w:h="16838"/>`, `<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>`, `w:left="850"`, `<w:pgSz w:w="11906" w:h="16838"/>`},
	} {
		text := string(render(t, kind, d))
		if kind != "html" {
			text = officeParts(t, []byte(text))
		}
		for _, w := range want {
			_, after, found := strings.Cut(text, w)
			if !found {
				t.Errorf("%s lacks, or has in another place, %s", kind, w)
				break
			}
			text = after
		}
	}
}

// officeParts are the parts of an office document, one behind the other.
func officeParts(t *testing.T, data []byte) string {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, r); err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

func TestNumbering(t *testing.T) {
	d := Document{Blocks: []Block{
		Heading{Level: 1, Numbered: true, Text: "a"},
		Paragraph{Level: 2, Text: "b"},
		Paragraph{Level: 2, Text: "c"},
		Paragraph{Level: 3, Text: "d"},
		Paragraph{Text: "plain"},
		Paragraph{Level: 1, Text: "e"},
		Paragraph{Level: 2, Text: "f"},
		Paragraph{Level: 4, Text: "g"},
	}}
	var got []string
	for _, b := range d.sections()[0].blocks {
		switch v := b.(type) {
		case Heading:
			got = append(got, v.Text)
		case Paragraph:
			got = append(got, v.Text)
		}
	}
	if want := []string{"一、a", "（一）b", "（二）c", "1.d", "plain", "二、e", "（一）f", "(1)g"}; !slices.Equal(got, want) {
		t.Errorf("numbered as %q, want %q", got, want)
	}
}

func TestNumeral(t *testing.T) {
	for n, want := range map[int]string{0: "0", 1: "一", 10: "十", 11: "十一", 20: "二十", 99: "九十九", 100: "一百", 101: "一百零一", 110: "一百一十", 999: "九百九十九", 1000: "1000"} {
		if got := numeral(n); got != want {
			t.Errorf("Numeral(%d) = %s, want %s", n, got, want)
		}
	}
}

func TestDates(t *testing.T) {
	at := time.Date(2026, 12, 31, 16, 0, 5, 0, time.UTC) // already the new year in Taiwan
	if got := Date(at); got != "116年1月1日" {
		t.Error(got)
	}
	if got := Clock(at); got != "116年1月1日 00:00:05（+08:00）" {
		t.Error(got)
	}
}

func TestTemplateDataIsData(t *testing.T) {
	text := "// comment\ntitle: {{.Title}}\nmark: 密件\n#1: 案由\n{{range .Rows}}1: {{.}}\n{{end}}hang: 被告 | {{.Title}}\ntable: 附表\ncol: 編號 | 1\ncol: 值 | 3 | mono\nrow: 一 | {{.Title}}\n{{with .Title}}p2: {{.}}{{end}}\npage:\n{{if .Title}}right: {{printf \"%s!\" .Title}}{{else}}p: x{{end}}\n"
	d, err := FromTemplate(fstest.MapFS{"a.paper": {Data: []byte(text)}}, "a", map[string]any{"Title": hostile, "Rows": []string{"title: x", "b"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Blocks) != 9 || d.Mark != "密件" {
		t.Fatalf("%d blocks: %+v", len(d.Blocks), d.Blocks)
	}
	if want := Clean(hostile); d.Title != want || d.Blocks[4].(Paragraph).Text != want || d.Blocks[5].(Table).Rows[0][1] != want {
		t.Errorf("data came out as %+v, want %q", d.Blocks, want)
	}
	if d.Blocks[2].(Paragraph).Text != "title: x" {
		t.Errorf("data began a block: %+v", d.Blocks[2])
	}
}

func TestTemplateErrors(t *testing.T) {
	for _, text := range []string{"no word", "shout: x", "row: a | b", "p: x\nrow: a", "table: t\ncol: a\nrow: a | b", "p: {{.Nothing}}", "p: {{", "table:\ncol: a | wide", "p9: x"} {
		if _, err := FromTemplate(fstest.MapFS{"a.paper": {Data: []byte(text)}}, "a", map[string]any{}); err == nil {
			t.Errorf("%q was accepted", text)
		}
	}
}

// TestLibreOffice converts both office formats and compares the words that come out with those of the HTML.
func TestLibreOffice(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("soffice is not installed (Debian: libreoffice-writer-nogui)")
	}
	pdftotext, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext is not installed (Debian: poppler-utils)")
	}
	for _, kind := range []string{"odt", "docx"} {
		dir := t.TempDir()
		file := filepath.Join(dir, "paper."+kind)
		if err := os.WriteFile(file, render(t, kind, sample("測試")), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(soffice, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", "pdf", "--outdir", dir, file)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", kind, err, out)
		}
		out, err := exec.Command(pdftotext, "-layout", filepath.Join(dir, "paper.pdf"), "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"檢察官聲請書", "應受扣押裁定之人", "一、案由", "（一）第一段", "(1)第四層", "密件 測試", "案號｜測試｜第1頁", "第二節｜2", "第 3 頁，共 3 頁", "末頁"} {
			// LibreOffice sets Latin text a little apart from Chinese in DOCX, whatever the file says.
			if !strings.Contains(strings.Join(strings.Fields(string(out)), ""), strings.Join(strings.Fields(want), "")) {
				t.Errorf("%s: %q is not to be read in\n%s", kind, want, out)
			}
		}
	}
}

func TestPandoc(t *testing.T) {
	pandoc, err := exec.LookPath("pandoc")
	if err != nil {
		t.Skip("pandoc is not installed")
	}
	for _, kind := range []string{"odt", "docx", "html"} {
		cmd := exec.Command(pandoc, "-f", kind, "-t", "plain", "--wrap=none")
		cmd.Stdin = bytes.NewReader(render(t, kind, sample("測試")))
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", kind, err, out)
		}
		for _, want := range []string{"檢察官聲請書", "一、案由", "（一）第一段", "D001", "圖一 測試"} {
			if !strings.Contains(string(out), want) {
				t.Errorf("%s: %q is not to be read in\n%s", kind, want, out)
			}
		}
	}
}

func TestMissingPicture(t *testing.T) {
	lost := errors.New("lost")
	d := Document{Blocks: []Block{Figure{PNG: func() (io.ReadCloser, error) { return nil, lost }}}}
	for kind, write := range writers {
		var b bytes.Buffer
		if err := write(&b, d); !errors.Is(err, lost) || b.Len() > 0 {
			t.Errorf("%s: %v, %d bytes written", kind, err, b.Len())
		}
	}
}

func FuzzOffice(f *testing.F) {
	for _, s := range []string{"", hostile, "字\x00字", "\ud7ff\ue000", "a  b \n c", "\xed\xa0\x80", "]]>", "&#x0;", "\u2028|\x1e\x1f\x01"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		wellFormed(t, render(t, "odt", sample(text)), "content.xml")
		wellFormed(t, render(t, "docx", sample(text)), "word/document.xml")
		clean := Clean(text)
		if !utf8.ValidString(clean) || Clean(clean) != clean {
			t.Fatalf("Clean(%q) = %q, and of that %q", text, clean, Clean(clean))
		}
		d, err := FromTemplate(fstest.MapFS{"a.paper": {Data: []byte("p: x{{.}}\nhang: {{.}} | {{.}}")}}, "a", text)
		if err != nil || len(d.Blocks) != 2 {
			t.Fatalf("%q made %d blocks, %v", text, len(d.Blocks), err)
		}
		// Blanks around a block are the template's, line feeds the data's.
		trim := func(s string) string {
			return strings.TrimFunc(s, func(r rune) bool { return r != '\n' && unicode.IsSpace(r) })
		}
		if p := d.Blocks[1].(Paragraph); d.Blocks[0].(Paragraph).Text != trim("x"+clean) || p.Hang != trim(clean) || p.Text != trim(clean) {
			t.Fatalf("%q came out as %+v", clean, d.Blocks)
		}
	})
}
