package rpz

import (
	"bytes"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"

	"github.com/miekg/dns"
)

// Parse reads a zone file that Write made, with the parser of miekg/dns, and gives its rules in canonical order: those of the
// list that are Uncovered. Whatever Write would not have written is an error.
func Parse(r io.Reader) (Zone, []Rule, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return Zone{}, nil, fmt.Errorf("read zone: %w", err)
	}
	z, rules, err := parse(text)
	if err != nil {
		return Zone{}, nil, err
	}
	again, err := z.encode(rules)
	if err != nil {
		return Zone{}, nil, err
	}
	if !bytes.Equal(again, text) {
		return Zone{}, nil, fmt.Errorf("zone file: %w", ErrReadBack)
	}
	return z, rules, nil
}

func (z Zone) readBack(text []byte, rules []Rule) error {
	got, again, err := parse(text)
	if err != nil {
		return err
	}
	head := got.Serial == z.Serial && got.MName == z.MName && got.RName == z.RName && got.TTL == z.TTL
	answered := slices.ContainsFunc(again, Rule.HostName)
	if !head || !slices.Equal(again, Uncovered(rules)) || answered && !slices.Equal(got.Sinkhole, z.Sinkhole) {
		return ErrReadBack
	}
	return nil
}

// parsed collects the records of each owner.
type parsed struct {
	zone    Zone
	answers map[string][]netip.Addr // by owner; empty is NXDOMAIN
	owners  []string
	soa, ns int
}

const origin = "rpz.local."

func parse(text []byte) (Zone, []Rule, error) {
	p := parsed{answers: map[string][]netip.Addr{}, zone: Zone{Origin: strings.TrimSuffix(origin, ".")}}
	for line := range strings.Lines(string(text)) {
		rest, ok := strings.CutPrefix(line, "; ")
		if !ok {
			break
		}
		p.zone.Comment = append(p.zone.Comment, strings.TrimSuffix(rest, "\n"))
	}
	if bytes.Contains(text, []byte("$GENERATE")) || bytes.Contains(text, []byte("$INCLUDE")) {
		return Zone{}, nil, fmt.Errorf("zone file with a directive that is never written: %w", ErrReadBack)
	}
	records := dns.NewZoneParser(bytes.NewReader(text), origin, "")
	for rr, ok := records.Next(); ok; rr, ok = records.Next() {
		if err := p.record(rr); err != nil {
			return Zone{}, nil, err
		}
	}
	if err := records.Err(); err != nil {
		return Zone{}, nil, fmt.Errorf("parse zone: %w", err)
	}
	if p.soa != 1 || p.ns != 1 {
		return Zone{}, nil, fmt.Errorf("zone with %d SOA and %d NS records: %w", p.soa, p.ns, ErrReadBack)
	}
	rules, err := p.rules()
	return p.zone, rules, err
}

func (p *parsed) record(rr dns.RR) error {
	owner := strings.TrimSuffix(strings.TrimSuffix(rr.Header().Name, origin), ".")
	switch v := rr.(type) {
	case *dns.SOA:
		p.soa++
		p.zone.Serial, p.zone.TTL = v.Serial, v.Minttl
		p.zone.MName, p.zone.RName = strings.TrimSuffix(v.Ns, "."), strings.TrimSuffix(v.Mbox, ".")
		return nil
	case *dns.NS:
		p.ns++
		return nil
	case *dns.CNAME:
		if v.Target != "." {
			return fmt.Errorf("%s leads to %s: %w", owner, v.Target, ErrReadBack)
		}
		return p.add(owner)
	case *dns.A:
		a, _ := netip.AddrFromSlice(v.A.To4())
		return p.add(owner, a)
	case *dns.AAAA:
		a, _ := netip.AddrFromSlice(v.AAAA.To16())
		return p.add(owner, a)
	}
	return fmt.Errorf("%s has a record of another kind: %w", owner, ErrReadBack)
}

func (p *parsed) add(owner string, a ...netip.Addr) error {
	if _, seen := p.answers[owner]; !seen {
		p.owners = append(p.owners, owner)
	} else if len(a) == 0 || len(p.answers[owner]) == 0 {
		return fmt.Errorf("%s has several policies: %w", owner, ErrReadBack)
	}
	p.answers[owner] = append(p.answers[owner], a...)
	return nil
}

// rules pairs each name with its wildcard. All owners must answer alike, those apart that are no host names.
func (p *parsed) rules() ([]Rule, error) {
	var rules []Rule
	place := map[string]int{}
	for _, owner := range p.owners {
		if a := p.answers[owner]; len(a) > 0 && len(p.zone.Sinkhole) == 0 {
			p.zone.Sinkhole = a
		}
		name, wild := strings.CutPrefix(owner, "*.")
		if !wild {
			place[name] = len(rules)
			rules = append(rules, Rule{Name: name})
			continue
		}
		j, ok := place[name]
		if !ok {
			return nil, fmt.Errorf("%s without %s before it: %w", owner, name, ErrReadBack)
		}
		rules[j].Subdomains = true
	}
	for _, owner := range p.owners {
		if !slices.Equal(p.answers[owner], p.zone.answer(owner)) {
			return nil, fmt.Errorf("%s answers otherwise than the rest: %w", owner, ErrReadBack)
		}
	}
	return Canonical(rules)
}
