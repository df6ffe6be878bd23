package application

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"yuzheng/casefile/rpz"
)

// Finding is one thing that keeps an application from being exported, or a notice, which keeps nothing.
type Finding struct {
	Code   string            `json:"code"`
	Object string            `json:"object,omitempty"` // a target, an exhibit, a field, the number of a sentence
	Text   string            `json:"text"`             // zh-TW
	TextEN string            `json:"text_en"`
	Data   map[string]string `json:"data,omitempty"`
	Notice bool              `json:"notice,omitempty"`
}

// CaseData is what an application is checked against.
type CaseData struct {
	Exhibits []Exhibit
	Targets  []Target
	Gates    []GateResult // one for each target of the application
	Operator string       // who applies; an override must be another person's
	Lists    *Lists
	Losses   []Loss   // that were reported, of the case
	Earlier  *Earlier // the application that the field for one names; nil where there is none of that number
}

// Lint checks an application. Any finding refuses the export.
func Lint(a Application, c CaseData) []Finding {
	l := &lint{CaseData: c, app: a}
	l.fields()
	l.facts()
	l.slots()
	l.reasons()
	l.targets()
	l.numbers()
	l.losses()
	l.spans()
	return l.found
}

// LintGate checks what may have changed since the papers of an application were made: whether its targets still pass the gate.
func LintGate(a Application, c CaseData) []Finding {
	l := &lint{CaseData: c, app: a}
	for _, id := range a.Targets {
		if t, ok := findTarget(l.Targets, id); ok {
			l.gate(t)
		}
	}
	return l.found
}

type lint struct {
	CaseData
	app   Application
	found []Finding
}

func (l *lint) say(code, object string, pairs ...string) {
	data := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		data[pairs[i]] = pairs[i+1]
	}
	f := Finding{Code: code, Object: object, Data: data}
	f.Text, f.TextEN = l.Lists.text(code, data)
	l.found = append(l.found, f)
}

func (l *lint) fields() {
	t, ok := l.Lists.Type(l.app.Type)
	switch {
	case !ok:
		l.say("lint.type.unknown", l.app.Type, "type", l.app.Type)
	case !t.Complete:
		l.say("lint.type.incomplete", l.app.Type, "label", t.Label, "label_en", t.LabelEN)
	}
	for _, f := range t.Fields {
		value := l.app.Field(f.Name)
		if f.Kind == EarlierField && value != "" && l.Earlier == nil {
			l.say("lint.application.unknown", f.Name, "application", value, "label", f.Label, "label_en", f.LabelEN)
		}
		if f.Required && value == "" {
			l.say("lint.field.missing", f.Name, "label", f.Label, "label_en", f.LabelEN, "source", f.Source)
		}
		if strings.ContainsFunc(value, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }) {
			l.say("lint.control", f.Name, "label", f.Label, "label_en", f.LabelEN)
		}
	}
}

func (l *lint) facts() {
	tied := false
	for _, p := range ParseFacts(l.app.Facts) {
		for _, s := range p.Sentences {
			tied = tied || len(s.Refs) > 0
			l.sentence(s)
		}
	}
	if !tied && strings.TrimSpace(l.app.Facts) != "" {
		l.say("lint.fact.none", "facts")
	}
}

func (l *lint) sentence(s Sentence) {
	n := strconv.Itoa(s.Number)
	if !s.Tied() && len(s.Bad) == 0 {
		l.say("lint.fact.untied", n, "n", n, "sentence", s.Text)
	}
	for _, mark := range s.Bad {
		l.say("lint.fact.bad_reference", n, "n", n, "mark", mark)
	}
	for _, ref := range s.Refs {
		e, ok := findExhibit(l.Exhibits, ref.Exhibit)
		switch {
		case !ok:
			l.say("lint.fact.unknown_exhibit", n, "n", n, "exhibit", ref.Exhibit)
		case ref.Artifact > len(e.Artifacts):
			l.say("lint.fact.unknown_artifact", n, "n", n, "exhibit", ref.String())
		}
	}
}

// slots are places that a draft has left open: 〔待補：…〕 wants words, 〔待確認：…〕 the person's word for those that stand in it.
func (l *lint) slots() {
	t, _ := l.Lists.Type(l.app.Type)
	fields, texts := t.texts(l.app)
	for i, f := range fields {
		for _, slot := range slotRE.FindAllString(texts[i], -1) {
			l.say("lint.slot.open", f.Name, "label", f.Label, "label_en", f.LabelEN, "slot", slot)
		}
	}
}

// reasons rest on something too, sentence by sentence, and what any field cites must exist.
func (l *lint) reasons() {
	t, _ := l.Lists.Type(l.app.Type)
	fields, texts := t.texts(l.app)
	for i, f := range fields {
		if f.Kind == FactsField {
			continue
		}
		for _, p := range ParseFacts(texts[i]) {
			for _, s := range p.Sentences {
				l.reason(t, f, s)
			}
		}
	}
}

func (l *lint) reason(t Type, f Field, s Sentence) {
	unknown := func(mark string) {
		l.say("lint.reason.unknown_exhibit", f.Name, "label", f.Label, "label_en", f.LabelEN, "exhibit", mark)
	}
	for _, ref := range s.Refs {
		if e, ok := findExhibit(l.Exhibits, ref.Exhibit); !ok || ref.Artifact > len(e.Artifacts) {
			unknown(ref.String())
		}
	}
	for _, number := range s.Papers {
		if !l.Lists.hasPaper(t, number) {
			unknown("附件" + number)
		}
	}
	for _, mark := range s.Bad {
		unknown(mark)
	}
	if f.Kind == ReasonField && !s.Argued() && len(s.Bad) == 0 && !slotRE.MatchString(s.Text) {
		l.say("lint.reason.untied", f.Name, "label", f.Label, "label_en", f.LabelEN, "sentence", s.Text)
	}
}

func (l *lint) targets() {
	if len(l.app.Targets) == 0 {
		l.say("lint.target.none", "targets")
	}
	names := map[string]string{}
	for _, id := range l.app.Targets {
		t, ok := findTarget(l.Targets, id)
		if !ok {
			l.say("lint.target.unknown", id, "target", id)
			continue
		}
		if other, twice := names[t.Name]; twice {
			l.say("lint.target.duplicate", id, "target", id, "other", other)
		}
		names[t.Name] = id
		for _, e := range t.Exhibits {
			if _, ok := findExhibit(l.Exhibits, e); !ok {
				l.say("lint.target.exhibit", id, "target", id, "exhibit", e)
			}
		}
		l.gate(t)
	}
	l.room()
}

// room looks for names that do not fit into a policy zone: one of them would keep the whole zone from loading.
func (l *lint) room() {
	var listed []Target
	for _, id := range l.app.Targets {
		if t, ok := findTarget(l.Targets, id); ok {
			listed = append(listed, t)
		}
	}
	for _, t := range listed {
		var refused *rpz.NameError
		if errors.As(l.Lists.Room(t, listed), &refused) {
			l.say("lint.target.long", t.ID, "target", t.ID, "octets", strconv.Itoa(refused.Octets), "origin", l.Lists.origin())
		}
	}
}

// gate asks for what the gate says of a target. Of one that is let go it has nothing to say: nobody is hit, and it may be let go for that very reason.
func (l *lint) gate(t Target) {
	if kind, _ := l.Lists.Type(l.app.Type); kind.Restores {
		if l.Earlier != nil && !slices.Contains(l.Earlier.Application.Targets, t.ID) {
			l.say("lint.target.earlier", t.ID, "target", t.ID, "application", l.Earlier.Application.ID)
		}
		return
	}
	g, ok := find(l.Gates, t.ID, func(g GateResult) string { return g.Target })
	if !ok || g.Name != t.Name || g.Scope != t.Scope || len(g.Results) == 0 {
		l.say("lint.gate.missing", t.ID, "target", t.ID)
		return
	}
	for _, r := range g.Results {
		switch {
		case r.Level == Hard:
			l.say("lint.gate.hard", t.ID, "target", t.ID, "text", r.Text, "text_en", r.TextEN)
		case r.Stops():
			l.say("lint.gate.soft", t.ID, "target", t.ID, "text", r.Text, "text_en", r.TextEN)
		case r.Override != nil && strings.TrimSpace(r.Override.Person) == strings.TrimSpace(l.Operator):
			l.say("lint.gate.self", t.ID, "target", t.ID, "person", r.Override.Person)
		}
	}
}

// totals find a number that claims to be that of all targets.
var totals = []*regexp.Regexp{
	regexp.MustCompile(`附表一(?:所示|所列)?(?:之)?(?:共計|合計|共|計)?\s*([0-9〇零一二兩三四五六七八九十百]+)\s*(?:個|筆)`),
	regexp.MustCompile(`(?:共計|合計|共)\s*([0-9〇零一二兩三四五六七八九十百]+)\s*(?:個|筆)(?:之)?(?:網域|扣押標的|標的)`),
}

func (l *lint) numbers() {
	listed := len(l.app.Targets)
	t, _ := l.Lists.Type(l.app.Type)
	for _, f := range t.Fields {
		text := l.app.Field(f.Name)
		var said []string
		for _, re := range totals {
			for _, m := range re.FindAllStringSubmatch(text, -1) {
				if n, ok := numeral(m[1]); !ok || n != listed {
					said = append(said, m[1])
				}
			}
		}
		for _, s := range slices.Compact(said) {
			l.say("lint.number.differs", f.Name, "said", s, "listed", strconv.Itoa(listed))
		}
	}
}

func (l *lint) spans() {
	p, v := l.app.Period, l.app.Validity
	if !p.From.IsZero() && !p.To.IsZero() && p.To.Before(p.From) {
		l.say("lint.period.order", "period")
	}
	if !p.From.IsZero() && !v.To.IsZero() && v.To.Before(p.From) {
		l.say("lint.period.validity", "validity")
	}
}

// numeral reads a number below 1,000 in digits or Chinese numerals.
func numeral(s string) (int, bool) {
	if n, err := strconv.Atoi(s); err == nil {
		return n, true
	}
	digit := map[rune]int{'〇': 0, '零': 0, '一': 1, '二': 2, '兩': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}
	total, last := 0, -1
	for _, r := range s {
		unit := map[rune]int{'十': 10, '百': 100}[r]
		d, isDigit := digit[r]
		switch {
		case unit > 0 && last < 0:
			total += unit
		case unit > 0:
			total, last = total+last*unit, -1
		case isDigit:
			last = d
		default:
			return 0, false
		}
	}
	return total + max(last, 0), s != ""
}
