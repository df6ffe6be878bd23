package rpz

import (
	"fmt"
	"net/netip"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// Why is the reason for which a name cannot stand in a list. Its words for people are data under "name.…".
type Why string

// The reasons.
const (
	whyEmpty       Why = "empty"
	whyNotPlain    Why = "not_plain"    // it has a wildcard, scheme, port or path
	whyNotMapped   Why = "not_mapped"   // browsers find no name in it (UTS 46)
	whyEmptyLabel  Why = "empty_label"  // two dots, or one at its beginning
	whyLongLabel   Why = "long_label"   // a label above 63 octets
	whyCharacter   Why = "character"    // one with which no browser asks for a name
	whyLongName    Why = "long_name"    // above 253 octets
	whySingleLabel Why = "single_label" // nobody's domain name
	whyAddress     Why = "address"
	whyReserved    Why = "reserved"  // its last label has a meaning of its own in a policy zone
	WhyTooLong     Why = "too_long"  // together with the name of the zone
	whyNotWritten  Why = "canonical" // not in the form that Normalize gives
	whyTwice       Why = "twice"
)

// NameError says why a name cannot stand in a list.
type NameError struct {
	Name   string
	Why    Why
	Octets int // of WhyTooLong: how many there are, of 255
}

func (e *NameError) Error() string {
	if e.Why == WhyTooLong {
		return fmt.Sprintf("domain name %q: %d octets together with the name of the zone, 255 are possible", e.Name, e.Octets)
	}
	return fmt.Sprintf("domain name %q: %s", e.Name, strings.ReplaceAll(string(e.Why), "_", " "))
}

// profile maps as browsers do before they ask (https://url.spec.whatwg.org/#concept-domain-to-ascii): UTS 46,
// non-transitional, hyphens wherever they are. Lengths and characters are checked here: an underscore is asked for, too.
var profile = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.BidiRule(), idna.CheckHyphens(false), idna.CheckJoiners(true), idna.StrictDomainName(false))

// Normalize gives the form of a domain name in which it is asked for: A-labels, lower case, without the dot at its end. It
// takes what browsers and DNS take; of a name in ASCII they ask whether its A-labels mean anything or not. It refuses
// addresses, wildcards, schemes, ports, paths, empty or long labels, single labels, and the labels that RPZ reserves.
func Normalize(name string) (string, error) {
	refuse := func(why Why) (string, error) { return "", &NameError{Name: name, Why: why} }
	if name == "" || name == "." {
		return refuse(whyEmpty)
	}
	if strings.ContainsAny(name, "*:/@?#[]\\% \t\r\n") {
		return refuse(whyNotPlain)
	}
	asked, ok := mapped(name)
	if !ok {
		return refuse(whyNotMapped)
	}
	asked = strings.TrimSuffix(asked, ".")
	labels := strings.Split(asked, ".")
	for _, l := range labels {
		if why := badLabel(l); why != "" {
			return refuse(why)
		}
	}
	if why := badWhole(asked, labels); why != "" {
		return refuse(why)
	}
	return asked, nil
}

// mapped leaves ASCII as it is but for its case.
func mapped(name string) (string, bool) {
	if strings.IndexFunc(name, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		return strings.ToLower(name), true
	}
	ascii, err := profile.ToASCII(name)
	if err != nil || !utf8.ValidString(name) {
		return "", false
	}
	again, err := profile.ToASCII(ascii)
	return ascii, err == nil && again == ascii
}

// Unicode gives the form of an A-label name that people read.
func Unicode(name string) string {
	u, err := idna.ToUnicode(name)
	if err != nil {
		return name
	}
	return u
}

func badLabel(l string) Why {
	switch {
	case l == "":
		return whyEmptyLabel
	case len(l) > 63:
		return whyLongLabel
	}
	for i := range len(l) {
		if !letterOrDigit(l[i]) && l[i] != '-' && l[i] != '_' {
			return whyCharacter
		}
	}
	return ""
}

func letterOrDigit(c byte) bool { return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' }

func badWhole(asked string, labels []string) Why {
	last := labels[len(labels)-1]
	_, err := netip.ParseAddr(asked)
	switch {
	case len(asked) > 253:
		return whyLongName
	case len(labels) < 2:
		return whySingleLabel
	case strings.Trim(last, "0123456789") == "" || hexNumber(last) || err == nil:
		return whyAddress
	case strings.HasPrefix(last, "rpz-"):
		return whyReserved
	}
	return ""
}

// hexNumber reports whether browsers would read a last label as part of an IPv4 address (WHATWG URL, "ends in a number").
func hexNumber(l string) bool {
	return strings.HasPrefix(l, "0x") && strings.Trim(l[2:], "0123456789abcdef") == ""
}

// hostName reports whether a name is one of a host (RFC 1123, 2.1): letters and digits, with hyphens between them. BIND as
// primary refuses a whole zone in which another name has an address.
func hostName(name string) bool {
	for l := range strings.SplitSeq(name, ".") {
		if l == "" || !letterOrDigit(l[0]) || !letterOrDigit(l[len(l)-1]) || strings.Contains(l, "_") {
			return false
		}
	}
	return true
}
