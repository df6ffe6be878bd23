package picture

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"regexp"
	"strings"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"

	"yuzheng/capture/chrome/browsing"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/reading"
	"yuzheng/casefile/evidence"
)

// shownScript gives the text of the page as it is laid out at the moment, how wide it is, and whether its lines are level.
const shownScript = `(() => {
	const root = document.scrollingElement || document.documentElement, s = getComputedStyle(document.body || document.documentElement);
	return {text: document.body ? document.body.innerText.slice(0, 2000000) : "", width: root.scrollWidth, window: innerWidth, level: !/^(vertical|sideways)/.test(s.writingMode)};
})()`

// laidOut is what shownScript tells.
type laidOut struct {
	Text   string  `json:"text"`
	Width  float64 `json:"width"`
	Window float64 `json:"window"`
	Level  bool    `json:"level"`
}

// comparePrint lays the page out with its print style and names what that leaves out or puts in. It gives the share of its size at which the
// page is to be printed.
func (c *Camera) comparePrint(ctx context.Context) (scale float64) {
	before, err := browsing.Eval[laidOut](ctx, c.page, shownScript)
	if err != nil {
		return 1 // printing will say what ails the page
	}
	printed, err := c.printStyled(ctx)
	after, failed := browsing.Eval[laidOut](ctx, c.page, shownScript)
	if err != nil || failed != nil {
		c.journal.Warn(evidence.PrintUnseen.With(evidence.PagePDF))
		return c.printScale(before)
	}
	if n, first := lacking(before.Text, after.Text, printed.Text); n > 0 {
		c.journal.Warn(evidence.PrintLeavesOut.With(evidence.PagePDF, n, fmt.Sprintf("%.80q", first), evidence.Screenshot))
	}
	if n, first := lacking(printed.Text, printed.Text, before.Text+"\n"+after.Text); n > 0 {
		c.journal.Warn(evidence.PrintAdds.With(evidence.PagePDF, n, fmt.Sprintf("%.80q", first)))
	}
	return c.printScale(before)
}

// printStyled reads the page as its print style lays it out, and gives it its own style back.
func (c *Camera) printStyled(ctx context.Context) (laidOut, error) {
	if _, err := devtools.Call(ctx, c.page.Session, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		return laidOut{}, err
	}
	printed, err := browsing.Eval[laidOut](ctx, c.page, shownScript)
	_, back := devtools.Call(ctx, c.page.Session, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{})
	if err == nil {
		err = back
	}
	return printed, err
}

// lacking counts the lines that two readings of a text have and another text has not, whatever the space, and gives the first. What has changed
// between the readings by itself, a clock say, is none.
func lacking(one, again, other string) (n int, first string) {
	second, there, seen := reading.Unspaced(again), reading.Unspaced(other), map[string]bool{}
	for line := range strings.Lines(one) {
		bare := reading.Unspaced(line)
		if bare == "" || seen[bare] || !strings.Contains(second, bare) || strings.Contains(there, bare) {
			continue
		}
		seen[bare] = true
		if n++; n == 1 {
			first = strings.TrimSpace(line)
		}
	}
	return n, first
}

// What is much wider than the paper Chrome cuts off. It prints at a tenth of the size at the least.
const (
	printWidth = (210 - 2*10.16) / 25.4 * 96 // CSS pixels between the margins of A4
	leastScale = 0.1

	printHeight = (297 - 2*10.16) / 25.4 * 96
)

// printScale is the share of its size at which a page that is wider than the window is printed whole.
func (c *Camera) printScale(page laidOut) float64 {
	if !page.Level || page.Width <= page.Window+Near || page.Width <= printWidth {
		return 1
	}
	scale := max(leastScale, math.Floor(printWidth/page.Width*1000)/1000)
	c.journal.Note(evidence.ByTool, "print", "at %.0f %% of its size: the page is %.0f pixels wide", scale*100, page.Width)
	if scale == leastScale {
		c.journal.Warn(evidence.PrintCut.With(evidence.PagePDF, page.Width, printWidth/leastScale, evidence.Screenshot))
	}
	return scale
}

// judgeSheets tells of a page whose content is a box or frame: Chrome prints of it what fits on a sheet, unless its print style lets it go on.
func (c *Camera) judgeSheets(sheets int, scale float64) {
	shown := float64(sheets) * printHeight / scale
	if c.filling.height <= shown+Near {
		return
	}
	rest := evidence.TextTXT
	if c.Stretched > 0 {
		rest = evidence.Screenshot + " and " + rest
	}
	c.journal.Warn(evidence.PrintEndsWithWindow.With(evidence.PagePDF, c.filling.name, c.filling.height, shown, rest))
}

// sheetCounter counts the pages of a PDF that is written in parts. Chrome does not pack the objects that describe them.
type sheetCounter struct {
	n    int
	rest []byte // of the parts so far, where a sign may have begun
}

var sheetSign = regexp.MustCompile(`/Type ?/Page[^s]`)

func (c *sheetCounter) of(write func([]byte) (int, error)) func([]byte) (int, error) {
	return func(p []byte) (int, error) {
		text := append(c.rest, p...)
		end := 0
		for _, m := range sheetSign.FindAllIndex(text, -1) {
			c.n++
			end = m[1]
		}
		c.rest = bytes.Clone(text[max(end, len(text)-len("/Type /Page")):])
		return write(p)
	}
}

const (
	printPatience = 15 * time.Second // with a page that prints itself
	printPause    = 100 * time.Millisecond
)

// printPage has the page printed, at a share of its size. While a page prints itself Chrome prints nothing else: then it is tried again, once the page's own printing has
// ended.
func (c *Camera) printPage(ctx context.Context, scale float64) (page.PrintToPDFResult, error) {
	wait, cancel := context.WithTimeout(ctx, printPatience)
	defer cancel()
	for {
		r, err := devtools.Call(ctx, c.page.Session, page.PrintToPDF, page.PrintToPDFParams{
			PrintBackground: new(true), PaperWidth: Inches(210), PaperHeight: Inches(297), Scale: scale, TransferMode: page.PrintToPDFTransferModeReturnAsStream,
		})
		if err == nil || !strings.Contains(err.Error(), "already being printed") {
			return r, err
		}
		if c.page.Pause(wait, printPause) != nil {
			return r, err
		}
	}
}
