package custody

import (
	"bytes"
	"strings"
	"testing"
)

// TestFingerprint checks the form against figures made with sha256sum and bc, and that every way to write the digits down is read as the same.
func TestFingerprint(t *testing.T) {
	const want = "32319 60650 95486 93091 11619 21116 12833 91821" // of "abc": ba7816bf 8f01cfea 414140de 5dae2223 b00361a3 96177a9c b410ff61 f20015ad
	if got := Fingerprint("abc"); got != want {
		t.Errorf("%s", got)
	}
	for _, text := range []string{want, strings.ReplaceAll(want, " ", ""), strings.ReplaceAll(want, " ", "-"), " " + strings.ReplaceAll(want, " ", "　") + "\n", "３" + want[1:]} {
		if got, ok := ParseFingerprint(text); !ok || got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
	for _, text := range []string{"", want[1:], want + "1", strings.Replace(want, "0", "O", 1)} {
		if got, ok := ParseFingerprint(text); ok {
			t.Errorf("%q is taken for %q", text, got)
		}
	}
	if Fingerprint("") != "" {
		t.Error("no key has a fingerprint")
	}
	one, err := NewKey("o", bytes.Repeat([]byte{1}, 32))
	if err != nil {
		t.Fatal(err)
	}
	other, err := NewKey("o", bytes.Repeat([]byte{2}, 32))
	if err != nil {
		t.Fatal(err)
	}
	if Fingerprint(one.Public()) == Fingerprint(other.Public()) {
		t.Error("two keys have one fingerprint")
	}
}
