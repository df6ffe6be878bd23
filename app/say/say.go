// Package say holds the words of both faces: keys into the translations, and errors as a sentence with a hint.
package say

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"yuzheng/casefile/legible"
)

// Speaker speaks one language. The zero value speaks none and returns keys.
type Speaker struct {
	Lang  string
	words map[string]string
	help  map[string]string // of commands, by what is typed; nil where the source of the command line has it
}

// Langs lists the languages, the first being the one that is spoken when nothing else is asked for.
var Langs = []string{"zh-TW", "en"}

// New reads the words of lang from translations, a folder of LANG.json files that map keys to texts with {name} places.
func New(translations fs.FS, lang string) (*Speaker, error) {
	data, err := fs.ReadFile(translations, lang+".json")
	if err != nil {
		return nil, fmt.Errorf("translations for %q: %w", lang, err)
	}
	s := &Speaker{Lang: lang}
	if err := json.Unmarshal(data, &s.words); err != nil {
		return nil, fmt.Errorf("translations for %q: %w", lang, err)
	}
	if err := s.readHelp(translations); err != nil {
		return nil, fmt.Errorf("help in %q: %w", lang, err)
	}
	return s, nil
}

// readHelp reads help.LANG.json. There is none for English, in which the command line itself is written.
func (s *Speaker) readHelp(translations fs.FS) error {
	data, err := fs.ReadFile(translations, "help."+s.Lang+".json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(data, &s.help)
}

// Help is what a command, an option or an argument is for, by its key in help.LANG.json; ok is false where the language has none.
func (s *Speaker) Help(key string) (words string, ok bool) {
	words, ok = s.help[key]
	return words, ok
}

// HelpKeys lists every key of the help, sorted.
func (s *Speaker) HelpKeys() []string { return slices.Sorted(maps.Keys(s.help)) }

// Choose picks a language from what was asked for and from the locale of the environment (LANG), in this order.
func Choose(asked, locale string) string {
	for _, l := range Langs {
		if strings.EqualFold(asked, l) {
			return l
		}
	}
	if asked == "" && strings.HasPrefix(strings.ToLower(locale), "en") {
		return "en"
	}
	return Langs[0]
}

// Block is a value of many lines. All others are one line, and can begin none of their own.
type Block string

// T is the text of key with its places filled by pairs of name and value. Values may come from a page, a packet or a foreign case: they are
// shown as package legible shows them.
func (s *Speaker) T(key string, pairs ...any) string {
	text, ok := s.words[key]
	if !ok {
		text = legible.Line(key)
	}
	places := make([]string, 0, len(pairs))
	for i := 0; i+1 < len(pairs); i += 2 {
		places = append(places, "{"+fmt.Sprint(pairs[i])+"}", shown(pairs[i+1]))
	}
	return strings.NewReplacer(places...).Replace(text)
}

// shown is a value as it is put in a place. Further lines of a block stand in from the left, where no line of our own begins.
func shown(value any) string {
	if b, ok := value.(Block); ok {
		return strings.ReplaceAll(legible.Block(string(b)), "\n", "\n    ")
	}
	return legible.Line(written(value))
}

// written is a value as people write it: a list without Go's brackets.
func written(v any) string {
	if list, ok := v.([]string); ok {
		return strings.Join(list, " ")
	}
	return fmt.Sprint(v)
}

// Has reports whether key has words.
func (s *Speaker) Has(key string) bool { _, ok := s.words[key]; return ok }
