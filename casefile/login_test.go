package casefile

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"yuzheng/casefile/custody"
)

func keep(t *testing.T, c *Case, name, login string) LoginInfo {
	t.Helper()
	l, err := c.KeepLogin(t.Context(), name, "https://member.example/", []byte(login))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestLogins keeps, replaces and removes logins: what the log knows and what lies in logins/ are the same at each step, through close, check and
// reopening, and nothing of them stands there in clear.
func TestLogins(t *testing.T) {
	c, dir, _ := newCase(t)
	const alias = "公務帳號 A-03"
	keep(t, c, alias, `{"cookies":"session-one"}`)
	second := keep(t, c, alias, `{"cookies":"session-two"}`)
	keep(t, c, "B", `{"cookies":"session-b"}`)
	clean(t, c)
	closeCase(t, c)

	c = reopen(t, dir)
	got, err := c.Login(alias)
	if err != nil || string(got) != `{"cookies":"session-two"}` {
		t.Errorf("%s: %s %v", alias, got, err)
	}
	if list := c.Logins(); len(list) != 2 || list[1] != second || second.URL != "https://member.example/" {
		t.Errorf("logins %+v", list)
	}
	for _, f := range inLogins(t, dir) {
		if data, err := os.ReadFile(filepath.Join(dir, loginsDir, f)); err != nil || bytes.Contains(data, []byte("session")) {
			t.Errorf("%s: %v, or in clear", f, err)
		}
	}
	if err := c.RemoveLogin(t.Context(), alias, "帳號已歸還"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Login(alias); !errors.Is(err, ErrNotFound) {
		t.Errorf("a login that was removed: %v", err)
	}
	if err := c.RemoveLogin(t.Context(), alias, ""); !errors.Is(err, ErrNotFound) {
		t.Errorf("removed twice: %v", err)
	}
	if left := inLogins(t, dir); len(left) != 1 || slices.Contains(left, second.File) {
		t.Errorf("files left: %v", left)
	}
	for _, name := range []string{"", "a\nb", strings.Repeat("帳", maxLoginName+1), "\xff"} {
		if _, err := c.KeepLogin(t.Context(), name, "", nil); !errors.Is(err, ErrName) {
			t.Errorf("name %q: %v", name, err)
		}
	}
	clean(t, c)
	closeCase(t, c)

	var packed bytes.Buffer
	to := PackTo{Passphrase: phrase, Work: 10}
	if err := pack(t.Context(), dir, Passphrase(phrase), to, OpenOptions{Now: fixed}, &packed); err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "copy")
	if err := Unpack(t.Context(), &packed, Passphrase(phrase), copied); err != nil {
		t.Fatal(err)
	}
	c = reopen(t, copied)
	if got, err := c.Login("B"); err != nil || string(got) != `{"cookies":"session-b"}` {
		t.Errorf("in the unpacked case: %s %v", got, err)
	}
	closeCase(t, c)
}

func inLogins(t *testing.T, dir string) []string {
	t.Helper()
	list, err := os.ReadDir(filepath.Join(dir, loginsDir))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, d := range list {
		names = append(names, d.Name())
	}
	return names
}

// TestLoginDamaged flips every byte of a login, takes it away, puts another in its place and one back that was removed: each is named by the
// check, and is never given.
func TestLoginDamaged(t *testing.T) {
	c, dir, _ := newCase(t)
	a, b := keep(t, c, "a", "secret of a"), keep(t, c, "b", "secret of b")
	place := filepath.Join(dir, loginsDir, a.File)
	whole, err := os.ReadFile(place)
	if err != nil {
		t.Fatal(err)
	}
	other, err := os.ReadFile(filepath.Join(dir, loginsDir, b.File))
	if err != nil {
		t.Fatal(err)
	}
	spoiled := [][]byte{other, nil}
	for i := range whole {
		bad := slices.Clone(whole)
		bad[i] ^= 1
		spoiled = append(spoiled, bad)
	}
	for i, bad := range spoiled {
		if err := os.WriteFile(place, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := c.Login("a"); got != nil || err == nil {
			t.Errorf("spoiled %d: %q %v", i, got, err)
		}
		if got := findings(t, c, CheckOptions{}); len(got) != 1 || got[0].Place != loginsDir+"/"+a.File {
			t.Errorf("spoiled %d: %v", i, got)
		}
	}
	if err := os.Remove(place); err != nil {
		t.Fatal(err)
	}
	if got := findings(t, c, CheckOptions{}); len(got) != 1 {
		t.Errorf("missing: %v", got)
	}
	if err := c.RemoveLogin(t.Context(), "a", ""); err != nil {
		t.Fatal(err)
	}
	clean(t, c)
	if err := os.WriteFile(place, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := findings(t, c, CheckOptions{}); len(got) != 1 {
		t.Errorf("put back: %v", got)
	}
	if err := c.drop(); err != nil { // as if killed between entry and file
		t.Fatal(err)
	}
	c = reopen(t, dir)
	clean(t, c)
	if left := inLogins(t, dir); !slices.Equal(left, []string{b.File}) {
		t.Errorf("left: %v", left)
	}
	closeCase(t, c)
}

// TestLoginInLog finds the name and the address of a login in the log, and nothing of what it holds.
func TestLoginInLog(t *testing.T) {
	c, _, _ := newCase(t)
	keep(t, c, "A-03", "session-secret")
	var last custody.Entry
	for e, err := range c.Entries(1) {
		if err != nil {
			t.Fatal(err)
		}
		last = e
	}
	if last.Action != custody.LoginKeep || last.Object != "A-03" || last.Detail["url"] != "https://member.example/" || len(last.Detail) != 2 {
		t.Errorf("entry %+v", last)
	}
	closeCase(t, c)
}
