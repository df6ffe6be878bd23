package intake

import (
	"slices"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// names maps a host as a browser does (UTS 46, not transitional); underscores pass, and hyphens wherever they are.
var names = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.CheckHyphens(false), idna.StrictDomainName(false))

var (
	// training holds top levels reserved for documents and tests (RFC 2606), in which the training case lives.
	training = []string{"example", "test"}
	// private holds top levels that lead to no public server (RFC 6761, RFC 6762, RFC 7686, ICANN's "internal", and habit).
	private = []string{"localhost", "local", "internal", "invalid", "onion", "lan", "intranet", "localdomain", "home", "corp", "arpa"}
	// fileEndings are top levels that are better known as the endings of files.
	fileEndings = []string{"zip", "mov", "md", "py", "sh", "pl", "rs", "cab", "ps", "so"}
)

// underSuffix reports whether an A-label name lies under a public suffix that ICANN knows, and is not such a suffix itself.
func underSuffix(host string) bool {
	suffix, icann := publicsuffix.PublicSuffix(host)
	switch {
	case icann:
		return len(host) > len(suffix)
	case strings.Contains(suffix, "."):
		return true // somebody's own zone, like blogspot.com
	}
	return slices.Contains(training, suffix) && len(host) > len(suffix)
}

// topLevel reports whether a label in lower case is a top level.
func topLevel(label string) bool {
	ascii, err := names.ToASCII(label)
	if err != nil || strings.Contains(ascii, ".") {
		return false
	}
	_, icann := publicsuffix.PublicSuffix(ascii)
	return icann || slices.Contains(training, ascii)
}

// registrable gives the registrable domain of an A-label name; the name itself if it is a public suffix.
func registrable(host string) string {
	if d, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return d
	}
	return host
}

func lastLabel(host string) string { return host[strings.LastIndexByte(host, '.')+1:] }
