package crawl

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	quotes = "\"'`"
	// noAddress are characters that no address in a script has, besides controls: they end the search for the closing quote.
	noAddress = quotes + " \t\r\n<>(){}|^"
)

var (
	// namedHost matches what follows "//" of an address with a host that has a domain.
	namedHost = regexp.MustCompile(`^(?i:[\pL\pN](?:[\pL\pN-]*[\pL\pN])?(?:\.[\pL\pN](?:[\pL\pN-]*[\pL\pN])?)+|localhost)(?::\d+)?(?:[/?#]|$)`)
	// escapes are the ways in which scripts and JSON write the characters of an address.
	escapes = strings.NewReplacer(`\/`, `/`, `\u002f`, `/`, `\u002F`, `/`, `\x2f`, `/`, `\x2F`, `/`, `\u0026`, `&`, `\x26`, `&`)
)

// script finds the addresses that stand quoted in a script. It is no interpreter: what a script puts together is not found.
func (f *finder) script(text, where string) {
	for {
		open := strings.IndexAny(text, quotes)
		if open < 0 {
			return
		}
		quote := text[open]
		text = text[open+1:]
		if text == "" || strings.IndexByte(`/\#hH`, text[0]) < 0 {
			continue
		}
		end := strings.IndexAny(text, noAddress)
		if end < 0 {
			return
		}
		if text[end] == quote && end <= 2*maxAddress {
			if raw := escapes.Replace(text[:end]); plausible(raw) {
				f.add(link{raw: raw, how: inScript, where: where})
			}
		}
		text = text[end:] // the closing quote may be the opening one of the next text
	}
}

// plausible tells an address from the other texts of scripts that begin like one.
func plausible(raw string) bool {
	if len(raw) > maxAddress || strings.ContainsAny(raw, `\*$[]`) || strings.HasSuffix(raw, "=") || !utf8.ValidString(raw) {
		return false
	}
	rest, absolute := raw, false
	for _, mark := range []string{"https://", "http://", "//"} {
		if after, ok := cutScheme(raw, mark); ok {
			rest, absolute = after, true
			break
		}
	}
	switch {
	case absolute && !plausibleHost(rest), !absolute && !plausiblePath(rest):
		return false
	case absolute && !strings.Contains(rest, "/"):
		return true
	}
	name := rest[:strings.IndexAny(rest+"?", "?#")]
	return !slices.Contains(parts, strings.ToLower(strings.TrimPrefix(path.Ext(name), ".")))
}

func plausibleHost(rest string) bool {
	return namedHost.MatchString(rest) && !slices.Contains(vocabularies, strings.ToLower(rest[:strings.IndexAny(rest+"/", "/?#:")]))
}

// plausiblePath is true of "/user/list" and "#/user", and not of "/", "//", "/user/:id" and what else begins with a slash.
func plausiblePath(p string) bool {
	p = strings.TrimPrefix(strings.TrimPrefix(p, "#"), "!")
	if len(p) < 3 || p[0] != '/' || strings.Contains(p, ":") {
		return false
	}
	first, _ := utf8.DecodeRuneInString(p[1:])
	return unicode.IsLetter(first) || unicode.IsDigit(first) || first == '_' || first == '?' || first == '%'
}
