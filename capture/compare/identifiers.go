package compare

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"
)

// IdentifierKind says what an identifier leads to.
type IdentifierKind string

// The kinds, in the order in which they are shown.
const (
	LineID   IdentifierKind = "line"     // a LINE account ("@abc88", "abc88") or an address that LINE gives (lin.ee/…, ti/g2/…)
	Telegram IdentifierKind = "telegram" // a name or an invitation of t.me
	WhatsApp IdentifierKind = "whatsapp" // a number or an invitation
	Phone    IdentifierKind = "phone"    // digits, in Taiwan's form where it is Taiwan's, otherwise with +
	Email    IdentifierKind = "email"
	Wallet   IdentifierKind = "wallet"  // TRON, Ethereum, Bitcoin (bech32)
	Account  IdentifierKind = "account" // of a bank: digits behind a word for one, behind a bank's code, or so many that nothing else has them
	Handle   IdentifierKind = "handle"  // @name, of whatever service
	URL      IdentifierKind = "url"     // an address written out in the text, without its query
)

// contacts are the kinds that lead to a person. What a page links to beside them is full of noise.
var contacts = []IdentifierKind{LineID, Telegram, WhatsApp, Phone, Email, Wallet, Account}

// pattern finds identifiers of a kind. The first group is what is found.
type pattern struct {
	kind  IdentifierKind
	where where
	needs []string // a text with none of them has no match: looking for a fixed word is much faster
	tidy  func(string) string
	*regexp.Regexp
}

// where a pattern looks: links also in the document, behind buttons.
type where int

const (
	inText  where = iota
	inLower       // the text in lower case
	asLink        // the text and the document
	inWords       // the text, and nothing that is not words: programs and data are full of it
)

var patterns = sync.OnceValue(func() []pattern {
	as := func(s string) string { return s }
	p := func(kind IdentifierKind, where where, needs string, tidy func(string) string, expression string) pattern {
		return pattern{kind, where, strings.Fields(needs), tidy, regexp.MustCompile(expression)}
	}
	return []pattern{
		p(LineID, asLink, "line.me/", lineID, `line\.me/(?:R/)?ti/p/([~@%\w.-]{2,64})`),
		p(LineID, asLink, "line.me/ lin.ee/", as, `((?:line\.me/(?:R/)?ti/g2?|lin\.ee|page\.line\.me|liff\.line\.me)/[\w@%-]{4,64})`),
		p(LineID, inLower, "line 賴", lineID, `(?:\bline|賴)(?: ?(?:id|官方帳號|帳號|客服))? ?[:：] ?([@~]?[a-z0-9][a-z0-9._-]{2,30})`),
		p(Telegram, asLink, "t.me/ telegram.me/", as, `\b(?:t|telegram)\.me/((?:joinchat/)?\+?\w[\w-]{3,63})`),
		p(WhatsApp, asLink, "wa.me/ whatsapp.com/", as, `\b(?:wa\.me/|api\.whatsapp\.com/send\?phone=|chat\.whatsapp\.com/)(\w{5,63})`),
		p(Phone, inText, "0", phone, `(?:^|[^\w+.-])(0(?:9\d{2}|800|[2-8]\d?)[ -]?\d{3,4}[ -]?\d{3,4})\b`),
		p(Phone, inText, "+", phone, `(\+\d[\d -]{6,18}\d)\b`),
		p(Email, inLower, "@", as, `([\w.+-]+@[\w-]+(?:\.[\w-]+)+)`),
		p(Wallet, inText, "T", as, `\b(T[1-9A-HJ-NP-Za-km-z]{33})\b`),
		p(Wallet, inText, "0x", as, `\b(0x[0-9a-fA-F]{40})\b`),
		p(Wallet, inText, "bc1", as, `\b(bc1[02-9ac-hj-np-z]{11,71})\b`),
		p(Account, inLower, accountWords, account, `(?:`+strings.ReplaceAll(accountWords, " ", "|")+`)[^\d\n]{0,24}?(\d[\d -]{3,24}\d)`),
		p(Account, inText, "0 1 2 3 4 5 6 7 8 9", account, `(?:^|[^\w.+/-])(\d{3}[- ]\d{6,14}(?:-\d{1,4})?)(?:$|[^\w.-])`),
		p(Account, inText, "0 1 2 3 4 5 6 7 8 9", number, `(?:^|[^\w.,+/-])(\d{9,18})(?:$|[^\w.,-])`),
		p(Handle, inLower, "@", as, `(?:^|[^\w.@/+-])(@[a-z0-9][\w.-]{2,30})`),
		p(URL, inText, "://", withoutQuery, `(https?://[^\s"'<>()（）「」『』，。、]{3,300})`),
	}
})

// accountWords stand before a number that is an account.
const accountWords = "帳號 帳戶 账号 账户 戶頭 匯款 轉帳 轉入 入金 account acct iban payee"

// found are the identifiers of a capture by kind.
type found map[IdentifierKind]map[string]bool

// identify looks in the text for every kind, and in the document for links. cut is true where a pattern matched more than maxMatches times.
func identify(text, dom string) (f found, cut bool) {
	f = found{}
	text = norm.NFKC.String(text)
	lower := strings.ToLower(text)
	for _, p := range patterns() {
		switch p.where {
		case inText, inWords:
			cut = f.look(p, text) || cut
		case inLower:
			cut = f.look(p, lower) || cut
		case asLink:
			cut = f.look(p, text) || cut
			cut = f.look(p, dom) || cut
		}
	}
	f.settle()
	return f, cut
}

// settle leaves each name in one kind alone.
func (f found) settle() {
	for name := range f[LineID] {
		delete(f[Handle], name)
	}
	for name := range f[Phone] {
		delete(f[Account], name)
	}
	for name := range f[Account] {
		if len(name) > bankCode {
			delete(f[Account], name[bankCode:]) // the number alone, of one that stands there with its bank
		}
	}
}

// look adds what a pattern finds, and reports whether there is more.
func (f found) look(p pattern, text string) (more bool) {
	if !slices.ContainsFunc(p.needs, func(word string) bool { return strings.Contains(text, word) }) {
		return false
	}
	if f[p.kind] == nil {
		f[p.kind] = map[string]bool{}
	}
	matches := p.FindAllStringSubmatchIndex(text, maxMatches+1)
	for _, at := range matches[:min(len(matches), maxMatches)] {
		if name := p.tidy(strings.TrimRight(text[at[2]:at[3]], ".-")); name != "" && len(name) <= maxName {
			f[p.kind][strings.Clone(name)] = true
		}
	}
	return len(matches) > maxMatches
}

// changed tells what only one side has.
func (f found) changed(to found) []ChangedOfAKind {
	out := []ChangedOfAKind{}
	for _, kind := range append(slices.Clone(contacts), Handle, URL) {
		c := ChangedOfAKind{Kind: kind, Removed: only(f[kind], to[kind]), Added: only(to[kind], f[kind])}
		if c.Removed.Total+c.Added.Total > 0 {
			out = append(out, c)
		}
	}
	return out
}

func only(a, b map[string]bool) Some[string] {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(a)) {
		if !b[name] {
			list = append(list, name)
		}
	}
	return shown(list)
}

// lineID is an account as LINE shows it: lower case, with its @, without the ~ that links put before personal ones.
func lineID(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		s = u
	}
	return strings.ToLower(strings.TrimPrefix(s, "~"))
}

// phone is a number without what is put between its digits; numbers of Taiwan begin with 0. Fewer than nine digits are none.
func phone(s string) string {
	s = strings.NewReplacer(" ", "", "-", "").Replace(s)
	if rest, ok := strings.CutPrefix(s, "+886"); ok {
		s = "0" + strings.TrimPrefix(rest, "0")
	}
	if len(s) < 9 {
		return ""
	}
	return s
}

// bankCode is how many digits a bank's code has.
const bankCode = 3

// account is the digits of an account. Fewer than five, or a day, are none.
func account(s string) string {
	digits := strings.NewReplacer(" ", "", "-", "").Replace(s)
	if len(digits) < 5 || aDay.MatchString(strings.TrimSpace(s)) {
		return ""
	}
	return digits
}

var aDay = regexp.MustCompile(`^(?:19|20)\d\d[- ]\d{1,2}[- ]\d{1,2}`)

// number is account for digits without a word: those of a moment, in seconds or milliseconds, are none.
func number(s string) string {
	if (len(s) == 10 || len(s) == 13) && s[0] == '1' && s[1] >= '5' {
		return ""
	}
	return s
}

// maxName is the length of the longest name that is one, in bytes (RFC 3696 for e-mail).
const maxName = 320

func withoutQuery(s string) string {
	s, _, _ = strings.Cut(s, "?")
	s, _, _ = strings.Cut(s, "#")
	return s
}
