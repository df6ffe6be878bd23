package compare

import (
	"cmp"
	"image"
	"slices"
)

// pictureBlocks is where two pictures differ in the part that both have, the upper left one: blocks of Side by Side pixels that differ, joined
// where they touch. Nothing is shifted to fit: below a banner that is a line higher everything differs.
type pictureBlocks struct {
	Side      int        `json:"side"`
	Columns   int        `json:"columns"`
	Rows      int        `json:"rows"`
	Different int        `json:"different"`
	Share     float64    `json:"share"` // Different of all, rounded down to four decimals; 0 where there are none
	Areas     Some[Area] `json:"areas"` // the largest first, maxAreas of them; one drawn around each, so that they may overlap
}

// Area is a rectangle in device pixels of the picture.
type Area struct {
	X      int `json:"x"`
	Y      int `json:"y"`
	Width  int `json:"width"`
	Height int `json:"height"`
}

const (
	blockCells = 4  // cells in each direction
	blockSide  = 16 // pixels
	tolerance  = 12 // of 255, in the mean of any colour of a cell
)

func blocks(a, b *picture) *pictureBlocks {
	columns, rows := min(a.Width, b.Width)/cell, min(a.Height, b.Height)/cell
	out := &pictureBlocks{Side: blockSide, Columns: (columns + blockCells - 1) / blockCells, Rows: (rows + blockCells - 1) / blockCells}
	differ := make([]bool, out.Columns*out.Rows)
	for y := range rows {
		for x := range columns {
			i, j := 3*(y*a.columns+x), 3*(y*b.columns+x)
			if apart(a.cells[i], b.cells[j]) || apart(a.cells[i+1], b.cells[j+1]) || apart(a.cells[i+2], b.cells[j+2]) {
				differ[y/blockCells*out.Columns+x/blockCells] = true
			}
		}
	}
	for _, d := range differ {
		if d {
			out.Different++
		}
	}
	if len(differ) > 0 {
		out.Share = share(out.Different, len(differ))
	}
	out.Areas = areas(differ, out.Columns, image.Rect(0, 0, columns*cell, rows*cell))
	return out
}

func apart(a, b byte) bool { return int(a)-int(b) > tolerance || int(b)-int(a) > tolerance }

// areas draws a rectangle around each group of blocks that touch, also at a corner.
func areas(differ []bool, columns int, within image.Rectangle) Some[Area] {
	var list []image.Rectangle
	for i, d := range differ {
		if d {
			list = append(list, group(differ, columns, i))
		}
	}
	slices.SortStableFunc(list, func(p, q image.Rectangle) int {
		return cmp.Compare(q.Dx()*q.Dy(), p.Dx()*p.Dy()) // those of one size stay in the order of the page
	})
	out := Some[Area]{Total: len(list), List: []Area{}}
	for _, r := range list[:min(len(list), maxAreas)] {
		r = image.Rectangle{r.Min.Mul(blockSide), r.Max.Mul(blockSide)}.Intersect(within)
		out.List = append(out.List, Area{r.Min.X, r.Min.Y, r.Dx(), r.Dy()})
	}
	return out
}

// group is the rectangle, in blocks, around those that hang together with the one at first. They are taken out of differ.
func group(differ []bool, columns, first int) image.Rectangle {
	differ[first] = false
	todo := []int{first}
	var around image.Rectangle
	for len(todo) > 0 {
		x, y := todo[len(todo)-1]%columns, todo[len(todo)-1]/columns
		todo = todo[:len(todo)-1]
		around = around.Union(image.Rect(x, y, x+1, y+1))
		for ny := max(y-1, 0); ny <= y+1 && ny*columns < len(differ); ny++ {
			for nx := max(x-1, 0); nx <= x+1 && nx < columns; nx++ {
				if i := ny*columns + nx; differ[i] {
					differ[i] = false
					todo = append(todo, i)
				}
			}
		}
	}
	return around
}
