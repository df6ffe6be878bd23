package application

import (
	"fmt"
	"io/fs"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/publicsuffix"

	"yuzheng/casefile/evidence"
	"yuzheng/casefile/rpz"
)

// Source says where a list or a template comes from; it is printed wherever the list was used.
type Source struct {
	Version   string `json:"version"`
	Date      string `json:"date"` // of the state that it tells, YYYY-MM-DD
	Source    string `json:"source"`
	LimitDays int    `json:"limit_days"` // how old the state may be before it is to be checked again
	Licence   string `json:"licence,omitempty"`
	Note      string `json:"note,omitempty"`
	From      string `json:"from,omitempty"` // FromOffice, or empty for what the program brings
}

// nameGroup is a part of a list of names, with what its names have in common.
type nameGroup struct {
	ID      string   `json:"id"`
	Label   string   `json:"label"`
	LabelEN string   `json:"label_en"`
	Names   []string `json:"names"`
}

// groupList is a list of names in groups. Names under a suffix of Manual are for a person to judge.
type groupList struct {
	Source
	Groups []nameGroup `json:"groups"`
	Manual []string    `json:"manual,omitempty"`
}

// nameList is a list of names.
type nameList struct {
	Source
	Names []string `json:"names"`
}

// Statute is one article, quoted, paraphrased, or named only: Kind says which. Where its Source is empty in the file, it is that of the file.
type Statute struct {
	ID      string `json:"id"`
	Law     string `json:"law"`
	PCode   string `json:"pcode"`
	Article string `json:"article"`
	AsOf    string `json:"as_of"`
	Kind    string `json:"kind"` // quote, paraphrase, number
	Text    string `json:"text"` // of one that is named only: what it is about, in our own words
	Note    string `json:"note,omitempty"`
	Source
}

// sinkhole is an answer that resolvers give instead of the true one.
type sinkhole struct {
	ID        string       `json:"id"`
	Label     string       `json:"label"`
	Addresses []netip.Addr `json:"addresses"`
	Source    string       `json:"source"`
	TTL       uint32       `json:"ttl"`
	SOA       string       `json:"soa,omitempty"` // that came with the answer
	Seen      string       `json:"seen"`          // when the answer was seen
}

// openResolver is one that anybody can ask what it answers; a Control stops no names.
type openResolver struct {
	Address netip.Addr `json:"address"`
	Label   string     `json:"label"`
	Control bool       `json:"control"`
}

// origin is the name of a policy zone under which a list is loaded somewhere.
type origin struct {
	Name   string `json:"name"`
	Source string `json:"source"`
}

// resolver is a program that stops names, with what each of its versions was seen to need for it.
type resolver struct {
	Program string `json:"program"`
	Version string `json:"version"`
	Needs   []need `json:"needs"`
}

// need is what a resolver does by itself, and what helps: a line of its configuration, a command, or something else.
type need struct {
	ID      string `json:"id"`
	Says    string `json:"says"`
	Setting string `json:"setting,omitempty"`
	Remedy  string `json:"remedy,omitempty"`
}

// Lists is all that the gate, the checks and the papers take from files.
type Lists struct {
	Platforms, Official groupList
	Popular, FreeMail   nameList
	Suffixes            Source
	Statutes            struct {
		Source
		Articles []Statute `json:"articles"`
	}
	Types struct {
		Source
		Papers map[string]paperForm `json:"papers"`
		Types  []Type               `json:"types"`
	}
	Sinkholes struct {
		Source
		Sinkholes []sinkhole     `json:"sinkholes"`
		Resolvers []openResolver `json:"resolvers"`
	}
	Execution struct {
		Source
		Origins   []origin   `json:"origins"`
		Resolvers []resolver `json:"resolvers"`
	}
	texts struct {
		Source
		Texts map[string]sentence `json:"texts"`
	}
	words tables
}

type sentence struct{ ZH, EN string }

// LoadLists reads the lists from the JSON files of a folder. What is not as it has to be is a *DataError.
func LoadLists(data fs.FS) (*Lists, error) {
	l := &Lists{}
	for name, into := range map[string]any{
		"platforms": &l.Platforms, "official": &l.Official, "popular": &l.Popular, "freemail": &l.FreeMail,
		"suffixes": &l.Suffixes, "statutes": &l.Statutes, "application_types": &l.Types, "sinkholes": &l.Sinkholes,
		"execution": &l.Execution,
		"findings":  &l.texts, "words": &l.words,
	} {
		text, err := fs.ReadFile(data, name+".json")
		if err != nil {
			return nil, fmt.Errorf("list %s: %w", name, err)
		}
		if err := Parse(name+".json", text, into); err != nil {
			return nil, err
		}
	}
	return l, l.check()
}

// Type gives the application type of that id.
func (l *Lists) Type(id string) (Type, bool) {
	return find(l.Types.Types, id, func(t Type) string { return t.ID })
}

// sinkhole gives the one that papers use: the first in the file.
func (l *Lists) sinkhole() (sinkhole, bool) {
	if len(l.Sinkholes.Sinkholes) == 0 {
		return sinkhole{}, false
	}
	return l.Sinkholes.Sinkholes[0], true
}

// Stopping is how a name looks that is stopped in any way that the list has.
func (l *Lists) Stopping() evidence.Stopping {
	s := evidence.Stopping{Landing: []netip.Addr{}, List: l.Sinkholes.Version}
	for _, k := range l.Sinkholes.Sinkholes {
		s.Landing = append(s.Landing, k.Addresses...)
		s.NXDOMAIN = s.NXDOMAIN || len(k.Addresses) == 0
	}
	return s
}

// origin is the longest name of a policy zone in use. With it the room for a name is reckoned.
func (l *Lists) origin() string {
	longest := ""
	for _, o := range l.Execution.Origins {
		if len(o.Name) > len(longest) {
			longest = o.Name
		}
	}
	return longest
}

// Room checks that a target fits into a policy zone beside others, unless one of them covers it. The error is a *rpz.NameError.
func (l *Lists) Room(t Target, others []Target) error {
	if rpz.Cover(rules(append(slices.Clone(others), t)))[t.Name] != "" {
		return nil
	}
	return t.rule().Fits(l.origin())
}

// Refused says why a name cannot be a target, in both languages.
func (l *Lists) Refused(e *rpz.NameError) (zh, en string) {
	return l.text("name."+string(e.Why), map[string]string{"octets": strconv.Itoa(e.Octets), "origin": l.origin()})
}

// Sources lists what the lists are, by the name that papers print.
func (l *Lists) Sources() []namedSource {
	return slices.Concat(
		l.GateSources(),
		l.statuteSources(),
		[]namedSource{
			{"聲請類型及應記載事項", l.Types.Source},
			{"封鎖頁（導向說明頁）位址", l.Sinkholes.Source},
			{"解析程式之設定及區域名稱", l.Execution.Source},
		},
	)
}

// GateSources are those of them that the gate judges by.
func (l *Lists) GateSources() []namedSource {
	return []namedSource{
		{"公共後綴清單", l.Suffixes},
		{"共用平台、短網址及內容傳遞服務清單", l.Platforms.Source},
		{"常用網站清單", l.Popular.Source},
		{"政府、教育、金融、醫療機構清單", l.Official.Source},
		{"電子郵件服務清單", l.FreeMail.Source},
	}
}

// namedSource is the source of a list under the name that papers print.
type namedSource struct {
	Name string
	Source
}

// text fills the sentence of a code with data, in both languages. A code without words stands for itself.
func (l *Lists) text(code string, data map[string]string) (zh, en string) {
	s, ok := l.texts.Texts[code]
	if !ok {
		return code, code
	}
	var here, there []string // days are those of the Republic in Chinese
	for k, v := range data {
		here, there = append(here, "{"+k+"}", roc(v)), append(there, "{"+k+"}", v)
	}
	return strings.NewReplacer(here...).Replace(s.ZH), strings.NewReplacer(there...).Replace(s.EN)
}

// word is what papers print for a value of a kind; a value without a word stands for itself.
func (l *Lists) word(kind, value string) string {
	if w, ok := l.words[kind][value]; ok {
		return w
	}
	return value
}

// Detail is what an entry of the custody log says beside who, when and what, in the words of papers.
func (l *Lists) Detail(action string, detail map[string]string) string {
	return strings.Join(l.Details("zh-TW", action, detail), "；")
}

// Details are the parts of it in a language, "zh-TW" or "en". Keys that have an empty word say nothing to a reader and are left to the full text of
// the entry; a word with {} holds the value. A contact is counted by why and to whom, told apart by a blank.
func (l *Lists) Details(lang, action string, detail map[string]string) []string {
	tongue, say := "", "%s：%s"
	times := "%s %s（%s 次）"
	if lang == "en" {
		tongue, say, times = ".en", "%s: %s", "%s %s (%s times)"
	}
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(detail)) {
		value := detail[key]
		if why, to, counted := strings.Cut(key, " "); counted && action == "network.contact" {
			parts = append(parts, fmt.Sprintf(times, l.word("contact"+tongue, why), to, value))
			continue
		}
		word, known := l.words["detail"+tongue][key]
		switch {
		case known && word == "":
			continue
		case !known:
			word = key
		}
		if key == "verdict" {
			status, _ := strconv.Atoi(detail["status"])
			value = string(evidence.OutcomeOf(evidence.Verdict(value), status))
		}
		if before, after, holds := strings.Cut(word, "{}"); holds {
			parts = append(parts, before+value+after)
			continue
		}
		parts = append(parts, fmt.Sprintf(say, word, l.word(key+tongue, value)))
	}
	return parts
}

// match finds the entry of names that is name, that stands above it, or that stands below it.
func match(names []string, name string) (listed string, at place) {
	for _, n := range names {
		switch {
		case n == name:
			return n, itself
		case strings.HasSuffix(n, "."+name):
			listed, at = n, above
		case strings.HasSuffix(name, "."+n) && at == nowhere:
			listed, at = n, below
		}
	}
	return listed, at
}

// place says where a name stands in relation to a listed one.
type place int

const (
	nowhere place = iota
	itself        // it is the listed name
	above         // the listed name is below it and would go with it
	below         // it is below the listed name
)

// suffix reports whether a name is a public suffix, and in which section of the list.
func suffix(name string) (section string, ok bool) {
	s, icann := publicsuffix.PublicSuffix(name)
	switch {
	case s != name:
		return "", false
	case icann:
		return "ICANN", true
	case slices.Contains([]byte(name), '.'):
		return "PRIVATE", true
	}
	return "—", true
}

// aboveSuffix gives a public suffix of the private section that lies directly below a name, which is then shared too.
func aboveSuffix(name string, hosts []string) (string, bool) {
	for _, h := range hosts {
		if s, _ := publicsuffix.PublicSuffix(h); strings.HasSuffix(s, "."+name) {
			return s, true
		}
	}
	return "", false
}
