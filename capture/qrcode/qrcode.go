// Package qrcode finds the QR codes (ISO/IEC 18004) in the picture of a page, and reads them; and draws one. It opens nothing that they say.
//
// Marks and bits are found and read by gozxing; which marks belong together is decided here, since gozxing tries every three of them and
// cannot be stopped. Read are (TestWhatIsRead) codes of every size drawn from 1 pixel a module on, smoothed at odd sizes from 1.4 pixels on,
// turned by any angle, mirrored, inverted, a fifth askew or too narrow, as JPEG of quality 10, as discs, with the middle third of their
// sides covered (level H; a fifth at M), and in any two colours of which one is darker than half or than white by a tenth. Not read are
// codes without a border on a page that is dark itself, codes whose three corner marks are not all there or no squares, and bent ones.
// A tile of 1920 by 4000 pixels takes 0.13 s, one made of nothing but marks 0.25 s.
package qrcode

import (
	"cmp"
	"errors"
	"fmt"
	"image"
	"slices"
	"time"

	"yuzheng/casefile/evidence"
)

const (
	keptRows  = 1000             // of the tile before: a code across a border is found if it is not higher
	tileTime  = 10 * time.Second // that one tile may take; on a machine under load a tenth of a second of work took more than two
	maxPixels = 1 << 25          // of one tile with the rows that are kept
	maxCodes  = 1000             // of one picture
)

var (
	// ErrCut is wrapped by the error of a tile in which codes may have been passed over.
	ErrCut = errors.New("there was too much to look at; codes may have been passed over")

	errTooLarge = fmt.Errorf("more than %d pixels", maxPixels)
)

// Finder finds the codes of a picture that comes in tiles, each below the one before. It is for one goroutine at a time.
type Finder struct {
	now   func() time.Time
	kept  plane // the last rows of the tile before
	next  int   // the row below them
	codes []evidence.QRCode
}

// NewFinder begins a picture. The clock bounds what a tile may take.
func NewFinder(now func() time.Time) *Finder { return &Finder{now: now} }

// Codes gives what was found so far, from top to bottom, each code once.
func (f *Finder) Codes() []evidence.QRCode {
	list := slices.Clone(f.codes)
	slices.SortStableFunc(list, func(a, b evidence.QRCode) int {
		return cmp.Or(cmp.Compare(a.Place.Y, b.Place.Y), cmp.Compare(a.Place.X, b.Place.X))
	})
	return list
}

// Add looks at the tile that begins in row y of the picture. An error tells what was passed over; the next tile can be added all the same.
func (f *Finder) Add(img image.Image, y int) error {
	part, until := img.Bounds(), clock{f.now, f.now().Add(tileTime)}
	if part.Dx() <= 0 || part.Dy() <= 0 {
		return nil
	}
	if part.Dx() > maxPixels/(part.Dy()+keptRows) {
		f.kept = plane{}
		return fmt.Errorf("codes in rows %d to %d: %w", y, y+part.Dy(), errTooLarge)
	}
	tile, top := brightness(img, part), y
	if f.kept.width == tile.width && f.next == y {
		top -= f.kept.height
		tile = below(f.kept, tile)
	}
	found, err := look(tile, until)
	for _, c := range found {
		c.Place.Y += top
		f.keep(c)
	}
	f.kept, f.next = tile.last(keptRows), y+part.Dy()
	if err != nil {
		return fmt.Errorf("codes in rows %d to %d: %w", top, y+part.Dy(), err)
	}
	return nil
}

// keep adds a code unless it was found before. One that was read takes the place of one that was not.
func (f *Finder) keep(c evidence.QRCode) {
	i := slices.IndexFunc(f.codes, func(o evidence.QRCode) bool {
		return covers(o.Place, c.Place) && (o.Text == c.Text || o.Error != "" || c.Error != "")
	})
	switch {
	case i >= 0 && f.codes[i].Error != "" && c.Error == "":
		f.codes[i] = c
	case i < 0 && len(f.codes) < maxCodes:
		f.codes = append(f.codes, c)
	}
}

// covers says whether two places have most of the smaller one in common.
func covers(p, q evidence.QRPlace) bool {
	a, b := rectangle(p), rectangle(q)
	both := a.Intersect(b)
	return 2*both.Dx()*both.Dy() > min(a.Dx()*a.Dy(), b.Dx()*b.Dy())
}

func rectangle(p evidence.QRPlace) image.Rectangle {
	return image.Rect(p.X, p.Y, p.X+p.Width, p.Y+p.Height)
}
