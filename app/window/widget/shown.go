package widget

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"yuzheng/casefile/legible"
)

// What a page, a packet or a foreign case holds reaches the window through the parts of this package alone (the house test sees to it): each
// shows its text as package legible does.

// line is text for a place of one line.
func line(text string) string { return legible.Line(text) }

// block is text for a place of many lines. A tab is a blank, because Fyne draws none.
func block(text string) string { return strings.ReplaceAll(legible.Block(text), "\t", " ") }

// Label is a plain word or line.
func Label(text string) *widget.Label { return widget.NewLabel(line(text)) }

// Big is a bold line in the middle of its place.
func Big(text string, c fyne.ThemeColorName, size fyne.ThemeSizeName) *canvas.Text {
	t := canvas.NewText(line(text), theme.Color(c))
	t.TextSize, t.TextStyle, t.Alignment = theme.Size(size), fyne.TextStyle{Bold: true}, fyne.TextAlignCenter
	return t
}

// Title names the window.
func Title(w fyne.Window, text string) { w.SetTitle(line(text)) }

// Options are the lines of a choice. Whoever needs the chosen thing takes it by its place: its line may read otherwise.
func Options(lines []string) []string {
	shown := make([]string, len(lines))
	for i, l := range lines {
		shown[i] = line(l)
	}
	return shown
}
