package application

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"yuzheng/casefile/document"
)

// Loss is one payment that a victim reported: a row of a complaint or of a record of the line 165.
type Loss struct {
	Exhibit string    `json:"exhibit"` // that holds the report
	Row     int       `json:"row"`     // of its table, from 1; 0 where a person wrote it out of the report
	Victim  string    `json:"victim"`  // a code or a name; the same for the same person
	Date    time.Time `json:"date"`    // of the payment, a day in Taiwan's time
	Amount  int64     `json:"amount"`  // new Taiwan dollars
	Way     string    `json:"way,omitempty"`
	Target  string    `json:"target"`         // D001; empty: Site is none of the case's targets
	Site    string    `json:"site,omitempty"` // as the report names it, where it is no target
}

// losses of a target: how many victims there are, and how much they paid.
func sumOf(list []Loss, target string) (victims int, amount int64) {
	var seen []string
	for _, l := range list {
		if target == "" || l.Target == target {
			amount += l.Amount
			seen = append(seen, l.Victim)
		}
	}
	return len(distinct(seen)), amount
}

// Money is an amount as papers print it: 860萬元, 12,345元.
func (v *view) Money(n int64) string { return money(n) }

func money(n int64) string {
	if n >= 10_000 && n%10_000 == 0 {
		return thousands(n/10_000) + "萬元"
	}
	return thousands(n) + "元"
}

func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// maxLossLines bounds the rows that are printed one by one; of more, the sums are, and the exhibit has the rest.
const maxLossLines = 60

// LossLine is one line of the table of losses.
type LossLine struct{ Target, Victim, Date, Amount, Way, Exhibit string }

// LossLines are the losses of the application's targets, oldest first, and their sum; empty for none.
func (v *view) LossLines() (lines []LossLine) {
	own := v.losses()
	if len(own) > 0 && len(own) <= maxLossLines {
		for _, l := range own {
			lines = append(lines, LossLine{l.Target, l.Victim, document.Date(l.Date), money(l.Amount), l.Way, "證" + l.Exhibit})
		}
	}
	return append(lines, v.LossTotals()...)
}

// LossTotals are the sums of the losses by target, and of all: what who is no party may know of them.
func (v *view) LossTotals() (lines []LossLine) {
	own := v.losses()
	for _, t := range v.Rows {
		if n, amount := sumOf(own, t.ID); n > 0 && len(v.Rows) > 1 {
			lines = append(lines, LossLine{t.ID + " 小計", fmt.Sprintf("%d 人", n), "", money(amount), "", ""})
		}
	}
	if n, amount := sumOf(own, ""); n > 0 {
		lines = append(lines, LossLine{"合計", fmt.Sprintf("%d 人", n), "", money(amount), "", ""})
	}
	return lines
}

// losses are those of the application's targets, by day.
func (v *view) losses() []Loss {
	list := slices.DeleteFunc(slices.Clone(v.Losses), func(l Loss) bool { return !slices.Contains(v.App.Targets, l.Target) })
	slices.SortStableFunc(list, func(a, b Loss) int { return a.Date.Compare(b.Date) })
	return list
}

// claimed puts the sums of the table in the place of what a target leaves open.
func claimed(t Target, losses []Loss) Target {
	if n, amount := sumOf(losses, t.ID); t.Victims == 0 && t.Amount == 0 {
		t.Victims, t.Amount = n, amount
	}
	return t
}

// totalRE finds a sum of money that claims to be that of all losses.
var totalRE = regexp.MustCompile(`(?:合計|共計|總計)(?:為|達|約)?(?:新臺幣|新台幣)?([0-9,]+萬?)元`)

// losses holds the figures of targets and words against the table of losses: what nobody reported is claimed of nobody.
func (l *lint) losses() {
	if kind, _ := l.Lists.Type(l.app.Type); kind.Restores {
		return // nothing is claimed of a name that is let go
	}
	var own []Loss
	for _, loss := range l.Losses {
		if slices.Contains(l.app.Targets, loss.Target) {
			own = append(own, loss)
		}
	}
	for _, id := range l.app.Targets {
		t, _ := findTarget(l.Targets, id)
		n, amount := sumOf(own, id)
		switch {
		case t.Victims == 0 && t.Amount == 0:
		case n == 0:
			l.say("lint.loss.none", id, "target", id, "victims", strconv.Itoa(t.Victims), "amount", money(t.Amount))
		case t.Victims != n || t.Amount != amount:
			l.say("lint.loss.differs", id, "target", id, "victims", strconv.Itoa(t.Victims), "amount", money(t.Amount), "n", strconv.Itoa(n), "sum", money(amount))
		}
	}
	l.twice(own)
	l.totals(own)
}

// twice tells of a payment that two exhibits report: a complaint and the record of the line 165 of it would count it twice.
func (l *lint) twice(own []Loss) {
	first := map[Loss]Loss{}
	for _, loss := range own {
		same := loss
		same.Exhibit, same.Row, same.Way, same.Date = "", 0, "", loss.Date.UTC() // of one day there are several zones
		switch before, ok := first[same]; {
		case !ok:
			first[same] = loss
		case before.Exhibit != loss.Exhibit:
			l.say("lint.loss.twice", loss.Exhibit, "exhibit", loss.Exhibit, "row", strconv.Itoa(loss.Row), "before", before.Exhibit, "n", strconv.Itoa(before.Row))
		}
	}
}

func (l *lint) totals(own []Loss) {
	if len(own) == 0 {
		return
	}
	sums := map[int64]bool{}
	for _, id := range append([]string{""}, l.app.Targets...) {
		_, amount := sumOf(own, id)
		sums[amount] = true
	}
	t, _ := l.Lists.Type(l.app.Type)
	fields, texts := t.texts(l.app)
	_, all := sumOf(own, "")
	for i, f := range fields {
		for _, m := range totalRE.FindAllStringSubmatch(texts[i], -1) {
			if n, ok := readAmount(m[1]); ok && !sums[n] {
				l.say("lint.loss.total", f.Name, "label", f.Label, "label_en", f.LabelEN, "said", m[1]+"元", "sum", money(all))
			}
		}
	}
}
