package qrcode

import (
	"image"
	"image/color"
	"slices"
)

// plane is brightness by pixel, a byte each, row by row.
type plane struct {
	width, height int
	pix           []byte
}

// brightness of a part of a picture, laid over white where it is transparent. What decoders of PNG and JPEG give is read without a call
// for every pixel.
func brightness(img image.Image, part image.Rectangle) plane {
	p := plane{part.Dx(), part.Dy(), make([]byte, part.Dx()*part.Dy())}
	for y := range p.height {
		row, at := p.pix[y*p.width:(y+1)*p.width], part.Min.Y+y
		switch m := img.(type) {
		case *image.Gray:
			copy(row, m.Pix[m.PixOffset(part.Min.X, at):])
		case *image.YCbCr:
			copy(row, m.Y[m.YOffset(part.Min.X, at):])
		case *image.RGBA:
			from := m.Pix[m.PixOffset(part.Min.X, at):]
			for x := range row {
				c := from[4*x : 4*x+4 : 4*x+4]
				row[x] = byte(weigh(c[0], c[1], c[2]) + 255 - uint(c[3]))
			}
		case *image.NRGBA:
			from := m.Pix[m.PixOffset(part.Min.X, at):]
			for x := range row {
				c := from[4*x : 4*x+4 : 4*x+4]
				a := uint(c[3])
				row[x] = byte((weigh(c[0], c[1], c[2])*a + 255*(255-a)) / 255)
			}
		default:
			for x := range row {
				c := color.NRGBAModel.Convert(img.At(part.Min.X+x, at)).(color.NRGBA)
				a := uint(c.A)
				row[x] = byte((weigh(c.R, c.G, c.B)*a + 255*(255-a)) / 255)
			}
		}
	}
	return p
}

// weigh counts green twice, as the eye does.
func weigh(r, g, b byte) uint { return (uint(r) + 2*uint(g) + uint(b)) / 4 }

// last is a copy of the last rows.
func (p plane) last(n int) plane {
	n = min(n, p.height)
	return plane{p.width, n, slices.Clone(p.pix[(p.height-n)*p.width:])}
}

// below joins two planes of the same width.
func below(upper, lower plane) plane {
	return plane{lower.width, upper.height + lower.height, slices.Concat(upper.pix, lower.pix)}
}

func (p plane) inverted() plane {
	out := plane{p.width, p.height, make([]byte, len(p.pix))}
	for i, v := range p.pix {
		out.pix[i] = ^v
	}
	return out
}

// enlarged cuts a rectangle out and makes it n times as large.
func (p plane) enlarged(r image.Rectangle, n int) plane {
	out := plane{r.Dx() * n, r.Dy() * n, make([]byte, r.Dx()*n*r.Dy()*n)}
	for y := range out.height {
		from := p.pix[(r.Min.Y+y/n)*p.width+r.Min.X:]
		row := out.pix[y*out.width : (y+1)*out.width]
		for x := range row {
			row[x] = from[x/n]
		}
	}
	return out
}
