package compare

import (
	"image"
	"image/color"
	"slices"
	"testing"

	"yuzheng/casefile/evidence"
)

// Pages without words are judged by how they look and what they are made of; a banner that turns is not enough.
func TestPagesOfPictures(t *testing.T) {
	const w, h = 270, 515
	first := page{view: evidence.Mobile, title: "活動", text: "立即下載", picture: window(w, h, "spring", "shop")}
	with := func(change func(*page)) page {
		p := page{view: evidence.Ad, title: "活動", text: "立即下載", picture: first.picture}
		change(&p)
		return p
	}
	for _, c := range []struct {
		name string
		page page
		want Conclusion
		sign bool // that the picture is another
	}{
		{"the same", with(func(*page) {}), Same, false},
		{"another banner", with(func(p *page) { p.picture = window(w, h, "autumn", "shop") }), minor, false},
		{"another picture", with(func(p *page) { p.picture = inverted(window(w, h, "gold", "invest")) }), minor, true},
		{
			"another picture and title", with(func(p *page) { p.picture, p.title = inverted(window(w, h, "gold", "invest")), "鼎盛投資" }),
			cloakingSuspected, true,
		},
		{
			"another picture and document", with(func(p *page) { p.picture, p.source = inverted(window(w, h, "gold", "invest")), article }),
			cloakingSuspected, true,
		},
		{"a blank window", with(func(p *page) { p.picture = blank(w, h) }), minor, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := views(t, first, c.page)
			if got.Conclusion != c.want || slices.Contains(codes(got.Pairs[0].Signs), signOtherPicture) != c.sign {
				t.Errorf("%s, want %s: %s distance %v", got.Conclusion, c.want, brief(got), asJSON(t, got.Pairs[0].Difference.Viewport))
			}
		})
	}
}

func TestChangedBlocksAreDrawn(t *testing.T) {
	a, b := window(640, 480, "a", "b"), window(640, 480, "a", "b")
	for _, r := range []image.Rectangle{image.Rect(100, 200, 180, 230), image.Rect(620, 470, 640, 480), image.Rect(5, 5, 6, 6)} {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				c := b.RGBAAt(x, y)
				b.SetRGBA(x, y, color.RGBA{c.R ^ 0x80, c.G, c.B ^ 0x80, 255})
			}
		}
	}
	v := differ(t, page{picture: a}, page{picture: b}).Viewport
	want := []Area{{96, 192, 96, 48}, {608, 464, 32, 16}}
	if !slices.Equal(v.Blocks.Areas.List, want) || v.Blocks.Different != 6*3+2 || v.Blocks.Columns != 40 || v.Blocks.Rows != 30 {
		t.Errorf("%s, want areas %v; one pixel alone is in none", asJSON(t, v.Blocks), want)
	}
	if v.Blocks.Share != 0.0166 || *v.Distance > 10 {
		t.Errorf("share %v, distance %d", v.Blocks.Share, *v.Distance)
	}
	v = differ(t, page{picture: a}, page{picture: window(320, 700, "a", "b")}).Viewport
	if v.Blocks.Columns != 20 || v.Blocks.Rows != 30 || v.Size.B != (Size{Width: 320, Height: 700}) {
		t.Errorf("the common area of two sizes: %s", asJSON(t, v))
	}
	for _, area := range v.Blocks.Areas.List {
		if area.X < 0 || area.Y < 0 || area.X+area.Width > 320 || area.Y+area.Height > 480 {
			t.Errorf("area %v lies outside what both have", area)
		}
	}
}
