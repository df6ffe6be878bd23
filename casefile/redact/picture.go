package redact

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"

	"yuzheng/casefile/evidence"
)

// maxPixels bounds a picture: four bytes each.
const maxPixels = 128 << 20

// picture covers the boxes that a person gave, and writes the picture anew: pixels alone, without text, profile, thumbnail, colours that are not
// seen, or further frames. One that nobody has looked at is left out: what it shows is not known.
func (r *Redactor) picture(name string, data []byte) Copy {
	boxes, seen := r.pictures[name]
	if !seen {
		return leaveOut(evidence.LeftPicture)
	}
	size, format, err := image.DecodeConfig(bytes.NewReader(data))
	switch {
	case err != nil:
		return leaveOut(evidence.LeftPicture) // no form that is read here
	case size.Width <= 0 || size.Height <= 0 || size.Width > maxPixels/size.Height:
		return leaveOut(evidence.LeftLarge)
	}
	from, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return leaveOut(evidence.LeftDamaged)
	}
	drawn := image.NewNRGBA(image.Rect(0, 0, size.Width, size.Height))
	draw.Draw(drawn, drawn.Rect, from, from.Bounds().Min, draw.Src)
	for i := 0; i < len(drawn.Pix); i += 4 {
		if drawn.Pix[i+3] == 0 { // nobody sees it, and yet it has a colour
			drawn.Pix[i], drawn.Pix[i+1], drawn.Pix[i+2] = 0, 0, 0
		}
	}
	for _, b := range boxes {
		box := image.Rect(b.X, b.Y, b.X+b.Width, b.Y+b.Height).Intersect(drawn.Rect)
		draw.Draw(drawn, box, image.NewUniform(color.Black), image.Point{}, draw.Src)
	}
	var out bytes.Buffer
	if format == "jpeg" {
		err = jpeg.Encode(&out, drawn, &jpeg.Options{Quality: 90})
	} else {
		err = png.Encode(&out, drawn)
	}
	if err != nil {
		return leaveOut(evidence.LeftDamaged)
	}
	return Copy{Data: out.Bytes()}
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
