package qrcode_test

import (
	"strings"
	"testing"

	"yuzheng/capture/qrcode"
)

// TestDrawn: what is drawn is read back to the letter at every size, and with the middle of it lost.
func TestDrawn(t *testing.T) {
	for _, text := range []string{"a", line, "— 封緘\n", strings.Repeat("0123456789abcdef\n", 40)} {
		for _, module := range []int{1, 2, 3, 10} {
			img, err := qrcode.Draw(text, module)
			if err != nil {
				t.Fatal(err)
			}
			if codes, err := find(img); err != nil || len(codes) != 1 || codes[0].Text != text || codes[0].Level != "H" || codes[0].Bytes != nil {
				t.Errorf("%.20q at %d: %+v %v", text, module, codes, err)
			}
		}
	}
	img, err := qrcode.Draw(line, 6)
	if err != nil {
		t.Fatal(err)
	}
	copied := page(img.Rect.Dx(), img.Rect.Dy(), white)
	put(copied, img, 0, 0)
	if codes, err := find(covered(copied, 0.25)); err != nil || len(codes) != 1 || codes[0].Text != line {
		t.Errorf("covered: %+v %v", codes, err)
	}
	for y := range img.Rect.Dy() {
		for x := range 24 {
			if img.GrayAt(x, y).Y != 255 {
				t.Fatal("no white border of four modules")
			}
		}
	}
	if _, err := qrcode.Draw(strings.Repeat("a", 4000), 1); err == nil {
		t.Error("more than a code holds is drawn")
	}
}
