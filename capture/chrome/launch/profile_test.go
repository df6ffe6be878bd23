package launch

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// A profile is swept only when it is ours and its process is dead.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	make := func(name, marker string) string {
		p := filepath.Join(dir, name)
		os.MkdirAll(p, 0o700)
		if marker != "" {
			os.WriteFile(filepath.Join(p, profileMarker), []byte(marker), 0o600)
		}
		return p
	}
	dead := make(profilePrefix+"dead", "999999999")
	kept := []string{
		make(profilePrefix+"mine", fmt.Sprint(os.Getpid())), make(profilePrefix+"alive", fmt.Sprint(os.Getppid())),
		make(profilePrefix+"unmarked", ""), make("other", "999999999"), make(profilePrefix+"odd", "x"),
	}
	sweepProfiles(dir)
	if _, err := os.Stat(dead); err == nil {
		t.Error("a dead profile is still there")
	}
	for _, p := range kept {
		if _, err := os.Stat(p); err != nil {
			t.Errorf("%s is gone", p)
		}
	}
}
