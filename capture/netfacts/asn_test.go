package netfacts_test

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"

	"yuzheng/capture/netfacts"
	"yuzheng/casefile/evidence"
)

// In the form in which @ip-location-db/asn is published, out of order.
const (
	asnIPv4 = "203.0.113.0,203.0.113.255,64502,\"Training, Inc.\"\n198.51.100.0,198.51.100.127,64501,教學電信\n198.51.100.128,198.51.100.255,64501,教學電信\n" +
		"255.255.255.0,255.255.255.255,64503,Last\n0.0.0.0,0.0.0.255,4294967295,First\n"
	asnIPv6 = "2001:db8:1::,2001:db8:1:ffff:ffff:ffff:ffff:ffff,64501,教學電信\n2001:db8::,2001:db8::ffff,64502,\"Training, Inc.\"\n"
)

func readASN(t *testing.T, files ...string) *netfacts.ASNTable {
	t.Helper()
	var readers []io.Reader
	for _, f := range files {
		readers = append(readers, strings.NewReader(f))
	}
	table, err := netfacts.ReadASN("training", "2026-11", readers...)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestNetworkOfAnAddress(t *testing.T) {
	table := readASN(t, asnIPv4, asnIPv6)
	for address, want := range map[string]evidence.Network{
		"198.51.100.0":        {ASN: 64501, Org: "教學電信"},
		"198.51.100.127":      {ASN: 64501, Org: "教學電信"},
		"198.51.100.255":      {ASN: 64501, Org: "教學電信"},
		"198.51.101.0":        {},
		"198.51.99.255":       {},
		"203.0.113.7":         {ASN: 64502, Org: "Training, Inc."},
		"::ffff:203.0.113.7":  {ASN: 64502, Org: "Training, Inc."},
		"0.0.0.0":             {ASN: 4294967295, Org: "First"},
		"255.255.255.255":     {ASN: 64503, Org: "Last"},
		"2001:db8::":          {ASN: 64502, Org: "Training, Inc."},
		"2001:db8::ffff":      {ASN: 64502, Org: "Training, Inc."},
		"2001:db8::1:0":       {},
		"2001:db8:1::1":       {ASN: 64501, Org: "教學電信"},
		"2001:db8:1::1%eth0":  {ASN: 64501, Org: "教學電信"},
		"::":                  {},
		"ffff::":              {},
		"2001:db8:2::":        {},
		"2001:db7:ffff::ffff": {},
	} {
		a := netip.MustParseAddr(address)
		want.Address = a.Unmap().WithZone("")
		got, known := table.Find(a)
		if got != want || known != (want.ASN != 0) {
			t.Errorf("%s: %+v %v, want %+v", address, got, known, want)
		}
	}
}

// Every address of a small world belongs to the range that a walk over all of them finds.
func TestNetworksAgreeWithAWalk(t *testing.T) {
	var file strings.Builder
	want := map[netip.Addr]uint32{}
	asn := uint32(1)
	for first := 0; first < 250; asn++ {
		last := min(first+int(asn*7%9), 255)
		fmt.Fprintf(&file, "192.0.2.%d,192.0.2.%d,%d,x\n", first, last, asn)
		for i := first; i <= last; i++ {
			want[netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})] = asn
		}
		first = last + 1 + int(asn%3)
	}
	table := readASN(t, file.String())
	for i := range 256 {
		a := netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})
		if n, known := table.Find(a); n.ASN != want[a] || known != (want[a] != 0) {
			t.Errorf("%s: %d, want %d", a, n.ASN, want[a])
		}
	}
}

// A fact names the table that it comes from, and says where there was none.
func TestFactsNameTheTable(t *testing.T) {
	table := readASN(t, asnIPv4, asnIPv6)
	host := "shop.example"
	zone := answering(t, map[string]string{host: "203.0.113.7 2001:db8::1 192.0.2.1"})
	o := options(t, host, evidence.Lookups{DNS: true, Resolver: zone, Compare: zone})
	o.ASN = table
	sum := sha256.Sum256([]byte(asnIPv4 + asnIPv6))
	n := netfacts.Look(t.Context(), o).Networks
	if n.Table.Name != "training" || n.Table.Version != "2026-11" || n.Table.SHA256 != hex.EncodeToString(sum[:]) || n.Table.Ranges != 7 || n.Table.Overlaps != 0 {
		t.Errorf("table %+v", n.Table)
	}
	var asns []uint32
	for _, a := range n.Addresses {
		asns = append(asns, a.ASN)
	}
	if !slices.Equal(asns, []uint32{0, 64502, 64502}) {
		t.Errorf("addresses %+v", n.Addresses)
	}
	o.ASN = nil
	if n := netfacts.Look(t.Context(), o).Networks; n.Table != nil || len(n.Addresses) != 3 || n.Addresses[1].ASN != 0 {
		t.Errorf("without a table: %+v", n)
	}
	o = options(t, "203.0.113.7", evidence.Lookups{})
	o.ASN = table
	if n := netfacts.Look(t.Context(), o).Networks; len(n.Addresses) != 1 || n.Addresses[0].ASN != 64502 {
		t.Errorf("of an address: %+v", n)
	}
}

func TestTablesThatAreNone(t *testing.T) {
	for name, file := range map[string]string{
		"three fields": "192.0.2.0,192.0.2.1,1\n",
		"no address":   "192.0.2.0,x,1,a\n",
		"turned round": "192.0.2.1,192.0.2.0,1,a\n",
		"two families": "192.0.2.0,2001:db8::,1,a\n",
		"a zone":       "fe80::%a,fe80::%a,1,a\n",
		"no number":    "192.0.2.0,192.0.2.1,AS1,a\n",
		"too large":    "192.0.2.0,192.0.2.1,4294967296,a\n",
		"a quote":      "192.0.2.0,192.0.2.1,1,\"a\n",
		"only a quote": "\"",
		"a long name":  "192.0.2.0,192.0.2.1,1," + strings.Repeat("a", 257) + "\n",
		"second line":  "192.0.2.0,192.0.2.1,1,a\n,,,\n",
	} {
		if _, err := netfacts.ReadASN("x", "1", strings.NewReader(file)); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	broken := errors.New("broken")
	if _, err := netfacts.ReadASN("x", "1", io.MultiReader(strings.NewReader(asnIPv4), iotestErr{broken})); !errors.Is(err, broken) {
		t.Errorf("a file that breaks off: %v", err)
	}
	if table := readASN(t, ""); table == nil {
		t.Error("an empty table is none")
	}
	overlapping := readASN(t, "192.0.2.0,192.0.2.9,1,a\n192.0.2.4,192.0.2.5,2,b\n")
	if n, _ := overlapping.Find(netip.MustParseAddr("192.0.2.5")); n.ASN != 2 || overlapping.Networks(nil).Table.Overlaps != 1 {
		t.Errorf("inside an overlap: %+v", n)
	}
	if _, known := overlapping.Find(netip.MustParseAddr("192.0.2.7")); known {
		t.Error("behind an overlap something is known")
	}
	if _, known := overlapping.Find(netip.Addr{}); known {
		t.Error("the zero address is known")
	}
}

type iotestErr struct{ err error }

func (r iotestErr) Read([]byte) (int, error) { return 0, r.err }

func FuzzASN(f *testing.F) {
	f.Add(asnIPv4, "198.51.100.1")
	f.Add(asnIPv6, "2001:db8::1")
	f.Add("192.0.2.0,192.0.2.9,1,a\n192.0.2.4,192.0.2.5,2,b\n", "192.0.2.4")
	f.Add("\"", "0.0.0.0")
	f.Add("::,ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff,0,\"\"\"\"", "::ffff:1.2.3.4")
	f.Fuzz(func(t *testing.T, file, address string) {
		table, err := netfacts.ReadASN("x", "1", strings.NewReader(file))
		a, bad := netip.ParseAddr(address)
		if err != nil || bad != nil {
			return
		}
		n, known := table.Find(a)
		if holding := holders(t, file, n.Address); known && !slices.Contains(holding, n.ASN) || len(holding) == 1 && table.Networks(nil).Table.Overlaps == 0 && !known {
			t.Errorf("%s: %+v %v, but the file says %v", a, n, known, holding)
		}
	})
}

// holders are the systems whose lines have the address.
func holders(t *testing.T, file string, a netip.Addr) []uint32 {
	lines, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []uint32
	for _, line := range lines {
		first, last := netip.MustParseAddr(line[0]), netip.MustParseAddr(line[1])
		if first.Is4() == a.Is4() && !a.Less(first) && !last.Less(a) {
			asn, _ := strconv.ParseUint(line[2], 10, 32)
			out = append(out, uint32(asn))
		}
	}
	return out
}

func BenchmarkNetworkOfAnAddress(b *testing.B) {
	var file strings.Builder
	for i := range 1 << 16 {
		fmt.Fprintf(&file, "10.%d.%d.0,10.%d.%d.200,%d,x\n", i>>8, i&255, i>>8, i&255, i)
	}
	table, err := netfacts.ReadASN("x", "1", strings.NewReader(file.String()))
	if err != nil {
		b.Fatal(err)
	}
	a := netip.MustParseAddr("10.77.88.99")
	for b.Loop() {
		table.Find(a)
	}
}
