package compare

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"

	"yuzheng/casefile/evidence"

	"github.com/corona10/goimagehash"
)

// Picture is what differs between two pictures.
type Picture struct {
	Size      Two[Size] `json:"size"`
	SameBytes bool      `json:"same_bytes"` // by the recorded hashes
	// Distance is in how many of 64 bits the perceptual hashes (a cosine transform of the picture at 64 by 64) differ. It is told of viewports
	// alone, and null where one of the two is blank or was not decoded.
	Distance *int           `json:"distance"`
	Blank    Two[bool]      `json:"blank"`  // of one colour, as good as
	Blocks   *pictureBlocks `json:"blocks"` // null where one of the two was not decoded
}

// Size is in device pixels.
type Size struct {
	Width  int `json:"width"`
	Height int `json:"height"`
}

// picture is a decoded picture, made small: nobody needs two of 480 MB at a time.
type picture struct {
	Size
	hash    string // SHA-256
	decoded bool
	cells   []byte // mean red, green and blue of each cell, row by row; what is left over at the right and at the bottom is in none
	columns int
	blank   bool
	look    *goimagehash.ImageHash
}

// cell is the width and height of a cell in pixels: fine enough for a line of text, coarse enough for what makes letters smooth.
const cell = 4

func (r *reading) readPictures(ctx context.Context, _ *dictionary) (err error) {
	if r.viewport, err = r.picture(ctx, evidence.ViewportShot); err != nil {
		return err
	}
	r.screenshot, err = r.picture(ctx, evidence.Screenshot)
	return err
}

// picture reads one; nil where there is none, or no picture.
func (r *reading) picture(ctx context.Context, name string) (*picture, error) {
	src, err := r.side.open(ctx, name, maxPicture)
	if err != nil {
		return nil, err
	}
	if src == nil {
		r.lack(name, lackAbsent)
		return nil, nil
	}
	defer src.Close()
	var head bytes.Buffer
	config, err := png.DecodeConfig(io.TeeReader(src, &head))
	switch {
	case src.fault != nil:
		return nil, src.fault
	case err != nil:
		r.lack(name, lackBroken)
		return nil, nil
	}
	p := &picture{Size: Size{config.Width, config.Height}, hash: r.side.hash(name)}
	if tooMany(config) {
		r.lack(name, lackLarge)
		return p, nil
	}
	img, err := png.Decode(io.MultiReader(&head, src))
	switch {
	case src.fault != nil:
		return nil, src.fault
	case err != nil:
		r.lack(name, lackBroken)
		return p, nil
	}
	return p, p.reduce(ctx, img, name == evidence.ViewportShot)
}

func tooMany(c image.Config) bool {
	pixels := int64(c.Width) * int64(c.Height)
	switch c.ColorModel {
	case color.RGBA64Model, color.NRGBA64Model, color.Gray16Model:
		pixels *= 2
	}
	return pixels > maxPixels
}

// reduce averages each cell. Rows go through a buffer as high as a cell, whatever the kind of picture.
func (p *picture) reduce(ctx context.Context, img image.Image, hashed bool) error {
	p.decoded, p.columns = true, p.Width/cell
	from := img.Bounds().Min
	band := image.NewRGBA(image.Rect(0, 0, p.Width, cell))
	p.cells = make([]byte, 0, 3*p.columns*(p.Height/cell))
	for y := 0; y+cell <= p.Height; y += cell {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		draw.Draw(band, band.Rect, img, from.Add(image.Pt(0, y)), draw.Src)
		for x := range p.columns {
			r, g, b := mean(band, x*cell)
			p.cells = append(p.cells, r, g, b)
		}
	}
	p.blank = flat(p.cells)
	if !hashed || p.blank || max(p.Width, p.Height) > maxHashSide {
		return nil
	}
	var err error
	p.look, err = goimagehash.PerceptionHash(img)
	return err
}

func mean(band *image.RGBA, left int) (r, g, b byte) {
	var sum [3]int
	for y := range cell {
		row := band.Pix[y*band.Stride+4*left:]
		for x := 0; x < 4*cell; x += 4 {
			sum[0] += int(row[x])
			sum[1] += int(row[x+1])
			sum[2] += int(row[x+2])
		}
	}
	const n = cell * cell
	return byte(sum[0] / n), byte(sum[1] / n), byte(sum[2] / n)
}

// flat reports whether cells differ so little (a standard deviation of less than 2 of 255 in every colour) that a perceptual hash would be one of
// rounding errors. A picture smaller than a cell is flat.
func flat(cells []byte) bool {
	n := float64(len(cells) / 3)
	for colour := range 3 {
		var sum, squares float64
		for i := colour; i < len(cells); i += 3 {
			v := float64(cells[i])
			sum += v
			squares += v * v
		}
		if n > 0 && math.Sqrt(max(0, squares/n-sum/n*sum/n)) >= 2 {
			return false
		}
	}
	return true
}

func pictures(a, b *picture) *Picture {
	if a == nil || b == nil {
		return nil
	}
	p := &Picture{Size: Two[Size]{a.Size, b.Size}, SameBytes: a.hash != "" && a.hash == b.hash, Blank: Two[bool]{a.blank, b.blank}}
	if a.look != nil && b.look != nil {
		if d, err := a.look.Distance(b.look); err == nil {
			p.Distance = &d
		}
	}
	if a.decoded && b.decoded {
		p.Blocks = blocks(a, b)
	}
	return p
}
