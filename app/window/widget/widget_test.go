package widget

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"yuzheng/casefile/legible"
)

// TestEllipsisKeepsBothEnds cuts at every width: the result fits, keeps the ends, and loses no more than it must.
func TestEllipsisKeepsBothEnds(t *testing.T) {
	const text = "https://鼎豐投資-pro88.com/h5/index.html?id=123456789&end=最後"
	for width := 3; width <= utf8.RuneCountInString(text)+1; width++ {
		fits := func(s string) bool { return utf8.RuneCountInString(s) <= width }
		got := ellipsis(text, fits)
		if !fits(got) {
			t.Fatalf("width %d: %q does not fit", width, got)
		}
		if got == text {
			continue
		}
		head, tail, ok := strings.Cut(got, "…")
		if !ok || !strings.HasPrefix(text, head) || !strings.HasSuffix(text, tail) || utf8.RuneCountInString(got) != width {
			t.Fatalf("width %d: %q", width, got)
		}
	}
}

// TestFoldLosesNothing folds lines and puts them together again; no piece is wider than it may be.
func TestFoldLosesNothing(t *testing.T) {
	for _, line := range []string{"", "a", strings.Repeat("保證獲利ab", 60), strings.Repeat("x", lineColumns), strings.Repeat("證", lineColumns)} {
		pieces := fold(line, lineColumns)
		if strings.Join(pieces, "") != line {
			t.Errorf("%.20q… changed", line)
		}
		for _, p := range pieces {
			if columns := 2*utf8.RuneCountInString(p) - strings.Count(p, "a") - strings.Count(p, "b") - strings.Count(p, "x"); columns > lineColumns {
				t.Errorf("a piece of %.20q… has %d columns", line, columns)
			}
		}
	}
}

// striped is a PNG whose rows tell where they are from.
func striped(t *testing.T, width, height int) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.SetNRGBA(x, y, color.NRGBA{R: uint8(y), G: uint8(y >> 8), B: 7, A: 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestCutIsThePicture cuts without scaling and compares every row; no tile is taller than a graphics card takes.
func TestCutIsThePicture(t *testing.T) {
	const width, height = 3, 2*tileRows + 17
	tiles, err := Cut(context.Background(), bytes.NewReader(striped(t, width, height)), 0)
	if err != nil {
		t.Fatal(err)
	}
	y := 0
	for _, tile := range tiles {
		img, err := tile.Image()
		if err != nil {
			t.Fatal(err)
		}
		if tile.Height > tileRows || img.Bounds().Dy() != tile.Height || tile.Width != width {
			t.Fatalf("tile of %d by %d, picture %v", tile.Width, tile.Height, img.Bounds())
		}
		for row := range tile.Height {
			r, g, _, _ := img.At(1, row).RGBA()
			if got := int(r>>8) | int(g>>8)<<8; got != y {
				t.Fatalf("row %d shows row %d", y, got)
			}
			y++
		}
	}
	if y != height {
		t.Errorf("%d rows, want %d", y, height)
	}
}

func TestCutScalesAndRefuses(t *testing.T) {
	data := striped(t, 200, 3000)
	tiles, err := Cut(context.Background(), bytes.NewReader(data), 100)
	if err != nil || tiles[0].Width != 100 || tiles[0].Height != tileRows/2 {
		t.Errorf("half as wide: %+v, %v", tiles, err)
	}
	if first, last := tiles[0].From, tiles[len(tiles)-1].From; first.Dx() != 200 || first.Min.Y != 0 || last.Max.Y != 3000 {
		t.Errorf("the tiles are said to show %v to %v of the original", first, last)
	}
	if _, err := Cut(context.Background(), bytes.NewReader(data[:len(data)/2]), 0); err == nil {
		t.Error("half a picture was taken for a whole one")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Cut(ctx, bytes.NewReader(data), 0); err == nil {
		t.Error("cancelled work went on")
	}
}

// TestPictureHoldsWhatIsInSight scrolls through a tall picture: never more than a few tiles are held.
func TestPictureHoldsWhatIsInSight(t *testing.T) {
	test.NewTempApp(t)
	fetched := 0
	p := NewPicture(func(Tile, func(image.Image)) { fetched++ })
	w := test.NewTempWindow(t, p.Object())
	w.Resize(fyne.NewSize(400, 600))
	tiles := make([]Tile, 50)
	for i := range tiles {
		tiles[i] = Tile{Width: 300, Height: tileRows}
	}
	p.Show(tiles)
	for range 100 {
		if n := len(p.shown); n < 1 || n > 4 {
			t.Fatalf("%d tiles are held", n)
		}
		p.Turn(1)
	}
	if fetched < len(tiles) {
		t.Errorf("%d tiles were fetched on the way to the end, want all %d", fetched, len(tiles))
	}
}

// TestColumnsShareTheRest checks that a row fills its width exactly.
func TestColumnsShareTheRest(t *testing.T) {
	test.NewTempApp(t)
	objects := []fyne.CanvasObject{NewMiddle("a", "", false), NewMiddle("b", "", false), NewMiddle("c", "", false)}
	row := Columns([]float32{100, -3, 0}, objects...)
	row.Resize(fyne.NewSize(500, 40))
	want := []float32{100, 300, 100}
	for i, o := range objects {
		if o.Size().Width != want[i] {
			t.Errorf("column %d is %v wide, want %v", i, o.Size().Width, want[i])
		}
	}
}

// TestShown gives every part that shows text what a hostile page writes, and reads what is drawn.
func TestShown(t *testing.T) {
	test.NewApp()
	const hostile = "a\u202eb\u2066c\u200bd\x1b[31m\te\nf\ufeff"
	mark, middle, note := NewMark("", "", ""), NewMiddle("", "", false), Note("", "")
	mark.Set("×", hostile, "")
	middle.SetText(hostile)
	SetText(note, hostile, "")
	lines := NewLines(hostile)
	window := test.NewWindow(nil)
	defer window.Close()
	Title(window, hostile)
	texts := map[string][]string{
		"Title": {window.Title()}, "Options": Options([]string{hostile}), "Lines": {strings.Join(lines.lines, "\n")},
		"Mark.Set": {mark.text()}, "Middle.SetText": {middle.Text()},
	}
	for name, o := range map[string]fyne.CanvasObject{
		"NewMark": NewMark("×", hostile, ""), "NewMiddle": NewMiddle(hostile, "", false), "Heading": Heading(hostile), "Subheading": Subheading(hostile), "Caption": Caption(hostile),
		"Note": Note(hostile, ""), "SetText": note, "Wrapped": Wrapped(hostile), "Label": Label(hostile), "Big": Big(hostile, "", ""),
		"Alone": Alone(hostile), "Field": Fields(Field{Name: hostile, Body: Label("")}), "Primary": Primary(hostile, nil), "Quiet": Quiet(hostile, nil),
	} {
		o.Resize(fyne.NewSize(4000, 400))
		texts[name] = drawn(o)
	}
	for name, list := range texts {
		all := strings.Join(list, "")
		if all != legible.Block(all) || strings.Contains(all, "\t") {
			t.Errorf("%s shows %q", name, list)
		}
		if !strings.Contains(all, "a[U+202E]b[U+2066]c[U+200B]d[U+001B][31m") {
			t.Errorf("%s shows %q", name, list)
		}
	}
}

// drawn are the texts that are painted of an object.
func drawn(o fyne.CanvasObject) (list []string) {
	switch o := o.(type) {
	case *canvas.Text:
		return []string{o.Text}
	case *fyne.Container:
		for _, c := range o.Objects {
			list = append(list, drawn(c)...)
		}
	case fyne.Widget:
		for _, c := range test.WidgetRenderer(o).Objects() {
			list = append(list, drawn(c)...)
		}
	}
	return list
}
