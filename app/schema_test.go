package app

import (
	"encoding/json"
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

	"yuzheng/app/workbench"
	"yuzheng/capture/compare"
	"yuzheng/capture/crawl"
	"yuzheng/capture/intake"
	"yuzheng/casefile/application"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
	"yuzheng/casefile/evidence/schematest"
	"yuzheng/casefile/packet"
)

// held is a document or shared object, and a value of the Go type that is written.
type held struct {
	name string
	of   any
}

// written says of which Go type each document and shared object is, as far as the type can be reached from here. The others stand in a file of
// this name in the package that writes them.
var written = []held{
	{"capture.json", evidence.Report{}},
	{"facts.json", evidence.Facts{}},
	{"log line", custody.Entry{}},
	{"summary of another exhibit", evidence.OtherSummary{}},
	{"summary of papers", evidence.Rendering{}},
	{"record settings", evidence.Settings{}},
	{"record shows", evidence.Shows{}},
	{"record queue", evidence.Batch{}},
	{"record job", evidence.Decision{}},
	{"record packet", evidence.PacketRecord{}},
	{"record application", application.Application{}},
	{"record step", application.Step{}},
	{"record target", application.Target{}},
	{"record override", application.Override{}},
	{"record note", evidence.Note{}},
	{"record tag", evidence.Note{}},
	{"record crawl", workbench.Crawl{}},
	{"record watch", workbench.Watch{}},
	{"record sitting", workbench.NewSession{}},
	{"addresses.jsonl", intake.Row{}},
	{"clues.jsonl", intake.Clue{}},
	{"skipped.jsonl", intake.Skipped{}},
	{"intake.json", intake.Report{}},
	{"crawl.json", crawl.Tree{}},
	{"sitting.json", evidence.SessionSummary{}},
	{"comparison.json", workbench.Comparison{}},
	{evidence.ExecutionJSON, evidence.ExecutionReport{}},
	{evidence.AnswersJSONL, evidence.ResolverAnswer{}},
	{packet.EntriesPath, custody.Entry{}},
	{packet.ProofsPath, custody.Proof{}},
	{packet.ViewerPath, packet.ViewerData{}},

	{"Request", evidence.Request{}},
	{"Summary", evidence.Summary{}},
	{"Missing", evidence.Missing{}},
	{"Remark", evidence.Remark{}},
	{"Hop", evidence.Hop{}},
	{"Contact", evidence.Contact{}},
	{"Artifact", evidence.Artifact{}},
	{"Operator", custody.Operator{}},
	{"Connection", evidence.Connection{}},
	{"Header", evidence.Header{}},
	{"TLS", evidence.TLS{}},
	{"Certificate", evidence.Certificate{}},
	{"NetworkFacts", evidence.NetworkFacts{}},
	{"DNSAnswer", evidence.DNSAnswer{}},
	{"Networks", evidence.Networks{}},
	{"Entry", custody.Entry{}},
	{"Note", evidence.Note{}},
	{"Target", application.Target{}},
	{"Override", application.Override{}},
	{"Word", application.Word{}},
	{"GateResult", application.GateResult{}},
	{"ListEntry", intake.Entry{}},
	{"CrawlOptions", crawl.Options{}},
	{"CrawlTree", crawl.Tree{}},
	{"Subject", compare.Subject{}},
	{"Difference", compare.Difference{}},
	{"Likeness", compare.Likeness{}},
	{"Picture", compare.Picture{}},
	{"Size", compare.Size{}},
	{"Area", compare.Area{}},
	{"Changed", compare.ChangedOfAKind{}},
	{"Set", compare.Set{}},
	{"Records", compare.Records{}},
	{"ChangedHost", compare.ChangedHost{}},
	{"Resource", compare.Resource{}},
	{"ChangedResource", compare.ChangedResource{}},
	{"record redaction", evidence.RedactionRules{}},
	{"redaction.json", evidence.Redaction{}},
	{"File", compare.File{}},
	{"Sign", compare.Sign{}},
	{"Why", compare.Why{}},
}

// outside are the documents that have fields of others' making alone.
var outside = []string{"netlog.json", "archive.wacz"}

// TestSchema holds the types that are written against SCHEMA.md, both ways.
func TestSchema(t *testing.T) {
	s := schematest.Read(t)
	for _, w := range written {
		s.Type(t, w.name, w.of)
	}
}

// TestOlderIdentifiers reads what earlier builds wrote of identifiers: it is described, and comes out as it was.
func TestOlderIdentifiers(t *testing.T) {
	s := schematest.Read(t)
	for _, text := range []string{
		`{"kind":"line","removed":{"total":1,"list":["@abc88"]},"added":{"total":1,"list":["lin.ee/AbC12"]}}`,
		`{"kind":"wallet","removed":{"total":0,"list":[]},"added":{"total":1,"list":["TJRabPrwbZy45sbavfcjinPJC18kjpRTv8"]}}`,
		`{"kind":"phone","removed":{"total":1,"list":["0912345678"]},"added":{"total":0,"list":[]}}`,
	} {
		s.Document(t, "Changed", []byte(text))
		var c compare.ChangedOfAKind
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			t.Fatal(err)
		}
		if again, err := json.Marshal(c); err != nil || string(again) != text {
			t.Errorf("%s is read as %s, %v", text, again, err)
		}
	}
	s.Lines(t, "clues.jsonl", []byte(`{"line":1,"raw":"Boss@A.example","kind":"email","value":"Boss@a.example"}
{"line":2,"raw":"0x","kind":"ethereum","value":"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"}
`))
}

// TestSchemaIsHeld looks for a test of each document: what none holds would rot.
func TestSchemaIsHeld(t *testing.T) {
	s := schematest.Read(t)
	var tests strings.Builder
	err := filepath.WalkDir(s.Root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() != "schema_test.go" {
			return err
		}
		text, err := os.ReadFile(name)
		tests.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range s.Names {
		here := slices.ContainsFunc(written, func(w held) bool { return w.name == name })
		if !here && !slices.Contains(outside, name) && !strings.Contains(tests.String(), strconv.Quote(name)) {
			t.Errorf("%s: no schema_test.go holds it", name)
		}
	}
}

// TestSchemaOfActions says that the details of every action are described, and of nothing else.
func TestSchemaOfActions(t *testing.T) {
	described, actions := schematest.Read(t).Actions(), constants(t, "..")["custody.Action"]
	for _, a := range actions {
		if !described[a] {
			t.Errorf("the details of %s are not described", a)
		}
		delete(described, a)
	}
	for a := range described {
		t.Errorf("%s is no action", a)
	}
}

// TestSchemaOfWrittenActions: of every action it is known whether code writes it. Those that none writes say so beside their constant and in
// SCHEMA.md, and no others do.
func TestSchemaOfWrittenActions(t *testing.T) {
	written := map[string]bool{}                     // names of constants
	names, marked := map[string]string{}, []string{} // of every action its constant; those marked as not yet written
	sources(t, "..", func(file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			if name := writtenAction(n); name != "" {
				written[name] = true
			}
			if v, ok := n.(*ast.ValueSpec); ok && file.Name.Name == "custody" && isNamed(v.Type, "Action") {
				action := text(t, v.Values[0])
				names[action] = v.Names[0].Name
				if strings.HasPrefix(v.Comment.Text(), "not yet written: ") {
					marked = append(marked, action)
				}
			}
			return true
		})
	})
	var unwritten []string
	for action, name := range names {
		if !written[name] {
			unwritten = append(unwritten, action)
		}
	}
	slices.Sort(unwritten)
	slices.Sort(marked)
	if len(written) == 0 || !slices.Equal(marked, unwritten) {
		t.Errorf("no code writes %q; marked as not yet written are %q", unwritten, marked)
	}
	if said := saidUnwritten(t); !slices.Equal(said, unwritten) {
		t.Errorf("no code writes %q; SCHEMA.md says so of %q", unwritten, said)
	}
}

// saidUnwritten are the actions in SCHEMA.md that nothing writes.
func saidUnwritten(t *testing.T) []string {
	t.Helper()
	schema, err := os.ReadFile("../casefile/evidence/SCHEMA.md")
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for line := range strings.Lines(string(schema)) {
		if strings.HasSuffix(line, "| nothing writes these yet |\n") {
			for _, m := range regexp.MustCompile("`([a-z.]+)`").FindAllStringSubmatch(line, -1) {
				said = append(said, m[1])
			}
		}
	}
	slices.Sort(said)
	return said
}

// writtenAction is X of "Action: custody.X" in a literal, or of "v.Action = custody.X": these are the ways in which entries get their action.
func writtenAction(n ast.Node) string {
	var to, value ast.Expr
	switch x := n.(type) {
	case *ast.KeyValueExpr:
		to, value = x.Key, x.Value
	case *ast.AssignStmt:
		if selector, ok := x.Lhs[0].(*ast.SelectorExpr); ok && len(x.Rhs) == 1 {
			to, value = selector.Sel, x.Rhs[0]
		}
	}
	action, ok := value.(*ast.SelectorExpr)
	if !ok || !isNamed(to, "Action") || !isNamed(action.X, "custody") {
		return ""
	}
	return action.Sel.Name
}

func isNamed(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

func text(t *testing.T, e ast.Expr) string {
	t.Helper()
	s, err := strconv.Unquote(e.(*ast.BasicLit).Value)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestClosedLists holds every closed list against the constants of its type.
func TestClosedLists(t *testing.T) {
	found := constants(t, "..")
	var outcomes []string
	for _, o := range evidence.Outcomes {
		outcomes = append(outcomes, string(o))
	}
	found["evidence.Outcomes"] = outcomes
	schema := schematest.Read(t)
	for _, c := range evidence.RemarkCodes {
		if got := schema.Sentences[string(c)]; got != evidence.Sentence(c) {
			t.Errorf("remark: SCHEMA.md has %q for %s, which says %q", got, c, evidence.Sentence(c))
		}
	}
	for _, l := range schema.Lists {
		want := found[l.Type]
		if len(want) == 0 {
			t.Errorf("%s: %s has no values", l.Name, l.Type)
		}
		for _, v := range want {
			if !slices.Contains(l.Values, v) {
				t.Errorf("%s: SCHEMA.md lacks %q of %s", l.Name, v, l.Type)
			}
		}
		for _, v := range l.Values {
			if !slices.Contains(want, v) {
				t.Errorf("%s: %q is no %s", l.Name, v, l.Type)
			}
		}
	}
}

// constants are the texts of all typed constants, by type: "capture.View".
func constants(t *testing.T, root string) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	sources(t, root, func(file *ast.File) {
		for _, d := range file.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.CONST {
				gather(found, file.Name.Name, g.Specs)
			}
		}
	})
	return found
}

// sources hands on every file of the program, without its tests, with comments.
func sources(t *testing.T, root string, take func(*ast.File)) {
	t.Helper()
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() == "build" || strings.HasPrefix(d.Name(), ".") && name != root):
			return fs.SkipDir
		case !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution|parser.ParseComments)
		if err != nil {
			return err
		}
		take(file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// gather adds the typed texts of one declaration.
func gather(found map[string][]string, pkg string, specs []ast.Spec) {
	for _, spec := range specs {
		v, ok := spec.(*ast.ValueSpec)
		if !ok || v.Type == nil {
			continue
		}
		typ, ok := v.Type.(*ast.Ident)
		for _, value := range v.Values {
			text, isText := value.(*ast.BasicLit)
			if !ok || !isText || text.Kind != token.STRING {
				continue
			}
			if s, err := strconv.Unquote(text.Value); err == nil && s != "" && !slices.Contains(found[pkg+"."+typ.Name], s) {
				found[pkg+"."+typ.Name] = append(found[pkg+"."+typ.Name], s)
			}
		}
	}
}
