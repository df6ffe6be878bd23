package cli

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// aside is what the README says beside a command, two spaces and more behind it.
var aside = regexp.MustCompile(`\s{2,}.*`)

// TestREADMECommands parses each command that the README shows: it is one, with these options and values.
func TestREADMECommands(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("chat.png", nil, 0o600); err != nil { // the one file that must be there
		t.Fatal(err)
	}
	tried := 0
	for line := range strings.Lines(string(text)) {
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
