package tiles

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math/rand/v2"
	"testing"
)

// scene paints something that makes encoders choose every filter: flat parts, gradients and noise.
func scene(w, h int, alpha bool) image.Image {
	r := rand.New(rand.NewPCG(1, uint64(w*h)))
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{uint8(x * 3), uint8(y * 5), uint8(x + y), 255}
			switch {
			case y%50 < 10:
				c = color.NRGBA{200, 200, 200, 255}
			case y%50 > 40:
				c = color.NRGBA{uint8(r.UintN(256)), uint8(r.UintN(256)), uint8(r.UintN(256)), 255}
			}
			if alpha {
				c.A = uint8(y % 200)
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

func crop(m image.Image, y, h int) image.Image {
	out := image.NewNRGBA(image.Rect(0, 0, m.Bounds().Dx(), h))
	draw.Draw(out, out.Bounds(), m, image.Pt(0, y), draw.Src)
	return out
}

func encode(t testing.TB, m image.Image, level png.CompressionLevel) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: level}).Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Joined tiles have exactly the pixels of the whole, whatever the filters of their first rows.
func TestJoinKeepsEveryPixel(t *testing.T) {
	for _, alpha := range []bool{false, true} {
		for _, level := range []png.CompressionLevel{png.DefaultCompression, png.BestSpeed, png.NoCompression} {
			for _, step := range []int{1, 7, 64, 300} {
				whole := scene(61, 300, alpha)
				var out bytes.Buffer
				var j *Join
				for y := 0; y < 300; y += step {
					h := min(step, 300-y)
					tile := encode(t, crop(whole, y, h), level)
					if j == nil {
						head, err := Size(tile)
						if err != nil {
							t.Fatal(err)
						}
						if j, err = NewJoin(&out, head, 300); err != nil {
							t.Fatal(err)
						}
					}
					if _, err := j.Add(tile, h); err != nil {
						t.Fatal(err)
					}
				}
				if err := j.Close(); err != nil {
					t.Fatal(err)
				}
				same(t, out.Bytes(), whole)
			}
		}
	}
}

func same(t *testing.T, got []byte, want image.Image) {
	t.Helper()
	m, err := png.Decode(bytes.NewReader(got))
	if err != nil {
		t.Fatal(err)
	}
	if m.Bounds() != want.Bounds() {
		t.Fatalf("%v instead of %v", m.Bounds(), want.Bounds())
	}
	for y := range want.Bounds().Dy() {
		for x := range want.Bounds().Dx() {
			if g, w := color.NRGBAModel.Convert(m.At(x, y)), color.NRGBAModel.Convert(want.At(x, y)); g != w {
				t.Fatalf("pixel %d,%d is %v instead of %v", x, y, g, w)
			}
		}
	}
}

// The filters of a first row are made independent one by one: each kind, by hand, against what a decoder makes of it.
func TestFirstRowFilters(t *testing.T) {
	const bpp = 3
	raw := []byte{10, 20, 30, 40, 50, 60, 200, 100, 0, 7, 7, 7}
	for filter := byte(filterNone); filter <= filterPaeth; filter++ {
		row := append([]byte{filter}, raw...)
		for i := len(raw) - 1; i >= 0; i-- {
			left := byte(0)
			if i >= bpp {
				left = raw[i-bpp]
			}
			switch filter {
			case filterSub, filterPaeth:
				row[1+i] = raw[i] - left
			case filterAverage:
				row[1+i] = raw[i] - left/2
			}
		}
		alone(row, bpp)
		got := bytes.Clone(row[1:])
		if row[0] == filterSub {
			for i := bpp; i < len(got); i++ {
				got[i] += got[i-bpp]
			}
		} else if row[0] != filterNone {
			t.Fatalf("filter %d became %d, which looks above", filter, row[0])
		}
		if !bytes.Equal(got, raw) {
			t.Errorf("filter %d: %v instead of %v", filter, got, raw)
		}
	}
}

// A tile of one colour is told apart from one that only begins so; rows too many are left out, rows too few repeated.
func TestUniformAndHeights(t *testing.T) {
	flat := image.NewNRGBA(image.Rect(0, 0, 40, 20))
	draw.Draw(flat, flat.Bounds(), image.NewUniform(color.NRGBA{9, 9, 200, 255}), image.Point{}, draw.Src)
	dot := image.NewNRGBA(flat.Bounds())
	draw.Draw(dot, dot.Bounds(), flat, image.Point{}, draw.Src)
	dot.Set(39, 19, color.White)
	for _, c := range []struct {
		m    image.Image
		rows int
		want bool
	}{{flat, 20, true}, {dot, 20, false}, {flat, 19, true}, {flat, 22, true}, {dot, 22, false}} {
		tile := encode(t, c.m, png.BestSpeed)
		head, _ := Size(tile)
		var out bytes.Buffer
		j, err := NewJoin(&out, head, c.rows)
		if err != nil {
			t.Fatal(err)
		}
		uniform, err := j.Add(tile, c.rows)
		if err != nil || uniform != c.want {
			t.Errorf("%d rows: uniform %v, %v", c.rows, uniform, err)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		m, err := png.Decode(&out)
		if err != nil || m.Bounds().Dy() != c.rows {
			t.Fatalf("%d rows: %v %v", c.rows, m, err)
		}
		last := color.NRGBAModel.Convert(m.At(39, c.rows-1))
		if want := color.NRGBAModel.Convert(c.m.At(39, min(c.rows, 20)-1)); last != want {
			t.Errorf("%d rows: the last one ends in %v instead of %v", c.rows, last, want)
		}
	}
}

// A picture that is not whole is never closed as one.
func TestIncomplete(t *testing.T) {
	tile := encode(t, scene(10, 10, false), png.BestSpeed)
	head, _ := Size(tile)
	j, err := NewJoin(new(bytes.Buffer), head, 25)
	if err != nil {
		t.Fatal(err)
	}
	j.Add(tile, 10)
	if err := j.Close(); !errors.Is(err, ErrFormat) {
		t.Errorf("10 of 25 rows: %v", err)
	}
	j.Blank(10)
	if _, err := j.Add(tile, 10); !errors.Is(err, ErrFormat) {
		t.Errorf("30 of 25 rows: %v", err)
	}
	other := encode(t, scene(11, 10, false), png.BestSpeed)
	if _, err := j.Add(other, 5); !errors.Is(err, ErrFormat) {
		t.Errorf("another width: %v", err)
	}
}

// No tile, however broken, does more than give an error, and what is joined decodes.
func FuzzAdd(f *testing.F) {
	f.Add(encode(f, scene(5, 6, false), png.DefaultCompression), 6)
	f.Add(encode(f, scene(3, 4, true), png.BestSpeed), 9)
	f.Add(encode(f, image.NewGray(image.Rect(0, 0, 4, 4)), png.NoCompression), 2)
	f.Add([]byte(signature), 1)
	f.Fuzz(func(t *testing.T, tile []byte, rows int) {
		head, err := Size(tile)
		if err != nil || head.Width > 200 || head.Height > 200 || rows < 1 || rows > 300 {
			return
		}
		var out bytes.Buffer
		j, err := NewJoin(&out, head, rows)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := j.Add(tile, rows); err != nil {
			return
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := png.Decode(&out); err != nil {
			t.Fatal(err)
		}
	})
}

// A part of a tile holds its rows and no other, and is joined like any tile.
func TestPart(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 30, 50))
	for y := range 50 {
		for x := range 30 {
			img.Set(x, y, color.RGBA{uint8(y), uint8(x), 7, 255})
		}
	}
	var whole bytes.Buffer
	if err := png.Encode(&whole, img); err != nil {
		t.Fatal(err)
	}
	part, head, err := Part(whole.Bytes(), 12, 20)
	if err != nil || head.Width != 30 || head.Height != 20 {
		t.Fatalf("%+v, %v", head, err)
	}
	got, err := png.Decode(bytes.NewReader(part))
	if err != nil {
		t.Fatal(err)
	}
	for y := range 20 {
		if got.At(3, y) != (color.RGBA{uint8(y + 12), 3, 7, 255}) {
			t.Errorf("row %d is %v", y, got.At(3, y))
		}
	}
	for _, c := range []struct{ skip, rows int }{{50, 1}, {-1, 5}, {3, 0}} {
		if _, _, err := Part(whole.Bytes(), c.skip, c.rows); !errors.Is(err, ErrFormat) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if _, _, err := Part([]byte("no picture"), 0, 1); !errors.Is(err, ErrFormat) {
		t.Errorf("%v", err)
	}
}
