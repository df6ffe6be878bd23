package picture

import (
	"context"

	"github.com/chromedp/cdproto/page"

	"yuzheng/capture"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/casefile/evidence"
)

// Papers prints the page and saves it as one file. MHTML first: printing lays the page out anew.
func (c *Camera) Papers(ctx context.Context, stated func(mhtml []byte) []byte) {
	c.progress.Step(capture.StepPapers, 0, 2)
	if err := c.MHTML(ctx, stated); err != nil {
		c.journal.Lack(ctx, evidence.PageMHTML, err)
	}
	c.progress.Step(capture.StepPapers, 1, 2)
	if err := c.pdf(ctx); err != nil {
		c.journal.Lack(ctx, evidence.PagePDF, err)
	}
	c.progress.Step(capture.StepPapers, 2, 2)
	c.journal.Note(evidence.ByTool, "print", "MHTML and PDF")
}

// MHTML saves the page as one file; stated writes into it what stands in its fields.
func (c *Camera) MHTML(ctx context.Context, stated func([]byte) []byte) error {
	r, err := devtools.Call(ctx, c.page.Session, page.CaptureSnapshot, page.CaptureSnapshotParams{Format: page.CaptureSnapshotFormatMhtml})
	if err != nil {
		return err
	}
	f, err := c.keeper.Create(evidence.PageMHTML, "multipart/related")
	if err != nil {
		return err
	}
	write := func(p []byte) error { _, err := f.Write(p); return err }
	if err := cutMHTML(stated([]byte(r.Data)), write, f.Cut); err != nil {
		return err
	}
	return f.Close()
}

func (c *Camera) pdf(ctx context.Context) error {
	back := c.unfix(ctx)
	defer back()
	scale := c.comparePrint(ctx)
	r, err := c.printPage(ctx, scale)
	if err != nil {
		return err
	}
	f, err := c.keeper.Create(evidence.PagePDF, "application/pdf")
	if err != nil {
		return err
	}
	var sheets sheetCounter
	if err := devtools.ReadStream(ctx, c.page.Session, r.Stream, 0, sheets.of(cutPDF(f.Write, f.Cut))); err != nil {
		return err
	}
	c.judgeSheets(sheets.n, scale)
	return f.Close()
}

// Inches are so many millimetres: Chrome takes paper in inches.
func Inches(mm float64) float64 { return mm / 25.4 }
