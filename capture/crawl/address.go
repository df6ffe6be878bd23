package crawl

import (
	"slices"
	"strings"

	"github.com/nlnwa/whatwg-url/url"
)

// maxAddress is the length in bytes of the longest address that is asked: what Internet Explorer took, and so what sites keep to.
const maxAddress = 2083

func isWeb(u *url.Url) bool {
	return (u.Scheme() == "http" || u.Scheme() == "https") && u.Hostname() != ""
}

// canonical gives the address that is asked: as a browser reads it, without user name and password, and without a fragment unless it is
// a route of a page that draws itself ("#/…", "#!…"). It changes u to that.
func canonical(u *url.Url) string {
	u.SetUsername("")
	u.SetPassword("")
	if !isRoute(u.Fragment()) {
		u.SetHash("")
	}
	return u.Href(false)
}

func isRoute(fragment string) bool {
	return strings.HasPrefix(fragment, "/") || strings.HasPrefix(fragment, "!")
}

// keyOf gives what two addresses of the same page have in common: a canonical address without what only says who comes from where.
func keyOf(u *url.Url) string {
	path := u.Pathname()
	if i := strings.Index(strings.ToLower(path), ";jsessionid="); i >= 0 {
		rest := path[i+1:]
		path = path[:i]
		if end := strings.IndexAny(rest, "/;"); end >= 0 {
			path += rest[end:]
		}
	}
	key := u.Scheme() + "://" + u.Host() + path + withMark("?", pageQuery(u.Query()))
	route, query, _ := strings.Cut(u.Fragment(), "?")
	return key + withMark("#", route+withMark("?", pageQuery(query)))
}

func withMark(mark, text string) string {
	if text == "" {
		return ""
	}
	return mark + text
}

// pageQuery leaves out of a query what names the visitor and not the page.
func pageQuery(query string) string {
	if query == "" {
		return ""
	}
	pairs := strings.Split(query, "&")
	return strings.Join(slices.DeleteFunc(pairs, func(pair string) bool {
		name, value, _ := strings.Cut(pair, "=")
		name = strings.ToLower(name)
		return pair == "" || strings.HasPrefix(name, "utm_") || slices.Contains(tracking, name) ||
			slices.ContainsFunc(sessions, func(s string) bool { return strings.HasPrefix(name, s) }) ||
			slices.Contains(shortSessions, name) && isToken(value)
	}), "&")
}

// isToken reports whether a value can be the number of a session, and not one of a page: long, of letters and digits.
func isToken(value string) bool {
	digits := 0
	for _, c := range value {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '-' && c != '_':
			return false
		}
	}
	return len(value) >= 16 && digits > 0
}

// shapeOf gives a key with every number in it replaced by 0: what the days of a calendar have in common. A key without a number has none.
func shapeOf(key string) string {
	var b strings.Builder
	digit, any := false, false
	origin := strings.IndexByte(key[strings.Index(key, "://")+3:], '/') + strings.Index(key, "://") + 3
	for i := origin; i < len(key); i++ {
		isDigit := key[i] >= '0' && key[i] <= '9'
		switch {
		case isDigit && digit:
		case isDigit:
			b.WriteByte('0')
		default:
			b.WriteByte(key[i])
		}
		digit, any = isDigit, any || isDigit
	}
	if !any {
		return ""
	}
	return key[:origin] + b.String()
}

// The marks of a path that grows by itself.
const (
	maxSegments = 30 // in a path
	maxPeriod   = 4  // segments that come again together
	maxRepeats  = 3  // times one after the other, and times that a query says the same
)

// grows reports whether an address has the marks of a page whose links lead to itself, longer each time: /a/a/a, /a/b/a/b/a/b, ?x=1&x=1&x=1.
func grows(u *url.Url) bool {
	path := u.Pathname()
	if isRoute(u.Fragment()) {
		path += "/" + u.Fragment()
	}
	segments := slices.DeleteFunc(strings.Split(path, "/"), func(s string) bool { return s == "" })
	if len(segments) > maxSegments {
		return true
	}
	for period := 1; period <= maxPeriod; period++ {
		run := 0
		for i := period; i < len(segments); i++ {
			if segments[i] != segments[i-period] {
				run = 0
				continue
			}
			if run++; run == period*(maxRepeats-1) {
				return true
			}
		}
	}
	said := map[string]int{}
	for pair := range strings.SplitSeq(u.Query(), "&") {
		if said[pair]++; said[pair] == maxRepeats {
			return true
		}
	}
	return false
}
