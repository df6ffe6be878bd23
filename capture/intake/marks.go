package intake

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// hostRune is true of what a run of letters around a dot may hold that is a host name. Circled numbers are none: they number lists.
// U+FFFD counts, so that what is next to bytes that are no text is not taken for whole.
func hostRune(c rune) bool {
	if c < utf8.RuneSelf {
		return isWord(c) || c == '-' || c == '_' || c == '.'
	}
	return c == utf8.RuneError || c == '〇' || unicode.In(c, unicode.Letter, unicode.Mark, unicode.Nd)
}

// hard is true of what ends every address: space, control characters, quotes, angle brackets, and every mark beyond ASCII.
func hard(c rune) bool {
	if c < utf8.RuneSelf {
		return c <= ' ' || c == 0x7f || strings.IndexByte("\"<>`|^\\", byte(c)) >= 0
	}
	return !hostRune(c)
}

// runEnd gives the length of the host letters, and of those in also, at the beginning of text.
func runEnd(text, also string) int {
	if i := strings.IndexFunc(text, func(c rune) bool { return !hostRune(c) && !strings.ContainsRune(also, c) }); i >= 0 {
		return i
	}
	return len(text)
}

func chunkEnd(text string) int {
	if i := strings.IndexFunc(text, func(c rune) bool { return hard(c) || c == '/' || c == '?' || c == '#' }); i >= 0 {
		return i
	}
	return len(text)
}

// portEnd gives the length of ":digits" at the beginning of text, 0 if there is none.
func portEnd(text string) int {
	if text == "" || text[0] != ':' {
		return 0
	}
	n := 1
	for n < len(text) && text[n] >= '0' && text[n] <= '9' {
		n++
	}
	if n == 1 || n < len(text) && isWord(rune(text[n])) {
		return 0
	}
	return n
}
