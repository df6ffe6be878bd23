package workbench

import (
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"yuzheng/assets"
	"yuzheng/capture/netfacts"
	"yuzheng/casefile/application"
	"yuzheng/casefile/evidence"
)

// TestOwnerChangeInRealAnswers has the gate judge a name by what a real registry answered (CZ.NIC, of the tests of openrdap), once as it is and once as
// it is after the name changed hands: what changed is asked, an answer that is only newer is not.
func TestOwnerChangeInRealAnswers(t *testing.T) {
	real, err := os.ReadFile("testdata/rdap-example.cz.json")
	if err != nil {
		t.Fatal(err)
	}
	data, err := fs.Sub(assets.Data, "data")
	if err != nil {
		t.Fatal(err)
	}
	lists, err := application.LoadLists(data)
	if err != nil {
		t.Fatal(err)
	}
	for change, c := range map[string]struct {
		from, to string
		asks     bool
	}{
		"nothing":                            {"", "", false},
		"it was renewed":                     {"2019-08-30T12:00:00", "2020-08-30T12:00:00", false},
		"another registrant":                 {`"SB:EXAMPLE"`, `"SB:OTHER"`, true},
		"another registrar":                  {"REG-INTERNET-CZ", "REG-OTHER", true},
		"another name server":                {"ns.pipni.cz", "ns.other.cz", true},
		"registered anew":                    {"2004-08-30T22:55:00", "2026-10-01T10:00:00", true},
		"the same servers, in another order": {`"ldhName": "ns2.pipni.cz"`, `"ldhName": "NS2.pipni.cz"`, false},
	} {
		g := judgedBy(t, lists, string(real), strings.ReplaceAll(string(real), c.from, c.to))
		i := slices.IndexFunc(g.Results, func(r application.RuleResult) bool { return r.Rule == "owner" })
		if got := g.Results[i]; got.Stops() != c.asks || got.Code == "gate.owner.unknown" || got.Code == "gate.owner.once" {
			t.Errorf("%s: %s %s", change, got.Code, got.Text)
		}
	}
}

// judgedBy is what the gate says of example.cz, captured twice, as a registry answered each time.
func judgedBy(t *testing.T, lists *application.Lists, answers ...string) application.GateResult {
	t.Helper()
	var shown []application.Exhibit
	for i, body := range answers {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/rdap+json")
			_, _ = w.Write([]byte(body))
		}))
		t.Cleanup(server.Close)
		facts := netfacts.Look(t.Context(), netfacts.Options{
			Host: "example.cz", Now: time.Now, Dial: new(net.Dialer).DialContext, Timeout: 10 * time.Second,
			Lookups: evidence.Lookups{RDAP: true, RDAPBase: server.URL},
		})
		x := application.Exhibit{ID: "W000" + string(rune('1'+i)), Kind: evidence.Capture, URL: "https://example.cz/", FinalURL: "https://example.cz/", Started: time.Now().Add(time.Duration(i-2) * time.Hour)}
		tellFacts(evidence.Facts{Network: &facts}, &x)
		shown = append(shown, x)
	}
	target, err := application.NewTarget("D001", "example.cz", application.Exact, shown)
	if err != nil {
		t.Fatal(err)
	}
	return application.Gate(application.GateInput{Target: target, Exhibits: shown, Lists: lists, Now: time.Now()})
}
