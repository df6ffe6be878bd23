package widget

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Boxes lies over a picture, and a person draws boxes on it with the mouse. They are in pixels of the picture, however large it is shown.
type Boxes struct {
	widget.BaseWidget
	list    []image.Rectangle
	bounds  image.Rectangle // of the picture
	scale   float32         // units of the window for a pixel of the picture
	from    fyne.Position   // where the box began that is being drawn
	drawn   fyne.Position
	drawing bool
	changed func([]image.Rectangle)
}

// NewBoxes makes a layer without a picture; changed is told all boxes when one came or went.
func NewBoxes(changed func([]image.Rectangle)) *Boxes {
	b := &Boxes{changed: changed, scale: 1}
	b.ExtendBaseWidget(b)
	return b
}

// Set takes a picture of so many pixels, shown at a width, with the boxes that it has.
func (b *Boxes) Set(bounds image.Rectangle, width float32, list []image.Rectangle) {
	b.bounds, b.list, b.drawing = bounds, list, false
	b.scale = width / float32(max(bounds.Dx(), 1))
	b.Refresh()
}

// Undo takes the last box away.
func (b *Boxes) Undo() {
	if len(b.list) > 0 {
		b.tell(b.list[:len(b.list)-1])
	}
}

// Dragged implements fyne.Draggable.
func (b *Boxes) Dragged(e *fyne.DragEvent) {
	if !b.drawing {
		b.drawing, b.from = true, e.Position.Subtract(e.Dragged)
	}
	b.drawn = e.Position
	b.Refresh()
}

// leastBox is how many pixels a box has at least in each direction: less was no box, but a slip of the hand.
const leastBox = 4

// DragEnd implements fyne.Draggable.
func (b *Boxes) DragEnd() {
	b.drawing = false
	if r := b.pixels(); r.Dx() >= leastBox && r.Dy() >= leastBox {
		b.tell(append(b.list[:len(b.list):len(b.list)], r))
		return
	}
	b.Refresh()
}

func (b *Boxes) tell(list []image.Rectangle) {
	b.list = list
	b.changed(list)
	b.Refresh()
}

// pixels is the box that is being drawn, in pixels of the picture.
func (b *Boxes) pixels() image.Rectangle {
	at := func(p fyne.Position) image.Point {
		return image.Pt(int(p.X/b.scale), int(p.Y/b.scale)).Add(b.bounds.Min)
	}
	return image.Rectangle{at(b.from), at(b.drawn)}.Canon().Intersect(b.bounds)
}

// CreateRenderer implements fyne.Widget.
func (b *Boxes) CreateRenderer() fyne.WidgetRenderer {
	r := &boxesRenderer{boxes: b}
	r.Refresh()
	return r
}

type boxesRenderer struct {
	boxes *Boxes
	rects []fyne.CanvasObject
}

func (r *boxesRenderer) Destroy()                     {}
func (r *boxesRenderer) Layout(fyne.Size)             {}
func (r *boxesRenderer) MinSize() fyne.Size           { return fyne.Size{} }
func (r *boxesRenderer) Objects() []fyne.CanvasObject { return r.rects }

func (r *boxesRenderer) Refresh() {
	b, th := r.boxes, r.boxes.Theme()
	list := b.list
	if b.drawing {
		list = append(list[:len(list):len(list)], b.pixels())
	}
	r.rects = r.rects[:0]
	for _, box := range list {
		rect := canvas.NewRectangle(th.Color(theme.ColorNameForeground, 0))
		rect.StrokeColor, rect.StrokeWidth = th.Color(theme.ColorNamePrimary, 0), 2
		box = box.Sub(b.bounds.Min)
		rect.Move(fyne.NewPos(float32(box.Min.X)*b.scale, float32(box.Min.Y)*b.scale))
		rect.Resize(fyne.NewSize(float32(box.Dx())*b.scale, float32(box.Dy())*b.scale))
		r.rects = append(r.rects, rect)
	}
	canvas.Refresh(b)
}
