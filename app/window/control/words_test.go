package control

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/font/sfnt"

	"yuzheng/assets/fonts"
	"yuzheng/capture"
	"yuzheng/casefile/application"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
)

const translations = "../../../assets/translations/"

func readWords(t *testing.T, lang string) map[string]string {
	t.Helper()
	return newStrict(t, lang).words
}

var placesIn = regexp.MustCompile(`\{\w+\}`)

// TestBothLanguagesAgree checks that each text of the window exists in both languages with the same places.
func TestBothLanguagesAgree(t *testing.T) {
	zh, en := readWords(t, "zh-TW"), readWords(t, "en")
	n := 0
	for key := range zh {
		if !strings.HasPrefix(key, "window.") {
			continue
		}
		n++
		text, ok := en[key]
		if !ok {
			t.Errorf("%s has no English", key)
		}
		if a, b := sortedPlaces(zh[key]), sortedPlaces(text); !slices.Equal(a, b) {
			t.Errorf("%s has places %v in Chinese and %v in English", key, a, b)
		}
	}
	for key := range en {
		if _, ok := zh[key]; !ok && strings.HasPrefix(key, "window.") {
			t.Errorf("%s has no Chinese", key)
		}
	}
	if n < 100 {
		t.Errorf("only %d texts of the window were found", n)
	}
}

func sortedPlaces(text string) []string {
	found := placesIn.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

var (
	called  = regexp.MustCompile(`\.[tT]\("([^"]+)"`)
	literal = regexp.MustCompile(`"([a-z][\w.-]*)"`)
)

// TestEveryWordIsThereAndUsed reads the sources: a key that is spoken has words, and words that nobody speaks are gone.
func TestEveryWordIsThereAndUsed(t *testing.T) {
	zh, used := readWords(t, "zh-TW"), map[string]bool{}
	spoken := 0
	for _, src := range sources(t) {
		for _, m := range called.FindAllStringSubmatch(src, -1) {
			key := "window." + strings.TrimPrefix(m[1], "window.")
			if _, ok := zh[key]; !ok && !strings.HasSuffix(key, ".") && !ok && zh[m[1]] == "" {
				t.Errorf("%s is spoken and has no words", key)
			}
			spoken++
		}
		for _, m := range literal.FindAllStringSubmatch(src, -1) {
			used[strings.TrimPrefix(m[1], "window.")] = true
		}
	}
	if spoken < 100 {
		t.Fatalf("only %d spoken keys were found", spoken)
	}
	composed := []string{"act.", "action.", "actor.", "artifact.", "contact.", "fact.", "finding.", "language.", "verdict.", "packet.", "kind.", "life.means.", "recipient.", "strength.", "whose."}
	for key := range zh {
		short, ok := strings.CutPrefix(key, "window.")
		if !ok || used[short] || slices.ContainsFunc(composed, func(p string) bool { return strings.HasPrefix(short, p) }) {
			continue
		}
		short = strings.TrimSuffix(short, ".hint") // spoken as key+".hint"
		if last := short[strings.LastIndex(short, ".")+1:]; !used[short] && !used[last] {
			t.Errorf("nobody speaks %s", key)
		}
	}
}

func sources(t *testing.T) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		data, err := os.ReadFile(path)
		list = append(list, string(data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestClosedListsHaveWords checks the keys that are put together from values of other packages.
func TestClosedListsHaveWords(t *testing.T) {
	want := []string{"view.", "kind.unknown", "window.kind.unknown.means", "kind.capture.driven"}
	for _, v := range []evidence.Verdict{
		evidence.Complete, evidence.Partial, evidence.Viewport, evidence.Challenge, evidence.Login, evidence.Unreachable, evidence.Blocked, evidence.Refused,
	} {
		want = append(want, "window.verdict."+string(v), "window.verdict."+string(v)+".means")
	}
	for _, o := range evidence.Outcomes {
		want = append(want, "window.verdict."+string(o), "window.verdict."+string(o)+".means", "verdict."+string(o))
	}
	for _, k := range evidence.Kinds {
		want = append(want, "kind."+string(k), "window.kind."+string(k)+".means")
	}
	for _, k := range application.StepKinds {
		want = append(want, "window.life.means."+string(k))
	}
	for _, v := range evidence.Personas {
		want = append(want, "view."+string(v))
	}
	for _, s := range []capture.Step{
		capture.StepStart, capture.StepConnect, capture.StepLoad, capture.StepScroll, capture.StepPicture, capture.StepPapers,
		capture.StepFacts, capture.StepArchive, capture.StepDone,
	} {
		want = append(want, "step."+string(s))
	}
	for _, k := range []custody.Kind{custody.Person, custody.Tool, custody.Page, custody.System} {
		want = append(want, "window.actor."+string(k))
	}
	want = append(want, constants(t, "../../../casefile/custody/custody.go", `Action\s+= "([a-z.]+)"`, "window.action.", 30)...)
	want = append(want, constants(t, "../../../casefile/packet/report.go", `Code\s+= "([a-z.]+)"`, "window.finding.", 25)...)
	want = append(want, constants(t, "../../../casefile/packet/whose.go", `Seal\w+\s+= "([a-z]+)"`, "window.whose.seal.", 5)...)
	want = append(want, constants(t, "../../../casefile/packet/whose.go", `Standing = "([a-z]+)"`, "window.whose.", 4)...)
	for _, lang := range []string{"zh-TW", "en"} {
		words := readWords(t, lang)
		for _, key := range want {
			if words[key] == "" {
				t.Errorf("%s: no words for %s", lang, key)
			}
		}
	}
}

// constants reads the values of a closed list out of its source, at least as many as are known to be there.
func constants(t *testing.T, file, pattern, prefix string, least int) []string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(data), -1) {
		keys = append(keys, prefix+m[1])
	}
	if len(keys) < least {
		t.Fatalf("%s has %d constants like %s, want %d", file, len(keys), pattern, least)
	}
	return keys
}

// TestFyneSpeaksTaiwanese checks that none of the toolkit's own words is left to its Simplified Chinese.
func TestFyneSpeaksTaiwanese(t *testing.T) {
	var zh, en map[string]any
	for name, into := range map[string]*map[string]any{"fyne.zh-TW.json": &zh, "fyne.en.json": &en} {
		data, err := os.ReadFile(translations + name)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, into); err != nil {
			t.Fatal(err)
		}
	}
	const known = 39 // in Fyne 2.7.1
	if len(zh) != known || !slices.Equal(slices.Sorted(maps.Keys(zh)), slices.Sorted(maps.Keys(en))) {
		t.Errorf("%d words in Chinese, %d in English, want the same %d", len(zh), len(en), known)
	}
}

// TestFontHasEveryGlyph checks that nothing the window says falls back to whatever font a machine has.
func TestFontHasEveryGlyph(t *testing.T) {
	for name, data := range map[string][]byte{"regular": fonts.Regular, "bold": fonts.Bold} {
		font, err := sfnt.Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		said := strings.Join(sources(t), "")
		for _, lang := range []string{"zh-TW", "en"} {
			for key, text := range readWords(t, lang) {
				family, _, _ := strings.Cut(key, ".")
				// error.mismatch stands over a report on the command line; the window has the report alone.
				if slices.Contains([]string{"window", "step", "view", "kind", "error", "redact", "execution", "scope", "law", "grant"}, family) && key != "error.mismatch" {
					said += text
				}
			}
		}
		var b sfnt.Buffer
		for _, r := range slices.Compact(slices.Sorted(slices.Values([]rune(said)))) {
			if g, err := font.GlyphIndex(&b, r); r > ' ' && (err != nil || g == 0) {
				t.Errorf("%s has no glyph for %q (U+%04X)", name, r, r)
			}
		}
	}
}
