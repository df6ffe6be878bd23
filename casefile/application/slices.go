package application

import (
	"fmt"
	"image"

	"yuzheng/casefile/document"
)

// A picture is printed so that text of usualText CSS pixels is leastText points high at least, and mostText at most: upright where it is narrow enough,
// else turned, else in columns on turned pages. It stays whole where such text is wholeText points high then: half a QR code cannot be read.
const (
	usualText = 16.0
	leastText = 6.0
	wholeText = 8.0
	mostText  = 10.0
	overlap   = 40 // CSS pixels that two slices share, so that a line that one cuts is whole in the other
	point     = 2.54 / 72
)

// frame is the room for a picture on a page, above its caption, in centimetres.
type frame struct{ width, height float64 }

var (
	upright = frame{16, 23.4}
	turned  = frame{29.7 - 2*document.TurnedMargin, 15.2}
)

// widest is how many CSS pixels can stand side by side in a frame.
func (f frame) widest() int { return int(f.width / point * usualText / leastText) }

// slice lays a picture of scale pixels a CSS pixel, one where that is not recorded, on pages.
func slice(size image.Point, scale float64) []leaf {
	if scale < 0.25 || scale > 8 { // no browser's
		scale = 1
	}
	css := int(float64(size.X) / scale)
	f, lies := upright, css > upright.widest()
	if lies {
		f = turned
	}
	share := int(overlap * scale)
	columns := spans(size.X, int(float64(f.widest())*scale), share)
	perCM := max(float64(columns[0].to-columns[0].from)/f.width, scale*usualText/mostText/point)
	if whole := float64(size.Y) / f.height; whole <= scale*usualText/wholeText/point {
		perCM = max(perCM, whole)
	}
	var list []leaf
	for _, y := range spans(size.Y, int(f.height*perCM+.5), share) {
		for _, x := range columns {
			list = append(list, leaf{part: image.Rect(x.from, y.from, x.to, y.to), whole: size, overlap: share, perCM: perCM, turned: lies})
		}
	}
	return list
}

// span is a run of pixels, to the one before to.
type span struct{ from, to int }

// spans cuts a length into as few spans as are no longer than most, all alike long, of which neighbours share some pixels.
func spans(length, most, share int) []span {
	n := max(1, (length-share+most-share-1)/(most-share))
	list := make([]span, n)
	for i := range list {
		list[i] = span{i * (length - share) / n, (i+1)*(length-share)/n + share}
	}
	return list
}

// place says which part of the picture a slice is.
func (l leaf) place() string {
	text := fmt.Sprintf("第 %d／%d 片：", l.slice, l.slices)
	if l.slices == 1 {
		return text + fmt.Sprintf("全圖 %d×%d 像素", l.whole.X, l.whole.Y)
	}
	if l.part.Dx() < l.whole.X {
		text += fmt.Sprintf("橫向第 %d 至 %d、", l.part.Min.X+1, l.part.Max.X)
	}
	return text + fmt.Sprintf("縱向第 %d 至 %d 像素（全圖 %d×%d，相鄰各片重疊 %d）", l.part.Min.Y+1, l.part.Max.Y, l.whole.X, l.whole.Y, l.overlap)
}
