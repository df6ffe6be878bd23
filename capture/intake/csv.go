package intake

import (
	"errors"
	"io"
	"strings"
)

// encoding/csv has no way on from a quote that is never closed: the rest of the file becomes one cell. Here such a quote costs its own
// line, and every row knows the physical line at which it begins.

const (
	maxJoined = 32  // physical lines of one row
	sample    = 200 // lines by which a table is judged
)

// record is one row of a table.
type record struct {
	line
	cells  []string
	broken bool // has a quote that is never closed; its cells are cut at every separator
}

// records gives the rows of a table of separated values.
type records struct {
	lines     *lines
	separator byte
	columns   int    // that a row should have; 0 if that is not known
	ahead     []line // read, but not yet part of a row
}

func (r *records) next() (record, error) {
	first, err := r.peek(0)
	if err != nil {
		return record{}, err
	}
	rec := record{line: first}
	c := cutter{separator: r.separator}
	complete := c.feed(first.text)
	joined, size, separators := 1, len(first.text), strings.Count(first.text, string(r.separator))
	for ; !complete && joined < maxJoined && size < maxCell; joined++ {
		l, err := r.peek(joined)
		size += len(l.text) + 1
		separators += strings.Count(l.text, string(r.separator))
		if err != nil || r.columns > 1 && separators >= 2*(r.columns-1) {
			break // enough for two rows: the quote is a mistake
		}
		complete = c.feed("\n" + l.text)
		rec.open, rec.long = l.open, l.long
	}
	if !complete {
		cells := strings.SplitN(strings.ReplaceAll(first.text, `"`, ""), string(r.separator), maxColumns)
		rec, joined = record{line: first, cells: cells, broken: true}, 1
	} else {
		rec.cells = c.cells
	}
	r.ahead = r.ahead[joined:]
	return rec, nil
}

func (r *records) peek(i int) (line, error) {
	for len(r.ahead) <= i {
		l, err := r.lines.next()
		if err != nil {
			return line{}, err
		}
		r.ahead = append(r.ahead, l)
	}
	return r.ahead[i], nil
}

// cutter cuts a row that may go over several lines into cells (RFC 4180, and lenient: a quote inside a cell is a character).
type cutter struct {
	separator byte
	cells     []string
	quoted    strings.Builder
	inside    bool // of a quoted cell
}

// feed takes the next line and reports whether the row is complete.
func (c *cutter) feed(text string) bool {
	for {
		if !c.inside {
			trimmed := strings.TrimLeft(text, " ")
			if !strings.HasPrefix(trimmed, `"`) {
				cell, rest, more := strings.Cut(text, string(c.separator))
				if len(c.cells) == maxColumns {
					cell, more = text, false
				}
				c.cells = append(c.cells, cell)
				if !more {
					return true
				}
				text = rest
				continue
			}
			text, c.inside = trimmed[1:], true
		}
		end := strings.IndexByte(text, '"')
		if end < 0 {
			c.quoted.WriteString(text)
			return false
		}
		c.quoted.WriteString(text[:end])
		text = text[end+1:]
		rest, closed := c.closed(text)
		if !closed {
			text = strings.TrimPrefix(text, `"`) // two quotes are one
			c.quoted.WriteByte('"')
			continue
		}
		c.cells = append(c.cells, c.quoted.String())
		c.quoted.Reset()
		c.inside = false
		if rest == "" {
			return true
		}
		text = rest[1:]
	}
}

// closed reports whether a quote before text ends its cell, and gives text from the separator on.
func (c *cutter) closed(text string) (string, bool) {
	rest := strings.TrimLeft(text, " ")
	return rest, rest == "" || rest[0] == c.separator
}

// csv reads a table of separated values.
func (r *reading) csv(src io.Reader) error {
	rows := records{lines: newLines(src), separator: r.shape.separator}
	t := table{reading: r}
	t.columns.fields = r.options.Columns
	if t.columns.fields == nil {
		t.columns = columns{fields: r.shape.columns, guessed: true}
	}
	for {
		rec, err := rows.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err := t.record(rec); err != nil {
			return err
		}
		rows.columns = len(t.columns.headers)
	}
}

// sniffTable judges whether a text is a table: its heading says so among the first lines, or its name, or tabs that are as many in
// every line.
func sniffTable(text, ending string) (shape, bool) {
	rows := strings.SplitN(text, "\n", sample+1)
	if len(rows) > 1 {
		rows = rows[:len(rows)-1] // the last may be cut
	}
	for _, separator := range []byte{',', '\t', ';'} {
		for i, row := range rows[:min(len(rows), 10)] {
			c := cutter{separator: separator}
			if !c.feed(strings.TrimRight(row, "\r")) {
				continue
			}
			if _, ok := heading(c.cells); ok && (len(c.cells) > 1 || i == 0) {
				return shape{kind: kindTable, separator: separator}, true
			}
		}
	}
	switch tabs := steady(rows, '\t'); {
	case ending == ".tsv" || tabs > 0:
		return looked(rows, '\t'), true
	case ending != ".csv":
		return shape{}, false
	case steady(rows, ';') > 0 && steady(rows, ',') == 0:
		return looked(rows, ';'), true
	}
	return looked(rows, ','), true
}

// steady gives how many separators every one of at least two lines has; 0 if they differ.
func steady(rows []string, separator byte) int {
	n := -1
	for _, row := range rows {
		if strings.TrimSpace(row) == "" {
			continue
		}
		m := strings.Count(row, string(separator))
		if n >= 0 && m != n || m == 0 {
			return 0
		}
		n = m
	}
	if len(rows) < 2 {
		return 0
	}
	return max(n, 0)
}

// looked finds the column that holds addresses and nothing else most often; one with whole addresses before one with names.
func looked(rows []string, separator byte) shape {
	score := []int{}
	for _, row := range rows {
		c := cutter{separator: separator}
		c.feed(strings.TrimRight(row, "\r"))
		for i, cell := range c.cells[:min(len(c.cells), maxHeaders)] {
			for len(score) <= i {
				score = append(score, 0)
			}
			text := strings.TrimSpace(refang(cell))
			found := find(text, inCell)
			if len(found) == 1 && !found[0].email && found[0].begin == 0 && found[0].end == len(text) {
				score[i] += 4
				if found[0].scheme != "" || found[0].tail != "" {
					score[i]++
				}
			}
		}
	}
	s := shape{kind: kindTable, separator: separator}
	best := 0
	for i, n := range score {
		if n > best {
			best, s.columns = n, make([]Field, i+1)
			s.columns[i] = fieldAddress
		}
	}
	return s
}
