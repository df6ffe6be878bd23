package netfacts

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"yuzheng/casefile/evidence"

	"github.com/miekg/dns"
	"golang.org/x/sync/errgroup"
)

// compareWith asks both resolvers at once.
func (l *lookup) compareWith(ctx context.Context, f evidence.NetworkFacts) *evidence.ResolverComparison {
	if f.ASCII == "" {
		return nil // an address needs no resolver
	}
	t := &evidence.ResolverComparison{Name: f.ASCII, Verdict: evidence.ResolversUnknown, Office: make([]evidence.DNSAnswer, 2), Outside: make([]evidence.DNSAnswer, 2)}
	if _, err := netip.ParseAddrPort(l.Lookups.Compare); err != nil {
		t.Office, t.Outside = nil, nil
		t.Error = fmt.Sprintf("resolver to compare with: %v", err)
		return t
	}
	var work errgroup.Group
	for i, kind := range []uint16{dns.TypeA, dns.TypeAAAA} {
		work.Go(func() error { t.Office[i] = l.ask(ctx, f.ASCII, kind); return nil })
		work.Go(func() error { t.Outside[i] = l.askAt(ctx, l.Lookups.Compare, f.ASCII, kind); return nil })
	}
	_ = work.Wait() // failures stand in the answers
	judgeResolvers(t, l.Sinkholes, l.ASN)
	return t
}

// judge compares only the kinds of address that both were able to say something about.
func judgeResolvers(t *evidence.ResolverComparison, sinkholes []netip.Addr, table *ASNTable) {
	var office, outside side
	compared := 0
	for i := range t.Office {
		t.Zones = append(t.Zones, policyZones(t.Office[i])...)
		lands := slices.DeleteFunc(addressesIn(t.Office[i]), func(a netip.Addr) bool { return !slices.Contains(sinkholes, a) })
		t.Landing = append(t.Landing, lands...)
		if t.Office[i].Decided() && t.Outside[i].Decided() {
			office.add(t.Office[i])
			outside.add(t.Outside[i])
			compared++
		}
	}
	if compared == 1 {
		noteResolvers(t, evidence.OneFamily)
	}
	slices.Sort(t.Zones)
	t.Zones = slices.Compact(t.Zones)
	if slices.ContainsFunc(outside.addresses, func(a netip.Addr) bool { return slices.Contains(sinkholes, a) }) {
		noteResolvers(t, evidence.OutsideLands)
	}
	t.Verdict = decideResolvers(t, office, outside)
	if t.Verdict == evidence.ResolversDiffer {
		compareResolvers(t, office.addresses, outside.addresses, table)
	}
}

// side is what one resolver says of the name.
type side struct {
	answered, missing bool // missing: there is no such name (NXDOMAIN, RFC 8020: of any type)
	addresses         []netip.Addr
}

func (s *side) add(a evidence.DNSAnswer) {
	s.answered = true
	s.missing = s.missing || a.Code == "NXDOMAIN"
	s.addresses = append(s.addresses, addressesIn(a)...)
}

func decideResolvers(t *evidence.ResolverComparison, office, outside side) evidence.ResolverVerdict {
	elsewhere := len(outside.addresses) > 0 && !slices.Contains(t.Notes, evidence.OutsideLands)
	rewritten := len(t.Zones) > 0 && !sameSet(office.addresses, outside.addresses)
	switch {
	case len(t.Landing) > 0:
		return evidence.ResolverStopped
	case !office.answered:
		return evidence.ResolversUnknown
	case elsewhere && (office.missing && len(office.addresses) == 0 || rewritten):
		return evidence.ResolverStopped
	case sameSet(office.addresses, outside.addresses):
		return evidence.ResolversSame
	}
	return evidence.ResolversDiffer
}

// compare tells what two different sets of addresses have in common.
func compareResolvers(t *evidence.ResolverComparison, office, outside []netip.Addr, table *ASNTable) {
	if len(office) == 0 {
		noteResolvers(t, evidence.OfficeNone)
	}
	if len(outside) == 0 {
		noteResolvers(t, evidence.OutsideNone)
	}
	for _, a := range office {
		for _, b := range outside {
			x, known := table.Find(a)
			y, _ := table.Find(b)
			switch {
			case a == b:
				noteResolvers(t, evidence.SharesAddress)
			case known && x.ASN == y.ASN:
				noteResolvers(t, evidence.SharesASN)
			}
			if a != b && near(a, b) {
				noteResolvers(t, evidence.SharesNetwork)
			}
		}
	}
}

func noteResolvers(t *evidence.ResolverComparison, n evidence.ResolverNote) {
	if !slices.Contains(t.Notes, n) {
		t.Notes = append(t.Notes, n)
	}
}

func sameSet(a, b []netip.Addr) bool {
	in := func(list []netip.Addr) func(netip.Addr) bool {
		return func(x netip.Addr) bool { return !slices.Contains(list, x) }
	}
	return !slices.ContainsFunc(a, in(b)) && !slices.ContainsFunc(b, in(a))
}

func near(a, b netip.Addr) bool {
	bits := 16
	if a.Is6() {
		bits = 32
	}
	network, err := a.Prefix(bits)
	return err == nil && network.Contains(b)
}

// policyZones are the zones whose SOA stands beside an answer. Nothing else puts one there: an answer has it in the authority section.
func policyZones(a evidence.DNSAnswer) []string {
	var list []string
	for _, r := range a.Records {
		if r.Section == "additional" && r.Type == "SOA" {
			list = append(list, strings.TrimSuffix(strings.ToLower(r.Name), "."))
		}
	}
	return list
}
