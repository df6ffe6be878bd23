package qrcode

import (
	"cmp"
	"errors"
	"fmt"
	"image"
	"math"
	"slices"
	"time"

	"yuzheng/casefile/evidence"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/detector"
)

const (
	maxMarks   = 1500    // corner marks of one tile that are looked at
	maxCorners = 100_000 // threes of them
	maxTries   = 64      // places of a tile that are enlarged
	cellSize   = 64      // pixels

	maxEnlarged = 2 << 20 // pixels
	maxNear     = 30      // marks in an enlarged place
	manyThrees  = 1000    // in a tile: then only those are tried between which the modules seem to alternate
)

// clock says when to stop.
type clock struct {
	now   func() time.Time
	until time.Time
}

func (c clock) over() bool { return c.now().After(c.until) }

// looks are the ways in which a tile is made black and white. The library's has a threshold of its own for every few pixels, which reads
// what is on a photograph or shaded, but takes light colours beside white for white; plain ones read those.
var looks = []struct {
	binary   func(plane) (*gozxing.BitMatrix, error)
	inverted bool
}{
	{adaptive, false},
	{adaptive, true},
	{darker(128), false},
	{darker(210), false},
	{darker(240), false},
	{darker(128), true},
}

// look finds the codes of a tile; one may be found several times.
func look(p plane, c clock) (found []evidence.QRCode, err error) {
	light := p.inverted()
	for _, l := range looks {
		seen := p
		if l.inverted {
			seen = light
		}
		list, bad := pass(seen, l.binary, c)
		for _, code := range list {
			code.Inverted = l.inverted
			found = append(found, code)
		}
		if err = errors.Join(err, bad); errors.Is(bad, ErrCut) {
			break
		}
	}
	return found, err
}

// pass finds the codes that are dark on light. What the library cannot bear outside a single code ends it with an error.
func pass(p plane, binary func(plane) (*gozxing.BitMatrix, error), c clock) (found []evidence.QRCode, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	m, err := binary(p)
	if err != nil {
		return nil, err
	}
	list, cut := marks(m, c)
	threes, cut2 := corners(list, c)
	cut = cut || cut2
	tries := maxTries
	for _, three := range threes {
		if three.used() || len(threes) > manyThrees && !three.alternates(m) {
			continue
		}
		if c.over() {
			cut = true
			break
		}
		code, err := attempt(m, three)
		if err != nil && tries > 0 && three.alternates(m) {
			tries--
			if again, read := closer(p, binary, three, c); read {
				code, err = again, nil
			}
		}
		switch {
		case errors.Is(err, errNoCode):
			continue
		case err != nil:
			code.Error = err.Error()
		default:
			three.use()
		}
		if found = append(found, code); len(found) >= maxCodes {
			cut = true
			break
		}
	}
	if cut {
		return found, ErrCut
	}
	return found, nil
}

// closer looks at the surroundings of three marks two and three times as large: with a pixel or two a module the middles of modules are
// not met well.
func closer(p plane, binary func(plane) (*gozxing.BitMatrix, error), three corner, c clock) (evidence.QRCode, bool) {
	around := rectangle(three.place())
	around = around.Inset(-around.Dx() / 5).Intersect(image.Rect(0, 0, p.width, p.height))
	for _, n := range []int{2, 3} {
		if three.module() > 4 || n*around.Dx()*n*around.Dy() > maxEnlarged || c.over() {
			break
		}
		m, err := binary(p.enlarged(around, n))
		if err != nil {
			continue
		}
		list, _ := marks(m, c)
		threes, _ := corners(list[:min(len(list), maxNear)], c)
		for _, t := range threes {
			if !t.isEnlarged(three, around.Min, n) {
				continue
			}
			if code, err := attempt(m, t); err == nil {
				code.Place = three.place()
				return code, true
			}
		}
	}
	return evidence.QRCode{}, false
}

// isEnlarged says whether these marks are those three in a place that was cut out at from and made n times as large.
func (c corner) isEnlarged(three corner, from image.Point, n int) bool {
	near := func(a, b *mark) bool {
		x, y := a.GetX()/float64(n)+float64(from.X)-b.GetX(), a.GetY()/float64(n)+float64(from.Y)-b.GetY()
		return math.Hypot(x, y) < 2*three.module()
	}
	return near(c.topLeft, three.topLeft) && near(c.topRight, three.topRight) && near(c.bottomLeft, three.bottomLeft)
}

// mark is one of the three squares in the corners of a code.
type mark struct {
	*detector.FinderPattern
	used bool
}

// marks looks through every row for black and white as 1:1:3:1:1, and lets the library look down and across.
func marks(m *gozxing.BitMatrix, c clock) (list []*mark, cut bool) {
	finder := detector.NewFinderPatternFinder(m, nil)
	var row *gozxing.BitArray
	for y := range m.GetHeight() {
		row = m.GetRow(y, row)
		across(row, m.GetWidth(), func(runs []int, end int) { finder.HandlePossibleCenter(runs, y, end) })
		if len(finder.GetPossibleCenters()) > maxMarks || y%16 == 0 && c.over() {
			cut = true
			break
		}
	}
	for _, p := range finder.GetPossibleCenters() {
		list = append(list, &mark{FinderPattern: p})
	}
	return list, cut
}

// across calls for every five runs of a row, black first and last, that have the proportions of a mark; end is where they end.
func across(row *gozxing.BitArray, width int, found func(runs []int, end int)) {
	var runs [5]int
	for x, end := 0, 0; x < width; x = end {
		black := row.Get(x)
		if black {
			end = row.GetNextUnset(x)
		} else {
			end = row.GetNextSet(x)
		}
		copy(runs[:], runs[1:])
		runs[4] = end - x
		if black && runs[0] > 0 && detector.FinderPatternFinder_foundPatternCross(runs[:]) {
			found(slices.Clone(runs[:]), end)
		}
	}
}

// corners gives every three marks that stand as those of a code do: a right angle with sides of one length. The smallest come first: in a
// sheet of codes the marks of one are nearer to each other than those of two.
func corners(list []*mark, c clock) (out []corner, cut bool) {
	places := gridOf(list)
	for _, a := range list {
		if len(out) > maxCorners || c.over() {
			cut = true
			break
		}
		for _, b := range list {
			d := distance(a, b)
			if size := a.GetEstimatedModuleSize(); d < 10*size || d > 180*size || !alike(a, b) {
				continue
			}
			x, y := a.GetX()-(b.GetY()-a.GetY()), a.GetY()+(b.GetX()-a.GetX()) // a quarter turn further
			for _, third := range places.near(x, y, max(0.25*d, 2*a.GetEstimatedModuleSize())) {
				if third != a && third != b && alike(a, third) {
					out = append(out, corner{a, b, third})
				}
			}
		}
	}
	slices.SortStableFunc(out, func(x, y corner) int {
		return cmp.Compare(distance(x.topLeft, x.topRight), distance(y.topLeft, y.topRight))
	})
	return out, cut
}

func distance(a, b *mark) float64 { return math.Hypot(a.GetX()-b.GetX(), a.GetY()-b.GetY()) }

// alike says whether two marks can be of one size.
func alike(a, b *mark) bool {
	x, y := a.GetEstimatedModuleSize(), b.GetEstimatedModuleSize()
	return x < 1.5*y && y < 1.5*x
}

// grid finds the marks around a place without looking at all.
type grid map[[2]int][]*mark

func gridOf(list []*mark) grid {
	g := grid{}
	for _, m := range list {
		cell := [2]int{int(m.GetX()) / cellSize, int(m.GetY()) / cellSize}
		g[cell] = append(g[cell], m)
	}
	return g
}

func (g grid) near(x, y, radius float64) []*mark {
	var out []*mark
	for i := int(x-radius) / cellSize; i <= int(x+radius)/cellSize; i++ {
		for j := int(y-radius) / cellSize; j <= int(y+radius)/cellSize; j++ {
			for _, m := range g[[2]int{i, j}] {
				if math.Hypot(m.GetX()-x, m.GetY()-y) <= radius {
					out = append(out, m)
				}
			}
		}
	}
	return out
}
