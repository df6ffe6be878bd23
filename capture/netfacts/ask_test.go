package netfacts_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/miekg/dns"

	"yuzheng/capture/loopback"
	"yuzheng/capture/netfacts"
	"yuzheng/casefile/evidence"
	"yuzheng/casefile/rpz/resolvertest"
)

// certified is the name in the certificate of the resolvers of tests.
const certified = "dns.office.example"

// talker answers over every transport with what say makes of a question: the bytes of its messages.
type talker struct {
	say       func(query *dns.Msg) [][]byte
	authority *loopback.Authority

	mu         sync.Mutex
	now, most  int // questions that are answered at the moment
	seen, open int // questions, and connections
}

func (k *talker) answer(request []byte) [][]byte {
	query := new(dns.Msg)
	if query.Unpack(request) != nil || len(query.Question) != 1 {
		return nil
	}
	k.mu.Lock()
	k.seen++
	k.now++
	k.most = max(k.most, k.now)
	k.mu.Unlock()
	defer func() {
		k.mu.Lock()
		k.now--
		k.mu.Unlock()
	}()
	return k.say(query)
}

// start listens and gives the resolvers as a person would write them, by transport.
func (k *talker) start(t *testing.T) map[string]string {
	t.Helper()
	var err error
	if k.authority, err = loopback.NewAuthority(time.Now(), nil); err != nil {
		t.Fatal(err)
	}
	udp, err := net.ListenPacket("udp", resolvertest.FreePort(t))
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(func() {
		request := make([]byte, dns.MaxMsgSize)
		for {
			n, from, err := udp.ReadFrom(request)
			if err != nil {
				return
			}
			asked := bytes.Clone(request[:n])
			running.Go(func() {
				for _, m := range k.answer(asked) {
					_, _ = udp.WriteTo(m, from)
				}
			})
		}
	})
	trust := &tls.Config{GetCertificate: k.authority.Certificate}
	plain, secure := listen(t, udp.LocalAddr().String(), nil), listen(t, "127.0.0.1:0", trust)
	for _, l := range []net.Listener{plain, secure} {
		running.Go(func() { k.serve(&running, l) })
	}
	web := httptest.NewUnstartedServer(http.HandlerFunc(k.web))
	web.TLS, web.EnableHTTP2, web.Config.ErrorLog = trust, true, log.New(io.Discard, "", 0)
	web.StartTLS()
	t.Cleanup(func() {
		web.CloseClientConnections()
		web.Close()
		_, _, _ = udp.Close(), plain.Close(), secure.Close()
		running.Wait()
	})
	return map[string]string{
		"udp": udp.LocalAddr().String(), "tcp": "tcp://" + plain.Addr().String(), "tls": "tls://" + secure.Addr().String() + "#" + certified,
		"https": "https://" + web.Listener.Addr().String() + "/dns-query#" + certified,
	}
}

func listen(t *testing.T, address string, trust *tls.Config) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	if trust != nil {
		return tls.NewListener(l, trust)
	}
	return l
}

func (k *talker) serve(running *sync.WaitGroup, l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		k.mu.Lock()
		k.open++
		k.mu.Unlock()
		running.Go(func() {
			defer conn.Close()
			c := &dns.Conn{Conn: conn}
			for {
				request, err := c.ReadMsgHeader(nil)
				if err != nil {
					return
				}
				for _, m := range k.answer(request) {
					_, _ = c.Write(m)
				}
			}
		})
	}
}

func (k *talker) web(w http.ResponseWriter, r *http.Request) {
	request, _ := io.ReadAll(r.Body)
	if r.Method != http.MethodPost || r.ProtoMajor != 2 || r.Header.Get("Content-Type") != "application/dns-message" || r.Host == "" {
		http.Error(w, "no", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/dns-message")
	for _, m := range k.answer(request) {
		_, _ = w.Write(m)
	}
}

// truly answers every question for an address with one, and everything else with nothing.
func truly(query *dns.Msg) *dns.Msg {
	reply := new(dns.Msg).SetReply(query)
	q := query.Question[0]
	text := map[uint16]string{dns.TypeA: "A 192.0.2.7", dns.TypeAAAA: "AAAA 2001:db8::7"}[q.Qtype]
	if rr, err := dns.NewRR(q.Name + " 60 IN " + text); err == nil && text != "" {
		reply.Answer = append(reply.Answer, rr)
	}
	return reply
}

func packed(m *dns.Msg) []byte {
	b, err := m.Pack()
	if err != nil {
		panic(err)
	}
	return b
}

func honest(query *dns.Msg) [][]byte { return [][]byte{packed(truly(query))} }

// filled is an answer of addresses, as many as go into so many bytes.
func filled(query *dns.Msg, size int) []byte {
	m := packed(&dns.Msg{MsgHdr: dns.MsgHdr{Id: query.Id, Response: true}, Question: query.Question})
	n := max(0, size-len(m)) / 16
	m[6], m[7] = byte(n>>8), byte(n)
	return append(m, bytes.Repeat([]byte{0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7}, n)...)
}

// ask asks a resolver and gathers what it says.
func ask(
	t *testing.T, k *talker, resolver string, timeout time.Duration, questions []netfacts.Question,
) (evidence.AskedResolver, []evidence.ResolverAnswer, []evidence.Contact) {
	t.Helper()
	r, err := netfacts.ParseResolver(resolver)
	if err != nil {
		t.Fatal(err)
	}
	var list []evidence.ResolverAnswer
	told, contacts, err := netfacts.Ask(t.Context(), netfacts.Asking{
		Resolver: r, Questions: questions, Now: time.Now, Dial: here(t), Roots: k.authority.Pool(), Timeout: timeout,
	}, func(a evidence.ResolverAnswer) error { list = append(list, a); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return told, list, contacts
}

func numbered(n int) (list []netfacts.Question) {
	for i := range n {
		list = append(list, netfacts.Question{Name: fmt.Sprintf("n%d.bad.example", i), Type: "A"})
	}
	return list
}

// TestAskOverEveryTransport: the same question gets the same answer over each, with both messages as they were, and the certificate of who answered.
func TestAskOverEveryTransport(t *testing.T) {
	k := &talker{say: honest}
	both := []netfacts.Question{{Name: "bad.example", Type: "A"}, {Name: "bad.example", Type: "AAAA"}}
	for transport, resolver := range k.start(t) {
		told, list, contacts := ask(t, k, resolver, 10*time.Second, both)
		if told.End != evidence.ResolverDone || told.Asked != 2 || told.Answered != 2 || len(list) != 2 || told.Error != "" {
			t.Fatalf("%s: %+v, %+v", transport, told, list)
		}
		for _, a := range list {
			query, reply := new(dns.Msg), new(dns.Msg)
			if err := errors.Join(query.Unpack(a.Query), reply.Unpack(a.Wire)); err != nil || query.Question[0].Name != "bad.example." || !query.RecursionDesired {
				t.Errorf("%s: kept %v, %v", transport, query, err)
			}
			if o := query.IsEdns0(); o == nil || o.Do() {
				t.Errorf("%s: a device of the public wants no signatures", transport)
			}
			if len(a.Records) != 1 || a.Code != "NOERROR" || a.Transport != transport || !strings.HasPrefix(a.Server, "127.0.0.1:") || a.At.IsZero() {
				t.Errorf("%s: %+v", transport, a)
			}
		}
		if len(contacts) == 0 || contacts[0].Reason != "dns" || contacts[0].Address != list[0].Server {
			t.Errorf("%s: contacts %+v", transport, contacts)
		}
		secure := transport == "tls" || transport == "https"
		if secure != (len(told.Certificates) == 1) {
			t.Fatalf("%s: certificates %+v", transport, told.Certificates)
		}
		if secure {
			own, err := k.authority.Certificate(&tls.ClientHelloInfo{ServerName: certified})
			if err != nil {
				t.Fatal(err)
			}
			c, err := x509.ParseCertificate(own.Certificate[0])
			if err != nil {
				t.Fatal(err)
			}
			if want := netfacts.Certificates([][]byte{c.Raw}, netfacts.Judge{})[0].Pin; told.Certificates[0].Pin != want || len(told.Certificates[0].Problems) > 0 {
				t.Errorf("%s: %+v, want the key %s", transport, told.Certificates[0], want)
			}
		}
	}
}

// TestHostileAnswers: what answers another question, or is no message, is passed over; what is an answer is bounded; nothing ends the asking.
func TestHostileAnswers(t *testing.T) {
	other := func(change func(*dns.Msg)) func(*dns.Msg) [][]byte {
		return func(query *dns.Msg) [][]byte {
			m := truly(query)
			change(m)
			return [][]byte{packed(m)}
		}
	}
	for name, c := range map[string]struct {
		say      func(*dns.Msg) [][]byte
		answered bool
		records  int
		leftOut  bool
	}{
		"another number": {other(func(m *dns.Msg) { m.Id ^= 1 }), false, 0, false},
		"another name":   {other(func(m *dns.Msg) { m.Question[0].Name = "good.example." }), false, 0, false},
		"another type":   {other(func(m *dns.Msg) { m.Question[0].Qtype = dns.TypeMX }), false, 0, false},
		"no question":    {other(func(m *dns.Msg) { m.Question = nil }), false, 0, false},
		"a question":     {other(func(m *dns.Msg) { m.Response = false }), false, 0, false},
		"forged before true": {func(query *dns.Msg) [][]byte {
			m := truly(query)
			m.Id ^= 1
			return append([][]byte{packed(m), {1, 2, 3}}, honest(query)...)
		}, true, 1, false},
		"cut in its middle": {func(query *dns.Msg) [][]byte { m := honest(query)[0]; return [][]byte{m[:len(m)-3]} }, false, 0, false},
		"nothing":           {func(*dns.Msg) [][]byte { return [][]byte{{}} }, false, 0, false},
		"always cut short":  {other(func(m *dns.Msg) { m.Truncated = true }), false, 1, false},
		"a name that points at itself": {func(query *dns.Msg) [][]byte {
			m := packed(new(dns.Msg).SetReply(query))
			m[7] = 1 // one answer
			return [][]byte{append(m, 0xc0, byte(len(m)), 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7)}
		}, false, 0, false},
		"aliases in a ring": {func(query *dns.Msg) [][]byte {
			m := new(dns.Msg).SetReply(query)
			for i := range 600 {
				rr, err := dns.NewRR(fmt.Sprintf("c%d. 60 IN CNAME c%d.", i, (i+1)%600))
				if err != nil {
					panic(err)
				}
				m.Answer = append(m.Answer, rr)
			}
			return [][]byte{packed(m)}
		}, true, 512, true},
		"as long as a message can be": {func(query *dns.Msg) [][]byte { return [][]byte{filled(query, dns.MaxMsgSize)} }, true, 512, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := &talker{say: c.say}
			for transport, resolver := range k.start(t) {
				if transport == "https" && name == "another number" {
					continue // there it says nothing: the connection tells which answer it is
				}
				if transport == "https" && name == "forged before true" {
					continue // one answer has one body
				}
				if transport == "udp" && name == "as long as a message can be" {
					continue // no datagram is as long
				}
				told, list, _ := ask(t, k, resolver, 300*time.Millisecond, []netfacts.Question{{Name: "bad.example", Type: "A"}})
				a := list[0]
				if told.End != evidence.ResolverDone || (a.Error == "") != c.answered || len(a.Records) != c.records || (a.LeftOut > 0) != c.leftOut {
					t.Errorf("%s: %+v, error %q, %d records and %d left out", transport, told, a.Error, len(a.Records), a.LeftOut)
				}
				if name == "forged before true" && a.PassedOver != 2 {
					t.Errorf("%s: %d messages passed over", transport, a.PassedOver)
				}
			}
		})
	}
}

// TestSilentResolver: who answers nothing is given up, long before everything was asked; who is slow about some names alone is not.
func TestSilentResolver(t *testing.T) {
	silent := &talker{say: func(*dns.Msg) [][]byte { return nil }}
	told, list, _ := ask(t, silent, silent.start(t)["udp"], 20*time.Millisecond, numbered(5000))
	if told.End != evidence.ResolverSilent || told.Error == "" || told.Answered != 0 || len(list) != told.Asked || told.Asked > 60 {
		t.Errorf("%+v after %d answers", told, len(list))
	}
	dead := &talker{say: func(query *dns.Msg) [][]byte {
		if query.Question[0].Qtype == dns.TypeNS {
			return honest(query)
		}
		return nil
	}}
	told, list, _ = ask(t, dead, dead.start(t)["tcp"], 20*time.Millisecond, numbered(100))
	if told.End != evidence.ResolverDone || len(list) < 100 || told.Answered != len(list)-100 {
		t.Errorf("%+v after %d answers", told, len(list))
	}
}

// TestUntrusted: a certificate of another authority, or for another name, ends it before anything was asked, and is kept.
func TestUntrusted(t *testing.T) {
	k := &talker{say: honest}
	at := k.start(t)
	for _, transport := range []string{"tls", "https"} {
		r, err := netfacts.ParseResolver(strings.Replace(at[transport], certified, "127.0.0.1", 1))
		if err != nil {
			t.Fatal(err)
		}
		other, err := loopback.NewAuthority(time.Now(), nil)
		if err != nil {
			t.Fatal(err)
		}
		wrong, err := netfacts.ParseResolver(at[transport])
		if err != nil {
			t.Fatal(err)
		}
		for why, o := range map[string]netfacts.Asking{
			"name": {Resolver: r, Roots: k.authority.Pool()}, "authority": {Resolver: wrong, Roots: other.Pool()},
		} {
			o.Questions, o.Now, o.Dial = numbered(50), time.Now, here(t)
			told, contacts, err := netfacts.Ask(t.Context(), o, func(evidence.ResolverAnswer) error { return errors.New("answered") })
			if err != nil || told.End != evidence.ResolverUntrusted || told.Asked != 0 || len(contacts) == 0 || len(told.Certificates) != 1 {
				t.Errorf("%s, %s: %+v, %v", transport, why, told, err)
			}
		}
	}
	if k.seen != 0 {
		t.Errorf("%d questions were seen", k.seen)
	}
}

// TestResolverByName: the address of a resolver that is a name comes from the resolver that is there for it, and both are told.
func TestResolverByName(t *testing.T) {
	k := &talker{say: func(query *dns.Msg) [][]byte {
		m := truly(query)
		if query.Question[0].Name == certified+"." && query.Question[0].Qtype == dns.TypeA {
			m.Answer[0].(*dns.A).A = net.IPv4(127, 0, 0, 1)
		}
		return [][]byte{packed(m)}
	}}
	at := k.start(t)
	r, err := netfacts.ParseResolver(strings.Replace(strings.TrimSuffix(at["https"], "#"+certified), "127.0.0.1", certified, 1))
	if err != nil {
		t.Fatal(err)
	}
	told, contacts, err := netfacts.Ask(t.Context(), netfacts.Asking{
		Resolver: r, Questions: numbered(3), Bootstrap: at["udp"], Now: time.Now, Dial: here(t), Roots: k.authority.Pool(),
	}, func(evidence.ResolverAnswer) error { return nil })
	if err != nil || told.Answered != 3 || len(contacts) != 2 {
		t.Fatalf("%+v, %+v, %v", told, contacts, err)
	}
	for _, c := range contacts {
		if c.Reason != "dns" || c.Host != at["udp"] && c.Host != certified || !strings.HasPrefix(c.Address, "127.0.0.1:") {
			t.Errorf("%+v", c)
		}
	}
}

// TestManyQuestionsAtOnceAreFew: five hundred targets, as many questions as they take, and never more than eight on their way; TCP and TLS keep
// their connections.
func TestManyQuestionsAtOnceAreFew(t *testing.T) {
	k := &talker{say: honest}
	for transport, resolver := range k.start(t) {
		k.mu.Lock()
		k.most, k.seen, k.open = 0, 0, 0
		k.mu.Unlock()
		begun := time.Now()
		told, list, _ := ask(t, k, resolver, 10*time.Second, numbered(4000))
		if told.Answered != 4000 || len(list) != 4000 || k.seen != 4000 || k.most > 8 || k.open > 8 {
			t.Errorf("%s: %+v; %d seen, %d at once, %d connections", transport, told, k.seen, k.most, k.open)
		}
		t.Logf("%s: 4000 questions in %.2f s, %d at once", transport, time.Since(begun).Seconds(), k.most)
	}
}

// TestAskCancelled: what came until then is there, and the end is said; an error of who takes the answers ends it, too.
func TestAskCancelled(t *testing.T) {
	k := &talker{say: honest}
	at := k.start(t)
	for transport, resolver := range at {
		r, err := netfacts.ParseResolver(resolver)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var got atomic.Int64
		o := netfacts.Asking{Resolver: r, Questions: numbered(1000), Now: time.Now, Dial: here(t), Roots: k.authority.Pool()}
		told, _, err := netfacts.Ask(ctx, o, func(evidence.ResolverAnswer) error {
			if got.Add(1) == 20 {
				cancel()
			}
			return nil
		})
		if err != nil || told.End != evidence.ResolverInterrupted || told.Asked != int(got.Load()) || told.Answered < 20 || told.Asked > 30 {
			t.Errorf("%s: %+v, %v", transport, told, err)
		}
		full := errors.New("no room")
		if _, _, err := netfacts.Ask(t.Context(), o, func(evidence.ResolverAnswer) error { return full }); !errors.Is(err, full) {
			t.Errorf("%s: %v", transport, err)
		}
	}
}

// TestTooMuchIsTooMuch: a resolver whose answers are as long as they can be is asked no more once they fill what is taken of it.
func TestTooMuchIsTooMuch(t *testing.T) {
	one := append([]byte{0xc0, 12, 0xff, 0, 0, 1, 0, 0, 0, 60, 0xfd, 0xe8}, make([]byte, 65_000)...) // a record of a type that nobody knows
	k := &talker{say: func(query *dns.Msg) [][]byte {
		m := filled(query, 0)
		m[7] = 1
		return [][]byte{append(m, one...)}
	}}
	told, _, _ := ask(t, k, k.start(t)["tcp"], 10*time.Second, numbered(3000))
	if told.End != evidence.ResolverFull || told.Asked < 1000 || told.Asked > 1100 {
		t.Errorf("%+v", told)
	}
}

// TestParseResolver: what people write is read, and written as it is read again; what cannot be asked is refused.
func TestParseResolver(t *testing.T) {
	for text, want := range map[string]string{
		"101.101.101.101":                         "udp://101.101.101.101:53",
		"2001:db8::1":                             "udp://[2001:db8::1]:53",
		"127.0.0.1:5353":                          "udp://127.0.0.1:5353",
		"[2001:db8::1]:5353":                      "udp://[2001:db8::1]:5353",
		"udp://1.1.1.1:53":                        "udp://1.1.1.1:53",
		"tcp://1.1.1.1":                           "tcp://1.1.1.1:53",
		"tls://1.1.1.1:853#cloudflare-dns.com":    "tls://1.1.1.1:853#cloudflare-dns.com",
		"tls://1.1.1.1?name=cloudflare-dns.com":   "tls://1.1.1.1:853#cloudflare-dns.com",
		"tls://1.1.1.1":                           "tls://1.1.1.1:853",
		"https://dns.example/dns-query":           "https://dns.example:443/dns-query",
		"https://192.0.2.1/dns-query#dns.example": "https://192.0.2.1:443/dns-query#dns.example",
		"https://dns.example/q?key=1":             "https://dns.example:443/q?key=1",
	} {
		r, err := netfacts.ParseResolver(text)
		if err != nil || r.String() != want {
			t.Errorf("%s is read as %s, %v", text, r, err)
			continue
		}
		if again, err := netfacts.ParseResolver(r.String()); err != nil || again != r {
			t.Errorf("%s is read again as %+v, %v; was %+v", r, again, err, r)
		}
	}
	for _, text := range []string{
		"", "dns.example", "udp://dns.example", "tls://dns.example", "http://1.1.1.1/dns-query", "quic://1.1.1.1", "udp://", "tls://1.1.1.1:0x", "1.1.1.1:99999",
		"udp://1.1.1.1/x", "udp://1.1.1.1#name", "tcp://u:p@1.1.1.1", "https://u@dns.example/", "https://dns.example:0/x", "https:///dns-query", "tls://1.1.1.1?x=1",
		"fe80::1%eth0 x", strings.Repeat("1", 2000),
	} {
		if r, err := netfacts.ParseResolver(text); !errors.Is(err, netfacts.ErrResolver) {
			t.Errorf("%q is read as %+v, %v", text, r, err)
		}
	}
}

// FuzzParseResolver: what is taken is written so that it is read as the same again, and asked at an address or, over HTTPS, a name.
func FuzzParseResolver(f *testing.F) {
	for _, text := range []string{"1.1.1.1", "tls://1.1.1.1:853#cloudflare-dns.com", "https://dns.example/dns-query?x=1#y", "udp://[2001:db8::1%25eth0]:53", "tls://1.1.1.1?name=a%23b"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := netfacts.ParseResolver(text)
		if err != nil {
			return
		}
		if again, err := netfacts.ParseResolver(r.String()); err != nil || again != r {
			t.Errorf("%q is %+v, written as %s, and read again as %+v, %v", text, r, r, again, err)
		}
		if _, err := netip.ParseAddrPort(r.Address); err != nil && r.Transport != netfacts.TransportHTTPS {
			t.Errorf("%q is asked at %s", text, r.Address)
		}
	})
}
