package identify

import (
	"regexp"
	"strings"
	"sync"

	"yuzheng/casefile/evidence"
)

// pattern finds what may be identifiers of a form in a text in small letters. Its first group is the identifier.
type pattern struct {
	readings Reading
	needs    []string // a text with none of them has no match: looking for a fixed word is much faster
	judge    judge
	*regexp.Regexp
}

// judge says what the text between begin and end is, of a match that starts at from; a find without a kind is none.
type judge func(s *search, from, begin, end int) Found

// patterns are in the order in which they are looked for: a telephone in a known form before what may be one.
var patterns = sync.OnceValue(func() []pattern {
	const digits = "0 1 2 3 4 5 6 7 8 9"
	p := func(readings Reading, needs string, judge judge, expression string) pattern {
		return pattern{readings, strings.Fields(needs), judge, regexp.MustCompile(expression)}
	}
	anywhere, running := Words|Data|Links, Words|Data
	return []pattern{
		p(anywhere, "line.me/", are(evidence.IdentifierLine), `line\.me/(?:r/)?ti/p/((?:[~@]|%40|%7e)[~@%\w.-]{1,64})`),
		p(anywhere, "line.me/", are(evidence.IdentifierLineLink), `(line\.me/(?:r/)?ti/p/\w[\w-]{3,63})`),
		p(anywhere, "line.me/ lin.ee/", are(evidence.IdentifierLineLink),
			`((?:line\.me/(?:r/)?ti/g2?|lin\.ee|page\.line\.me|liff\.line\.me)/[\w@%-]{4,64})`),
		p(anywhere, "t.me/ telegram.me/", are(evidence.IdentifierTelegram), `\b(?:t|telegram)\.me/((?:joinchat/)?\+?\w[\w-]{3,63})`),
		p(anywhere, "wa.me/ whatsapp.com/", are(evidence.IdentifierWhatsApp),
			`\b(?:wa\.me/(?:message/)?|api\.whatsapp\.com/send\?phone=|chat\.whatsapp\.com/)(\w{5,63})`),

		// "line" is an English word and the ending of others: an account needs a word, a mark or an "@" behind it.
		p(Data, "line 賴", are(evidence.IdentifierLine), `(?:\bline|賴)(?: ?(?:id|官方帳號|帳號|客服))? ?: ?([@~]?[a-z0-9][a-z0-9._-]{2,30})`),
		p(Words, "line 賴 赖", lineID, line+`(?:\s*的?\s*(?:`+lineWords+`)\s*[:=是為]|\s*[:=])\s*([@~]?[a-z0-9][a-z0-9._-]{2,30})`),
		p(Words, "line 賴 赖", lineID, line+`\s*的?\s*(?:`+lineWords+`)\s*([@~]?[a-z0-9][a-z0-9._-]{2,30})`),
		p(Words, "line 賴 赖", lineID, line+`\s*(?:好友)?\s*(@[a-z0-9][a-z0-9._-]{2,30})`),

		p(running, "886", taiwanese, `((?:\+ ?|00 ?2?)?886[- ]?\(?0?\)?[- ]?(?:70(?:[- ]?\d){8}|[2-9](?:[- ]?\d){7,8}))(?:\b|[a-z_])`),
		p(running, "0", taiwanese, `(?:^|[^0-9])(0(?:9\d{2}|80[09]|[2-8]\d?)\)?[ -]?\d{3,4}[ -]?\d{3,4})(?:\b|[a-z_])`),
		p(running, "+", foreign, `(\+\d(?:[ -]{0,3}\d){7,19})\b`),
		p(running, "@", are(evidence.IdentifierEmail), `([\w.+-]+@[\w-]+(?:\.[\w-]+)+)`),

		p(running, digits, withBank, `(?:^|[^\w.+/-])(\d{3}[- ]\d{6,14}(?:-\d{1,4})?)`),
		p(running, accountWords, named, `(?:`+strings.ReplaceAll(accountWords, " ", "|")+`)[^\d\n]{0,24}?(\d[\d -]{3,24}\d)`),
		p(running, digits, bare, `(?:^|[^\w.,+/-])(\d{9,18})`),
		p(Words, "@", handle, `(?:^|[^\w.@/+-])(@[a-z0-9][\w.-]{2,30})`),
		p(Words, "://", are(evidence.IdentifierURL), `(https?://[^\s\p{Cc}\p{Z}"'<>()「」『』。、]{3,300})`),
	}
})

// line stands before an account of LINE, lineWords between them.
const (
	line      = `(?:(?:^|[^a-z0-9])line|賴|赖)`
	lineWords = `id|官方帳號|帳號|账号|客服`
)

// are takes what a pattern finds for identifiers of a kind.
func are(kind evidence.IdentifierKind) judge {
	return func(s *search, _, begin, end int) Found { return known(kind, s.text[begin:end]) }
}

// known is an identifier of a kind; none where the text has not the form of one.
func known(kind evidence.IdentifierKind, text string) Found {
	value, checked, ok := canonical(kind, text)
	if !ok {
		return Found{}
	}
	return Found{Kind: kind, Value: value, Checked: checked}
}

// handle is a name of whatever service.
func handle(s *search, _, begin, end int) Found {
	return Found{Kind: evidence.IdentifierHandle, Value: s.lower[begin:end], Guess: true}
}

// lineID is an account behind a word for it. Where another line or cell of a table lies between, or nothing at all, it may be the next heading or the
// rest of a word ("LINE ID" above "WhatsApp", "line ideas"), and behind "=" the name of something in a program: a mere word is none there.
func lineID(s *search, from, begin, end int) Found {
	gap, id := strings.TrimLeft(s.lower[from:begin], "\n\r\t "), s.lower[begin:end]
	apart := strings.ContainsAny(gap, "\n\r\t") || strings.HasSuffix(gap, "id")
	program := strings.HasSuffix(strings.TrimRight(gap, " "), "=") && (strings.Contains(id, ".") ||
		strings.HasPrefix(s.lower[end:], "(") || strings.HasPrefix(s.lower[end:], "["))
	if (apart || program) && !strings.ContainsAny(id, "@0123456789_") {
		return Found{}
	}
	return known(evidence.IdentifierLine, id)
}
