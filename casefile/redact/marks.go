package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The marks that may stand between the digits of a number of any kind: blanks, the strong ones with which people write telephones and accounts, and
// the weak ones with which they write other things too, between which a number has to be grouped. Beside these, every punctuation and symbol outside
// of ASCII is weak, 「・」 as 「、」 and 「🔸」, but for signs of money and the squares of masks. Nothing else is a mark: quotes, brackets of
// programs, "&", "%", "$", "#", "@" and signs of comparison end a number.
const (
	strong = " \t\r\n\f\v-()/_+~*:\\"
	weak   = ".,|=;'"
)

// maxMarks stand between two digits of one number.
const maxMarks = 3

// mark gives the length of the mark at the beginning of a text, 0 where none stands there.
func mark(text string) int {
	if text[0] < utf8.RuneSelf {
		if strings.IndexByte(strong, text[0]) >= 0 || strings.IndexByte(weak, text[0]) >= 0 {
			return 1
		}
		return 0
	}
	if r, size := utf8.DecodeRuneInString(text); foreign(r) {
		return size
	}
	return 0
}

// foreign reports whether a character outside of ASCII is a mark.
func foreign(r rune) bool {
	return r >= utf8.RuneSelf && r != '■' && unicode.In(r, unicode.P, unicode.S) && !unicode.Is(unicode.Sc, r)
}

// over passes over the marks at a place, and one more than there may be at the most, and counts them.
func over(text string, i int) (to, n int) {
	for i < len(text) && n <= maxMarks {
		size := mark(text[i:])
		if size == 0 {
			break
		}
		i, n = i+size, n+1
	}
	return i, n
}

// weakIn gives the weak mark of a gap, however often it stands there, with blanks around it; false where different ones stand there.
func weakIn(gap string) (of string, alike bool) {
	for _, r := range gap {
		if r < utf8.RuneSelf && strings.IndexByte(strong, byte(r)) >= 0 {
			continue
		}
		if of != "" && of != string(r) {
			return of, false
		}
		of = string(r)
	}
	return of, true
}

// weakly reports whether a weak mark stands between the first n digits.
func (d digits) weakly(n int) bool { return d.weak < n }

// joined reports whether what stands between the first n digits joins them to one number: with weak marks they are in groups, and each gap has but
// one of them.
func (d digits) joined(n int) bool { return d.mixed >= n && (!d.weakly(n) || d.grouped(n)) }

// amount reports whether the first n digits are written as a large number is: one to three, and threes behind commas.
func (d digits) amount(n int) bool {
	size, groups := 1, 0
	for _, gap := range d.gaps[1:n] {
		switch {
		case gap == "":
			size++
			continue
		case gap != "," && gap != "'" || size > 3 || groups > 0 && size != 3:
			return false
		}
		size, groups = 1, groups+1
	}
	return groups > 1 && size == 3
}

// uniform reports whether from the digit first on the same single mark of those stands between all groups of the first n, which have least and more;
// together is uniform.
func (d digits) uniform(n, first, least int) bool {
	size, of := 1, ""
	for _, gap := range d.gaps[first:n] {
		switch {
		case gap == "":
			size++
			continue
		case of != "" && gap != of || size < least:
			return false
		}
		size, of = 1, gap
	}
	return true
}

// connected reports whether what follows the first n digits is still the same writing: another digit behind something else than blanks.
func (d digits) connected(n int) bool {
	return n < len(d.digit) && strings.TrimSpace(d.gaps[n]) != "" && !strings.ContainsAny(d.gaps[n], ",;/|、\n\f\t")
}
