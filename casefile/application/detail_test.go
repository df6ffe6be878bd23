package application

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestDetailBegin says of the number of the entry that began an act that it is one, beside contacts, which are counted, and beside other words.
func TestDetailBegin(t *testing.T) {
	l := lists(t)
	for _, try := range []struct {
		action string
		detail map[string]string
		want   string
	}{
		{"network.contact", map[string]string{"begin": "5", "page scam.example 192.0.2.1": "3"}, "起於第5筆；網頁 scam.example 192.0.2.1（3 次）"},
		{"network.contact", map[string]string{"seal": "31", "result": "stamped"}, "結果：已取得時戳；封緘筆數：31"},
		{"exhibit.admit", map[string]string{"begin": "5", "view": "mobile"}, "起於第5筆；擷取身分：手機"},
		{"capture.abandon", map[string]string{"begin": "7", "failed": "no room", "part": "page.html: 4 bytes"}, "起於第7筆；未完成之原因：no room；取得之部分：page.html: 4 bytes"},
	} {
		if got := l.Detail(try.action, try.detail); got != try.want {
			t.Errorf("%s %v: %s, want %s", try.action, try.detail, got, try.want)
		}
	}
}

// TestDetailsInEnglish has English words for every key that has words, and says of a prescribed address that it is one.
func TestDetailsInEnglish(t *testing.T) {
	l := lists(t)
	for _, kind := range []string{"detail", "contact"} {
		if zh, en := slices.Sorted(maps.Keys(l.words[kind])), slices.Sorted(maps.Keys(l.words[kind+".en"])); !slices.Equal(zh, en) || len(zh) == 0 {
			t.Errorf("%s: %q in Chinese, %q in English", kind, zh, en)
		}
	}
	detail := map[string]string{"resolve": "a.example:443=192.0.2.1", "begin": "5", "summary_sha256": "ab"}
	for lang, want := range map[string][]string{
		"en": {"began with entry 5", "addresses prescribed: a.example:443=192.0.2.1"}, "zh-TW": {"起於第5筆", "指定位址：a.example:443=192.0.2.1"},
	} {
		if got := l.Details(lang, "capture.begin", detail); !slices.Equal(got, want) {
			t.Errorf("%s: %q", lang, got)
		}
	}
}

// TestEveryKeyHasWords: no key of the custody log that SCHEMA.md describes, and no kind of record that the use cases put, stands in a paper as it is stored.
func TestEveryKeyHasWords(t *testing.T) {
	l := lists(t)
	text, err := os.ReadFile("../evidence/SCHEMA.md")
	if err != nil {
		t.Fatal(err)
	}
	_, details, _ := strings.Cut(string(text), "\n| `capture.begin` |")
	details, _, _ = strings.Cut(details, "\n## ")
	keys := regexp.MustCompile("(?m)^\\|[^|]*\\| ([a-z_0-9]+) \\| `string").FindAllStringSubmatch(details, -1)
	for _, k := range keys {
		// Of a packet's own entry, which is made after the papers, and of acts within a session, which do not travel.
		if _, known := l.words["detail"][k[1]]; !known && k[1] != "entries" && k[1] != "action" {
			t.Errorf("the detail %s has no word", k[1])
		}
	}
	files, err := filepath.Glob("../../app/workbench/*.go")
	if err != nil {
		t.Fatal(err)
	}
	kinds := 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range regexp.MustCompile(`(?m)^(?:const|\t)\s*kind[A-Z]\w* += "([a-z]+)"`).FindAllStringSubmatch(string(source), -1) {
			if kinds++; l.word("kind", k[1]) == k[1] {
				t.Errorf("records of kind %s have no word", k[1])
			}
		}
	}
	if len(keys) < 100 || kinds < 12 {
		t.Errorf("%d keys and %d kinds were found", len(keys), kinds)
	}
}

// TestDaysAreOfTheRepublic: a sentence of the check has its days in the one calendar of the papers, in English as the world writes them.
func TestDaysAreOfTheRepublic(t *testing.T) {
	zh, en := lists(t).text("gate.platform.ok", map[string]string{"name": "a.example", "version": "2026-11-30"})
	if !strings.Contains(zh, "115年11月30日") || !strings.Contains(en, "2026-11-30") {
		t.Errorf("%s; %s", zh, en)
	}
}
