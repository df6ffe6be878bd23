package intake

import (
	"slices"
	"strings"
)

// table makes entries of the rows of a list, whatever form it has.
type table struct {
	*reading
	columns columns
	span    [2]string // dates that hold for every row without its own
	told    bool      // the report has the columns
}

// record reads one row of a table of separated values.
func (t *table) record(rec record) error {
	t.report.Rows++
	switch {
	case rec.long:
		return t.skip(rec.number, rec.text, whyTooLong)
	case rec.open && (t.source.bounded || rec.broken || rec.cutOff() || len(rec.cells) < len(t.columns.headers)):
		t.cut(cutTruncated, rec.number)
		return t.skip(rec.number, rec.text, whyCutShort)
	case strings.HasPrefix(strings.ToLower(rec.text), "sep=") && rec.number == 1:
		return t.skip(rec.number, rec.text, whyHeader)
	}
	t.broken = rec.broken
	n, why, err := t.row(rec.number, rec.cells)
	t.broken = false
	if err != nil || n > 0 {
		return err
	}
	if rec.broken && why == whyNoAddress {
		why = whyBroken
	}
	return t.skip(rec.number, rec.text, why)
}

// row reads one row and tells how many addresses, clues and faults came out of it; where none did, the reason is why.
func (t *table) row(number int, cells []string) (n int, why Reason, err error) {
	if !slices.ContainsFunc(cells, func(cell string) bool { return !blank(cell) }) {
		return 0, whyEmpty, nil
	}
	if c, ok := heading(cells); ok {
		t.adopt(c)
		return 0, whyHeader, nil
	}
	t.tell()
	e := t.entry(number, cells)
	for _, f := range []Field{fieldAddress, fieldDomain, fieldLine} {
		m, reason, err := t.field(e, f, cells)
		if n += m; err != nil || n > 0 {
			return n, "", err
		}
		if why == "" {
			why = reason
		}
	}
	odd := len(t.columns.fields) > 0 && len(cells) != len(t.columns.fields)
	if t.columns.guessed || odd || !t.columns.useful() {
		return t.everywhere(e, cells)
	}
	return 0, why, nil
}

// adopt takes a heading for what follows. A second one, like the Chinese one of 160055, changes nothing.
func (t *table) adopt(c columns) {
	if t.columns.headers == nil && t.options.Columns == nil {
		t.columns = c
		if t.report.Dataset == "" {
			t.report.Dataset = c.dataset
		}
	}
	if t.options.Columns != nil && t.columns.headers == nil {
		t.columns.headers = c.headers
	}
	t.tell()
}

func (t *table) tell() {
	if !t.told && len(t.report.Columns) == 0 {
		t.report.Columns = t.columns.report()
	}
	t.told = true
}

// field reads the cells of one field.
func (t *table) field(e Entry, f Field, cells []string) (n int, why Reason, err error) {
	for i, g := range t.columns.fields {
		if g != f || i >= len(cells) {
			continue
		}
		m, reason, err := t.one(e, f, cells[i])
		if n += m; err != nil {
			return n, "", err
		}
		if why == "" || why == whyEmpty {
			why = reason
		}
	}
	return n, why, nil
}

func (t *table) one(e Entry, f Field, cell string) (int, Reason, error) {
	if len(cell) > maxCell {
		return 1, "", t.skip(e.Line, cell, whyTooLong)
	}
	n, why, err := t.cell(e, cell, inCell)
	if f != fieldLine || n > 0 || err != nil || why == whyNone || why == whyEmpty {
		return n, why, err
	}
	c, ok := lineAccount(cell)
	if !ok {
		return 0, why, nil
	}
	c.Entry = e
	c.Raw = cell
	return 1, "", t.clue(c)
}

// everywhere reads all cells of a row of which it is not known where its address stands.
func (t *table) everywhere(e Entry, cells []string) (n int, why Reason, err error) {
	why = whyNoAddress
	for _, cell := range cells {
		m, reason, err := t.one(e, fieldAddress, cell)
		if n += m; err != nil {
			return n, "", err
		}
		if reason == whyUndecodable || reason == whyNone && len(cells) == 1 {
			why = reason
		}
	}
	return n, why, nil
}

// entry gives what a row says beside its address.
func (t *table) entry(line int, cells []string) Entry {
	e := Entry{Line: line, From: t.span[0], To: t.span[1]}
	for i, f := range t.columns.fields {
		if i >= len(cells) || f == "" {
			continue
		}
		cell := strings.TrimSpace(cells[i])
		if len(cell) > maxCell {
			continue
		}
		switch f {
		case fieldName:
			e.Name = cell
		case fieldCount:
			e.Count = number(cell)
		case fieldFrom:
			e.From = isoDate(cell)
		case fieldTo:
			e.To = isoDate(cell)
		case fieldCreated:
			e.Created = isoDate(cell)
		case fieldStopped:
			e.StoppedOn = isoDate(cell)
			e.Stopped = cell != "" && !isNone(cell)
		case fieldNature:
			e.Nature = cell
		case fieldLaw:
			e.Law = cell
		case fieldApplicant:
			e.Applicant = cell
		}
	}
	if t.columns.dataset == stopped165 {
		e.Stopped, e.StoppedOn = true, e.From
	}
	return e
}
