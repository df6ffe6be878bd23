package favicon_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/bits"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/twmb/murmur3"
	"golang.org/x/image/bmp"
	xdraw "golang.org/x/image/draw"

	"yuzheng/capture/favicon"
)

// The library agrees with published values of MurmurHash3 (x86, 32 bits).
func TestMurmur3(t *testing.T) {
	for text, want := range map[string]uint32{"": 0, "foo": 0xf6a5c420, "The quick brown fox jumps over the lazy dog": 0x2e4ff723} {
		if got := murmur3.Sum32([]byte(text)); got != want {
			t.Errorf("%q: %x, want %x", text, got, want)
		}
	}
}

// The number is that of the text that base64 of the GNU core utilities writes, whose lines are MIME's.
func TestNumberIsOfMIMEBase64(t *testing.T) {
	judge, err := exec.LookPath("base64")
	if err != nil {
		if os.Getenv("YUZHENG_NEED_BROWSER") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	for _, n := range []int{0, 1, 2, 3, 56, 57, 58, 113, 114, 115, 5000, 100_003} {
		body := bytes.Repeat([]byte("\x00\x01icon\xff"), n/7+1)[:n]
		command := exec.Command(judge)
		command.Stdin = bytes.NewReader(body)
		text, err := command.Output()
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(body)
		if got := favicon.Of(body); got.MMH3 != int32(murmur3.Sum32(text)) || got.SHA256 != hex.EncodeToString(sum[:]) || got.Error == "" {
			t.Errorf("%d bytes: %+v, want %d", n, got, int32(murmur3.Sum32(text)))
		}
	}
}

// drawing is a coin on a ground, or another figure, at any size.
func drawing(size int, other bool) *image.RGBA {
	large := image.NewRGBA(image.Rect(0, 0, 256, 256))
	for y := range 256 {
		for x := range 256 {
			c := color.RGBA{20, 60, 160, 255}
			dx, dy := x-100, y-120
			if !other && dx*dx+dy*dy < 80*80 || other && (x/64+y/48)%2 == 0 {
				c = color.RGBA{250, 200, 40, 255}
			}
			if !other && x > 170 && y < 90 {
				c = color.RGBA{240, 240, 240, 255}
			}
			large.SetRGBA(x, y, c)
		}
	}
	out := image.NewRGBA(image.Rect(0, 0, size, size))
	xdraw.CatmullRom.Scale(out, out.Bounds(), large, large.Bounds(), draw.Src, nil)
	return out
}

func encoded(t testing.TB, encode func(b *bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, img image.Image) []byte {
	return encoded(t, func(b *bytes.Buffer) error { return png.Encode(b, img) })
}

// ico joins pictures: a PNG as it is, a BMP without its head and with the height of a mask below it.
func ico(pictures ...[]byte) []byte {
	out := binary.LittleEndian.AppendUint16([]byte{0, 0, 1, 0}, uint16(len(pictures)))
	offset := 6 + 16*len(pictures)
	var data []byte
	for _, p := range pictures {
		size, depth := 0, 32
		if bytes.HasPrefix(p, []byte("BM")) {
			size, depth = int(binary.LittleEndian.Uint32(p[18:])), int(binary.LittleEndian.Uint16(p[28:]))
			p = bytes.Clone(p[14:])
			binary.LittleEndian.PutUint32(p[8:], uint32(2*size))
			p = append(p, make([]byte, size*((size+31)/32*4))...)
		} else if c, err := png.DecodeConfig(bytes.NewReader(p)); err == nil {
			size = c.Width
		}
		out = append(out, byte(size), byte(size), 0, 0, 1, 0, byte(depth), 0)
		out = binary.LittleEndian.AppendUint32(out, uint32(len(p)))
		out = binary.LittleEndian.AppendUint32(out, uint32(offset+len(data)))
		data = append(data, p...)
	}
	return append(out, data...)
}

func paletted(img image.Image) *image.Paletted {
	out := image.NewPaletted(img.Bounds(), color.Palette{color.RGBA{20, 60, 160, 255}, color.RGBA{250, 200, 40, 255}, color.RGBA{240, 240, 240, 255}})
	draw.Draw(out, out.Bounds(), img, image.Point{}, draw.Src)
	return out
}

func asBMP(t testing.TB, img image.Image) []byte {
	return encoded(t, func(b *bytes.Buffer) error { return bmp.Encode(b, img) })
}

// The same drawing looks alike in every size and encoding, and another one does not.
func TestWhatIsSeen(t *testing.T) {
	base := favicon.Of(asPNG(t, drawing(64, false)))
	opaque := image.NewNRGBA(image.Rect(0, 0, 48, 48)) // 32 bits a pixel in a BMP
	draw.Draw(opaque, opaque.Bounds(), drawing(48, false), image.Point{}, draw.Src)
	opaque.Pix[3] = 254
	for name, c := range map[string]struct {
		body   []byte
		format string
		size   int
	}{
		"PNG 16":        {asPNG(t, drawing(16, false)), "png", 16},
		"PNG 256":       {asPNG(t, drawing(256, false)), "png", 256},
		"JPEG":          {encoded(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, drawing(64, false), &jpeg.Options{Quality: 50}) }), "jpeg", 64},
		"GIF":           {encoded(t, func(b *bytes.Buffer) error { return gif.Encode(b, drawing(64, false), nil) }), "gif", 64},
		"BMP":           {asBMP(t, drawing(64, false)), "bmp", 64},
		"ICO of PNG":    {ico(asPNG(t, drawing(16, true)), asPNG(t, drawing(64, false)), asPNG(t, drawing(32, true))), "ico", 64},
		"ICO of 256":    {ico(asPNG(t, drawing(32, true)), asPNG(t, drawing(256, false))), "ico", 256},
		"ICO of BMP 24": {ico(asBMP(t, drawing(32, false)), asBMP(t, drawing(16, true))), "ico", 32},
		"ICO of BMP 32": {ico(asBMP(t, opaque)), "ico", 48},
		"ICO of BMP 8":  {ico(asBMP(t, paletted(drawing(32, false)))), "ico", 32},
	} {
		got := favicon.Of(c.body)
		if got.Error != "" || got.Format != c.format || got.Width != c.size || got.Height != c.size {
			t.Errorf("%s: %+v", name, got)
			continue
		}
		if d, p := apart(t, got.DHash, base.DHash), apart(t, got.PHash, base.PHash); d > 12 || p > 8 {
			t.Errorf("%s: %d and %d bits apart", name, d, p)
		}
		if got.SHA256 == base.SHA256 || got.MMH3 == base.MMH3 {
			t.Errorf("%s: other bytes, but the same number", name)
		}
	}
	other := favicon.Of(asPNG(t, drawing(64, true)))
	if d, p := apart(t, other.DHash, base.DHash), apart(t, other.PHash, base.PHash); d < 16 || p < 16 {
		t.Errorf("another drawing is %d and %d bits apart", d, p)
	}
}

func apart(t *testing.T, a, b string) int {
	t.Helper()
	x, err := strconv.ParseUint(a, 16, 64)
	if err != nil || len(a) != 16 {
		t.Fatalf("%q: %v", a, err)
	}
	y, err := strconv.ParseUint(b, 16, 64)
	if err != nil {
		t.Fatal(err)
	}
	return bits.OnesCount64(x ^ y)
}

// A figure on nothing is seen in black as in white, and what has no figure has no hash.
func TestTransparent(t *testing.T) {
	figure := func(c color.NRGBA) []byte {
		img := image.NewNRGBA(image.Rect(0, 0, 32, 32))
		draw.Draw(img, image.Rect(4, 4, 12, 28), image.NewUniform(c), image.Point{}, draw.Src)
		return asPNG(t, img)
	}
	inBlack, inWhite := favicon.Of(figure(color.NRGBA{0, 0, 0, 255})), favicon.Of(figure(color.NRGBA{255, 255, 255, 255}))
	if inBlack.PHash == "" || inWhite.PHash == "" || inBlack.DHash == inWhite.DHash {
		t.Errorf("black %+v, white %+v", inBlack, inWhite)
	}
	if nothing := favicon.Of(figure(color.NRGBA{})); nothing.DHash+nothing.PHash+nothing.Error != "" || nothing.Width != 32 {
		t.Errorf("nothing: %+v", nothing)
	}
}

func TestWhatIsNoIcon(t *testing.T) {
	huge := asPNG(t, image.NewGray(image.Rect(0, 0, 1, 1)))
	binary.BigEndian.PutUint32(huge[16:], 1<<30)
	good := ico(asPNG(t, drawing(32, false)))
	beyond := bytes.Clone(good)
	binary.LittleEndian.PutUint32(beyond[6+12:], 1<<31)
	many := bytes.Clone(good)
	binary.LittleEndian.PutUint16(many[4:], 65535)
	webp, err := base64.StdEncoding.DecodeString("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		body   []byte
		format string
	}{
		"SVG":                  {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), ""},
		"a page":               {[]byte("<html>404"), ""},
		"half a PNG":           {asPNG(t, drawing(32, false))[:200], "png"},
		"huge":                 {huge, "png"},
		"wide":                 {asPNG(t, image.NewGray(image.Rect(0, 0, 5000, 1))), "png"},
		"ICO head":             {good[:6], "ico"},
		"ICO beyond":           {beyond, "ico"},
		"ICO of many":          {many, "ico"},
		"ICO of nothing":       {[]byte("\x00\x00\x01\x00\x00\x00"), "ico"},
		"ICO of something":     {ico([]byte("01234567")), "ico"},
		"ICO of half a bitmap": {ico(asBMP(t, drawing(32, false))[:100]), "ico"},
	} {
		got := favicon.Of(c.body)
		if got.Error == "" || got.DHash+got.PHash != "" || got.Format != c.format || len(got.SHA256) != 64 {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := favicon.Of(webp); got.Error != "" || got.Format != "webp" || got.Width != 1 || got.DHash != "" {
		t.Errorf("WebP: %+v", got)
	}
	text, err := json.Marshal(favicon.Of([]byte("x")))
	if err != nil || !strings.HasPrefix(string(text), `{"sha256":"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881","mmh3":`) {
		t.Errorf("%s %v", text, err)
	}
}

func FuzzOf(f *testing.F) {
	f.Add(asPNG(f, drawing(8, false)))
	f.Add(ico(asPNG(f, drawing(8, false)), asBMP(f, paletted(drawing(8, true)))))
	f.Add(ico(asBMP(f, drawing(8, false))))
	f.Add(encoded(f, func(b *bytes.Buffer) error { return gif.Encode(b, drawing(8, false), nil) }))
	f.Add(encoded(f, func(b *bytes.Buffer) error { return jpeg.Encode(b, drawing(8, false), nil) }))
	f.Add([]byte("\x00\x00\x01\x00\x01\x00"))
	f.Fuzz(func(t *testing.T, body []byte) {
		h := favicon.Of(body)
		if (h.DHash == "") != (h.PHash == "") || h.Error != "" && h.DHash != "" || len(h.SHA256) != 64 || strings.Contains(h.Error, "panic") {
			t.Errorf("%+v", h)
		}
	})
}
