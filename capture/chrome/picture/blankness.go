package picture

import (
	"image"
	"math"

	"yuzheng/casefile/evidence"
)

// blankness counts, for each part of the picture as high as the window, the rows that are of one colour.
type blankness struct {
	view float64 // rows of a window
	rows []int
	all  []int
}

// enoughInk is how many pixels of a strip must differ from its commonest for it to show something.
const enoughInk = 8

// add looks at a tile that begins at a row of the picture.
func (b *blankness) add(img image.Image, row int) {
	box := img.Bounds()
	for y := 0; y < box.Dy(); {
		band := int(float64(row+y) / b.view)
		until := min(box.Dy(), int(math.Ceil(float64(band+1)*b.view))-row)
		for len(b.all) <= band {
			b.all, b.rows = append(b.all, 0), append(b.rows, 0)
		}
		b.all[band] += until - y
		if plainStrip(img, box.Min.Y+y, box.Min.Y+until) {
			b.rows[band] += until - y
		}
		y = until
	}
}

// blank reports whether a part shows nothing at all.
func (b *blankness) blank(band int) bool {
	return band < len(b.all) && b.all[band] > 0 && b.rows[band] == b.all[band]
}

// plainStrip reports whether rows of a picture are of one colour, but for a few pixels.
func plainStrip(img image.Image, from, until int) bool {
	pix, stride, ok := pixels(img)
	if !ok {
		return false
	}
	box, ink := img.Bounds(), 0
	at := func(x, y int) [3]byte {
		i := (y-box.Min.Y)*stride + (x-box.Min.X)*4
		return [3]byte(pix[i : i+3])
	}
	ground := at(box.Min.X+box.Dx()/2, (from+until)/2)
	if side := at(box.Min.X+2, from+(until-from)/3); side == at(box.Max.X-3, from+(until-from)/3) {
		ground = side // where the middle is a letter
	}
	for y := from; y < until; y += 2 {
		for x := box.Min.X; x < box.Max.X; x += 2 {
			if at(x, y) != ground {
				if ink++; ink >= enoughInk {
					return false
				}
			}
		}
	}
	return true
}

// pixels are the bytes of a picture that was decoded from a tile, four to a pixel.
func pixels(img image.Image) (pix []byte, stride int, ok bool) {
	switch v := img.(type) {
	case *image.RGBA:
		return v.Pix, v.Stride, true
	case *image.NRGBA:
		return v.Pix, v.Stride, true
	}
	return nil, 0, false
}

// enoughWords is how many characters of a part of the page must show before an empty picture of it is a contradiction.
const enoughWords = 10

// JudgePicture withdraws the word of a picture that is of one colour where the document has words.
func (c *Camera) JudgePicture() {
	if c.codes == nil || c.looks.View == 0 {
		return
	}
	b := c.codes.blankness()
	empty := 0
	for band, chars := range c.looks.Words {
		if y := int64(band) * c.page.Visitor.Height; chars >= enoughWords && b.blank(band) {
			empty++
			c.journal.Bad(evidence.CheckPicture, evidence.Screenshot, evidence.PictureBlank.With(y, y+c.page.Visitor.Height, chars))
		}
	}
	if empty == 0 && len(b.all) > 0 {
		c.journal.Good(evidence.CheckPicture, evidence.Screenshot, "shows something in each of the %d parts, as high as the window, that have words", len(c.looks.Words))
	}
}
