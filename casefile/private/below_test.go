package private_test

import (
	"os"
	"path/filepath"
	"testing"

	"yuzheng/casefile/private"
)

// TestBelow makes files in a folder where somebody else was before: no link leads them out of it, and nothing that is there is written to.
func TestBelow(t *testing.T) {
	dir, outside := filepath.Join(t.TempDir(), "everybody"), t.TempDir()
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	precious := filepath.Join(outside, "precious")
	if err := os.WriteFile(precious, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{
		"W0001": outside, "W0002": filepath.Join(outside, "missing"), "W0003": filepath.Join("..", filepath.Base(outside)), "dom.html": precious,
	} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Skip("no links here: ", err)
		}
	}
	for name, good := range map[string]bool{
		"W0001/dom.html": false, "W0002/dom.html": false, "W0003/dom.html": false, "W0001/icons/1.ico": false, "dom.html": false, "../out": false,
		"W0004/dom.html": true, "W0004/icons/1.ico": true,
	} {
		f, err := private.Below(dir, filepath.FromSlash(name))
		if (err == nil) != good {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil {
			_ = f.Close()
		}
	}
	if f, err := private.Below(dir, filepath.Join("W0004", "dom.html")); err == nil {
		_ = f.Close()
		t.Error("a file is made twice")
	}
	there, err := os.ReadDir(outside)
	if text, _ := os.ReadFile(precious); err != nil || len(there) != 1 || string(text) != "precious" {
		t.Errorf("outside: %v %q %v", there, text, err)
	}
}
