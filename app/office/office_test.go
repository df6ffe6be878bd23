package office

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"yuzheng/app/faults"
	"yuzheng/assets"
	"yuzheng/casefile/application"
	"yuzheng/casefile/private"
)

// head is what a list of an office says of itself.
const head = `"version": "院檢 1", "date": "2026-11-30", "source": "行政院公報", "limit_days": 90`

// amended is a statutes.json in which an office amends one article and adds one.
const amended = `{` + head + `, "articles": [
 {"id": "fraud-42", "law": "詐欺犯罪危害防制條例", "pcode": "D0080226", "article": "第42條", "as_of": "2026-01-21", "kind": "quote", "text": "（測試用條文）"},
 {"id": "fraud-99", "law": "詐欺犯罪危害防制條例", "pcode": "D0080226", "article": "第99條", "as_of": "", "kind": "number", "text": "附則",
  "version": "2", "date": "2026-12-01", "source": "總統府公報", "limit_days": 30}]}`

func compiled(t *testing.T) (data, documents fs.FS) {
	t.Helper()
	data, err := fs.Sub(assets.Data, "data")
	if err != nil {
		t.Fatal(err)
	}
	if documents, err = fs.Sub(assets.Documents, "documents"); err != nil {
		t.Fatal(err)
	}
	return data, documents
}

// write makes a data folder of files.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

func over(t *testing.T, files map[string]string) *Folder {
	t.Helper()
	data, documents := compiled(t)
	return New(write(t, files), data, documents)
}

// TestArticleIsAmended gives the office's article in the place of the program's, an added one after them, each with its own source, and leaves
// everything else as it is.
func TestArticleIsAmended(t *testing.T) {
	f := over(t, map[string]string{"data/statutes.json": "\xef\xbb\xbf" + amended})
	got, err := application.LoadLists(f.Data())
	if err != nil {
		t.Fatal(err)
	}
	data, _ := compiled(t)
	before, err := application.LoadLists(data)
	if err != nil {
		t.Fatal(err)
	}
	if got.Statutes.Source != before.Statutes.Source || len(got.Statutes.Articles) != len(before.Statutes.Articles)+1 {
		t.Errorf("%+v, %d articles", got.Statutes.Source, len(got.Statutes.Articles))
	}
	for i, a := range got.Statutes.Articles {
		switch a.ID {
		case "fraud-42":
			want := application.Source{Version: "院檢 1", Date: "2026-11-30", Source: "行政院公報", LimitDays: 90, From: application.FromOffice}
			if a.Source != want || a.Text != "（測試用條文）" || a.Kind != "quote" || before.Statutes.Articles[i].ID != a.ID || a.Note != "" {
				t.Errorf("%+v", a)
			}
		case "fraud-99":
			if a.Version != "2" || a.LimitDays != 30 || a.From != application.FromOffice {
				t.Errorf("%+v", a)
			}
		default:
			if a != before.Statutes.Articles[i] {
				t.Errorf("%+v was %+v", a, before.Statutes.Articles[i])
			}
		}
	}
	for _, s := range []application.Source{got.Platforms.Source, got.Types.Source} {
		if s.From != "" {
			t.Errorf("%+v", s)
		}
	}
}

// TestListIsReplaced gives a list and a template of the office as a whole, and sentences and words by the piece.
func TestListIsReplaced(t *testing.T) {
	paper := "// version: 7\n// date: 2026-11-30\n// source: 本署\n// limit_days: 10\ntitle: 本署之執行單"
	f := over(t, map[string]string{
		"data/freemail.json":        `{` + head + `, "names": ["mail.example"]}`,
		"data/findings.json":        `{` + head + `, "texts": {"lint.target.none": {"zh": "未列標的。", "en": "none"}}}`,
		"data/words.json":           `{"about": {` + head + `}, "action": {"gate.decide": "覆核"}}`,
		"documents/execution.paper": paper,
	})
	lists, err := application.LoadLists(f.Data())
	if err != nil {
		t.Fatal(err)
	}
	if len(lists.FreeMail.Names) != 1 || lists.FreeMail.From != application.FromOffice {
		t.Errorf("%+v", lists.FreeMail)
	}
	found := application.Lint(application.Application{Type: "prosecutor-seizure"}, application.CaseData{Lists: lists})
	said := map[string]string{}
	for _, f := range found {
		said[f.Code] = f.Text
	}
	if said["lint.target.none"] != "未列標的。" || said["lint.field.missing"] == "" || said["lint.field.missing"] == "lint.field.missing" {
		t.Errorf("%v", said)
	}
	words, err := fs.ReadFile(f.Data(), "words.json")
	if err != nil || !bytes.Contains(words, []byte(`"覆核"`)) || !bytes.Contains(words, []byte(`"case.create"`)) {
		t.Errorf("%v", err)
	}
	for name, from := range map[string]string{"findings.json": application.FromOffice, "words.json": application.FromOffice, "platforms.json": ""} {
		text, err := fs.ReadFile(f.Data(), name)
		if s, e := application.SourceOf(name, text); errors.Join(err, e) != nil || s.From != from {
			t.Errorf("%s: %+v %v", name, s, errors.Join(err, e))
		}
	}
	text, err := fs.ReadFile(f.Documents(), "execution.paper")
	s, e := application.SourceOf("execution.paper", text)
	if errors.Join(err, e) != nil || !strings.HasPrefix(string(text), paper) || s.From != application.FromOffice || s.Version != "7" || s.LimitDays != 10 {
		t.Errorf("%q %+v %v", text, s, errors.Join(err, e))
	}
	if err := fstest.TestFS(f.Documents(), "execution.paper", "application.paper"); err != nil {
		t.Error(err)
	}
}

// TestEachListCanBeReplaced puts every list and template of the program into a folder, as it is: all of them are taken.
func TestEachListCanBeReplaced(t *testing.T) {
	data, documents := compiled(t)
	files := map[string]string{}
	for _, n := range replaceable {
		text, err := fs.ReadFile(data, n+".json")
		if err != nil {
			t.Fatal(err)
		}
		files["data/"+n+".json"] = string(text)
	}
	papers, _ := fs.Glob(documents, "*.paper")
	for _, n := range papers {
		text, _ := fs.ReadFile(documents, n)
		files["documents/"+n] = string(text)
	}
	f := New(write(t, files), data, documents)
	lists, err := application.LoadLists(f.Data())
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range lists.Statutes.Articles {
		if a.From != application.FromOffice {
			t.Errorf("%+v", a)
		}
	}
}

// TestMalformed refuses every folder of which a part is not as it must be, with a sentence that names file and field, and gives nothing of it.
func TestMalformed(t *testing.T) {
	list := func(more string) string { return `{` + head + more + `}` }
	article := `{"id": "x-1", "law": "法", "pcode": "", "article": "第1條", "as_of": "", "kind": "quote", "text": "文"}`
	statutes := func(articles string) string { return list(`, "articles": [` + articles + `]`) }
	for why, c := range map[string]struct{ file, text, want string }{
		"name of a list":       {"data/statute.json", amended, "data/statute.json: "},
		"name of a template":   {"documents/mine.paper", "", "documents/mine.paper: "},
		"name of a part":       {"lists/statutes.json", amended, "lists: "},
		"not replaceable":      {"data/suffixes.json", list(""), "data/suffixes.json: "},
		"at the top":           {"statutes.json", amended, "statutes.json: "},
		"look-alike":           {"data/ѕtatutes.json", amended, "data/ѕtatutes.json: "},
		"deeper":               {"data/statutes.json/x", "", "data/statutes.json: is a link or no file"},
		"empty":                {"data/statutes.json", "", "statutes.json: line 1: cannot be read"},
		"half":                 {"data/statutes.json", amended[:len(amended)/2], "statutes.json: line "},
		"two":                  {"data/freemail.json", list(`, "names": ["a.example"]`) + "{}", "freemail.json: "},
		"no object":            {"data/freemail.json", `[]`, "freemail.json: "},
		"no UTF-8":             {"data/freemail.json", list(`, "names": ["a` + "\xff" + `"]`), "data/freemail.json: is no UTF-8"},
		"turned round":         {"data/freemail.json", list(`, "names": ["a.example"], "note": "` + "\u202e" + `"`), "data/freemail.json: holds the hidden character U+202E"},
		"no version":           {"data/freemail.json", `{"date": "2026-11-30", "source": "x", "limit_days": 9, "names": ["a.example"]}`, "freemail.json: version: is missing"},
		"no date":              {"data/freemail.json", `{"version": "1", "source": "x", "limit_days": 9, "names": ["a.example"]}`, "freemail.json: date: "},
		"a day of no calendar": {"data/freemail.json", `{"version": "1", "date": "2026-02-30", "source": "x", "limit_days": 9, "names": ["a.example"]}`, "freemail.json: date: "},
		"no source":            {"data/freemail.json", `{"version": "1", "date": "2026-11-30", "limit_days": 9, "names": ["a.example"]}`, "freemail.json: source: is missing"},
		"no limit":             {"data/freemail.json", `{"version": "1", "date": "2026-11-30", "source": "x", "names": ["a.example"]}`, "freemail.json: limit_days: "},
		"limit as text":        {"data/freemail.json", `{"version": "1", "date": "2026-11-30", "source": "x", "limit_days": "9", "names": ["a.example"]}`, "freemail.json: limit_days: has another form"},
		"without end":          {"data/freemail.json", `{"version": "1", "date": "2026-11-30", "source": "x", "limit_days": 99999, "names": ["a.example"]}`, "freemail.json: limit_days: "},
		"unknown field":        {"data/freemail.json", list(`, "names": ["a.example"], "nmaes": []`), "freemail.json: nmaes: "},
		"no names":             {"data/freemail.json", list(`, "names": []`), "freemail.json: names: is missing"},
		"no name":              {"data/freemail.json", list(`, "names": ["https://a.example/"]`), "freemail.json: names: "},
		"names as text":        {"data/freemail.json", list(`, "names": "a.example"`), "freemail.json: names: has another form"},
		"no groups":            {"data/official.json", list(`, "groups": []`), "official.json: groups: is missing"},
		"no sinkholes":         {"data/sinkholes.json", list(`, "sinkholes": []`), "sinkholes.json: sinkholes: is missing"},
		"sinkhole of nowhere":  {"data/sinkholes.json", list(`, "sinkholes": [{"id": "a", "label": "a", "addresses": ["192.0.2.1"], "ttl": 1}]`), "sinkholes.json: sinkholes[]"},
		"no address":           {"data/sinkholes.json", list(`, "sinkholes": [{"id": "a", "label": "a", "source": "x", "addresses": ["a"], "ttl": 1}]`), "sinkholes.json: "},
		"no origins":           {"data/execution.json", list(`, "origins": [], "resolvers": []`), "execution.json: origins: is missing"},
		"no issuers":           {"data/inspection.json", list(`, "issuers": []`), "inspection.json: issuers: is missing"},
		"no articles":          {"data/statutes.json", list(``), "statutes.json: articles: is missing"},
		"article of null":      {"data/statutes.json", statutes(`null`), "statutes.json: articles: has another form"},
		"article without id":   {"data/statutes.json", statutes(`{"law": "法", "article": "第1條", "kind": "quote", "text": "文"}`), "statutes.json: articles["},
		"article twice":        {"data/statutes.json", statutes(article + "," + article), "statutes.json: x-1.id: stands there twice"},
		"amended twice":        {"data/statutes.json", statutes(strings.ReplaceAll(article+","+article, "x-1", "fraud-42")), "statutes.json: fraud-42.id: stands there twice"},
		"article of no kind":   {"data/statutes.json", statutes(strings.Replace(article, "quote", "quoted", 1)), "statutes.json: x-1.kind: "},
		"article of no words":  {"data/statutes.json", statutes(strings.Replace(article, `"文"`, `" "`, 1)), "statutes.json: x-1.text: is missing"},
		"from the future":      {"data/statutes.json", statutes(strings.Replace(article, `"as_of": ""`, `"as_of": "2027-01-01"`, 1)), "statutes.json: x-1.as_of: "},
		"article of a field":   {"data/statutes.json", statutes(strings.Replace(article, `"pcode"`, `"pcod"`, 1)), "statutes.json: pcod: "},
		"half a source":        {"data/statutes.json", statutes(strings.Replace(article, `{`, `{"version": "3", `, 1)), "statutes.json: x-1.date: "},
		"statutes of a field":  {"data/statutes.json", list(`, "articles": [], "article": []`), "statutes.json: article: "},
		"statute is lacking":   {"data/application_types.json", list(`, "types": [{"id": "a", "label": "a", "label_en": "a", "statutes": ["none-1"]}]`), "application_types.json: a.statutes: "},
		"unknown code":         {"data/findings.json", list(`, "texts": {"lint.nothing": {"zh": "a", "en": "a"}}`), "findings.json: texts.lint.nothing: "},
		"one language":         {"data/findings.json", list(`, "texts": {"lint.target.none": {"zh": "a"}}`), "findings.json: texts.lint.target.none: is missing"},
		"unknown word":         {"data/words.json", `{"about": {` + head + `}, "action": {"case.destroy": "a"}}`, "words.json: action.case.destroy: "},
		"unknown words":        {"data/words.json", `{"about": {` + head + `}, "actions": {}}`, "words.json: actions: "},
		"word of no text":      {"data/words.json", `{"about": {` + head + `}, "action": {"gate.decide": 1}}`, "words.json: action"},
		"template of nobody":   {"documents/gate.paper", "title: x", "gate.paper: version: is missing"},
		"template half":        {"documents/gate.paper", "// version: 1\n// date: 2026-11-30\n// source: x\n// limit_days: 9\ntitle: {{if", "gate.paper: template"},
	} {
		_, err := application.LoadLists(over(t, map[string]string{c.file: c.text, "data/popular.json": list(`, "names": ["popular.example"]`)}).Data())
		var told *application.DataError
		if !errors.As(err, &told) || !strings.HasPrefix(told.Error(), c.want) || strings.Contains(told.Error(), "\n") {
			t.Errorf("%s: %v, want %s", why, err, c.want)
			continue
		}
		if said := faults.Say("zh-TW", told.Problem); said == told.Problem && !strings.HasPrefix(said, "template ") {
			t.Errorf("%s: nobody says %q in Chinese", why, said)
		}
	}
}

// TestHostileFolder reads no link, no pipe, nothing that has no end, and nothing that somebody else can change.
func TestHostileFolder(t *testing.T) {
	data, documents := compiled(t)
	read := func(dir string) error {
		_, err := New(dir, data, documents).SHA256()
		return err
	}
	refused := func(why string, err error) {
		t.Helper()
		var told *application.DataError
		if !errors.As(err, &told) {
			t.Errorf("%s: %v", why, err)
		}
	}
	refused("no folder", read(filepath.Join(t.TempDir(), "nowhere")))
	dir := write(t, map[string]string{"file": "x"})
	refused("a file", read(filepath.Join(dir, "file")))
	refused("huge", read(write(t, map[string]string{"data/words.json": strings.Repeat(" ", maxFile+1)})))
	deep := `{` + head + `, "names": ` + strings.Repeat("[", 1<<20) + "}"
	refused("deep", read(write(t, map[string]string{"data/popular.json": deep})))
	many := map[string]string{}
	for i := range maxEntries + 1 {
		many["data/"+strings.Repeat("x", i+1)] = ""
	}
	refused("many", read(write(t, many)))
	link := write(t, map[string]string{"data/x": "", "aside": amended})
	if err := errors.Join(os.Remove(filepath.Join(link, "data", "x")), os.Symlink(filepath.Join("..", "aside"), filepath.Join(link, "data", "statutes.json")),
		os.Remove(filepath.Join(link, "aside"))); err != nil {
		t.Fatal(err)
	}
	refused("link", read(link))
	outside := write(t, map[string]string{"statutes.json": amended})
	part := write(t, nil)
	if err := os.Symlink(outside, filepath.Join(part, "data")); err != nil {
		t.Fatal(err)
	}
	refused("link to a part", read(part))
	for _, at := range []string{"", "data", "data/statutes.json"} {
		shared := write(t, map[string]string{"data/statutes.json": amended})
		if err := os.Chmod(filepath.Join(shared, at), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := read(shared); !errors.Is(err, private.ErrShared) {
			t.Errorf("%q is everybody's: %v", at, err)
		}
	}
}

// TestHash gives the hash that sha256sum gives of the folder, none where there is nothing, and reads one state in one run.
func TestHash(t *testing.T) {
	if _, err := exec.LookPath("sha256sum"); err != nil {
		if os.Getenv("YUZHENG_NEED_BROWSER") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	data, documents := compiled(t)
	paper, err := fs.ReadFile(documents, "gate.paper")
	if err != nil {
		t.Fatal(err)
	}
	dir := write(t, map[string]string{"data/statutes.json": amended, "documents/gate.paper": string(paper), "data/popular.json": `{` + head + `, "names": ["a.example"]}`})
	f := New(dir, data, documents)
	got, err := f.SHA256()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", "-c", "LC_ALL=C sha256sum data/* documents/* | sha256sum")
	cmd.Dir = dir
	want, err := cmd.Output()
	if err != nil || !strings.HasPrefix(string(want), got+" ") {
		t.Errorf("%s, sha256sum says %s, %v", got, want, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "data", "statutes.json"), []byte("changed"), 0o600); err != nil {
		t.Fatal(err)
	}
	if again, err := f.SHA256(); err != nil || again != got {
		t.Errorf("%s became %s, %v", got, again, err)
	}
	for _, none := range []string{"", write(t, nil)} {
		if sum, err := New(none, data, documents).SHA256(); sum != "" || err != nil {
			t.Errorf("%q: %s, %v", none, sum, err)
		}
	}
}

// TestAge says that what is as old as its limit is good, and a day more is not.
func TestAge(t *testing.T) {
	s := application.Source{Version: "1", Date: "2026-01-31", Source: "x", LimitDays: 30}
	day := time.Date(2026, 3, 2, 23, 0, 0, 0, time.UTC)
	if s.Age(day) != 30 || s.Old(day) || !s.Old(day.Add(time.Hour)) {
		t.Errorf("%d days, %v", s.Age(day), s.Old(day))
	}
}

// FuzzStatutes: whatever lies in a folder as its statutes, what is in force is whole, or is refused.
func FuzzStatutes(f *testing.F) {
	for _, seed := range []string{amended, "{}", "null", `{"articles": [{}]}`, "[", strings.Replace(amended, "quote", "paraphrase", 1)} {
		f.Add([]byte(seed))
	}
	data, err := fs.Sub(assets.Data, "data")
	if err != nil {
		f.Fatal(err)
	}
	ours, err := fs.ReadFile(data, "statutes.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, theirs []byte) {
		merged, err := mergeList("statutes.json", theirs, ours)
		if err == nil && !json.Valid(merged) {
			t.Errorf("%q", merged)
		}
	})
}
