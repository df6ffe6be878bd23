package application

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// slotRE finds a place that a draft has left open.
var slotRE = regexp.MustCompile(`〔[^〔〕]*〕`)

// confirmRE finds a slot that holds words which only want a person's word.
var confirmRE = regexp.MustCompile(`〔待確認：([^〔〕]*)〕`)

// Draft fills the empty fields with the first words that the application's type has for them. What the evidence can say is put in its place: {live},
// the exhibits that last showed each target whole, {holder}, what registries said of each name, {continuity}, what ties it to the earlier ones; {number}
// is that of the case. What only a person can say is left as a slot, which keeps the application from leaving.
func (l *Lists) Draft(a Application, number string, targets []Target, exhibits []Exhibit, signs Signs) Application {
	t, _ := l.Type(a.Type)
	d := drafter{l, chosenTargets(a, targets), targets, exhibits, signs}
	fill := strings.NewReplacer("{live}", d.live(), "{holder}", d.holder(), "{continuity}", d.continuity(), "{number}", number)
	for _, f := range t.Fields {
		if words := t.Drafts[f.Name]; words != "" && a.Field(f.Name) == "" {
			t.Set(&a, f.Name, fill.Replace(words))
		}
	}
	if words := t.Drafts["accused"]; words != "" && a.Accused == "" {
		a.Accused = words
	}
	return a
}

// Proposed is how many slots of a text want nothing but a person's word.
func Proposed(text string) int { return len(confirmRE.FindAllString(text, -1)) }

// Accept takes the words of the slots of a field that want nothing but a person's word, as the applicant's statement. It gives how many there were.
func Accept(t Type, a *Application, field string) int {
	text := a.Field(field)
	n := Proposed(text)
	if n > 0 {
		t.Set(a, field, confirmRE.ReplaceAllStringFunc(text, func(slot string) string {
			words := confirmRE.FindStringSubmatch(slot)[1]
			return strings.TrimRight(words, "。") + "【聲請人陳述】。"
		}))
	}
	return n
}

// Supplement begins an application that adds targets to an earlier one: its words are those of the earlier, but for what the type drafts anew.
func (l *Lists) Supplement(old Application, life Life, targets []string) (a Application, ok bool) {
	t, ok := l.Type(life.Type.Supplement)
	if !ok {
		return a, false
	}
	a = Application{Type: t.ID, Targets: targets, Period: old.Period, Validity: old.Validity}
	for _, f := range t.Fields {
		switch {
		case f.Kind == EarlierField:
			t.Set(&a, f.Name, old.ID)
		case f.Name == orderNumber:
			s, _ := life.Last(Order)
			t.Set(&a, f.Name, s.Number)
		case f.Kind == FactsField:
			t.Set(&a, f.Name, old.Field(f.Name)+"\n〔待補：追加標的 "+strings.Join(targets, "、")+" 之犯罪事實，及所依證物〕")
		case f.Kind == LineField || !strings.Contains(t.Drafts[f.Name], "{"): // what evidence fills is drafted of the new names
			t.Set(&a, f.Name, old.Field(f.Name))
		}
	}
	return a, true
}

// Follow fills what is empty of an application that goes with an earlier one: its heads are those of the earlier, the number that of its order, and what
// is let go is all that was ordered.
func (l *Lists) Follow(a Application, old Earlier) Application {
	t, _ := l.Type(a.Type)
	from, _ := l.Type(old.Application.Type)
	for _, f := range t.Fields {
		switch {
		case a.Field(f.Name) != "":
		case f.Name == "number" && from.Drafts[f.Name] == "": // it is that of the order, not of the case
		case f.Name == orderNumber:
			s, _ := old.Life.Last(Order)
			t.Set(&a, f.Name, s.Number)
		case f.Kind == LineField:
			t.Set(&a, f.Name, old.Application.Field(f.Name))
		}
	}
	if len(a.Targets) == 0 && t.Restores {
		for _, target := range old.Life.Ordered(chosenTargets(old.Application, old.Targets)) {
			a.Targets = append(a.Targets, target.ID)
		}
	}
	return a
}

// orderNumber is the field that holds the number of an earlier order.
const orderNumber = "order_number"

type drafter struct {
	lists    *Lists
	targets  []Target // of the application
	all      []Target // of the case
	exhibits []Exhibit
	signs    Signs
}

func chosenTargets(a Application, all []Target) (list []Target) {
	for _, id := range a.Targets {
		if t, ok := findTarget(all, id); ok {
			list = append(list, t)
		}
	}
	return list
}

// last is the newest complete capture of a target.
func (d drafter) last(t Target) (last Exhibit, ok bool) {
	for _, e := range d.exhibits {
		if e.shows(t.Name) && e.Verdict == complete && (!ok || e.Started.After(last.Started)) {
			last, ok = e, true
		}
	}
	return last, ok
}

func (d drafter) live() string {
	var ids, lacking []string
	for _, t := range d.targets {
		if e, ok := d.last(t); ok {
			ids = append(ids, "證"+e.ID)
		} else {
			lacking = append(lacking, t.ID)
		}
	}
	mark := ""
	if len(ids) > 0 {
		mark = "【" + strings.Join(distinct(ids), "、") + "】"
	}
	if len(lacking) > 0 || mark == "" {
		mark += "〔待補：" + strings.Join(lacking, "、") + "最近一次完整擷取之證物〕"
	}
	return mark
}

// holder says of each registrable name what its registry told and which exhibit holds that.
func (d drafter) holder() string {
	var lines, seen []string
	for _, t := range d.targets {
		if slices.Contains(seen, t.Registrable) {
			continue
		}
		seen = append(seen, t.Registrable)
		lines = append(lines, d.registration(t.Registrable))
	}
	if len(lines) == 0 {
		return "〔待補：查詢登記名義人之經過〕"
	}
	return strings.Join(append(lines, "〔待補：向註冊商查詢、請求揭露之日期及結果，或未為之理由〕"), "\n")
}

func (d drafter) registration(name string) string {
	for _, e := range slices.Backward(d.exhibits) {
		f := e.Facts
		if f.Domain != name || f.Source == "" {
			continue
		}
		registrant := "查詢結果未揭露註冊人"
		if f.Registrant != "" {
			registrant = "註冊人記載為「" + unmarked(f.Registrant) + "」"
		}
		return fmt.Sprintf("%s 經以 %s 查詢，註冊商為%s，%s【證%s】。", name, strings.ToUpper(f.Source), cmp.Or(unmarked(f.Registrar), "未記載"), registrant, e.ID)
	}
	return "〔待補：" + name + " 之註冊資料查詢經過〕"
}

// unmarked is what somebody outside wrote, without what would make it a mark or a slot.
func unmarked(text string) string {
	return strings.NewReplacer("【", "（", "】", "）", "〔", "（", "〕", "）", "\n", " ").Replace(text)
}

// maxContinuity bounds the sentences that tie one name to earlier ones.
const maxContinuity = 5

// continuity says what exhibits show that ties the names of an application to other targets.
func (d drafter) continuity() string {
	earlier := slices.DeleteFunc(slices.Clone(d.all), func(t Target) bool {
		return slices.ContainsFunc(d.targets, func(own Target) bool { return own.ID == t.ID })
	})
	known := d.lists.ties(earlier, d.exhibits, d.signs)
	var lines []string
	for _, t := range d.targets {
		for i, tie := range known.of(t.Name) {
			if i < maxContinuity {
				lines = append(lines, tie.Text+"【證"+strings.Join(distinct(tie.Exhibits), "、證")+"】。")
			}
		}
	}
	return strings.Join(append(distinct(lines), "〔待補：新舊網域名稱之同一性，及所依證物〕"), "\n")
}
