package scrub

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"unicode/utf8"
)

// span is a part of some data, from first byte to the one after the last.
type span struct{ from, to int }

// mask replaces every occurrence of the secrets by Removed, and counts; see Secrets.Bytes for what it gives.
func (s Secrets) mask(data []byte) (out []byte, n int) {
	found, ok := s.find(data)
	if !ok {
		return nil, -1
	}
	if len(found) == 0 {
		return data, 0
	}
	slices.SortFunc(found, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to)) })
	out, at := make([]byte, 0, len(data)), 0
	for _, f := range found {
		if f.from < at { // overlaps the one before, and is part of what is gone
			at = max(at, f.to)
			continue
		}
		out = append(append(out, data[at:f.from]...), Removed...)
		at, n = f.to, n+1
	}
	return append(out, data[at:]...), n
}

// find gives the places of all secrets in every spelling, in no order, and whether the search came to its end within the bounds.
func (s Secrets) find(data []byte) (found []span, ok bool) {
	c := scanner{data, effort*len(data) + 1<<20}
	for _, one := range s {
		if utf8.RuneCountInString(one.Text) >= Shortest {
			found = append(found, c.find(one)...)
			found = append(found, one.inBase64(data)...)
		}
	}
	return found, c.left > 0
}

// effort is what may be done for each byte of data, with all secrets together, before it is given up: comparing a character is one, looking for
// its escapes some more.
const (
	effort = 32
	aside  = 16
)

// scanner is one search through data.
type scanner struct {
	data []byte
	left int // of the effort
}

// find gives the places of a secret in every spelling but Base64.
func (c *scanner) find(s Secret) (found []span) {
	data, runes := c.data, []rune(s.Text)
	starts := startsOf(runes[0])
	for i := 0; i < len(data) && c.left > 0; {
		next := bytes.IndexAny(data[i:], starts)
		if next < 0 {
			return found
		}
		i += next
		end := c.match(i, runes)
		if end < 0 || s.Alone && (wordBefore(data, i) || end < len(data) && isWord(data[end])) {
			i++
			continue
		}
		found = append(found, span{i, end})
		i = end
	}
	return found
}

// startsOf lists the bytes with which some form of a character begins. IndexAny takes them as characters, so only ASCII may be among them; for
// anything else than ASCII its raw form is put in whole.
func startsOf(r rune) string {
	starts := `%\&=` + string(r)
	if r == ' ' {
		starts += "+"
	}
	return starts
}

// wordBefore reports whether a letter or digit stands before a place. The last digit of an escape is none: "%3D1234", "\n1234".
func wordBefore(data []byte, at int) bool {
	if at == 0 || !isWord(data[at-1]) {
		return false
	}
	for _, e := range []struct {
		length int
		sign   string
	}{{3, "%"}, {3, "="}, {6, `\u`}, {4, `\x`}, {2, `\n`}, {2, `\r`}, {2, `\t`}} {
		if from := at - e.length; from >= 0 && hasAt(data, from, e.sign) {
			if n, err := strconv.ParseUint(string(data[from+len(e.sign):at]), 16, 16); err != nil || n > 0x7f || !isWord(byte(n)) {
				return false
			}
		}
	}
	return true
}

func isWord(b byte) bool { return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }
