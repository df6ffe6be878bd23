package compare

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// dictionary numbers the words of every text of one comparison. A pair of words is then one number without being hashed, so that no page can
// be made to look like another by a collision.
type dictionary struct{ numbers map[string]uint32 }

func newDictionary() *dictionary { return &dictionary{numbers: map[string]uint32{}} }

// edge stands before the first and after the last word of a text, so that a text of one word has pairs.
const edge uint32 = 0

func (d *dictionary) number(word string) uint32 {
	n, ok := d.numbers[word]
	if !ok {
		n = uint32(len(d.numbers)) + 1
		d.numbers[strings.Clone(word)] = n
	}
	return n
}

// words is a text as it is compared: the pairs of neighbouring words.
//
// The text is taken in compatibility form (Unicode NFKC: full-width and ornamental letters are the plain ones) and lower case, without
// characters that only format. A word is a run of letters, marks and digits; in scripts that leave no space between words each character is one,
// and so is a symbol outside ASCII. Punctuation and space are none.
type words struct {
	count    int
	unspaced int // of them in scripts that leave no space between words
	pairs    []uint64
	steady   []uint64 // the same where each run of digits, and each run of words that are numbers, is one sign
	cut      bool     // there were more than maxWords
}

func (d *dictionary) read(text string) words {
	text = strings.Map(withoutFormat, text) // also makes it valid UTF-8
	text = strings.ToLower(norm.NFKC.String(text))
	c := collector{dictionary: d}
	c.pairs, c.steady = make([]uint64, 0, len(text)/3+2), make([]uint64, 0, len(text)/3+2) // Chinese takes three bytes a word
	start := -1
	for i, r := range text {
		kind := kindOf(r)
		if kind != inWord && start >= 0 {
			c.take(text[start:i])
			start = -1
		}
		switch {
		case c.count >= maxWords:
			c.cut = true
			return c.end()
		case kind == alone:
			c.take(text[i : i+utf8.RuneLen(r)])
			if unicode.IsLetter(r) {
				c.unspaced++
			}
		case kind == inWord && start < 0:
			start = i
		}
	}
	if start >= 0 {
		c.take(text[start:])
	}
	return c.end()
}

func withoutFormat(r rune) rune {
	if unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
}

type kind int

const (
	between kind = iota
	inWord
	alone
)

// unspaced are the scripts that leave no space between words.
var unspaced = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
}

func kindOf(r rune) kind {
	switch {
	case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
		return inWord
	case r <= unicode.MaxASCII:
		return between
	case unicode.In(r, unspaced...) || unicode.IsSymbol(r) || unicode.Is(unicode.Co, r):
		return alone
	case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r):
		return inWord
	}
	return between
}

type collector struct {
	*dictionary
	words
	last, lastSteady uint32
}

func (c *collector) take(word string) {
	n := c.number(word)
	c.pairs = append(c.pairs, uint64(c.last)<<32|uint64(n))
	c.last = n
	c.count++
	if masked := mask(word); masked != word {
		n = c.number(masked)
		if masked == aNumber && n == c.lastSteady {
			return // 1,234,567 and 12:30:05 are one number
		}
	}
	c.steady = append(c.steady, uint64(c.lastSteady)<<32|uint64(n))
	c.lastSteady = n
}

func (c *collector) end() words {
	if c.count > 0 {
		c.pairs = append(c.pairs, uint64(c.last)<<32|uint64(edge))
		c.steady = append(c.steady, uint64(c.lastSteady)<<32|uint64(edge))
	}
	return c.words
}

// aNumber stands for every number. No word is written so: a word has no punctuation.
const aNumber = "#"

// mask writes one sign for each run of digits.
func mask(word string) string {
	if !strings.ContainsFunc(word, unicode.IsNumber) {
		return word
	}
	var b strings.Builder
	run := false
	for _, r := range word {
		digit := unicode.IsNumber(r)
		if !digit {
			b.WriteRune(r)
		} else if !run {
			b.WriteString(aNumber)
		}
		run = digit
	}
	return b.String()
}

// common counts what two bags share.
func common(a, b []uint64) int {
	if len(a) > len(b) {
		a, b = b, a
	}
	left := make(map[uint64]int32, len(a))
	for _, x := range a {
		left[x]++
	}
	n := 0
	for _, x := range b {
		if left[x] > 0 {
			left[x]--
			n++
		}
	}
	return n
}

// share is part of whole, rounded down to four decimals, so that only all of it is 1.
func share(part, whole int) float64 {
	if whole == 0 {
		return 1
	}
	return float64(int64(part)*10_000/int64(whole)) / 10_000
}

// Likeness says how alike two texts are.
//
// Similarity is the Sørensen–Dice coefficient of the two bags of neighbouring words: twice the number of pairs that both have, by the number
// of pairs of both together. It lies between 0 and 1, is 1 for equal texts (and for two without words), the same in both directions, and takes
// time in proportion to the texts. The order of paragraphs has next to no influence, nor has what is neither letter, digit nor symbol.
type Likeness struct {
	Words      Two[int]     `json:"words"`
	Unspaced   Two[float64] `json:"unspaced"` // share of words in scripts that leave no space between them: 0 in English, nearly 1 in Chinese
	Similarity float64      `json:"similarity"`
	Steady     float64      `json:"steady"` // the same with every number taken for equal
	Found      Two[float64] `json:"found"`  // share of each side's pairs (as in Steady) that the other has: 1 for a part of the other's text
}

func alike(a, b *words) Likeness {
	steady := common(a.steady, b.steady)
	return Likeness{
		Words: Two[int]{a.count, b.count}, Unspaced: Two[float64]{share(a.unspaced, max(a.count, 1)), share(b.unspaced, max(b.count, 1))},
		Similarity: share(2*common(a.pairs, b.pairs), len(a.pairs)+len(b.pairs)),
		Steady:     share(2*steady, len(a.steady)+len(b.steady)),
		Found:      Two[float64]{share(steady, len(a.steady)), share(steady, len(b.steady))},
	}
}
