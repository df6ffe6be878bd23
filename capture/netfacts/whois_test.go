package netfacts_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"
	"golang.org/x/text/encoding/traditionalchinese"

	"yuzheng/capture/netfacts"
	"yuzheng/casefile/evidence"
)

// port43 serves what answer writes, and gives the server's address. It keeps the lines that it was sent.
type port43 struct {
	address string
	mu      sync.Mutex
	lines   []string
}

func whoisServer(t *testing.T, answer func(w net.Conn, line string)) *port43 {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &port43{address: listener.Addr().String()}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			running.Go(func() {
				defer conn.Close()
				line, err := bufio.NewReader(conn).ReadString('\n')
				if err != nil {
					return
				}
				s.mu.Lock()
				s.lines = append(s.lines, line)
				s.mu.Unlock()
				answer(conn, strings.TrimSuffix(line, "\r\n"))
			})
		}
	})
	t.Cleanup(func() { _ = listener.Close(); running.Wait() })
	return s
}

// says answers everybody the same.
func says(body string) func(net.Conn, string) {
	return func(w net.Conn, _ string) { _, _ = w.Write([]byte(body)) }
}

func lookWHOIS(t *testing.T, host, server string) evidence.NetworkFacts {
	t.Helper()
	return netfacts.Look(t.Context(), options(t, host, evidence.Lookups{WHOIS: true, WHOISServer: server, Resolver: "127.0.0.1:1"}))
}

const registrarSays = "Domain Name: SHOP.EXAMPLE\r\nRegistrar WHOIS Server: %s\r\nRegistrar: Another Name\r\n" +
	"Registrar Registration Expiration Date: 2027-10-02T00:00:00Z\r\nUpdated Date: 2026-11-01T00:00:00Z\r\n"

// The registry is believed before the registrar, and every byte of both is kept.
func TestReferralsAreFollowed(t *testing.T) {
	var registrar *port43
	registrar = whoisServer(t, func(w net.Conn, _ string) { fmt.Fprintf(w, registrarSays, registrar.address) }) // it names itself, as they do
	body := "Domain Name: SHOP.EXAMPLE\r\nRegistrar WHOIS Server: " + registrar.address + "\r\nRegistrar: 教學註冊商\r\n" +
		"Creation Date: 2026-10-01T03:04:05Z\r\nRegistry Expiry Date: 2027-10-01T03:04:05Z\r\n" +
		"Domain Status: clientHold https://icann.org/epp#clientHold\r\nName Server: NS1.SHOP.EXAMPLE\r\nName Server: NS2.SHOP.EXAMPLE.\r\n" +
		">>> Last update of whois database: 2026-11-23T00:00:00Z <<<\r\n"
	registry := whoisServer(t, says(body))
	f := lookWHOIS(t, "www.shop.example", registry.address)
	w := f.WHOIS
	if len(w.Hops) != 2 || w.Hops[0].Error+w.Hops[1].Error != "" || string(w.Hops[0].Body) != body || w.Hops[0].Refers != registrar.address {
		t.Fatalf("hops %+v", w.Hops)
	}
	if w.Registrar != "教學註冊商" || w.Created != "2026-10-01T03:04:05Z" || w.Expires != "2027-10-01T03:04:05Z" || w.Updated != "2026-11-01T00:00:00Z" ||
		!slices.Equal(w.Servers, []string{"ns1.shop.example", "ns2.shop.example"}) || !slices.Equal(w.Status, []string{"clientHold"}) {
		t.Errorf("read as %+v", w.WHOISRecord)
	}
	if registry.lines[0] != "shop.example\r\n" || w.Query != "shop.example" || w.Hops[0].Encoding != "utf-8" || w.Hops[1].At.IsZero() {
		t.Errorf("asked %q; %+v", registry.lines, w)
	}
	for _, c := range f.Contacts {
		if c.Reason != "whois" || c.Count != 1 {
			t.Errorf("contact %+v", c)
		}
	}
	if len(f.Contacts) != 2 && registry.address != registrar.address {
		t.Errorf("contacts %v", f.Contacts)
	}
}

// Without a server of one's own IANA is asked, and told no more than the top level; what it says of that is not read as the domain's.
func TestRootIsToldTheTopLevelOnly(t *testing.T) {
	registry := whoisServer(t, says("   Registration Service Provider: TRAINING\n"))
	root := whoisServer(t, says("refer: whois.registry.example\n\ndomain: TW\nnserver: A.DNS.TW 192.0.2.1\ncreated: 1989-07-31\nwhois: whois.other.example\n"))
	resolver := packets(t, func(request []byte) [][]byte {
		query := new(dns.Msg)
		if query.Unpack(request) != nil {
			return nil
		}
		to := map[string]string{"whois.iana.org.": "127.0.0.2", "whois.registry.example.": "127.0.0.3"}[query.Question[0].Name]
		reply := new(dns.Msg).SetReply(query)
		rr, err := dns.NewRR(query.Question[0].Name + " 60 IN A " + to)
		if err != nil {
			return nil
		}
		reply.Answer = []dns.RR{rr}
		b, _ := reply.Pack()
		return [][]byte{b}
	})
	o := options(t, "shop.com.tw", evidence.Lookups{WHOIS: true, Resolver: resolver})
	dial := o.Dial
	o.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		switch address {
		case "127.0.0.2:43":
			address = root.address
		case "127.0.0.3:43":
			address = registry.address
		}
		return dial(ctx, network, address)
	}
	w := netfacts.Look(t.Context(), o).WHOIS
	if len(w.Hops) != 2 || root.lines[0] != "tw\r\n" || registry.lines[0] != "shop.com.tw\r\n" || w.Hops[1].Server != "whois.registry.example:43" {
		t.Fatalf("hops %+v; asked %q, %q", w.Hops, root.lines, registry.lines)
	}
	if w.Registrar != "TRAINING" || w.Created != "" || w.Servers != nil {
		t.Errorf("read as %+v", w.WHOISRecord)
	}
}

func TestReferralsEnd(t *testing.T) {
	var ring [2]*port43
	for i := range ring {
		ring[i] = whoisServer(t, func(w net.Conn, _ string) { fmt.Fprintf(w, "refer: %s\n", ring[1-i].address) })
	}
	w := lookWHOIS(t, "shop.example", ring[0].address).WHOIS
	if len(w.Hops) != 2 || !strings.Contains(w.Hops[1].Error, "asked before") || w.Hops[0].Error != "" {
		t.Errorf("a ring: %+v", w.Hops)
	}
	chain := make([]*port43, 6)
	for i := range chain {
		chain[i] = whoisServer(t, func(w net.Conn, _ string) {
			if i+1 < len(chain) {
				fmt.Fprintf(w, "ReferralServer: rwhois://%s/\n", chain[i+1].address)
			}
		})
	}
	w = lookWHOIS(t, "shop.example", chain[0].address).WHOIS
	if len(w.Hops) != 4 || !strings.Contains(w.Hops[3].Error, "only 3 referrals") {
		t.Errorf("a long way: %+v", w.Hops)
	}
}

// A registry on the Internet cannot make us connect to a machine of the office, however its address is written.
func TestReferralsLeadToNoPrivateAddress(t *testing.T) {
	for _, host := range indoors {
		outside := whoisServer(t, says("refer: "+host+":43\n"))
		o := options(t, "shop.example", evidence.Lookups{WHOIS: true, WHOISServer: somewhere + ":43", Resolver: "127.0.0.1:1"})
		others := elsewhere(&o, "43", outside.address)
		f := netfacts.Look(t.Context(), o)
		if h := f.WHOIS.Hops; len(*others) > 0 || len(h) != 2 || h[1].Error == "" || len(h[1].Body) != 0 {
			t.Errorf("%s: asked %q, hops %+v", host, *others, h)
		}
		if len(f.Contacts) != 1 || f.Contacts[0].Host != somewhere {
			t.Errorf("%s: contacts %v", host, f.Contacts)
		}
	}
}

// Whatever comes is kept as it is and bounded, and the error is told.
func TestHostileWHOIS(t *testing.T) {
	big5, err := traditionalchinese.Big5.NewEncoder().String("Registrar: 詐騙註冊商股份有限公司\n")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		answer    func(net.Conn, string)
		kept      int
		failed    bool
		registrar string
		encoding  string
	}{
		"no answer": {func(net.Conn, string) {}, 0, true, "", ""},
		"endless": {func(w net.Conn, _ string) {
			for block := bytes.Repeat([]byte("Registrar: Endless\n"), 4096); ; {
				if _, err := w.Write(block); err != nil {
					return
				}
			}
		}, 256 << 10, true, "Endless", "utf-8"},
		"never closed": {func(w net.Conn, _ string) {
			_, _ = w.Write([]byte("Registrar: Half\nUpda"))
			_, _ = w.Read(make([]byte, 1)) // until the other side gives up
		}, 20, true, "Half", "utf-8"},
		"big5":          {says(big5), len(big5), false, "詐騙註冊商股份有限公司", "big5"},
		"latin":         {says("Registrar: Soci\xe9t\xe9 X\n"), 21, false, "Société X", "windows-1252"},
		"no encoding":   {says("Registrar: \x81\xff\x00\n"), 15, false, "\ufffdÿ", "windows-1252"},
		"control":       {says("Registrar: a\x1b[31mb\x07\u202ec\n"), 24, false, "a [31mb  c", "utf-8"},
		"no referral":   {says("refer: -\nrefer: http://\nwhois: a b\nrefer: ..\nrefer: 1:2:3\nregistrar whois server: x.example:99999\n"), 98, false, "", "utf-8"},
		"only newlines": {says(strings.Repeat("\n", 100_000)), 100_000, false, "", "utf-8"},
	} {
		server := whoisServer(t, c.answer)
		o := options(t, "shop.example", evidence.Lookups{WHOIS: true, WHOISServer: server.address, Resolver: "127.0.0.1:1"})
		if name == "never closed" {
			o.Timeout = 100 * time.Millisecond
		}
		w := netfacts.Look(t.Context(), o).WHOIS
		h := w.Hops[0]
		if len(w.Hops) != 1 || len(h.Body) != c.kept || (h.Error != "") != c.failed || w.Registrar != c.registrar || h.Encoding != c.encoding {
			t.Errorf("%s: %d hops, %d bytes, error %q, registrar %q, encoding %q", name, len(w.Hops), len(h.Body), h.Error, w.Registrar, h.Encoding)
		}
	}
}

func TestWhatIsAskedOfPort43(t *testing.T) {
	server := whoisServer(t, says("x"))
	for host, want := range map[string]string{"198.51.100.9": "198.51.100.9\r\n", "a.b.shop.com.tw": "shop.com.tw\r\n", "網址.tw": "xn--sesp80g.tw\r\n"} {
		server.lines = nil
		if lookWHOIS(t, host, server.address); len(server.lines) != 1 || server.lines[0] != want {
			t.Errorf("%s: asked %q", host, server.lines)
		}
	}
	for _, host := range []string{"127.0.0.1", "[fe80::1]", "100.64.0.1", "com.tw", "intranet"} {
		if f := lookWHOIS(t, host, server.address); f.WHOIS != nil || len(f.Contacts) != 0 {
			t.Errorf("%s: %+v", host, f.WHOIS)
		}
	}
}
