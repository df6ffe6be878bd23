package qrcode_test

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"
	"testing"
	"time"

	qr "github.com/skip2/go-qrcode"
	"golang.org/x/text/encoding/traditionalchinese"

	"yuzheng/capture/qrcode"
	"yuzheng/casefile/evidence"
)

const line = "https://line.me/R/ti/p/@invest888"

var (
	black = color.RGBA{0, 0, 0, 255}
	white = color.RGBA{255, 255, 255, 255}
)

func grey(v uint8) color.RGBA { return color.RGBA{v, v, v, 255} }

// find gives the codes of a picture, however long it takes.
func find(img image.Image) ([]evidence.QRCode, error) {
	f := qrcode.NewFinder(func() time.Time { return time.Time{} })
	err := f.Add(img, 0)
	return f.Codes(), err
}

// pictures are what the package comment says is read.
func pictures(t *testing.T) map[string]image.Image {
	list := map[string]image.Image{}
	for _, module := range []int{1, 2, 3, 4, 5, 7, 10} {
		list[fmt.Sprintf("%d pixels a module", module)] = code(t, line, qr.Medium, module)
		list[fmt.Sprintf("inverted, %d pixels a module", module)] = colours(code(t, line, qr.Medium, module), white, black)
	}
	for _, module := range []int{14, 16, 18, 22, 26, 33, 47} {
		list[fmt.Sprintf("smoothed, %d tenths of a pixel a module", module)] = scaled(code(t, line, qr.Medium, 10), 37*module/10)
	}
	for degrees := 0; degrees < 360; degrees += 30 {
		list[fmt.Sprintf("turned by %d", degrees)] = turned(code(t, line, qr.Medium, 3), float64(degrees))
	}
	list["mirrored"] = mirrored(code(t, line, qr.Medium, 5))
	list["askew"] = moved(code(t, line, qr.Medium, 5), 1, 0.2, 0, 1)
	list["narrow"] = moved(code(t, line, qr.Medium, 5), 0.8, 0, 0, 1)
	list["wide"] = moved(code(t, line, qr.Medium, 5), 1.2, 0, 0, 1)
	for _, quality := range []int{90, 40, 10} {
		list[fmt.Sprintf("JPEG of quality %d", quality)] = lossy(t, code(t, line, qr.Medium, 2), quality)
	}
	list["logo, M"] = covered(code(t, line, qr.Medium, 6), 0.2)
	list["logo, Q"] = covered(code(t, line, qr.High, 6), 0.25)
	list["logo, H"] = covered(code(t, line, qr.Highest, 6), 0.3)
	for _, v := range []uint8{100, 150, 180, 200, 230} {
		list[fmt.Sprintf("grey %d on white", v)] = colours(code(t, line, qr.Medium, 5), grey(v), white)
		list[fmt.Sprintf("white on grey %d", v/2)] = colours(code(t, line, qr.Medium, 5), white, grey(v/2))
	}
	list["red on blue"] = colours(code(t, line, qr.Medium, 5), color.RGBA{200, 0, 0, 255}, color.RGBA{120, 180, 255, 255})
	list["LINE's green"] = colours(code(t, line, qr.Medium, 5), color.RGBA{6, 199, 85, 255}, white)
	for _, module := range []int{3, 4, 6, 10} {
		list[fmt.Sprintf("discs of %d pixels", module)] = dotted(t, line, qr.High, module)
	}
	return list
}

func TestWhatIsRead(t *testing.T) {
	for name, picture := range pictures(t) {
		p := page(420, 420, color.White)
		put(p, picture, 7, 13)
		got, err := find(p)
		if err != nil || len(got) != 1 || got[0].Text != line || got[0].Error != "" {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
}

// A place is that of the code without its white border, to a pixel or two.
func TestPlace(t *testing.T) {
	for _, module := range []int{1, 2, 3, 5, 8} {
		p := page(950, 520, grey(230))
		put(p, code(t, line, qr.Medium, module), 601, 203)
		want := image.Rect(601, 203, 601+37*module, 203+37*module).Inset(4 * module)
		got, err := find(p)
		if err != nil || len(got) != 1 {
			t.Fatalf("%d: %+v %v", module, got, err)
		}
		g := got[0].Place
		off := max(abs(g.X-want.Min.X), abs(g.Y-want.Min.Y), abs(g.X+g.Width-want.Max.X), abs(g.Y+g.Height-want.Max.Y))
		if off > 1+module/4 || got[0].Version != 3 || got[0].Level != "M" || got[0].Inverted || got[0].Mirrored {
			t.Errorf("%d pixels a module: %+v, want %v", module, got[0], want)
		}
	}
}

func abs(n int) int { return max(n, -n) }

func TestEverySize(t *testing.T) {
	for _, n := range []int{0, 60, 200, 500, 1000, 1800, 2200} {
		text := line + fmt.Sprintf("%0*d", n, 7)[:n]
		p := page(900, 900, color.White)
		put(p, code(t, text, qr.Low, 4), 0, 0)
		if got, err := find(p); err != nil || len(got) != 1 || got[0].Text != text {
			t.Errorf("%d characters: %d codes, %v", len(text), len(got), err)
		}
	}
}

// Many of one size stand in rows, and each is read and told once, in the order of reading.
func TestManyOnOnePicture(t *testing.T) {
	p := page(1000, 1000, color.White)
	n := 0
	for y := 20; y < 900; y += 190 {
		for x := 20; x < 900; x += 190 {
			put(p, code(t, fmt.Sprint(line, n), qr.Medium, 4), x, y)
			n++
		}
	}
	got, err := find(p)
	if err != nil || len(got) != n {
		t.Fatalf("%d of %d: %v", len(got), n, err)
	}
	seen := map[string]bool{}
	for i, c := range got {
		seen[c.Text] = true
		if i > 0 && c.Place.Y < got[i-1].Place.Y {
			t.Errorf("%+v stands behind %+v", c, got[i-1])
		}
	}
	if len(seen) != n {
		t.Errorf("%d different of %d", len(seen), n)
	}
}

// The same text at two places is two codes.
func TestSameTextTwice(t *testing.T) {
	p := page(600, 300, color.White)
	put(p, code(t, line, qr.Medium, 5), 10, 10)
	put(p, code(t, line, qr.Medium, 5), 300, 10)
	if got, _ := find(p); len(got) != 2 {
		t.Errorf("%+v", got)
	}
}

func TestWhatStandsInACode(t *testing.T) {
	big5, err := traditionalchinese.Big5.NewEncoder().String("保證獲利，加入群組")
	if err != nil {
		t.Fatal(err)
	}
	for text, bytes := range map[string]string{
		"加賴 @invest888 領飆股": "", "0123456789": "", "HTTPS://LIN.EE/ABC": "", "mailto:a@b.example?subject=é": "",
		big5: big5, "\xff\xfe\xfd\x80": "\xff\xfe\xfd\x80",
	} {
		p := page(400, 400, color.White)
		put(p, code(t, text, qr.Medium, 5), 9, 9)
		got, err := find(p)
		if err != nil || len(got) != 1 || string(got[0].Bytes) != bytes || bytes == "" && got[0].Text != text {
			t.Errorf("%q: %+v %v", text, got, err)
		}
	}
}

// A code that cannot be read is told as one; what is no code is not.
func TestDamaged(t *testing.T) {
	p := page(400, 400, color.White)
	put(p, covered(code(t, line, qr.Low, 6), 0.4), 20, 20)
	got, err := find(p)
	if err != nil || len(got) != 1 || got[0].Error == "" || got[0].Text != "" || got[0].Place.Width < 120 {
		t.Errorf("its middle covered: %+v %v", got, err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	noise := image.NewGray(image.Rect(0, 0, 300, 300))
	for i := range noise.Pix {
		noise.Pix[i] = uint8(random.IntN(2) * 255)
	}
	if got, err := find(noise); err != nil && !errors.Is(err, qrcode.ErrCut) || len(got) != 0 {
		t.Errorf("noise: %+v %v", got, err)
	}
}

// A picture that comes in tiles has the codes that it has as a whole, also where they lie across the border of two.
func TestTiles(t *testing.T) {
	whole := page(500, 3000, color.White)
	want := map[string]int{}
	for i, y := range []int{10, 420, 700, 950, 1130, 1590, 1990, 2800} {
		text := fmt.Sprint(line, i)
		want[text] = y + 20
		put(whole, code(t, text, qr.Medium, 5), 100, y)
	}
	if got, err := find(whole); err != nil && !errors.Is(err, qrcode.ErrCut) || err == nil && len(got) != len(want) {
		t.Errorf("as a whole: %d codes of %d, %v", len(got), len(want), err)
	}
	for _, rows := range []int{500, 777, 1000, 3000} {
		f := qrcode.NewFinder(func() time.Time { return time.Time{} })
		for y := 0; y < 3000; y += rows {
			tile := page(500, min(rows, 3000-y), color.White)
			draw.Draw(tile, tile.Bounds(), whole, image.Pt(0, y), draw.Src)
			if err := f.Add(tile, y); err != nil {
				t.Error(err)
			}
		}
		got := f.Codes()
		if len(got) != len(want) {
			t.Errorf("tiles of %d rows: %d codes of %d", rows, len(got), len(want))
		}
		for _, c := range got {
			if abs(c.Place.Y-want[c.Text]) > 2 {
				t.Errorf("tiles of %d rows: %+v, want it at %d", rows, c, want[c.Text])
			}
		}
	}
}

// A tile that does not follow the one before it is looked at by itself.
func TestTilesWithAGap(t *testing.T) {
	f := qrcode.NewFinder(time.Now)
	upper, lower := page(300, 300, color.White), page(400, 300, color.White)
	put(upper, code(t, line, qr.Medium, 5), 0, 100)
	put(lower, code(t, line, qr.Medium, 5), 0, 0)
	for _, err := range []error{f.Add(upper, 0), f.Add(lower, 300), f.Add(lower, 5000), f.Add(page(0, 0, white), 6000)} {
		if err != nil {
			t.Error(err)
		}
	}
	if got := f.Codes(); len(got) != 3 || got[2].Place.Y < 5000 {
		t.Errorf("%+v", got)
	}
}

func TestKindsOfPictures(t *testing.T) {
	p := page(300, 300, color.White)
	put(p, code(t, line, qr.Medium, 5), 20, 20)
	kinds := map[string]draw.Image{
		"NRGBA": image.NewNRGBA(p.Bounds()), "Gray": image.NewGray(p.Bounds()), "RGBA64": image.NewRGBA64(p.Bounds()),
		"part": image.NewRGBA(image.Rect(0, 0, 500, 500)).SubImage(p.Bounds().Add(image.Pt(90, 80))).(draw.Image),
	}
	clear := image.NewNRGBA(p.Bounds()) // nothing but the black modules
	for i := range p.Bounds().Dx() * p.Bounds().Dy() {
		if p.Pix[4*i] < 128 {
			clear.Pix[4*i+3] = 255
		}
	}
	for name, img := range kinds {
		draw.Draw(img, img.Bounds(), p, image.Point{}, draw.Src)
		if got, err := find(img); err != nil || len(got) != 1 || got[0].Text != line || got[0].Place.X > 42 {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
	if got, err := find(clear); err != nil || len(got) != 1 {
		t.Errorf("transparent: %+v %v", got, err)
	}
	for _, size := range []image.Point{{0, 0}, {1, 1}, {3, 900}, {900, 3}, {39, 39}, {41, 41}} {
		if got, err := find(image.NewGray(image.Rectangle{Max: size})); err != nil || len(got) != 0 {
			t.Errorf("%v: %+v %v", size, got, err)
		}
	}
	if _, err := find(image.NewUniform(color.Black)); err == nil {
		t.Error("a picture without an end has been looked at")
	}
}

// marksOnly fills a picture with corner marks that belong to nothing.
func marksOnly(width, height, step int) *image.RGBA {
	p := page(width, height, color.White)
	for y := 0; y+9 < height; y += step {
		for x := 0; x+9 < width; x += step {
			draw.Draw(p, image.Rect(x, y, x+7, y+7), image.Black, image.Point{}, draw.Src)
			draw.Draw(p, image.Rect(x+1, y+1, x+6, y+6), image.White, image.Point{}, draw.Src)
			draw.Draw(p, image.Rect(x+2, y+2, x+5, y+5), image.Black, image.Point{}, draw.Src)
		}
	}
	return p
}

// A page made to keep us busy is left when the time is over, and that is told; the codes above it are kept.
func TestTimeIsBounded(t *testing.T) {
	asked := 0
	start := time.Now()
	f := qrcode.NewFinder(func() time.Time { asked++; return start.Add(time.Duration(asked) * time.Millisecond) })
	p := marksOnly(800, 1200, 14)
	draw.Draw(p, image.Rect(0, 0, 800, 300), image.White, image.Point{}, draw.Src)
	put(p, code(t, line, qr.Medium, 5), 20, 20)
	if err := f.Add(p, 0); !errors.Is(err, qrcode.ErrCut) {
		t.Errorf("error %v", err)
	}
	if got := f.Codes(); len(got) == 0 || got[0].Text != line || asked > 2200 {
		t.Errorf("%d codes after asking for the time %d times", len(got), asked)
	}
	if err := f.Add(page(800, 10, white), 1200); err != nil && !errors.Is(err, qrcode.ErrCut) {
		t.Errorf("the tile below: %v", err)
	}
}

func FuzzFind(f *testing.F) {
	f.Add(code(f, line, qr.Medium, 1).Pix, uint8(37))
	f.Add(code(f, "1", qr.Low, 2).Pix, uint8(58))
	f.Add(marksOnly(60, 60, 12).Pix, uint8(60))
	f.Add([]byte{}, uint8(0))
	f.Fuzz(func(t *testing.T, pix []byte, width uint8) {
		if width == 0 {
			return
		}
		img := &image.RGBA{Pix: pix, Stride: 4 * int(width), Rect: image.Rect(0, 0, int(width), len(pix)/4/int(width))}
		got, err := find(img)
		if err != nil && !errors.Is(err, qrcode.ErrCut) {
			t.Error(err)
		}
		for _, c := range got {
			if (c.Text == "" && c.Bytes == nil && c.Error != "") != (c.Error != "") || c.Place.Width <= 0 || c.Place.Height <= 0 {
				t.Errorf("%+v", c)
			}
		}
	})
}

// busy is a page of small coloured rectangles, as much of an edge as a page of text has.
func busy(codes ...image.Image) *image.RGBA {
	p := page(1920, 4000, color.White)
	random := rand.New(rand.NewPCG(1, 2))
	for range 40_000 {
		x, y := random.IntN(1900), random.IntN(3980)
		r := image.Rect(x, y, x+random.IntN(12), y+random.IntN(12))
		draw.Draw(p, r, image.NewUniform(grey(uint8(random.IntN(256)))), image.Point{}, draw.Src)
	}
	for i, c := range codes {
		put(p, c, 100+300*(i%5), 100+300*(i/5))
	}
	return p
}

func BenchmarkTile(b *testing.B) {
	codes := []image.Image{}
	for i := range 10 {
		codes = append(codes, code(b, fmt.Sprint(line, i), qr.Medium, 4))
	}
	for name, p := range map[string]*image.RGBA{
		"white": page(1920, 4000, white), "busy": busy(), "codes": busy(codes...), "hostile": marksOnly(1920, 4000, 14),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				_ = qrcode.NewFinder(time.Now).Add(p, 0) // the hostile one is cut
			}
		})
	}
}
