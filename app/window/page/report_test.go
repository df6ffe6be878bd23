package page

import (
	"encoding/json"
	"net/netip"
	"strings"
	"testing"

	"yuzheng/casefile/evidence"
)

// TestReportsInWords shows the report of a copy and of a check as words, not as keys; what is none stays as it is.
func TestReportsInWords(t *testing.T) {
	s := plain{"en"}
	check, err := json.Marshal(evidence.ExecutionReport{
		Application: "S01", Interrupted: true, Resolvers: []evidence.AskedResolver{{Resolver: "udp://192.0.2.1:53", End: evidence.ResolverSilent}},
		Names: []evidence.CheckedName{{Target: "D001", Name: "a.example", Resolvers: []evidence.NameAt{
			{Resolver: "udp://192.0.2.1:53", Verdict: evidence.NotStopped, Probes: []evidence.Probe{
				{Name: "www.a.example", Verdict: evidence.NotStopped, Addresses: []netip.Addr{netip.MustParseAddr("203.0.113.9")}},
				{Name: "ab.example", Verdict: evidence.LeftAlone},
			}},
		}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	made, err := json.Marshal(evidence.Redaction{Artifacts: []evidence.RedactionArtifact{
		{Name: "text.txt", Masked: map[evidence.RedactionKind]int{evidence.RedactID: 7}, Left: []evidence.RedactionLeft{{Place: "/a.png", Reason: evidence.LeftPicture}}},
		{Name: "page.pdf", LeftOut: evidence.LeftPDF},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for said, want := range map[string][]string{
		executionLines(s, check): {"window.execution.interrupted", "window.execution.ended", "D001　a.example　scope.exact", "execution.not-stopped", "window.execution.probe", "execution.not-stopped.means"},
		redactionLines(s, made):  {"text.txt", "window.redact.masked", "/a.png　redact.left.picture", "page.pdf", "window.redact.left"},
	} {
		for _, w := range want {
			if !strings.Contains(said, w) {
				t.Errorf("%q is not in %q", w, said)
			}
		}
		if strings.Count(said, "window.execution.probe") > 1 || strings.Contains(said, "{") {
			t.Errorf("%q", said)
		}
	}
	for _, broken := range []string{"not JSON", "[1]"} {
		if got := executionLines(s, []byte(broken)); !strings.Contains(got, strings.Trim(broken, "[]")) {
			t.Errorf("%q is shown as %q", broken, got)
		}
	}
}
