package app

import (
	"encoding/json"
	"os"
	"testing"
)

// TestEnvTries starts the real browser as a capture does, and asks the time server and the resolver of the test site.
func TestEnvTries(t *testing.T) {
	r, s := newQueueRig(t), testSite(t)
	l := s.Lookups()
	args := []string{"env", t.TempDir(), "--resolver", l.Resolver, "--ntp", l.NTP, "--json"}
	boxless := os.Geteuid() == 0
	if boxless {
		args = append(args, "--no-sandbox")
	}
	var items []struct{ Name, State, Code, Value string }
	if err := json.Unmarshal(r.must(args...), &items); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"browser": "works", "clock": "offset", "disk": "room", "resolver": "unknown", "proxy": "none"}
	if boxless {
		want["browser"] = "unboxed"
	}
	for _, i := range items {
		switch w := want[i.Name]; {
		case i.Name == "fonts" || i.Name == "disk" && (i.Code == "low" || i.Code == "full"):
		case i.Code != w:
			t.Errorf("%s: %s %s (%s), want %s", i.Name, i.State, i.Code, i.Value, w)
		}
		delete(want, i.Name)
	}
	if len(want) > 0 {
		t.Errorf("not tried: %v", want)
	}
}
