package chrome

import (
	"context"

	cdpio "github.com/chromedp/cdproto/io"
	"github.com/chromedp/cdproto/page"

	"yuzheng/capture"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/casefile/evidence"
)

// papers prints the page and saves it as one file. MHTML first: printing lays the page out anew.
func (j *job) papers(ctx context.Context) {
	j.progress.Step(capture.StepPapers, 0, 2)
	if err := j.mhtml(ctx); err != nil {
		j.lack(ctx, evidence.PageMHTML, err)
	}
	j.progress.Step(capture.StepPapers, 1, 2)
	if err := j.pdf(ctx); err != nil {
		j.lack(ctx, evidence.PagePDF, err)
	}
	j.progress.Step(capture.StepPapers, 2, 2)
	j.journal.Note(evidence.ByTool, "print", "MHTML and PDF")
}

func (j *job) mhtml(ctx context.Context) error {
	r, err := devtools.Call(ctx, j.page, page.CaptureSnapshot, page.CaptureSnapshotParams{Format: page.CaptureSnapshotFormatMhtml})
	if err != nil {
		return err
	}
	f, err := j.keeper.Create(evidence.PageMHTML, "multipart/related")
	if err != nil {
		return err
	}
	write := func(p []byte) error { _, err := f.Write(p); return err }
	if err := cutMHTML(j.statedMHTML([]byte(r.Data)), write, f.Cut); err != nil {
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
	if err := readStream(ctx, j.page, r.Stream, 0, sheets.of(cutPDF(f.Write, f.Cut))); err != nil {
		return err
	}
	j.judgeSheets(sheets.n, scale)
	return f.Close()
}

func inches(mm float64) float64 { return mm / 25.4 }

// readStream hands a stream of the browser on in parts; with limit > 0 it stops after so many bytes with errTooLong.
func readStream(ctx context.Context, s devtools.Session, id cdpio.StreamHandle, limit int64, write func([]byte) (int, error)) error {
	defer devtools.Send(s, cdpio.Close, cdpio.CloseParams{Handle: id})
	for n := int64(0); ; {
		r, err := devtools.Call(ctx, s, cdpio.Read, cdpio.ReadParams{Handle: id, Size: 1 << 20})
		if err != nil {
			return err
		}
		if n += int64(len(r.Data)); limit > 0 && n > limit {
			return errTooLong
		}
		if _, err := write(r.Data); err != nil {
			return err
		}
		if r.EOF {
			return nil
		}
	}
}
