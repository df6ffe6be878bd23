package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Columns is a row of a list: each object has the width given for it, and those with width 0 share what is left.
func Columns(widths []float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(columns(widths), objects...)
}

type columns []float32

func (c columns) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	left, open := s.Width, 0
	for i := range objects {
		left -= c[i]
		if c[i] == 0 {
			open++
		}
	}
	x := float32(0)
	for i, o := range objects {
		w := c[i]
		if w == 0 {
			w = max(left/float32(open), 0)
		}
		h := min(o.MinSize().Height, s.Height)
		o.Move(fyne.NewPos(x, (s.Height-h)/2))
		o.Resize(fyne.NewSize(w, h))
		x += w
	}
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
