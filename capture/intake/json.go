package intake

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

const (
	maxDepth  = 64      // of nested JSON
	maxToken  = 1 << 20 // bytes of one token of JSON or HTML, with the space before it
	maxMember = 1000    // scalars of one object that are looked at together
)

var (
	errToken = errors.New("a token is longer than 1 MiB")
	errDepth = errors.New("nested deeper than 64 levels")
)

// jsonSource counts lines, and ends a token that is too long.
type jsonSource struct {
	r        io.Reader
	offset   int64
	newlines []int64 // offsets that are still ahead of the decoder
	passed   int     // lines before them
	left     int     // bytes that may be read for the token at hand
}

func (s *jsonSource) Read(p []byte) (int, error) {
	if s.left == 0 {
		return 0, errToken
	}
	n, err := s.r.Read(p[:min(len(p), s.left)])
	for i, b := range p[:n] {
		if b == '\n' {
			s.newlines = append(s.newlines, s.offset+int64(i))
		}
	}
	s.offset += int64(n)
	s.left -= n
	return n, err
}

// lineAt gives the line of an offset; offsets come in ascending order.
func (s *jsonSource) lineAt(offset int64) int {
	n, _ := slices.BinarySearch(s.newlines, offset)
	s.passed += n
	s.newlines = s.newlines[n:]
	return s.passed + 1
}

// frame is an open object or array.
type frame struct {
	object bool
	line   int
	key    string // of the member at hand; "" where a key comes next
	keyed  bool
	keys   []string
	cells  []string
	size   int  // bytes of both
	nested bool // has another object in it: it wraps rows, and is one itself only if it holds an address
}

// jsonReading walks through any nest of objects and arrays. An object with scalars is a row; so is a text in an array, with what the
// object around it has said so far.
type jsonReading struct {
	table
	source *jsonSource
	stack  []frame
}

func (r *reading) json(src io.Reader) error {
	j := jsonReading{table: table{reading: r}, source: &jsonSource{r: src}}
	dec := json.NewDecoder(j.source)
	dec.UseNumber()
	for {
		j.source.left = maxToken
		token, err := dec.Token()
		if err != nil {
			return j.end(err, dec.InputOffset())
		}
		if err := j.token(token, j.source.lineAt(dec.InputOffset()-1)); err != nil {
			if errors.Is(err, errDepth) {
				return j.end(err, dec.InputOffset())
			}
			return err
		}
	}
}

// end tells what was left open where the reading stops.
func (j *jsonReading) end(err error, offset int64) error {
	if errors.Is(err, io.EOF) && len(j.stack) == 0 {
		return nil
	}
	line := j.source.lineAt(offset)
	how, why, raw := cutBroken, whyBroken, fmt.Sprint(err)
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		how, why = cutTruncated, whyCutShort
	case errors.Is(err, errToken):
		why = whyTooLong
	}
	for _, f := range slices.Backward(j.stack) {
		if f.object {
			line, raw = f.line, strings.Join(f.cells, ", ")
			break
		}
	}
	j.cut(how, line)
	j.report.Rows++
	return j.skip(line, raw, why)
}

func (j *jsonReading) token(token json.Token, line int) error {
	if d, ok := token.(json.Delim); ok {
		switch d {
		case '{', '[':
			return j.open(d == '{', line)
		}
		return j.close()
	}
	text := scalar(token)
	if len(j.stack) == 0 {
		return j.element(line, text)
	}
	top := &j.stack[len(j.stack)-1]
	switch {
	case !top.object:
		return j.element(line, text)
	case !top.keyed:
		top.key, top.keyed = text, true
		return nil
	}
	top.keyed = false
	top.keys, top.cells = append(top.keys, top.key), append(top.cells, text)
	if top.size += len(top.key) + len(text); len(top.keys) < maxMember && top.size < maxToken {
		return nil
	}
	err := j.object(*top)
	top.keys, top.cells, top.size = nil, nil, 0
	return err
}

func (j *jsonReading) open(object bool, line int) error {
	if len(j.stack) == maxDepth {
		return errDepth
	}
	if n := len(j.stack); n > 0 {
		j.stack[n-1].keyed = false
	}
	for i := range j.stack {
		j.stack[i].nested = j.stack[i].nested || object
	}
	j.stack = append(j.stack, frame{object: object, line: line})
	return nil
}

func (j *jsonReading) close() error {
	top := j.stack[len(j.stack)-1]
	j.stack = j.stack[:len(j.stack)-1]
	if !top.object || len(top.cells) == 0 && top.nested {
		return nil
	}
	return j.object(top)
}

// object reads the scalars of an object as a row whose heading are their keys.
func (j *jsonReading) object(f frame) error {
	if !slices.Equal(f.keys, j.columns.headers) {
		j.columns, _ = mapped(f.keys)
		if j.report.Dataset == "" {
			j.report.Dataset = j.columns.dataset
		}
		j.tellObject(f)
	}
	if found, err := j.articles(f); err != nil || found {
		return err
	}
	n, why, err := j.row(f.line, f.cells)
	if err != nil {
		return err
	}
	if n == 0 && f.nested {
		return nil
	}
	j.report.Rows++
	if n > 0 {
		return nil
	}
	return j.skip(f.line, strings.Join(f.cells, ", "), why)
}

// tellObject puts the keys into the report, once they are those of a row.
func (j *jsonReading) tellObject(f frame) {
	j.told = f.nested
	if !f.nested && j.columns.useful() {
		j.report.Columns = nil
		j.tell()
	}
	j.told = true
}

// articles reads the pages in an object: the articles of 165 come as JSON with their tables as HTML.
func (j *jsonReading) articles(f frame) (found bool, err error) {
	var span [2]string
	for _, cell := range f.cells {
		if from, to := isoSpan(cell); from != "" && len(cell) < maxSkippedRaw {
			span = [2]string{from, to}
		}
		if !strings.Contains(cell, "<table") {
			continue
		}
		found = true
		p := newPage(j.reading, strings.NewReader(cell), f.line, true)
		p.span = span
		if err := p.read(); err != nil {
			return found, err
		}
	}
	return found, nil
}

// element reads a text of an array.
func (j *jsonReading) element(line int, text string) error {
	j.report.Rows++
	e := Entry{Line: line}
	for i, f := range slices.Backward(j.stack) {
		if f.object {
			c, _ := mapped(f.keys)
			around := table{reading: j.reading, columns: c}
			e = around.entry(line, f.cells)
			j.stack[i].nested = true
			break
		}
	}
	if len(text) > maxCell {
		return j.skip(line, text, whyTooLong)
	}
	n, why, err := j.cell(e, text, inCell)
	if err != nil || n > 0 {
		return err
	}
	return j.skip(line, text, why)
}

func scalar(token json.Token) string {
	switch v := token.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	return fmt.Sprint(token)
}
