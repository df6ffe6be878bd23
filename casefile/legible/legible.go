// Package legible makes text fit to be shown: what would command a terminal, turn text round, or stand in it unseen is shown
// as its number, [U+202E]. Every face and every paper shows what pages, packets and people wrote through it; what is kept,
// hashed or printed as JSON stays as it is.
//
// The form has no character beyond ASCII, so that every font and every code page of a terminal has it. Characters for private use
// stay: names are written with them (全字庫), and a font or a box shows that they are there.
package legible

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMarks is how many marks may stand on one letter: more than any script that is written needs, too few to reach into
// the lines above and below.
const maxMarks = 6

// Line is text for a place of one line: line feeds and tabs are made visible too.
func Line(text string) string { return show(text, false) }

// Block is text for a place of many lines: line feeds and tabs stay, and the line end of Windows becomes a line feed.
func Block(text string) string { return show(text, true) }

// show copies text only from the first thing on that must not be shown as it is.
func show(text string, block bool) string {
	at := first(text, block)
	if at == len(text) {
		return text
	}
	var b strings.Builder
	b.Grow(len(text) + 16)
	b.WriteString(text[:at])
	marks, base := 0, before(text[:at])
	for i := at; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, "[0x%02X]", text[i])
			r, marks = 0, 0
		case block && r == '\r' && strings.HasPrefix(text[i+1:], "\n"):
		case block && (r == '\n' || r == '\t'):
			b.WriteRune(r)
		case Hidden(r) && !chooses(r, base):
			fmt.Fprintf(&b, "[U+%04X]", r)
			marks = 0
		case !unicode.In(r, unicode.Mn, unicode.Me):
			marks = 0
			b.WriteRune(r)
		case marks == maxMarks:
			n, end := run(text[i:])
			fmt.Fprintf(&b, "[U+%04X x%d]", r, n)
			size, marks = end, 0
		default:
			marks++
			b.WriteRune(r)
		}
		base, i = r, i+size
	}
	return b.String()
}

// first is where the first thing stands that need not stay: text before it has none, and no marks.
func first(text string, block bool) int {
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			if c < ' ' && !(block && (c == '\n' || c == '\t')) || c == 0x7F {
				return i
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 || Hidden(r) || unicode.In(r, unicode.Mn, unicode.Me) {
			return i
		}
		i += size
	}
	return len(text)
}

// before is the last character of text.
func before(text string) rune {
	r, _ := utf8.DecodeLastRuneInString(text)
	return r
}

// run counts the marks that text begins with, and the bytes they take. Marks that are hidden for themselves end it.
func run(text string) (n, end int) {
	for i, r := range text {
		if !unicode.In(r, unicode.Mn, unicode.Me) || Hidden(r) {
			return n, i
		}
		n++
	}
	return n, len(text)
}

// unseen are characters that are drawn as nothing though they count as letters, marks or symbols, or as nothing at all yet
// (Unicode, Default_Ignorable_Code_Point, and the empty Braille cell); selectors of a variant among them.
var unseen = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x034F, Hi: 0x034F, Stride: 1},
		{Lo: 0x115F, Hi: 0x1160, Stride: 1},
		{Lo: 0x17B4, Hi: 0x17B5, Stride: 1},
		{Lo: 0x180B, Hi: 0x180F, Stride: 1},
		{Lo: 0x2065, Hi: 0x2065, Stride: 1},
		{Lo: 0x2800, Hi: 0x2800, Stride: 1},
		{Lo: 0x3164, Hi: 0x3164, Stride: 1},
		{Lo: 0xFDD0, Hi: 0xFDEF, Stride: 1},
		{Lo: 0xFE00, Hi: 0xFE0F, Stride: 1},
		{Lo: 0xFFA0, Hi: 0xFFA0, Stride: 1},
		{Lo: 0xFFF0, Hi: 0xFFF8, Stride: 1},
	},
	R32: []unicode.Range32{{Lo: 0xE0000, Hi: 0xE0FFF, Stride: 1}},
}

// Hidden reports whether r is no sight of its own: controls, format characters (those of direction, of no width, tags),
// separators of lines and paragraphs, halves of pairs, non-characters, and what is drawn as nothing.
func Hidden(r rune) bool {
	if r < 0x7F {
		return r < ' '
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Cs, unicode.Zl, unicode.Zp, unseen) || r&0xFFFE == 0xFFFE || r > unicode.MaxRune
}

// chooses reports whether r is there to choose how base is drawn: as a picture or as a sign, or in which form of a Chinese character.
func chooses(r, base rune) bool {
	switch {
	case r == 0xFE0E || r == 0xFE0F:
		return base == '#' || base == '*' || unicode.In(base, unicode.Nd, unicode.Po, unicode.S) && !Hidden(base)
	case r >= 0xFE00 && r <= 0xFE02, r >= 0xE0100 && r <= 0xE01EF:
		return unicode.Is(unicode.Han, base)
	}
	return false
}
