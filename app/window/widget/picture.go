package widget

import (
	"bytes"
	"context"
	"fmt"
	"image"
	_ "image/jpeg" // for Cut
	"image/png"
	"io"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"golang.org/x/image/draw"
)

// Tile is one horizontal piece of a tall picture, kept compressed until it comes into sight.
type Tile struct {
	Width, Height int             // pixels
	From          image.Rectangle // what it shows of the original
	png           []byte
}

// Image is the tile's picture.
func (t Tile) Image() (image.Image, error) {
	img, err := png.Decode(bytes.NewReader(t.png))
	if err != nil {
		return nil, fmt.Errorf("tile of a picture: %w", err)
	}
	return img, nil
}

// tileRows is how many rows of the original go into a tile: no graphics card refuses it.
const tileRows = 1024

// maxPixels is how large a picture is decoded: a page of the greatest length at a telephone's density has less.
const maxPixels = 1 << 28

// Cut decodes a picture (PNG or JPEG) and cuts it into tiles of the width, never wider than it is; 0 keeps its width.
// It takes seconds and much memory for a tall page: it is not for the window's thread.
func Cut(ctx context.Context, r io.Reader, width int) ([]Tile, error) {
	var head bytes.Buffer
	size, _, err := image.DecodeConfig(io.TeeReader(r, &head))
	if err == nil && (size.Width <= 0 || size.Height <= 0 || size.Width > maxPixels/size.Height) {
		err = fmt.Errorf("%d × %d pixels are too many", size.Width, size.Height)
	}
	if err != nil {
		return nil, fmt.Errorf("picture: %w", err)
	}
	whole, _, err := image.Decode(io.MultiReader(&head, r))
	if err != nil {
		return nil, fmt.Errorf("picture: %w", err)
	}
	bounds := whole.Bounds()
	if width <= 0 || width > bounds.Dx() {
		width = bounds.Dx()
	}
	var tiles []Tile
	for y := bounds.Min.Y; y < bounds.Max.Y; y += tileRows {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		from := image.Rect(bounds.Min.X, y, bounds.Max.X, min(y+tileRows, bounds.Max.Y))
		tile, err := cutTile(whole, from, width)
		if err != nil {
			return nil, err
		}
		tiles = append(tiles, tile)
	}
	return tiles, nil
}

func cutTile(whole image.Image, from image.Rectangle, width int) (Tile, error) {
	height := max(from.Dy()*width/from.Dx(), 1)
	piece := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.BiLinear.Scale(piece, piece.Bounds(), whole, from, draw.Src, nil)
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, piece); err != nil {
		return Tile{}, fmt.Errorf("tile of a picture: %w", err)
	}
	return Tile{width, height, from, b.Bytes()}, nil
}

// Picture shows tiles one below the other in a scroll; only those in sight are decoded and held as pictures.
type Picture struct {
	scroll *container.Scroll
	plane  *fyne.Container
	fetch  func(Tile, func(image.Image))
	tiles  []Tile
	tops   []float32 // upper edge of each tile; one more at the end
	shown  map[int]*canvas.Image
}

// NewPicture makes an empty picture. Fetch decodes a tile elsewhere and calls back on the window's thread. What is over it scrolls with it.
func NewPicture(fetch func(Tile, func(image.Image)), over ...fyne.CanvasObject) *Picture {
	p := &Picture{fetch: fetch, shown: map[int]*canvas.Image{}}
	p.plane = container.New(&planeLayout{picture: p})
	p.scroll = container.NewScroll(container.NewStack(append([]fyne.CanvasObject{p.plane}, over...)...))
	p.scroll.OnScrolled = func(fyne.Position) { p.look() }
	return p
}

// Object is what is put into the window.
func (p *Picture) Object() fyne.CanvasObject { return p.scroll }

// Show shows other tiles from their top.
func (p *Picture) Show(tiles []Tile) {
	p.tiles, p.tops = tiles, []float32{0}
	for _, t := range tiles {
		p.tops = append(p.tops, p.tops[len(p.tops)-1]+float32(t.Height))
	}
	clear(p.shown)
	p.plane.RemoveAll()
	p.scroll.Refresh()
	p.scroll.ScrollToTop()
	p.look()
}

// Turn moves the view by pages of its own height; so many that there are no more lead to an end.
func (p *Picture) Turn(pages int) {
	p.scroll.ScrollToOffset(p.scroll.Offset.AddXY(0, float32(pages)*p.scroll.Size().Height*0.9))
	p.look()
}

// look fetches the tiles that have come into sight, with one to spare on each side, and drops the others.
func (p *Picture) look() {
	top, height := p.scroll.Offset.Y, p.scroll.Size().Height
	changed := false
	for i := range p.tiles {
		near := p.tops[i] < top+height+tileRows && p.tops[i+1] > top-tileRows
		img, have := p.shown[i]
		switch {
		case near && !have:
			p.add(i)
			changed = true
		case !near && have:
			delete(p.shown, i)
			p.plane.Remove(img)
			changed = true
		}
	}
	if changed {
		p.plane.Refresh()
	}
}

func (p *Picture) add(i int) {
	img := canvas.NewImageFromImage(nil)
	img.FillMode, img.ScaleMode = canvas.ImageFillStretch, canvas.ImageScaleFastest
	img.Move(fyne.NewPos(0, p.tops[i]))
	img.Resize(fyne.NewSize(float32(p.tiles[i].Width), float32(p.tiles[i].Height)))
	p.shown[i] = img
	p.plane.Add(img)
	p.fetch(p.tiles[i], func(pixels image.Image) {
		if p.shown[i] == img {
			img.Image = pixels
			img.Refresh()
		}
	})
}

// planeLayout leaves the tiles where they are and claims the room of all of them.
type planeLayout struct{ picture *Picture }

func (l *planeLayout) Layout([]fyne.CanvasObject, fyne.Size) {}

func (l *planeLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	p := l.picture
	if len(p.tiles) == 0 {
		return fyne.Size{}
	}
	return fyne.NewSize(float32(p.tiles[0].Width), p.tops[len(p.tiles)])
}
