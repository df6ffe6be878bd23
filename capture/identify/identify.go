// Package identify finds what leads to a person in a text: accounts of chats, telephones, mail, wallets, bank accounts. Each has a kind
// (evidence.IdentifierKind), one canonical form and its place, so that what a list says, what a page shows and what a person types can be set
// beside each other.
//
// A text is read in compatibility form (Unicode NFKC: full-width and ornamental letters are the plain ones) without what cannot be seen; places
// are those of the text as it was given. What has a checksum that does not hold is no wallet.
package identify

import (
	"cmp"
	"slices"
	"strings"

	"yuzheng/casefile/evidence"
)

// Reading says as what a text is read.
type Reading int

// The readings.
const (
	Words Reading = 1 << iota // what people read: every kind
	Data                      // markup, programs, storage, answers of servers: no handles and URLs, of which they are full; a LINE ID has a colon before it
	Links                     // addresses alone that lead to LINE, Telegram, WhatsApp
)

// Found is an identifier in a text.
type Found struct {
	Kind       evidence.IdentifierKind
	Value      string // in the canonical form of its kind, at most 320 bytes
	Checked    bool   // it has a checksum, which holds
	Guess      bool   // little says that it is one: an order number, a price, a name of another service may look like it
	Begin, End int    // bytes of the text: text[Begin:End] is what Value was made of
}

const (
	maxFound = 20_000 // of one form in one text
	maxValue = 320    // bytes: an address of mail has at most 64 + 1 + 255 (RFC 5321, 4.5.3.1)
	maxPlace = 2048   // bytes that an identifier may take in a text
)

// Find gives the identifiers of a text in the order in which they begin. more is true where a text has more than maxFound of one form: the
// others of that form are left out. It takes time in proportion to the text.
func Find(text string, as Reading) (list []Found, more bool) {
	s := search{folded: fold(text), as: as, phones: map[int]bool{}}
	for _, p := range patterns() {
		if p.readings&as != 0 {
			s.look(p)
		}
	}
	if as != Links {
		s.wallets()
	}
	s.settle()
	for i, f := range s.found {
		s.found[i].Begin, s.found[i].End = s.begin(f.Begin), s.end(f.End)
	}
	return s.found, s.more
}

// search is one call of Find. Places in it are those of the folded text.
type search struct {
	folded
	as     Reading
	found  []Found
	phones map[int]bool // where a telephone begins
	more   bool
}

// look adds what a pattern finds.
func (s *search) look(p pattern) {
	if !slices.ContainsFunc(p.needs, func(word string) bool { return strings.Contains(s.lower, word) }) {
		return
	}
	matches := p.FindAllStringSubmatchIndex(s.lower, maxFound+1)
	s.more = s.more || len(matches) > maxFound
	for _, m := range matches[:min(len(matches), maxFound)] {
		begin, end := m[2], m[2]+len(strings.TrimRight(s.text[m[2]:m[3]], ".-"))
		if !s.whole(end) {
			end = m[3]
		}
		if f := p.judge(s, m[0], begin, end); f.Kind != "" && s.whole(begin) && s.whole(end) {
			s.add(f, begin, end)
		}
	}
}

func (s *search) add(f Found, begin, end int) {
	if len(f.Value) == 0 || len(f.Value) > maxValue || end-begin > maxPlace {
		return
	}
	f.Value, f.Begin, f.End = strings.Clone(f.Value), begin, end
	s.found = append(s.found, f)
	if f.Kind == evidence.IdentifierPhone {
		s.phones[begin] = true
	}
}

// settle puts what was found in order, once each, and leaves out what is a part of something that says more.
func (s *search) settle() {
	slices.SortStableFunc(s.found, func(a, b Found) int {
		return cmp.Or(cmp.Compare(a.Begin, b.Begin), cmp.Compare(b.End, a.End))
	})
	var kept []Found
	from := 0 // of kept: what begins before it ends before f does
	for _, f := range s.found {
		for from < len(kept) && kept[from].Begin+maxPlace < f.Begin {
			from++
		}
		if !slices.ContainsFunc(kept[from:], func(whole Found) bool { return whole.End >= f.End && hides(whole, f) }) {
			kept = append(kept, f)
		}
	}
	s.found = kept
}

// hides reports whether a find is told by the one in which it lies.
func hides(whole, part Found) bool {
	switch {
	case whole.Kind != part.Kind:
	case whole.Value == part.Value || part.Kind == evidence.IdentifierPhone:
		return true
	case part.Kind == evidence.IdentifierAccount: // without its bank
		return len(whole.Value) > bankCode && whole.Value[bankCode:] == part.Value
	}
	switch part.Kind {
	case evidence.IdentifierHandle:
		return whole.Kind == evidence.IdentifierLine
	case evidence.IdentifierPhone:
		return whole.Kind == evidence.IdentifierWhatsApp || whole.Kind == evidence.IdentifierTelegram
	case evidence.IdentifierAccount:
		return whole.Kind == evidence.IdentifierPhone && part.Guess || whole.Kind == evidence.IdentifierWhatsApp || whole.Kind == evidence.IdentifierLine
	}
	return false
}
