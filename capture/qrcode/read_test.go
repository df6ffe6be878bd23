package qrcode

import (
	"slices"
	"testing"

	"yuzheng/casefile/evidence"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
)

// A text over several codes says which part of how many each is.
func TestParts(t *testing.T) {
	version, err := decoder.Version_GetVersionForNumber(1)
	if err != nil {
		t.Fatal(err)
	}
	// mode 3, part 2 of 3, parity; mode 4, three bytes; end
	bits := []byte{0b0011_0001, 0b0010_1010, 0b1010_0100, 3, 'a', 'b', 'c', 0}
	result, err := decoder.DecodedBitStreamParser_Decode(bits, version, decoder.ErrorCorrectionLevel_M, nil)
	if err != nil {
		t.Fatal(err)
	}
	var c evidence.QRCode
	take(&c, result)
	if c.Part != 2 || c.Parts != 3 || c.Text != "abc" || c.Bytes != nil || c.Level != "M" {
		t.Errorf("%+v", c)
	}
}

// A panic of the library costs the code that made it, and no more.
func TestPanicsAreErrors(t *testing.T) {
	if _, err := decode(nil); err == nil {
		t.Error("nothing has been decoded")
	}
	broken := func(plane) (*gozxing.BitMatrix, error) { panic("broken") }
	if found, err := pass(plane{}, broken, clock{}); err == nil || len(found) != 0 {
		t.Errorf("%v %v", found, err)
	}
}

func TestBinary(t *testing.T) {
	p := plane{67, 3, slices.Repeat([]byte{0, 100, 127, 128, 255}, 41)[:67*3]}
	m, err := darker(128)(p)
	if err != nil {
		t.Fatal(err)
	}
	for y := range p.height {
		for x := range p.width {
			if m.Get(x, y) != (p.pix[y*p.width+x] < 128) {
				t.Errorf("%d, %d: %v", x, y, m.Get(x, y))
			}
		}
	}
}
