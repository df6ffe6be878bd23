// Package document is one model of a paper, written out as HTML (which a browser prints to PDF), ODT and DOCX.
//
// The three come from the same blocks and never differ in their words. Bytes are deterministic: the same document gives
// the same file. All text is data: it is cleaned and escaped here, nowhere else.
package document

import (
	"cmp"
	"io"
)

// Document is one paper, A4.
type Document struct {
	Title  string
	Mark   string // 密件, 偵查不公開 …; printed at the top right of every page
	Footer string // printed at the bottom of every page, left of the page number's line
	Lang   string // default zh-TW
	Style  Style
	Blocks []Block
}

// Style is how a paper is set. The zero value is that of court papers.
type Style struct {
	Font      string  // default 標楷體
	Fallback  string  // where the machine has no Font; default TW-Kai
	Body      float64 // points; default 16
	Table     float64 // points; default 14
	Line      float64 // fixed line height in points; default 25
	Margin    float64 // centimetres; default 2.5
	Landscape bool
}

func (s Style) withDefaults() Style {
	s.Font = cmp.Or(s.Font, "標楷體")
	s.Fallback = cmp.Or(s.Fallback, "TW-Kai")
	s.Body = cmp.Or(s.Body, 16)
	s.Table = cmp.Or(s.Table, 14)
	s.Line = cmp.Or(s.Line, 25)
	s.Margin = cmp.Or(s.Margin, 2.5)
	return s
}

// Block is a part of a paper: Heading, Paragraph, Table, Figure or PageBreak.
type Block interface{ block() }

// Heading is a line of the outline. Level 0 is the title of the paper, centred; 1 to 3 follow.
type Heading struct {
	Level int
	Text  string
}

// Align places a paragraph.
type Align string

// The alignments. Left is justified text.
const (
	Left   Align = ""
	Center Align = "center"
	Right  Align = "right"
)

// Paragraph is a paragraph of text; a line feed in it breaks the line. With a Level of 1 to 4 it is numbered
// 一、 （一） 1. (1) in its turn; a number of a higher level, or a heading, starts the lower ones afresh.
type Paragraph struct {
	Level  int
	Text   string
	Align  Align
	Bold   bool
	Hang   string // a label that stands left of the text, as 被告 does; excludes Level
	Indent int    // of the first line, in characters
}

// Table is a table whose header is repeated on every page.
type Table struct {
	Caption string
	Columns []Column
	Rows    [][]string
	Small   bool // 10 points instead of the style's table size
}

// Column is one column; Width is a share of the whole, and Mono sets it in a fixed pitch and lets it break anywhere.
type Column struct {
	Title string
	Width float64
	Mono  bool
}

// Figure is a picture, as wide as the text unless Width or Height (centimetres) say less.
type Figure struct {
	PNG     func() (io.ReadCloser, error)
	Width   float64
	Height  float64
	Alt     string
	Caption string
}

// PageBreak begins a new page. With a Footer, the pages from here on have that one.
type PageBreak struct{ Footer string }

func (Heading) block()   {}
func (Paragraph) block() {}
func (Table) block()     {}
func (Figure) block()    {}
func (PageBreak) block() {}
