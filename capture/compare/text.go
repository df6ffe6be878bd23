package compare

import (
	"strings"
	"unicode"

	"yuzheng/casefile/evidence"
)

// textDifference is what differs in the visible text (text.txt).
type textDifference struct {
	Characters Two[int] `json:"characters"` // that are no space
	Likeness
	Removed     lineDifference   `json:"removed"` // of A, not in B
	Added       lineDifference   `json:"added"`   // of B, not in A
	Identifiers []ChangedOfAKind `json:"identifiers"`
}

// lineDifference is the sentences that only one side has, in the order of the page: a line, or a part of one up to 。！ or ？. One that is there
// more often on one side counts as often as it is there more.
type lineDifference struct {
	Some[string]
	// Characters of these lines, as a bag and without space, that the other side's lines do not have: where @abc88 became @vip66 it is
	// 5, however long the line around it.
	Characters int `json:"characters"`
}

// ChangedOfAKind is what came and went of the identifiers of one kind. Where there is one of each, it was exchanged.
type ChangedOfAKind struct {
	Kind    evidence.IdentifierKind `json:"kind"`
	Removed Some[string]            `json:"removed"`
	Added   Some[string]            `json:"added"`
}

func texts(a, b *reading) *textDifference {
	if a.text == nil || b.text == nil {
		return nil
	}
	t := &textDifference{
		Characters: Two[int]{a.characters, b.characters}, Likeness: alike(a.text, b.text),
		Identifiers: a.identifiers.changed(b.identifiers),
	}
	t.Removed, t.Added = lines(a.sentences, b.sentences)
	return t
}

func sources(a, b *reading) *Likeness {
	if a.markup == nil || b.markup == nil {
		return nil
	}
	l := alike(a.markup, b.markup)
	return &l
}

func characters(text string) int {
	n := 0
	for _, r := range text {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}

// lines gives the sentences that only one of two texts has.
func lines(a, b []string) (removed, added lineDifference) {
	gone, come := extra(a, b), extra(b, a)
	spare := map[rune]int{}
	tally(gone, spare, 1)
	tally(come, spare, -1)
	for r, n := range spare {
		switch {
		case unicode.IsSpace(r):
		case n > 0:
			removed.Characters += n
		default:
			added.Characters -= n
		}
	}
	removed.Some, added.Some = shown(gone), shown(come)
	return removed, added
}

// extra gives the sentences of a that b does not have as often.
func extra(a, b []string) []string {
	left := map[string]int{}
	for _, line := range b {
		left[line]++
	}
	var list []string
	for _, line := range a {
		if left[line]--; left[line] < 0 {
			list = append(list, line)
		}
	}
	return list
}

func tally(list []string, count map[rune]int, by int) {
	for _, line := range list {
		for _, r := range line {
			count[r] += by
		}
	}
}

func shown(list []string) Some[string] {
	out := some(list)
	for i, s := range out.List {
		out.List[i] = short(s)
	}
	return out
}

// sentences splits a text, with every space in a sentence one blank. Empty ones are none. cut is true where there are more than maxLines.
func sentences(text string) (list []string, cut bool) {
	for line := range strings.Lines(text) {
		for line != "" {
			end := len(line)
			if i := strings.IndexAny(line, "。！？"); i >= 0 {
				end = i + len("。")
			}
			if s := strings.Join(strings.Fields(line[:end]), " "); s != "" {
				if len(list) == maxLines {
					return list, true
				}
				list = append(list, s)
			}
			line = line[end:]
		}
	}
	return list, false
}
