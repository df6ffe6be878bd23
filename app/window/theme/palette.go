package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// The colours that Fyne has no name for.
const (
	Surface   fyne.ThemeColorName = "yuzheng.surface"   // cards and the rail, one step above the background
	Secondary fyne.ThemeColorName = "yuzheng.secondary" // captions and explanations
	Person    fyne.ThemeColorName = "yuzheng.person"    // waiting for a person
)

// tone is one colour in its light and its dark form, as 0xRRGGBB.
type tone struct{ light, dark uint32 }

var palette = map[fyne.ThemeColorName]tone{
	theme.ColorNameBackground:          {0xFAFAF7, 0x15181C},
	Surface:                            {0xFFFFFF, 0x1E2329},
	theme.ColorNameForeground:          {0x1B1F24, 0xE8EAED},
	Secondary:                          {0x4A5260, 0xAEB6C2},
	theme.ColorNamePrimary:             {0x1F4E79, 0x7FB2E5},
	theme.ColorNameHyperlink:           {0x1F4E79, 0x7FB2E5},
	theme.ColorNameSuccess:             {0x1E6B3C, 0x6CCB8F},
	theme.ColorNameWarning:             {0x8A5A00, 0xE7B75A},
	theme.ColorNameError:               {0xA4262C, 0xF28B82},
	Person:                             {0x5B3E9B, 0xB9A0F0},
	theme.ColorNameForegroundOnPrimary: {0xFFFFFF, 0x15181C},
	theme.ColorNameForegroundOnSuccess: {0xFFFFFF, 0x15181C},
	theme.ColorNameForegroundOnWarning: {0xFFFFFF, 0x15181C},
	theme.ColorNameForegroundOnError:   {0xFFFFFF, 0x15181C},
	theme.ColorNameButton:              {0xE6EAEF, 0x2C333B},
	theme.ColorNameDisabledButton:      {0xEEF0F2, 0x23282E},
	theme.ColorNameDisabled:            {0x667080, 0x8D96A3},
	theme.ColorNamePlaceHolder:         {0x5E6776, 0x9AA3B0},
	theme.ColorNameInputBackground:     {0xFFFFFF, 0x1E2329},
	theme.ColorNameInputBorder:         {0x8A93A0, 0x6B7480},
	theme.ColorNameMenuBackground:      {0xFFFFFF, 0x1E2329},
	theme.ColorNameOverlayBackground:   {0xFFFFFF, 0x1E2329},
	theme.ColorNameHeaderBackground:    {0xF0F2F4, 0x23282E},
	theme.ColorNameSelection:           {0xDCE7F2, 0x2A3B4D},
	theme.ColorNameSeparator:           {0xD9DDE2, 0x343B44},
	theme.ColorNameScrollBar:           {0x8A93A0, 0x6B7480},
}

// veils lie over other colours and let them through.
var veils = map[fyne.ThemeColorName]struct{ light, dark color.NRGBA }{
	theme.ColorNameHover:               {color.NRGBA{A: 0x0F}, color.NRGBA{R: 0xFF, G: 0xFF, B: 0xFF, A: 0x14}},
	theme.ColorNamePressed:             {color.NRGBA{A: 0x22}, color.NRGBA{R: 0xFF, G: 0xFF, B: 0xFF, A: 0x2A}},
	theme.ColorNameFocus:               {color.NRGBA{R: 0x0B, G: 0x5C, B: 0xAD, A: 0x48}, color.NRGBA{R: 0x9C, G: 0xC8, B: 0xFF, A: 0x48}},
	theme.ColorNameShadow:              {color.NRGBA{A: 0x48}, color.NRGBA{A: 0xA0}},
	theme.ColorNameScrollBarBackground: {color.NRGBA{A: 0x08}, color.NRGBA{R: 0xFF, G: 0xFF, B: 0xFF, A: 0x0A}},
}

func (t tone) of(v fyne.ThemeVariant) color.NRGBA {
	rgb := t.light
	if v == theme.VariantDark {
		rgb = t.dark
	}
	return color.NRGBA{R: uint8(rgb >> 16), G: uint8(rgb >> 8), B: uint8(rgb), A: 0xFF}
}
