package private

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// TestWhole: a file has its name when all of it is written, and nothing is left of one that is not; what a broken run left is no hindrance.
func TestWhole(t *testing.T) {
	dir := t.TempDir()
	file, part := filepath.Join(dir, "a.html"), filepath.Join(dir, "a.html.part")
	if err := os.WriteFile(part, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	failed := errors.New("no more")
	err := Whole(file, func(w io.Writer) error {
		if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("it has its name already: %v", err)
		}
		_, err := io.WriteString(w, "beginning")
		return errors.Join(err, failed)
	})
	if left, _ := os.ReadDir(dir); !errors.Is(err, failed) || len(left) > 0 {
		t.Errorf("%v leaves %v", err, left)
	}
	if err := Whole(file, func(w io.Writer) error { _, err := io.WriteString(w, "all"); return err }); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("%v", left)
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "all" {
		t.Errorf("%q %v", text, err)
	}
}
