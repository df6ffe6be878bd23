package application

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"yuzheng/casefile/document"
	"yuzheng/casefile/evidence"
	"yuzheng/casefile/rpz"
	"yuzheng/casefile/rpz/resolvertest"
)

func papers(t testing.TB, in PaperInput) []Paper {
	t.Helper()
	list, err := Papers(in, templates)
	var refused *RefusedError
	if errors.As(err, &refused) {
		t.Fatalf("refused: %+v", refused.Findings)
	}
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func paper(t testing.TB, list []Paper, file string) Paper {
	t.Helper()
	i := slices.IndexFunc(list, func(p Paper) bool { return p.File == file })
	if i < 0 {
		t.Fatalf("no paper %s", file)
	}
	return list[i]
}

func TestPapersAreThere(t *testing.T) {
	var got []string
	for _, p := range papers(t, input(t)) {
		line := p.File
		for _, f := range p.Formats {
			line += " " + string(f)
		}
		for _, f := range []Format{CSV, JSON, ZONE} {
			if len(p.Data[f]) > 0 {
				line += " " + string(f)
			}
		}
		got = append(got, line)
	}
	want := []string{
		"00_請先閱讀 pdf html", "01_聲請書 pdf odt docx", "01_摘要 pdf", "02_附表一_扣押標的 pdf csv json", "03_證據清單 pdf csv", "04_附件冊_第1冊 pdf",
		"05_誤傷檢查 pdf json", "06_執行/執行單 pdf", "06_執行/domains csv", "06_執行/rpz zone", "07_監管鏈 pdf", "09_技術說明 pdf",
	}
	if !slices.Equal(got, want) {
		t.Errorf("papers %q, want %q", got, want)
	}
}

// unboxed takes away the boxes in which names stand, so that words are found as they are read.
var unboxed = strings.NewReplacer(`<span class="n">`, "", "</span>", "", "<wbr>", "")

// written is every file of the papers, a PDF as the HTML that is printed.
func written(t testing.TB, list []Paper) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for _, p := range list {
		for _, f := range p.Formats {
			var b bytes.Buffer
			var err error
			switch f {
			case ODT:
				err = document.ODT(&b, p.Document)
			case DOCX:
				err = document.DOCX(&b, p.Document)
			default:
				err = document.HTML(&b, p.Document, "")
			}
			if err != nil {
				t.Fatalf("%s.%s: %v", p.File, f, err)
			}
			files[p.File+"."+string(f)] = []byte(unboxed.Replace(b.String()))
		}
		for f, data := range p.Data {
			files[p.File+"."+string(f)] = data
		}
	}
	return files
}

func TestSamePapersTwice(t *testing.T) {
	a, b := written(t, papers(t, input(t))), written(t, papers(t, input(t)))
	if !reflect.DeepEqual(a, b) {
		for name := range a {
			if !bytes.Equal(a[name], b[name]) {
				t.Errorf("%s differs from one making to the next", name)
			}
		}
	}
}

// TestListsAreOne compares every file that lists the targets, the zone read by another parser.
func TestListsAreOne(t *testing.T) {
	in := input(t)
	list := papers(t, in)
	want := []rpz.Rule{{Name: "vip-invest.example", Subdomains: true}, {Name: "xn---tw-5cdz9da85i.com"}}
	_, zone, err := rpz.Parse(bytes.NewReader(paper(t, list, "06_執行/rpz").Data[ZONE]))
	if err != nil || !slices.Equal(zone, want) {
		t.Errorf("zone %v, %v", zone, err)
	}
	domains, numbers, err := rpz.ParseCSV(bytes.NewReader(paper(t, list, "06_執行/domains").Data[CSV]))
	if err != nil || !slices.Equal(domains, want) || numbers["vip-invest.example"] != "D001" || numbers["xn---tw-5cdz9da85i.com"] != "D002" {
		t.Errorf("domains %v, %v", domains, err)
	}
	annex := paper(t, list, "02_附表一_扣押標的")
	sheet, err := readAnnexCSV(annex.Data[CSV])
	if err != nil || !slices.Equal(sheet, want) {
		t.Errorf("sheet %v, %v", sheet, err)
	}
	for _, p := range []string{"02_附表一_扣押標的", "06_執行/執行單"} {
		if text := string(written(t, list)[p+".pdf"]); !strings.Contains(text, "vip-invest.example") || !strings.Contains(text, "xn---tw-5cdz9da85i.com") {
			t.Errorf("%s does not show every target", p)
		}
	}
	sheetOf := string(written(t, list)["06_執行/執行單.pdf"])
	for _, file := range []string{"06_執行/domains.csv", "06_執行/rpz.zone"} {
		if !strings.Contains(sheetOf, sum(written(t, list)[file])) {
			t.Errorf("the sheet does not print the hash of %s", file)
		}
	}
}

// TestCompareFindsEdits changes each of the four files of targets and expects the comparison to fail.
func TestCompareFindsEdits(t *testing.T) {
	v, err := newView(input(t))
	if err != nil {
		t.Fatal(err)
	}
	want, _ := rpz.Canonical(rules(v.Rows))
	if err := v.compare(want); err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]*[]byte{"zone": &v.zone, "domains": &v.domainsCSV, "sheet": &v.annexCSV, "table": &v.annexJSON} {
		good := *file
		*file = bytes.ReplaceAll(good, []byte("vip-invest.example"), []byte("invest.example"))
		if err := v.compare(want); err == nil {
			t.Errorf("%s: a lost label was not seen", name)
		}
		*file = bytes.Replace(bytes.Replace(good, []byte("含子網域"), []byte("僅本名"), 1), []byte(`"subdomains"`), []byte(`"exact"`), 1)
		if name == "zone" {
			*file = bytes.Replace(good, []byte("*.vip-invest.example IN A 140.111.246.32\n"), nil, 1)
		}
		if err := v.compare(want); err == nil {
			t.Errorf("%s: a narrower scope was not seen", name)
		}
		*file = good
	}
}

func TestPapersRefuse(t *testing.T) {
	for why, change := range map[string]func(*PaperInput){
		"untied sentence": func(in *PaperInput) { in.Application.Facts += "被害人已逾百人。" },
		"no period":       func(in *PaperInput) { in.Application.Period = Span{} },
		"gate not run":    func(in *PaperInput) { in.Gates = nil },
		"gate of another name": func(in *PaperInput) {
			in.Targets[0].Name = "invest.example"
		},
	} {
		in := input(t)
		change(&in)
		var refused *RefusedError
		if list, err := Papers(in, templates); !errors.As(err, &refused) || list != nil {
			t.Errorf("%s: %d papers, %v", why, len(list), err)
		}
	}
	if list, err := Papers(input(t), fstest.MapFS{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without templates: %d papers, %v", len(list), err)
	}
}

func TestOnlyCitedExhibits(t *testing.T) {
	for name, data := range written(t, papers(t, input(t))) {
		if bytes.Contains(data, []byte("W0009")) {
			t.Errorf("%s names an exhibit that nothing rests on", name)
		}
	}
}

// A paper says whether a second person signed with a key, or somebody wrote down a name.
func TestSecondPersonsWord(t *testing.T) {
	for want, word := range map[string]Word{"以憑證簽署：CN=李主任": {Signer: "CN=李主任", Signature: []byte{1}}, "僅具姓名，未以本人之金鑰簽署": {}} {
		in := input(t)
		in.Gates[0].Results[0].Override = &Override{Target: "D001", Person: "李主任", Reason: "已逐一核對", Time: now, Word: word}
		if text := written(t, papers(t, in))["05_誤傷檢查.pdf"]; !bytes.Contains(text, []byte(want)) {
			t.Errorf("no %q", want)
		}
	}
}

func TestCells(t *testing.T) {
	for in, want := range map[string]string{
		"=1+1": "'=1+1", "+886": "+886", "+a": "'+a", "-5": "-5", "-x": "'-x", "@SUM(A1)": "'@SUM(A1)", "  =x": "'  =x", "＝x": "'＝x",
		"\t=x": "' =x", "\r=x": "'=x", "a\nb": "a b", "網址": "網址", "": "",
	} {
		if got := cell(in); got != want {
			t.Errorf("cell(%q) = %q, want %q", in, got, want)
		}
	}
	text := WriteCSV([][]string{{"a", "b"}, {hostile, "\"quoted\",\n"}})
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte(bom)))).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][0] != "'=HYPERLINK(\"x\")<script>| row: a[U+202E][U+0000]" {
		t.Errorf("rows %q, %v", rows, err)
	}
}

func TestJSONShowsHiddenCharacters(t *testing.T) {
	text, err := writeJSON([]string{"a\u202eb\U000e0041\u2028<&"})
	if err != nil || strings.ContainsAny(string(text), "\u202e\U000e0041\u2028") {
		t.Errorf("%q, %v", text, err)
	}
	var back []string
	if err := json.Unmarshal(text, &back); err != nil || back[0] != "a\u202eb\U000e0041\u2028<&" {
		t.Errorf("%q, %v", back, err)
	}
}

func TestVolumes(t *testing.T) {
	var exhibits []Exhibit
	for i := range 40 {
		e := exhibit(fmt.Sprintf("W%04d", i+1), "https://vip-invest.example/")
		e.Picture, e.Artifacts[0].Size = open(picture(40, 400)), 9_000_000
		exhibits = append(exhibits, e)
	}
	books, err := bind(exhibits)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, b := range books {
		weight := int64(0)
		for _, l := range b.leaves {
			weight += l.weight
		}
		if weight > bookBytes {
			t.Errorf("volume %d weighs %d", b.Number, weight)
		}
		for i, line := range b.Index {
			if !line.Continued {
				seen++
			}
			if i > 0 && line.Page <= b.Index[i-1].Page {
				t.Errorf("volume %d: pages do not rise: %+v", b.Number, b.Index)
			}
		}
	}
	if seen != 40 || len(books) < 10 {
		t.Errorf("%d exhibits begin in %d volumes", seen, len(books))
	}
}

func TestHugePictureIsRefused(t *testing.T) {
	e := exhibit("W0001", "https://vip-invest.example/")
	e.Picture = open([]byte("\x89PNG\r\n\x1a\n not a picture"))
	if _, err := bind([]Exhibit{e}); err == nil {
		t.Error("what is no picture was bound")
	}
}

// TestPrintedPages prints the book with a browser and compares its pages with the count that index and footers rely on: the page of the index, the printed number,
// the page of the PDF and where the bookmark leads are one. Every page has its mark, wide pictures lie, every picture has words in its place, and the language is
// told.
func TestPrintedPages(t *testing.T) {
	chromium, pdftotext, qpdf, pdfinfo := resolvertest.Program(t, "chromium"), resolvertest.Program(t, "pdftotext"), resolvertest.Program(t, "qpdf"), resolvertest.Program(t, "pdfinfo")
	in := input(t)
	in.Exhibits[1].Picture = open(picture(1920, 2400))
	for i := range 30 {
		e := exhibit(fmt.Sprintf("W1%03d", i), "https://vip-invest.example/"+strings.Repeat("很長/long-", 60))
		e.Title, e.Warnings, e.Missing = strings.Repeat("標題 title ", 40), slices.Repeat([]string{"certificate has expired"}, 30), slices.Repeat([]string{"https://cdn.example/" + strings.Repeat("x", 200)}, 50)
		for n := range 40 {
			e.Artifacts = append(e.Artifacts, evidence.Artifact{Name: fmt.Sprintf("downloads/%d-%s.apk", n, strings.Repeat("檔", 60)), MediaType: "x", Size: 1, SHA256: strings.Repeat("0f", 32)})
		}
		in.Exhibits = append(in.Exhibits, e)
		in.Targets[0].Exhibits = append(in.Targets[0].Exhibits, e.ID)
	}
	list := papers(t, in)
	v, err := newView(in)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	page, file := filepath.Join(dir, "book.html"), filepath.Join(dir, "book.pdf")
	var text bytes.Buffer
	book := list[slices.IndexFunc(list, func(p Paper) bool { return p.File == "04_附件冊_第1冊" })]
	if err := document.HTML(&text, book.Document, ""); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(page, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(name string, args ...string) string {
		out, err := exec.Command(name, args...).Output()
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		return string(out)
	}
	run(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--generate-pdf-document-outline", "--no-pdf-header-footer", "--user-data-dir="+filepath.Join(dir, "profile"), "--print-to-pdf="+file, "file://"+page)
	pages := strings.Split(strings.TrimSuffix(run(pdftotext, "-layout", file, "-"), "\f"), "\f")
	b := v.Books[0]
	if len(pages) != b.Pages {
		t.Fatalf("%d pages printed, %d counted", len(pages), b.Pages)
	}
	for i, text := range pages {
		if got := strings.Join(strings.Fields(text), ""); !strings.Contains(got, fmt.Sprintf("第%d頁，共%d頁", i+1, b.Pages)) || !strings.Contains(got, "密件偵查不公開") {
			t.Errorf("page %d lacks number or mark:\n%s", i+1, text)
		}
	}
	var outlined struct {
		Outlines []struct {
			Kids []struct {
				Title string
				Dest  int `json:"destpageposfrom1"`
			}
		}
	}
	if err := json.Unmarshal([]byte(run(qpdf, "--json", "--json-key=outlines", file)), &outlined); err != nil || len(outlined.Outlines) != 1 || len(outlined.Outlines[0].Kids) != len(b.Index) {
		t.Fatalf("bookmarks %+v, %v", outlined, err)
	}
	for i, line := range b.Index {
		if want := regexp.MustCompile("證" + line.Exhibit.ID + `\s*｜\s*第\s*` + fmt.Sprint(line.Page) + `\s*頁`); !want.MatchString(pages[line.Page-1]) {
			t.Errorf("page %d is not that of %s:\n%s", line.Page, line.Exhibit.ID, pages[line.Page-1])
		}
		if mark := outlined.Outlines[0].Kids[i]; mark.Dest != line.Page || !strings.HasPrefix(mark.Title, "證"+line.Exhibit.ID) {
			t.Errorf("%s begins on page %d, its bookmark is %+v", line.Exhibit.ID, line.Page, mark)
		}
	}
	objects, sizes := run(qpdf, "--json=2", "--json-key=qpdf", file), run(pdfinfo, "-l", "9999", file)
	pictures, lying := 0, 0
	for i, l := range b.leaves {
		size := "594.96 x 841.92"
		if l.turned {
			size, lying = "841.92 x 594.96", lying+1
		}
		if n := b.Pages - len(b.leaves) + i + 1; !regexp.MustCompile(fmt.Sprintf(`Page +%d size: +%s`, n, size)).MatchString(sizes) {
			t.Errorf("page %d, %s slice %d, is not %s", n, l.exhibit.ID, l.slice, size)
		}
		if l.slice > 0 {
			pictures++
			if alt := "u:證" + l.exhibit.ID + "　" + v.Shot(l.exhibit) + "　" + l.place(); !strings.Contains(objects, alt) {
				t.Errorf("no picture is called %s", alt)
			}
		}
	}
	if !strings.Contains(sizes, "Tagged:          yes") || !strings.Contains(objects, `"/Lang": "u:zh-TW"`) || strings.Count(objects, `"/S": "/Figure"`) < pictures || lying < 3 {
		t.Errorf("not tagged, without a language, or %d pictures, %d lying, are not there", pictures, lying)
	}
}
