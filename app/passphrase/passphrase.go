// Package passphrase says how hard a new passphrase is to guess.
package passphrase

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/ccojocar/zxcvbn-go"
)

// ErrWeak refuses a passphrase for a new way into a case.
var ErrWeak = errors.New("the passphrase is too easily guessed")

// Strength is how hard a new passphrase is to guess.
type Strength string

// The strengths. What is none or weak is not taken for a new way into a case; an old one still opens.
const (
	None   Strength = "none"
	Weak   Strength = "weak"
	Enough Strength = "enough"
	Good   Strength = "good"
)

// Taken reports whether a passphrase of this strength is taken.
func (s Strength) Taken() bool { return s == Enough || s == Good }

// The least that is taken: 14 characters, or 5 words, of half the bits that 5 words from a list of 7,776 have together; less counts what people
// commonly use.
const (
	leastRunes = 14
	leastWords = 5
	goodBits   = 80
)

// Judge estimates from above, by its characters and, as far as it is written in Latin ones, by the words and patterns that people use: it can
// refuse a bad passphrase, not prove a good one. What is known stands on the case's own papers (its number, its title, who works on it): where it
// stands in the passphrase, it counts for nothing.
func Judge(passphrase string, known ...string) Strength {
	passphrase = without(passphrase, known)
	bits := guessBits(passphrase)
	if !strings.ContainsFunc(passphrase, func(r rune) bool { return r > unicode.MaxLatin1 }) {
		bits = min(bits, zxcvbn.PasswordStrength(passphrase, nil).Entropy)
	}
	long := len([]rune(passphrase)) >= leastRunes || len(strings.Fields(passphrase)) >= leastWords
	switch {
	case strings.TrimSpace(passphrase) == "":
		return None
	case !long || bits < goodBits/2:
		return Weak
	case bits < goodBits:
		return Enough
	}
	return Good
}

// leastKnown is how many characters a known text must have to be taken out: a shorter one may stand in a passphrase by chance.
const leastKnown = 3

// without takes the known texts, and the words of each, out of a passphrase, however they are written.
func without(passphrase string, known []string) string {
	words := slices.Clone(known)
	for _, k := range known {
		words = append(words, strings.Fields(k)...)
	}
	slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) })
	for _, w := range words {
		if w = strings.TrimSpace(w); len([]rune(w)) >= leastKnown {
			passphrase = regexp.MustCompile("(?i)"+regexp.QuoteMeta(w)).ReplaceAllString(passphrase, "")
		}
	}
	return passphrase
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
