package theme

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// TestContrast holds WCAG 2 level AA: 4.5 to 1 for text on everything it may stand on, in both forms.
func TestContrast(t *testing.T) {
	grounds := []fyne.ThemeColorName{
		theme.ColorNameBackground, Surface, theme.ColorNameInputBackground, theme.ColorNameMenuBackground,
		theme.ColorNameOverlayBackground, theme.ColorNameHeaderBackground, theme.ColorNameSelection,
	}
	texts := []fyne.ThemeColorName{
		theme.ColorNameForeground, Secondary, theme.ColorNamePrimary, theme.ColorNameHyperlink, theme.ColorNameSuccess,
		theme.ColorNameWarning, theme.ColorNameError, Person,
	}
	pairs := [][2]fyne.ThemeColorName{
		{theme.ColorNameForegroundOnPrimary, theme.ColorNamePrimary},
		{theme.ColorNameForegroundOnSuccess, theme.ColorNameSuccess},
		{theme.ColorNameForegroundOnWarning, theme.ColorNameWarning},
		{theme.ColorNameForegroundOnError, theme.ColorNameError},
		{theme.ColorNameForeground, theme.ColorNameButton},
		{theme.ColorNamePlaceHolder, theme.ColorNameInputBackground},
		{theme.ColorNameDisabled, theme.ColorNameInputBackground},
	}
	for _, g := range grounds {
		for _, x := range texts {
			pairs = append(pairs, [2]fyne.ThemeColorName{x, g})
		}
	}
	for _, dark := range []bool{false, true} {
		th := &Theme{Dark: dark}
		for _, p := range pairs {
			if c := contrast(th.Color(p[0], 0), th.Color(p[1], 0)); c < 4.5 {
				t.Errorf("dark %v: %s on %s has contrast %.2f, want 4.5", dark, p[0], p[1], c)
			}
		}
	}
}

// TestFont checks that no text falls back to a font without Chinese.
func TestFont(t *testing.T) {
	regular, bold := fyne.NewStaticResource("r", nil), fyne.NewStaticResource("b", nil)
	th := &Theme{Regular: regular, Bold: bold}
	for style, want := range map[fyne.TextStyle]fyne.Resource{
		{}: regular, {Monospace: true}: regular, {Italic: true}: regular, {Bold: true}: bold, {Bold: true, Monospace: true}: bold,
		{Symbol: true}: theme.DefaultTheme().Font(fyne.TextStyle{Symbol: true}),
	} {
		if got := th.Font(style); got != want {
			t.Errorf("%+v: font %s, want %s", style, got.Name(), want.Name())
		}
	}
}

// TestVeils checks that what has the focus, or the pointer over it, can still be read.
func TestVeils(t *testing.T) {
	pairs := [][2]fyne.ThemeColorName{
		{theme.ColorNameForeground, theme.ColorNameButton},
		{theme.ColorNameForeground, theme.ColorNameMenuBackground},
		{theme.ColorNameForegroundOnPrimary, theme.ColorNamePrimary},
	}
	for _, dark := range []bool{false, true} {
		th := &Theme{Dark: dark}
		for _, veil := range []fyne.ThemeColorName{theme.ColorNameFocus, theme.ColorNameHover, theme.ColorNamePressed} {
			for _, p := range pairs {
				if c := contrast(th.Color(p[0], 0), under(th.Color(veil, 0), th.Color(p[1], 0))); c < 4.5 {
					t.Errorf("dark %v: %s on %s below %s has contrast %.2f, want 4.5", dark, p[0], p[1], veil, c)
				}
			}
		}
	}
}

// under is the colour of the ground seen through the veil.
func under(veil, ground color.Color) color.Color {
	v, g := color.NRGBAModel.Convert(veil).(color.NRGBA), color.NRGBAModel.Convert(ground).(color.NRGBA)
	mix := func(a, b uint8) uint8 { return uint8((int(a)*int(v.A) + int(b)*(255-int(v.A))) / 255) }
	return color.NRGBA{R: mix(v.R, g.R), G: mix(v.G, g.G), B: mix(v.B, g.B), A: 255}
}

func contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

func linear(v uint32) float64 {
	s := float64(v) / 0xFFFF
	if s <= 0.04045 {
		return s / 12.92
	}
	return math.Pow((s+0.055)/1.055, 2.4)
}
