package application

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"yuzheng/casefile/document"
)

// Measures of a page of facts, for tables of 10 points: half-width characters in a line, and points.
const (
	lineUnits  = 82 // a full row of the text width; cells take their share
	pagePoints = 665
	linePoints = 14
	rowPoints  = 4
)

// fit cuts the tables of a page so that it stays one page: long cells first, then rows, and says what was left out. All of
// it stands in the list of evidence and in the exhibit itself.
func fit(blocks []document.Block) []document.Block {
	left := pagePoints
	for i, b := range blocks {
		t, ok := b.(document.Table)
		if !ok {
			left -= 2 * linePoints
			continue
		}
		left -= 3 * linePoints
		var rows [][]string
		for n, row := range t.Rows {
			cells, height := fitRow(row, t.Columns)
			if left-height < linePoints+rowPoints {
				rest := make([]string, len(t.Columns))
				rest[len(rest)-1] = fmt.Sprintf("其餘 %d 項見證據清單及證物原件", len(t.Rows)-n)
				rows = append(rows, rest)
				left = 0
				break
			}
			left -= height
			rows = append(rows, cells)
		}
		t.Rows = rows
		blocks[i] = t
	}
	return blocks
}

const cellLines = 4

func fitRow(row []string, columns []document.Column) (cells []string, height int) {
	total := 0.0
	for _, c := range columns {
		total += c.Width
	}
	lines := 1
	for i, c := range row {
		units := int(lineUnits*columns[i].Width/total) - 2
		if columns[i].Mono {
			units = units * 9 / 8
		}
		c = clipUnits(strings.ReplaceAll(c, "\n", "；"), units*cellLines)
		cells = append(cells, c)
		lines = max(lines, (width(c)+units-1)/units)
	}
	return cells, lines*linePoints + rowPoints
}

// width counts half-width characters; everything beyond Latin counts two.
func width(s string) int {
	n := 0
	for _, r := range s {
		if n++; r >= 0x1100 {
			n++
		}
	}
	return n
}

func clipUnits(s string, units int) string {
	if width(s) <= units {
		return s
	}
	n := 0
	for i, r := range s {
		if n += width(string(r)); n > units-4 {
			return s[:i] + "……"
		}
	}
	return s
}

func clip(s string, runes int) string {
	if utf8.RuneCountInString(s) <= runes {
		return s
	}
	return string([]rune(s)[:runes-1]) + "…"
}
