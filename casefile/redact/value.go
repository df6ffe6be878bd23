package redact

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"yuzheng/casefile/evidence"
)

// inDigits reports whether values of a kind are looked for by their letters and digits alone.
func inDigits(kind evidence.RedactionKind) bool {
	switch kind {
	case evidence.RedactID, evidence.RedactResidence, evidence.RedactPhone, evidence.RedactAccount, evidence.RedactCard:
		return true
	}
	return false
}

// core is what is looked for of a value, wherever else it stands: of a telephone what follows 0 or 886.
func core(kind evidence.RedactionKind, text string) string {
	bare := squash(text, true)
	if kind != evidence.RedactPhone {
		if inDigits(kind) || isNumber(bare) {
			return bare
		}
		return spaceless(text)
	}
	for _, abroad := range []string{"00886", "002886", "886"} {
		if rest, ok := strings.CutPrefix(bare, abroad); ok {
			bare = rest
			break
		}
	}
	return strings.TrimPrefix(bare, "0")
}

// isNumber reports whether a value is one whatever its kind: a day of birth, the number of a file.
func isNumber(value string) bool {
	n := 0
	for _, c := range value {
		if c >= '0' && c <= '9' {
			n++
		}
	}
	return n >= 8 && len(value)-n <= 2
}

// shortest is the least number of characters of a value that is looked for elsewhere.
func shortest(kind evidence.RedactionKind) int {
	switch kind {
	case evidence.RedactWord:
		return 2
	case evidence.RedactExpression:
		return 4
	}
	return 8
}

// plain is a word as it is looked for.
func plain(text string) string { return squash(fold(&reading{text: text}).text, false) }

// spaceless is a value that is no number as it is remembered: with the marks in it, which the second search judges by itself.
func spaceless(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
}

// squash leaves out white space and what joins the parts of a word, and with numbers everything but letters and digits.
func squash(text string, numbers bool) string {
	return strings.Map(func(r rune) rune {
		if dropped(r, numbers) {
			return -1
		}
		return r
	}, text)
}

func dropped(r rune, numbers bool) bool {
	if r < utf8.RuneSelf {
		return r == ' ' || r >= '\t' && r <= '\r' || strings.IndexByte(joiners, byte(r)) >= 0 || numbers && !isWord(byte(r))
	}
	return unicode.IsSpace(r) || foreign(r) && !ends(r) || numbers && !unicode.IsLetter(r) && !unicode.IsNumber(r)
}

// joiners are what people write between the characters of a name, with points at mid height, which are points when they are folded, and every symbol
// outside of ASCII; ends are the marks that part sentences and quotes instead.
const joiners = ".-_*~|/'"

func ends(r rune) bool {
	return strings.ContainsRune("、。「」『』《》〈〉【】〔〕…", r)
}

// squashed is a folded text in that form.
func squashed(of *reading, numbers bool) *reading {
	w := writer{of: of}
	from := -1 // of what is left out
	for i := 0; i < len(of.text); {
		r, size := rune(of.text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(of.text[i:])
		}
		switch drop := dropped(r, numbers); {
		case drop && from < 0:
			from = i
		case !drop && from >= 0:
			w.put(from, i, "", false)
			from = -1
		}
		i += size
	}
	if from >= 0 {
		w.put(from, len(of.text), "", false)
	}
	return w.reading()
}

// again gives where values that are known stand in a folded text, with what may stand between their characters.
func (r *Redactor) again(of *reading) (found []hit) {
	for _, numbers := range []bool{false, true} {
		known := r.needles[numbers]
		if len(known) == 0 {
			continue
		}
		in := squashed(of, numbers)
		for i := 0; i+1 < len(in.text); {
			n := known.at(in.text[i:])
			if n.text == "" {
				i++
				continue
			}
			s := span{i, i + len(n.text)}
			if in != of {
				parts := in.parts(s)
				s = span{parts[0].from, parts[len(parts)-1].to}
			}
			found = append(found, hit{s, n.kind})
			i += len(n.text)
		}
	}
	return found
}

// needles are values that are looked for, by their first two bytes, the longest first.
type needles map[[2]byte][]needle

// add puts one in.
func (n needles) add(one needle) {
	first := [2]byte{one.text[0], one.text[1]}
	n[first] = append(n[first], one)
}

// at gives the one with which a text of two bytes and more begins.
func (n needles) at(text string) needle {
	for _, one := range n[[2]byte{text[0], text[1]}] {
		if strings.HasPrefix(text, one.text) {
			return one
		}
	}
	return needle{}
}

func reversed(text string) string {
	runes := []rune(text)
	slices.Reverse(runes)
	return string(runes)
}
