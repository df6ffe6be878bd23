package picture

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"math"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"

	"yuzheng/capture"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/tiles"
	"yuzheng/casefile/evidence"
)

const (
	tileHeight  = 4000   // device pixels: above some 16,000 Chrome gives empty pictures without an error
	maxShot     = 15_000 // device pixels of one picture of a window
	maxSections = 35     // windows of a page that is taken section by section
	tileTries   = 3
	blankTries  = 6 // of a tile that is empty where the document has words: frames of other sites are painted late
	blankPause  = 300 * time.Millisecond
)

// FirstView takes the window as the visitor first sees it.
func (c *Camera) FirstView(ctx context.Context) {
	c.See(ctx)
	c.KeepView()
}

// See takes the window, and holds the picture until it is known whether the document in it stays.
func (c *Camera) See(ctx context.Context) {
	r, err := devtools.Call(ctx, c.page.Session, page.CaptureScreenshot, page.CaptureScreenshotParams{
		Format: page.CaptureScreenshotFormatPng, OptimizeForSpeed: new(true),
	})
	c.view, c.viewError = r.Data, err
	if err == nil {
		c.journal.Note(evidence.ByTool, "picture", "the window as first seen")
	}
	if err != nil && ctx.Err() != nil {
		c.viewError = context.Cause(ctx)
	}
}

// KeepView keeps the picture that see took, or names its lack, once.
func (c *Camera) KeepView() {
	switch {
	case c.keeper.Has(evidence.ViewportShot):
	case len(c.view) > 0:
		c.keeper.Put(evidence.ViewportShot, "image/png", c.view)
	case c.viewError != nil:
		c.journal.Miss(evidence.ViewportShot, evidence.Said(c.viewError))
	}
	c.view, c.viewError = nil, nil
}

// KeepSeen keeps the picture that see took, where there is one.
func (c *Camera) KeepSeen() {
	if len(c.view) > 0 {
		c.KeepView()
	}
}

// strip is one tile: where it begins in CSS pixels and how many device pixels it gives.
type strip struct {
	y, height float64
	rows      int
}

// strips cuts a page of height CSS pixels.
func strips(height, scale float64) []strip {
	const grid = 8 // so that a tile ends on a whole device pixel at every usual scale
	step := math.Floor(tileHeight/scale/grid) * grid
	var out []strip
	for y := 0.0; y < height; y += step {
		h := min(step, height-y)
		out = append(out, strip{y, h, max(1, int(math.Round(h*scale)))})
	}
	return out
}

// Pictures takes the whole page in tiles and joins them while they come.
func (c *Camera) Pictures(ctx context.Context) {
	m, err := devtools.Call(ctx, c.page.Session, page.GetLayoutMetrics, cdp.Empty{})
	if err != nil {
		c.journal.Lack(ctx, evidence.Screenshot, err)
		return
	}
	width, height := m.CSSContentSize.Width, m.CSSContentSize.Height
	c.Width, c.Height = int(width), int(height)
	if limit := float64(c.limits.Height); height > limit {
		c.journal.Limit("height", evidence.LimitHeight.With(height, limit))
		c.journal.Miss(evidence.Screenshot, evidence.PictureEnds.With(height, limit))
		height = limit
	}
	c.framed = c.framesDrawn(ctx)
	if err := c.whole(ctx, width, height); err != nil {
		c.journal.Lack(ctx, evidence.Screenshot, err)
		return
	}
	c.journal.Note(evidence.ByTool, "picture", "the whole page")
}

var errTooManySections = fmt.Errorf("limit: it is higher than %d windows", maxSections)

// whole takes the page as it stands, or, where some of it shows only while it is in the window, in a window as high as the page or section by
// section. Frames of other sites are of that kind: Chromium paints them only where the window is.
func (c *Camera) whole(ctx context.Context, width, height float64) error {
	if c.Stretched > 0 && c.Stretched*c.page.Visitor.Scale <= maxShot {
		all := strip{0, c.Stretched, int(math.Round(c.Stretched * c.page.Visitor.Scale))}
		return c.joined(ctx, width, []strip{all})
	}
	if !c.onlyHere && !c.foreign || c.Stretched > 0 {
		return c.joined(ctx, width, strips(height, c.page.Visitor.Scale))
	}
	if c.asWhole(ctx, height) { // it stays so for the papers
		all := strip{0, height, int(math.Round(height * c.page.Visitor.Scale))}
		return c.joined(ctx, width, []strip{all})
	}
	err := errTooManySections
	if height <= maxSections*float64(c.page.Visitor.Height) {
		err = c.sections(ctx, height)
	}
	if err != nil && ctx.Err() == nil {
		c.journal.Bad(evidence.CheckPicture, evidence.Screenshot, evidence.PictureNoSections.With(err))
		return c.joined(ctx, width, strips(height, c.page.Visitor.Scale))
	}
	return err
}

func (c *Camera) joined(ctx context.Context, width float64, list []strip) error {
	total, done := 0, 0
	for _, s := range list {
		total += s.rows
	}
	if total == 0 {
		return fmt.Errorf("the page has no height")
	}
	shot := func(s strip) ([]byte, error) {
		return c.steady(func() ([]byte, error) { return c.tile(ctx, width, s) })
	}
	first, err := shot(list[0])
	if err != nil {
		return err
	}
	head, err := tiles.Size(first)
	if err != nil {
		return err
	}
	f, err := c.keeper.Create(evidence.Screenshot, "image/png")
	if err != nil {
		return err
	}
	join, err := tiles.NewJoin(f, head, total)
	if err != nil {
		return err
	}
	c.codes = c.readCodes()
	defer close(c.codes.tiles)
	for i, s := range list {
		tile := first
		if i > 0 {
			tile, err = shot(s)
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if devtools.IsSlow(err) {
			return err
		}
		if err := c.place(ctx, join, tile, width, s, done, err); err != nil {
			return err
		}
		done += s.rows
		c.progress.Step(capture.StepPicture, int64(done), int64(total))
	}
	if err := join.Close(); err != nil {
		return err
	}
	return f.Close()
}

// place joins a tile on. One that is bare is looked at again, since a browser under load gives such; one that could not
// be had leaves its place empty, and is named. Row is where the tile begins in the picture.
func (c *Camera) place(ctx context.Context, join *tiles.Join, tile []byte, width float64, s strip, row int, err error) error {
	if err != nil {
		c.journal.Miss(fmt.Sprintf("%s from %.0f to %.0f", evidence.Screenshot, s.y, s.y+s.height), evidence.Said(err))
		return join.Blank(s.rows)
	}
	for n := 1; c.bare(tile, s) && n <= blankTries; n++ {
		if n > 1 && c.looks.between(s.y, s.y+s.height, float64(c.page.Visitor.Height)) == 0 {
			break // nothing is known that should show
		}
		if err := c.page.Pause(ctx, time.Duration(n-1)*blankPause); err != nil {
			break // what there is is kept
		}
		if again, err := c.tile(ctx, width, s); err == nil {
			tile = again
		}
	}
	uniform, err := join.Add(tile, s.rows)
	if uniform {
		c.journal.Warn(evidence.PictureOneColour.With(s.y, s.y+s.height))
	}
	if err == nil {
		c.codes.tiles <- picture{tile, row}
	}
	return err
}

// bare reports whether a tile shows nothing, or, of a window made so high that frames of other sites are in it whole, a part of it as high as the window
// was shows nothing where words are: the browser paints such a frame part by part.
func (c *Camera) bare(tile []byte, s strip) bool {
	if blank(tile) {
		return true
	}
	if high := c.Stretched > 0 || c.foreign; !high || s.height <= float64(c.page.Visitor.Height) {
		return false
	}
	img, err := png.Decode(bytes.NewReader(tile))
	if err != nil {
		return false // whoever joins it tells
	}
	shown := blankness{view: float64(c.page.Visitor.Height) * c.page.Visitor.Scale}
	shown.add(img, int(math.Round(s.y*c.page.Visitor.Scale)))
	for part, chars := range c.looks.Words {
		if chars > 0 && shown.blank(part) {
			return true
		}
	}
	return false
}

// blank guesses from the size whether a tile is of one colour: such a tile compresses to next to nothing.
func blank(tile []byte) bool {
	h, err := tiles.Size(tile)
	return err == nil && len(tile) < 2000+h.Width*h.Height/200
}

func (c *Camera) tile(ctx context.Context, width float64, s strip) ([]byte, error) {
	var last error
	params := page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatPng, OptimizeForSpeed: new(true)}
	if c.Stretched == 0 || s.height != c.Stretched { // the window as it stands has frames of other sites painted whole; a part of it does not
		params.CaptureBeyondViewport = new(true)
		params.Clip = &page.Viewport{X: 0, Y: s.y, Width: width, Height: s.height, Scale: 1}
	}
	for range tileTries {
		r, err := devtools.Call(ctx, c.page.Session, page.CaptureScreenshot, params)
		if err == nil && len(r.Data) > 0 {
			return r.Data, nil
		}
		if last = err; err == nil {
			last = fmt.Errorf("the browser gave an empty picture")
		}
		if ctx.Err() != nil || devtools.IsSlow(err) {
			break // it would be so again
		}
	}
	return nil, last
}
