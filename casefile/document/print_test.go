package document

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"yuzheng/casefile/rpz/resolvertest"
)

// printed is a paper as a browser prints it, and the words of its pages as they stand there.
func printed(t *testing.T, d Document) (file string, pages []string) {
	t.Helper()
	chromium, pdftotext := resolvertest.Program(t, "chromium"), resolvertest.Program(t, "pdftotext")
	dir := t.TempDir()
	page, file := filepath.Join(dir, "paper.html"), filepath.Join(dir, "paper.pdf")
	if err := os.WriteFile(page, render(t, "html", d), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--user-data-dir="+filepath.Join(dir, "profile"), "--print-to-pdf="+file, "file://"+page)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	text, err := exec.Command(pdftotext, "-layout", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return file, strings.Split(strings.TrimSuffix(string(text), "\f"), "\f")
}

// names are of every length that a line of a table or a paragraph can hold.
var names = []string{
	"a-b.tw", "vip-invest.example", "mirror-old.example", "azurewebsites-login.example", "www.secure-bank-login.com.tw", "xn--fiqs8s-and-more-of-it.example",
}

// TestNamesAreWhole: in a paragraph and in a column that is wide enough no name is broken, nor is a mark left alone before or after it; what is too long for its
// line is broken behind a dot or a slash. What can be copied is the name.
func TestNamesAreWhole(t *testing.T) {
	d := Document{Style: Style{Landscape: true}}
	for _, n := range names {
		for shift := range 30 {
			d.Blocks = append(d.Blocks, Paragraph{Level: 2, Text: strings.Repeat("字", shift) + "標的D001（" + n + "）、" + n + "。證W0001、證W0002-01。"})
		}
	}
	wide := Table{Small: true, Columns: []Column{{"編號", 1, false}, {"網域名稱", 2.6, true}, {"網址", 2.5, false}, {"備註", 1, false}}}
	narrow := Table{Small: true, Columns: []Column{{"編號", 8, false}, {"網域名稱", 1, true}, {"網址", 1, false}}}
	for _, n := range names {
		wide.Rows = append(wide.Rows, []string{"D001", n, n, "證W0001、證W0002"})
		narrow.Rows = append(narrow.Rows, []string{"D001", "shop.evil-zone.example", "https://evil-zone.example/a-b/c?d=e-f"})
	}
	d.Blocks = append(d.Blocks, wide, PageBreak{}, narrow)
	_, pages := printed(t, d)
	last := len(pages) - 1
	text := strings.Join(pages[:last], "\n")
	for _, n := range names {
		if got, want := strings.Count(text, n), 2*30+2; got != want {
			t.Errorf("%s stands whole %d times of %d", n, got, want)
		}
	}
	if broken := regexp.MustCompile(`(?m)證$|W$|^\s*[、。）]|（$`).FindAllString(text, -1); len(broken) > 0 {
		t.Errorf("%d lines begin or end with a mark that is not theirs: %q", len(broken), broken)
	}
	if got := strings.Count(pages[last], "evil-zone."); got != 2*len(names) {
		t.Errorf("a name is broken elsewhere than at its dots:\n%s", pages[last])
	}
}

// TestRowsAreKept: wherever on a page a table begins, its head stands on every page of it, with the first row at least; a row is never cut, and the last one
// never alone. What belongs to what follows is on its page.
func TestRowsAreKept(t *testing.T) {
	d := Document{Mark: "密件"}
	const tables = 26
	for i := range tables {
		d.Blocks = append(d.Blocks, PageBreak{})
		for range i {
			d.Blocks = append(d.Blocks, Paragraph{Text: "行"})
		}
		table := Table{Caption: "表名", Columns: []Column{{Title: "表頭"}, {Title: "文"}}}
		for range 5 {
			table.Rows = append(table.Rows, []string{"列首", "一\n二\n三\n列尾"})
		}
		d.Blocks = append(d.Blocks, table, Paragraph{Text: "此致", Align: alignRight, Keep: true}, Paragraph{Text: "署名"})
	}
	_, pages := printed(t, d)
	for i, text := range pages {
		first, last := strings.Count(text, "列首"), strings.Count(text, "列尾")
		head, rows := strings.Count(text, "表頭"), first
		switch {
		case first != last:
			t.Errorf("page %d cuts a row:\n%s", i+1, text)
		case head != min(rows, 1) || strings.Contains(text, "表名") && rows == 0:
			t.Errorf("page %d has %d heads of %d rows:\n%s", i+1, head, rows, text)
		case rows == 1 && !strings.Contains(text, "表名"):
			t.Errorf("page %d has a last row alone:\n%s", i+1, text)
		case strings.Contains(text, "此致") != strings.Contains(text, "署名"):
			t.Errorf("page %d parts what belongs together:\n%s", i+1, text)
		case !strings.Contains(text, "密件"):
			t.Errorf("page %d lacks its mark", i+1)
		}
	}
	if len(pages) <= tables+2 {
		t.Errorf("%d pages for %d tables: none was broken", len(pages), tables)
	}
}
