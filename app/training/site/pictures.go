package site

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
)

// draw makes a PNG of what stands at each point.
func draw(width, height int, at func(x, y int) color.NRGBA) []byte {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.SetNRGBA(x, y, at(x, y))
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic("site: " + err.Error()) // memory takes everything
	}
	return b.Bytes()
}

// chart shows gains that only rise.
func chart() []byte {
	return draw(900, 300, func(x, y int) color.NRGBA {
		if y >= 280-x*x*260/(900*900)-(x*37%23)/2 {
			return color.NRGBA{200, uint8(60 + y/3), 40, 255}
		}
		return color.NRGBA{250, 250, 245, 255}
	})
}

// favicon is a golden coin.
func favicon() []byte {
	return draw(32, 32, func(x, y int) color.NRGBA {
		if (x-16)*(x-16)+(y-16)*(y-16) < 100 {
			return color.NRGBA{212, 160, 23, 255}
		}
		return color.NRGBA{122, 12, 12, 255}
	})
}

// statement is the n-th account statement, too small to be read: lines of text, and sums in red.
func statement(n int) []byte {
	return draw(320, 240, func(x, y int) color.NRGBA {
		line := y / 20
		switch text, sum := 80+(line*53+n*31)%100, 30+(line*37+n*17)%50; {
		case y%20 < 7 || y%20 > 13 || x%9 > 6:
		case x >= 16 && x < 16+text:
			return color.NRGBA{90, 90, 100, 255}
		case x >= 300-sum && x < 300:
			return color.NRGBA{176, 0, 32, 255}
		}
		return color.NRGBA{252, 250, 244, 255}
	})
}

// soap is the n-th bar of soap, on a shelf.
func soap(n int) []byte {
	tone := uint8(40 * n)
	return draw(320, 240, func(x, y int) color.NRGBA {
		switch {
		case x > 60 && x < 260 && y > 80 && y < 180:
			return color.NRGBA{190 - tone, 150 + tone/2, 100 + uint8(y/4), 255}
		case y > 180:
			return color.NRGBA{150, 120, 90, 255}
		}
		return color.NRGBA{235, 240, 232, 255}
	})
}
