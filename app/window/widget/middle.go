package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Middle is one line that loses its middle where it does not fit: the end of an address says as much as its beginning.
type Middle struct {
	widget.BaseWidget
	text  string
	color fyne.ThemeColorName
	bold  bool
}

// NewMiddle makes the line in a colour of the theme.
func NewMiddle(text string, c fyne.ThemeColorName, bold bool) *Middle {
	m := &Middle{text: line(text), color: c, bold: bold}
	m.ExtendBaseWidget(m)
	return m
}

// SetText changes the line.
func (m *Middle) SetText(text string) {
	m.text = line(text)
	m.Refresh()
}

// Text is the whole line, as it is shown.
func (m *Middle) Text() string { return m.text }

// CreateRenderer implements fyne.Widget.
func (m *Middle) CreateRenderer() fyne.WidgetRenderer {
	r := &middleRenderer{middle: m, text: canvas.NewText("", nil)}
	r.text.TextStyle.Bold = m.bold
	r.Refresh()
	return r
}

type middleRenderer struct {
	middle *Middle
	text   *canvas.Text
}

func (r *middleRenderer) Destroy()                     {}
func (r *middleRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.text} }

func (r *middleRenderer) MinSize() fyne.Size {
	pad := r.middle.Theme().Size(theme.SizeNameInnerPadding)
	return fyne.NewSize(60, r.text.MinSize().Height+pad)
}

func (r *middleRenderer) Layout(s fyne.Size) {
	pad := r.middle.Theme().Size(theme.SizeNameInnerPadding)
	r.text.Text = ellipsis(r.middle.text, func(t string) bool {
		return fyne.MeasureText(t, r.text.TextSize, r.text.TextStyle).Width <= s.Width-2*pad
	})
	h := r.text.MinSize().Height
	r.text.Move(fyne.NewPos(pad, (s.Height-h)/2))
	r.text.Resize(fyne.NewSize(s.Width-2*pad, h))
}

func (r *middleRenderer) Refresh() {
	th := r.middle.Theme()
	r.text.Color = th.Color(r.middle.color, 0)
	r.text.TextSize = th.Size(theme.SizeNameText)
	r.Layout(r.middle.Size())
	r.text.Refresh()
}

// ellipsis cuts the least out of the middle of text such that it fits.
func ellipsis(text string, fits func(string) bool) string {
	if fits(text) {
		return text
	}
	runes := []rune(text)
	low, high := 0, len(runes)-1 // runes kept; low is taken to fit
	for low < high {
		if mid := (low + high + 1) / 2; fits(middle(runes, mid)) {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return middle(runes, low)
}

// middle keeps n runes of text, half at each end.
func middle(text []rune, n int) string {
	tail := n / 2
	return string(text[:n-tail]) + "…" + string(text[len(text)-tail:])
}
