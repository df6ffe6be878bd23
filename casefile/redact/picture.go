package redact

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"

	"yuzheng/casefile/evidence"
)

// maxPixels bounds a picture: four bytes each.
const maxPixels = 128 << 20

// OutsideError says that a box of the rules does not lie in its picture: whoever measured it has looked at another one.
type OutsideError struct {
	Picture       string
	Box           evidence.RedactionBox
	Width, Height int // of the picture as people see it
}

func (e *OutsideError) Error() string {
	b := e.Box
	return fmt.Sprintf("box %d,%d of %dx%d lies outside %s, which is %dx%d", b.X, b.Y, b.Width, b.Height, e.Picture, e.Width, e.Height)
}

// picture covers the boxes that a person gave, in the picture as people see it, and writes it anew and upright: pixels alone, without text, profile,
// thumbnail, colours that are not seen, or further frames. One that nobody has looked at is left out: what it shows is not known.
func (r *Redactor) picture(name string, data []byte) Copy {
	boxes, seen := r.pictures[name]
	if !seen {
		return leaveOut(evidence.LeftPicture)
	}
	size, form, err := image.DecodeConfig(bytes.NewReader(data))
	switch {
	case err != nil:
		return leaveOut(evidence.LeftFormat) // none that is read here
	case size.Width <= 0 || size.Height <= 0 || size.Width > maxPixels/size.Height:
		return leaveOut(evidence.LeftLarge)
	}
	way, sure := turn(data)
	if !sure {
		return leaveOut(evidence.LeftDamaged)
	}
	width, height := way.size(size.Width, size.Height)
	for _, b := range boxes {
		if b.X > width-b.Width || b.Y > height-b.Height {
			if r.outside == nil {
				r.outside = &OutsideError{name, b, width, height}
			}
			return leaveOut(evidence.LeftUnmaskable)
		}
	}
	from, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return leaveOut(evidence.LeftDamaged)
	}
	drawn := way.upright(from)
	for i := 0; i < len(drawn.Pix); i += 4 {
		if drawn.Pix[i+3] == 0 { // nobody sees it, and yet it has a colour
			drawn.Pix[i], drawn.Pix[i+1], drawn.Pix[i+2] = 0, 0, 0
		}
	}
	for _, b := range boxes {
		draw.Draw(drawn, image.Rect(b.X, b.Y, b.X+b.Width, b.Y+b.Height), image.NewUniform(color.Black), image.Point{}, draw.Src)
	}
	c := Copy{}
	if c.Data, err = inForm(form, drawn); err != nil {
		return leaveOut(evidence.LeftDamaged)
	}
	if len(boxes) > 0 {
		c.Masked = map[evidence.RedactionKind]int{evidence.RedactBox: len(boxes)}
	}
	return c
}

// inForm writes a picture in the form that it had, and any that is not written here as PNG.
func inForm(form string, drawn image.Image) ([]byte, error) {
	var out bytes.Buffer
	if form == "jpeg" {
		err := jpeg.Encode(&out, drawn, &jpeg.Options{Quality: 90})
		return out.Bytes(), err
	}
	err := png.Encode(&out, drawn)
	return out.Bytes(), err
}

// blank is a black picture, in the place of one that a document cannot do without.
func blank(name string) []byte {
	var out bytes.Buffer
	one := image.NewGray(image.Rect(0, 0, 1, 1))
	if isJPEG(name) {
		_ = jpeg.Encode(&out, one, nil) // a buffer takes everything
	} else {
		_ = png.Encode(&out, one)
	}
	return out.Bytes()
}
