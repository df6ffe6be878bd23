package app

import (
	"encoding/json"
	"io/fs"
	"regexp"
	"slices"
	"testing"

	"yuzheng/assets"
	"yuzheng/casefile/evidence/schematest"
)

// face says where each face has the words of a closed list: the beginning of their keys in the translations (both languages; command line and
// window), the table in data/words.json (papers), the beginning of their keys in the viewer. "-" is a face that does not show the list.
type face struct{ keys, papers, viewer string }

// faces are the closed lists that a reader meets as words.
var faces = map[string]face{
	"persona":           {"view.", "view", ""},
	"verdict":           {"verdict.", "verdict", ""},
	"outcome":           {"verdict.", "verdict", ""},
	"exhibit-kind":      {"kind.", "kind", "kind."},
	"actor":             {"actor.", "actor", ""},
	"driver":            {"actor.", "-", "-"},
	"action":            {"window.action.", "action", ""},
	"step":              {"step.", "step", "-"},
	"application-state": {"application.state.", "-", "-"},
	"grant":             {"grant.", "-", "-"},
	"level":             {"level.", "level", "-"},
	"scope":             {"scope.", "-", ""},
	"cloaking":          {"compare.", "conclusion", "-"},
	"cloaking-way":      {"compare.way.", "-", "-"},
	"recaptured":        {"compare.", "conclusion", "-"},
	"sign":              {"compare.sign.", "-", "-"},
	"list-skip":         {"intake.", "-", "-"},
	"job-state":         {"queue.", "-", "-"},
	"watch-end":         {"watch.", "-", "-"},

	"execution-verdict": {"execution.", "-", "-"},
	"probe-role":        {"execution.role.", "-", "-"},
	"resolution":        {"execution.said.", "-", "-"},
	"resolver-end":      {"execution.end.", "-", "-"},
	"redaction-kind":    {"redact.", "-", "-"},
	"redaction-reason":  {"redact.left.", "-", "-"},
}

// wordless are the closed lists that are shown as they are stored, or not at all: what they say is told otherwise, or to programs alone.
var wordless = []string{
	"mover", "check", "truth", "truth-note", "certificate-problem", "list-kind", "dataset", "list-field", "list-cut", "list-warning",
	"crawl-scope", "crawl-kind", "crawl-how", "robots", "crawl-reason", "crawl-limit", "crawl-end", "lack", "identifier", "trait", "toward",
	"incomparable", "no-step",
	"remark", // every face says it by package faults, whose TestRemarks holds the words
}

// TestWords holds that every value of every closed list that is shown has its words in every face that shows it: one without would be printed as
// its key, to a judge.
func TestWords(t *testing.T) {
	translated := map[string]map[string]string{"zh-TW": {}, "en": {}}
	for lang, table := range translated {
		load(t, assets.Translations, "translations/"+lang+".json", &table)
	}
	papers := map[string]any{}
	load(t, assets.Data, "data/words.json", &papers)
	viewer, err := fs.ReadFile(assets.Viewer, "viewer/words.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range schematest.Read(t).Lists {
		f, shown := faces[l.Name]
		if shown == slices.Contains(wordless, l.Name) {
			t.Errorf("%s: say in faces where its words stand, or in wordless that it has none", l.Name)
		}
		for _, v := range l.Values {
			for lang, table := range translated {
				if shown && table[f.keys+v] == "" {
					t.Errorf("%s %q has no words in %s: %s", l.Name, v, lang, f.keys+v)
				}
			}
			if table, _ := papers[f.papers].(map[string]any); shown && f.papers != "-" && table[v] == nil {
				t.Errorf("%s %q has no words in papers", l.Name, v)
			}
			if shown && f.viewer != "-" && len(keyIn(f.viewer+v).FindAll(viewer, -1)) != 2 {
				t.Errorf("%s %q has no words in the viewer, once in each language", l.Name, v)
			}
		}
	}
}

// keyIn finds a key of the viewer's table.
func keyIn(key string) *regexp.Regexp {
	return regexp.MustCompile(`[\s{,]"?` + regexp.QuoteMeta(key) + `"?: "`)
}

func load(t *testing.T, all fs.FS, name string, into any) {
	t.Helper()
	data, err := fs.ReadFile(all, name)
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestActsHaveOneName holds that an act of the log is called the same in the window, in papers and in the viewer.
func TestActsHaveOneName(t *testing.T) {
	translated, papers := map[string]string{}, map[string]any{}
	load(t, assets.Translations, "translations/zh-TW.json", &translated)
	load(t, assets.Data, "data/words.json", &papers)
	viewer, err := fs.ReadFile(assets.Viewer, "viewer/words.js")
	if err != nil {
		t.Fatal(err)
	}
	acts, _ := papers["action"].(map[string]any)
	if len(acts) == 0 {
		t.Fatal("no acts")
	}
	for act, word := range acts {
		shown, _ := word.(string)
		if window := translated["window.action."+act]; window != shown {
			t.Errorf("%s is %q in papers and %q in the window", act, shown, window)
		}
		if !regexp.MustCompile(`"` + regexp.QuoteMeta(act) + `": "` + regexp.QuoteMeta(shown) + `"`).Match(viewer) {
			t.Errorf("%s is not called %q in the viewer", act, shown)
		}
	}
}
