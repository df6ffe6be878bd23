package chrome

import (
	"net/http"
	"net/netip"
	"testing"

	"yuzheng/capture"
)

// What verdicts a page cannot be made to bring about on demand: the picture alone is missing, or a known landing page answered.
func TestVerdictsOfTheTable(t *testing.T) {
	answered := func(url string) *hop {
		h := &hop{}
		h.URL, h.Status, h.Remote = url, http.StatusOK, netip.MustParseAddrPort("192.0.2.7:80")
		return h
	}
	kept := []capture.Artifact{{Name: capture.ViewportShot, Size: 1}}
	whole := append(kept, capture.Artifact{Name: capture.Screenshot, Size: 1})
	picture, other := capture.Missing{What: capture.Screenshot}, capture.Missing{What: capture.PagePDF}
	host, address := Blocked{Hosts: []string{"landing.example"}}, Blocked{Addresses: []netip.Addr{netip.MustParseAddr("192.0.2.7")}}
	for _, c := range []struct {
		name    string
		url     string
		blocked Blocked
		kept    []capture.Artifact
		missing []capture.Missing
		want    capture.Verdict
	}{
		{"whole", "http://shop.example/", host, whole, nil, capture.Complete},
		{"no picture", "http://shop.example/", host, kept, []capture.Missing{picture}, capture.Viewport},
		{"half a picture", "http://shop.example/", host, whole, []capture.Missing{picture}, capture.Partial},
		{"neither picture nor PDF", "http://shop.example/", host, kept, []capture.Missing{picture, other}, capture.Partial},
		{"no picture at all", "http://shop.example/", host, nil, []capture.Missing{picture}, capture.Partial},
		{"a landing page's host", "http://Landing.example/", host, whole, nil, capture.Blocked},
		{"a landing page's address", "http://shop.example/", address, whole, nil, capture.Blocked},
	} {
		j := &job{options: Options{Blocked: c.blocked}, keeper: &keeper{kept: c.kept}, missing: c.missing}
		if got := j.verdict(answered(c.url)); got != c.want {
			t.Errorf("%s: %s instead of %s", c.name, got, c.want)
		}
	}
}
