package chrome

import (
	"context"

	"github.com/chromedp/cdproto/page"

	"yuzheng/capture"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/casefile/evidence"
)

// papers prints the page and saves it as one file. MHTML first: printing lays the page out anew.
func (j *job) papers(ctx context.Context) {
	j.progress.Step(capture.StepPapers, 0, 2)
	if err := j.mhtml(ctx); err != nil {
		j.journal.Lack(ctx, evidence.PageMHTML, err)
	}
	j.progress.Step(capture.StepPapers, 1, 2)
	if err := j.pdf(ctx); err != nil {
		j.journal.Lack(ctx, evidence.PagePDF, err)
	}
	j.progress.Step(capture.StepPapers, 2, 2)
	j.journal.Note(evidence.ByTool, "print", "MHTML and PDF")
}

func (j *job) mhtml(ctx context.Context) error {
	r, err := devtools.Call(ctx, j.page.Session, page.CaptureSnapshot, page.CaptureSnapshotParams{Format: page.CaptureSnapshotFormatMhtml})
	if err != nil {
		return err
	}
	f, err := j.keeper.Create(evidence.PageMHTML, "multipart/related")
	if err != nil {
		return err
	}
	write := func(p []byte) error { _, err := f.Write(p); return err }
	if err := cutMHTML(j.words.StatedMHTML([]byte(r.Data)), write, f.Cut); err != nil {
		return err
	}
	return f.Close()
}

func (j *job) pdf(ctx context.Context) error {
	back := j.unfix(ctx)
	defer back()
	scale := j.comparePrint(ctx)
	r, err := j.printPage(ctx, scale)
	if err != nil {
		return err
	}
	f, err := j.keeper.Create(evidence.PagePDF, "application/pdf")
	if err != nil {
		return err
	}
	var sheets sheetCounter
	if err := devtools.ReadStream(ctx, j.page.Session, r.Stream, 0, sheets.of(cutPDF(f.Write, f.Cut))); err != nil {
		return err
	}
	j.judgeSheets(sheets.n, scale)
	return f.Close()
}

func inches(mm float64) float64 { return mm / 25.4 }
