package intake

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// Clues are looked for in the refanged text that the addresses leave.
var (
	// A LINE ID needs a word before it: "line" is an English word and the ending of others.
	lineID  = regexp.MustCompile(`(?i)(?:^|[^a-z0-9])(?:line|賴|赖)(?:\s*的?\s*(?:id|帳號|账号|官方帳號)\s*[:：=＝是為]?\s*|\s*[:：=＝]\s*)(@?[a-z0-9][a-z0-9._-]{2,19})|(?:^|[^a-z0-9])(?:line|賴|赖)\s*(?:好友)?\s*(@[a-z0-9][a-z0-9._-]{2,19})`)
	lineRaw = regexp.MustCompile(`(?i)^@?[a-z0-9][a-z0-9._-]{0,63}$`)
	phone   = regexp.MustCompile(`(?:\+\s?886|(?:^|[^0-9+])00\s?2?886|(?:^|[^0-9+])886)[-\s]?\(?0?\)?[-\s]?([2-9](?:[-\s]?\d){7,8})|(?:^|[^0-9])0(9\d{2}[-\s]?\d{3}[-\s]?\d{3})`)
	wallets = regexp.MustCompile(`\b(?:0x[0-9a-fA-F]{40}|(?i:bc1)[0-9a-zA-Z]{11,87}|[13T][1-9A-HJ-NP-Za-km-z]{24,34})\b`)
)

// foundClue is a clue and its place in the text.
type foundClue struct {
	at int
	Clue
}

// clues gives the clues of a refanged text from which its addresses have been taken, in their order.
func clues(text string) []Clue {
	var found []foundClue
	add := func(at int, kind ClueKind, value string, checked bool) {
		found = append(found, foundClue{at, Clue{Kind: kind, Value: value, Checked: checked}})
	}
	for _, m := range lineID.FindAllStringSubmatchIndex(text, -1) {
		at, end := max(m[2], m[4]), max(m[3], m[5])
		add(at, ClueLine, strings.ToLower(strings.TrimRight(text[at:end], ".-")), false)
	}
	for _, m := range phone.FindAllStringSubmatchIndex(text, -1) {
		group := 2
		if m[2] < 0 {
			group = 4
		}
		if number, ok := e164(text[m[group]:m[group+1]]); ok && !digitAt(text, m[1]) {
			add(m[group], CluePhone, number, false)
		}
	}
	for _, m := range wallets.FindAllStringIndex(text, -1) {
		if kind, checked, ok := wallet(text[m[0]:m[1]]); ok {
			add(m[0], kind, text[m[0]:m[1]], checked)
		}
	}
	slices.SortStableFunc(found, func(a, b foundClue) int { return cmp.Compare(a.at, b.at) })
	out := make([]Clue, len(found))
	for i, f := range found {
		out[i] = f.Clue
	}
	return out
}

// e164 gives a Taiwanese number without its leading zero in E.164: mobiles have nine digits, others eight or nine.
func e164(national string) (string, bool) {
	digits := strings.NewReplacer(" ", "", "-", "", "\t", "", "\n", "").Replace(national)
	ok := len(digits) == 9 || len(digits) == 8 && digits[0] != '9'
	return "+886" + digits, ok
}

func digitAt(text string, i int) bool { return i < len(text) && text[i] >= '0' && text[i] <= '9' }

// lineAccount reads a cell of a column of LINE IDs. Such lists also hold what is no valid ID; whatever has no space in it is given.
func lineAccount(cell string) (string, bool) {
	id := strings.ToLower(strings.TrimSpace(halfWidth(cell)))
	return id, lineRaw.MatchString(id)
}
