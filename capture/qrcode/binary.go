package qrcode

import (
	"errors"

	"github.com/makiuchi-d/gozxing"
)

// adaptive is the library's way to black and white.
func adaptive(p plane) (*gozxing.BitMatrix, error) {
	source, err := gozxing.NewPlanarYUVLuminanceSource(p.pix, p.width, p.height, 0, 0, p.width, p.height, false)
	if err != nil {
		return nil, err
	}
	m, err := gozxing.NewHybridBinarizer(source).GetBlackMatrix()
	var none gozxing.NotFoundException
	if errors.As(err, &none) { // a small picture without contrast
		return gozxing.NewBitMatrix(p.width, p.height)
	}
	return m, err
}

// darker takes for black what is darker than a limit.
func darker(limit byte) func(plane) (*gozxing.BitMatrix, error) {
	return func(p plane) (*gozxing.BitMatrix, error) {
		m, err := gozxing.NewBitMatrix(p.width, p.height)
		if err != nil {
			return nil, err
		}
		row := gozxing.NewBitArray(p.width)
		for y := range p.height {
			line := p.pix[y*p.width : (y+1)*p.width]
			for x := 0; x < len(line); x += 32 {
				var bits uint32
				for i, v := range line[x:min(x+32, len(line))] {
					if v < limit {
						bits |= 1 << i
					}
				}
				row.SetBulk(x, bits)
			}
			m.SetRow(y, row)
		}
		return m, nil
	}
}
