package rpz

import (
	"fmt"
	"net/netip"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// NameError says why a name cannot stand in a list.
type NameError struct{ Name, Why string }

func (e *NameError) Error() string { return fmt.Sprintf("domain name %q: %s", e.Name, e.Why) }

// profile is IDNA2008 as for a look-up (UTS 46, non-transitional). Lengths and characters are checked here, because a
// host name of a captured page may hold an underscore.
var profile = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.BidiRule(), idna.CheckHyphens(true), idna.CheckJoiners(true), idna.StrictDomainName(false))

// Normalize gives the A-label form of a domain name, in lower case. It refuses what is not a plain name of at least two
// labels: addresses, wildcards, schemes, ports, paths, empty or long labels, a trailing dot, the labels that RPZ reserves.
func Normalize(name string) (string, error) {
	if name == "" {
		return "", &NameError{name, "empty"}
	}
	if strings.ContainsAny(name, "*:/@?#[]\\ \t\r\n") {
		return "", &NameError{name, "not a plain name: it has a wildcard, scheme, port or path"}
	}
	ascii, err := profile.ToASCII(name)
	if err != nil || !utf8.ValidString(name) {
		return "", &NameError{name, "not a name under IDNA2008"}
	}
	if again, err := profile.ToASCII(ascii); err != nil || again != ascii {
		return "", &NameError{name, "its A-label form is not its own"}
	}
	labels := strings.Split(ascii, ".")
	for _, l := range labels {
		if why := badLabel(l); why != "" {
			return "", &NameError{name, why}
		}
	}
	if err := badWhole(name, ascii, labels); err != nil {
		return "", err
	}
	return ascii, nil
}

// Unicode gives the form of an A-label name that people read.
func Unicode(name string) string {
	u, err := idna.ToUnicode(name)
	if err != nil {
		return name
	}
	return u
}

func badLabel(l string) string {
	switch {
	case l == "":
		return "it has an empty label"
	case len(l) > 63:
		return "a label is longer than 63 octets"
	case l[0] == '-' || l[len(l)-1] == '-':
		return "a label begins or ends with a hyphen"
	}
	for i := range len(l) {
		c := l[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return "it has a character that a host name cannot have"
		}
	}
	return ""
}

func badWhole(name, ascii string, labels []string) error {
	last := labels[len(labels)-1]
	switch {
	case len(ascii) > 253:
		return &NameError{name, "longer than 253 octets"}
	case len(labels) < 2:
		return &NameError{name, "a single label is not a domain name of anyone"}
	case strings.Trim(last, "0123456789") == "" || hexNumber(last):
		return &NameError{name, "an address, not a name"}
	case strings.HasPrefix(last, "rpz-"):
		return &NameError{name, "its last label has a meaning of its own in a policy zone"}
	}
	if _, err := netip.ParseAddr(ascii); err == nil {
		return &NameError{name, "an address, not a name"}
	}
	return nil
}

// hexNumber reports whether browsers would read a last label as part of an IPv4 address (WHATWG URL, "ends in a number").
func hexNumber(l string) bool {
	return strings.HasPrefix(l, "0x") && strings.Trim(l[2:], "0123456789abcdef") == ""
}
