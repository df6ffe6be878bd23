package workbench

import (
	"slices"
	"testing"

	"yuzheng/casefile/evidence"
)

// TestMailServers: a name server that failed or refused says nothing about mail; no such name, no record and the null MX (RFC 7505) say that
// there is none.
func TestMailServers(t *testing.T) {
	mx := func(values ...string) []evidence.DNSRecord {
		list := []evidence.DNSRecord{{Section: "answer", Type: "CNAME", Value: "elsewhere.example."}, {Section: "additional", Type: "MX", Value: "5 other.example."}}
		for _, v := range values {
			list = append(list, evidence.DNSRecord{Section: "answer", Type: "MX", Value: v})
		}
		return list
	}
	for _, c := range []struct {
		why   string
		given evidence.DNSAnswer
		asked bool
		want  []string
	}{
		{"two servers", evidence.DNSAnswer{Code: "NOERROR", Records: mx("10 a.example.", "20 b.example.")}, true, []string{"10 a.example.", "20 b.example."}},
		{"no record", evidence.DNSAnswer{Code: "NOERROR", Records: mx()}, true, nil},
		{"null MX", evidence.DNSAnswer{Code: "NOERROR", Records: mx("0 .")}, true, nil},
		{"no such name", evidence.DNSAnswer{Code: "NXDOMAIN"}, true, nil},
		{"failed", evidence.DNSAnswer{Code: "SERVFAIL"}, false, nil},
		{"refused", evidence.DNSAnswer{Code: "REFUSED"}, false, nil},
		{"no answer", evidence.DNSAnswer{Error: "i/o timeout"}, false, nil},
	} {
		c.given.Name, c.given.Type = "a.example", "MX"
		got, asked := mailServers([]evidence.DNSAnswer{c.given, {Name: "b.example", Type: "A", Code: "NOERROR"}})["a.example"]
		if asked != c.asked || !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, asked %v", c.why, got, asked)
		}
	}
}
