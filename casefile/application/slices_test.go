package application

import (
	"fmt"
	"image"
	"testing"
)

// TestSlicesAreReadable: of pages of every width and height, on every kind of screen, text of 16 CSS pixels is 6 points high at least on paper and 10 at most; a
// slice has room on its page above a caption; slices are alike high and wide, neighbours share 40 CSS pixels, and together they are the picture.
func TestSlicesAreReadable(t *testing.T) {
	for _, scale := range []float64{1, 1.25, 2, 2.625, 3} {
		for _, width := range []int{1, 39, 320, 412, 1024, 1209, 1210, 1280, 1366, 1536, 1920, 2018, 2019, 2560, 3840, 9000} {
			for _, height := range []int{1, 39, 953, 1102, 1103, 1764, 2995, 30_000} {
				size := image.Pt(int(float64(width)*scale), int(float64(height)*scale))
				if size.X*size.Y > maxPixels {
					continue
				}
				if err := readable(size, scale); err != nil {
					t.Errorf("%d by %d at %g: %v", width, height, scale, err)
				}
			}
		}
	}
}

func readable(size image.Point, scale float64) error {
	list := slice(size, scale)
	first, last := list[0].part, list[len(list)-1].part
	if first.Min != (image.Point{}) || last.Max != size {
		return fmt.Errorf("slices from %v to %v", first.Min, last.Max)
	}
	for i, l := range list {
		room := upright
		if l.turned {
			room = turned
		}
		if text := 16 * scale / l.perCM / point; text < leastText-.01 || text > mostText+.01 {
			return fmt.Errorf("text is %.2f points high", text)
		}
		if w, h := float64(l.part.Dx())/l.perCM, float64(l.part.Dy())/l.perCM; w > room.width+.05 || h > room.height+.05 {
			return fmt.Errorf("slice %d is %.1f by %.1f cm", i+1, w, h)
		}
		if d := l.part.Size().Sub(first.Size()); max(d.X, -d.X, d.Y, -d.Y) > 1 {
			return fmt.Errorf("slice %d is %v, the first %v", i+1, l.part.Size(), first.Size())
		}
		if i == 0 {
			continue
		}
		before, shared := list[i-1].part, l.overlap
		switch sameRow := l.part.Min.Y == before.Min.Y; {
		case shared != int(40*scale):
			return fmt.Errorf("%d pixels are shared", shared)
		case sameRow && l.part.Min.X != before.Max.X-shared, !sameRow && (l.part.Min.X != 0 || before.Max.X != size.X || l.part.Min.Y != before.Max.Y-shared):
			return fmt.Errorf("slice %d is %v, the one before %v", i+1, l.part, before)
		}
	}
	return nil
}

// TestShortPagesAreWhole: a phone's page that needs a little more than one page at most is printed a little smaller, in one piece.
func TestShortPagesAreWhole(t *testing.T) {
	for _, height := range []int{900, 2813, 2995, 3480} {
		if list := slice(image.Pt(1082, height), 2.625); len(list) != 1 {
			t.Errorf("%d rows are cut into %d", height, len(list))
		}
	}
	if list := slice(image.Pt(1082, 3500), 2.625); len(list) != 2 {
		t.Errorf("3500 rows are cut into %d", len(list))
	}
}

// TestOrdinaryPagesAreNotCutAcross: pages as wide as windows are stand on their pages whole in width, those of phones and narrow windows upright.
func TestOrdinaryPagesAreNotCutAcross(t *testing.T) {
	for width, lies := range map[int]bool{360: false, 412: false, 1024: false, 1200: false, 1280: true, 1366: true, 1920: true} {
		for _, l := range slice(image.Pt(width, 5000), 1) {
			if l.part.Dx() != width || l.turned != lies {
				t.Errorf("%d pixels wide: %v, turned %t", width, l.part, l.turned)
			}
		}
	}
}
