package casefile

import (
	"errors"
	"os"
	"testing"
)

// A folder that goes away while its case is open does not hold the program, and holds all that was sealed when it is back.
func TestFolderGone(t *testing.T) {
	if os.PathSeparator == '\\' {
		t.Skip("an open folder can't be moved on Windows")
	}
	c, dir, _ := newCase(t)
	e := admit(t, c, map[string][]byte{"a.txt": []byte("保證獲利")})
	if err := os.Rename(dir, dir+".away"); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); !errors.Is(err, ErrGone) {
		t.Errorf("closed with %v", err)
	}
	if err := c.Close(); err != nil {
		t.Errorf("closed again with %v", err)
	}
	if err := os.Rename(dir+".away", dir); err != nil {
		t.Fatal(err)
	}
	again := reopen(t, dir)
	if _, err := again.Exhibit(e.ID); err != nil {
		t.Error(err)
	}
	closeCase(t, again)
}
