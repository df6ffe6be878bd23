package vault

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"filippo.io/age"
)

const caseID = "00112233445566778899aabbccddeeff"

func sealer(t testing.TB) *Sealer {
	t.Helper()
	s, err := NewSealer(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSealedToItsPlace moves, cuts, lengthens and flips a sealed value.
func TestSealedToItsPlace(t *testing.T) {
	s := sealer(t)
	place, plain := []byte("line/1"), []byte("evidence")
	sealed := s.Seal(place, plain)
	if got, err := s.Open(nil, place, sealed); err != nil || !bytes.Equal(got, plain) {
		t.Fatalf("%q, %v", got, err)
	}
	for i := range sealed {
		for bit := range 8 {
			bad := bytes.Clone(sealed)
			bad[i] ^= 1 << bit
			if _, err := s.Open(nil, place, bad); !errors.Is(err, ErrSealed) {
				t.Fatalf("bit %d of byte %d: %v", bit, i, err)
			}
		}
		if _, err := s.Open(nil, place, sealed[:i]); !errors.Is(err, ErrSealed) {
			t.Fatalf("cut to %d bytes: %v", i, err)
		}
	}
	if _, err := s.Open(nil, []byte("line/2"), sealed); !errors.Is(err, ErrSealed) {
		t.Errorf("in another place: %v", err)
	}
	if bytes.Equal(sealed, s.Seal(place, plain)) {
		t.Error("the same value sealed twice looks the same")
	}
}

func TestEnvelope(t *testing.T) {
	secret := NewSecret()
	recovery := NewRecoveryKey()
	office, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	pass, err := PassphraseRecipient("通關密語 é", 10)
	if err != nil {
		t.Fatal(err)
	}
	rec, err := RecoveryRecipient(recovery)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ParseRecipient(office.Recipient().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		to   age.Recipient
		open func() (age.Identity, error)
		not  func() (age.Identity, error)
	}{
		{"passphrase, typed decomposed", pass, func() (age.Identity, error) { return PassphraseIdentity("通關密語 e\u0301") }, func() (age.Identity, error) { return PassphraseIdentity("wrong") }},
		{"recovery key, typed carelessly", rec, func() (age.Identity, error) {
			return RecoveryIdentity(" " + strings.ToLower(strings.ReplaceAll(recovery, "-", " ")))
		}, func() (age.Identity, error) { return RecoveryIdentity(NewRecoveryKey()) }},
		{"office key", key, func() (age.Identity, error) { return ParseIdentity(office.String()) }, func() (age.Identity, error) { return age.GenerateX25519Identity() }},
	} {
		envelope, err := Wrap(secret, caseID, c.to)
		if err != nil {
			t.Fatal(err)
		}
		id, err := c.open()
		if err != nil {
			t.Fatal(c.name, err)
		}
		if got, of, err := Unwrap(envelope, id); err != nil || !bytes.Equal(got, secret) || of != caseID {
			t.Errorf("%s: %v", c.name, err)
		}
		if id, err = c.not(); err != nil {
			t.Fatal(c.name, err)
		}
		if _, _, err := Unwrap(envelope, id); !errors.Is(err, ErrNoMatch) {
			t.Errorf("%s with another: %v", c.name, err)
		}
		if kind, ok := KindOf(FileName(Recovery, envelope)); kind != Recovery || !ok {
			t.Errorf("%s: file name %s", c.name, FileName(Recovery, envelope))
		}
	}
}

func TestDerivedKeysDiffer(t *testing.T) {
	s := NewSecret()
	seen := map[string]string{}
	for _, id := range []string{caseID, strings.Repeat("0", 32)} {
		for _, purpose := range []string{"db", "value", "chunk", "name", "closed", "log"} {
			k := string(s.Derive(id, purpose, 32))
			if other, ok := seen[k]; ok {
				t.Errorf("%s and %s share a key", purpose, other)
			}
			seen[k] = purpose
		}
	}
}

// TestRecoveryMistyped changes every character into every other, and swaps neighbours and groups: each is found, in its group.
func TestRecoveryMistyped(t *testing.T) {
	key := NewRecoveryKey()
	groupOf := func(text string) int {
		_, err := parseRecovery(text)
		e, ok := errors.AsType[*RecoveryError](err)
		if !ok {
			return -1
		}
		return e.Group
	}
	for i, r := range key {
		if r == '-' {
			continue
		}
		for _, other := range alphabet {
			if other == r {
				continue
			}
			if got := groupOf(key[:i] + string(other) + key[i+1:]); got != i/5+1 {
				t.Fatalf("%c for character %d: group %d named", other, i, got)
			}
		}
		if got := groupOf(key[:i] + "!" + key[i+1:]); got != i/5+1 {
			t.Fatalf("! for character %d: group %d named", i, got)
		}
		if i%5 < 3 && key[i] != key[i+1] {
			if got := groupOf(key[:i] + key[i+1:i+2] + key[i:i+1] + key[i+2:]); got != i/5+1 {
				t.Fatalf("characters %d and %d swapped: group %d named", i, i+1, got)
			}
		}
	}
	groups := strings.Split(key, "-")
	groups[2], groups[5] = groups[5], groups[2]
	if groups[2] != groups[5] && groupOf(strings.Join(groups, "-")) != 3 {
		t.Error("swapped groups are not found")
	}
	for _, short := range []string{"", key[:len(key)-1], key + "0"} {
		if groupOf(short) != 0 {
			t.Errorf("%q: %d", short, groupOf(short))
		}
	}
}

// FuzzParseRecovery: what is accepted is brought into one form, which stays as it is.
func FuzzParseRecovery(f *testing.F) {
	for _, seed := range []string{NewRecoveryKey(), strings.ToLower(NewRecoveryKey()), "", "0000-0000", strings.Repeat("O0Il", 8), "臺" + NewRecoveryKey()} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		key, err := parseRecovery(text)
		if err != nil {
			if _, ok := errors.AsType[*RecoveryError](err); !ok {
				t.Errorf("%v", err)
			}
			return
		}
		if again, err := parseRecovery(key); err != nil || again != key || len(key) != 8*5-1 {
			t.Errorf("%q became %q, then %q, %v", text, key, again, err)
		}
	})
}
