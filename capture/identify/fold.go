package identify

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// folded is a text as identifiers are looked for in it.
type folded struct {
	text  string
	lower string  // the same in small letters of ASCII: places are the same
	moves []moved // where it is not as it was given, in order
}

// moved is a character that was written otherwise, or, with size 0, one that was left out.
type moved struct {
	at, size   int32 // in the folded text
	from, took int32 // in the given one
}

// fold writes each character in compatibility form and leaves out those that only format. Marks like ① are digits where several stand together,
// and number what follows where one stands alone.
func fold(text string) folded {
	first := strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf })
	if first < 0 {
		return folded{text: text, lower: lowered(text)}
	}
	var f folded
	out := make([]byte, 0, len(text))
	out = append(out, text[:first]...)
	var before rune
	for i := first; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		as := text[i : i+size]
		if r >= utf8.RuneSelf && !plain(r) {
			as = compatible(text, i, size, r, before)
		}
		if as != text[i:i+size] {
			f.moves = append(f.moves, moved{int32(len(out)), int32(len(as)), int32(i), int32(size)})
		}
		out = append(out, as...)
		i, before = i+size, r
	}
	f.text = string(out)
	f.lower = lowered(f.text)
	return f
}

// plain is true of most characters that have no other form.
func plain(r rune) bool { return r >= 0x3400 && r < 0xa000 || r >= 0x3041 && r < 0x3097 }

// compatible gives the form of the character at i.
func compatible(text string, i, size int, r, before rune) string {
	switch {
	case r == utf8.RuneError:
	case unicode.Is(unicode.Cf, r) || r == 0x034f || r >= 0xfe00 && r <= 0xfe0f: // joiners and selectors of variants
		return ""
	case unicode.Is(unicode.No, r):
		if next, _ := utf8.DecodeRuneInString(text[i+size:]); unicode.Is(unicode.No, before) || unicode.Is(unicode.No, next) {
			return norm.NFKC.String(text[i : i+size])
		}
	default:
		return norm.NFKC.String(text[i : i+size])
	}
	return text[i : i+size]
}

// lowered puts ASCII into small letters, and nothing else: no place moves.
func lowered(text string) string {
	capital := func(r rune) bool { return r >= 'A' && r <= 'Z' }
	first := strings.IndexFunc(text, capital)
	if first < 0 {
		return text
	}
	out := []byte(text)
	for i, c := range out[first:] {
		if c >= 'A' && c <= 'Z' {
			out[first+i] = c + 'a' - 'A'
		}
	}
	return string(out)
}

// begin gives the place in the given text of the character at i.
func (f *folded) begin(i int) int {
	m, inside := f.move(i)
	if inside {
		return int(m.from)
	}
	return int(m.from+m.took) + i - int(m.at+m.size)
}

// end gives the place behind the character that ends at i.
func (f *folded) end(i int) int {
	m, inside := f.move(i - 1)
	if inside {
		return int(m.from + m.took)
	}
	return int(m.from+m.took) + i - int(m.at+m.size)
}

// whole reports whether a character of the given text ends at i: what is written for one, such as a.m. for ㏂, is not cut.
func (f *folded) whole(i int) bool {
	m, inside := f.move(i - 1)
	return !inside || i == int(m.at+m.size)
}

// move gives the last move up to i, and whether i lies in what it wrote.
func (f *folded) move(i int) (m moved, inside bool) {
	n, _ := slices.BinarySearchFunc(f.moves, i, func(m moved, i int) int {
		if int(m.at) <= i {
			return -1
		}
		return 1
	})
	if n == 0 {
		return moved{}, false
	}
	m = f.moves[n-1]
	return m, i < int(m.at+m.size)
}
