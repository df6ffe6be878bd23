package app

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	blockOfCode = regexp.MustCompile("(?s)```.*?```")
	spanOfCode  = regexp.MustCompile("`([^`\n]+)`|\\]\\(([^):#]+)\\)") // or where a link leads
	itemBegins  = regexp.MustCompile(`(?m)^(?:\d+\. |- |\||$)`)
	aPath       = regexp.MustCompile(`^[\w.][\w./-]*(?:/|\.go$|\.md$)[\w./-]*$`)
	aName       = regexp.MustCompile(`^[A-Za-z]\w*$`)
	aTest       = regexp.MustCompile(`^(?:Test|Fuzz)[A-Z]\w*$`)
	testFunc    = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
)

// trees are named without a slash, and are no names within a file.
var trees = []string{"app", "assets", "capture", "casefile", "findings"}

// TestContributing holds what CONTRIBUTING.md names against the tree: files, folders and tests are there, what an item names beside files
// stands in one of them, and each package stands in the map. So whoever moves a room moves its name too.
func TestContributing(t *testing.T) {
	text := blockOfCode.ReplaceAllString(document(t, "CONTRIBUTING.md"), "")
	tests, named := allTests(t), map[string]bool{}
	for _, item := range itemBegins.Split(text, -1) {
		var paths, names []string
		for _, m := range spanOfCode.FindAllStringSubmatch(item, -1) {
			span := m[1] + m[2]
			named[span] = true
			switch {
			case aTest.MatchString(span):
				if !tests[span] {
					t.Errorf("there is no %s", span)
				}
			case aPath.MatchString(span):
				paths = append(paths, span)
			case aName.MatchString(span) && !slices.Contains(trees, span):
				names = append(names, span)
			}
		}
		checkPlaces(t, paths, names)
	}
	if len(named) < 250 {
		t.Fatalf("only %d names: the reader has gone blind", len(named))
	}
	imports, _ := survey(t, os.DirFS(".."))
	for dir := range imports {
		if dir != "." && !named[dir] {
			t.Errorf("%s stands nowhere in CONTRIBUTING.md: what is it for?", dir)
		}
	}
}

// checkPlaces looks for the paths, and in their files for the names.
func checkPlaces(t *testing.T, paths, names []string) {
	t.Helper()
	var held strings.Builder
	for _, p := range paths {
		list, err := filepath.Glob(filepath.Join("..", filepath.FromSlash(p), "*"))
		if err != nil || list == nil {
			list = []string{filepath.Join("..", filepath.FromSlash(p))}
		}
		for _, file := range list {
			switch info, err := os.Stat(file); {
			case err != nil:
				t.Error(err)
			case info.Mode().IsRegular():
				held.WriteString(document(t, strings.TrimPrefix(filepath.ToSlash(file), "../")))
			}
		}
	}
	for _, n := range names {
		if len(paths) > 0 && !regexp.MustCompile(`\b`+n+`\b`).MatchString(held.String()) {
			t.Errorf("%s stands in none of %q", n, paths)
		}
	}
}

// allTests are the names of the tests and fuzzers of the tree.
func allTests(t *testing.T) map[string]bool {
	t.Helper()
	root, names := os.DirFS(".."), map[string]bool{}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && strings.HasPrefix(path.Base(name), ".") && name != "." {
			return skipped(err)
		}
		if d.IsDir() || !strings.HasSuffix(name, "_test.go") {
			return nil
		}
		source, err := fs.ReadFile(root, name)
		for _, m := range testFunc.FindAllSubmatch(source, -1) {
			names[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
