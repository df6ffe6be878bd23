package picture

import (
	"bytes"
	"image"
	"slices"
	"testing"
)

// TestSheetCounter counts the pages of a PDF however it comes in parts.
func TestSheetCounter(t *testing.T) {
	pdf := []byte("%PDF-1.4\n<</Type /Pages /Count 3>> <</Type /Page\n/Resources 1 0 R>> <</Type /Page /Parent>> <</Type /Page>> <</Type /Pages>>")
	for size := 1; size <= len(pdf); size++ {
		var c sheetCounter
		var out bytes.Buffer
		write := c.of(out.Write)
		for part := range slices.Chunk(pdf, size) {
			if _, err := write(part); err != nil {
				t.Fatal(err)
			}
		}
		if c.n != 3 || !bytes.Equal(out.Bytes(), pdf) {
			t.Fatalf("in parts of %d bytes: %d pages, %d bytes", size, c.n, out.Len())
		}
	}
}

// A part that shows nothing is told from one that shows a word.
func TestBlankness(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 200, 300))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for x := 20; x < 60; x++ {
		for y := 150; y < 160; y++ {
			img.Pix[img.PixOffset(x, y)] = 0
		}
	}
	b := blankness{view: 100}
	b.add(img, 0)
	if !b.blank(0) || b.blank(1) || !b.blank(2) || b.blank(3) {
		t.Errorf("%+v", b)
	}
	b.add(img, 250)
	if b.blank(4) || !b.blank(5) || b.blank(7) {
		t.Errorf("%+v", b)
	}
}
