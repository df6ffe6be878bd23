package qrcode

import (
	"errors"
	"fmt"
	"image"
	"math"
	"slices"
	"strings"

	"yuzheng/casefile/evidence"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/common"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/detector"
)

// corner is the three marks of what may be a code.
type corner struct{ topLeft, topRight, bottomLeft *mark }

func (c corner) used() bool { return c.topLeft.used || c.topRight.used || c.bottomLeft.used }

func (c corner) use() { c.topLeft.used, c.topRight.used, c.bottomLeft.used = true, true, true }

// module is the side of a module in pixels.
func (c corner) module() float64 {
	return (c.topLeft.GetEstimatedModuleSize() + c.topRight.GetEstimatedModuleSize() + c.bottomLeft.GetEstimatedModuleSize()) / 3
}

var (
	errNoCode  = errors.New("no code")
	errDamaged = errors.New("too much of the code is damaged")
)

// The shares of modules between the marks that must alternate (ISO/IEC 18004, 6.3.5) for a code to be tried, and to be told as one that
// is there though it cannot be read.
const (
	perhaps = 0.7
	surely  = 0.9
)

// attempt reads the code at three marks. It fails with errNoCode where none is likely to be.
func attempt(m *gozxing.BitMatrix, c corner) (evidence.QRCode, error) {
	code := evidence.QRCode{Place: c.place()}
	bits := c.bits(m)
	likely := alternating(bits)
	if likely < perhaps {
		return code, errNoCode
	}
	result, err := decode(bits)
	switch {
	case err == nil:
		code.Version = (bits.GetWidth() - 17) / 4
		take(&code, result)
		return code, nil
	case likely < surely:
		return code, errNoCode
	}
	return code, errDamaged
}

// decode keeps a panic of the library to the code that made it.
func decode(bits *gozxing.BitMatrix) (result *common.DecoderResult, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return decoder.NewDecoder().DecodeWithoutHint(bits)
}

// bits are the modules as the library takes them, which uses the small marks inside a code; where that gives none, as a square of every
// size that is near.
func (c corner) bits(m *gozxing.BitMatrix) (best *gozxing.BitMatrix) {
	defer func() { _ = recover() }() // the library reads beyond the edge of a picture; what was found before stays
	three := detector.NewFinderPatternInfo(c.bottomLeft.FinderPattern, c.topLeft.FinderPattern, c.topRight.FinderPattern)
	if found, err := detector.NewDetector(m).ProcessFinderPatternInfo(three); err == nil {
		best = found.GetBits()
	}
	if alternating(best) >= surely {
		return best
	}
	side := (distance(c.topLeft, c.topRight) + distance(c.topLeft, c.bottomLeft)) / 2
	guess := int(math.Round((side/c.module()+7-17)/4))*4 + 17
	for _, size := range []int{guess, guess - 4, guess + 4, guess - 8, guess + 8} {
		if size < 21 || size > 177 {
			continue
		}
		transform := detector.Detector_createTransform(c.topLeft, c.topRight, c.bottomLeft, nil, size)
		bits, err := detector.Detector_sampleGrid(m, transform, size)
		if err == nil && alternating(bits) > alternating(best) {
			best = bits
		}
	}
	return best
}

// alternating is the share of the modules between the marks that are as they must be.
func alternating(bits *gozxing.BitMatrix) float64 {
	if bits == nil || bits.GetWidth() < 21 {
		return 0
	}
	good, all := 0, 0
	for i := 8; i < bits.GetWidth()-8; i++ {
		for _, black := range []bool{bits.Get(i, 6), bits.Get(6, i)} {
			all++
			if black == (i%2 == 0) {
				good++
			}
		}
	}
	return float64(good) / float64(all)
}

// alternates counts, on the two lines three modules inside the middles of the marks, whether black and white change about as often as they
// must. It is quick and coarse.
func (c corner) alternates(m *gozxing.BitMatrix) bool {
	x1, y1 := c.topRight.GetX()-c.topLeft.GetX(), c.topRight.GetY()-c.topLeft.GetY()
	x2, y2 := c.bottomLeft.GetX()-c.topLeft.GetX(), c.bottomLeft.GetY()-c.topLeft.GetY()
	module := c.module()
	changes := func(x, y, dx, dy, length float64) float64 {
		steps, n := int(2*length/module), 0
		last := true
		for i := range steps {
			t := float64(i) / float64(steps)
			px, py := int(x+t*dx), int(y+t*dy)
			if px < 0 || py < 0 || px >= m.GetWidth() || py >= m.GetHeight() {
				return 0
			}
			if black := m.Get(px, py); black != last {
				n, last = n+1, black
			}
		}
		return float64(n) / (length/module - 6)
	}
	across, down := math.Hypot(x1, y1), math.Hypot(x2, y2)
	a := changes(c.topLeft.GetX()+3*module*x2/down, c.topLeft.GetY()+3*module*y2/down, x1, y1, across)
	b := changes(c.topLeft.GetX()+3*module*x1/across, c.topLeft.GetY()+3*module*y1/across, x2, y2, down)
	return a > perhaps && b > perhaps
}

// place is the rectangle around the square that the marks span: their middles lie three and a half modules inside it.
func (c corner) place() evidence.QRPlace {
	x1, y1 := c.topRight.GetX()-c.topLeft.GetX(), c.topRight.GetY()-c.topLeft.GetY()
	x2, y2 := c.bottomLeft.GetX()-c.topLeft.GetX(), c.bottomLeft.GetY()-c.topLeft.GetY()
	edge1, edge2 := 3.5*c.module()/math.Hypot(x1, y1), 3.5*c.module()/math.Hypot(x2, y2)
	left, top, right, bottom := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, u := range []float64{-edge1, 1 + edge1} {
		for _, v := range []float64{-edge2, 1 + edge2} {
			x, y := c.topLeft.GetX()+u*x1+v*x2, c.topLeft.GetY()+u*y1+v*y2
			left, right, top, bottom = min(left, x), max(right, x), min(top, y), max(bottom, y)
		}
	}
	r := image.Rect(int(math.Round(left)), int(math.Round(top)), int(math.Round(right)), int(math.Round(bottom)))
	return evidence.QRPlace{X: r.Min.X, Y: r.Min.Y, Width: r.Dx(), Height: r.Dy()}
}

// take keeps what the library read. It guesses the encoding of bytes, so they are kept where the guess is not UTF-8.
func take(c *evidence.QRCode, r *common.DecoderResult) {
	c.Text, c.Level = strings.ToValidUTF8(r.GetText(), "\ufffd"), r.GetECLevel()
	if all := slices.Concat(r.GetByteSegments()...); !strings.Contains(c.Text, string(all)) {
		c.Bytes = all
	}
	if info, ok := r.GetOther().(*decoder.QRCodeDecoderMetaData); ok {
		c.Mirrored = info.IsMirrored()
	}
	if r.HasStructuredAppend() {
		c.Part, c.Parts = r.GetStructuredAppendSequenceNumber()>>4+1, r.GetStructuredAppendSequenceNumber()&15+1
	}
}
