package application

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/publicsuffix"

	"yuzheng/casefile/rpz"
)

// TestDataIsSourced says that every list, every article and every template states its version, source, date and how long that is good for.
func TestDataIsSourced(t *testing.T) {
	files, err := filepath.Glob("../../assets/data/*.json")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var head struct {
			Source
			About Source `json:"about"`
		}
		if err := json.Unmarshal(text, &head); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		s := head.Source
		if head.About.Version != "" {
			s = head.About
		}
		if err := s.Check(filepath.Base(file), ""); err != nil {
			t.Error(err)
		}
	}
}

// TestArticlesAreSourced says the same of each article, which has the source of its file where it has none of its own; that what is quoted was at
// hand, and that nothing reads as law that is our own words.
func TestArticlesAreSourced(t *testing.T) {
	quoted := 0
	for _, s := range lists(t).Statutes.Articles {
		if err := s.Source.Check("statutes.json", s.ID); err != nil {
			t.Error(err)
		}
		switch s.Kind {
		case "quote":
			quoted++
		case "number":
			if strings.ContainsAny(s.Text, "，。；：") {
				t.Errorf("%s is named only, and its heading reads as law: %s", s.ID, s.Text)
			}
		default:
			t.Errorf("%s is a %s", s.ID, s.Kind)
		}
	}
	if quoted == 0 {
		t.Error("nothing is quoted")
	}
	names, _ := fs.Glob(templates, "*.paper")
	for _, name := range names {
		text, err := fs.ReadFile(templates, name)
		if _, e := SourceOf(name, text); err != nil || e != nil {
			t.Error(err, e)
		}
	}
	if len(names) < 10 {
		t.Errorf("only %d templates", len(names))
	}
}

func TestListedNamesAreNames(t *testing.T) {
	l := lists(t)
	check := func(list string, names []string) {
		if len(names) == 0 {
			t.Errorf("%s is empty", list)
		}
		if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
			t.Errorf("%s is not sorted or has a name twice", list)
		}
		for _, n := range names {
			if got, err := rpz.Normalize(n); strings.Contains(n, ".") && (err != nil || got != n) {
				t.Errorf("%s: %s: %v", list, n, err)
			}
		}
	}
	check("popular", l.Popular.Names)
	check("freemail", l.FreeMail.Names)
	for _, g := range append(slices.Clone(l.Platforms.Groups), l.Official.Groups...) {
		check(g.ID, g.Names)
	}
}

// TestSuffixNote says that the note about the public suffixes names the list that is compiled in.
func TestSuffixNote(t *testing.T) {
	if v := lists(t).Suffixes.Version; !strings.Contains(publicsuffix.List.String(), v) {
		t.Errorf("the list is %s, the note says %s", publicsuffix.List, v)
	}
}

// TestEveryCodeHasWords looks for the codes of findings in the source and asks for their sentences in both languages.
func TestEveryCodeHasWords(t *testing.T) {
	l := lists(t)
	used := map[string]bool{}
	files, _ := filepath.Glob("*.go")
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			if b, ok := n.(*ast.BasicLit); ok && b.Kind == token.STRING {
				s, _ := strconv.Unquote(b.Value)
				if family, _, _ := strings.Cut(s, "."); family != s && slices.Contains([]string{"gate", "lint", "step", "notice"}, family) {
					used[s] = true
				}
			}
			return true
		})
	}
	for _, why := range reasons(t) {
		used["name."+why] = true
	}
	for _, kind := range TieKinds {
		used["tie."+string(kind)] = true
	}
	if len(used) < 40 {
		t.Fatalf("only %d codes found", len(used))
	}
	for code := range used {
		if s := l.texts.Texts[code]; s.ZH == "" || s.EN == "" {
			t.Errorf("%s has no words", code)
		}
	}
	for code := range l.texts.Texts {
		if !used[code] {
			t.Errorf("%s has words and is never said", code)
		}
	}
}

// reasons are the constants for which package rpz refuses names.
func reasons(t *testing.T) []string {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), "../rpz/name.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	ast.Inspect(tree, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 {
			if kind, ok := v.Type.(*ast.Ident); ok && kind.Name == "Why" {
				why, _ := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
				list = append(list, why)
			}
		}
		return true
	})
	if len(list) < 10 {
		t.Fatalf("only %d reasons found", len(list))
	}
	return list
}

// TestOrigins says that the names of zones are names, with their sources, and that the longest counts.
func TestOrigins(t *testing.T) {
	l := lists(t)
	for _, o := range l.Execution.Origins {
		if o.Source == "" || o.Name != strings.ToLower(strings.Trim(o.Name, ".")) || len(o.Name) > len(l.origin()) {
			t.Errorf("origin %+v, the longest is %s", o, l.origin())
		}
	}
	if l.origin() == "" {
		t.Error("no origin")
	}
}

func TestTypes(t *testing.T) {
	l := lists(t)
	for _, kind := range l.Types.Types {
		for _, id := range kind.Statutes {
			if _, ok := find(l.Statutes.Articles, id, func(s Statute) string { return s.ID }); !ok {
				t.Errorf("%s: no statute %s", kind.ID, id)
			}
		}
		for name := range kind.Drafts {
			if a := (Application{}); !kind.Set(&a, name, "x") {
				t.Errorf("%s: no field %s", kind.ID, name)
			}
		}
		for _, name := range kind.Papers {
			if _, ok := l.Types.Papers[name]; !ok {
				t.Errorf("%s: no paper %s", kind.ID, name)
			}
		}
		for _, s := range kind.Steps {
			if !slices.Contains(StepKinds, s) {
				t.Errorf("%s: no step %s", kind.ID, s)
			}
		}
		for _, d := range kind.Deadlines {
			if !slices.Contains(kind.Steps, d.After) || d.Label == "" || d.LabelEN == "" || (d.Days > 0) == (d.Hours > 0 || d.Field != "") || d.Statute != "" && l.article(d.Statute) == "" {
				t.Errorf("%s: deadline %+v", kind.ID, d)
			}
		}
	}
	for _, s := range l.Statutes.Articles {
		if !slices.Contains([]string{"quote", "paraphrase", "number"}, s.Kind) || s.Text == "" {
			t.Errorf("statute %+v", s)
		}
	}
	if _, ok := l.sinkhole(); !ok {
		t.Error("no sinkhole to begin with")
	}
}

func TestNextID(t *testing.T) {
	if got := NextID("D", 3, nil); got != "D001" {
		t.Error(got)
	}
	if got := NextID("D", 3, []string{"D001", "D003"}); got != "D004" {
		t.Error(got)
	}
}
