package page

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// strength is how hard a passphrase is to guess.
type strength struct {
	word   string // none, weak, enough, good
	color  fyne.ThemeColorName
	enough bool
}

// The least that is taken: 14 characters, or 5 words, or as many bits as 5 words from a list of 7,776 have.
const (
	leastRunes = 14
	leastWords = 5
	goodBits   = 80
)

// judge estimates from above: it can refuse a bad passphrase, not prove a good one.
func judge(passphrase string) strength {
	bits := guessBits(passphrase)
	long := len([]rune(passphrase)) >= leastRunes || len(strings.Fields(passphrase)) >= leastWords
	switch {
	case passphrase == "":
		return strength{"none", theme.ColorNamePlaceHolder, false}
	case !long || bits < goodBits/2:
		return strength{"weak", theme.ColorNameError, false}
	case bits < goodBits:
		return strength{"enough", theme.ColorNameWarning, true}
	}
	return strength{"good", theme.ColorNameSuccess, true}
}

// guessBits counts each character by its kind: one that was there before for half, a repetition of or a step from the one
// before it for next to nothing.
func guessBits(s string) float64 {
	var bits float64
	var last rune
	seen := map[rune]bool{}
	for _, r := range s {
		switch step := r - last; {
		case step >= -1 && step <= 1:
			bits += 0.3
		case seen[r]:
			bits += runeBits(r) / 2
		default:
			bits += runeBits(r)
		}
		seen[r], last = true, r
	}
	return bits
}

// runeBits is the binary logarithm of how many characters of its kind people use.
func runeBits(r rune) float64 {
	switch {
	case r >= 0x2E80:
		return 9
	case unicode.IsDigit(r):
		return 3.3
	case unicode.IsLetter(r):
		return 4.7
	}
	return 5
}
