package identify

import (
	"cmp"
	"net/url"
	"regexp"
	"strings"

	"yuzheng/casefile/evidence"
)

// Canonical gives the canonical form of a text of which something else says that it is an identifier of this kind: the column of a list, a
// person who types it. checked is true where it has a checksum, which holds; ok is false of what has not the form of that kind.
func Canonical(kind evidence.IdentifierKind, text string) (value string, checked, ok bool) {
	value, checked, ok = canonical(kind, strings.TrimSpace(fold(text).text))
	return value, checked, ok && len(value) <= maxValue
}

// forms are what values look like where no rule of their own says more. Lists take for an account of LINE more than LINE gives today (4 to 20
// letters); nothing has a space in it.
var forms = map[evidence.IdentifierKind]*regexp.Regexp{
	evidence.IdentifierLine:     regexp.MustCompile(`^@?[a-z0-9][a-z0-9._-]{0,63}$`),
	evidence.IdentifierLineLink: regexp.MustCompile(`^(?:line\.me/ti/(?:g2?|p)|lin\.ee|page\.line\.me|liff\.line\.me)/[\w@%-]+$`),
	evidence.IdentifierTelegram: regexp.MustCompile(`^\+?\w[\w-]*$`),
	evidence.IdentifierWhatsApp: regexp.MustCompile(`^\+?\w+$`),
	evidence.IdentifierEmail:    regexp.MustCompile(`^[^\s@]+@[^\s@]+$`),
	evidence.IdentifierHandle:   regexp.MustCompile(`^@[a-z0-9][\w.-]*$`),
	evidence.IdentifierURL:      regexp.MustCompile(`^https?://[^\s\p{Cc}\p{Z}]+$`),
}

// canonical is Canonical of a folded text.
func canonical(kind evidence.IdentifierKind, text string) (value string, checked, ok bool) {
	switch kind {
	case evidence.IdentifierBitcoin, evidence.IdentifierEthereum, evidence.IdentifierTron:
		is, value, checked := wallet(text)
		return value, checked, is == kind
	case evidence.IdentifierPhone:
		value = phone(text)
	case evidence.IdentifierAccount:
		value = account(text)
	default:
		form := forms[kind]
		if form == nil {
			return "", false, false
		}
		value = tidy(kind, text)
		return value, false, form.MatchString(value)
	}
	return value, false, value != ""
}

// tidy takes away what says nothing.
func tidy(kind evidence.IdentifierKind, text string) string {
	switch kind {
	case evidence.IdentifierLine:
		return lineAccount(text)
	case evidence.IdentifierLineLink:
		return lineLink(text)
	case evidence.IdentifierTelegram:
		return telegram(text)
	case evidence.IdentifierWhatsApp:
		return cmp.Or(phone("+"+strings.TrimPrefix(text, "+")), text)
	case evidence.IdentifierHandle:
		return "@" + strings.TrimPrefix(strings.ToLower(text), "@")
	case evidence.IdentifierURL:
		return address(text)
	}
	return strings.ToLower(text)
}

// lineAccount is without the "~" that links put before personal accounts.
func lineAccount(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		text = plain
	}
	return strings.ToLower(strings.TrimPrefix(text, "~"))
}

// lineLink has its host in small letters, no scheme and no query. "R/" in a path only says that an app is to open it.
func lineLink(text string) string {
	if _, rest, ok := strings.Cut(text, "://"); ok {
		text = rest
	}
	text, _, _ = strings.Cut(text, "?")
	host, path, _ := strings.Cut(text, "/")
	return strings.ToLower(host) + "/" + strings.TrimPrefix(strings.TrimPrefix(path, "R/"), "r/")
}

// telegram tells names, whose capitals mean nothing, from invitations, whose do; of these there is an old spelling.
func telegram(text string) string {
	if len(text) > len("joinchat/") && strings.EqualFold(text[:len("joinchat/")], "joinchat/") {
		text = "+" + strings.TrimPrefix(text[len("joinchat/"):], "+")
	}
	if strings.HasPrefix(text, "+") {
		return text
	}
	return strings.ToLower(strings.TrimPrefix(text, "@"))
}

// address has scheme and host in small letters, and neither query nor fragment.
func address(text string) string {
	text, _, _ = strings.Cut(text, "?")
	text, _, _ = strings.Cut(text, "#")
	scheme, rest, _ := strings.Cut(text, "://")
	host, _, _ := strings.Cut(rest, "/")
	front := len(scheme) + len("://") + len(host)
	if front > len(text) {
		return ""
	}
	return strings.ToLower(text[:front]) + text[front:]
}
