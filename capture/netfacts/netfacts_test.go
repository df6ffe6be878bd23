package netfacts_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/miekg/dns"

	"yuzheng/capture/loopback"
	"yuzheng/capture/netfacts"
	"yuzheng/casefile/evidence"
)

// here dials as Look's caller does, and fails the test for anything but an address of this machine.
func here(t *testing.T) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		to, err := netip.ParseAddrPort(address)
		if err != nil || !to.Addr().IsLoopback() {
			t.Errorf("dials %s, which is no loopback address", address)
			return nil, errors.New("not here")
		}
		return new(net.Dialer).DialContext(ctx, network, address)
	}
}

func options(t *testing.T, host string, l evidence.Lookups) netfacts.Options {
	return netfacts.Options{Host: host, Lookups: l, Now: time.Now, Dial: here(t), Timeout: 10 * time.Second}
}

// Names that the registry of these tests knows.
const (
	shopHost   = "shop.example"
	investHost = "vip-invest.example"
	joinHost   = "join.vip-invest.example"
)

func registry(t *testing.T) *loopback.Registry {
	t.Helper()
	s, err := loopback.StartRegistry(shopHost, investHost, joinHost)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func find(t *testing.T, f evidence.NetworkFacts, name, kind string) evidence.DNSAnswer {
	t.Helper()
	for _, a := range f.DNS {
		if a.Name == name && a.Type == kind {
			return a
		}
	}
	t.Fatalf("%s %s was not asked for", name, kind)
	return evidence.DNSAnswer{}
}

func TestEverythingAboutAName(t *testing.T) {
	s := registry(t)
	f := netfacts.Look(t.Context(), options(t, joinHost, s.Lookups()))
	if f.Registrable != investHost || f.Suffix != "example" {
		t.Errorf("registrable %q, suffix %q", f.Registrable, f.Suffix)
	}
	if len(f.DNS) != 16 {
		t.Errorf("%d questions, want 8 types of 2 names", len(f.DNS))
	}
	for _, a := range f.DNS {
		if a.Error != "" || a.Code != "NOERROR" || a.Resolver != s.Lookups().Resolver || a.At.IsZero() {
			t.Errorf("%s %s: %+v", a.Name, a.Type, a)
		}
		m := new(dns.Msg)
		if err := m.Unpack(a.Wire); err != nil || m.Question[0].Name != dns.Fqdn(a.Name) {
			t.Errorf("%s %s: the kept message is another: %v", a.Name, a.Type, err)
		}
	}
	if a := find(t, f, joinHost, "A"); len(a.Records) != 1 || a.Records[0].Value != "127.0.0.1" || a.Records[0].TTL != 300 {
		t.Errorf("address %+v", a.Records)
	}
	if a := find(t, f, investHost, "TXT"); a.Transport != "tcp" || len(a.Records) != 2 {
		t.Errorf("a long answer came over %s with %d records", a.Transport, len(a.Records))
	}
	r := f.Registration[0]
	if r.Error != "" || r.Query != investHost || r.Registrar != "教學註冊商 Training Registrar" || len(r.Servers) != 2 || len(r.Events) != 2 {
		t.Errorf("registration %+v", r)
	}
	if len(r.Bodies) != 1 || !json.Valid(r.Bodies[0].Body) || r.Bodies[0].Status != http.StatusOK {
		t.Errorf("bodies %+v", r.Bodies)
	}
	if f.Clock.Error != "" || math.Abs(f.Clock.OffsetMS) > 1000 || f.Clock.Stratum != 2 || f.Clock.DelayMS < 0 {
		t.Errorf("clock %+v", f.Clock)
	}
	if _, err := json.Marshal(f); err != nil {
		t.Error(err)
	}
}

// Each contact is told, with its reason and how often; none happens that is not.
func TestContactsAreAllTold(t *testing.T) {
	s := registry(t)
	var dialled atomic.Int64
	o := options(t, investHost, s.Lookups())
	dial := o.Dial
	o.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		dialled.Add(1)
		return dial(ctx, network, address)
	}
	told := 0
	reasons := map[string]int{}
	for _, c := range netfacts.Look(t.Context(), o).Contacts {
		told += c.Count
		reasons[c.Reason] += c.Count
	}
	if int64(told) != dialled.Load() || reasons["dns"] != 9 || reasons["rdap"] != 1 || reasons["clock"] != 1 {
		t.Errorf("told %v (%d), dialled %d; want 8 questions with one more over TCP, 1 rdap, 1 clock", reasons, told, dialled.Load())
	}
}

func TestWhatIsOffIsNotContacted(t *testing.T) {
	o := options(t, "shop.example", evidence.Lookups{Resolver: "127.0.0.1:1", RDAPBase: "http://127.0.0.1:1", NTP: "127.0.0.1:1"})
	o.Dial = func(context.Context, string, string) (net.Conn, error) {
		t.Error("a connection although everything is off")
		return nil, errors.New("off")
	}
	if f := netfacts.Look(t.Context(), o); len(f.DNS)+len(f.Registration)+len(f.Contacts) != 0 || f.Clock != nil {
		t.Errorf("facts %+v", f)
	}
}

// A server that is given by name is found through the same resolver and no other.
func TestNamesOfServersAreResolvedInTheOpen(t *testing.T) {
	s := registry(t)
	l := s.Lookups()
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(l.RDAPBase, "http://"))
	l.RDAPBase, l.DNS, l.Clock = "http://"+shopHost+":"+port, false, false
	f := netfacts.Look(t.Context(), options(t, investHost, l))
	if len(f.Registration) != 1 || f.Registration[0].Error != "" {
		t.Fatalf("registration %+v", f.Registration)
	}
	want := []evidence.Contact{
		{Host: l.Resolver, Address: l.Resolver, Reason: "dns", Count: 1},
		{Host: shopHost, Address: "127.0.0.1:" + port, Reason: "rdap", Count: 1},
	}
	if fmt.Sprint(f.Contacts) != fmt.Sprint(want) {
		t.Errorf("contacts %v, want %v", f.Contacts, want)
	}
}

func TestNames(t *testing.T) {
	for host, want := range map[string][3]string{
		"www.Example.COM.":      {"www.example.com", "example.com", "com"},
		"測試.com.tw":             {"xn--g6w251d.com.tw", "xn--g6w251d.com.tw", "com.tw"},
		"a.b.azurewebsites.net": {"a.b.azurewebsites.net", "b.azurewebsites.net", "azurewebsites.net"},
		"_dmarc.example.org":    {"_dmarc.example.org", "example.org", "org"},
		"com.tw":                {"com.tw", "", "com.tw"},
		"192.0.2.1":             {"", "", ""},
		"[2001:db8::1]":         {"", "", ""},
	} {
		f := netfacts.Look(t.Context(), options(t, host, evidence.Lookups{}))
		if got := [3]string{f.ASCII, f.Registrable, f.Suffix}; got != want {
			t.Errorf("%s: %q, want %q", host, got, want)
		}
	}
}

// packets serves each datagram with what reply makes of it: none, one or several datagrams.
func packets(t *testing.T, reply func(request []byte) [][]byte) string {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		buffer := make([]byte, 4096)
		for {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			for _, p := range reply(bytes.Clone(buffer[:n])) {
				_, _ = conn.WriteTo(p, from)
			}
		}
	}()
	t.Cleanup(func() { _ = conn.Close(); <-done })
	return conn.LocalAddr().String()
}

// Answers to other questions are passed over; the right one behind them is taken.
func TestForgedAnswersArePassedOver(t *testing.T) {
	forge := func(honest bool) func([]byte) [][]byte {
		return func(request []byte) [][]byte {
			query := new(dns.Msg)
			if err := query.Unpack(request); err != nil {
				return nil
			}
			answer := func(id uint16, name, address string) []byte {
				m := new(dns.Msg).SetReply(query)
				m.Id, m.Question[0].Name = id, name
				rr, _ := dns.NewRR(query.Question[0].Name + " 60 IN A " + address)
				m.Answer = []dns.RR{rr}
				b, _ := m.Pack()
				return b
			}
			name := query.Question[0].Name
			list := [][]byte{{1, 2, 3}, answer(query.Id+1, name, "192.0.2.66"), answer(query.Id, "other.example.", "192.0.2.66")}
			if honest {
				list = append(list, answer(query.Id, name, "192.0.2.1"))
			}
			return list
		}
	}
	o := options(t, "example", evidence.Lookups{DNS: true, Resolver: packets(t, forge(true))})
	a := find(t, netfacts.Look(t.Context(), o), "example", "A")
	if a.Error != "" || a.Records[0].Value != "192.0.2.1" {
		t.Errorf("answer %+v", a)
	}
	o = options(t, "example", evidence.Lookups{DNS: true, Resolver: packets(t, forge(false))})
	o.Timeout = 50 * time.Millisecond
	if a := find(t, netfacts.Look(t.Context(), o), "example", "A"); a.Error == "" || len(a.Records) != 0 {
		t.Errorf("a forged answer is taken: %+v", a)
	}
}

// ntp is a reply of a server whose clock is ahead of ours.
func ntp(request []byte, ahead time.Duration, change func([]byte)) [][]byte {
	reply := make([]byte, 48)
	reply[0], reply[1] = 4<<3|4, 1
	copy(reply[24:32], request[40:48])
	now := time.Now().Add(ahead)
	for _, at := range []int{32, 40} {
		binary.BigEndian.PutUint32(reply[at:], uint32(now.Unix()+2_208_988_800))
		binary.BigEndian.PutUint32(reply[at+4:], uint32(uint64(now.Nanosecond())<<32/1e9))
	}
	if change != nil {
		change(reply)
	}
	return [][]byte{reply}
}

func TestClockOffset(t *testing.T) {
	for _, ahead := range []time.Duration{90 * time.Second, -36 * time.Hour, 12 * 365 * 24 * time.Hour} {
		l := evidence.Lookups{Clock: true, NTP: packets(t, func(r []byte) [][]byte { return ntp(r, ahead, nil) })}
		c := netfacts.Look(t.Context(), options(t, "x.example", l)).Clock
		if off := c.OffsetMS - float64(ahead.Milliseconds()); c.Error != "" || math.Abs(off) > c.DelayMS/2+1 {
			t.Errorf("%v ahead: %+v is off by %v ms", ahead, c, off)
		}
	}
}

// A server that does not know the time, or answers somebody else, gives an error and no offset.
func TestClockThatIsNoClock(t *testing.T) {
	for name, change := range map[string]func([]byte){
		"unsynchronised": func(r []byte) { r[0] |= 3 << 6 },
		"kiss of death":  func(r []byte) { r[1] = 0 },
		"no server":      func(r []byte) { r[0] = 4<<3 | 3 },
		"no time":        func(r []byte) { clear(r[40:]) },
		"not our answer": func(r []byte) { r[24] ^= 1 },
	} {
		l := evidence.Lookups{Clock: true, NTP: packets(t, func(r []byte) [][]byte { return ntp(r, time.Hour, change) })}
		o := options(t, "x.example", l)
		o.Timeout = 50 * time.Millisecond
		if c := netfacts.Look(t.Context(), o).Clock; c.Error == "" || c.OffsetMS != 0 {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

// Whatever an RDAP server says, its words are kept and bounded, and the error is told.
func TestHostileRegistry(t *testing.T) {
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		keep    int // bytes, at least
	}{
		"not found": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404); fmt.Fprint(w, `{"errorCode":404}`) }, 17},
		"no JSON":   {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") }, 6},
		"endless": {func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 1<<20)); err != nil {
					return
				}
			}
		}, 4 << 20},
		"broken":  {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 0},
		"another": {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"objectClassName":"autnum"}`) }, 10},
	} {
		server := httptest.NewServer(c.handler)
		f := netfacts.Look(t.Context(), options(t, "a.example", evidence.Lookups{RDAP: true, Resolver: "127.0.0.1:1", RDAPBase: server.URL}))
		server.Close()
		r, kept := f.Registration[0], 0
		for _, b := range r.Bodies {
			kept += len(b.Body)
		}
		if r.Registrar != "" || kept < c.keep || kept > 8<<20 || (r.Error == "") != (name == "another") {
			t.Errorf("%s: %d bytes kept, error %q", name, kept, r.Error)
		}
	}
}

// somewhere is an address of the Internet that tests take for a server of their own.
const somewhere = "93.184.216.34"

// indoors are ways to write a machine that is no server of the Internet: this one, an office's, one behind a translator of addresses.
var indoors = []string{
	"127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "[::127.0.0.1]", "10.0.0.5", "172.16.0.1", "192.168.1.1", "169.254.1.1", "100.64.0.1", "192.0.0.1", "198.18.0.1",
	"0.0.0.0", "240.0.0.1", "[fd00::1]", "[fec0::1]", "[64:ff9b::10.0.0.5]", "[64:ff9b:1::10.0.0.5]", "[2002:a00:5::1]", "[::ffff:0:10.0.0.5]",
}

// elsewhere has a server of the test's own stand somewhere, and books who else was asked.
func elsewhere(o *netfacts.Options, port, server string) (others *[]string) {
	dial, others := o.Dial, new([]string)
	o.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		if address != somewhere+":"+port {
			*others = append(*others, address)
			return nil, errors.New("nobody is there")
		}
		return dial(ctx, network, server)
	}
	return others
}

// A registry on the Internet cannot send us on to a machine of the office, however its address is written.
func TestRegistryLeadsToNoPrivateAddress(t *testing.T) {
	for _, host := range indoors {
		outside := httptest.NewServer(http.RedirectHandler("http://"+host+"/", http.StatusFound))
		o := options(t, "a.example", evidence.Lookups{RDAP: true, Resolver: "127.0.0.1:1", RDAPBase: "http://" + somewhere + ":80"})
		others := elsewhere(&o, "80", strings.TrimPrefix(outside.URL, "http://"))
		f := netfacts.Look(t.Context(), o)
		outside.Close()
		if len(*others) > 0 || f.Registration[0].Error == "" || len(f.Registration[0].Bodies) != 1 || len(f.Contacts) != 1 {
			t.Errorf("%s: asked %q: %+v, contacts %v", host, *others, f.Registration[0], f.Contacts)
		}
	}
}

// Registries send on to each other, over IPv6 too, and that is followed.
func TestRegistryLeadsOn(t *testing.T) {
	for _, host := range []string{"1.1.1.1", "[2606:4700::1111]", "[64:ff9b::101:101]"} {
		outside := httptest.NewServer(http.RedirectHandler("http://"+host+":8080/", http.StatusFound))
		o := options(t, "a.example", evidence.Lookups{RDAP: true, Resolver: "127.0.0.1:1", RDAPBase: "http://" + somewhere + ":80"})
		others := elsewhere(&o, "80", strings.TrimPrefix(outside.URL, "http://"))
		netfacts.Look(t.Context(), o)
		outside.Close()
		if len(*others) != 1 {
			t.Errorf("%s: asked %q", host, *others)
		}
	}
}

// Cancelled is not hung: nothing answers, and Look comes back with errors.
func TestCancelled(t *testing.T) {
	silent := packets(t, func([]byte) [][]byte { return nil })
	ctx, cancel := context.WithCancel(t.Context())
	o := options(t, "a.b.example", evidence.Lookups{DNS: true, Resolver: silent, Clock: true, NTP: silent, RDAP: true, RDAPBase: "http://" + silent})
	o.Timeout = time.Hour
	var once atomic.Bool
	dial := o.Dial
	o.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		if once.CompareAndSwap(false, true) {
			defer cancel()
		}
		return dial(ctx, network, address)
	}
	f := netfacts.Look(ctx, o)
	if f.Clock.Error == "" || f.Registration[0].Error == "" {
		t.Errorf("facts %+v", f)
	}
	for _, a := range f.DNS {
		if a.Error == "" {
			t.Errorf("%s %s has an answer", a.Name, a.Type)
		}
	}
}
