package intake

import (
	"yuzheng/capture/identify"
	"yuzheng/casefile/evidence"
)

// clues gives the clues of a refanged text from which its addresses, those of mail among them, have been taken, in their order. What may as well be
// the number of a row, an amount or a name of some service is none: lists are full of them.
func clues(text string) []Clue {
	var out []Clue
	found, _ := identify.Find(text, identify.Words)
	for _, f := range found {
		if !f.Guess && f.Kind != evidence.IdentifierEmail && f.Kind != evidence.IdentifierURL {
			out = append(out, Clue{Kind: f.Kind, Value: f.Value, Checked: f.Checked})
		}
	}
	return out
}

// mailbox is the address of mail that the scanner took.
func mailbox(c candidate) (Clue, bool) {
	value, _, ok := identify.Canonical(evidence.IdentifierEmail, c.user+"@"+c.host)
	return Clue{Kind: evidence.IdentifierEmail, Value: value}, ok
}

// lineAccount reads a cell of a column of LINE IDs. Such lists also hold what is no valid ID; whatever has no space in it is given.
func lineAccount(cell string) (Clue, bool) {
	value, _, ok := identify.Canonical(evidence.IdentifierLine, cell)
	return Clue{Kind: evidence.IdentifierLine, Value: value}, ok
}
