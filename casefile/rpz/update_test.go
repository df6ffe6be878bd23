package rpz_test

import (
	"bytes"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"yuzheng/casefile/rpz"
	"yuzheng/casefile/rpz/resolvertest"
)

// TestUpdateInBIND has nsupdate change a zone that BIND serves: what stands in it then is the zone of the names that are left, whatever was let go of
// whatever there was, wider names that covered others included.
func TestUpdateInBIND(t *testing.T) {
	before := mixed(500)
	var gone, left []rpz.Rule
	for i, r := range before {
		if r.Subdomains == (i%3 == 0) {
			gone = append(gone, r)
		} else {
			left = append(left, r)
		}
	}
	if _, on := rpz.Freed(before, gone); len(on) == 0 || len(gone) < 100 {
		t.Fatalf("%d names are let go, %d were covered by them", len(gone), len(on))
	}
	z := rpz.Zone{Origin: origin, Serial: 1, Sinkhole: []netip.Addr{netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1")}, Comment: []string{"試"}}
	l := lab{t: t, world: &world{}, zone: zoneText(t, z, before)}
	l.world.start(t)
	r := l.start(bindPrimary, change{"allow-transfer { 127.0.0.1; };", "allow-transfer { 127.0.0.1; }; allow-update { 127.0.0.1; };"}, nil)
	var update bytes.Buffer
	if err := z.WriteUpdate(&update, before, gone); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "rpz.nsupdate")
	if err := os.WriteFile(file, append([]byte("server 127.0.0.1 "+resolvertest.Port(r.address)+"\n"), update.Bytes()...), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(resolvertest.Program(t, "nsupdate"), "-v", file).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	want := records(dns.NewZoneParser(bytes.NewReader(zoneText(t, z, left)), origin+".", "").Next)
	transfer, err := new(dns.Transfer).In(new(dns.Msg).SetAxfr(origin+"."), r.address)
	if err != nil {
		t.Fatal(err)
	}
	var all []dns.RR
	for part := range transfer {
		if part.Error != nil {
			t.Fatal(part.Error)
		}
		all = append(all, part.RR...)
	}
	got := records(func() (dns.RR, bool) {
		if len(all) == 0 {
			return nil, false
		}
		rr := all[0]
		all = all[1:]
		return rr, true
	})
	if !slices.Equal(got, want) || len(want) < 100 {
		t.Errorf("%d records, want %d", len(got), len(want))
	}
}

func zoneText(t *testing.T, z rpz.Zone, rules []rpz.Rule) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := z.Write(&b, rules); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// records are those that stop names, sorted.
func records(next func() (dns.RR, bool)) (list []string) {
	for rr, ok := next(); ok; rr, ok = next() {
		if kind := rr.Header().Rrtype; kind != dns.TypeSOA && kind != dns.TypeNS {
			list = append(list, strings.Join(strings.Fields(rr.String()), " "))
		}
	}
	slices.Sort(list)
	return list
}
