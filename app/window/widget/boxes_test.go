package widget

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// TestBoxes draws on a picture that is shown at half its size: boxes are in its pixels, whichever corner is first, and none goes beyond its edge; a slip of
// the hand is none.
func TestBoxes(t *testing.T) {
	test.NewTempApp(t)
	var told []image.Rectangle
	b := NewBoxes(func(list []image.Rectangle) { told = list })
	b.Set(image.Rect(0, 0, 400, 2000), 200, nil)
	draw := func(x0, y0, x1, y1 float32) {
		b.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x0+1, y0)}, Dragged: fyne.NewDelta(1, 0)})
		b.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x1, y1)}, Dragged: fyne.NewDelta(x1-x0-1, y1-y0)})
		b.DragEnd()
	}
	draw(10, 20, 60, 40)
	draw(250, 1200, 150, 900)
	draw(5, 5, 6, 6)
	want := []image.Rectangle{image.Rect(20, 40, 120, 80), image.Rect(300, 1800, 400, 2000)}
	if !slices.Equal(told, want) {
		t.Errorf("drawn %v, want %v", told, want)
	}
	if n := len(test.WidgetRenderer(b).Objects()); n != 2 {
		t.Errorf("%d boxes are shown", n)
	}
	b.Undo()
	b.Undo()
	b.Undo()
	if len(told) != 0 {
		t.Errorf("left %v", told)
	}
}

// TestCutOtherPictures cuts a JPEG, as a victim brings it, and refuses what is none, or larger than a machine should hold.
func TestCutOtherPictures(t *testing.T) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 300, 2500)), nil); err != nil {
		t.Fatal(err)
	}
	tiles, err := Cut(context.Background(), bytes.NewReader(b.Bytes()), 100)
	if err != nil || len(tiles) != 3 || tiles[0].Width != 100 || tiles[2].From.Max.Y != 2500 {
		t.Errorf("%d tiles, %v", len(tiles), err)
	}
	huge := slices.Clone(b.Bytes())
	at := bytes.Index(huge, []byte{0xff, 0xc0}) // SOF0: length, precision, height, width
	copy(huge[at+5:], []byte{0xff, 0xff, 0xff, 0xff})
	for _, data := range [][]byte{huge, []byte("no picture"), b.Bytes()[:len(b.Bytes())/2]} {
		if _, err := Cut(context.Background(), bytes.NewReader(data), 100); err == nil {
			t.Errorf("%d bytes were cut", len(data))
		}
	}
}
