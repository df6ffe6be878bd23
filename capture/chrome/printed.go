package chrome

import (
	"context"
	"math"
	"strings"

	"github.com/chromedp/cdproto/emulation"

	"yuzheng/capture"
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
func (j *job) comparePrint(ctx context.Context) (scale float64) {
	before, err := eval[laidOut](ctx, j, shownScript)
	if err != nil {
		return 1 // printing will say what ails the page
	}
	printed, err := j.printStyled(ctx)
	after, failed := eval[laidOut](ctx, j, shownScript)
	if err != nil || failed != nil {
		j.journal.warn("%s: whether the page's print style shows what its screen style shows could not be seen", capture.PagePDF)
		return j.printScale(before)
	}
	if n, first := lacking(before.Text, after.Text, printed.Text); n > 0 {
		j.journal.warn("%s: the page's print style leaves out %d lines that a visitor sees, the first %.80q: they stand in %s and text.txt", capture.PagePDF, n, first, capture.Screenshot)
	}
	if n, first := lacking(printed.Text, printed.Text, before.Text+"\n"+after.Text); n > 0 {
		j.journal.warn("%s: the page's print style shows %d lines that no visitor sees, the first %.80q", capture.PagePDF, n, first)
	}
	return j.printScale(before)
}

// printStyled reads the page as its print style lays it out, and gives it its own style back.
func (j *job) printStyled(ctx context.Context) (laidOut, error) {
	if _, err := call(ctx, j.page, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		return laidOut{}, err
	}
	printed, err := eval[laidOut](ctx, j, shownScript)
	_, back := call(ctx, j.page, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{})
	if err == nil {
		err = back
	}
	return printed, err
}

// lacking counts the lines that two readings of a text have and another text has not, whatever the space, and gives the first. What has changed
// between the readings by itself, a clock say, is none.
func lacking(one, again, other string) (n int, first string) {
	second, there, seen := unspaced(again), unspaced(other), map[string]bool{}
	for line := range strings.Lines(one) {
		bare := unspaced(line)
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
)

// printScale is the share of its size at which a page that is wider than the window is printed whole.
func (j *job) printScale(page laidOut) float64 {
	if !page.Level || page.Width <= page.Window+near || page.Width <= printWidth {
		return 1
	}
	scale := max(leastScale, math.Floor(printWidth/page.Width*1000)/1000)
	j.journal.note(byTool, "print", "at %.0f %% of its size: the page is %.0f pixels wide", scale*100, page.Width)
	if scale == leastScale {
		j.journal.warn("%s: the page is %.0f pixels wide, of which it shows %.0f: the rest stands in %s", capture.PagePDF, page.Width, printWidth/leastScale, capture.Screenshot)
	}
	return scale
}
