// Package picture takes a page as it looks: the window as first seen, the whole page in tiles that are joined without decoding them, the page as it prints (PDF) and
// with everything in it (MHTML). It first finds out how the page shows: what lies over it, what shows only while it is in the window; then the page is taken
// section by section, or in a window as high as the page. What it took it judges: a part that is of one colour where the document has words is no picture of
// it. QR codes are looked for in the tiles, beside the work.
//
// Heights and widths are in CSS pixels, rows of a picture in device pixels. Above some 16,000 of the latter Chrome gives empty pictures without an error,
// which bounds a tile.
package picture

import (
	"context"
	"time"

	"github.com/chromedp/cdproto/emulation"

	"yuzheng/capture"
	"yuzheng/capture/chrome/browsing"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/journal"
	"yuzheng/capture/chrome/keep"
	"yuzheng/casefile/evidence"
)

// Camera takes one page as it looks: the window, the whole of it, its prints. It first finds out how the page shows (appear), then takes it, then judges
// what it took. Its methods are called one after the other.
type Camera struct {
	page     *browsing.Page
	journal  *journal.Journal
	keeper   *keep.Keeper
	progress capture.Progress
	now      func() time.Time
	limits   evidence.Limits

	view      []byte // the window as first seen, until it is known to be of the document that is taken
	viewError error

	looks     appearance
	came      map[int]bool // of what was hidden, what showed in view
	onlyHere  bool         // some of it shows only while it is in the window
	foreign   bool         // frames of other sites reach below the window
	framed    bool         // frames of other sites have words
	layers    []layer
	filling   filling // what stands for the page, where that is a box or frame
	Stretched float64 // height of the window that shows all of a box that scrolls; 0 where the page itself scrolls

	Width, Height int // of the page, in CSS pixels
	codes         *codes
}

// New gives one for a page that is still to come; at names it.
func New(j *journal.Journal, k *keep.Keeper, p capture.Progress, now func() time.Time, l evidence.Limits) *Camera {
	return &Camera{journal: j, keeper: k, progress: p, now: now, limits: l}
}

// At says which page is taken.
func (c *Camera) At(p *browsing.Page) { c.page = p }

// Fills says that a box or frame stands for the page, and how high all that it holds is, in CSS pixels.
func (c *Camera) Fills(name string, height float64) { c.filling = filling{name, height} }

// Window gives the window another height, and the visitor's width.
func (c *Camera) Window(ctx context.Context, height float64) error {
	v := c.page.Visitor
	_, err := devtools.Call(ctx, c.page.Session, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: v.Width, Height: int64(height), DeviceScaleFactor: v.Scale, Mobile: v.Mobile, ScreenWidth: v.ScreenWidth, ScreenHeight: v.ScreenHeight,
	})
	return err
}

// WindowFilling is the share of the window in width and height, of which a box or frame that has more stands for the page.
const WindowFilling = 0.5

// filling is a box or frame that stands for the page, and how high all that it holds is.
type filling struct {
	name   string
	height float64
}

// Near is how many pixels from an end count as being there.
const Near = 2
