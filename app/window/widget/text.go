// Package widget holds the small parts that the pages are built of. A part shows what it is given, tells by callback
// what the person did, and knows no case and no use case.
package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	look "yuzheng/app/window/theme"
)

// Heading is the title of a page.
func Heading(text string) fyne.CanvasObject {
	return styled(line(text), theme.ColorNameForeground, theme.SizeNameHeadingText, true, false)
}

// Subheading is the title of a part of a page.
func Subheading(text string) fyne.CanvasObject {
	return styled(line(text), theme.ColorNameForeground, theme.SizeNameSubHeadingText, true, false)
}

// Caption explains something in a quieter colour; it wraps.
func Caption(text string) *widget.RichText {
	return styled(text, look.Secondary, theme.SizeNameCaptionText, false, true)
}

// Note is a wrapped sentence in the colour of its weight.
func Note(text string, c fyne.ThemeColorName) *widget.RichText {
	return styled(text, c, theme.SizeNameText, false, true)
}

// SetText changes the words of a text made by Heading, Caption or Note.
func SetText(r *widget.RichText, text string, c fyne.ThemeColorName) {
	s := r.Segments[0].(*widget.TextSegment)
	s.Text, s.Style.ColorName = block(text), c
	if r.Wrapping != fyne.TextWrapOff {
		r.Wrapping = wrapping(text)
	}
	r.Refresh()
}

func styled(text string, c fyne.ThemeColorName, size fyne.ThemeSizeName, bold, wrap bool) *widget.RichText {
	r := widget.NewRichText(&widget.TextSegment{Text: block(text), Style: widget.RichTextStyle{
		ColorName: c, SizeName: size, TextStyle: fyne.TextStyle{Bold: bold},
	}})
	if wrap {
		r.Wrapping = wrapping(text)
	}
	return r
}

// wrapping breaks Chinese anywhere: at its few blanks alone, lines would end wherever a Latin word happens to stand.
func wrapping(text string) fyne.TextWrap {
	for _, r := range text {
		if r >= 0x2E80 {
			return fyne.TextWrapBreak
		}
	}
	return fyne.TextWrapWord
}

// Alone is a caption in the middle of an empty place.
func Alone(text string) fyne.CanvasObject { return container.NewCenter(Wide(460, Caption(text))) }

// Wrapped is a plain paragraph that wraps.
func Wrapped(text string) *widget.Label {
	l := widget.NewLabel(block(text))
	l.Wrapping = wrapping(text)
	return l
}

// Plate is a rectangle in a colour of the theme; it follows when the theme changes.
type Plate struct {
	widget.BaseWidget
	color fyne.ThemeColorName
	round bool
}

// NewPlate makes a plate; a round one has the corners and the thin border of a card.
func NewPlate(c fyne.ThemeColorName, round bool) *Plate {
	p := &Plate{color: c, round: round}
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer implements fyne.Widget.
func (p *Plate) CreateRenderer() fyne.WidgetRenderer {
	r := &plateRenderer{plate: p, rect: canvas.NewRectangle(nil)}
	r.Refresh()
	return r
}

type plateRenderer struct {
	plate *Plate
	rect  *canvas.Rectangle
}

func (r *plateRenderer) Destroy()                     {}
func (r *plateRenderer) Layout(s fyne.Size)           { r.rect.Resize(s) }
func (r *plateRenderer) MinSize() fyne.Size           { return fyne.Size{} }
func (r *plateRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.rect} }

func (r *plateRenderer) Refresh() {
	th := r.plate.Theme()
	r.rect.FillColor = th.Color(r.plate.color, 0)
	if r.plate.round {
		r.rect.CornerRadius, r.rect.StrokeWidth = 6, 1
		r.rect.StrokeColor = th.Color(theme.ColorNameSeparator, 0)
	}
	r.rect.Refresh()
}

// Card lays content on a plate.
func Card(content fyne.CanvasObject) fyne.CanvasObject {
	return container.NewStack(NewPlate(look.Surface, true), container.New(layout.NewCustomPaddedLayout(10, 10, 12, 12), content))
}

// Column gives content a fixed width and keeps it in the middle of a wider place.
func Column(width float32, content fyne.CanvasObject) fyne.CanvasObject {
	return container.New(column{width}, content)
}

type column struct{ width float32 }

func (c column) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	w := min(c.width, s.Width)
	for _, o := range objects {
		o.Resize(fyne.NewSize(w, s.Height))
		o.Move(fyne.NewPos((s.Width-w)/2, 0))
	}
}

func (c column) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for _, o := range objects {
		m = m.Max(o.MinSize())
	}
	return m
}
