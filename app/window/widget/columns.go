package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Columns is a row of a list: each object has the width given for it. Those with a width of 0 or less share what is left:
// -2 takes twice as much as -1 or 0.
func Columns(widths []float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(columns(widths), objects...)
}

type columns []float32

func (c columns) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	left, shares := s.Width, float32(0)
	for i := range objects {
		left -= max(c[i], 0)
		shares += c.share(i)
	}
	x := float32(0)
	for i, o := range objects {
		w := c[i]
		if w <= 0 {
			w = max(left*c.share(i)/shares, 0)
		}
		h := min(o.MinSize().Height, s.Height)
		o.Move(fyne.NewPos(x, (s.Height-h)/2))
		o.Resize(fyne.NewSize(w, h))
		x += w
	}
}

// share is what part of the rest the column i takes.
func (c columns) share(i int) float32 {
	if c[i] > 0 {
		return 0
	}
	return max(-c[i], 1)
}

func (c columns) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for i, o := range objects {
		least := o.MinSize()
		m.Height = max(m.Height, least.Height)
		m.Width += max(c[i], 60)
	}
	return m
}
