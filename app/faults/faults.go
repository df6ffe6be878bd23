// Package faults has words for what the recorder, the browser and the system say in English of their own: papers, window and command line
// print them; what was said stands, as it was, in the exhibit. The table is assets/data/faults.json.
package faults

import (
	"encoding/json"
	"regexp"
	"strings"
	"sync"

	"yuzheng/assets"
	"yuzheng/casefile/evidence"
)

// table is the list of words.
type table struct {
	Codes     map[string]words `json:"codes"` // of Chrome's network stack, without net::
	Sentences []sentence       `json:"sentences"`

	remarks map[evidence.RemarkCode]sentence
}

type words struct{ ZH, EN string }

func (w words) in(lang string) string {
	if lang == "en" {
		return w.EN
	}
	return w.ZH
}

// sentence is one that is said with places in it. A place {=name} is taken over as it is; what stands in {name} is read by the table again.
type sentence struct {
	Code  evidence.RemarkCode `json:"code"`  // of the remark that it says; none where it is nobody's remark
	Match string              `json:"match"` // its form; one without a word of its own is found by its code alone
	words

	form       *regexp.Regexp
	head, tail string // of the form, before the first place and after the last
	places     []place
	wordless   bool
}

type place struct {
	name string
	raw  bool
}

// form is what may stand in a place. One that is taken over is one thing: no list, and no error after a colon, unless it is called text or inner.
func (p place) form() string {
	if p.raw && p.name != "text" && p.name != "inner" {
		return "((?:[^;:]|[;:][^ ])+?)"
	}
	return "(.+?)"
}

var letter = regexp.MustCompile(`\pL`)

var placeIn = regexp.MustCompile(`\{(=?)(\w+)\}`)

func (s *sentence) compile() {
	form, at := "^", 0
	for _, m := range placeIn.FindAllStringSubmatchIndex(s.Match, -1) {
		s.places = append(s.places, place{s.Match[m[4]:m[5]], m[3] > m[2]})
		form += regexp.QuoteMeta(s.Match[at:m[0]]) + s.places[len(s.places)-1].form()
		at = m[1]
	}
	s.wordless = !letter.MatchString(placeIn.ReplaceAllString(s.Match, ""))
	s.head, _, _ = strings.Cut(s.Match, "{")
	s.tail = s.Match[at:]
	s.form = regexp.MustCompile("(?s)" + form + regexp.QuoteMeta(s.Match[at:]) + "$")
	if s.EN == "" {
		s.EN = placeIn.ReplaceAllString(s.Match, "{$2}")
	}
}

// load reads the table. It is embedded, and a test reads it: it cannot fail in a program that was built.
var load = sync.OnceValue(func() *table {
	data, err := assets.Data.ReadFile("data/faults.json")
	if err != nil {
		panic("faults: " + err.Error())
	}
	t := new(table)
	if err := json.Unmarshal(data, t); err != nil {
		panic("faults: " + err.Error())
	}
	t.remarks = map[evidence.RemarkCode]sentence{}
	for i := range t.Sentences {
		s := &t.Sentences[i]
		s.compile()
		if s.Code != "" {
			t.remarks[s.Code] = *s
		}
	}
	return t
})

// Remark gives a remark in a language ("zh-TW" or "en").
func Remark(lang string, r evidence.Remark) string {
	t := load()
	if s, ok := t.remarks[r.Code]; ok && len(r.Args) >= len(s.places) {
		return t.fill(lang, s, r.Args, 0)
	}
	return t.say(lang, r.String(), 0)
}

// Missing gives why something is missing, in a language.
func Missing(lang string, m evidence.Missing) string {
	if said := Remark(lang, m.Why()); said != "" {
		return said
	}
	return Say(lang, m.Reason) // a code of tomorrow
}

// Warnings gives the warnings of an exhibit in a language, in their order.
func Warnings(lang string, c evidence.Cautions) []string {
	list := make([]string, len(c.Warnings))
	for i, r := range c.Remarks() {
		if list[i] = Remark(lang, r); list[i] == "" {
			list[i] = Say(lang, c.Warnings[i]) // a code of tomorrow
		}
	}
	return list
}

// Say gives raw in a language ("zh-TW" or "en"). What the table does not know stays as it is.
func Say(lang, raw string) string { return load().say(lang, raw, 0) }

// What is read of a text that a page may have had a hand in; the rest is printed as it is.
const (
	deepest = 8    // sentences in one another
	longest = 8192 // bytes
	most    = 32   // parts of a list
)

func (t *table) say(lang, raw string, depth int) string {
	if depth > deepest || len(raw) > longest {
		return raw
	}
	for _, s := range t.Sentences {
		if s.wordless || !strings.HasPrefix(raw, s.head) || !strings.HasSuffix(raw, s.tail) {
			continue
		}
		if m := s.form.FindStringSubmatch(raw); m != nil {
			return t.fill(lang, s, m[1:], depth)
		}
	}
	if said, ok := t.each(lang, raw, "; ", map[string]string{"zh-TW": "；"}, depth); ok {
		return said
	}
	if said, ok := t.bracket(lang, raw, depth); ok {
		return said
	}
	if said := t.after(lang, raw, depth); said != raw {
		return said
	}
	return t.codes(lang, raw)
}

// fill puts what stood in the places into the words.
func (t *table) fill(lang string, s sentence, found []string, depth int) string {
	pairs := make([]string, 0, 2*len(found))
	for i, p := range s.places {
		text := found[i]
		if !p.raw {
			text = t.say(lang, text, depth+1)
		}
		pairs = append(pairs, "{"+p.name+"}", text)
	}
	return strings.NewReplacer(pairs...).Replace(s.in(lang))
}

// each reads the parts of a list.
func (t *table) each(lang, raw, by string, written map[string]string, depth int) (string, bool) {
	parts := strings.Split(raw, by)
	if len(parts) == 1 || len(parts) > most {
		return raw, false
	}
	for i, p := range parts {
		parts[i] = t.say(lang, p, depth+1)
	}
	if w, ok := written[lang]; ok {
		by = w
	}
	return strings.Join(parts, by), true
}

// bracket reads a text with another in brackets behind it: a code of the browser and what the guard says of it.
func (t *table) bracket(lang, raw string, depth int) (string, bool) {
	before, inner, ok := strings.Cut(strings.TrimSuffix(raw, ")"), " (")
	if !ok || !strings.HasSuffix(raw, ")") {
		return raw, false
	}
	said, saidInner := t.say(lang, before, depth+1), t.say(lang, inner, depth+1)
	switch {
	case said == before && saidInner == inner:
		return raw, false
	case lang == "zh-TW":
		return said + "（" + saidInner + "）", true
	}
	return said + " (" + saidInner + ")", true
}

// after reads what comes after a name and a colon: an address before its error, say.
func (t *table) after(lang, raw string, depth int) string {
	before, rest, ok := strings.Cut(raw, ": ")
	if !ok {
		return raw
	}
	said := t.say(lang, rest, depth+1)
	if said == rest {
		return raw
	}
	if lang == "zh-TW" {
		return before + "：" + said
	}
	return before + ": " + said
}

var code = regexp.MustCompile(`(?:net::)?\bERR_[A-Z0-9_]+\b`)

// codes puts words in place of Chrome's codes. One that the table does not know is said to be one.
func (t *table) codes(lang, raw string) string {
	return code.ReplaceAllStringFunc(raw, func(c string) string {
		if w, ok := t.Codes[strings.TrimPrefix(c, "net::")]; ok {
			return w.in(lang)
		}
		return words{"瀏覽器回報網路錯誤 " + c, "the browser reports the network error " + c}.in(lang)
	})
}
