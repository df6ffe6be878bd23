package packet

import (
	"strings"
	"testing"
)

// TestTargets gives the four files that list targets, with one thing wrong in each case.
func TestTargets(t *testing.T) {
	const (
		table   = `{"targets":[{"name":"a.example","scope":"subdomains","exhibits":["W0001"]},{"name":"b.example","scope":"exact","exhibits":["W0002"]},{"name":"x.m.a.example","scope":"subdomains"},{"name":"y.a.example","scope":"exact"}]}`
		csv02   = "\ufeff編號,網域名稱,ASCII 形式,範圍\r\nD001,甲.example,a.example,含子網域\r\nD002,b.example,b.example,僅本名\r\nD003,x.m.a.example,x.m.a.example,含子網域\r\nD004,y.a.example,y.a.example,僅本名\r\n"
		domains = "\ufeff序號,網域名稱,範圍\r\n1,a.example,含子網域\r\n2,b.example,僅本名\r\n3,x.m.a.example,含子網域\r\n4,y.a.example,僅本名\r\n"
		zone    = "; a comment\n$TTL 300\n@ IN SOA localhost. hostmaster.localhost. ( 1 3600 600 604800 300 )\n@ IN NS localhost.\n" +
			"a.example IN A 192.0.2.1\na.example IN AAAA 2001:db8::1\n*.a.example IN A 192.0.2.1\n*.a.example IN AAAA 2001:db8::1\nb.example IN A 192.0.2.1\nb.example IN AAAA 2001:db8::1\n"
	)
	cases := []struct {
		name, path, from, to string
		code                 Code
	}{
		{"nothing", "", "", "", ""},
		{"another name in the zone", zonePath, "b.example", "c.example", targetsDiffer},
		{"no wildcard in the zone", zonePath, "*.a.example", "a.example", targetsDiffer},
		{"a covered name in the zone too", zonePath, "b.example IN A 192.0.2.1\n", "b.example IN A 192.0.2.1\ny.a.example IN A 192.0.2.1\n", ""},
		{"a covered name that is not on the list", zonePath, "b.example IN A 192.0.2.1\n", "b.example IN A 192.0.2.1\nz.a.example IN A 192.0.2.1\n", targetsDiffer},
		{"a covered name with another scope", zonePath, "b.example IN A 192.0.2.1\n", "b.example IN A 192.0.2.1\ny.a.example IN A 192.0.2.1\n*.y.a.example IN A 192.0.2.1\n", targetsDiffer},
		{"a name gone that nothing covers", zonePath, "b.example IN", "a.example IN", targetsDiffer},
		{"a directive in the zone", zonePath, "$TTL", "$GENERATE 1-9 x$ A 192.0.2.1\n$TTL", targetsDiffer},
		{"a wildcard alone", zonePath, "b.example IN", "*.b.example IN", targetsDiffer},
		{"a wider scope on the list", domainsPath, "僅本名", "含子網域", targetsDiffer},
		{"a target less on the list", domainsPath, "2,b.example,僅本名\r\n", "", targetsDiffer},
		{"a target twice", domainsPath, "2,b.example", "2,a.example", targetsDiffer},
		{"another name on the sheet", tableCSVPath, "b.example,b.example", "b.example,bb.example", targetsDiffer},
		{"an exhibit that is not there", tableJSONPath, "W0002", "W0007", citeUnknown},
		{"no JSON", tableJSONPath, "{", "[", targetsDiffer},
	}
	for _, c := range cases {
		s := newSample(t)
		for path, text := range map[string]string{tableJSONPath: table, tableCSVPath: csv02, domainsPath: domains, zonePath: zone} {
			if path == c.path {
				text = strings.ReplaceAll(text, c.from, c.to)
			}
			s.files[path] = []byte(text)
		}
		r := verifyBytes(t, write(t, s.packet(nil)))
		if c.code == "" && !r.Good() || c.code != "" && !has(r, c.code, payload+c.path) {
			t.Errorf("%s: want %q for %s, found %+v", c.name, c.code, c.path, r.Findings)
		}
	}
}

// TestArchives shows that a web archive is judged by itself too: this one was broken when it was admitted.
func TestArchives(t *testing.T) {
	s := newSample(t)
	s.admit("W0003", map[string][]byte{"archive.wacz": []byte("PK not an archive")})
	if r := verifyBytes(t, write(t, s.packet(nil))); !has(r, archiveBroken, "data/證物/W0003/archive.wacz") {
		t.Errorf("%+v", r.Findings)
	}
}
