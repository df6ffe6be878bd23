package rpz

import (
	"slices"
	"strings"
)

// HostName reports whether the rule's name is one of a host. In a zone with a sinkhole the others get NXDOMAIN.
func (r Rule) HostName() bool { return hostName(r.Name) }

// Fits checks that the rule's longest owner has room under an origin: 255 octets on the wire (RFC 1035, 3.1). The error is a *NameError.
func (r Rule) Fits(origin string) error {
	n := len(r.Name) + 1 + len(strings.TrimSuffix(origin, ".")) + 2
	if r.Subdomains {
		n += len("*.")
	}
	if n > 255 {
		return &NameError{Name: r.Name, Why: WhyTooLong, Octets: n}
	}
	return nil
}

// Cover tells, for each name that lies below one whose scope covers sub-domains, the highest of those. What is covered is on
// the list, and stopped, but does not stand in the zone.
func Cover(rules []Rule) map[string]string {
	wide := map[string]bool{}
	for _, r := range rules {
		wide[r.Name] = wide[r.Name] || r.Subdomains
	}
	covered := map[string]string{}
	for _, r := range rules {
		for _, above, more := strings.Cut(r.Name, "."); more; _, above, more = strings.Cut(above, ".") {
			if wide[above] {
				covered[r.Name] = above
			}
		}
	}
	return covered
}

// Uncovered are the rules that stand in a zone.
func Uncovered(rules []Rule) []Rule {
	covered := Cover(rules)
	return slices.DeleteFunc(slices.Clone(rules), func(r Rule) bool { return covered[r.Name] != "" })
}
