package cli

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"yuzheng/app/say"
)

// TestWrongUse says in both languages what kong finds wrong with a command line.
func TestWrongUse(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("folder", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("file", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	value := regexp.MustCompile(`"[^"]*"|「[^」]*」|（[^）]*）|<[^>]*>`) // names as they are typed
	for _, line := range strings.Split(strings.TrimSpace(wrongUses), "\n") {
		said := map[string]string{}
		for _, lang := range say.Langs {
			s := speaking(t, lang, "", new(bytes.Buffer))
			parser, err := s.parser()
			if err != nil {
				t.Fatal(err)
			}
			_, err = parser.Parse(strings.Fields(line))
			if err == nil {
				t.Fatalf("%s is in order", line)
			}
			said[lang] = s.Say.Usage(err)
		}
		if zh := said["zh-TW"]; !han.MatchString(strings.TrimPrefix(zh, "用法不對：")) || english.MatchString(value.ReplaceAllString(zh, "")) {
			t.Errorf("%s is said %q", line, zh)
		}
		if en := said["en"]; han.MatchString(en) || strings.Contains(en, "EOL") || strings.Contains(en, "\ufffd") || strings.Contains(en, "{") {
			t.Errorf("%s is said %q", line, en)
		}
	}
}

// wrongUses are command lines that the grammar refuses, one a line.
const wrongUses = `
bogus
captur
queue re
case
keys known
--
case new
case new x
capture
verify
verify a b
compare x
capture x --bogus
capture x --vew
capture x --no-
capture x -z
capture x --timeout
capture x --timeout 5
capture x --timeout=5x
capture x --timeout=soon
capture x --parallel
capture x --parallel abc
capture x --max-bytes 9999999999999999999999
capture x --no-dns=maybe
capture x --view
capture x --from
capture x --from --json
capture x --from -z
capture x --parallel --json
capture x --timeout -z
crawl x u --scope foo
watch add x W1 --stop never
queue list x --state foo
exhibit add x file --kind foo
exhibit add x missing
application new x -s
application new x -s court
verify x --roots
verify x --roots --json
verify x --roots missing
verify x --roots folder
login remove x
`
