package intake

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Chinese needs no spaces, so names stand in a text like 請至abc.com註冊. A change between Chinese and Latin letters is where a name is
// cut, but only where that leaves a name: abc台灣.com and https://台灣abc.com are one. Cyrillic and the like are never cut off: they are
// how names are forged.

const maxLabel = 63 // bytes of a label of a name (RFC 1035, 2.3.4)

func cjk(c rune) bool {
	return c >= 0x2e80 && unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo, unicode.Hangul)
}

// gluedEnd gives the place at which a host ends because its last label so far is a Latin top level and Chinese follows it.
func gluedEnd(host string) int {
	label := -1 // where the last label begins, behind the first dot
	latin := false
	for i, c := range host {
		if latin && label > 0 && i > label && i-label <= maxLabel && cjk(c) && topLevel(strings.ToLower(host[label:i])) {
			return i
		}
		latin = isWord(c)
		if c == '.' {
			label = i + 1
		}
	}
	return len(host)
}

// gluedBegin gives the place in the first label of a host at which Latin letters follow Chinese ones, the last if there are several.
func gluedBegin(host string) int {
	first, _, _ := strings.Cut(host, ".")
	cut, before := 0, false
	for i, c := range first {
		if before && isWord(c) {
			cut = i
		}
		before = cjk(c)
	}
	return cut
}

// numbered gives the length of a number with a dot before a name, as the entries of a list have it; 0 if none is left without it.
func numbered(host string) int {
	number, name, ok := strings.Cut(host, ".")
	if !ok || len(number) > 2 || strings.Trim(number, "0123456789") != "" || !bareHost(name) {
		return 0
	}
	return len(number) + 1
}

func joinGlued(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " " + b
}

// cjkEnd gives the length of the Chinese letters with which text begins.
func cjkEnd(text string) int {
	for i, c := range text {
		if !cjk(c) {
			return i
		}
	}
	return len(text)
}

// tailEnd gives the length of path, query and fragment at the beginning of text. It ends at a hard mark; where another address begins;
// in running text where Chinese follows a Latin letter; and punctuation at its end does not belong to it.
func tailEnd(text string, p place) int {
	end := len(text)
	var before rune
	for i, c := range text {
		if hard(c) || p == inProse && cjk(c) && isWord(before) || another(text, i, before) {
			end = i
			break
		}
		before = c
	}
	return end - trailing(text[:end])
}

// another reports whether the next address begins at i: one with a scheme that is not part of this one's path or query, or a name
// behind a comma.
func another(text string, i int, before rune) bool {
	switch text[i] {
	case 'h', 'H':
		lower := strings.ToLower(text[i:min(len(text), i+8)])
		return i > 0 && strings.IndexByte("/=?&#%:+-_.~", byte(before)) < 0 && (strings.HasPrefix(lower, "http://") || lower == "https://")
	case ',', ';':
		next := strings.TrimLeft(text[i+1:], ",;")
		return strings.HasPrefix(strings.ToLower(next[:min(len(next), 4)]), "www.") || bareBegin(next)
	}
	return false
}

// bareBegin reports whether text begins with a name that ends where an address may end.
func bareBegin(text string) bool {
	n := runEnd(text[:min(len(text), 256)], "")
	host := strings.TrimRight(text[:n], ".")
	if !strings.Contains(host, ".") {
		return false
	}
	end := n == len(text)
	if !end {
		c, _ := utf8.DecodeRuneInString(text[n:])
		end = hard(c) || strings.ContainsRune("/?#:,;)]", c)
	}
	return end && bareHost(host)
}

// trailing gives the length of the punctuation at the end of an address that belongs to the text around it: marks of a sentence, and
// brackets that were opened outside.
func trailing(text string) int {
	surplus := map[byte]int{}
	for i := range len(text) {
		switch c := text[i]; c {
		case '(', '[', '{':
			surplus[pair[c]]--
		case ')', ']', '}':
			surplus[c]++
		}
	}
	end := len(text)
	for ; end > 0; end-- {
		switch c := text[end-1]; c {
		case '.', ',', ';', ':', '!', '\'', '*', '?':
		case '(', '[', '{':
			surplus[pair[c]]++
		case ')', ']', '}':
			if surplus[c] <= 0 {
				return len(text) - end
			}
			surplus[c]--
		default:
			return len(text) - end
		}
	}
	return len(text)
}

var pair = map[byte]byte{'(': ')', '[': ']', '{': '}'}
