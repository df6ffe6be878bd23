package chrome

import (
	"testing"

	"yuzheng/capture/sitetest"
	"yuzheng/casefile/evidence"
)

// inView are pages that show some of what they have only while it is in the window.
var inView = []situation{
	{number: "v", name: "shown while in view", path: "/reveal", verdict: evidence.Complete, text: "保證獲利第8段", check: reddish(7200, isRed)},
	{number: "v", name: "shown once in view", path: "/reveal-once", verdict: evidence.Complete, text: "保證獲利第8段", check: reddish(7200, isBlue)},
	{number: "v", name: "shown by the scroll position, by style", path: "/reveal-css", verdict: evidence.Complete, text: "保證獲利第8段", check: reddish(7200, isGreen)},
	{number: "v", name: "shown by the scroll position, by script", path: "/reveal-position", verdict: evidence.Complete, warning: "section by section", check: reddish(7200, isViolet)},
	{number: "l", name: "layer over everything", path: "/modal", verdict: evidence.Complete, warning: "lies over", text: "被蓋住的內容 30", check: looked(evidence.CheckLayer, "div", "滿十八歲")},
	{number: "l", name: "dialog over everything", path: "/modal-dialog", verdict: evidence.Complete, warning: "lies over", text: "內容 30", check: looked(evidence.CheckLayer, "dialog", "請先加入會員")},
	{number: "l", name: "page that is fixed under a layer", path: "/modal-fixed", verdict: evidence.Complete, warning: "lets no visitor come", text: "被鎖的內容 30"},
	{number: "l", name: "bars that stick", path: "/sticky", verdict: evidence.Complete, check: reddish(100, func(r, g, b uint32) bool { return r < 20 && g > 150 && g < 180 && b < 20 })},
}

// The picture shows what a visitor sees who goes through the page.
func TestInView(t *testing.T) { runSituations(t, inView) }

func isRed(r, g, b uint32) bool    { return r > 170 && r < 210 && g < 20 && b < 20 }
func isBlue(r, g, b uint32) bool   { return r < 20 && g > 90 && g < 115 && b > 190 && b < 220 }
func isGreen(r, g, b uint32) bool  { return r < 20 && g > 105 && g < 130 && b < 20 }
func isViolet(r, g, b uint32) bool { return r > 90 && r < 115 && g < 20 && b > 140 && b < 165 }

// reddish: so many rows of the picture, or a few less, hold a colour. None but one layer of it is taken twice.
func reddish(rows int, is func(r, g, b uint32) bool) reader {
	return func(t *testing.T, _ *sitetest.Site, _ evidence.Summary, sink *memory) {
		if got := covered(pictureOf(t, sink), is); got < rows*99/100 || got > rows*101/100 {
			t.Errorf("%d rows of the colour, want %d", got, rows)
		}
	}
}
