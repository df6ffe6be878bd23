package scrub

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// match gives the end of the characters from at on, or -1. A sign may be read as itself or as the beginning of an escape: all
// readings are followed, and the longest that comes to an end counts.
func (c *scanner) match(at int, runes []rune) int {
	i, at := c.matchLiteral(at, runes)
	if at < 0 {
		return -1
	}
	return c.matchEscaped(i, at, runes)
}

// matchLiteral follows the characters for as long as they stand there as themselves and nothing can be an escape.
func (c *scanner) matchLiteral(at int, runes []rune) (i, end int) {
	for i, r := range runes {
		c.left--
		switch {
		case at >= len(c.data):
			return i, -1
		case strings.IndexByte(`%\&=+`, c.data[at]) >= 0:
			return i, at
		case r < utf8.RuneSelf && c.data[at] == byte(r):
			at++
		case r >= utf8.RuneSelf && hasAt(c.data, at, string(r)):
			at += utf8.RuneLen(r)
		default:
			return i, -1
		}
	}
	return len(runes), at
}

// matchEscaped follows them from the i-th on, in all their spellings, and gives where they end, or -1.
func (c *scanner) matchEscaped(i, at int, runes []rune) int {
	ends := []int{at}
	for ; i < len(runes); i++ {
		r := runes[i]
		var next []int
		c.left -= aside * len(ends)
		for _, at := range ends {
			next = matchOne(c.data, at, r, next)
			if soft := softBreak(c.data, at); i > 0 && soft > at {
				next = matchOne(c.data, soft, r, next)
			}
		}
		slices.Sort(next)
		if ends = slices.Compact(next); len(ends) == 0 {
			return -1
		}
	}
	return ends[len(ends)-1]
}

// softBreak passes over a line break that quoted-printable puts in (RFC 2045, 6.7).
func softBreak(data []byte, at int) int {
	for _, b := range []string{"=\r\n", "=\n"} {
		if hasAt(data, at, b) {
			return at + len(b)
		}
	}
	return at
}

// matchOne adds to ends where one character in data ends, in each of its forms.
func matchOne(data []byte, at int, r rune, ends []int) []int {
	if raw := string(r); hasAt(data, at, raw) {
		ends = append(ends, at+len(raw))
	}
	if r == ' ' {
		ends = matchOne(data, at, '+', ends)
	}
	if at >= len(data) {
		return ends
	}
	switch data[at] {
	case '&':
		return entity(data, at, r, ends)
	case '\\':
		return escaped(data, at, r, ends)
	case '%':
		return escaped(data, at, r, percent(data, at, r, ends))
	case '=':
		return quotedPrintable(data, at, r, ends)
	}
	return ends
}

// entities are the named character references that programs write (HTML, 13.5).
var entities = map[rune]string{'&': "amp;", '<': "lt;", '>': "gt;", '"': "quot;", '\'': "apos;", '\u00a0': "nbsp;"}

// entity matches "&amp;", "&#38;", "&#x26;", also with the ampersand escaped once or twice more.
func entity(data []byte, at int, r rune, ends []int) []int {
	at++
	for range 3 {
		if name := entities[r]; name != "" && hasAt(data, at, name) {
			ends = append(ends, at+len(name))
		}
		if end := numbered(data, at, r); end >= 0 {
			ends = append(ends, end)
		}
		if !hasAt(data, at, "amp;") {
			break
		}
		at += len("amp;")
	}
	return ends
}

func numbered(data []byte, at int, r rune) int {
	if !hasAt(data, at, "#") {
		return -1
	}
	end := bytes.IndexByte(data[at:min(len(data), at+12)], ';')
	if end < 0 {
		return -1
	}
	text, base := string(data[at+1:at+end]), 10
	if hex := strings.TrimLeft(text, "xX"); hex != text {
		text, base = hex, 16
	}
	n, err := strconv.ParseUint(text, base, 32)
	if err != nil || rune(n) != r {
		return -1
	}
	return at + end + 1
}

// escaped matches what stands behind backslashes in JSON and JavaScript: \" \\ \/ \u0026 \x26. JSON inside JSON has more of them; they may be
// percent-encoded.
func escaped(data []byte, at int, r rune, ends []int) []int {
	for range 8 {
		next := percent(data, at, '\\', nil)
		switch {
		case hasAt(data, at, `\`):
			at++
		case len(next) > 0:
			at = next[len(next)-1]
		default:
			return ends
		}
		ends = behindBackslash(data, at, r, ends)
	}
	return ends
}

func behindBackslash(data []byte, at int, r rune, ends []int) []int {
	if end := inUnits(data, at, r); end >= 0 {
		ends = append(ends, end)
	}
	if r < 0x100 && hasAt(data, at, "x") && hexIs(data, at+1, 2, uint64(r)) {
		ends = append(ends, at+3)
	}
	if letter := strings.IndexRune("\n\r\t\b\f", r); letter >= 0 && hasAt(data, at, "nrtbf"[letter:letter+1]) {
		ends = append(ends, at+1)
	}
	if !strings.ContainsRune("\"\\/'", r) {
		return ends
	}
	if hasAt(data, at, string(r)) {
		ends = append(ends, at+1)
	}
	if hasAt(data, at, "&") {
		ends = entity(data, at, r, ends)
	}
	return percent(data, at, r, ends)
}

// inUnits matches "u0026", and "ud83d\ude00" for what needs two units of UTF-16.
func inUnits(data []byte, at int, r rune) int {
	sign := "u"
	for _, unit := range utf16Units(r) {
		if !hasAt(data, at, sign) || !hexIs(data, at+len(sign), 4, uint64(unit)) {
			return -1
		}
		at, sign = at+len(sign)+4, `\u`
	}
	return at
}

func utf16Units(r rune) []rune {
	if r < 0x10000 {
		return []rune{r}
	}
	return []rune{0xd800 + (r-0x10000)>>10, 0xdc00 + (r-0x10000)&0x3ff}
}

// percent matches the percent-encoded bytes of a character, the sign itself encoded up to twice more.
func percent(data []byte, at int, r rune, ends []int) []int {
	for depth := range 3 {
		sign, end := "%"+strings.Repeat("25", depth), at
		for _, b := range []byte(string(r)) {
			if end >= 0 && hasAt(data, end, sign) && hexIs(data, end+len(sign), 2, uint64(b)) {
				end += len(sign) + 2
			} else {
				end = -1
			}
		}
		if end >= 0 {
			ends = append(ends, end)
		}
	}
	return ends
}

func quotedPrintable(data []byte, at int, r rune, ends []int) []int {
	for i, b := range []byte(string(r)) {
		if i > 0 {
			at = softBreak(data, at)
		}
		if !hasAt(data, at, "=") || !hexIs(data, at+1, 2, uint64(b)) {
			return ends
		}
		at += 3
	}
	return append(ends, at)
}

func hasAt(data []byte, at int, text string) bool {
	return at >= 0 && at+len(text) <= len(data) && string(data[at:at+len(text)]) == text
}

// hexIs reports whether so many hexadecimal digits stand at a place and say a number.
func hexIs(data []byte, at, digits int, n uint64) bool {
	if at+digits > len(data) {
		return false
	}
	got, err := strconv.ParseUint(string(data[at:at+digits]), 16, 32)
	return err == nil && got == n
}
