package chrome

import (
	"bytes"
	"net"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/miekg/dns"

	"yuzheng/capture/sitetest"
	"yuzheng/casefile/evidence"
)

// A name that changes its address from answer to answer, and that its own page asks for on another port, leads to no private service: what
// the operator opened is one name on one port.
func TestRebinding(t *testing.T) {
	t.Parallel()
	s := site(t, sitetest.Options{})
	at, err := url.Parse(s.URL("http", "bad", "/rebind"))
	if err != nil {
		t.Fatal(err)
	}
	at.Host = net.JoinHostPort(sitetest.RebindHost, at.Port())
	req := quick(s, at.String())
	req.Resolve, req.AllowPrivate, req.Lookups.Resolver = nil, []string{at.Host}, rebinder(t)
	res, sink := record(t, req)
	if res.Status != 200 || !bytes.Contains(sink.kept[evidence.TextTXT], []byte("重新綁定")) {
		t.Errorf("%s %d %q", res.Verdict, res.Status, res.Warnings)
	}
	if res.Verdict != evidence.Partial || len(res.Missing) == 0 {
		t.Errorf("%s, missing %v", res.Verdict, res.Missing)
	}
	if n := s.PrivateContacts(); n != 0 {
		t.Errorf("the private service counted %d connections", n)
	}
	checkSealed(t, res, sink)
}

// rebinder is a name server whose answers go from one loopback address to the next, none of them for longer than nothing.
func rebinder(t *testing.T) string {
	t.Helper()
	l, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var asked atomic.Int64
	handle := func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg).SetReply(q)
		if q.Question[0].Qtype == dns.TypeA {
			rr := &dns.A{
				Hdr: dns.RR_Header{Name: q.Question[0].Name, Rrtype: dns.TypeA, Class: dns.ClassINET},
				A:   net.IPv4(127, 0, 0, byte(asked.Add(1))),
			}
			m.Answer = append(m.Answer, rr)
		}
		_ = w.WriteMsg(m)
	}
	server := &dns.Server{PacketConn: l, Handler: dns.HandlerFunc(handle)}
	done := make(chan error, 1)
	go func() { done <- server.ActivateAndServe() }()
	t.Cleanup(func() { _ = server.Shutdown(); <-done })
	return l.LocalAddr().String()
}
