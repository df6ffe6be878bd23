package intake

import (
	"net/netip"
	"slices"
	"strings"
	"unicode/utf8"

	"yuzheng/capture/chrome/guard"
	"yuzheng/capture/known"
)

// row makes a candidate an address that a browser would take. Where reason is not empty there is none.
func (r *reading) row(c candidate) (row Row, reason Reason) {
	if c.glued != "" {
		row.warn(warnGlued, shorten(c.glued, maxSkippedRaw))
	}
	if c.app {
		return appRow(row, c)
	}
	if strings.ContainsRune(c.host+c.user+c.tail, utf8.RuneError) {
		return row, whyUndecodable
	}
	if tail := unescape(c.tail); tail != c.tail && r.escaped() {
		row.warn(warnEntities, shorten(c.tail, maxSkippedRaw))
		c.tail = tail
	}
	row.SchemeAdded = c.scheme == ""
	if row.SchemeAdded {
		c.scheme = "https"
		if c.port == "80" {
			c.scheme = "http"
		}
	}
	c.host = strings.TrimRight(c.host, ".")
	if c.port == "" && plainHost(c.host) && plainTail(c.tail) {
		row.Host, row.URL = c.host, c.scheme+"://"+c.host+c.tail
		if c.tail == "" {
			row.URL += "/"
		}
	} else if reason := r.parse(&row, c); reason != "" {
		return row, reason
	}
	if reason := row.judge(c); reason != "" {
		return row, reason
	}
	row.RecordOnly = known.Invitation(row.Host) != ""
	return row, ""
}

// appRow keeps the link of an app as it stands.
func appRow(row Row, c candidate) (Row, Reason) {
	switch {
	case strings.ContainsRune(c.tail, utf8.RuneError):
		return row, whyUndecodable
	case !slices.Contains(appSchemes, c.scheme):
		return row, whyOtherScheme
	case len(c.tail) > maxURL:
		return row, whyTooLong
	}
	row.URL, row.RecordOnly = c.tail, true
	return row, ""
}

// parse reads an address as a browser does, and leaves user name and password out.
func (r *reading) parse(row *Row, c candidate) Reason {
	text := c.scheme + "://" + c.host
	if c.port != "" {
		text += ":" + c.port
	}
	if len(text)+len(c.tail) > maxURL {
		return whyTooLong
	}
	u, err := r.parser.Parse(text + c.tail)
	if err != nil {
		return whyBadAddress
	}
	row.Host = strings.Trim(u.Hostname(), "[]")
	row.URL = u.Href(false)
	if port := u.Port(); port != "" { // another than that of the scheme
		row.warn(warnPort, port)
	}
	return ""
}

// judge fills in what follows from the host, and refuses what is no public name.
func (row *Row) judge(c candidate) Reason {
	if c.user != "" {
		row.warn(warnUserInfo, shorten(withoutPassword(c.user), maxSkippedRaw))
	}
	row.Unicode = row.Host
	if a, ok := literal(row.Host); ok {
		row.warn(warnIP, c.host)
		if !guard.Public(a) {
			return whyNotPublic
		}
		return ""
	}
	switch {
	case !wellFormed(row.Host):
		return whyBadAddress
	case !strings.Contains(row.Host, ".") || slices.Contains(private, lastLabel(row.Host)):
		return whyNotPublic
	case !underSuffix(row.Host) && !topLevel(lastLabel(row.Host)):
		row.warn(warnSuffix, lastLabel(row.Host))
	}
	row.Domain = registrable(row.Host)
	if n := numbered(row.Host); n > 0 && row.SchemeAdded {
		row.warn(warnNumber, row.Host[n:])
	}
	if row.SchemeAdded && c.tail == "" && slices.Contains(fileEndings, lastLabel(row.Host)) {
		row.warn(warnFileName, lastLabel(row.Host))
	}
	row.scripts()
	return ""
}

// literal reads a host that is an IP address.
func literal(host string) (netip.Addr, bool) {
	if last := lastLabel(host); !strings.Contains(host, ":") && (last == "" || last[0] > '9') {
		return netip.Addr{}, false
	}
	a, err := netip.ParseAddr(host)
	return a, err == nil
}

func (row *Row) warn(code WarningCode, detail string) {
	row.Warnings = append(row.Warnings, warning{code, detail})
}

// plainHost is true of a name that a browser takes as it stands: small letters, digits, hyphens and dots, beginning with a letter at
// its top level, and no A-label.
func plainHost(host string) bool {
	for i := range len(host) {
		c := host[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '.' {
			return false
		}
	}
	last := lastLabel(host)
	return last != "" && last[0] >= 'a' && !strings.Contains(host, "--")
}

// plainTail is true of a path, query and fragment that a browser takes as they stand: without a dot, which may be a step in the path,
// and with nothing that is encoded.
func plainTail(tail string) bool {
	for i := range len(tail) {
		if c := rune(tail[i]); !isWord(c) && strings.IndexByte("/?#=&-_", tail[i]) < 0 {
			return false
		}
	}
	return tail == "" || tail[0] == '/' && len(tail) < maxURL/2
}

// wellFormed reports whether a name keeps the lengths of RFC 1035 and has no empty label.
func wellFormed(host string) bool {
	if len(host) > 253 {
		return false
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > maxLabel {
			return false
		}
	}
	return true
}
