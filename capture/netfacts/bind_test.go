package netfacts_test

import (
	"fmt"
	"net"
	"net/netip"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"yuzheng/capture/netfacts"
	"yuzheng/casefile/evidence"
	"yuzheng/casefile/rpz/resolvertest"
)

const bindZone = `$TTL 300
@ IN SOA ns.training.example. hostmaster.training.example. 7 3600 600 604800 300
@ IN NS ns
@ IN CAA 0 issue "ca-training.example"
ns IN A 127.0.0.1
site IN A 203.0.113.10
site IN AAAA 2001:db8::10
www IN CNAME cdn
cdn IN CNAME site
stopped IN A 203.0.113.20
hidden IN A 203.0.113.21
silent IN A 203.0.113.22
moved IN A 203.0.113.23
here IN A 203.0.113.24
one IN A 198.51.100.1
two IN A 203.0.113.1
`

// bindPolicy is what the office's resolver is told to do: a landing page, no such name, no data, an address that nobody knows.
const bindPolicy = `$TTL 300
@ IN SOA localhost. This.is.an.infringing.website.rpztw. 7 60 60 86400 60
@ IN NS localhost.
stopped.training.example IN A 140.111.246.32
hidden.training.example IN CNAME .
silent.training.example IN CNAME *.
moved.training.example IN A 203.0.113.99
here.training.example IN CNAME rpz-passthru.
`

const bindConfig = `options {
	directory "DIR"; pid-file none; session-keyfile "DIR/session.key"; managed-keys-directory "DIR";
	listen-on port PORT { 127.0.0.1; }; listen-on-v6 { none; };
	recursion yes; dnssec-validation no; empty-zones-enable no; minimal-responses yes;
	POLICY
};
controls { };
zone "." { type primary; file "root"; };
zone "rpztw" { type primary; file "policy"; };
zone "training.example" { type primary; file "zone"; };
zone "broken.example" { type primary; file "no-such-file"; };
`

// What a resolver is told of policies.
const (
	withPolicy    = `response-policy { zone "rpztw"; };`
	withoutPolicy = ""
)

const bindRoot = `$TTL 300
@ IN SOA . . 1 3600 600 604800 300
@ IN NS localhost.
localhost. IN A 127.0.0.1
`

// bind starts BIND as a resolver, with its root and the training names at home, and gives its address.
func bind(t *testing.T, policy string) string {
	t.Helper()
	zone := bindZone + "long IN TXT " + strings.Repeat(`"`+strings.Repeat("x", 255)+`" `, 2) + "\n"
	for i := range 100 { // BIND wants no more of one name
		zone += fmt.Sprintf("large IN A 198.51.100.%d\n", i)
	}
	named := resolvertest.Resolver{
		Program: "named", Args: []string{"-g", "-n", "1", "-c", "DIR/named.conf"}, Ready: "sending notifies",
		Files: map[string]string{"zone": zone, "policy": bindPolicy, "root": bindRoot, "named.conf": strings.Replace(bindConfig, "POLICY", policy, 1)},
	}
	if policy == withPolicy {
		named.Ready = "reload done: success" // of the policy, somewhat later
	}
	address := resolvertest.FreePort(t)
	named.Start(t, t.TempDir(), "PORT", resolvertest.Port(address))
	return address
}

func TestWhatBINDSays(t *testing.T) {
	outside := bind(t, withoutPolicy)
	look := func(host string) evidence.NetworkFacts {
		return netfacts.Look(t.Context(), options(t, host, evidence.Lookups{DNS: true, Resolver: outside}))
	}
	a := find(t, look("www.training.example"), "www.training.example", "A")
	if len(a.Records) != 3 || a.Records[0].Type != "CNAME" || a.Records[2].Value != "203.0.113.10" || a.Records[2].Name != "site.training.example." {
		t.Errorf("behind two aliases: %+v", a)
	}
	a = find(t, look("www.training.example"), "training.example", "CAA")
	if len(a.Records) != 1 || a.Records[0].Value != `0 issue "ca-training.example"` {
		t.Errorf("authorised authorities: %+v", a)
	}
	a = find(t, look("long.training.example"), "long.training.example", "TXT")
	if len(a.Records) != 1 || strings.Count(a.Records[0].Value, "x") != 510 {
		t.Errorf("a long text: %+v", a)
	}
	a = find(t, look("large.training.example"), "large.training.example", "A")
	if a.Transport != "tcp" || len(a.Records) != 100 || len(a.Wire) < 1232 {
		t.Errorf("a large answer: %d records in %d bytes over %s", len(a.Records), len(a.Wire), a.Transport)
	}
	a = find(t, look("none.training.example"), "none.training.example", "A")
	if a.Code != "NXDOMAIN" || a.Error != "" || a.Records[0].Section != "authority" {
		t.Errorf("no such name: %+v", a)
	}
	if a := find(t, look("a.broken.example"), "a.broken.example", "A"); a.Code != "SERVFAIL" || a.Error != "" {
		t.Errorf("a broken zone: %+v", a)
	}
}

// dig reads the kept message as we do.
func TestDigAgrees(t *testing.T) {
	outside := bind(t, withoutPolicy)
	dig := resolvertest.Program(t, "dig")
	host, port, _ := net.SplitHostPort(outside)
	for name, kind := range map[string]string{"www.training.example": "A", "long.training.example": "TXT", "training.example": "SOA"} {
		out, err := exec.Command(dig, "+noall", "+answer", "-p", port, "@"+host, name, kind).Output()
		if err != nil {
			t.Fatal(err)
		}
		var ours []string
		for _, r := range find(t, netfacts.Look(t.Context(), options(t, name, evidence.Lookups{DNS: true, Resolver: outside})), name, kind).Records {
			ours = append(ours, fmt.Sprintf("%s %d IN %s %s", r.Name, r.TTL, r.Type, r.Value))
		}
		var theirs []string
		for line := range strings.Lines(string(out)) {
			theirs = append(theirs, strings.Join(strings.Fields(line), " "))
		}
		if !slices.Equal(ours, theirs) {
			t.Errorf("%s %s:\nours   %q\ndig's  %q", name, kind, ours, theirs)
		}
	}
}

func TestTruthWithBIND(t *testing.T) {
	office, outside := bind(t, withPolicy), bind(t, withoutPolicy)
	sinkhole := netip.MustParseAddr("140.111.246.32")
	for host, want := range map[string]evidence.ResolverVerdict{
		"www.training.example":     evidence.ResolversSame,
		"here.training.example":    evidence.ResolversSame,
		"none.training.example":    evidence.ResolversSame,
		"stopped.training.example": evidence.ResolverStopped,
		"hidden.training.example":  evidence.ResolverStopped,
		"silent.training.example":  evidence.ResolverStopped,
		"moved.training.example":   evidence.ResolverStopped,
		"a.broken.example":         evidence.ResolversUnknown,
	} {
		o := options(t, host, evidence.Lookups{Resolver: office, Compare: outside})
		o.Sinkholes = []netip.Addr{sinkhole}
		f := netfacts.Look(t.Context(), o)
		truth := f.Resolvers
		if truth.Verdict != want || truth.Name != host || truth.Error != "" {
			t.Errorf("%s: %+v", host, truth)
		}
		if lands := slices.Equal(truth.Landing, []netip.Addr{sinkhole}); lands != (host == "stopped.training.example") {
			t.Errorf("%s lands at %v", host, truth.Landing)
		}
		if marked := slices.Equal(truth.Zones, []string{"rpztw"}); marked != (want == evidence.ResolverStopped) {
			t.Errorf("%s: policy zones %v", host, truth.Zones)
		}
		if len(f.DNS) != 0 || len(f.Contacts) != 2 || f.Contacts[0].Count != 2 || f.Contacts[1].Count != 2 {
			t.Errorf("%s: contacts %v", host, f.Contacts)
		}
	}
}

// answering is a resolver that knows addresses by name, "-" for no such name, "!" for a failure of its own; nothing else has data.
func answering(t *testing.T, zone map[string]string) string {
	return packets(t, func(request []byte) [][]byte {
		query := new(dns.Msg)
		if query.Unpack(request) != nil {
			return nil
		}
		q, reply := query.Question[0], new(dns.Msg).SetReply(query)
		for _, value := range strings.Fields(zone[strings.TrimSuffix(q.Name, ".")]) {
			kind := "A"
			switch {
			case value == "-":
				reply.Rcode = dns.RcodeNameError
				continue
			case value == "!":
				reply.Rcode = dns.RcodeServerFailure
				continue
			case strings.Contains(value, ":"):
				kind = "AAAA"
			}
			if rr, err := dns.NewRR(q.Name + " 60 IN " + kind + " " + value); err == nil && dns.StringToType[kind] == q.Qtype {
				reply.Answer = append(reply.Answer, rr)
			}
		}
		b, _ := reply.Pack()
		return [][]byte{b}
	})
}

func TestTruth(t *testing.T) {
	table, err := netfacts.ReadASN("training", "1", strings.NewReader("198.51.100.0,198.51.100.255,64500,One\n203.0.113.0,203.0.113.255,64500,One\n"))
	if err != nil {
		t.Fatal(err)
	}
	const sinkhole = "192.0.2.1"
	for name, c := range map[string]struct {
		office, outside string
		verdict         evidence.ResolverVerdict
		notes           []evidence.ResolverNote
	}{
		"same, turned around":        {"198.51.100.1 198.51.100.2", "198.51.100.2 198.51.100.1", evidence.ResolversSame, nil},
		"neither has it":             {"-", "-", evidence.ResolversSame, nil},
		"neither has an address":     {"", "-", evidence.ResolversSame, nil},
		"sinkhole":                   {sinkhole, "198.51.100.1", evidence.ResolverStopped, nil},
		"sinkhole, outside is dead":  {sinkhole, "!", evidence.ResolverStopped, nil},
		"sinkhole for both":          {sinkhole, sinkhole, evidence.ResolverStopped, []evidence.ResolverNote{evidence.OutsideLands}},
		"sinkhole outside":           {"198.51.100.1", sinkhole, evidence.ResolversDiffer, []evidence.ResolverNote{evidence.OutsideLands}},
		"no such name here":          {"-", "198.51.100.1", evidence.ResolverStopped, nil},
		"no such name outside":       {"198.51.100.1", "-", evidence.ResolversDiffer, []evidence.ResolverNote{evidence.OutsideNone}},
		"no such name, no word":      {"-", "!", evidence.ResolversUnknown, nil},
		"no such name, a sinkhole":   {"-", sinkhole, evidence.ResolversDiffer, []evidence.ResolverNote{evidence.OutsideLands, evidence.OfficeNone}},
		"no data":                    {"", "198.51.100.1", evidence.ResolversDiffer, []evidence.ResolverNote{evidence.OfficeNone}},
		"office is dead":             {"!", "198.51.100.1", evidence.ResolversUnknown, nil},
		"one in common":              {"198.51.100.1 192.0.2.9", "198.51.100.1", evidence.ResolversDiffer, []evidence.ResolverNote{evidence.SharesAddress}},
		"another network, same ASN":  {"198.51.100.1", "203.0.113.1", evidence.ResolversDiffer, []evidence.ResolverNote{evidence.SharesASN}},
		"same network":               {"192.0.2.8", "192.0.2.9", evidence.ResolversDiffer, []evidence.ResolverNote{evidence.SharesNetwork}},
		"same network of IPv6":       {"2001:db8::8", "2001:db8:ffff::9", evidence.ResolversDiffer, []evidence.ResolverNote{evidence.SharesNetwork}},
		"nothing in common":          {"192.0.2.8", "203.0.113.9 2001:db8::1", evidence.ResolversDiffer, nil},
		"an address like a sinkhole": {"192.0.2.10", "192.0.2.10", evidence.ResolversSame, nil},
	} {
		host := "shop.example"
		o := options(t, host, evidence.Lookups{
			Resolver: answering(t, map[string]string{host: c.office}), Compare: answering(t, map[string]string{host: c.outside}),
		})
		o.Sinkholes, o.ASN = []netip.Addr{netip.MustParseAddr(sinkhole)}, table
		got := netfacts.Look(t.Context(), o).Resolvers
		if got.Verdict != c.verdict || !slices.Equal(got.Notes, c.notes) {
			t.Errorf("%s: %s %v, want %s %v", name, got.Verdict, got.Notes, c.verdict, c.notes)
		}
	}
}

// A name for a resolver is refused before anybody is asked, and an address needs none.
func TestTruthNeedsAResolverByAddress(t *testing.T) {
	for _, compare := range []string{"dns.example:53", "127.0.0.1", "nonsense"} {
		f := netfacts.Look(t.Context(), options(t, "shop.example", evidence.Lookups{Resolver: "127.0.0.1:1", Compare: compare}))
		if f.Resolvers.Error == "" || f.Resolvers.Verdict != evidence.ResolversUnknown || len(f.Contacts) != 0 {
			t.Errorf("%s: %+v", compare, f.Resolvers)
		}
	}
	if f := netfacts.Look(t.Context(), options(t, "192.0.2.1", evidence.Lookups{Resolver: "127.0.0.1:1", Compare: "127.0.0.1:1"})); f.Resolvers != nil {
		t.Errorf("truth about an address: %+v", f.Resolvers)
	}
}
