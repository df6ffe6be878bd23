package app

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// promising are the documents that end with a table of what they promise and what holds it.
var promising = []string{"README.md", "README.zh-TW.md", "capture/METHOD.md", "casefile/FORMAT.md", "casefile/packet/FORMAT.md"}

// heldHead begins such a table in either language, heldTitle is over its promises, and unheld are the words that may stand in it in place of
// a test.
var (
	heldHead  = regexp.MustCompile(`(?m)^## (?:Held by|由何確保)$`)
	heldTitle = []string{"promise", "承諾"}
	unheld    = []string{"", "not tested", "not promised"}
)

// TestHeldBy looks for every test and every command that the tables name: a table that has rotted promises what nothing holds.
func TestHeldBy(t *testing.T) {
	for _, name := range promising {
		rows := heldBy(t, name)
		if len(rows) < 10 {
			t.Errorf("%s: %d promises", name, len(rows))
		}
		for _, row := range rows {
			checkHolders(t, name, row)
		}
	}
}

// TestREADMEsPromiseTheSame: the READMEs name the same tests in the same order; that the promises before them are the same no test can read.
func TestREADMEsPromiseTheSame(t *testing.T) {
	if en, zh := heldBy(t, "README.md"), heldBy(t, "README.zh-TW.md"); !slices.Equal(en, zh) {
		t.Errorf("English %q\nChinese %q", en, zh)
	}
}

// heldBy are the second cells of the table of a document.
func heldBy(t *testing.T, name string) (rows []string) {
	t.Helper()
	text := document(t, name)
	head := heldHead.FindStringIndex(text)
	if head == nil {
		t.Fatalf("%s has no table of what holds its promises", name)
	}
	for line := range strings.Lines(text[head[1]:]) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		if strings.HasPrefix(line, "| ") && len(cells) == 2 && !slices.Contains(heldTitle, strings.TrimSpace(cells[0])) {
			rows = append(rows, strings.TrimSpace(cells[1]))
		}
	}
	return rows
}

func document(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// checkHolders reads a cell: `./PACKAGE` TestOne, TestTwo; `.ci/COMMAND`.
func checkHolders(t *testing.T, name, cell string) {
	t.Helper()
	for _, word := range unheld {
		if cell == word {
			return
		}
	}
	for holder := range strings.SplitSeq(cell, "; ") {
		place, tests, _ := strings.Cut(strings.TrimPrefix(holder, "`"), "`")
		switch {
		case strings.HasPrefix(place, ".ci/") && tests == "":
			if _, err := os.Stat(filepath.Join("..", place)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		case strings.HasPrefix(place, "./") && tests != "":
			for test := range strings.SplitSeq(tests, ",") {
				checkTest(t, name, place, strings.TrimSpace(test))
			}
		default:
			t.Errorf("%s: %q names neither a test nor a command", name, holder)
		}
	}
}

func checkTest(t *testing.T, name, place, test string) {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join("..", filepath.FromSlash(place), "*_test.go"))
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "\nfunc "+test+"(t *testing.T)") {
			return
		}
	}
	t.Errorf("%s: %s has no %s", name, place, test)
}

// silent is where METHOD.md counts the kinds of pages on which a capture can be wrong without a word.
var silent = regexp.MustCompile(`(?s)## What can still be silently wrong.*?(\d+) kinds.*?\|---\|---\|\n(.*?)\n\n`)

// TestSilentKindsAreCounted holds the number against the list, which stands there once.
func TestSilentKindsAreCounted(t *testing.T) {
	text := document(t, "capture/METHOD.md")
	found := silent.FindAllStringSubmatch(text, -1)
	if len(found) != 1 || strings.Count(text, "silently wrong") != 1 {
		t.Fatalf("%d lists", len(found))
	}
	if rows := strings.Count(found[0][2], "\n") + 1; strconv.Itoa(rows) != found[0][1] {
		t.Errorf("%s kinds are said, %d are listed", found[0][1], rows)
	}
}
