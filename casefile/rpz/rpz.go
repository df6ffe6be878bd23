// Package rpz writes lists of domain names for stopping their resolution: a DNS response policy zone and a CSV list.
//
// Only QNAME triggers are written: the name, and its wildcard where the scope covers sub-domains
// (draft-vixie-dnsop-dns-rpz, section 4). The zone is such that resolvers agree on it. A name that a wildcard covers is left
// out: where it stood, BIND and Unbound would end the wildcard's reach there (RFC 4592, 2.2.1), and stop fewer names. A name that is no host name
// gets no address but NXDOMAIN: BIND as primary would refuse the whole zone.
// A zone is read back with another parser and compared before it leaves.
package rpz

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Rule names one domain name whose resolution is to stop.
type Rule struct {
	Name       string // A-label form, lower case, no trailing dot
	Subdomains bool   // every name below it too
}

// Zone is what stands around the rules in a zone file. Owners are written relative to the origin, so that the file
// loads under any; Origin (default "rpz.local") is the longest that is in use and serves the length limit alone.
type Zone struct {
	Origin   string
	Serial   uint32
	TTL      uint32       // seconds; default 300
	Sinkhole []netip.Addr // answers instead of the true ones; none means NXDOMAIN
	MName    string       // default "localhost"
	RName    string       // default "hostmaster.localhost"
	Comment  []string     // printed at the head of the file
}

// ErrReadBack says that a zone, read by another parser, is not the list that was written.
var ErrReadBack = errors.New("zone does not read back as it was written")

// Serial gives a serial number that is above the previous one and, where it can, the time in Unix seconds.
func Serial(now time.Time, previous uint32) uint32 {
	return max(uint32(now.Unix()), previous+1)
}

// Write writes the zone with the rules in canonical order. It reads back what it made and writes nothing if that differs.
func (z Zone) Write(w io.Writer, rules []Rule) error {
	z = z.withDefaults()
	rules, err := Canonical(rules)
	if err != nil {
		return err
	}
	text, err := z.encode(rules)
	if err != nil {
		return err
	}
	if err := z.readBack(text, rules); err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// Canonical checks every rule, sorts them, and refuses a name that stands there twice.
func Canonical(rules []Rule) ([]Rule, error) {
	rules = slices.Clone(rules)
	for _, r := range rules {
		if name, err := Normalize(r.Name); err != nil {
			return nil, err
		} else if name != r.Name {
			return nil, &NameError{Name: r.Name, Why: whyNotWritten}
		}
	}
	slices.SortFunc(rules, func(a, b Rule) int { return strings.Compare(a.Name, b.Name) })
	for i := 1; i < len(rules); i++ {
		if rules[i].Name == rules[i-1].Name {
			return nil, &NameError{Name: rules[i].Name, Why: whyTwice}
		}
	}
	return rules, nil
}

// Sum is the SHA-256, in hexadecimal, over the canonical list: one line "NAME exact" or "NAME subdomains" for each rule.
// The letter prints it beside the count; whoever holds any of the files can derive it again.
func Sum(rules []Rule) (string, error) {
	rules, err := Canonical(rules)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, r := range rules {
		fmt.Fprintf(h, "%s %s\n", r.Name, r.scope())
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func (r Rule) scope() string {
	if r.Subdomains {
		return "subdomains"
	}
	return "exact"
}

func (z Zone) withDefaults() Zone {
	if z.Origin == "" {
		z.Origin = "rpz.local"
	}
	if z.TTL == 0 {
		z.TTL = 300
	}
	if z.MName == "" {
		z.MName = "localhost"
	}
	if z.RName == "" {
		z.RName = "hostmaster.localhost"
	}
	z.Sinkhole = slices.Clone(z.Sinkhole)
	for i, a := range z.Sinkhole {
		z.Sinkhole[i] = a.Unmap().WithZone("")
	}
	return z
}

func (z Zone) encode(rules []Rule) ([]byte, error) {
	var b bytes.Buffer
	for _, line := range z.Comment {
		fmt.Fprintf(&b, "; %s\n", clean(line))
	}
	fmt.Fprintf(&b, "$TTL %d\n", z.TTL)
	fmt.Fprintf(&b, "@ IN SOA %s. %s. ( %d 3600 600 604800 %d )\n", z.MName, z.RName, z.Serial, z.TTL)
	fmt.Fprintf(&b, "@ IN NS %s.\n", z.MName)
	for _, r := range Uncovered(rules) {
		if err := r.Fits(z.Origin); err != nil {
			return nil, err
		}
		for _, owner := range owners(r) {
			z.encodeOwner(&b, owner)
		}
	}
	return b.Bytes(), nil
}

func (z Zone) encodeOwner(b *bytes.Buffer, owner string) {
	answer := z.answer(owner)
	if len(answer) == 0 {
		fmt.Fprintf(b, "%s IN CNAME .\n", owner)
	}
	for _, a := range answer {
		fmt.Fprintf(b, "%s IN %s %s\n", owner, kindOf(a), a)
	}
}

// kindOf is the type of the record that an address stands in.
func kindOf(a netip.Addr) string {
	if a.Is4() {
		return "A"
	}
	return "AAAA"
}

// answer is what an owner's names get: the sinkhole, or NXDOMAIN.
func (z Zone) answer(owner string) []netip.Addr {
	if !hostName(strings.TrimPrefix(owner, "*.")) {
		return nil
	}
	return z.Sinkhole
}

// clean is a comment on one line.
func clean(line string) string { return strings.Map(printable, line) }

func printable(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return ' '
}
