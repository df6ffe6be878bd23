package faults

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"yuzheng/assets"
	"yuzheng/casefile/evidence"
)

// source is a part of the program that says something to a reader in English of its own.
type source struct {
	root        string
	calls       map[string]int    // methods by which it says it, and which of their arguments is the sentence
	fields      map[string]string // fields of literals that hold it, by the type
	least       int               // sentences that it has, or more
	wrongUse    bool              // the sentences are about a wrong use of the program
	reasonFuncs []string          // functions that give one
	unsaid      []string          // for which there are no words yet; the list may only become shorter
}

var sources = map[string]source{
	"recorder": {
		root: "../../capture", least: 30, calls: map[string]int{"Note": 2}, reasonFuncs: []string{"fault"},
	},
	"packet": {
		root: "../../casefile/packet", least: 40, fields: map[string]string{"Finding": "Problem"},
		calls: map[string]int{"found": 2, "note": 2, "unchecked": 2},
	},
	"command line": {root: "../cli", least: 10, calls: map[string]int{"Errorf": 0}, wrongUse: true},
}

// TestRemarks holds every remark of a recorder against the table: its sentence is the one there, and is said in Chinese to its end.
func TestRemarks(t *testing.T) {
	times := map[evidence.RemarkCode]int{}
	for _, s := range load().Sentences {
		if times[s.Code]++; s.Code == "" {
			continue
		}
		if form := strings.ReplaceAll(s.Match, "{=", "{"); form != evidence.Sentence(s.Code) {
			t.Errorf("%s is %q in the table and %q when it is remarked", s.Code, form, evidence.Sentence(s.Code))
		}
	}
	for _, code := range evidence.RemarkCodes {
		args := make([]any, len(evidence.Places(code)))
		for i := range args {
			args[i] = "7"
		}
		r := code.With(args...)
		zh, en := Remark("zh-TW", r), Remark("en", r)
		switch {
		case code == evidence.Raw:
			if zh != "7" || en != "7" {
				t.Errorf("raw words became %q and %q", zh, en)
			}
		case times[code] != 1:
			t.Errorf("%s stands %d times in assets/data/faults.json. Add to sentences {\"code\": %q, \"match\": %q, \"zh\": …}, with {=name} for what stays as it is, {name} for what has words of its own", code, times[code], code, r)
		case !han.MatchString(zh) && len(args) < 2, english.MatchString(bracketed.ReplaceAllString(zh, "")), en == "", han.MatchString(en):
			t.Errorf("%s is said %q and %q", code, zh, en)
		}
	}
}

// TestCodeBeforeText says by its code what a page has dressed up as another sentence, and by its text what a build of tomorrow remarks.
func TestCodeBeforeText(t *testing.T) {
	dressed := evidence.Cautions{}
	dressed.Warn(evidence.PageFailed.With("limit redirects: more than 7", "EOF"))
	if got := Warnings("zh-TW", dressed)[0]; !strings.HasPrefix(got, "limit redirects: more than 7：") {
		t.Errorf("%q", got)
	}
	later := evidence.Cautions{Warnings: []string{"broke off"}, Warned: []evidence.Remark{{Code: "of.tomorrow", Args: []string{"x"}}}}
	if got := Warnings("en", later)[0]; got != "broke off" {
		t.Errorf("%q", got)
	}
	older := evidence.Missing{What: "a", Reason: "broke off"}
	if got, want := Missing("zh-TW", older), Missing("zh-TW", evidence.Lacking("a", evidence.BrokeOff.With())); got != want || !han.MatchString(got) {
		t.Errorf("%q and %q", got, want)
	}
}

// TestSources reads the source of the recorder and of the check of packets for every sentence that they can say to a reader, and says each in
// Chinese. A new sentence without words in the table fails here.
func TestSources(t *testing.T) {
	for name, s := range sources {
		t.Run(name, s.test)
	}
}

func (src source) test(t *testing.T) {
	said := src.sentences(t)
	if len(said) < src.least {
		t.Fatalf("%d sentences: the reader of the source has gone blind", len(said))
	}
	unsaid := src.unsaid
	for _, s := range said {
		zh := Say("zh-TW", s.text)
		known := han.MatchString(zh) && !english.MatchString(bracketed.ReplaceAllString(zh, ""))
		switch excused := slices.Contains(unsaid, s.format); {
		case known && excused:
			t.Errorf("%s: %q has words now: take it off the list", s.at, s.format)
		case !known && !excused:
			t.Errorf("%s: no words in Chinese, or not for all of it: %q is said %q. Add to sentences in assets/data/faults.json {\"match\": %q, \"zh\": …}, with {=name} for what stays as it is, {name} for what has words of its own", s.at, s.text, zh, s.format)
		}
	}
	for _, u := range unsaid {
		if !slices.ContainsFunc(said, func(s spoken) bool { return s.format == u }) {
			t.Errorf("%q is said no more: take it off the list", u)
		}
	}
}

// bracketed is what stands in brackets: names of styles and settings, as they are.
var bracketed = regexp.MustCompile(`（[^）]*）`)

// spoken is a sentence of the source, with sample values.
type spoken struct{ at, format, text string }

func (src source) sentences(t *testing.T) (list []spoken) {
	t.Helper()
	set, files := parse(t, src.root)
	_, stored := parse(t, "../../casefile/evidence/artifact.go")
	names := constants(slices.Concat(files, stored))
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			found := src.reasonsAt(n, names)
			if s, ok := src.sentenceAt(n, names); ok {
				found = append(found, s)
			}
			for _, s := range found {
				s.at = set.Position(n.Pos()).String()
				list = append(list, s)
			}
			return true
		})
	}
	return list
}

// reasonsAt are the reasons that a node of the source gives to a field or variable that holds one, on its way to a reader.
func (src source) reasonsAt(n ast.Node, names map[string]string) (list []spoken) {
	take := func(e ast.Expr) {
		if id, ok := e.(*ast.Ident); ok && names[id.Name] != "" {
			e = &ast.BasicLit{Kind: token.STRING, Value: strconv.Quote(names[id.Name])}
		}
		text, worded := format(e, names)
		if !worded || !strings.Contains(text, " ") {
			return // a code, or an error alone
		}
		var args []ast.Expr
		if call, ok := e.(*ast.CallExpr); ok && len(call.Args) > 0 {
			args = call.Args[1:]
		}
		list = append(list, spoken{format: text, text: sample(text, args)})
	}
	switch n := n.(type) {
	case *ast.FuncDecl:
		if slices.Contains(src.reasonFuncs, n.Name.Name) {
			ast.Inspect(n.Body, func(in ast.Node) bool {
				if r, ok := in.(*ast.ReturnStmt); ok && len(r.Results) == 1 {
					take(r.Results[0])
				}
				return true
			})
		}
	}
	return list
}

func parse(t *testing.T, root string) (*token.FileSet, []*ast.File) {
	t.Helper()
	set := token.NewFileSet()
	var files []*ast.File
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "sitetest":
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(set, path, source, 0)
		files = append(files, f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return set, files
}

// constants are the texts of named constants, by the last part of their names.
func constants(files []*ast.File) map[string]string {
	names := map[string]string{}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			v, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			for i, name := range v.Names {
				if i < len(v.Values) {
					if text, ok := literal(v.Values[i]); ok {
						names[name.Name] = text
					}
				}
			}
			return true
		})
	}
	return names
}

func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(l.Value)
	return text, err == nil
}

// sentenceAt is what a node of the source says: a call, or a field of a literal.
func (src source) sentenceAt(n ast.Node, names map[string]string) (spoken, bool) {
	var e ast.Expr
	var args []ast.Expr
	switch n := n.(type) {
	case *ast.CallExpr:
		f, ok := n.Fun.(*ast.SelectorExpr)
		if !ok {
			return spoken{}, false
		}
		at, ok := src.calls[f.Sel.Name]
		if !ok || len(n.Args) <= at {
			return spoken{}, false
		}
		if by, ok := n.Args[0].(*ast.SelectorExpr); ok && by.Sel.Name == "ByPage" {
			return spoken{}, false // what a page says is nobody's to put in words
		}
		e, args = n.Args[at], n.Args[at+1:]
	case *ast.CompositeLit:
		for _, x := range n.Elts {
			if kv, ok := x.(*ast.KeyValueExpr); ok && src.fields[typeName(n.Type)] == fmt.Sprint(kv.Key) {
				e = kv.Value
			}
		}
	}
	if e == nil {
		return spoken{}, false
	}
	text, worded := format(e, names)
	if !worded || !letters.MatchString(verb.ReplaceAllString(text, "")) {
		return spoken{}, false // what a page says, or an error, alone
	}
	if call, ok := e.(*ast.CallExpr); ok && len(call.Args) > 0 {
		args = call.Args[1:] // of Sprintf
	}
	if rest, wrong := strings.CutPrefix(text, "%w: "); wrong && len(args) > 0 { // of a kind that has a sentence of its own
		if kind := typeName(args[0]); kind != "ErrUsage" && kind != "ErrRequest" {
			return spoken{}, false
		}
		text, args = rest, args[1:]
	} else if src.wrongUse {
		return spoken{}, false
	}
	if !letters.MatchString(verb.ReplaceAllString(text, "")) {
		return spoken{}, false
	}
	return spoken{format: text, text: sample(text, args)}, true
}

func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return "-"
}

// format is the text of an expression with %v for what is not told by the source; worded reports whether the source tells any of it.
func format(e ast.Expr, names map[string]string) (text string, worded bool) {
	if text, ok := literal(e); ok {
		return text, true
	}
	switch e := e.(type) {
	case *ast.BinaryExpr:
		a, aWorded := format(e.X, names)
		b, bWorded := format(e.Y, names)
		return a + b, aWorded || bWorded
	case *ast.Ident:
		if text, ok := names[e.Name]; ok {
			return text, false
		}
	case *ast.SelectorExpr:
		if text, ok := names[e.Sel.Name]; ok {
			return text, false
		}
	case *ast.CallExpr:
		if f, ok := e.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Sprintf" && len(e.Args) > 0 {
			return format(e.Args[0], names)
		}
		if f, ok := e.Fun.(*ast.Ident); ok && f.Name == "at" {
			return "%v ", false // where in a file: it ends with a blank
		}
	}
	return "%v", false
}

var letters = regexp.MustCompile(`[A-Za-z]{2}`)

var verb = regexp.MustCompile(`%[-+# 0]*[0-9]*(?:\.[0-9]+)?([a-zA-Z%])`)

// sample fills the places of a format: numbers with 7, errors with one that the table knows, all else with a word.
func sample(format string, args []ast.Expr) string {
	i := 0
	return verb.ReplaceAllStringFunc(format, func(v string) string {
		kind := v[len(v)-1]
		if kind == '%' {
			return "%"
		}
		name := ""
		if i < len(args) {
			name = fmt.Sprint(args[i])
		}
		i++
		switch kind {
		case 'd', 'f', 'g', 'x':
			return "7"
		case 'q':
			return `"a.js"`
		case 'v':
			if strings.Contains(name, "err") || name == "" || strings.Contains(name, "Cause") {
				return "EOF"
			}
		}
		return "a.js"
	})
}

// TestActs has a word in both languages for every kind of act that the recorder notes, for the window's list of them.
func TestActs(t *testing.T) {
	words := map[string]map[string]string{"zh-TW": {}, "en": {}}
	for lang, m := range words {
		data, err := assets.Translations.ReadFile("translations/" + lang + ".json")
		if err == nil {
			err = json.Unmarshal(data, &m)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	set, files := parse(t, sources["recorder"].root)
	acts := map[string]string{}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			if c, ok := n.(*ast.CallExpr); ok && len(c.Args) > 2 {
				if f, ok := c.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Note" {
					if act, ok := literal(c.Args[1]); ok {
						acts[act] = set.Position(n.Pos()).String()
					}
				}
			}
			return true
		})
	}
	if len(acts) < 20 {
		t.Fatalf("%d kinds of acts: the reader of the source has gone blind", len(acts))
	}
	for act, at := range acts {
		for lang, m := range words {
			if m["window.act."+act] == "" {
				t.Errorf("%s: no word for the act %q in %s", at, act, lang)
			}
		}
	}
}
