package packet

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	number "math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"yuzheng/casefile/sign"
)

// person is somebody with a certificate, self-signed.
type person struct {
	*sign.Signer
	pem   []byte // of the certificate
	roots *x509.CertPool
}

func operator(t testing.TB) person {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: number.NewInt(7), Subject: pkix.Name{CommonName: "王檢察事務官"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	p := person{pem: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), roots: x509.NewCertPool()}
	p.roots.AppendCertsFromPEM(p.pem)
	if p.Signer, err = sign.PEM(time.Now(), p.pem, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})); err != nil {
		t.Fatal(err)
	}
	return p
}

// over is the person's signature over a text.
func (p person) over(t testing.TB, text []byte) []byte {
	t.Helper()
	der, err := p.Detached(text, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// judge is how the program judges signatures, with the person's certificate as the only root.
func (p person) judge(content, der []byte) (SignatureInfo, error) {
	info, err := sign.Verify(content, der, p.roots)
	return SignatureInfo{Signer: info.Subject, Certificate: info.Fingerprint, Time: info.Time, Trusted: info.Trusted}, err
}

// signed is a packet with an operator's signature.
func signed(t testing.TB) (zip []byte, p person, o Options) {
	t.Helper()
	p = operator(t)
	s := newSample(t)
	s.signer = p.Certificate().Fingerprint
	out := s.packet(map[string]string{"W0001/cookies.json": "連線憑證"})
	out.Sign = func(list []byte) ([]byte, error) { return p.Detached(list, time.Now()) }
	return write(t, out), p, Options{Stamp: readFakeStamp, Signature: p.judge}
}

func verifySigned(t testing.TB, zip []byte, o Options) *Report {
	t.Helper()
	r, err := VerifyZIP(context.Background(), bytes.NewReader(zip), int64(len(zip)), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestSignature: a signed packet says who signed it; whom nobody vouches for, and what nobody judged, is told apart; nothing of it can be taken away or
// put in its place, a time stamp least of all.
func TestSignature(t *testing.T) {
	zip, p, o := signed(t)
	r := verifySigned(t, zip, o)
	if !r.Good() || len(r.Unchecked) != 0 || r.Signature == nil || !strings.Contains(r.Signature.Signer, "王檢察事務官") || r.Signature.File != signatureName {
		t.Fatalf("%+v", r)
	}
	for code, judge := range map[Code]func(content, der []byte) (SignatureInfo, error){signUnchecked: nil, signUntrusted: operator(t).judge} {
		o := o
		o.Signature = judge
		if r := verifySigned(t, zip, o); !r.Good() || len(r.Unchecked) != 1 || r.Unchecked[0].Code != code {
			t.Errorf("%s: %+v", code, r)
		}
	}
	other := operator(t)
	cases := []struct {
		name  string
		spoil func(f map[string][]byte)
		code  Code
		file  string
	}{
		{"taken away", func(f map[string][]byte) { delete(f, signatureName) }, FileMissing, signatureName},
		{"somebody else's", func(f map[string][]byte) { f[signatureName] = other.over(t, f[tagManifestName]) }, signOther, signatureName},
		{"of another packet", func(f map[string][]byte) { f[signatureName] = p.over(t, []byte("x")) }, signInvalid, signatureName},
		{"none", func(f map[string][]byte) { f[signatureName] = []byte("<html>") }, signInvalid, signatureName},
		{"without the time stamp", func(f map[string][]byte) { delete(f, "seal.tsr") }, signInvalid, signatureName},
		{"a paper changed", func(f map[string][]byte) { f["data/01_聲請書.pdf"] = []byte("%PDF-1.4 駁回") }, signInvalid, signatureName},
		{"too long", func(f map[string][]byte) { f[signatureName] = make([]byte, 1<<20+1) }, tooLarge, signatureName},
	}
	for _, c := range cases {
		f := contents(t, zip)
		c.spoil(f)
		if r := verifySigned(t, forge(t, f), o); !has(r, c.code, c.file) {
			t.Errorf("%s: want %s for %s, found %+v", c.name, c.code, c.file, r.Findings)
		}
	}
	f := contents(t, good(t))
	f[signatureName] = p.over(t, f[tagManifestName])
	if r := verifySigned(t, forge(t, f), o); !has(r, fileAdded, signatureName) {
		t.Errorf("one that the log does not know: %+v", r.Findings)
	}
}

// TestSignatureCauses: of a signed folder, too, a flipped bit is one finding that names its file; a bit that hides is one of the signature's own form.
func TestSignatureCauses(t *testing.T) {
	zip, _, o := signed(t)
	files := contents(t, zip)
	for _, path := range slices.Sorted(maps.Keys(files)) {
		for i := 0; i < len(files[path]); i += max(1, len(files[path])/20) {
			f := maps.Clone(files)
			f[path] = bytes.Clone(f[path])
			f[path][i] ^= 1 << (i % 8)
			r := verifySigned(t, plain(t, f), o)
			hidden := path == signatureName && r.Good() && r.Signature != nil
			if !hidden && (len(r.Findings) != 1 || r.Findings[0].File != path) {
				t.Errorf("byte %d of %s: %.300s", i, path, fmt.Sprint(r.Findings))
			}
		}
	}
}

// TestSignatureRefused: a packet whose entry names a signer is not written without him, nor one that names none with him; a card that fails fails it.
func TestSignatureRefused(t *testing.T) {
	failed := errors.New("card is gone")
	for name, c := range map[string]struct {
		named string
		sign  func([]byte) ([]byte, error)
		want  error
	}{
		"named and away":   {"ab", nil, errRefused},
		"there, not named": {"", func([]byte) ([]byte, error) { return nil, nil }, errRefused},
		"a card that goes": {"ab", func([]byte) ([]byte, error) { return nil, failed }, failed},
	} {
		s := newSample(t)
		s.signer = c.named
		p := s.packet(nil)
		p.Sign = c.sign
		var b memory
		if err := Write(context.Background(), &b, p); !errors.Is(err, c.want) || readable(b) {
			t.Errorf("%s: %v, %d bytes", name, err, len(b))
		}
	}
}

// TestOutsideJudgeOfSignatures has the stranger's script agree about signatures.
func TestOutsideJudgeOfSignatures(t *testing.T) {
	zip, _, _ := signed(t)
	other := operator(t)
	if out, err := judge(t, zip, nil); err != nil {
		t.Fatalf("a signed packet: %v\n%s", err, out)
	}
	for name, spoil := range map[string]func(f map[string][]byte){
		"taken away":      func(f map[string][]byte) { delete(f, signatureName) },
		"somebody else's": func(f map[string][]byte) { f[signatureName] = other.over(t, f[tagManifestName]) },
		"over others":     func(f map[string][]byte) { delete(f, "seal.tsr") },
	} {
		f := contents(t, zip)
		spoil(f)
		if out, err := judge(t, forge(t, f), nil); err == nil || !strings.Contains(string(out), signatureName) {
			t.Errorf("%s: %v %s", name, err, out)
		}
	}
}
