package cli

import (
	"bytes"
	"context"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"yuzheng/app/say"
	"yuzheng/assets"
	"yuzheng/casefile/evidence"
)

var (
	han     = regexp.MustCompile(`\p{Han}`)
	english = regexp.MustCompile(`[A-Za-z]{2,} [a-z]{2,}`) // a run of words
)

// speaking is a session that writes to out and has no environment but the number of columns.
func speaking(t *testing.T, lang, columns string, out *bytes.Buffer) *Session {
	t.Helper()
	words, err := fs.Sub(assets.Translations, "translations")
	if err != nil {
		t.Fatal(err)
	}
	speaker, err := say.New(words, lang)
	if err != nil {
		t.Fatal(err)
	}
	return &Session{Say: speaker, Out: out, Err: out, Getenv: func(name string) string {
		if name == "COLUMNS" {
			return columns
		}
		return ""
	}}
}

// model is the grammar with the help of a language in it.
func model(t *testing.T, lang string) *kong.Node {
	t.Helper()
	parser, err := speaking(t, lang, "", new(bytes.Buffer)).parser()
	if err != nil {
		t.Fatal(err)
	}
	return parser.Model.Node
}

// kept are the parts of English help that another language has too: options, names in capitals, variables, numbers, what stands in quotes.
var kept = regexp.MustCompile(`--[a-z-]+|\b[A-Z][A-Z0-9_:]*[A-Z0-9]\b|[0-9]+|(?:^|[ (])'[^']+'|\.[a-z]{3,4}\b|\p{Han}+`)

// TestHelpWords: every command, option and argument says in both languages what it is for, with the same names and numbers, and the Chinese
// table holds nothing else.
func TestHelpWords(t *testing.T) {
	var names, en []string
	eachNode(model(t, "en"), func(n *kong.Node) { names = append(names, n.Path()) })
	slices.SortFunc(names, func(a, b string) int { return len(b) - len(a) })
	eachHelp(model(t, "en"), func(help *string, _ ...string) { en = append(en, *help) })
	if len(en) < 200 {
		t.Fatalf("only %d texts", len(en))
	}
	zh := speaking(t, "zh-TW", "", nil).Say
	left := zh.HelpKeys()
	i := -1
	eachHelp(model(t, "zh-TW"), func(help *string, keys ...string) {
		i++
		if at := slices.IndexFunc(keys, func(k string) bool { _, ok := zh.Help(k); return ok }); at >= 0 {
			left = slices.DeleteFunc(left, func(k string) bool { return k == keys[at] })
		}
		bare := *help
		for _, n := range names {
			if n != "" {
				bare = strings.ReplaceAll(bare, n, "")
			}
		}
		if en[i] == "" || !han.MatchString(*help) || english.MatchString(bare) {
			t.Errorf("%s: %q is said %q", keys[0], en[i], *help)
		}
		for _, part := range kept.FindAllString(en[i], -1) {
			if part = strings.Trim(part, " ('"); !strings.Contains(*help, part) {
				t.Errorf("%s: no %s in %q", keys[0], part, *help)
			}
		}
	})
	if len(left) > 0 {
		t.Errorf("words for what is not there: %q", left)
	}
}

func eachNode(n *kong.Node, visit func(*kong.Node)) {
	visit(n)
	for _, below := range n.Children {
		eachNode(below, visit)
	}
}

// TestHelpNamesValues: an option with a closed list of values names each, in both languages.
func TestHelpNamesValues(t *testing.T) {
	for _, lang := range say.Langs {
		lists := 0
		eachNode(model(t, lang), func(n *kong.Node) {
			for _, f := range n.Flags {
				var values []string
				switch {
				case f.Enum != "":
					values = f.EnumSlice()
				case f.Name == "view" && n.Name != "intake":
					for _, p := range evidence.Personas {
						values = append(values, string(p))
					}
				}
				if len(values) > 0 {
					lists++
				}
				for _, v := range values {
					if !strings.Contains(f.Help, v) {
						t.Errorf("%s: %s --%s does not name %s: %q", lang, n.Path(), f.Name, v, f.Help)
					}
				}
			}
		})
		if lists < 5 {
			t.Errorf("%s: only %d lists", lang, lists)
		}
	}
}

// squash is a text without what wrapping changes.
func squash(text string) string { return strings.Join(strings.Fields(text), "") }

// TestHelpPages prints the help of every command as a person asks for it: nothing of it is lost, no line is longer than the terminal, and the
// names of options keep what they take.
func TestHelpPages(t *testing.T) {
	for _, lang := range say.Langs {
		for columnsOf, most := range map[string]int{"": 80, "60": 60, "none": 80} {
			eachNode(model(t, lang), func(n *kong.Node) {
				var out bytes.Buffer
				if err := speaking(t, lang, columnsOf, &out).Run(context.Background(), append(strings.Fields(n.Path()), "--help")); err != nil {
					t.Fatalf("%s: %v", n.Path(), err)
				}
				text := out.String()
				for line := range strings.Lines(text) {
					if line = strings.TrimRight(line, "\n"); columns(line) > most || strings.HasSuffix(line, " ") {
						t.Errorf("%s %s: %d columns: %q", lang, n.Path(), columns(line), line)
					}
				}
				for _, want := range told(n) {
					if !strings.Contains(squash(text), squash(want)) {
						t.Errorf("%s %s: no %q in\n%s", lang, n.Path(), want, text)
					}
				}
				if foreign := map[string]*regexp.Regexp{"zh-TW": regexp.MustCompile(`(?i)usage|flags|commands?\b|arguments`), "en": regexp.MustCompile(`用法|選項|指令|參數`)}[lang]; foreign.MatchString(text) || strings.Contains(text, "cli.help") {
					t.Errorf("%s %s: a word of the other language, or a key:\n%s", lang, n.Path(), text)
				}
			})
		}
	}
}

// told is all that the help of a command has to say.
func told(n *kong.Node) []string {
	list := []string{n.Help}
	for _, a := range n.Positional {
		list = append(list, a.Summary()+a.Help)
	}
	for level, group := range n.AllFlags(true) {
		for _, f := range group {
			if level == 0 && n.Parent != nil { // those of every command are described once
				list = append(list, "--"+f.Name)
			} else {
				list = append(list, f.String()+f.Help)
			}
		}
	}
	for _, c := range n.Leaves(true) {
		list = append(list, c.Path()+c.Help)
	}
	return list
}

// TestWrapped: lines keep the text, fill no more columns than there are, and neither begin with a mark that closes nor end with one that opens.
func TestWrapped(t *testing.T) {
	for _, text := range []string{
		"", "擷取", "以何種身分：desktop 桌機、mobile 手機（見「login list」），或 HOST:PORT；載入紀錄。", "讓「需說明」的結果通過：須有第二人覆核，理由會列印。",
		"Open the case with the recovery key on the first line of FILE; YUZHENG_RECOVERY_KEY does the same.", "（（「「證物」」）。）證物", "𠮷野家、ＦＵＬＬ　ｗｉｄｔｈ。",
	} {
		for most := 24; most < 90; most++ {
			lines := wrapped(text, most)
			if squash(strings.Join(lines, "")) != squash(text) {
				t.Errorf("%d: %q became %q", most, text, lines)
			}
			for i, line := range lines {
				first, last := []rune(line + " ")[0], []rune(" " + line)[len([]rune(line))]
				if columns(line) > most || i > 0 && strings.ContainsRune(closing, first) || i < len(lines)-1 && strings.ContainsRune(opening, last) {
					t.Errorf("%d: %q", most, lines)
				}
			}
		}
	}
	if got := wrapped("遭強制中止後，以「queue run」接續。", 24); !slices.ContainsFunc(got, func(line string) bool { return strings.Contains(line, "「queue run」") }) {
		t.Errorf("a command is cut: %q", got)
	}
	if got := columns("證W0001「a」…"); got != 2+5+2+1+2+1 {
		t.Errorf("%d columns", got)
	}
}
