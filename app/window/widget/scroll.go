package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Scrolling makes a form that scrolls wherever the pointer is. In Fyne an entry takes the wheel for itself, so that a
// form stands still as soon as the pointer comes upon a field; a pane in front of everything gives the wheel back and
// lets all else through.
func Scrolling(form fyne.CanvasObject) *container.Scroll {
	s := container.NewVScroll(nil)
	pane := &wheel{scroll: s}
	pane.ExtendBaseWidget(pane)
	s.Content = container.NewStack(form, pane)
	return s
}

type wheel struct {
	widget.BaseWidget
	scroll *container.Scroll
}

// Scrolled implements fyne.Scrollable.
func (w *wheel) Scrolled(e *fyne.ScrollEvent) { w.scroll.Scrolled(e) }

// CreateRenderer implements fyne.Widget.
func (w *wheel) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRectangle(nil))
}
