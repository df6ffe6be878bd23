package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Bar is a thin progress bar for the rows of a list.
type Bar struct {
	widget.BaseWidget
	share float64 // from 0 to 1
}

// NewBar makes an empty bar.
func NewBar() *Bar {
	b := &Bar{}
	b.ExtendBaseWidget(b)
	return b
}

// Set fills the share, between 0 and 1.
func (b *Bar) Set(share float64) {
	b.share = share
	b.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (b *Bar) CreateRenderer() fyne.WidgetRenderer {
	r := &barRenderer{bar: b, ground: canvas.NewRectangle(nil), fill: canvas.NewRectangle(nil)}
	r.Refresh()
	return r
}

type barRenderer struct {
	bar          *Bar
	ground, fill *canvas.Rectangle
}

const barHeight = 6

func (r *barRenderer) Destroy()                     {}
func (r *barRenderer) MinSize() fyne.Size           { return fyne.NewSize(40, barHeight) }
func (r *barRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.ground, r.fill} }

func (r *barRenderer) Layout(s fyne.Size) {
	for _, o := range []*canvas.Rectangle{r.ground, r.fill} {
		o.CornerRadius = barHeight / 2
		o.Move(fyne.NewPos(0, (s.Height-barHeight)/2))
	}
	r.ground.Resize(fyne.NewSize(s.Width, barHeight))
	r.fill.Resize(fyne.NewSize(s.Width*float32(r.bar.share), barHeight))
}

func (r *barRenderer) Refresh() {
	th := r.bar.Theme()
	r.ground.FillColor, r.fill.FillColor = th.Color(theme.ColorNameSeparator, 0), th.Color(theme.ColorNamePrimary, 0)
	r.Layout(r.bar.Size())
	canvas.Refresh(r.bar)
}
