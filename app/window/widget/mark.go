package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Mark is a state as symbol, word and colour together; never as colour alone.
type Mark struct {
	widget.BaseWidget
	symbol, word string
	color        fyne.ThemeColorName
}

// NewMark makes a mark.
func NewMark(symbol, word string, c fyne.ThemeColorName) *Mark {
	m := &Mark{symbol: symbol, word: line(word), color: c}
	m.ExtendBaseWidget(m)
	return m
}

// Set changes what the mark says.
func (m *Mark) Set(symbol, word string, c fyne.ThemeColorName) {
	m.symbol, m.word, m.color = symbol, line(word), c
	m.Refresh()
}

// text is what the mark reads, for a reader without eyes for colour.
func (m *Mark) text() string {
	if m.symbol == "" {
		return m.word
	}
	return m.symbol + " " + m.word
}

// CreateRenderer implements fyne.Widget.
func (m *Mark) CreateRenderer() fyne.WidgetRenderer {
	r := &markRenderer{mark: m, text: canvas.NewText("", nil)}
	r.text.TextStyle.Bold = true
	r.Refresh()
	return r
}

type markRenderer struct {
	mark *Mark
	text *canvas.Text
}

func (r *markRenderer) Destroy()                     {}
func (r *markRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.text} }

func (r *markRenderer) Layout(s fyne.Size) {
	pad := r.mark.Theme().Size(theme.SizeNameInnerPadding)
	h := r.text.MinSize().Height
	r.text.Resize(fyne.NewSize(s.Width-2*pad, h))
	r.text.Move(fyne.NewPos(pad, (s.Height-h)/2))
}

func (r *markRenderer) MinSize() fyne.Size {
	pad := r.mark.Theme().Size(theme.SizeNameInnerPadding)
	return r.text.MinSize().Add(fyne.NewSize(2*pad, pad))
}

func (r *markRenderer) Refresh() {
	th := r.mark.Theme()
	r.text.Text = r.mark.text()
	r.text.Color = th.Color(r.mark.color, 0)
	r.text.TextSize = th.Size(theme.SizeNameText)
	r.Layout(r.mark.Size())
	r.text.Refresh()
}
