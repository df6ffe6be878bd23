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
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/traditionalchinese"
	utf "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"

	"yuzheng/casefile/document"
)

// The bounds of a table of losses.
const (
	maxLossRows  = 10_000
	MaxLossBytes = 4 << 20
	maxLossFault = 20 // rows that are told of
	maxTitleRows = 10 // rows above the headings
)

// The fields of a loss that a table has columns for, and what else can be wrong with one.
const (
	LossVictim = "victim"
	LossDate   = "date"
	LossAmount = "amount"
	LossTarget = "target" // may lack where there is but one
	LossWay    = "way"    // may lack

	LossText  = "text"  // of the file: it is longer than MaxLossBytes, or in no encoding that is known
	LossRows  = "rows"  // none, or more than are read
	LossTotal = "total" // a row that says what the rows above add up to, and they do not
)

// LossRowError says what is wrong with a row of a table of losses.
type LossRowError struct {
	Row      int    // from 1, counted below the headings; 0 is the table as a whole
	Field    string // LossVictim, …
	Value    string // that cannot be read
	Headings string // of the table, where a column is not known for sure
}

func (e *LossRowError) Error() string { return fmt.Sprintf("row %d: %s %q", e.Row, e.Field, e.Value) }

// LossFields are the fields that a table of losses has columns for, in their order.
var LossFields = []string{LossVictim, LossDate, LossAmount, LossTarget, LossWay}

// lossHeadings are the headings by which a column is known, whole and in NFKC: a part of one says too little (手續費金額, 被害人出生日期).
var lossHeadings = map[string][]string{
	LossVictim: {"被害人", "被害人姓名", "被害人代號", "被害人編號", "victim"},
	LossDate:   {"日期", "匯款日期", "匯款時間", "轉帳日期", "轉帳時間", "付款日期", "付款時間", "交付日期", "交付時間", "交易日期", "交易時間", "date", "payment date"},
	LossAmount: {"金額", "匯款金額", "轉帳金額", "付款金額", "交付金額", "交易金額", "損失金額", "財損金額", "被害金額", "詐騙金額", "遭詐金額", "amount"},
	LossTarget: {"標的", "標的編號", "網域", "網域名稱", "網址", "涉案網址", "詐騙網址", "涉詐網址", "target", "domain", "url"},
	LossWay:    {"方式", "付款方式", "匯款方式", "轉帳方式", "交付方式", "支付方式", "way", "payment method"},
}

// LossOptions say how a table of losses is read.
type LossOptions struct {
	Exhibit string            // that reports them
	Targets []Target          // of the case
	Columns map[string]string // field to the heading of its column, where a person says so
	Now     time.Time         // nobody has paid after it
}

// LossTable is a table of losses as it was read.
type LossTable struct {
	Losses  []Loss
	Columns map[string]string // field to the heading of the column that it was read from
	Alike   []int             // rows that say word for word what an earlier one says
}

// ReadLosses reads a table of losses: CSV, in UTF-8, UTF-16 or Big5, with commas, semicolons or tabs, as spreadsheets write it. Its headings, below a
// title or not, name victim, date and amount, the target where there are several, and the way of payment. A row about a site that is no target is kept and
// counts for none. A row that says what the others add up to is held against them. Every row is read or the table is refused: the errors, at most twenty,
// are *LossRowError.
func ReadLosses(text []byte, o LossOptions) (LossTable, []error) {
	rows, wrong := lossRows(text)
	if wrong != nil {
		return LossTable{}, []error{wrong}
	}
	rows, at, wrong := lossColumns(rows, o.Columns)
	if wrong != nil {
		return LossTable{}, []error{wrong}
	}
	t := lossReading{LossOptions: o, at: at, made: LossTable{Columns: map[string]string{}}, seen: map[Loss]bool{}}
	for name, i := range at {
		t.made.Columns[name] = strings.TrimSpace(rows[0][i])
	}
	for i, row := range rows[1:] {
		if err := t.read(i+1, row); err != nil {
			err.Row = i + 1
			if t.wrong = append(t.wrong, err); len(t.wrong) == maxLossFault {
				break
			}
		}
	}
	if len(t.wrong) > 0 {
		return LossTable{}, t.wrong
	}
	if len(t.made.Losses) == 0 {
		return LossTable{}, []error{&LossRowError{Field: LossRows, Value: "0"}}
	}
	return t.made, nil
}

// lossRows are the cells of a table.
func lossRows(text []byte) ([][]string, *LossRowError) {
	if len(text) > MaxLossBytes {
		return nil, &LossRowError{Field: LossText, Value: fmt.Sprintf("%d > %d bytes", len(text), MaxLossBytes)}
	}
	plain, ok := decoded(text)
	if !ok {
		return nil, &LossRowError{Field: LossText, Value: "UTF-8, UTF-16, Big5"}
	}
	comma := separator(plain)
	if first, rest, _ := strings.Cut(plain, "\n"); strings.HasPrefix(first, "sep=") {
		plain = rest
	}
	r := csv.NewReader(strings.NewReader(plain))
	r.FieldsPerRecord, r.Comma = -1, comma
	rows, err := r.ReadAll()
	switch {
	case err != nil:
		return nil, &LossRowError{Field: LossText, Value: err.Error()}
	case len(rows) > maxLossRows:
		return nil, &LossRowError{Field: LossRows, Value: fmt.Sprintf("%d > %d", len(rows), maxLossRows)}
	}
	return rows, nil
}

// decoded is a text in UTF-8. What is not marked and is no UTF-8 is Big5, which spreadsheets of Taiwan write, or nothing that is known.
func decoded(text []byte) (string, bool) {
	switch {
	case bytes.HasPrefix(text, []byte{0xff, 0xfe}), bytes.HasPrefix(text, []byte{0xfe, 0xff}):
		out, err := utf.UTF16(utf.LittleEndian, utf.UseBOM).NewDecoder().Bytes(text)
		return string(out), err == nil && !bytes.ContainsRune(out, utf8.RuneError)
	case utf8.Valid(text):
		return strings.TrimPrefix(string(text), bom), true
	}
	out, err := traditionalchinese.Big5.NewDecoder().Bytes(text)
	return string(out), err == nil && !bytes.ContainsRune(out, utf8.RuneError)
}

// separator is what stands between the cells: what the file says, or what its first lines have most of.
func separator(text string) rune {
	if rest, ok := strings.CutPrefix(text, "sep="); ok && rest != "" {
		r, _ := utf8.DecodeRuneInString(rest)
		return r
	}
	best, most := ',', 0
	head := strings.Join(firstLines(text, maxTitleRows), "\n")
	for _, r := range ",;\t" {
		if n := strings.Count(head, string(r)); n > most {
			best, most = r, n
		}
	}
	return best
}

func firstLines(text string, n int) []string {
	lines := strings.SplitN(text, "\n", n+1)
	return lines[:min(len(lines), n)]
}

// lossColumns finds the headings and which column each field is read from; the rows then begin with the headings.
func lossColumns(rows [][]string, said map[string]string) ([][]string, map[string]int, *LossRowError) {
	wrong, most := &LossRowError{Field: LossRows, Value: "0"}, -1
	for i, row := range rows[:min(len(rows), maxTitleRows)] {
		at, err := columnsOf(row, said)
		if err == nil {
			return rows[i:], at, nil
		}
		if len(at) > most { // the likeliest headings are those that the person is told of
			wrong, most = err, len(at)
		}
	}
	return nil, nil, wrong
}

// columnsOf takes no column for a field but the one whose heading is known, or was named.
func columnsOf(headings []string, said map[string]string) (at map[string]int, wrong *LossRowError) {
	at = map[string]int{}
	for _, name := range LossFields {
		known := lossHeadings[name]
		if said[name] != "" {
			known = []string{heading(said[name])}
		}
		var found []int
		for i, h := range headings {
			if slices.Contains(known, heading(h)) {
				found = append(found, i)
			}
		}
		must := said[name] != "" || slices.Contains([]string{LossVictim, LossDate, LossAmount}, name)
		switch {
		case len(found) == 1:
			at[name] = found[0]
		case wrong == nil && (must || len(found) > 1):
			wrong = &LossRowError{Field: name, Value: said[name], Headings: strings.Join(headings, ", ")}
		}
	}
	return at, wrong
}

var unitRE = regexp.MustCompile(`\s*[(\[【].*[)\]】]\s*$`)

// heading is a heading as it is compared: without a unit in brackets, without spaces around it, of one width and case.
func heading(text string) string {
	return strings.ToLower(strings.TrimSpace(unitRE.ReplaceAllString(plainForm(text), "")))
}

// plainForm is a text in NFKC without what cannot be seen.
func plainForm(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, norm.NFKC.String(text)))
}

// lossReading is a table under way.
type lossReading struct {
	LossOptions
	at         map[string]int
	made       LossTable
	seen       map[Loss]bool
	all, since int64 // of the rows so far, and of those since the last subtotal
	wrong      []error
}

// sums are what a row of sums is called.
var sums = []string{"合計", "總計", "共計", "總額", "小計", "total", "sum", "subtotal"}

// read reads one row. One without anything in it is none.
func (t *lossReading) read(number int, row []string) *LossRowError {
	if !slices.ContainsFunc(row, func(cell string) bool { return strings.TrimSpace(cell) != "" }) {
		return nil
	}
	cell := func(name string) string {
		if i, ok := t.at[name]; ok && i < len(row) {
			return plainForm(row[i])
		}
		return ""
	}
	if slices.ContainsFunc(row, func(c string) bool { return slices.Contains(sums, strings.ToLower(strings.Trim(plainForm(c), ":"))) }) {
		return t.total(cell(LossAmount), len(t.wrong) > 0)
	}
	l, err := t.loss(cell)
	if err != nil {
		return err
	}
	if t.seen[l] {
		t.made.Alike = append(t.made.Alike, number)
	}
	t.seen[l] = true
	l.Exhibit, l.Row = t.Exhibit, number
	t.made.Losses = append(t.made.Losses, l)
	t.all, t.since = t.all+l.Amount, t.since+l.Amount
	return nil
}

// total holds a row of sums against the rows above it, unless one of them lacks.
func (t *lossReading) total(said string, lacking bool) *LossRowError {
	n, ok := readAmount(said)
	if !lacking && said != "" && (!ok || n != t.all && n != t.since) {
		return &LossRowError{Field: LossTotal, Value: said + " ≠ " + thousands(t.all)}
	}
	t.since = 0
	return nil
}

func (t *lossReading) loss(cell func(string) string) (Loss, *LossRowError) {
	l := Loss{Victim: oneName(cell(LossVictim)), Way: cell(LossWay)}
	if l.Victim == "" {
		return l, &LossRowError{Field: LossVictim}
	}
	var ok bool
	if l.Date, ok = readDay(cell(LossDate), t.Now); !ok {
		return l, &LossRowError{Field: LossDate, Value: cell(LossDate)}
	}
	if l.Amount, ok = readAmount(cell(LossAmount)); !ok {
		return l, &LossRowError{Field: LossAmount, Value: cell(LossAmount)}
	}
	if l.Target, ok = readTarget(cell(LossTarget), t.Targets); !ok {
		l.Site = cell(LossTarget)
	}
	return l, nil
}

// Assign finds the target of a loss whose report names a site that was none when it was read.
func (l Loss) Assign(targets []Target) Loss {
	if l.Target == "" && l.Site != "" {
		if id, ok := readTarget(l.Site, targets); ok {
			l.Target, l.Site = id, ""
		}
	}
	return l
}

// oneName is a name as it is told from others: 王 小明 is 王小明, and Ann Lee stays apart.
func oneName(name string) string {
	name = strings.Join(strings.Fields(name), " ")
	if strings.IndexFunc(name, func(r rune) bool { return r != ' ' && !unicode.Is(unicode.Han, r) }) < 0 {
		return strings.ReplaceAll(name, " ", "")
	}
	return name
}

// clockRE is what may follow a day: a time, which is not kept.
var clockRE = regexp.MustCompile(`^(?:(?:[ T]*\d{1,2}[:時].*)|(?:[ T]*[上下]午.*))?$`)

// firstLoss is the first year in which a payment is believed: the office's records of such sites are younger.
const firstLoss = 2000

// readDay reads a day of either calendar, with a time after it or not. What lies before the year 2000 or after now is none: it was read wrongly.
func readDay(text string, now time.Time) (time.Time, bool) {
	day, rest, ok := document.ReadDate(text)
	return day, ok && clockRE.MatchString(rest) && day.Year() >= firstLoss && !day.After(now)
}

var amountRE = regexp.MustCompile(`^(?:新臺幣|新台幣|NT\$|NTD|TWD|\$)?\s*(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,4}))?\s*(萬)?\s*(?:元整?)?$`)

// readAmount reads new Taiwan dollars: 8600000, 8,600,000, 8600000.00, 860萬元, 1.5萬元. Commas stand before three digits, and no part of a dollar is
// left over. What is nothing, or more than a billion, is none.
func readAmount(text string) (int64, bool) {
	m := amountRE.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	n, err := strconv.ParseInt(strings.ReplaceAll(m[1], ",", ""), 10, 64)
	part, whole := m[2], m[3] == ""
	switch {
	case err != nil || n > 1_000_000_000:
		return 0, false
	case whole && len(part) > 2, whole && strings.Trim(part, "0") != "":
		return 0, false // 1.000 may be a thousand
	case !whole:
		more, _ := strconv.ParseInt((part + "0000")[:4], 10, 64)
		n = n*10_000 + more
	}
	return n, n > 0 && n <= 1_000_000_000
}

// readTarget finds a target by its number, its name, or an address of it, the nearest of several; where there is but one, nothing need be said.
func readTarget(text string, targets []Target) (string, bool) {
	if text == "" && len(targets) == 1 {
		return targets[0].ID, true
	}
	text = strings.NewReplacer("hxxp", "http", "[.]", ".", "[:]", ":").Replace(text)
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	host := hostOf(text)
	var found Target
	for _, t := range targets {
		if strings.EqualFold(host, t.ID) {
			return t.ID, true
		}
		if host != "" && under(host, t.Name) && len(t.Name) > len(found.Name) {
			found = t
		}
	}
	return found.ID, found.ID != ""
}
