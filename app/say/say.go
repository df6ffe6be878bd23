// Package say holds the words of both faces: keys into the translations, and errors as a sentence with a hint.
package say

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"sort"
	"strings"
)

// Speaker speaks one language. The zero value speaks none and returns keys.
type Speaker struct {
	Lang  string
	words map[string]string
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
	return s, nil
}

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

// T is the text of key with its places filled by pairs of name and value.
func (s *Speaker) T(key string, pairs ...any) string {
	text, ok := s.words[key]
	if !ok {
		text = key
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, "{"+fmt.Sprint(pairs[i])+"}", written(pairs[i+1]))
	}
	return text
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

// Keys lists every key, sorted.
func (s *Speaker) Keys() []string {
	keys := make([]string, 0, len(s.words))
	for k := range s.words {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
