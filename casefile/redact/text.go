package redact

import (
	"cmp"
	"crypto/sha256"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"yuzheng/casefile/evidence"
)

// masks are what stands in the place of what was masked.
var masks = map[evidence.RedactionKind]string{
	evidence.RedactID: "[身分證]", evidence.RedactResidence: "[居留證]", evidence.RedactPhone: "[電話]", evidence.RedactAccount: "[帳戶]",
	evidence.RedactCard: "[卡號]", evidence.RedactEmail: "[電子郵件]", evidence.RedactWord: "[指定字詞]", evidence.RedactExpression: "[指定樣式]",
	evidence.RedactHash: "[雜湊]", evidence.RedactFile: "[內嵌檔案]",
}

const squares = "■■■■"

// allMasks is every mask, one behind the other.
var allMasks = func() (all string) {
	for _, k := range evidence.RedactionKinds {
		all += maskOf(k) + " "
	}
	return all
}()

func maskOf(kind evidence.RedactionKind) string { return masks[kind] + squares }

// rounds is how often a text is masked until nothing is found in it any more: taking one thing away may join two others.
const rounds = 4

// Text masks a line or a few: a name, an address, a heading. What cannot be masked becomes a mask as a whole. In of, unless it is nil, is counted.
func (r *Redactor) Text(text string, of *Copy) string {
	c := r.text(text)
	if of != nil {
		of.Add("", Copy{Masked: c.Masked})
	}
	if c.LeftOut != "" {
		return squares
	}
	return string(c.Data)
}

// text masks a text of whatever kind: plain, markup, style sheets, programs, forms.
func (r *Redactor) text(text string) Copy {
	switch {
	case len(text) > maxText:
		return leaveOut(evidence.LeftLarge)
	case !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\x1b\x0e\x0f"): // the others shift to another charset (ISO 2022)
		return leaveOut(evidence.LeftCharset)
	case entity.MatchString(text):
		return leaveOut(evidence.LeftFormat)
	}
	c := Copy{Masked: map[evidence.RedactionKind]int{}}
	text = r.unpack(text, &c)
	for range rounds {
		found := r.places(text)
		if len(found) == 0 {
			c.Data = []byte(text)
			return c
		}
		text = r.cover(text, found, c.Masked)
	}
	return leaveOut(evidence.LeftUnmaskable)
}

// entity is what lets XML put words together that stand nowhere (XML 1.0, 4.2).
var entity = regexp.MustCompile(`(?i)<!entity`)

// place is a part of a stored text that is to be masked; what else belongs to the same find goes without a mask of its own.
type place struct {
	span
	kind evidence.RedactionKind
	rest bool
}

// places gives everything to be masked in a text, and remembers what it is.
func (r *Redactor) places(text string) (list []place) {
	seen := map[[sha256.Size]byte]bool{} // of readings, most of which are the same
	for in := range readings(text) {
		sum := sha256.Sum256([]byte(in.text))
		if seen[sum] {
			continue
		}
		seen[sum] = true
		found := r.search(in.text)
		for _, h := range found {
			r.learn(h.kind, in.text[h.from:h.to])
			if h.kind == evidence.RedactEmail {
				r.learn(h.kind, strings.TrimLeftFunc(in.text[h.from:h.to], func(r rune) bool { return r >= utf8.RuneSelf })) // words may stand before it
			}
		}
		for _, h := range append(found, r.again(in)...) {
			for i, part := range in.source(h.span) {
				part.to += combining(text[part.to:])
				list = append(list, place{part, h.kind, i > 0})
			}
		}
	}
	slices.SortFunc(list, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to), cmp.Compare(order(a), order(b)))
	})
	return list
}

// combining gives how much at the beginning of a text is written over what stands before it: the frame of a key, an accent.
func combining(text string) (size int) {
	for size < len(text) {
		r, n := utf8.DecodeRuneInString(text[size:])
		if !unicode.In(r, unicode.Mn, unicode.Me) {
			break
		}
		size += n
	}
	return size
}

// order decides whose mask stands where two finds are the same: a mask before none, then by the list of kinds.
func order(p place) int {
	n := slices.Index(evidence.RedactionKinds, p.kind)
	if p.rest {
		n += len(evidence.RedactionKinds)
	}
	return n
}

// cover puts masks in their places, one where several overlap, and counts.
func (r *Redactor) cover(text string, list []place, masked map[evidence.RedactionKind]int) string {
	var b strings.Builder
	done := 0
	for _, p := range list {
		if p.to <= done {
			continue
		}
		if p.from >= done {
			b.WriteString(text[done:p.from])
			if !p.rest {
				b.WriteString(maskOf(p.kind))
				masked[p.kind]++
			}
		}
		done = p.to
	}
	b.WriteString(text[done:])
	return b.String()
}

// Values are what was found, for the search through a copy that knows nothing of how it was made.
func (r *Redactor) Values() []string { return slices.Sorted(maps.Keys(r.values)) }
