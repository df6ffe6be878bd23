package compare

import (
	"testing"

	"yuzheng/casefile/evidence"
)

// TestUsual holds that what takes the place of an unrecorded request is known of every persona, and told apart from every other.
func TestUsual(t *testing.T) {
	seen := map[visitor]evidence.Persona{}
	for _, p := range evidence.Personas {
		v, known := usual[p]
		if other, twice := seen[v]; !known || twice {
			t.Errorf("%s: known %v, the same as %q", p, known, other)
		}
		seen[v] = p
	}
	if len(usual) != len(evidence.Personas) {
		t.Errorf("%d are known, %d can be asked for", len(usual), len(evidence.Personas))
	}
}
