package persona

import (
	"strings"
	"testing"

	"yuzheng/casefile/evidence"
)

// The order and the odd one of the brands follow from the version; those of Chromium 156 were read from the browser itself.
func TestBrandsAreChromes(t *testing.T) {
	var got []string
	for _, b := range brands("Google Chrome", "156", "156") {
		got = append(got, b.Brand+"/"+b.Version)
	}
	if want := "Not:A-Brand/8 Chromium/156 Google Chrome/156"; strings.Join(got, " ") != want {
		t.Errorf("%q instead of %q", got, want)
	}
}

// TestEveryPersonaIsSomebody holds that each persona that can be asked for is told apart by user agent, words before it and screen: one that the
// recorder does not know would be nobody, with an empty user agent.
func TestEveryPersonaIsSomebody(t *testing.T) {
	seen := map[string]evidence.Persona{}
	for _, p := range evidence.Personas {
		if _, known := personas[p]; !known {
			t.Errorf("the recorder does not know %s", p)
		}
		v := New(p, "156.0.8078.79")
		if !strings.HasPrefix(v.UserAgent, "Mozilla/5.0") || v.Width == 0 || v.Languages == "" || v.Mobile != p.Phone() {
			t.Errorf("%s is %+v", p, v.Visitor)
		}
		if other, twice := seen[v.UserAgent+v.Referrer]; twice {
			t.Errorf("%s and %s are one", p, other)
		}
		seen[v.UserAgent+v.Referrer] = p
	}
	if len(personas) != len(evidence.Personas) {
		t.Errorf("%d personas are known, %d can be asked for", len(personas), len(evidence.Personas))
	}
}
