package cli

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// aside is what a README says beside a command, two spaces and more behind it.
var aside = regexp.MustCompile(`\s{2,}.*`)

// fenced is a block of commands.
var fenced = regexp.MustCompile("(?ms)^```$.*?^```$")

// TestREADMECommands parses each command that the READMEs show: it is one, with these options and values.
func TestREADMECommands(t *testing.T) {
	texts := map[string]string{}
	for _, name := range []string{"README.md", "README.zh-TW.md"} {
		text, err := os.ReadFile("../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = string(text)
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("chat.png", nil, 0o600); err != nil { // the one file that must be there
		t.Fatal(err)
	}
	for name, text := range texts {
		t.Run(name, func(t *testing.T) { parseCommands(t, text) })
	}
	if en, zh := typed(texts["README.md"]), typed(texts["README.zh-TW.md"]); len(en) < 20 || !slices.Equal(en, zh) {
		t.Errorf("the READMEs show other commands:\n%s\n\n%s", strings.Join(en, "\n"), strings.Join(zh, "\n"))
	}
}

// typed are the lines of the blocks without what is said beside them.
func typed(text string) (lines []string) {
	for _, block := range fenced.FindAllString(text, -1) {
		for line := range strings.Lines(block) {
			lines = append(lines, aside.ReplaceAllString(strings.TrimSpace(line), ""))
		}
	}
	return lines
}

func parseCommands(t *testing.T, text string) {
	t.Helper()
	tried := 0
	for line := range strings.Lines(text) {
		args := strings.Fields(strings.ReplaceAll(aside.ReplaceAllString(strings.TrimSpace(line), ""), "--reason …", "--reason x"))
		if len(args) < 2 || args[0] != "yuzheng" {
			continue
		}
		parser, err := kong.New(&grammar{}, kong.Name("yuzheng"), kong.Exit(func(int) {}))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parser.Parse(append(args[1:], "--json")); err != nil {
			t.Errorf("%s: %v", strings.Join(args, " "), err)
		}
		tried++
	}
	if tried < 10 {
		t.Errorf("only %d commands", tried)
	}
}
