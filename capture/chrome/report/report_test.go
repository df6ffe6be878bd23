package report

import (
	"net/http"
	"net/netip"
	"testing"

	"yuzheng/capture/chrome/exchange"
	"yuzheng/casefile/evidence"
)

// What verdicts a page cannot be made to bring about on demand: the picture alone is missing, or a known landing page answered.
func TestVerdictsOfTheTable(t *testing.T) {
	answered := func(url string) *exchange.Document {
		h := &exchange.Document{}
		h.URL, h.Status, h.Remote = url, http.StatusOK, netip.MustParseAddrPort("192.0.2.7:80")
		return h
	}
	kept := []evidence.Artifact{{Name: evidence.ViewportShot, Size: 1}}
	whole := append(kept, evidence.Artifact{Name: evidence.Screenshot, Size: 1})
	picture, other := evidence.Missing{What: evidence.Screenshot}, evidence.Missing{What: evidence.PagePDF}
	host, address := Blocked{Hosts: []string{"landing.example"}}, Blocked{Addresses: []netip.Addr{netip.MustParseAddr("192.0.2.7")}}
	for _, c := range []struct {
		name    string
		url     string
		Blocked Blocked
		kept    []evidence.Artifact
		missing []evidence.Missing
		want    evidence.Verdict
	}{
		{"whole", "http://shop.example/", host, whole, nil, evidence.Complete},
		{"no picture", "http://shop.example/", host, kept, []evidence.Missing{picture}, evidence.Viewport},
		{"half a picture", "http://shop.example/", host, whole, []evidence.Missing{picture}, evidence.Partial},
		{"neither picture nor PDF", "http://shop.example/", host, kept, []evidence.Missing{picture, other}, evidence.Partial},
		{"no picture at all", "http://shop.example/", host, nil, []evidence.Missing{picture}, evidence.Partial},
		{"a landing page's host", "http://Landing.example/", host, whole, nil, evidence.Blocked},
		{"a landing page's address", "http://shop.example/", address, whole, nil, evidence.Blocked},
	} {
		if got := Verdict(Findings{Main: answered(c.url), Blocked: c.Blocked, Artifacts: c.kept, Missing: c.missing}); got != c.want {
			t.Errorf("%s: %s instead of %s", c.name, got, c.want)
		}
	}
}
