package app

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "yuzheng"

// closed lists what a tree of packages must not reach, directly or through other packages of this module, and why.
var closed = []struct{ tree, to, why string }{
	{"casefile", "capture", "evidence must outlive the tool that captured it"},
	{"casefile", "app", "dependencies point inward"},
	{"capture", "app", "dependencies point inward"},
	{"casefile", "assets", "templates and data are passed in as an fs.FS"},
	{"capture", "assets", "templates and data are passed in as an fs.FS"},
	{"casefile", "fyne.io/fyne", "only app/window draws"},
	{"capture", "fyne.io/fyne", "only app/window draws"},
	{"app/workbench", "fyne.io/fyne", "use cases run without a display"},
	{"app/workbench", "app/training", "the training case uses the use cases, as the faces do"},
	{".", "capture/sitetest", "the program carries no hostile site: tests alone reach it"},
	{"app/cli", "fyne.io/fyne", "the command line runs without a display"},
	{"casefile/packet", "casefile/internal", "a packet is verified with nothing but the packet"},
	{"casefile/packet", "github.com", "a packet is verified with nothing but the packet"},
	{"casefile/custody", "casefile/packet", "the log stands alone"},
	{"casefile/evidence", "github.com", "what is stored is a leaf"},
	{"casefile/evidence", "golang.org", "what is stored is a leaf"},
	{"casefile/custody", "github.com", "the log stands alone"},
	{"capture/scrub", "os", "secrets are looked for in memory alone"},
	{"capture/scrub", "github.com", "secrets are looked for in memory alone"},
	{"capture/scrub", "golang.org", "secrets are looked for in memory alone"},
	{"capture/identify", "os", "identifiers are looked for in memory alone"},
	{"capture/identify", "github.com", "identifiers are looked for in memory alone"},
	{"casefile/redact", "os", "personal data is masked in memory alone"},
	{"casefile/redact", "github.com", "personal data is masked in memory alone"},
	{"assets", "app", "assets are data"},
}

// only lists the one place that may import a library directly, and why.
var only = []struct{ library, tree, why string }{
	{"github.com/dgraph-io/badger", "casefile/internal/kv", "one package knows Badger"},
	{"github.com/chromedp", "capture/chrome", "one package knows Chrome"},
	{"fyne.io/fyne/v2/app", "app", "OpenGL is linked in one place"},
	{"fyne.io/fyne", "app", "one tree knows Fyne"},
	{"filippo.io/age", "casefile", "one tree knows keys"},
	{"github.com/ThalesGroup/crypto11", "casefile/sign", "one package knows cards"},
}

// arrows says of packages that are read, tested and trusted alone what they import of this module, and nothing else of it.
var arrows = map[string][]string{
	"capture/identify":        {"casefile/evidence"},
	"casefile/redact":         {"casefile/evidence"},
	"capture/scrub":           {},
	"capture/scrub/scrubtest": {},
	"capture/chrome/devtools": {},
	"capture/chrome/launch":   {"capture"}, // its StartError
	"capture/chrome/journal":  {"casefile/evidence"},
	"capture/chrome/keep":     {"capture", "casefile/evidence"},
	"capture/chrome/persona":  {"capture/chrome/launch", "casefile/evidence"},
	"capture/chrome/browsing": {
		"capture", "capture/chrome/devtools", "capture/chrome/guard", "capture/chrome/guard/wire", "capture/chrome/journal", "capture/chrome/launch",
		"capture/chrome/persona", "casefile/evidence",
	},
	"capture/chrome/exchange": {
		"capture/archive", "capture/chrome/devtools", "capture/chrome/guard/wire", "capture/chrome/journal", "capture/chrome/keep",
		"casefile/evidence",
	},
	"capture/chrome/reading": {
		"capture/chrome/browsing", "capture/chrome/devtools", "capture/chrome/journal", "capture/chrome/keep", "capture/known", "capture/scrub", "casefile/evidence",
	},
	"capture/chrome/picture": {
		"capture", "capture/chrome/browsing", "capture/chrome/devtools", "capture/chrome/journal", "capture/chrome/keep", "capture/chrome/reading",
		"capture/chrome/tiles", "capture/qrcode", "casefile/evidence",
	},
	"capture/chrome/report": {"capture/chrome/exchange", "capture/chrome/journal", "casefile/evidence"},
	"capture/chrome/exhibit": {
		"capture", "capture/archive", "capture/chrome/browsing", "capture/chrome/devtools", "capture/chrome/exchange", "capture/chrome/guard",
		"capture/chrome/guard/wire", "capture/chrome/journal", "capture/chrome/keep", "capture/chrome/persona", "capture/chrome/picture",
		"capture/chrome/reading", "capture/chrome/report", "capture/favicon", "capture/netfacts", "capture/scrub", "casefile/evidence",
	},
	"capture/chrome/visit": {
		"capture", "capture/chrome/browsing", "capture/chrome/devtools", "capture/chrome/exchange", "capture/chrome/exhibit", "capture/chrome/guard",
		"capture/chrome/picture", "casefile/evidence",
	},
	"capture/chrome/session": {
		"capture", "capture/archive", "capture/chrome/browsing", "capture/chrome/devtools", "capture/chrome/exchange", "capture/chrome/exhibit",
		"capture/chrome/guard/wire", "capture/chrome/journal", "capture/chrome/launch", "capture/chrome/tiles", "capture/scrub", "casefile/evidence",
	},
	"capture/chrome/guard":      {"capture/chrome/guard/wire", "casefile/evidence"},
	"capture/chrome/guard/wire": {},
	"app/office":                {"casefile/application", "casefile/document", "casefile/legible", "casefile/private"},
	"capture/chrome/tiles":      {},
	"casefile/rpz/resolvertest": {},
}

// inside names, for a part of the tree, the one place of it that may import a library directly, and why.
var inside = []struct{ tree, library, place, why string }{
	{"capture/chrome", "os/exec", "capture/chrome/launch", "one package starts browsers"},
}

// testsAlone are packages that nothing but tests imports.
var testsAlone = []string{"capture/scrub/scrubtest", "casefile/evidence/schematest", "casefile/rpz/resolvertest"}

// TestHouse checks the rules that a reviewer cannot see in a diff: every package says what it is for, once, and
// dependencies run in one direction.
func TestHouse(t *testing.T) {
	imports, docs := survey(t, os.DirFS(".."))
	for dir := range imports {
		if docs[dir] != 1 {
			t.Errorf("%s: %d package comments, want 1", dir, docs[dir])
		}
	}
	for _, rule := range closed {
		checkClosed(t, imports, rule.tree, rule.to, rule.why)
	}
	for _, rule := range only {
		checkOnly(t, imports, rule.library, rule.tree, rule.why)
	}
	for _, rule := range inside {
		part := maps.Clone(imports)
		maps.DeleteFunc(part, func(dir string, _ map[string]bool) bool { return !within(dir, rule.tree) })
		checkOnly(t, part, rule.library, rule.place, rule.why)
	}
	checkStored(t, imports)
	checkArrows(t, imports)
}

// checkArrows holds where the arrows end that leave a package, and that none comes into what is for tests.
func checkArrows(t *testing.T, imports map[string]map[string]bool) {
	t.Helper()
	for _, dir := range slices.Concat(slices.Collect(maps.Keys(arrows)), testsAlone) {
		if imports[dir] == nil {
			t.Errorf("%s is no package; was it renamed?", dir)
		}
	}
	for dir, list := range imports {
		for imp := range list {
			if to, told := arrows[dir]; told && imports[imp] != nil && !slices.Contains(to, imp) {
				t.Errorf("%s -> %s: it imports nothing of this module but %q", dir, imp, to)
			}
			if slices.Contains(testsAlone, imp) {
				t.Errorf("%s -> %s: it is for tests alone", dir, imp)
			}
		}
	}
}

// stored is the leaf that owns what is kept or travels.
const stored = "casefile/evidence"

// checkStored holds that what is stored depends on nothing of this module, and that it is all that capturing knows of how evidence is kept.
func checkStored(t *testing.T, imports map[string]map[string]bool) {
	t.Helper()
	for dir, list := range imports {
		for imp := range list {
			ours := imports[imp] != nil || strings.HasPrefix(imp, module)
			if dir == stored && ours {
				t.Errorf("%s -> %s: what is stored is a leaf", dir, imp)
			}
			if within(dir, "capture") && within(imp, "casefile") && imp != stored {
				t.Errorf("%s -> %s: capturing must not know how evidence is kept", dir, imp)
			}
		}
	}
}

// TestGround checks that nothing grows at the top of the tree beside what the project is made of.
func TestGround(t *testing.T) {
	allowed := []string{
		".ci", ".git", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "FyneApp.toml", "LICENSE", "Makefile", "README.md", "README.zh-TW.md",
		"SECURITY.md", "app", "assets", "build", "capture", "casefile", "demo", "findings", "go.mod", "go.sum", "main.go",
	}
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(allowed, e.Name()) {
			t.Errorf("%s: nothing else grows at the top", e.Name())
		}
	}
}

func survey(t *testing.T, root fs.FS) (imports map[string]map[string]bool, docs map[string]int) {
	t.Helper()
	imports, docs = map[string]map[string]bool{}, map[string]int{}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() == "build" || strings.HasPrefix(d.Name(), ".") && name != "."):
			return fs.SkipDir
		case !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		src, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		record(imports, docs, path.Dir(name), file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return imports, docs
}

func record(imports map[string]map[string]bool, docs map[string]int, dir string, file *ast.File) {
	if imports[dir] == nil {
		imports[dir] = map[string]bool{}
	}
	if file.Doc != nil {
		docs[dir]++
	}
	for _, spec := range file.Imports {
		p, _ := strconv.Unquote(spec.Path.Value)
		imports[dir][strings.TrimPrefix(p, module+"/")] = true
	}
}

func checkClosed(t *testing.T, imports map[string]map[string]bool, tree, to, why string) {
	t.Helper()
	matched := false
	for dir := range imports {
		if !within(dir, tree) {
			continue
		}
		matched = true
		if via := reach(imports, dir, to); via != nil {
			t.Errorf("%s: %s", strings.Join(via, " -> "), why)
		}
	}
	if !matched {
		t.Errorf("no package matches the rule for %s; was it renamed?", tree)
	}
}

func checkOnly(t *testing.T, imports map[string]map[string]bool, library, tree, why string) {
	t.Helper()
	matched := false
	for dir, list := range imports {
		for imp := range list {
			if !within(imp, library) {
				continue
			}
			matched = matched || within(dir, tree)
			if !within(dir, tree) {
				t.Errorf("%s -> %s: %s, and that is %s", dir, imp, why, tree)
			}
		}
	}
	if !matched {
		t.Errorf("%s is not imported in %s; was it renamed?", library, tree)
	}
}

// reach returns the chain of imports by which from reaches the tree to, or nil.
func reach(imports map[string]map[string]bool, from, to string) []string {
	seen := map[string]bool{}
	var walk func(dir string) []string
	walk = func(dir string) []string {
		if seen[dir] {
			return nil
		}
		seen[dir] = true
		for imp := range imports[dir] {
			if within(imp, to) && !within(from, to) {
				return []string{dir, imp}
			}
			if chain := walk(imp); chain != nil {
				return append([]string{dir}, chain...)
			}
		}
		return nil
	}
	return walk(from)
}

// within reports whether the package path p is tree or below it.
func within(p, tree string) bool { return p == tree || strings.HasPrefix(p, tree+"/") }
