package casefile

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"

	"filippo.io/age"

	"yuzheng/casefile/custody"
)

// packs lists the entries case.pack of a closed case.
func packs(t *testing.T, dir string) (list []custody.Entry) {
	t.Helper()
	c, err := Open(t.Context(), dir, Passphrase(phrase), OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for e, err := range c.Entries(1) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Action == custody.CasePack {
			list = append(list, e)
		}
	}
	return list
}

// TestPackRecipients tries keys that are no good, alone or together, before anything is opened, written or logged.
func TestPackRecipients(t *testing.T) {
	dir := closedCase(t)
	classic, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	quantum, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	a, b := classic.Recipient().String(), quantum.Recipient().String()
	for name, keys := range map[string][]string{"mixed": {a, b}, "mixed the other way": {b, a}, "no key": {a, "age1x"}, "a secret": {classic.String()}} {
		asked := false
		err := PackFile(t.Context(), dir, Passphrase(phrase), PackTo{Recipients: keys}, OpenOptions{}, func(func(io.Writer) error) error {
			asked = true
			return nil
		})
		if !errors.Is(err, ErrRecipients) || asked {
			t.Errorf("%s: %v, file begun: %v", name, err, asked)
		}
	}
	if list := packs(t, dir); len(list) != 0 {
		t.Errorf("logged: %+v", list)
	}
	for name, keys := range map[string][]string{"classic": {a}, "post-quantum": {b}} {
		var out bytes.Buffer
		if err := pack(t.Context(), dir, Passphrase(phrase), PackTo{Recipients: keys}, OpenOptions{}, &out); err != nil || out.Len() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if list := packs(t, dir); len(list) != 2 || list[0].Detail[DetailFailed]+list[1].Detail[DetailFailed] != "" {
		t.Errorf("logged: %+v", list)
	}
}

// TestPackFails has the place to write to fail, before and after the first byte and at the end: what the log says of it is so.
func TestPackFails(t *testing.T) {
	broken := errors.New("the stick was pulled out")
	to := PackTo{Passphrase: "transport", Work: 10}
	cases := map[string]struct {
		save    func(write func(io.Writer) error) error
		entries int
	}{
		"before": {func(func(io.Writer) error) error { return broken }, 0},
		"midway": {func(write func(io.Writer) error) error { return write(&pulled{left: 1000, err: broken}) }, 2},
		"at the end": {func(write func(io.Writer) error) error {
			return errors.Join(write(io.Discard), broken)
		}, 2},
	}
	for name, c := range cases {
		dir := closedCase(t)
		if err := PackFile(t.Context(), dir, Passphrase(phrase), to, OpenOptions{}, c.save); !errors.Is(err, broken) {
			t.Errorf("%s: %v", name, err)
		}
		list := packs(t, dir)
		if len(list) != c.entries {
			t.Errorf("%s: %d entries, want %d: %+v", name, len(list), c.entries, list)
		}
		if n := len(list); n > 0 && !strings.Contains(list[n-1].Detail[DetailFailed], broken.Error()) {
			t.Errorf("%s: the last entry does not say that it failed: %+v", name, list[n-1])
		}
	}
}

// pulled fails after so many bytes.
type pulled struct {
	left int
	err  error
}

// Write implements io.Writer.
func (p *pulled) Write(b []byte) (int, error) {
	if p.left -= len(b); p.left < 0 {
		return 0, p.err
	}
	return len(b), nil
}

// closedCase is a furnished case that nobody has open.
func closedCase(t *testing.T) string {
	t.Helper()
	c, dir, _ := newCase(t)
	furnish(t, c)
	closeCase(t, c)
	return dir
}

// TestAdmitFails says in the log that nothing came of an intake that could not be admitted, and what began it.
func TestAdmitFails(t *testing.T) {
	c, _, _ := newCase(t)
	begun, err := c.Log(t.Context(), custody.Entry{Action: custody.CaptureBegin, Object: "https://a.example/"})
	if err != nil {
		t.Fatal(err)
	}
	in, err := c.Receive(t.Context(), IntakeOptions{Begin: begun.Number})
	if err != nil {
		t.Fatal(err)
	}
	put(t, in, "a", []byte("x"))
	if _, err := in.Admit(t.Context(), []byte("no JSON"), nil, ""); err == nil {
		t.Fatal("a summary that is not JSON")
	}
	e, err := c.entry(c.Info().Entries)
	if err != nil || e.Action != custody.CaptureAbandon || e.Detail[DetailBegin] != strconv.FormatInt(begun.Number, 10) || e.Reason == "" {
		t.Errorf("%v %+v", err, e)
	}
	clean(t, c)
	closeCase(t, c)
}

// pack writes the case to w, which nobody has to keep.
func pack(ctx context.Context, dir string, way Way, to PackTo, o OpenOptions, w io.Writer) error {
	return PackFile(ctx, dir, way, to, o, func(write func(io.Writer) error) error { return write(w) })
}
