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
	seen, agents := map[string]evidence.Persona{}, map[string]Kind{}
	for _, p := range evidence.Personas {
		if _, known := personas[p]; !known {
			t.Errorf("the recorder does not know %s: personas in persona.go lacks it", p)
			continue
		}
		v, kind := New(p, "156.0.8078.79"), KindOf(p)
		if !strings.HasPrefix(v.UserAgent, "Mozilla/5.0") || v.Width == 0 || v.Languages == "" || v.Mobile != p.Phone() {
			t.Errorf("%s is nobody whole (userAgent, New, Phone): %+v", p, v.Visitor)
		}
		if other, taken := agents[v.UserAgent]; taken && other != kind {
			t.Errorf("%s has the user agent of %s: userAgent in persona.go lacks its own", kind, other)
		}
		for sign, platform := range map[string]string{"Android": "Android", "Windows NT": "Windows"} {
			if is := strings.Contains(v.UserAgent, sign); is != (v.Hints != nil && v.Hints.Platform == platform) {
				t.Errorf("%s: the user agent %q and the hints %+v are of two machines", p, v.UserAgent, v.Hints)
			}
		}
		if strings.Contains(v.UserAgent, "Android") != p.Phone() {
			t.Errorf("%s: a phone is %v, the user agent %q", p, p.Phone(), v.UserAgent)
		}
		if other, twice := seen[v.UserAgent+v.Referrer]; twice {
			t.Errorf("%s and %s are one", p, other)
		}
		seen[v.UserAgent+v.Referrer], agents[v.UserAgent] = p, kind
	}
	if len(personas) != len(evidence.Personas) {
		t.Errorf("%d personas are known (personas in persona.go), %d can be asked for (evidence.Personas)", len(personas), len(evidence.Personas))
	}
}
