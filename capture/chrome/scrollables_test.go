package chrome

import (
	"fmt"
	"image"
	"regexp"
	"strings"
	"testing"

	"yuzheng/capture/sitetest"
	"yuzheng/casefile/evidence"
)

// scrolling are pages that do not simply scroll down to an end.
var scrolling = []situation{
	{number: "s", name: "page that jumps back to its top", path: "/lock", verdict: evidence.Partial, missing: "does not let itself be scrolled", text: "內容 30", check: all(within(25), tallPicture(9000))},
	{number: "s", name: "page that its style cuts off", path: "/lock-clip", verdict: evidence.Complete, warning: "lets no visitor", text: "內容 30"},
	{number: "s", name: "conversation upside down", path: "/chat", verdict: evidence.Complete, warning: "page.pdf ends with the window", text: "訊息 60", check: all(tallPicture(5300), fetched("/images/chat-", 6))},
	{number: "s", name: "conversation that loads what is older", path: "/chat-older", verdict: evidence.Complete, warning: "page.pdf ends with the window", text: "訊息 1\n", check: tallPicture(8900)},
	{number: "s", name: "conversation that prints whole", path: "/inner-print", verdict: evidence.Complete, text: "訊息 59", check: all(tallPicture(7000), printedWhole)},
	{number: "s", name: "box in a corner", path: "/corner-box", verdict: evidence.Complete, text: "客服訊息 50", check: looked(evidence.CheckScrollable, "div#c", "both ends")},
	{number: "s", name: "table wider than its box", path: "/wide-inner", verdict: evidence.Complete, text: "欄20", check: all(looked(evidence.CheckScrollable, "div#w (sideways)", "both ends"), fetched("/images/wide-", 20))},
	{number: "s", name: "wide page", path: "/wide", verdict: evidence.Complete, text: "右側帳號888", check: all(looked(evidence.CheckScrollable, "page (sideways)", "both ends"), widePicture(5000), redPrinted)},
	{number: "s", name: "wide page from right to left", path: "/wide-rtl", verdict: evidence.Complete, text: "左側帳號777", check: all(looked(evidence.CheckScrollable, "page (sideways)", "both ends"), widePicture(5000), allSeen, redThere, redPrinted)},
	{number: "s", name: "columns from right to left", path: "/columns", verdict: evidence.Complete, text: "末行帳號666", check: all(printedWhole, looked(evidence.CheckScrollable, "page (sideways)", "both ends"), widePicture(5000), allSeen, redThere, redPrinted)},
	{number: "s", name: "photographs beside one another, above the window's end", path: "/row-above", verdict: evidence.Complete, check: fetched("/images/row-", 12)},
	{number: "s", name: "frame in which no script may run", path: "/sandboxed", verdict: evidence.Complete, text: "沙盒底帳號555", check: looked(evidence.CheckScrollable, "about:srcdoc", "both ends")},
	{number: "s", name: "page that snaps", path: "/snap", verdict: evidence.Complete, text: "第 9 幕", check: all(printedWhole, fetched("/images/snap-", 9))},
	{number: "s", name: "frame of another site that fills the window", path: "/mask", verdict: evidence.Complete, warning: "page.pdf ends with the window", text: "700-5550001112223", check: all(tallPicture(9700), fetched("/images/mask-", 12), sectionsShow)},
	{number: "s", name: "frame of the same site that fills the window", path: "/mask-same", verdict: evidence.Complete, warning: "page.pdf ends with the window", text: "700-5550001112223", check: all(tallPicture(9700), fetched("/images/mask-", 12), sectionsShow)},
	{number: "s", name: "frame set", path: "/mask-set", verdict: evidence.Complete, warning: "page.pdf ends with the window", text: "700-5550001112223", check: all(tallPicture(9700), fetched("/images/mask-", 12), sectionsShow)},
	{number: "s", name: "frame of another site that never ends", path: "/frame-spin", verdict: evidence.Partial, missing: "its scripts did not end", text: "框外的字", patient: true, check: holds(evidence.Screenshot, evidence.PagePDF, evidence.PageMHTML)},
	{number: "s", name: "frame of another site below the window", path: "/frame-below", verdict: evidence.Complete, text: "別站的框：收款帳號", check: reddish(600, isRed)},
	{number: "s", name: "frame of another site below the window of a page that grows with it", path: "/frame-below?grow", verdict: evidence.Complete, warning: "section by section", check: reddish(600, isRed)},
	{number: "s", name: "frame in a frame that fill the window", path: "/mask-deep", verdict: evidence.Complete, warning: "page.pdf ends with the window", text: "700-5550001112223", check: all(tallPicture(9700), fetched("/images/mask-", 12), sectionsShow)},
}

// Everything that scrolls is scrolled to its ends, with progress or not at all.
func TestScrolling(t *testing.T) { runSituations(t, scrolling) }

// sectionsShow: in the picture stand the twelve coloured sections of the page in the frame, each 800 pixels high.
func sectionsShow(t *testing.T, _ *sitetest.Site, _ evidence.Summary, sink *memory) {
	img, shown := pictureOf(t, sink), map[[3]uint32]int{}
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y++ {
		r, g, b, _ := img.At(img.Bounds().Max.X-40, y).RGBA()
		shown[[3]uint32{r >> 8, g >> 8, b >> 8}]++
	}
	whole := 0
	for _, rows := range shown {
		if rows >= 790 && rows <= 810 {
			whole++
		}
	}
	if whole != 12 {
		t.Errorf("%d of 12 sections show whole", whole)
	}
}

// redThere: the picture shows what is red; redPrinted: so does the PDF, for what lies beside the paper Chrome does not draw.
func redThere(t *testing.T, _ *sitetest.Site, _ evidence.Summary, sink *memory) {
	if covered(pictureOf(t, sink), isRed) < 20 {
		t.Error("the picture does not show what stands at the far end")
	}
}

var redFill = regexp.MustCompile(` \.8\d* 0 0 rg\b`)

func redPrinted(t *testing.T, _ *sitetest.Site, _ evidence.Summary, sink *memory) {
	if !redFill.MatchString(inflated(t, sink.kept[evidence.PagePDF])) {
		t.Error("the PDF does not show what stands at the far end")
	}
}

// printedWhole: nothing is said to be cut off in print.
func printedWhole(t *testing.T, _ *sitetest.Site, res evidence.Summary, _ *memory) {
	if contains(res.Warnings, "ends with the window") {
		t.Errorf("said to be cut off in print: %q", res.Warnings)
	}
}

// allSeen: nothing in text.txt is said to be drawn where nobody sees it.
func allSeen(t *testing.T, _ *sitetest.Site, _ evidence.Summary, sink *memory) {
	if text := string(sink.kept[evidence.TextTXT]); strings.Contains(text, "[unseen]") {
		t.Errorf("said to be unseen:\n%s", text)
	}
}

// within: the capture took no longer than so many seconds: what does not move ends at once.
func within(seconds int64) reader {
	return func(t *testing.T, _ *sitetest.Site, res evidence.Summary, _ *memory) {
		if res.ElapsedMS > seconds*1000 {
			t.Errorf("took %d ms", res.ElapsedMS)
		}
	}
}

// looked: something stands in the checklist with a good outcome.
func looked(kind evidence.CheckKind, what, outcome string) reader {
	return func(t *testing.T, _ *sitetest.Site, _ evidence.Summary, sink *memory) {
		if !has(checksOf(t, sink), kind, what, outcome, true) {
			t.Errorf("%s %q is not in the checklist as %q", kind, what, outcome)
		}
	}
}

// fetched: the pictures of which the address begins so, n of them, stand in the archive.
func fetched(path string, n int) reader {
	return func(t *testing.T, _ *sitetest.Site, _ evidence.Summary, sink *memory) {
		har, count := string(sink.kept[evidence.NetworkHAR]), 0
		for i := range 100 {
			if strings.Contains(har, fmt.Sprintf("%s%d.png", path, i)) {
				count++
			}
		}
		if count != n {
			t.Errorf("%d pictures %s…, want %d", count, path, n)
		}
	}
}

// holds: artifacts are there.
func holds(names ...string) reader {
	return func(t *testing.T, _ *sitetest.Site, _ evidence.Summary, sink *memory) {
		for _, name := range names {
			if len(sink.kept[name]) == 0 {
				t.Errorf("no %s", name)
			}
		}
	}
}

func widePicture(width int) reader {
	return func(t *testing.T, _ *sitetest.Site, _ evidence.Summary, sink *memory) {
		if got := pictureOf(t, sink).Bounds().Dx(); got < width {
			t.Errorf("the picture is %d pixels wide, want %d", got, width)
		}
	}
}

// covered is which part of the picture's rows has a pixel that is of that colour, roughly.
func covered(img image.Image, is func(r, g, b uint32) bool) int {
	rows, box := 0, img.Bounds()
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x += 16 {
			if r, g, b, _ := img.At(x, y).RGBA(); is(r>>8, g>>8, b>>8) {
				rows++
				break
			}
		}
	}
	return rows
}
