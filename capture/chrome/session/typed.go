package session

import (
	"encoding/base64"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"yuzheng/capture/archive"
	"yuzheng/capture/chrome/exchange"
	"yuzheng/capture/scrub"
)

// maxTyped bounds what is kept of typed passwords: so many whole ones, and so many beginnings of them.
const (
	maxTyped  = 100
	longTyped = 1024 // bytes; what is longer is no password that anybody types
)

// secretWords finds the names of fields, and the questions, whose answer is a secret.
var secretWords = regexp.MustCompile(`(?i)` + passwordNames + `|` + codeNames)

// typed is what the person has typed into fields for secrets. It is in memory alone, and never leaves it. A page may send what is typed letter by
// letter: beginnings are kept too, and looked for where they stand alone.
type typed struct {
	whole scrub.Secrets
	begun scrub.Secrets
}

// add takes the content of a field. Final says that the person has left it; a code is one that is good once, a few digits that are found
// everywhere.
func (t *typed) add(text string, code, final bool) {
	is := func(s scrub.Secret) bool { return s.Text == text }
	switch {
	case !sought(text) || slices.ContainsFunc(t.whole, is):
	case final:
		t.begun = slices.DeleteFunc(t.begun, is)
		t.whole = newest(append(t.whole, scrub.Secret{Text: text, Alone: code || scrub.New(text).Alone}))
	case !slices.ContainsFunc(t.begun, is):
		t.begun = newest(append(t.begun, scrub.Secret{Text: text, Alone: true}))
	}
}

// sought reports whether a text is one that can be looked for.
func sought(text string) bool {
	return utf8.RuneCountInString(text) >= scrub.Shortest && len(text) <= longTyped
}

func newest(list scrub.Secrets) scrub.Secrets { return list[max(0, len(list)-maxTyped):] }

// secrets are all that are looked for, the longest first.
func (t *typed) secrets() scrub.Secrets {
	list := slices.Concat(t.whole, t.begun)
	slices.SortStableFunc(list, func(a, b scrub.Secret) int { return len(b.Text) - len(a.Text) })
	return list
}

// sent takes what a request carries that was typed into the browser itself and not into a page: Basic authentication (RFC 7617), a password in
// an address.
func (t *typed) sent(h *archive.Exchange) {
	for _, name := range []string{"Authorization", "Proxy-Authorization"} {
		scheme, token, _ := strings.Cut(exchange.Header(h.RequestHeader, name), " ")
		plain, err := base64.StdEncoding.DecodeString(strings.TrimSpace(token))
		if _, password, ok := strings.Cut(string(plain), ":"); ok && err == nil && strings.EqualFold(scheme, "Basic") {
			t.add(password, false, true)
		}
	}
	if u, err := url.Parse(h.URL); err == nil && u.User != nil {
		password, _ := u.User.Password()
		t.add(password, false, true)
	}
}
