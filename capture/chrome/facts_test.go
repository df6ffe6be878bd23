package chrome

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"yuzheng/capture"
	"yuzheng/capture/sitetest"
)

// The facts of a capture hold what was looked up, the document's connection and its certificates, and every contact is told; also when the
// page itself could not be reached.
func TestFacts(t *testing.T) {
	s := site(t, sitetest.Options{})
	for _, url := range []string{s.URL("https", "bad", "/landed"), "https://" + sitetest.DeadHost + "/"} {
		req := quick(s, url)
		req.Lookups = s.Lookups()
		res, sink := record(t, req)
		var f facts
		if err := json.Unmarshal(sink.kept[capture.FactsJSON], &f); err != nil {
			t.Fatal(err)
		}
		if f.Network == nil || len(f.Network.DNS) == 0 || f.Network.Clock == nil {
			t.Errorf("%s: network facts %+v", url, f.Network)
		}
		for _, reason := range []string{"dns", "clock"} {
			if !slices.ContainsFunc(res.Contacts, func(c capture.Contact) bool { return c.Reason == reason && c.Count > 0 }) {
				t.Errorf("%s: no contact for %s in %v", url, reason, res.Contacts)
			}
		}
		if res.Verdict == capture.Unreachable {
			continue
		}
		if f.Document == nil || !strings.HasPrefix(f.Document.Remote, "127.0.0.1:") || f.Document.TLS == nil || f.Document.Protocol != "h2" {
			t.Errorf("%s: document %+v", url, f.Document)
		}
		if len(f.Servers) != 1 || len(f.Servers[0].Chain) == 0 || f.Servers[0].Error == "" {
			t.Errorf("%s: servers %+v", url, f.Servers)
		}
		if !slices.ContainsFunc(res.Contacts, func(c capture.Contact) bool { return c.Reason == "page" && c.Address != "" }) {
			t.Errorf("%s: contacts %v", url, res.Contacts)
		}
	}
}
