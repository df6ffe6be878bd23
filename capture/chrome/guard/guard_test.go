package guard

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Every special-purpose address of either family is refused, in whatever form it comes; the ones beside it are not.
func TestPublic(t *testing.T) {
	refused := "0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255 " +
		"192.0.0.1 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 " +
		":: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b:1::1 100::1 2001::1 2001:db8::1 " +
		"2002:7f00:1:: 2002:a00:1:: 2002:c0a8:101::1 3fff::1 5f00::1 fc00::1 fd00::1 fe80::1 fe80::1%1 febf::1 fec0::1 ff02::1 4000::1 8000::1"
	allowed := "1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 " +
		"192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255 ::ffff:8.8.8.8 64:ff9b::808:808 2002:808:808::1 2400:8900::1 2606:4700::1111 2a00::1"
	for _, text := range strings.Fields(refused) {
		if Public(netip.MustParseAddr(text)) {
			t.Errorf("%s counts as public", text)
		}
	}
	for _, text := range strings.Fields(allowed) {
		if !Public(netip.MustParseAddr(text)) {
			t.Errorf("%s does not count as public", text)
		}
	}
	if Public(netip.Addr{}) {
		t.Error("no address counts as public")
	}
}

// names answers look-ups; a name with several answers gives them one after the other, as a rebinding name does.
type names map[string][]string

func (n names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	list, ok := n[host]
	if !ok || len(list) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	if len(list) > 1 {
		n[host] = list[1:]
	}
	var out []netip.Addr
	for _, text := range strings.Fields(list[0]) {
		out = append(out, netip.MustParseAddr(text))
	}
	return out, nil
}

// reached is a Dialer that writes down where it was sent; what it opens echoes.
type reached struct{ addresses []string }

func (r *reached) DialContext(_ context.Context, _, address string) (net.Conn, error) {
	r.addresses = append(r.addresses, address)
	here, there := net.Pipe()
	go io.Copy(there, there)
	return here, nil
}

func start(t *testing.T, o Options) *Guard {
	t.Helper()
	o.Now = time.Now
	g, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	return g
}

// open asks the guard for HOST:PORT as Chrome does; the code is SOCKS5's.
func open(t *testing.T, g *Guard, host string, port int) (net.Conn, byte) {
	t.Helper()
	c, err := net.Dial("tcp", g.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	request := append([]byte{5, 1, 0, 5, 1, 0, 3, byte(len(host))}, host...)
	c.Write(binary.BigEndian.AppendUint16(request, uint16(port)))
	answer := make([]byte, 12)
	if _, err := io.ReadFull(c, answer); err != nil {
		t.Fatal(err)
	}
	return c, answer[3]
}

// A name that turns to a private address after its first answer leads to the first one for the whole capture.
func TestRebindingChangesNothing(t *testing.T) {
	d := &reached{}
	g := start(t, Options{Dialer: d, Resolver: names{"scam.example": {"93.184.216.34", "127.0.0.1"}}})
	g.Ask("scam.example:80")
	for range 3 {
		if _, code := open(t, g, "scam.example", 80); code != 0 {
			t.Fatalf("code %d", code)
		}
	}
	for _, a := range d.addresses {
		if a != "93.184.216.34:80" {
			t.Errorf("reached %s", a)
		}
	}
	if got := g.Remote("scam.example:80"); got.String() != "93.184.216.34:80" || len(d.addresses) != 3 {
		t.Errorf("remote %s after %v", got, d.addresses)
	}
}

// counting counts what it is asked.
type counting struct {
	names
	asked  map[string]int
	failed int // so many questions get no answer
}

func (c *counting) LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error) {
	if c.asked[host]++; c.failed > 0 {
		c.failed--
		return nil, &net.DNSError{Err: "server misbehaving", Name: host, IsTemporary: true}
	}
	return c.names.LookupNetIP(ctx, network, host)
}

// A name is asked for once, whatever its ports and however often it is wanted; only a server that did not answer is asked again.
func TestANameIsAskedForOnce(t *testing.T) {
	lookups := &counting{names: names{"scam.example": {"93.184.216.34", "127.0.0.1"}}, asked: map[string]int{}, failed: 1}
	d := &reached{}
	g := start(t, Options{Dialer: d, Resolver: lookups})
	for _, port := range []int{80, 443, 80, 8080} {
		for _, host := range []string{"scam.example", "nowhere.example"} {
			g.Ask(net.JoinHostPort(host, strconv.Itoa(port)))
			open(t, g, host, port)
		}
	}
	if lookups.asked["scam.example"] != 2 || lookups.asked["nowhere.example"] != 1 {
		t.Errorf("asked %v", lookups.asked)
	}
	for _, a := range d.addresses {
		if !strings.HasPrefix(a, "93.184.216.34:") {
			t.Errorf("reached %s", a)
		}
	}
}

// This machine's own public address and its neighbours' are as private as a private one.
func TestNeighboursAreRefused(t *testing.T) {
	var interfaces []net.Addr
	for _, text := range []string{"8.8.4.17/26", "2400:8900:1:2::5/64", "1.2.3.4/0", "9.9.9.9/32"} {
		ip, network, err := net.ParseCIDR(text)
		if err != nil {
			t.Fatal(err)
		}
		interfaces = append(interfaces, &net.IPNet{IP: ip, Mask: network.Mask})
	}
	g := start(t, Options{Dialer: &reached{}, Resolver: names{}, AllowPrivate: []string{"8.8.4.20:80"}})
	g.near = near(interfaces)
	for host, want := range map[string]byte{
		"8.8.4.17": socksRefused, "8.8.4.1": socksRefused, "8.8.4.63": socksRefused, "8.8.4.64": socksDone, "8.8.4.20": socksDone,
		"2400:8900:1:2::9": socksRefused, "2400:8900:1:3::9": socksDone, "64:ff9b::808:411": socksRefused,
		"1.2.3.4": socksRefused, "1.2.3.5": socksDone, "9.9.9.9": socksRefused, "9.9.9.8": socksDone,
	} {
		g.Ask(net.JoinHostPort(host, "80"))
		if _, code := open(t, g, host, 80); code != want {
			t.Errorf("%s: code %d instead of %d", host, code, want)
		}
	}
}

// Nothing private is dialled, by name, mixed answer, literal or map, unless it is named.
func TestPrivateIsRefused(t *testing.T) {
	lookups := names{"inside.example": {"10.0.0.5"}, "mixed.example": {"93.184.216.34 192.168.1.1"}, "six.example": {"fd00::1"}}
	for _, c := range []struct {
		host  string
		allow []string
		code  byte
	}{
		{"inside.example", nil, socksRefused},
		{"mixed.example", nil, socksRefused},
		{"six.example", nil, socksRefused},
		{"127.0.0.1", nil, socksRefused},
		{"::1", nil, socksRefused},
		{"::ffff:127.0.0.1", nil, socksRefused},
		{"mapped.example", nil, socksRefused},
		{"nowhere.example", nil, socksNoHost},
		{"inside.example", []string{"inside.example:80"}, socksDone},
		{"inside.example", []string{"10.0.0.5:80"}, socksDone},
		{"inside.example", []string{"inside.example:81", "10.0.0.6:80"}, socksRefused},
		{"mapped.example", []string{"172.16.0.1:8080"}, socksDone},
	} {
		d := &reached{}
		g := start(t, Options{Dialer: d, Resolver: lookups, AllowPrivate: c.allow, Resolve: map[string]string{"mapped.example:80": "172.16.0.1:8080"}})
		hostPort := net.JoinHostPort(c.host, "80")
		g.Ask(hostPort)
		if _, code := open(t, g, c.host, 80); code != c.code {
			t.Errorf("%s with %v: code %d instead of %d", c.host, c.allow, code, c.code)
		}
		if (len(d.addresses) > 0) != (c.code == socksDone) {
			t.Errorf("%s: dialled %v", c.host, d.addresses)
		}
		if g.Forbids(hostPort) != (c.code == socksRefused) {
			t.Errorf("%s: forbidden is %v", c.host, g.Forbids(hostPort))
		}
	}
}

// A host that no request asked for is refused once patience is over, one that is asked for meanwhile passes.
func TestOnlyWhatWasAskedFor(t *testing.T) {
	d := &reached{}
	g := start(t, Options{Dialer: d, Resolver: names{"a.example": {"93.184.216.34"}}})
	if _, code := open(t, g, "a.example", 443); code != socksRefused || g.Reason("a.example:443") == "" || len(d.addresses) > 0 {
		t.Errorf("code %d, reason %q, dialled %v", code, g.Reason("a.example:443"), d.addresses)
	}
	patient := start(t, Options{Dialer: d, Resolver: names{"a.example": {"93.184.216.34"}}, Patience: time.Minute})
	done := make(chan byte)
	go func() {
		_, code := open(t, patient, "a.example", 443)
		done <- code
	}()
	for len(patient.Connections()) == 0 { // until it waits
		time.Sleep(time.Millisecond)
	}
	patient.Ask("a.example:443")
	if code := <-done; code != socksDone {
		t.Errorf("code %d after it was asked for", code)
	}
}

// Beyond the byte limit everything is cut, and nothing new is opened.
func TestByteLimit(t *testing.T) {
	g := start(t, Options{Dialer: &reached{}, Resolver: names{"a.example": {"93.184.216.34"}}, Bytes: 1000})
	g.Ask("a.example:80")
	c, _ := open(t, g, "a.example", 80)
	go c.Write(make([]byte, 5000))
	n, _ := io.Copy(io.Discard, c)
	if _, full := g.Received(); !full || n > 1000 {
		t.Errorf("full %v after %d bytes", full, n)
	}
	if _, code := open(t, g, "a.example", 80); code != socksRefused {
		t.Errorf("code %d beyond the limit", code)
	}
}

// Whatever comes instead of SOCKS5 ends the connection, and nothing else.
func FuzzHandshake(f *testing.F) {
	f.Add([]byte{5, 1, 0, 5, 1, 0, 3, 1, 'a', 0, 80})
	f.Add([]byte{5, 0, 5, 1, 0, 1, 127, 0, 0, 1, 0, 80})
	f.Add([]byte{5, 2, 0, 2, 5, 1, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 187})
	f.Add([]byte("\x05\x000\x010\x03\x05000]000"))
	f.Add([]byte("GET / HTTP/1.1\r\n\r\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		hostPort, err := readRequest(pipe{strings.NewReader(string(in)), io.Discard})
		if err != nil {
			return
		}
		_, port, err := net.SplitHostPort(hostPort)
		if err != nil {
			t.Fatalf("%q: %v", hostPort, err)
		}
		if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
			t.Fatalf("%q: port", hostPort)
		}
	})
}

type pipe struct {
	io.Reader
	io.Writer
}

// An upstream that is to find a name itself gets the name only where it does not resolve here.
func TestUpstreamByName(t *testing.T) {
	d := &reached{}
	g := start(t, Options{Dialer: d, ByName: true, Resolver: names{"known.example": {"93.184.216.34"}, "inside.example": {"10.0.0.1"}}})
	for _, host := range []string{"known.example", "unknown.example", "inside.example"} {
		g.Ask(host + ":80")
		open(t, g, host, 80)
	}
	if got := strings.Join(d.addresses, " "); got != "93.184.216.34:80 unknown.example:80" {
		t.Errorf("dialled %s", got)
	}
	if errors.Is(g.ctx.Err(), context.Canceled) {
		t.Error("ended by itself")
	}
}
