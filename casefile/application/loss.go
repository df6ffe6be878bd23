package application

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
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
	Target  string    `json:"target"` // D001
}

// The bounds of a table of losses.
const (
	maxLossRows  = 10_000
	MaxLossBytes = 4 << 20
)

// LossRowError says what is wrong with a row of a table of losses.
type LossRowError struct {
	Row   int // from 1, the headings not counted; 0 is the table as a whole
	Field string
	Value string
}

func (e *LossRowError) Error() string { return fmt.Sprintf("row %d: %s %q", e.Row, e.Field, e.Value) }

// lossColumns are the headings of a table of losses, each with the words by which a column is known.
var lossColumns = map[string][]string{
	"victim": {"被害人", "報案人", "victim"}, "date": {"日期", "匯款時間", "date"}, "amount": {"金額", "amount"},
	"target": {"標的", "網域", "網址", "target", "domain"}, "way": {"方式", "way"},
}

// ReadLosses reads a table of losses (CSV, UTF-8, first row its headings): victim, date and amount, the target by its number or its name where there
// are several, and the way of payment. Every row is read or the table is refused: the errors, at most twenty, are *LossRowError.
func ReadLosses(exhibit string, text []byte, targets []Target) ([]Loss, []error) {
	if len(text) > MaxLossBytes {
		return nil, []error{&LossRowError{0, "bytes", strconv.Itoa(len(text))}}
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte(bom))))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	switch {
	case err != nil:
		return nil, []error{&LossRowError{0, "CSV", err.Error()}}
	case len(rows) < 2 || len(rows) > maxLossRows:
		return nil, []error{&LossRowError{0, "rows", strconv.Itoa(len(rows))}}
	}
	at := map[string]int{}
	for name, words := range lossColumns {
		at[name] = slices.IndexFunc(rows[0], func(h string) bool {
			return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(strings.ToLower(h), w) })
		})
	}
	for _, name := range []string{"victim", "date", "amount"} {
		if at[name] < 0 {
			return nil, []error{&LossRowError{0, name, strings.Join(rows[0], ",")}}
		}
	}
	var list []Loss
	var wrong []error
	for i, row := range rows[1:] {
		cell := func(name string) string {
			if j := at[name]; j >= 0 && j < len(row) {
				return strings.TrimSpace(row[j])
			}
			return ""
		}
		l, err := readLoss(cell, targets)
		if err != nil {
			err.Row = i + 1
			wrong = append(wrong, err)
			if len(wrong) == 20 {
				break
			}
			continue
		}
		l.Exhibit, l.Row = exhibit, i+1
		list = append(list, l)
	}
	if len(wrong) > 0 {
		return nil, wrong
	}
	return list, nil
}

func readLoss(cell func(string) string, targets []Target) (Loss, *LossRowError) {
	l := Loss{Victim: cell("victim"), Way: cell("way")}
	if l.Victim == "" {
		return l, &LossRowError{Field: "victim"}
	}
	var ok bool
	if l.Date, ok = readDay(cell("date")); !ok {
		return l, &LossRowError{Field: "date", Value: cell("date")}
	}
	if l.Amount, ok = readAmount(cell("amount")); !ok {
		return l, &LossRowError{Field: "amount", Value: cell("amount")}
	}
	if l.Target, ok = readTarget(cell("target"), targets); !ok {
		return l, &LossRowError{Field: "target", Value: cell("target")}
	}
	return l, nil
}

var dayRE = regexp.MustCompile(`^(?:民國)?(\d{2,4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?$`)

// readDay reads a day of either calendar: 2026-11-02, 115/11/02, 115年11月2日. A year below 1000 is one of the Republic.
func readDay(text string) (time.Time, bool) {
	m := dayRE.FindStringSubmatch(text)
	if m == nil {
		return time.Time{}, false
	}
	var n [3]int
	for i := range n {
		n[i], _ = strconv.Atoi(m[i+1])
	}
	if n[0] < 1000 {
		n[0] += 1911
	}
	day := time.Date(n[0], time.Month(n[1]), n[2], 0, 0, 0, 0, document.Taiwan)
	return day, day.Day() == n[2] && int(day.Month()) == n[1]
}

var amountRE = regexp.MustCompile(`^(?:新臺幣|新台幣|NT\$|\$)?\s*(\d[\d,]*)(?:\.0+)?\s*(萬)?\s*元?$`)

// readAmount reads new Taiwan dollars: 8600000, 8,600,000, 860萬元. What is nothing, or more than a billion, is none.
func readAmount(text string) (int64, bool) {
	m := amountRE.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	n, err := strconv.ParseInt(strings.ReplaceAll(m[1], ",", ""), 10, 64)
	if m[2] != "" {
		n *= 10_000
	}
	return n, err == nil && n > 0 && n <= 1_000_000_000
}

// readTarget finds a target by its number, its name, or an address of it; where there is but one, nothing need be said.
func readTarget(text string, targets []Target) (string, bool) {
	if text == "" && len(targets) == 1 {
		return targets[0].ID, true
	}
	for _, t := range targets {
		if text == t.ID || text != "" && under(hostOf(text), t.Name) {
			return t.ID, true
		}
	}
	return "", false
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
	l.totals(own)
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
