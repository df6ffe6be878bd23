package rpz_test

import (
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"yuzheng/casefile/rpz/resolvertest"
)

// The true addresses of every name in the world.
var (
	truth  = netip.MustParseAddr("192.0.2.77")
	truth6 = netip.MustParseAddr("2001:db8::77")
)

// world answers for all names that there are, as an outside resolver would to whom questions are forwarded. Every name has
// addresses, but for those whose servers are dead.
type world struct {
	address string
	aliases map[string]string // name to what it is an alias of
	dead    string            // names below this one get no answer but SERVFAIL
	signed  string            // names below this one come with signatures, for who asks for them
}

func (w *world) start(t *testing.T) {
	t.Helper()
	udp, err := net.ListenPacket("udp", resolvertest.FreePort(t))
	if err != nil {
		t.Fatal(err)
	}
	w.address = udp.LocalAddr().String()
	tcp, err := net.Listen("tcp", w.address)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []*dns.Server{{PacketConn: udp, Handler: w}, {Listener: tcp, Handler: w}} {
		go s.ActivateAndServe() //nolint:errcheck // ends with its socket
	}
	t.Cleanup(func() { _, _ = udp.Close(), tcp.Close() })
}

// ServeDNS answers one question.
func (w *world) ServeDNS(to dns.ResponseWriter, asked *dns.Msg) {
	m := new(dns.Msg).SetReply(asked)
	m.RecursionAvailable = true
	o := asked.IsEdns0()
	if o != nil {
		m.SetEdns0(4096, o.Do())
	}
	q := asked.Question[0]
	name := strings.ToLower(q.Name)
	if w.dead != "" && strings.HasSuffix(name, "."+w.dead+".") {
		m.Rcode = dns.RcodeServerFailure
	} else {
		w.fill(m, q, name, o != nil && o.Do())
	}
	_ = to.WriteMsg(m)
}

func (w *world) fill(m *dns.Msg, q dns.Question, name string, do bool) {
	owner := q.Name
	for to, is := w.aliases[strings.TrimSuffix(name, ".")]; is; to, is = w.aliases[strings.TrimSuffix(owner, ".")] {
		m.Answer = append(m.Answer, &dns.CNAME{Hdr: header(owner, dns.TypeCNAME), Target: dns.Fqdn(to)})
		owner = dns.Fqdn(to)
	}
	h := header(owner, q.Qtype)
	switch q.Qtype {
	case dns.TypeA:
		m.Answer = append(m.Answer, &dns.A{Hdr: h, A: truth.AsSlice()})
	case dns.TypeAAAA:
		m.Answer = append(m.Answer, &dns.AAAA{Hdr: h, AAAA: truth6.AsSlice()})
	case dns.TypeTXT:
		m.Answer = append(m.Answer, &dns.TXT{Hdr: h, Txt: []string{"true"}})
	case dns.TypeHTTPS:
		m.Answer = append(m.Answer, &dns.HTTPS{SVCB: dns.SVCB{Hdr: h, Priority: 1, Target: ".", Value: []dns.SVCBKeyValue{&dns.SVCBIPv4Hint{Hint: []net.IP{truth.AsSlice()}}}}})
	default:
		m.Ns = append(m.Ns, &dns.SOA{Hdr: header(".", dns.TypeSOA), Ns: ".", Mbox: ".", Serial: 1, Refresh: 60, Retry: 60, Expire: 60, Minttl: 60})
		return
	}
	if do && w.signed != "" && strings.HasSuffix(name, "."+w.signed+".") {
		m.Answer = append(m.Answer, &dns.RRSIG{
			Hdr: header(owner, dns.TypeRRSIG), TypeCovered: q.Qtype, Algorithm: dns.ECDSAP256SHA256, Labels: uint8(dns.CountLabel(owner)), OrigTtl: 60,
			Expiration: 4_000_000_000, Inception: 1_000_000_000, KeyTag: 1, SignerName: w.signed + ".", Signature: strings.Repeat("A", 86) + "==",
		})
	}
}

func header(name string, kind uint16) dns.RR_Header {
	return dns.RR_Header{Name: name, Rrtype: kind, Class: dns.ClassINET, Ttl: 60}
}
