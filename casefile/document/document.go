// Package document is one model of a paper, written out as HTML (which a browser prints to PDF), ODT and DOCX.
//
// The three come from the same blocks and never differ in their words. Bytes are deterministic: the same document gives
// the same file. All text is data: it is cleaned and escaped here, nowhere else. Templates make documents out of text
// files (see Template).
package document

import (
	"cmp"
	"io"
)

// Document is one paper, A4.
type Document struct {
	Title  string
	Mark   string // 密件, 偵查不公開 …; printed at the top right of every page
	Footer string // printed above the number of every page; may hold PageNumber
	Lang   string // default zh-TW
	Style  Style
	Blocks []Block
}

// PageNumber stands in a footer for the number of its page.
const PageNumber = "\x01"

// Style is how a paper is set. The zero value is that of court papers.
type Style struct {
	Font      string  // of Chinese text; default 標楷體
	Latin     string  // of Latin text and numbers; default Times New Roman, as offices have it
	Body      float64 // points; default 16
	Table     float64 // points; default 14
	Line      float64 // fixed line height in points; default 25
	Margin    float64 // centimetres; default 2.5
	Landscape bool
}

func (s Style) withDefaults() Style {
	s.Font = cmp.Or(s.Font, "標楷體")
	s.Latin = cmp.Or(s.Latin, "Times New Roman")
	s.Body = cmp.Or(s.Body, 16)
	s.Table = cmp.Or(s.Table, 14)
	s.Line = cmp.Or(s.Line, 25)
	s.Margin = cmp.Or(s.Margin, 2.5)
	return s
}

// page is the size of the paper in centimetres.
func (s Style) page() (width, height float64) {
	if s.Landscape {
		return 29.7, 21
	}
	return 21, 29.7
}

// textWidth is the width between the margins in centimetres.
func (s Style) textWidth() float64 {
	w, _ := s.page()
	return w - 2*s.Margin
}

// Block is a part of a paper: Heading, Paragraph, Table, Figure or PageBreak.
type Block interface{ block() }

// Heading is a line of the outline. Level 0 is the title of the paper, centred; 1 to 3 follow. A numbered one takes part
// in the count of the paragraphs of its level.
type Heading struct {
	Level    int
	Numbered bool
	Text     string
}

// alignment places a paragraph.
type alignment string

// The alignments. No text is justified: where a name goes to the next line whole, its line before would be stretched to the margin.
const (
	alignLeft   alignment = ""
	alignCenter alignment = "center"
	alignRight  alignment = "right"
)

// Paragraph is a paragraph of text; a line feed in it breaks the line. With a Level of 1 to 4 it is numbered
// 一、 （一） 1. (1) in its turn, and starts the count of lower levels afresh.
type Paragraph struct {
	Level  int
	Text   string
	Align  alignment
	Hang   string // a label that stands left of the text, as 被告 does; excludes Level
	Indent int    // of the whole paragraph, in characters
	Keep   bool   // never the last of a page, as it belongs to what follows; not with Hang
}

// Table is a table whose header is repeated on every page.
type Table struct {
	Caption string
	Columns []Column
	Rows    [][]string
	Small   bool // 10 points instead of the style's table size
}

// Column is one column; Width is a share of the whole, and Mono sets it in a fixed pitch.
type Column struct {
	Title string
	Width float64
	Mono  bool
}

// Figure is a picture, of Width and Height in centimetres.
type Figure struct {
	PNG           func() (io.ReadCloser, error)
	Width, Height float64
	Alt           string
	Caption       string
}

// PageBreak begins a new page. With a Footer, the pages from here on have that one, and lie where they are Turned: for a wide picture. Their sides are
// head and foot of the bound volume, where no binding needs room, and TurnedMargin wide.
type PageBreak struct {
	Footer string
	Turned bool
}

// TurnedMargin is that of the sides of a turned page, in centimetres.
const TurnedMargin = 1.5

func (Heading) block()   {}
func (Paragraph) block() {}
func (Table) block()     {}
func (Figure) block()    {}
func (PageBreak) block() {}

// section is a run of pages with one footer that lie alike.
type section struct {
	footer string
	turned bool
	blocks []Block
}

// pageOf is the size of the pages of a section and the margin of their sides, in centimetres.
func (s Style) pageOf(sec section) (width, height, side float64) {
	side = s.Margin
	if sec.turned {
		s.Landscape, side = true, TurnedMargin
	}
	width, height = s.page()
	return width, height, side
}

// sections cuts the blocks where footer or lie of the pages changes, cleans every text, and puts the numbers before the paragraphs.
func (d Document) sections() []section {
	list := []section{{footer: d.Footer}}
	var c counter
	for _, b := range d.Blocks {
		last := &list[len(list)-1]
		switch v := b.(type) {
		case PageBreak:
			if v.Footer != "" && (v.Footer != last.footer || v.Turned != last.turned) {
				list = append(list, section{footer: v.Footer, turned: v.Turned})
				continue
			}
		case Heading:
			v.Text = Clean(v.Text)
			if v.Numbered {
				v.Text = c.next(v.Level) + v.Text
			}
			b = v
		case Paragraph:
			v.Text, v.Hang = Clean(v.Text), Clean(v.Hang)
			if v.Level > 0 {
				v.Text = c.next(v.Level) + v.Text
			}
			b = v
		case Table:
			b = v.clean()
		case Figure:
			v.Alt, v.Caption = Clean(v.Alt), Clean(v.Caption)
			b = v
		}
		last.blocks = append(last.blocks, b)
	}
	if len(list) > 1 && len(list[0].blocks) == 0 {
		list = list[1:]
	}
	return list
}

// clean copies the table with clean cells, one for each column, and widths that make 1.
func (t Table) clean() Table {
	total := 0.0
	for _, c := range t.Columns {
		total += cmp.Or(c.Width, 1)
	}
	columns := make([]Column, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = Column{Clean(c.Title), cmp.Or(c.Width, 1) / total, c.Mono}
	}
	rows := make([][]string, len(t.Rows))
	for i, r := range t.Rows {
		rows[i] = make([]string, len(columns))
		for j := range min(len(r), len(columns)) {
			rows[i][j] = Clean(r[j])
		}
	}
	t.Caption, t.Columns, t.Rows = Clean(t.Caption), columns, rows
	return t
}

// counter counts numbered blocks on four levels.
type counter [5]int

func (c *counter) next(level int) string {
	level = min(max(level, 1), 4)
	c[level]++
	clear(c[level+1:])
	return label(level, c[level])
}

// hang is how far numbered text stands in from the left, and its first line from there, in characters.
func (p Paragraph) hang() (left, first float64) {
	switch {
	case p.Hang != "":
		return hangLabel, -hangLabel
	case p.Level == 1:
		return 2, -2
	case p.Level == 2:
		return 4, -3
	case p.Level == 3:
		return 5, -1.5
	case p.Level >= 4:
		return 7, -2
	}
	return float64(p.Indent), 0
}

// hangLabel is the room for a label left of its text: that of 應受扣押裁定之人 and a space.
const hangLabel = 9
