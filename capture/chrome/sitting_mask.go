package chrome

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"unicode/utf8"
)

// removed stands where a typed password was.
const removed = "[password removed]"

// shortest is the least number of characters that are looked for: fewer would be found everywhere.
const shortest = 4

// secret is something that a person typed and that no exhibit may hold.
type secret struct {
	text  string
	alone bool // found only where neither letter nor digit stands beside it: too short or too common to be looked for inside other words
}

// span is a part of some data, from first byte to the one after the last.
type span struct{ from, to int }

// mask replaces every occurrence of the secrets by removed, and counts. It finds them as they are (UTF-8), percent-encoded (also doubly, and
// with + for a space), escaped as in JSON or JavaScript, as HTML entities, as quoted-printable with its soft line breaks, each character in a way
// of its own if need be, and inside Base64 of either alphabet, as in "user:password". Where there is nothing to replace it gives data itself.
// Data made to be searched for ever is given up: then there is nothing, and n is -1.
func mask(secrets []secret, data []byte) (out []byte, n int) {
	var found []span
	h := hunt{data, effort*len(data) + 1<<20}
	for _, s := range secrets {
		if utf8.RuneCountInString(s.text) >= shortest {
			found = append(found, h.plain(s)...)
			found = append(found, s.inBase64(data)...)
		}
	}
	if h.left <= 0 {
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
		out = append(append(out, data[at:f.from]...), removed...)
		at, n = f.to, n+1
	}
	return append(out, data[at:]...), n
}

// masked is mask of a text.
func masked(secrets []secret, text string) string {
	n := 0
	return maskText(secrets, text, &n)
}

// effort is what may be done for each byte of data, with all secrets together, before it is given up: comparing a character is one, looking for
// its escapes some more.
const (
	effort = 32
	aside  = 16
)

// hunt is a search through data.
type hunt struct {
	data []byte
	left int // of the effort
}

// plain finds the secret in every form but Base64.
func (h *hunt) plain(s secret) (found []span) {
	data, runes := h.data, []rune(s.text)
	starts := startsOf(runes[0])
	for i := 0; i < len(data) && h.left > 0; {
		next := bytes.IndexAny(data[i:], starts)
		if next < 0 {
			return found
		}
		i += next
		end := h.match(i, runes)
		if end < 0 || s.alone && (wordBefore(data, i) || end < len(data) && isWord(data[end])) {
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
