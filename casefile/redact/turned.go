package redact

import (
	"strings"
	"unicode/utf8"
)

// The marks that turn text round for those who read it, and that end it (UAX 9, 2.2). Digits are turned by an override alone.
const (
	leftToRight    = '\u202d'
	rightToLeft    = '\u202e'
	endOfDirection = '\u202c'
)

// override gives the mark for a tag that shows what it holds backwards (HTML, 4.5.25 bdo; CSS Writing Modes, 2.4, in its own style).
func override(tag string, closes bool) string {
	if len(tag) < len("<bdo") || !strings.Contains(tag, "bdo") && !strings.Contains(tag, "BDO") && !strings.Contains(tag, "idi-") && !strings.Contains(tag, "IDI-") {
		return ""
	}
	tag = strings.ToLower(tag)
	switch bdo := strings.HasPrefix(strings.TrimPrefix(strings.TrimLeft(tag, "</"), "w:"), "bdo"); {
	case bdo && closes:
		return string(endOfDirection)
	case bdo && strings.Contains(tag, "rtl"), strings.Contains(tag, "override") && strings.Contains(tag, "rtl"):
		return string(rightToLeft)
	case bdo:
		return string(leftToRight)
	}
	return ""
}

// shown gives a reading folded, and once more as it is shown where marks turn parts of it round: up to the end of the line, as in plain text, and up to
// the mark that ends it, as in markup. Where a style sheet turns something round and does not say here what, the whole is read backwards too.
func shown(r *reading, yield func(*reading) bool) bool {
	if !yield(fold(r)) {
		return false
	}
	if strings.ContainsRune(r.text, rightToLeft) && !(yield(fold(turnedRound(r, true))) && yield(fold(turnedRound(r, false)))) {
		return false
	}
	if !strings.Contains(r.text, "bidi-override") {
		return true
	}
	w := writer{of: r}
	w.backwards(0, len(r.text))
	return yield(fold(w.reading()))
}

// turnedRound writes what is overridden backwards.
func turnedRound(of *reading, lines bool) *reading {
	w := writer{of: of}
	from, level := -1, 0
	for i, c := range of.text {
		switch {
		case from < 0 && c == rightToLeft:
			from, level = i+utf8.RuneLen(c), 1
		case from < 0:
		case lines && (c == '\n' || c == '\f'):
			w.backwards(from, i)
			from = -1
		case c >= '\u202a' && c <= rightToLeft && c != endOfDirection:
			level++
		case c == endOfDirection:
			if level--; level == 0 {
				w.backwards(from, i)
				from = -1
			}
		}
	}
	if from >= 0 {
		w.backwards(from, len(of.text))
	}
	return w.reading()
}

// backwards writes the characters from from to to in the other order, each for itself; behind them what follows stands for itself again.
func (w *writer) backwards(from, to int) {
	if from == to {
		return
	}
	w.other = true
	w.out.WriteString(w.of.text[w.done:from])
	for at := to; at > from; {
		_, size := utf8.DecodeLastRuneInString(w.of.text[from:at])
		at -= size
		w.pieces = append(w.pieces, piece{int32(w.out.Len()), int32(size), int32(at), int32(size), false})
		w.out.WriteString(w.of.text[at : at+size])
	}
	w.pieces = append(w.pieces, piece{int32(w.out.Len()), 0, int32(to), 0, true})
	w.done = to
}
