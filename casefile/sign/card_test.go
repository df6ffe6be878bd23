//go:build cgo

package sign

import (
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// softHSM is the module of SoftHSM, where Debian has it.
const softHSM = "/usr/lib/softhsm/libsofthsm2.so"

// token is a token of SoftHSM with the keys and certificates of some signers on it.
func token(t *testing.T, label, pin string, signers ...*Signer) tools {
	t.Helper()
	o := outside(t, "softhsm2-util", "pkcs11-tool")
	if err := os.Mkdir(filepath.Join(o.dir, "tokens"), 0o700); err != nil {
		t.Fatal(err)
	}
	config := "directories.tokendir = " + filepath.Join(o.dir, "tokens") + "\nobjectstore.backend = file\nlog.level = ERROR\n"
	t.Setenv("SOFTHSM2_CONF", o.write("softhsm2.conf", []byte(config)))
	o.run("softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", "87654321", "--pin", pin)
	for i, s := range signers {
		key, _ := pemOf(t, s)
		id := "0" + string(rune('1'+i))
		o.write("key.pem", key)
		o.write("cert.der", s.chain[0].Raw)
		o.run("softhsm2-util", "--import", "key.pem", "--token", label, "--label", "key"+id, "--id", id, "--pin", pin)
		o.run("pkcs11-tool", "--module", softHSM, "--login", "--token-label", label, "--pin", pin,
			"--write-object", "cert.der", "--type", "cert", "--id", id, "--label", "cert"+id)
	}
	return o
}

// TestCard: a key that stays on a token signs as one in a file does; of two keys the one that is for signatures is taken.
func TestCard(t *testing.T) {
	for _, kind := range []string{"RSA-2048", "P-256"} {
		mine := operator(t, kind, nil)
		secrets := operator(t, "RSA-2048", func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment })
		o := token(t, "機關憑證", "123456", secrets, mine)
		s, err := Card(softHSM, "機關憑證", "123456", time.Now())
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		der, err := s.Detached(content, time.Now())
		signed, perr := s.PDF(page(), time.Now())
		if err = errors.Join(err, perr); err == nil {
			judgePDF(t, outside(t, "pdfsig", "qpdf"), signed, "王○○")
		}
		if err = errors.Join(err, s.Close()); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		if info, err := Verify(content, der, nil); err != nil || info.Certificate != mine.Certificate() {
			t.Errorf("%s: %+v %v", kind, info, err)
		}
		_, chain := pemOf(t, mine)
		o.write("root.pem", chain)
		o.write("content", content)
		o.write("p7s", der)
		o.run("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "p7s", "-content", "content", "-purpose", "any", "-CAfile", "root.pem", "-out", "out")
	}
}

// TestCardRefused: what a person can mend about a card is said as that.
func TestCardRefused(t *testing.T) {
	old := operator(t, "P-256", func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })
	token(t, "old", "123456", old)
	cases := []struct {
		module, token, pin string
		want               error
		said               string
	}{
		{softHSM, "old", "123456", ErrKey, "has expired"},
		{softHSM, "old", "999999", ErrSecret, ""},
		{softHSM, "other", "123456", ErrKey, "token other"},
		{softHSM, "", "123456", ErrKey, "none given"},
		{"/nowhere.so", "old", "123456", ErrKey, "no such file"},
		{"/etc/hosts", "old", "123456", ErrKey, "open module"},
	}
	for _, c := range cases {
		if _, err := Card(c.module, c.token, c.pin, time.Now()); !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.said) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	token(t, "two", "123456", operator(t, "P-256", nil), operator(t, "P-256", nil))
	if _, err := Card(softHSM, "two", "123456", time.Now()); !errors.Is(err, ErrKey) || !strings.Contains(err.Error(), "2 certificates") {
		t.Errorf("two that could: %v", err)
	}
}
