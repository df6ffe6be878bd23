package cli

import (
	"strings"

	"golang.org/x/text/width"
)

// page is a text for a terminal with a number of columns, of which a Chinese character fills two.
type page struct {
	width int
	text  strings.Builder
}

// section begins with an empty line and a heading, if it has one.
func (p *page) section(heading string, content func()) {
	p.text.WriteString("\n")
	if heading != "" {
		p.text.WriteString(heading + "\n")
	}
	content()
}

// wrap writes a text so that no line is longer than the page, each indented by as many columns.
func (p *page) wrap(indent int, text string) {
	for _, line := range wrapped(text, p.width-indent) {
		p.text.WriteString(strings.Repeat(" ", indent) + line + "\n")
	}
}

// What lies between the columns of rows: an indent, a gap, and how many percent of the page the first column may take.
const (
	indent    = 2
	gap       = 2
	leftShare = 38
)

// rows writes two columns. What is too wide for the first stands on a line of its own.
func (p *page) rows(rows [][2]string) {
	left, most := 0, max(p.width*leftShare/100, 24)
	for _, row := range rows {
		if w := columns(row[0]); w <= most {
			left = max(left, w)
		}
	}
	at := indent + left + gap
	for _, row := range rows {
		first := strings.Repeat(" ", indent) + row[0]
		if columns(row[0]) > left {
			p.text.WriteString(first + "\n")
			first = ""
		}
		for _, line := range wrapped(row[1], p.width-at) {
			p.text.WriteString(strings.TrimRight(first+strings.Repeat(" ", at-columns(first))+line, " ") + "\n")
			first = ""
		}
	}
}

// columns is how many a text fills.
func columns(text string) int {
	n := 0
	for _, r := range text {
		n++
		if wide(r) {
			n++
		}
	}
	return n
}

// wide reports whether a character fills two columns (Unicode Standard Annex 11: W and F).
func wide(r rune) bool {
	k := width.LookupRune(r).Kind()
	return k == width.EastAsianWide || k == width.EastAsianFullwidth
}

// wrapped are the lines of a text, none of more columns than most unless one word is longer.
func wrapped(text string, most int) []string {
	var lines []string
	line := ""
	for _, piece := range pieces(text) {
		if line != "" && columns(line)+columns(strings.TrimRight(piece, " ")) > most {
			lines = append(lines, strings.TrimRight(line, " "))
			line = ""
		}
		line += piece
	}
	return append(lines, strings.TrimRight(line, " "))
}

// pieces are the parts of a text between which a line may end.
func pieces(text string) []string {
	var list []string
	piece, last := "", ' '
	for _, r := range text {
		if piece != "" && parts(last, r) && strings.Count(piece, "「") == strings.Count(piece, "」") {
			list = append(list, piece)
			piece = ""
		}
		piece += string(r)
		last = r
	}
	return append(list, piece)
}

// parts reports whether a line may end between two characters: behind a space, and beside a Chinese character, but that no line begins
// with a mark that closes or ends with one that opens.
func parts(last, next rune) bool {
	if next == ' ' || strings.ContainsRune(closing, next) || strings.ContainsRune(opening, last) {
		return false
	}
	return last == ' ' || wide(last) || wide(next)
}

const (
	closing = "、，。；：！？）」』…,.;:!?)"
	opening = "（「『("
)
