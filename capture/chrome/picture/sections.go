package picture

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"

	"yuzheng/capture"
	"yuzheng/capture/chrome/browsing"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/keep"
	"yuzheng/capture/chrome/tiles"
	"yuzheng/casefile/evidence"
)

// hideScript hides what is fixed to the window, without touching the document, and shows it again.
const hideScript = `((hide) => {
	for (const a of globalThis.yuzhengHiding || []) a.cancel();
	const list = globalThis.yuzhengHiding = [];
	if (!hide || !document.body) return 0;
	const w = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT);
	let looked = 0;
	for (let e = w.nextNode(); e && looked < 30000; e = w.nextNode(), looked++) if (getComputedStyle(e).position === "fixed") list.push(e.animate({visibility: ["hidden", "hidden"]}, {duration: 1e8, fill: "both"}));
	return list.length;
})(%v)`

// Sections of the picture: the middle of the window, where what comes with the scroll position has come.
const (
	sectionTop    = 0.25
	sectionBottom = 0.75
)

// sections takes the page window by window, since it changes with the scroll position: from each window its middle.
func (c *Camera) sections(ctx context.Context, height float64) error {
	c.journal.Note(evidence.ByTool, "picture", "section by section, since the page changes with the scroll position: of each window its middle")
	c.journal.Warn(evidence.PictureBySections.With(evidence.Screenshot, evidence.ViewportShot, evidence.PagePDF))
	defer func() { _, _ = browsing.Eval[int](ctx, c.page, fmt.Sprintf(hideScript, false)) }() // the page may be gone
	f, err := c.keeper.Create(evidence.Screenshot, "image/png")
	if err != nil {
		return err
	}
	c.codes = c.readCodes()
	defer close(c.codes.tiles)
	join, err := c.joinSections(ctx, f, height)
	if err != nil {
		return err
	}
	if err := join.Close(); err != nil {
		return err
	}
	_, err = c.jump(ctx, 0)
	return errors.Join(err, f.Close())
}

func (c *Camera) joinSections(ctx context.Context, f *keep.File, height float64) (join *tiles.Join, err error) {
	rows := func(y float64) int { return int(math.Round(y * c.page.Visitor.Scale)) }
	view := float64(c.page.Visitor.Height)
	for done, until := 0.0, 0.0; done < height; done = until {
		at, shot, err := c.section(ctx, max(0, done-view*sectionTop))
		if err != nil {
			return nil, err
		}
		if until = math.Floor(at + view*sectionBottom); at+view >= height-1 {
			until = height
		}
		if at > done || until <= done {
			return nil, fmt.Errorf("the page does not stand still at %.0f: it goes to %.0f", done, at)
		}
		part, head, err := tiles.Part(shot, rows(done)-rows(at), rows(until)-rows(done))
		if err != nil {
			return nil, err
		}
		if join == nil {
			if join, err = tiles.NewJoin(f, head, rows(height)); err != nil {
				return nil, err
			}
		}
		if _, err := join.Add(part, rows(until)-rows(done)); err != nil {
			return nil, err
		}
		c.codes.tiles <- picture{part, rows(done)}
		c.progress.Step(capture.StepPicture, int64(rows(until)), int64(rows(height)))
	}
	if join == nil {
		return nil, errors.New("the page has no height")
	}
	return join, nil
}

// section moves the window and takes it. What is fixed to it is hidden everywhere but at the top.
func (c *Camera) section(ctx context.Context, y float64) (at float64, shot []byte, err error) {
	if at, err = c.jump(ctx, math.Floor(y)); err != nil {
		return 0, nil, err
	}
	if at > 0 {
		if _, err = browsing.Eval[int](ctx, c.page, fmt.Sprintf(hideScript, true)); err != nil {
			return 0, nil, err
		}
	}
	if err := c.paintedFrames(ctx); err != nil {
		return 0, nil, err
	}
	shot, err = c.steady(func() ([]byte, error) {
		r, err := devtools.Call(ctx, c.page.Session, page.CaptureScreenshot, page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatPng, OptimizeForSpeed: new(true)})
		return r.Data, err
	})
	return at, shot, err
}

// asWhole makes the window as high as the page, and reports whether everything then shows and nothing else has changed. It is not tried
// where a layer lies over the window, which would grow with it.
func (c *Camera) asWhole(ctx context.Context, height float64) bool {
	if height*c.page.Visitor.Scale > maxShot || len(c.layers) > 0 || c.Window(ctx, height) != nil {
		return false
	}
	_, err := c.jump(ctx, 0)
	err = errors.Join(err, c.paintedFrames(ctx))
	c.framesDrawn(ctx) // those below are in the window now
	gone := 1
	if err == nil {
		gone, err = c.stillHidden(ctx, c.came)
	}
	m, failed := devtools.Call(ctx, c.page.Session, page.GetLayoutMetrics, cdp.Empty{})
	if err == nil && failed == nil && gone == 0 && math.Abs(m.CSSContentSize.Height-height) < Near {
		c.journal.Note(evidence.ByTool, "window", "made as high as the page, %.0f pixels: some of it shows only while it is in the window", height)
		c.Stretched = height
		return true
	}
	_ = c.Window(ctx, float64(c.page.Visitor.Height)) // the browser may be gone
	return false
}
