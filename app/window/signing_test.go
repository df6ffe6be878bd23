package window

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"yuzheng/app/window/page"
	"yuzheng/casefile/sign"
)

// TestSignerOf opens a key out of both kinds of file, whatever they are called, and tells a wrong passphrase from what is no key.
func TestSignerOf(t *testing.T) {
	dir, secret := t.TempDir(), "correct horse battery 77"
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "李○○"}, NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	p12, err := pkcs12.Modern.Encode(key, certificate, nil, secret)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	text := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})...)
	for name, data := range map[string][]byte{"li.p12": p12, "li.pem": text, "other.txt": []byte("no key")} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		key  page.SigningKey
		want error
	}{
		{page.SigningKey{Means: page.KeyFile, File: "li.p12", Secret: secret}, nil},
		{page.SigningKey{Means: page.KeyFile, File: "li.pem"}, nil},
		{page.SigningKey{Means: page.KeyFile, File: "li.p12", Secret: "wrong"}, sign.ErrSecret},
		{page.SigningKey{Means: page.KeyFile, File: "other.txt"}, sign.ErrKey},
		{page.SigningKey{Means: page.KeyFile, File: "absent.p12"}, sign.ErrKey},
		{page.SigningKey{Means: page.KeyCard, Module: "absent.so", Token: "x", Secret: "1"}, sign.ErrKey},
	} {
		c.key.File = filepath.Join(dir, c.key.File)
		signer := ""
		err := signing(c.key, now, func(by *sign.Signer) error { signer = by.Certificate().Subject; return nil })
		if errors.Is(err, sign.ErrNoCards) {
			continue // built without CGO
		}
		if !errors.Is(err, c.want) || (c.want == nil) != (signer == "CN=李○○") {
			t.Errorf("%s: %q, %v; want %v", filepath.Base(c.key.File), signer, err, c.want)
		}
	}
	if err := signing(page.SigningKey{}, now, func(by *sign.Signer) error {
		if by != nil {
			return errors.New("somebody")
		}
		return nil
	}); err != nil {
		t.Errorf("a name alone: %v", err)
	}
}
