package widget

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Lines shows a long text line by line, so that its length does not matter to the window.
type Lines struct {
	lines   []string
	columns int
	list    *widget.List
}

// lineColumns is how many columns (Chinese takes two) a line has before it goes on below.
const lineColumns = 104

// NewLines makes the list.
func NewLines(text string) *Lines { return NewNarrowLines(text, lineColumns) }

// NewNarrowLines makes the list with lines of so many columns, for a narrower place.
func NewNarrowLines(text string, columns int) *Lines {
	l := &Lines{columns: columns}
	l.list = widget.NewList(func() int { return len(l.lines) }, func() fyne.CanvasObject { return canvas.NewText("", nil) }, l.fill)
	l.list.HideSeparators = true
	l.SetText(text)
	return l
}

// Object is what is put into the window.
func (l *Lines) Object() fyne.CanvasObject { return l.list }

// SetText shows another text from its beginning.
func (l *Lines) SetText(text string) {
	l.lines = l.lines[:0]
	for line := range strings.SplitSeq(strings.TrimRight(block(text), "\n"), "\n") {
		l.lines = append(l.lines, fold(line, l.columns)...)
	}
	if !l.list.Size().IsZero() { // it has no scroll before it has been laid out
		l.list.ScrollToTop()
		l.list.Refresh()
	}
}

func (l *Lines) fill(i widget.ListItemID, o fyne.CanvasObject) {
	text := o.(*canvas.Text)
	text.Text, text.Color = "  "+l.lines[i], theme.Color(theme.ColorNameForeground)
	text.Refresh()
}

// fold breaks a line into pieces of at most width columns.
func fold(line string, width int) []string {
	var pieces []string
	column, from := 0, 0
	for i, r := range line {
		w := 1
		if r >= 0x1100 {
			w = 2
		}
		if column+w > width {
			pieces = append(pieces, line[from:i])
			column, from = 0, i
		}
		column += w
	}
	return append(pieces, line[from:])
}
