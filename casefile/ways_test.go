package casefile

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"filippo.io/age"

	"yuzheng/casefile/internal/vault"
)

// TestWays adds and removes ways in: what the log knows, what lies in keys/ and what opens the case are the same at each step.
func TestWays(t *testing.T) {
	office, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	o := options()
	o.Recipients = []string{office.Recipient().String()}
	dir := filepath.Join(t.TempDir(), "case")
	c, recovery, err := Create(t.Context(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	opens := func(way Way, want bool) {
		t.Helper()
		c, err := Open(t.Context(), dir, way, OpenOptions{Now: fixed})
		if (err == nil) != want || err != nil && !errors.Is(err, ErrPassphrase) {
			t.Errorf("%T: %v, want it to open %v", way, err, want)
		}
		if err == nil {
			clean(t, c)
			closeCase(t, c)
		}
	}
	if _, err := c.AddPassphrase(t.Context(), "deputy", "副手", 10); err != nil {
		t.Fatal(err)
	}
	_, second, err := c.AddRecovery(t.Context(), "副本")
	if err != nil {
		t.Fatal(err)
	}
	if last := c.Ways()[len(c.Ways())-1]; last.Label != "副本" {
		t.Errorf("whose recovery key: %+v", last)
	}
	revoked := filepath.Join(dir, keysDir, c.Ways()[0].File)
	envelope, err := os.ReadFile(revoked)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range c.Ways()[:2] { // the first passphrase and the first recovery key
		if err := c.RemoveWay(t.Context(), w.File, "revoked"); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.RemoveWay(t.Context(), "keys/none.age", ""); !errors.Is(err, ErrNotFound) {
		t.Errorf("removing what is not there: %v", err)
	}
	closeCase(t, c)
	opens(Passphrase(phrase), false)
	opens(RecoveryKey(recovery), false)
	opens(Passphrase("deputy"), true)
	opens(RecoveryKey(second), true)
	opens(Identity(office.String()), true)

	if err := os.WriteFile(revoked, envelope, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), dir, Passphrase(phrase), OpenOptions{})
	if te, ok := errors.AsType[*TamperError](err); !ok || te.Place != keysDir+"/"+filepath.Base(revoked) {
		t.Errorf("a revoked way that was put back: %v", err)
	}
	c, err = Open(t.Context(), dir, Identity(office.String()), OpenOptions{Now: fixed})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range c.Ways() {
		if err := c.RemoveWay(t.Context(), w.File, ""); err != nil && !errors.Is(err, ErrLastWay) {
			t.Fatal(err)
		}
	}
	if list := c.Ways(); len(list) != 1 {
		t.Errorf("ways left: %+v", list)
	}
	closeCase(t, c)
}

// TestStrayWay puts an envelope into keys/ that no entry knows, as a kill between file and entry leaves it: it is removed, and said.
func TestStrayWay(t *testing.T) {
	c, dir, _ := newCase(t)
	r, err := vault.PassphraseRecipient("stray", 10)
	if err != nil {
		t.Fatal(err)
	}
	envelope, err := vault.Wrap(c.secret, c.id, r)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, keysDir, vault.FileName(vault.Passphrase, envelope))
	if err := os.WriteFile(name, envelope, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := findings(t, c, CheckOptions{}); len(got) != 1 {
		t.Errorf("a way in that the log does not know: %v", got)
	}
	if err := c.drop(); err != nil { // as if killed
		t.Fatal(err)
	}
	c = reopen(t, dir)
	clean(t, c)
	closeCase(t, c)
	if _, err := Open(t.Context(), dir, Passphrase("stray"), OpenOptions{}); !errors.Is(err, ErrPassphrase) {
		t.Errorf("the stray way opens: %v", err)
	}
}

// TestForeignFileAmongWays puts a file that is none of the case's into keys/: the check tells it, and taking it away again leaves the case as it was.
func TestForeignFileAmongWays(t *testing.T) {
	c, dir, _ := newCase(t)
	closeCase(t, c)
	foreign := filepath.Join(dir, keysDir, "zzz.age")
	if err := os.WriteFile(foreign, []byte("junk"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // also once a session has been closed over it
		c = reopen(t, dir)
		if got := findings(t, c, CheckOptions{}); len(got) == 0 || got[0].Place != keysDir+"/zzz.age" {
			t.Errorf("a file that does not belong there: %v", got)
		}
		closeCase(t, c)
	}
	if err := os.Remove(foreign); err != nil {
		t.Fatal(err)
	}
	c = reopen(t, dir)
	clean(t, c)
	closeCase(t, c)
}
