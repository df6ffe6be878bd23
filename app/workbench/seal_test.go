package workbench

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"html"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/math/f64"

	"yuzheng/assets"
	"yuzheng/capture/qrcode"
	"yuzheng/casefile"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/packet"
)

// sealedCase is a case that was sealed once.
func sealedCase(t *testing.T) (*Workbench, *casefile.Case, casefile.SealRecord) {
	t.Helper()
	w, c, _, _ := bench(t, whole)
	var err error
	if w.Papers, err = fs.Sub(assets.Documents, "documents"); err != nil {
		t.Fatal(err)
	}
	seal, err := w.Seal(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return w, c, seal
}

// tagged are the marks of HTML, with what is not read.
var tagged = regexp.MustCompile(`(?s)<style>.*?</style>|<title>.*?</title>|<[^>]*>`)

// TestSealSheet: the sheet says whose seal it is, when, and how it is compared; has nothing of the case but its number; refers to nothing outside; and
// is written once.
func TestSealSheet(t *testing.T) {
	w, c, seal := sealedCase(t)
	file := filepath.Join(t.TempDir(), "sheet.html")
	if err := w.WriteSealSheet(c, seal.Size, file); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := html.UnescapeString(tagged.ReplaceAllString(unboxed.Replace(string(page)), "\n"))
	for _, want := range []string{
		"115偵1", "115年11月24日 10:00:", fmt.Sprintf("共%d筆", seal.Size), seal.Root.String(), custody.Fingerprint(c.Info().PublicKey), "分開保管", "--seal", "與留存的封緘核對…",
		"無：封緘時間為製作者自述", "For readers of English",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the sheet does not say %q: %s", want, text)
		}
	}
	for _, never := range []string{"佇列", "王○○", "http://", "https://", "<script", "<link", "url("} {
		if strings.Contains(string(page), never) {
			t.Errorf("the sheet has %q in it", never)
		}
	}
	if got, err := readSeal(t.Context(), file); err != nil || string(got) != string(seal.Text) {
		t.Errorf("the saved sheet is read as %q, %v", got, err)
	}
	if err := w.WriteSealSheet(c, seal.Size, file); !errors.Is(err, casefile.ErrExists) {
		t.Errorf("written over: %v", err)
	}
	if again, err := os.ReadFile(file); err != nil || !bytes.Equal(again, page) {
		t.Errorf("the sheet has changed: %v", err)
	}
	if err := w.WriteSealSheet(c, seal.Size+9, filepath.Join(t.TempDir(), "x.html")); !errors.Is(err, casefile.ErrNotFound) {
		t.Errorf("the sheet of no seal: %v", err)
	}
}

// TestSealSheetOfLongNames: what an office or an authority is called takes no second page and is no HTML.
func TestSealSheetOfLongNames(t *testing.T) {
	long := strings.Repeat("<b>長名\n| ", 4000)
	if got := printed(long, sealName); len([]rune(got)) != sealName || strings.Contains(got, "\n") {
		t.Errorf("%q", got)
	}
	var s casefile.SealRecord
	for i := range 40 {
		s.Pending = append(s.Pending, fmt.Sprint("https://", i, long))
	}
	list := stampsOf(s)
	if len(list) != sealStamps+1 || !strings.HasSuffix(list[0], "　待補") || list[sealStamps] != "另有37個" {
		t.Errorf("%q", list)
	}
}

// TestTypedLines: the rows to type are the seal, when blanks are taken out of them, and none is wide.
func TestTypedLines(t *testing.T) {
	_, _, seal := sealedCase(t)
	rows := typedLines(seal.Text)
	solid := func(s string) string { return strings.Join(strings.Fields(s), "") }
	if got := solid(strings.Join(rows, "")); got != solid(string(seal.Text)) {
		t.Errorf("%q", rows)
	}
	for _, r := range rows {
		if len([]rune(r)) > sealRowWidth || len(rows) > 8 {
			t.Errorf("%q", r)
		}
	}
}

// paper is a sheet as somebody gets it back: at so many dots an inch, turned, uneven in its light, with noise, as JPEG of a quality (0: PNG).
type paper struct {
	dpi, degrees, shade, noise float64
	quality                    int
}

// of prints a code at its size on A4 and takes a picture of it.
func (p paper) of(t testing.TB, code image.Image) []byte {
	t.Helper()
	cm := p.dpi / 2.54
	width, height, side := int(21*cm), int(29.7*cm), int(sealCode*cm)
	flat := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(flat, flat.Rect, image.White, image.Point{}, draw.Src)
	at := image.Rect(0, 0, side, side).Add(image.Pt((width-side)/2, height-side-int(3*cm)))
	xdraw.BiLinear.Scale(flat, at, code, code.Bounds(), draw.Src, nil)
	seen := flat
	if p.degrees != 0 {
		seen = image.NewRGBA(flat.Rect)
		draw.Draw(seen, seen.Rect, image.White, image.Point{}, draw.Src)
		sin, cos := math.Sincos(p.degrees * math.Pi / 180)
		x, y := float64(at.Min.X+side/2), float64(at.Min.Y+side/2)
		xdraw.BiLinear.Transform(seen, f64.Aff3{cos, -sin, x - cos*x + sin*y, sin, cos, y - sin*x - cos*y}, flat, flat.Rect, draw.Over, nil)
	}
	chance := rand.New(rand.NewPCG(1, 2))
	grey := image.NewGray(seen.Rect)
	for i := range grey.Pix {
		light := 1 - p.shade*float64(i%width)/float64(width)
		grey.Pix[i] = uint8(min(max(float64(seen.Pix[4*i])*light+chance.NormFloat64()*p.noise, 0), 255))
	}
	var b bytes.Buffer
	if p.quality > 0 {
		if err := jpeg.Encode(&b, grey, &jpeg.Options{Quality: p.quality}); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, grey); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func put(t testing.TB, name string, data []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestSealComesBack: the code of a sheet gives the seal back to the letter from scans and photographs, good and bad.
func TestSealComesBack(t *testing.T) {
	_, _, seal := sealedCase(t)
	code, err := qrcode.Draw(string(seal.Text), sealModule)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"scan.bin", "掃描.JPG"} // what it is called decides nothing
	for i, p := range []paper{
		{dpi: 60},
		{dpi: 72, degrees: 4, quality: 40},
		{dpi: 100, noise: 30, quality: 40},
		{dpi: 150, degrees: 33, shade: 0.4, noise: 15, quality: 75},
		{dpi: 200, degrees: 180, noise: 50, quality: 80},
		{dpi: 300, degrees: 91, shade: 0.4, noise: 50},
	} {
		if got, err := readSeal(t.Context(), put(t, names[i%2], p.of(t, code))); err != nil || string(got) != string(seal.Text) {
			t.Errorf("%+v: %q %v", p, got, err)
		}
	}
	alone := new(bytes.Buffer)
	if err := png.Encode(alone, code); err != nil {
		t.Fatal(err)
	}
	if got, err := readSeal(t.Context(), put(t, "code.png", alone.Bytes())); err != nil || string(got) != string(seal.Text) {
		t.Errorf("the code alone: %q %v", got, err)
	}
	covered := image.NewGray(code.Rect)
	draw.Draw(covered, covered.Rect, code, image.Point{}, draw.Src)
	middle := image.Rect(0, 0, code.Rect.Dx()/5, code.Rect.Dx()/5).Add(image.Pt(2*code.Rect.Dx()/5, 2*code.Rect.Dx()/5))
	draw.Draw(covered, middle, image.Black, image.Point{}, draw.Src) // an office's stamp on it
	if got, err := readSeal(t.Context(), put(t, "stamped.png", paper{dpi: 100}.of(t, covered))); err != nil || string(got) != string(seal.Text) {
		t.Errorf("with a stamp on it: %q %v", got, err)
	}
}

// chunk is one chunk of a PNG.
func chunk(kind string, data []byte) []byte {
	body := append([]byte(kind), data...)
	out := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	return binary.BigEndian.AppendUint32(append(out, body...), crc32.ChecksumIEEE(body))
}

// claims is the beginning of a PNG that claims a size, at so many bits a channel.
func claims(width, height uint32, depth byte) []byte {
	size := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
	return append([]byte(pngHead), chunk("IHDR", append(size, depth, 6, 0, 0, 0))...)
}

// pictured is a picture with texts as codes in it.
func pictured(t testing.TB, texts ...string) []byte {
	t.Helper()
	all := image.NewGray(image.Rect(0, 0, 400*len(texts)+1, 400))
	draw.Draw(all, all.Rect, image.White, image.Point{}, draw.Src)
	for i, text := range texts {
		code, err := qrcode.Draw(text, 4)
		if err != nil {
			t.Fatal(err)
		}
		draw.Draw(all, code.Rect.Add(image.Pt(400*i, 0)), code, image.Point{}, draw.Src)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, all); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestNoSealInPicture: a picture that gives no seal says why, and one that claims to be huge takes no memory.
func TestNoSealInPicture(t *testing.T) {
	large := append([]byte(jpegHead), 0xdb) // only its beginning: what it claims is read first
	jpegClaim := []byte{0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0xff, 0xff, 0xff, 0xff, 1, 1, 0x11, 0}
	seals := []string{custody.Origin("1") + "\n1\n", custody.Origin("2") + "\n1\n"}
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"60000 by 60000":         {claims(60000, 60000, 8), ErrSealPicture},
		"most by 1":              {claims(math.MaxInt32, 1, 8), ErrSealPicture},
		"27 million of 16 bits":  {claims(5200, 5200, 16), ErrSealPicture},
		"65535 by 65535, JPEG":   {jpegClaim, ErrSealPicture},
		"cut JPEG":               {large, ErrSealPicture},
		"cut PNG":                {pictured(t, seals[0])[:300], ErrSealPicture},
		"head alone":             {[]byte(pngHead), ErrSealPicture},
		"size of nothing":        {claims(0, 0, 8), ErrSealPicture},
		"no code":                {paper{dpi: 60, noise: 90}.of(t, image.NewGray(image.Rect(0, 0, 9, 9))), ErrNoSealCode},
		"a code of something":    {pictured(t, "https://line.me/R/ti/p/@invest888"), ErrOtherCode},
		"two seals":              {pictured(t, seals...), ErrManySeals},
		"a page without picture": {[]byte("<!doctype html><p>hello"), ErrSealPicture},
		"a page with a bad one":  {[]byte(`<!doctype html><img src="data:image/png;base64,%%%%">`), ErrSealPicture},
		"a page with a huge one": {[]byte(`<!doctype html><img src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA6mAAAOpgCAYAAAD6">`), ErrSealPicture},
	} {
		_, err := readSeal(t.Context(), put(t, "x", c.data))
		if !errors.Is(err, c.want) || !errors.Is(err, packet.ErrNotSeal) {
			t.Errorf("%s: %v", name, err)
		}
	}
	one := put(t, "x", pictured(t, seals[0], "https://a.example/", seals[0]))
	if got, err := readSeal(t.Context(), one); err != nil || string(got) != seals[0] {
		t.Errorf("a seal beside another code, twice: %q %v", got, err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := readSeal(stopped, one); err == nil {
		t.Error("a picture is read on after its reader has gone")
	}
}

// FuzzSealPicture: no picture ends the program, and none gives what is not in it.
func FuzzSealPicture(f *testing.F) {
	f.Add(pictured(f, custody.Origin("1")))
	f.Add(claims(3, 3, 8))
	f.Add([]byte(`<!doctype html><img src="data:image/png;base64,iVBORw0KGgo">`))
	f.Fuzz(func(t *testing.T, data []byte) {
		text, isPicture, err := sealInPicture(context.Background(), put(t, "x", data))
		if err == nil && isPicture && !strings.HasPrefix(string(text), custody.Origin("")) {
			t.Errorf("%q", text)
		}
	})
}

// TestHeldCase: a case goes with its own seals, and an older copy of it does not, whether it is as it was or was gone on with; nor does another case.
func TestHeldCase(t *testing.T) {
	w, c, seal := sealedCase(t)
	file := put(t, "seal.txt", seal.Text)
	if got, err := w.HoldCase(t.Context(), c, file); err != nil || got != (Held{packet.SealWithin, seal.Size}) {
		t.Errorf("%+v %v", got, err)
	}
	dir := filepath.Join(t.TempDir(), "case")
	one, _, err := w.CreateCase(t.Context(), NewCase{Dir: dir, Number: "115偵2", Title: "x", Passphrase: "x", Operator: custody.Operator{Name: "王○○"}})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := w.HoldCase(t.Context(), one, file); !errors.Is(err, ErrMismatch) || got.Answer != packet.SealStrange {
		t.Errorf("another case: %+v %v", got, err)
	}
	if err := one.Close(); err != nil {
		t.Fatal(err)
	}
	old := filepath.Join(t.TempDir(), "old")
	if err := os.CopyFS(old, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	later := func(dir string, more int) (*casefile.Case, string) {
		c, err := casefile.Open(t.Context(), dir, casefile.Passphrase("x"), casefile.OpenOptions{Now: w.Now})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		var s casefile.SealRecord
		for range more {
			if s, err = w.Seal(t.Context(), c); err != nil {
				t.Fatal(err)
			}
		}
		return c, put(t, "seal.txt", s.Text)
	}
	_, kept := later(dir, 5)
	copied, _ := later(old, 0)
	if got, err := w.HoldCase(t.Context(), copied, kept); !errors.Is(err, ErrMismatch) || got.Answer != packet.SealAfter {
		t.Errorf("an older copy: %+v %v", got, err)
	}
	for range 9 {
		if _, err := copied.Log(t.Context(), custody.Entry{Actor: custody.Tool, Action: custody.NetworkContact}); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := w.HoldCase(t.Context(), copied, kept); !errors.Is(err, ErrMismatch) || got.Answer != packet.SealBroken {
		t.Errorf("an older copy that was gone on with: %+v %v", got, err)
	}
	if _, err := w.HoldCase(t.Context(), copied, put(t, "x", []byte("hello"))); !errors.Is(err, packet.ErrNotSeal) {
		t.Errorf("what is no seal: %v", err)
	}
}

// TestSheetDecides holds packets of a case against the sheet of a seal, as a photograph: the later packet contains its history, the earlier is older,
// and one of another case is not by its key.
func TestSheetDecides(t *testing.T) {
	w, c, id := packetCase(t)
	build := func(name string) string {
		file := filepath.Join(t.TempDir(), name)
		if _, err := w.BuildPacket(t.Context(), c, id, PacketOptions{File: file}); err != nil {
			t.Fatal(err)
		}
		return file
	}
	before := build("X01.zip")
	seal, err := w.Seal(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	a, err := w.Application(c, id)
	if err == nil {
		a.Cause += "更正"
		err = w.SetApplication(t.Context(), c, a, "更正")
	}
	if err != nil {
		t.Fatal(err)
	}
	after := build("X02.zip")
	code, err := qrcode.Draw(string(seal.Text), sealModule)
	if err != nil {
		t.Fatal(err)
	}
	photo := put(t, "photo.jpg", paper{dpi: 100, degrees: 7, noise: 20, quality: 70}.of(t, code))
	for file, want := range map[string]string{before: packet.SealAfter, after: packet.SealWithin} {
		if r, err := w.Verify(t.Context(), file, VerifyOptions{Seal: photo}); err != nil || r.Whose.Seal != want || r.Whose.SealSize != seal.Size {
			t.Errorf("%s: %v %+v", file, err, r)
		}
	}
	_, _, other := sealedCase(t)
	code, err = qrcode.Draw(string(other.Text), sealModule)
	if err != nil {
		t.Fatal(err)
	}
	strange := put(t, "other.png", paper{dpi: 100}.of(t, code))
	if r, err := w.Verify(t.Context(), after, VerifyOptions{Seal: strange}); !errors.Is(err, ErrForeign) || r.Whose.Seal != packet.SealStrange {
		t.Errorf("the sheet of another case: %v", err)
	}
}
