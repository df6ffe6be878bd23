package application

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"yuzheng/casefile/document"
	"yuzheng/casefile/rpz"
)

// view is what the templates of papers see. Its exported fields and methods are part of their form.
type view struct {
	PaperInput
	App        Application
	Type       Type
	Rows       []Target  // the application's targets, in its order
	Cited      []Exhibit // the exhibits that it rests on
	Judged     []GateResult
	Sink       sinkhole
	ListSHA256 string
	Books      []book

	templates []namedSource

	Relisted []Target // of a release: what has to be listed by itself once the names are gone

	zone, update, domainsCSV, annexCSV, annexJSON, evidenceCSV, gateJSON []byte
}

func newView(in PaperInput) (*view, error) {
	v := &view{PaperInput: in, App: in.Application}
	v.Type, _ = in.Lists.Type(in.Application.Type)
	v.Rows, v.Cited = chosen(in)
	if v.Decided() {
		v.Rows = in.Life.Ordered(v.Rows)
	}
	for i, t := range v.Rows {
		v.Rows[i] = claimed(v.stopped(t), in.Losses)
	}
	for _, t := range v.Rows {
		g, _ := find(in.Gates, t.ID, func(g GateResult) string { return g.Target })
		v.Judged = append(v.Judged, g)
	}
	var ok bool
	if v.Sink, ok = in.Lists.sinkhole(); !ok {
		return nil, errors.New("the list of sinkholes is empty")
	}
	if err := v.lists(); err != nil {
		return nil, err
	}
	var err error
	if v.Books, err = bind(v.Cited); err != nil {
		return nil, err
	}
	v.evidenceCSV = WriteCSV(v.evidenceRows())
	v.gateJSON, err = writeJSON(struct {
		Application string        `json:"application"`
		Lists       []namedSource `json:"lists"`
		Results     []GateResult  `json:"results"`
	}{v.App.ID, in.Lists.GateSources(), v.Judged})
	return v, err
}

// stopped is a target as far as it was stopped: of one that is let go, what the earlier order granted.
func (v *view) stopped(t Target) Target {
	if !v.Type.Restores || v.Earlier == nil || v.Earlier.Life.Ruling() == nil {
		return t
	}
	for _, ordered := range v.Earlier.Life.Ruling().apply([]Target{t}) {
		return ordered
	}
	return t
}

// Exact and Wide count the targets by scope.
func (v *view) Exact() int { return len(v.Rows) - v.Wide() }

// Wide counts the targets whose scope covers sub-domains.
func (v *view) Wide() int {
	n := 0
	for _, t := range v.Rows {
		if t.Scope == Subdomains {
			n++
		}
	}
	return n
}

// Uncovered counts the targets that have lines of their own in the zone.
func (v *view) Uncovered() int { return len(rpz.Uncovered(rules(v.Rows))) }

// Cover is the number of the target whose sub-domains a target is one of; "" for none.
func (v *view) Cover(t Target) string {
	above := rpz.Cover(rules(v.Rows))[t.Name]
	by, _ := find(v.Rows, above, func(t Target) string { return t.Name })
	return by.ID
}

// Unhosted counts the targets that get NXDOMAIN instead of the sinkhole, because they are no host names.
func (v *view) Unhosted() int {
	if len(v.Sink.Addresses) == 0 {
		return 0
	}
	return len(slices.DeleteFunc(rpz.Uncovered(rules(v.Rows)), rpz.Rule.HostName))
}

// Reply is what a name gets from a resolver with the zone.
func (v *view) Reply(t Target) string {
	switch by := v.Cover(t); {
	case by != "":
		return v.Lists.word("reply", "covered") + by
	case len(v.Sink.Addresses) == 0 || !t.rule().HostName():
		return v.Lists.word("reply", "none")
	}
	return v.Lists.word("reply", "sinkhole")
}

// Scope is the word for a scope.
func (v *view) Scope(s Scope) string { return scopeWords[s][0] }

// Period and Validity are the spans in words.
func (v *view) Period() string { return spanText(v.App.Period, v.Type.order()) }

// Validity is how long the order may be executed.
func (v *view) Validity() string { return spanText(v.App.Validity, v.Type.order()) }

// Today is the date under the application, with room to fill it in where it is not set.
func (v *view) Today() string {
	if v.App.Date.IsZero() {
		return "　　年　　月　　日"
	}
	return document.Date(v.App.Date)
}

// Or is the text, or other where it is empty.
func (v *view) Or(text, other string) string {
	if strings.TrimSpace(text) == "" {
		return other
	}
	return text
}

// Stamp is an instant for a table; "" for none.
func (v *view) Stamp(t time.Time) string { return stamp(t) }

// Day is a day for a table; a dash for none.
func (v *view) Day(t time.Time) string { return dateOr(t, "—") }

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return document.Clock(t)
}

var enumerated = regexp.MustCompile(`^[（(]?[一二三四五六七八九十]+[、）)]`)

// FactLines are the paragraphs of the facts.
func (v *view) FactLines() []string {
	var list []string
	for _, p := range ParseFacts(v.App.Facts) {
		list = append(list, p.Text)
	}
	return list
}

// Enumerated reports whether the facts bring numbers of their own.
func (v *view) Enumerated() bool { return slices.ContainsFunc(v.FactLines(), enumerated.MatchString) }

// ground is one part of the reasons.
type ground struct {
	Label string
	Lines []string
}

// Grounds are the parts of the reasons that are not empty, under the labels of the application's type and in its order.
func (v *view) Grounds() []ground {
	var list []ground
	for _, f := range v.Type.Fields {
		if f.Kind != ReasonField {
			continue
		}
		g := ground{Label: f.Label, Lines: v.Lines(f.Name)}
		if open := v.undecided(); f.Name == "proportionality" && open != "" {
			g.Lines = append(g.Lines, open)
		}
		if len(g.Lines) > 0 {
			list = append(list, g)
		}
	}
	return list
}

// twins are exhibits whose pages came as the same bytes.
type twins struct {
	SHA256   string
	Exhibits []Exhibit
	Hosts    []string // that sent them
}

// Twins are the cited exhibits that share their page with another, by the first of them.
func (v *view) Twins() []twins {
	var list []twins
	for _, e := range v.Cited {
		hash := e.source()
		if hash == "" {
			continue
		}
		i := slices.IndexFunc(list, func(t twins) bool { return t.SHA256 == hash })
		if i < 0 {
			list, i = append(list, twins{SHA256: hash}), len(list)
		}
		list[i].Exhibits = append(list[i].Exhibits, e)
		list[i].Hosts = distinct(append(list[i].Hosts, e.lastHost()))
	}
	return slices.DeleteFunc(list, func(t twins) bool { return len(t.Exhibits) < 2 })
}

// Contents are the papers of the packet, as they lie in it.
func (v *view) Contents() []paperForm {
	_, forms := v.Lists.papers(v.Type, v.For)
	return forms
}

// Masked reports whether the packet holds redacted copies in place of exhibits.
func (v *view) Masked() bool { return v.For.Masked() }

// Field is a field of the application by its name; "" for none.
func (v *view) Field(name string) string { return printed(v.App.Field(name)) }

// Lines are the paragraphs of a field.
func (v *view) Lines(name string) (list []string) {
	for line := range strings.Lines(v.App.Field(name)) {
		if line = strings.TrimSpace(printed(line)); line != "" {
			list = append(list, line)
		}
	}
	return list
}

// printed leaves out the mark of what is law: it is for the check, and whoever reads a reason knows it.
func printed(text string) string { return strings.ReplaceAll(text, "【法律見解】", "") }

// Decided reports whether the papers are for who executes what was decided. All others show what was asked for, and are no order.
func (v *view) Decided() bool { return v.For.Papers() != ForCourt && v.Life.Ruling() != nil }

// Ruling is what was decided; nil before.
func (v *view) Ruling() *Ruling { return v.Life.Ruling() }

// OrderNumber is the number of the order; "" before.
func (v *view) OrderNumber() string {
	for _, k := range []StepKind{Order, Issue} {
		if s, ok := v.Life.Last(k); ok {
			return s.Number
		}
	}
	return ""
}

// undecided says what the gate could not judge, by target, so that no words beside it claim more than was checked; "" where it judged all.
func (v *view) undecided() string {
	var parts []string
	for _, g := range v.Judged {
		var rules []string
		for _, r := range g.Results {
			if strings.HasSuffix(r.Code, ".unknown") {
				rules = append(rules, v.Rule(r))
			}
		}
		if len(rules) > 0 {
			parts = append(parts, "標的"+g.Target+"（"+g.Name+"）之"+strings.Join(rules, "、"))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "誤傷檢查因資料不足而無從判斷者：" + strings.Join(parts, "；") + "。"
}

// Articles are the statutes of the application's type, and those that its own words name.
func (v *view) Articles() []Statute { return v.Lists.Cited(v.App) }

// Copy says of an article of which day its words are, and how old the copy is.
func (v *view) Copy(s Statute) string {
	said := "資料日期" + v.ROC(s.Date) + "，版本" + v.VersionOf(s.Source)
	if s.AsOf != "" {
		said = v.ROC(s.AsOf) + "之條文；" + said
	}
	if old := v.Old(s.Source); old != "" {
		said += "，" + old
	}
	return said
}

// ArticleSources are where the articles were read.
func (v *view) ArticleSources() []string {
	var list []string
	for _, s := range v.Articles() {
		if said := s.Source.Source; !slices.Contains(list, said) {
			list = append(list, said)
		}
	}
	return list
}

// Sources are the lists and the templates of the papers.
func (v *view) Sources() []namedSource { return append(v.Lists.Sources(), v.templates...) }

// VersionOf is the version of a list, with whose it is where it is not the program's.
func (v *view) VersionOf(s Source) string {
	if s.From == FromOffice {
		return v.ROC(s.Version) + "（機關資料）"
	}
	return v.ROC(s.Version)
}

// Old is the mark of what is to be checked against the world again; "" for what is not.
func (v *view) Old(s Source) string {
	if !s.Old(v.Time) {
		return ""
	}
	return "已逾" + strconv.Itoa(s.LimitDays) + "日，應查對"
}

// Hosts are the hosts that an exhibit shows.
func (v *view) Hosts(e Exhibit) []string { return e.hosts() }
