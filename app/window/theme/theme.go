// Package theme is the look of the window: calm colours in a light and a dark form, one Chinese font for everything.
package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Theme implements fyne.Theme. Fyne is given no say in the variant: evidence is read on paper white unless asked otherwise.
type Theme struct {
	Regular, Bold fyne.Resource // single TTF or OTF; nil leaves Fyne's own, which has no Chinese
	Dark          bool
}

var _ fyne.Theme = (*Theme)(nil)

func (t *Theme) variant() fyne.ThemeVariant {
	if t.Dark {
		return theme.VariantDark
	}
	return theme.VariantLight
}

// Color implements fyne.Theme.
func (t *Theme) Color(name fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	if c, ok := palette[name]; ok {
		return c.of(t.variant())
	}
	if v, ok := veils[name]; ok && t.Dark {
		return v.dark
	} else if ok {
		return v.light
	}
	return theme.DefaultTheme().Color(name, t.variant())
}

// Font implements fyne.Theme. Monospace has the Chinese font too: addresses and file names carry Chinese.
func (t *Theme) Font(style fyne.TextStyle) fyne.Resource {
	switch {
	case style.Symbol || t.Regular == nil:
		return theme.DefaultTheme().Font(style)
	case style.Bold && t.Bold != nil:
		return t.Bold
	}
	return t.Regular
}

// Icon implements fyne.Theme.
func (t *Theme) Icon(name fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(name) }

var sizes = map[fyne.ThemeSizeName]float32{
	theme.SizeNameText:            14,
	theme.SizeNameCaptionText:     12.5,
	theme.SizeNameSubHeadingText:  17,
	theme.SizeNameHeadingText:     22,
	theme.SizeNamePadding:         4,
	theme.SizeNameInnerPadding:    8,
	theme.SizeNameLineSpacing:     5,
	theme.SizeNameInputRadius:     4,
	theme.SizeNameSelectionRadius: 4,
	theme.SizeNameScrollBar:       12,
}

// Size implements fyne.Theme. The sizes are such that every page fits 1366 by 768.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	if s, ok := sizes[name]; ok {
		return s
	}
	return theme.DefaultTheme().Size(name)
}
