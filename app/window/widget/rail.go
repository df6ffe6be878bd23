package widget

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	look "yuzheng/app/window/theme"
)

// Rail is the list of places at the left of the window; one of them is where the person is.
type Rail struct {
	items []*railItem
	box   fyne.CanvasObject
}

// NewRail makes a rail of the words; chosen is told the number of the place that was tapped.
func NewRail(words []string, chosen func(int)) *Rail {
	r := &Rail{}
	box := container.NewVBox()
	for i, w := range words {
		item := newRailItem(w, func() { chosen(i) })
		r.items = append(r.items, item)
		box.Add(item)
	}
	r.box = box
	return r
}

// Object is what is put into the window.
func (r *Rail) Object() fyne.CanvasObject { return r.box }

// Mark shows the place i as the present one.
func (r *Rail) Mark(i int) {
	for n, item := range r.items {
		item.here = n == i
		item.Refresh()
	}
}

// Count writes a number beside the place i; an empty one is none.
func (r *Rail) Count(i int, n string) {
	r.items[i].count = n
	r.items[i].Refresh()
}

type railItem struct {
	widget.BaseWidget
	word, count            string
	here, hovered, focused bool
	tapped                 func()
}

var (
	_ fyne.Tappable     = (*railItem)(nil)
	_ fyne.Focusable    = (*railItem)(nil)
	_ desktop.Hoverable = (*railItem)(nil)
)

func newRailItem(word string, tapped func()) *railItem {
	i := &railItem{word: word, tapped: tapped}
	i.ExtendBaseWidget(i)
	return i
}

func (i *railItem) Tapped(*fyne.PointEvent)        { i.tapped() }
func (i *railItem) MouseIn(*desktop.MouseEvent)    { i.hovered = true; i.Refresh() }
func (i *railItem) MouseMoved(*desktop.MouseEvent) {}
func (i *railItem) MouseOut()                      { i.hovered = false; i.Refresh() }
func (i *railItem) FocusGained()                   { i.focused = true; i.Refresh() }
func (i *railItem) FocusLost()                     { i.focused = false; i.Refresh() }
func (i *railItem) TypedRune(rune)                 {}

func (i *railItem) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeySpace || e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter {
		i.tapped()
	}
}

func (i *railItem) CreateRenderer() fyne.WidgetRenderer {
	r := &railRenderer{
		item: i, ground: canvas.NewRectangle(nil), bar: canvas.NewRectangle(nil),
		word: canvas.NewText("", nil), count: canvas.NewText("", nil),
	}
	r.Refresh()
	return r
}

type railRenderer struct {
	item        *railItem
	ground, bar *canvas.Rectangle
	word, count *canvas.Text
}

func (r *railRenderer) Destroy()           {}
func (r *railRenderer) MinSize() fyne.Size { return fyne.NewSize(132, 40) }

func (r *railRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground, r.bar, r.word, r.count}
}

func (r *railRenderer) Layout(s fyne.Size) {
	r.ground.Resize(s)
	r.bar.Resize(fyne.NewSize(4, s.Height))
	h := r.word.MinSize().Height
	r.word.Move(fyne.NewPos(18, (s.Height-h)/2))
	c := r.count.MinSize()
	r.count.Move(fyne.NewPos(s.Width-c.Width-14, (s.Height-c.Height)/2))
}

func (r *railRenderer) Refresh() {
	th, i := r.item.Theme(), r.item
	r.ground.FillColor, r.bar.FillColor = color.Transparent, color.Transparent
	r.ground.StrokeWidth = 0
	ink := th.Color(theme.ColorNameForeground, 0)
	switch {
	case i.here:
		ink = th.Color(theme.ColorNamePrimary, 0)
		r.ground.FillColor, r.bar.FillColor = th.Color(theme.ColorNameSelection, 0), ink
	case i.hovered:
		r.ground.FillColor = th.Color(theme.ColorNameHover, 0)
	}
	if i.focused {
		r.ground.StrokeColor, r.ground.StrokeWidth = th.Color(theme.ColorNameFocus, 0), 2
	}
	r.word.Text, r.word.Color, r.word.TextStyle.Bold = i.word, ink, i.here
	r.count.Text, r.count.Color = i.count, th.Color(look.Secondary, 0)
	r.word.TextSize, r.count.TextSize = th.Size(theme.SizeNameText)+1, th.Size(theme.SizeNameCaptionText)
	r.Layout(i.Size())
	canvas.Refresh(i)
}
