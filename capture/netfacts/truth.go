package netfacts

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/miekg/dns"
	"golang.org/x/sync/errgroup"
)

// Truth sets the addresses that the office's resolver gives for the host beside those that another one gives at the same moment:
// an office whose resolver takes part in stopping resolution (DNS RPZ) sees a landing page where everybody else sees the site.
type Truth struct {
	Name    string       `json:"name"`
	Office  []Answer     `json:"office"`  // A and AAAA, by Facts.Resolver
	Outside []Answer     `json:"outside"` // A and AAAA, by Lookups.Compare
	Verdict TruthVerdict `json:"verdict"`
	Landing []netip.Addr `json:"landing,omitempty"`      // the office's addresses that are known sinkholes
	Zones   []string     `json:"policy_zones,omitempty"` // whose SOA the office's resolver put beside its answer, as BIND marks what it rewrote
	Notes   []TruthNote  `json:"notes,omitempty"`
	Error   string       `json:"error,omitempty"`
}

// TruthVerdict says what the two have in common.
type TruthVerdict string

// The verdicts. Two that differ prove nothing alone: networks for delivering content answer each asker with an address near him.
const (
	TruthSame    TruthVerdict = "same"    // the same addresses, or that there is none
	TruthDiffers TruthVerdict = "differs" // other addresses; notes say what they share
	TruthStopped TruthVerdict = "stopped" // the office gets a known sinkhole; or no such name, or a marked rewriting, where outside there is an address
	TruthUnknown TruthVerdict = "unknown" // one of them gave no usable answer
)

// TruthNote is something that a reader of the verdict should know.
type TruthNote string

// The notes.
const (
	SharesAddress TruthNote = "shares_address" // some addresses are the same
	SharesASN     TruthNote = "shares_asn"     // an address of each is announced by the same autonomous system
	SharesNetwork TruthNote = "shares_network" // an address of each lies in the same /16 (IPv4) or /32 (IPv6)
	OfficeNone    TruthNote = "office_none"    // the office gets no address, but is told that the name is there
	OutsideNone   TruthNote = "outside_none"   // outside there is no address
	OutsideLands  TruthNote = "outside_lands"  // outside leads to a known sinkhole, too
	OneFamily     TruthNote = "one_family"     // one kind of address was not answered by both and is left out
)

// truth asks both resolvers at once.
func (l *lookup) truth(ctx context.Context, f Facts) *Truth {
	if f.ASCII == "" {
		return nil // an address needs no resolver
	}
	t := &Truth{Name: f.ASCII, Verdict: TruthUnknown, Office: make([]Answer, 2), Outside: make([]Answer, 2)}
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
	t.judge(l.Sinkholes, l.ASN)
	return t
}

// judge compares only the kinds of address that both were able to say something about.
func (t *Truth) judge(sinkholes []netip.Addr, table *ASNTable) {
	var office, outside side
	compared := 0
	for i := range t.Office {
		t.Zones = append(t.Zones, policyZones(t.Office[i])...)
		lands := slices.DeleteFunc(t.Office[i].addresses(), func(a netip.Addr) bool { return !slices.Contains(sinkholes, a) })
		t.Landing = append(t.Landing, lands...)
		if usable(t.Office[i]) && usable(t.Outside[i]) {
			office.add(t.Office[i])
			outside.add(t.Outside[i])
			compared++
		}
	}
	if compared == 1 {
		t.note(OneFamily)
	}
	slices.Sort(t.Zones)
	t.Zones = slices.Compact(t.Zones)
	if slices.ContainsFunc(outside.addresses, func(a netip.Addr) bool { return slices.Contains(sinkholes, a) }) {
		t.note(OutsideLands)
	}
	t.Verdict = t.decide(office, outside)
	if t.Verdict == TruthDiffers {
		t.compare(office.addresses, outside.addresses, table)
	}
}

// side is what one resolver says of the name.
type side struct {
	answered, missing bool // missing: there is no such name (NXDOMAIN, RFC 8020: of any type)
	addresses         []netip.Addr
}

func (s *side) add(a Answer) {
	s.answered = true
	s.missing = s.missing || a.Code == "NXDOMAIN"
	s.addresses = append(s.addresses, a.addresses()...)
}

func (t *Truth) decide(office, outside side) TruthVerdict {
	elsewhere := len(outside.addresses) > 0 && !slices.Contains(t.Notes, OutsideLands)
	rewritten := len(t.Zones) > 0 && !sameSet(office.addresses, outside.addresses)
	switch {
	case len(t.Landing) > 0:
		return TruthStopped
	case !office.answered:
		return TruthUnknown
	case elsewhere && (office.missing && len(office.addresses) == 0 || rewritten):
		return TruthStopped
	case sameSet(office.addresses, outside.addresses):
		return TruthSame
	}
	return TruthDiffers
}

// compare tells what two different sets of addresses have in common.
func (t *Truth) compare(office, outside []netip.Addr, table *ASNTable) {
	if len(office) == 0 {
		t.note(OfficeNone)
	}
	if len(outside) == 0 {
		t.note(OutsideNone)
	}
	for _, a := range office {
		for _, b := range outside {
			x, known := table.Find(a)
			y, _ := table.Find(b)
			switch {
			case a == b:
				t.note(SharesAddress)
			case known && x.ASN == y.ASN:
				t.note(SharesASN)
			}
			if a != b && near(a, b) {
				t.note(SharesNetwork)
			}
		}
	}
}

func (t *Truth) note(n TruthNote) {
	if !slices.Contains(t.Notes, n) {
		t.Notes = append(t.Notes, n)
	}
}

// usable says whether an answer says something about the name; a resolver that failed or refused does not.
func usable(a Answer) bool { return a.Error == "" && (a.Code == "NOERROR" || a.Code == "NXDOMAIN") }

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
func policyZones(a Answer) []string {
	var list []string
	for _, r := range a.Records {
		if r.Section == "additional" && r.Type == "SOA" {
			list = append(list, strings.TrimSuffix(strings.ToLower(r.Name), "."))
		}
	}
	return list
}
