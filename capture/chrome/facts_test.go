package chrome

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"yuzheng/capture/sitetest"
	"yuzheng/casefile/evidence"
)

// The facts of a capture hold what was looked up, the document's connection and its certificates, and every contact is told; also when the
// page itself could not be reached.
func TestFacts(t *testing.T) {
	t.Parallel()
	s := site(t, sitetest.Options{})
	for _, url := range []string{s.URL("https", "bad", "/landed"), "https://" + sitetest.DeadHost + "/"} {
		req := quick(s, url)
		req.Lookups = s.Lookups()
		res, sink := record(t, req)
		var f evidence.Facts
		if err := json.Unmarshal(sink.kept[evidence.FactsJSON], &f); err != nil {
			t.Fatal(err)
		}
		if f.Network == nil || len(f.Network.DNS) == 0 || f.Network.Clock == nil {
			t.Errorf("%s: network facts %+v", url, f.Network)
		}
		for _, reason := range []string{"dns", "clock"} {
			if !slices.ContainsFunc(res.Contacts, func(c evidence.Contact) bool { return c.Reason == reason && c.Count > 0 }) {
				t.Errorf("%s: no contact for %s in %v", url, reason, res.Contacts)
			}
		}
		if res.Verdict == evidence.Unreachable {
			continue
		}
		if f.Document == nil || !strings.HasPrefix(f.Document.Remote, "127.0.0.1:") || f.Document.TLS == nil || f.Document.Protocol != "h2" {
			t.Errorf("%s: document %+v", url, f.Document)
		}
		if len(f.Servers) != 1 || len(f.Servers[0].Chain) == 0 || f.Servers[0].Error == "" {
			t.Errorf("%s: servers %+v", url, f.Servers)
		}
		if !slices.ContainsFunc(res.Contacts, func(c evidence.Contact) bool { return c.Reason == "page" && c.Address != "" }) {
			t.Errorf("%s: contacts %v", url, res.Contacts)
		}
	}
}

// A code on the page is read from its picture, and not followed; the icon of the site is known by its numbers, its bytes are kept and stand in
// the archive.
func TestCodesAndIcons(t *testing.T) {
	t.Parallel()
	s := site(t, sitetest.Options{})
	res, sink := record(t, quick(s, s.URL("https", "bad", "/code")))
	var f evidence.Facts
	if err := json.Unmarshal(sink.kept[evidence.FactsJSON], &f); err != nil {
		t.Fatal(err)
	}
	if len(f.Codes) != 1 || f.Codes[0].Text != sitetest.CodeAddress || f.Codes[0].Place.Width < 100 {
		t.Errorf("codes %+v", f.Codes)
	}
	for _, c := range res.Contacts {
		if strings.HasPrefix(c.Host, "line.me") {
			t.Errorf("%s was contacted", c.Host)
		}
	}
	if len(f.Icons) == 0 || f.Icons[0].IconHashes == nil {
		t.Fatalf("icons %+v", f.Icons)
	}
	sum := sha256.Sum256(sink.kept[f.Icons[0].Artifact])
	if got := hex.EncodeToString(sum[:]); got != f.Icons[0].SHA256 || !strings.Contains(string(sink.kept[evidence.NetworkHAR]), got) {
		t.Errorf("icon %s is not what is kept and recorded", got)
	}
	if res.Verdict != evidence.Complete {
		t.Errorf("%s %v", res.Verdict, res.Missing)
	}
}
