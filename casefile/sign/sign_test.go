package sign

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var content = []byte("0123  data/01_聲請書.pdf\n")

func must[T any](t testing.TB) func(v T, err error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// keys are the kinds that an operator may have.
var keys = map[string]func() (crypto.Signer, error){
	"RSA-2048": func() (crypto.Signer, error) { return rsa.GenerateKey(rand.Reader, 2048) },
	"RSA-3072": func() (crypto.Signer, error) { return rsa.GenerateKey(rand.Reader, 3072) },
	"RSA-4096": func() (crypto.Signer, error) { return rsa.GenerateKey(rand.Reader, 4096) },
	"P-256":    func() (crypto.Signer, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) },
	"P-384":    func() (crypto.Signer, error) { return ecdsa.GenerateKey(elliptic.P384(), rand.Reader) },
	"P-521":    func() (crypto.Signer, error) { return ecdsa.GenerateKey(elliptic.P521(), rand.Reader) },
}

// issued is a certificate for a key, signed by another (nil: by itself), and made as said.
func issued(t testing.TB, key crypto.Signer, by *Signer, how func(*x509.Certificate)) *x509.Certificate {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(0x3701), Subject: pkix.Name{CommonName: "王○○", Organization: []string{"臺灣○○地方檢察署"}, Country: []string{"TW"}},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature,
	}
	if how != nil {
		how(template)
	}
	parent, signer := template, key
	if by != nil {
		parent, signer = by.chain[0], by.key
	}
	der := must[[]byte](t)(x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer))
	return must[*x509.Certificate](t)(x509.ParseCertificate(der))
}

// operator is a signer with a fresh key of a kind.
func operator(t testing.TB, kind string, how func(*x509.Certificate)) *Signer {
	t.Helper()
	key := must[crypto.Signer](t)(keys[kind]())
	return must[*Signer](t)(newSigner(key, []*x509.Certificate{issued(t, key, nil, how)}, time.Now(), nil))
}

// tools runs programs of other people in a folder of its own.
type tools struct {
	t   testing.TB
	dir string
}

func outside(t testing.TB, programs ...string) tools {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			if os.Getenv("YUZHENG_NEED_BROWSER") != "" {
				t.Fatalf("%s is not installed", p)
			}
			t.Skipf("%s is not installed: nobody else can judge here", p)
		}
	}
	return tools{t, t.TempDir()}
}

func (o tools) write(name string, data []byte) string {
	o.t.Helper()
	path := filepath.Join(o.dir, name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		o.t.Fatal(err)
	}
	return path
}

func (o tools) try(program string, args ...string) (string, error) {
	c := exec.Command(program, args...)
	c.Dir = o.dir
	c.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	out, err := c.CombinedOutput()
	return string(out), err
}

func (o tools) run(program string, args ...string) string {
	o.t.Helper()
	out, err := o.try(program, args...)
	if err != nil {
		o.t.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, out)
	}
	return out
}

func (o tools) read(name string) []byte {
	o.t.Helper()
	return must[[]byte](o.t)(os.ReadFile(filepath.Join(o.dir, name)))
}

func asPEM(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

// pemOf is a key and its chain as PEM.
func pemOf(t testing.TB, s *Signer) (key, chain []byte) {
	t.Helper()
	for _, c := range s.chain {
		chain = append(chain, asPEM("CERTIFICATE", c.Raw)...)
	}
	return asPEM("PRIVATE KEY", must[[]byte](t)(x509.MarshalPKCS8PrivateKey(s.key))), chain
}

// TestDetached: what each kind of key signs is sound to us and to openssl, says whose it is, and covers these bytes alone.
func TestDetached(t *testing.T) {
	o := outside(t, "openssl")
	o.write("content", content)
	for kind := range keys {
		s := operator(t, kind, nil)
		der, err := s.Detached(content, time.Now())
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		info, err := Verify(content, der, nil)
		if err != nil || info.Trusted || info.Certificate != s.Certificate() || time.Since(info.Time) > time.Minute || info.Serial != "3701" ||
			!strings.Contains(info.Subject, "王○○") || len(info.Fingerprint) != 64 {
			t.Errorf("%s: %+v %v", kind, info, err)
		}
		if _, err := Verify(append(content, ' '), der, nil); !errors.Is(err, ErrWrong) || !strings.Contains(err.Error(), "other bytes") {
			t.Errorf("%s over other bytes: %v", kind, err)
		}
		_, chain := pemOf(t, s)
		o.write("root.pem", chain)
		o.write("p7s", der)
		o.run("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "p7s", "-content", "content", "-purpose", "any", "-CAfile", "root.pem", "-out", "out")
		shown := o.run("openssl", "cms", "-cmsout", "-print", "-inform", "DER", "-in", "p7s")
		if !strings.Contains(shown, "id-smime-aa-signingCertificateV2") || strings.Contains(shown, "sha1") {
			t.Errorf("%s: %s", kind, shown)
		}
	}
}

// TestFlips: no flipped bit of a signature makes it say somebody else, or another time.
func TestFlips(t *testing.T) {
	s := operator(t, "P-256", nil)
	der := must[[]byte](t)(s.Detached(content, time.Now()))
	want := must[Info](t)(Verify(content, der, nil))
	for i := range der {
		spoiled := bytes.Clone(der)
		spoiled[i] ^= 1 << (i % 8)
		if got, err := Verify(content, spoiled, nil); err == nil && (got.Certificate != want.Certificate || got.Time != want.Time) {
			t.Errorf("byte %d: %+v", i, got)
		}
	}
}

// TestRefused: nothing is signed with what binds nobody, is over, or is not this person's.
func TestRefused(t *testing.T) {
	cases := []struct {
		name, kind string
		how        func(*x509.Certificate)
		said       string
	}{
		{"expired", "P-256", func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) }, "has expired at 20"},
		{"of tomorrow", "P-256", func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Minute) }, "valid only from 20"},
		{"for certificates alone", "P-256", func(c *x509.Certificate) {
			c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign|x509.KeyUsageCRLSign
		}, "not for signatures"},
		{"for secrets alone", "RSA-2048", func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }, "not for signatures"},
		{"over SHA-1", "RSA-2048", func(c *x509.Certificate) { c.SignatureAlgorithm = x509.SHA1WithRSA }, "SHA-1"},
		{"to bind", "P-256", func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageContentCommitment }, ""},
		{"for whatever", "P-256", func(c *x509.Certificate) { c.KeyUsage = 0 }, ""},
	}
	for _, c := range cases {
		_, err := operator(t, c.kind, c.how).Detached(content, time.Now())
		if (err == nil) != (c.said == "") || err != nil && (!errors.Is(err, ErrKey) || !strings.Contains(err.Error(), c.said)) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	short := must[*rsa.PrivateKey](t)(rsa.GenerateKey(rand.Reader, 1024))
	_, edwards, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for said, key := range map[string]crypto.Signer{"1024 bits": short, "neither RSA nor": edwards} {
		s := must[*Signer](t)(newSigner(key, []*x509.Certificate{issued(t, key, nil, nil)}, time.Now(), nil))
		if _, err := s.Detached(content, time.Now()); !errors.Is(err, ErrKey) || !strings.Contains(err.Error(), said) {
			t.Errorf("%s: %v", said, err)
		}
	}
	other := operator(t, "P-256", nil)
	if _, err := newSigner(short, other.chain, time.Now(), nil); !errors.Is(err, ErrKey) || !strings.Contains(err.Error(), "none of its certificates") {
		t.Errorf("somebody else's certificate: %v", err)
	}
}

// TestRenewed: of an old and a renewed certificate of one key, in whatever order a file has them, the one is taken that can sign now, and of two the newer;
// so is the certificate above it. Where none can, it is said of the newest why.
func TestRenewed(t *testing.T) {
	now := time.Now()
	from := func(begin, end time.Duration, usage x509.KeyUsage) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.NotBefore, c.NotAfter, c.KeyUsage = now.Add(begin), now.Add(end), usage }
	}
	const year = 365 * 24 * time.Hour
	authority := must[crypto.Signer](t)(keys["P-256"]())
	above := func(begin, end time.Duration) *Signer {
		c := issued(t, authority, nil, func(c *x509.Certificate) {
			from(begin, end, x509.KeyUsageCertSign)(c)
			c.Subject, c.IsCA, c.BasicConstraintsValid = pkix.Name{CommonName: "根"}, true, true
		})
		return must[*Signer](t)(newSigner(authority, []*x509.Certificate{c}, now, nil))
	}
	oldRoot, root := above(-9*year, -year), above(-year, 9*year)
	key := must[crypto.Signer](t)(keys["P-256"]())
	signs := x509.KeyUsageDigitalSignature
	expired, renewed := issued(t, key, root, from(-3*year, -year, signs)), issued(t, key, root, from(-year, year, signs))
	newest, future := issued(t, key, root, from(-time.Hour, 3*year, signs)), issued(t, key, root, from(year, 3*year, signs))
	encrypts := issued(t, key, root, from(-time.Minute, year, x509.KeyUsageKeyEncipherment))
	keyPEM := asPEM("PRIVATE KEY", must[[]byte](t)(x509.MarshalPKCS8PrivateKey(key)))
	for _, c := range []struct {
		list []*x509.Certificate
		want *x509.Certificate
	}{
		{[]*x509.Certificate{expired, renewed}, renewed},
		{[]*x509.Certificate{expired, renewed, newest, future, encrypts}, newest},
		{[]*x509.Certificate{encrypts, renewed}, renewed},
		{[]*x509.Certificate{expired, future}, future},
		{[]*x509.Certificate{expired}, expired},
	} {
		for range 2 {
			slices.Reverse(c.list)
			text := bytes.Clone(keyPEM)
			for _, one := range append([]*x509.Certificate{oldRoot.chain[0], root.chain[0]}, c.list...) {
				text = append(text, asPEM("CERTIFICATE", one.Raw)...)
			}
			s := must[*Signer](t)(PEM(now, text))
			if !s.chain[0].Equal(c.want) || len(s.chain) < 2 || !s.chain[1].Equal(root.chain[0]) {
				t.Errorf("valid from %s to %s, want to %s; %d in its chain", s.chain[0].NotBefore, s.chain[0].NotAfter, c.want.NotAfter, len(s.chain))
			}
		}
	}
	o := outside(t, "openssl")
	o.write("key.pem", keyPEM)
	o.write("both.pem", append(asPEM("CERTIFICATE", expired.Raw), asPEM("CERTIFICATE", renewed.Raw)...))
	o.run("openssl", "pkcs12", "-export", "-inkey", "key.pem", "-in", "both.pem", "-out", "both.p12", "-passout", "pass:x")
	s := must[*Signer](t)(P12(o.read("both.p12"), "x", now))
	if _, err := s.Detached(content, now); err != nil || !s.chain[0].Equal(renewed) {
		t.Errorf("PKCS#12: valid to %s, %v", s.chain[0].NotAfter, err)
	}
}

// TestFiles: PKCS#12 as openssl writes it, and PEM, give the same person with his chain; what they are not is said.
func TestFiles(t *testing.T) {
	o := outside(t, "openssl")
	root := operator(t, "P-384", func(c *x509.Certificate) {
		c.Subject, c.IsCA, c.BasicConstraintsValid, c.KeyUsage = pkix.Name{CommonName: "根"}, true, true, x509.KeyUsageCertSign
	})
	key := must[crypto.Signer](t)(keys["RSA-2048"]())
	leaf := issued(t, key, root, nil)
	s := must[*Signer](t)(newSigner(key, []*x509.Certificate{root.chain[0], leaf}, time.Now(), nil)) // whatever the order
	keyPEM, chainPEM := pemOf(t, s)
	o.write("key.pem", keyPEM)
	o.write("chain.pem", chainPEM)
	o.run("openssl", "pkcs12", "-export", "-inkey", "key.pem", "-in", "chain.pem", "-out", "new.p12", "-passout", "pass:通關 密語")
	o.run("openssl", "pkcs12", "-export", "-legacy", "-inkey", "key.pem", "-in", "chain.pem", "-out", "old.p12", "-passout", "pass:x")
	roots := x509.NewCertPool()
	roots.AddCert(root.chain[0])
	strangers := x509.NewCertPool()
	strangers.AddCert(operator(t, "P-256", nil).chain[0])
	for name, s := range map[string]*Signer{
		"PKCS#12": must[*Signer](t)(P12(o.read("new.p12"), "通關 密語", time.Now())), "old PKCS#12": must[*Signer](t)(P12(o.read("old.p12"), "x", time.Now())),
		"PEM": must[*Signer](t)(PEM(time.Now(), keyPEM, chainPEM)), "PEM in one": must[*Signer](t)(PEM(time.Now(), append(bytes.Clone(chainPEM), keyPEM...))),
	} {
		der := must[[]byte](t)(s.Detached(content, time.Now()))
		info, err := Verify(content, der, roots)
		if err != nil || !info.Trusted || info.Fingerprint != s.Certificate().Fingerprint || len(info.Chain) != 2 || info.Issuer != "CN=根" {
			t.Errorf("%s: %+v %v", name, info, err)
		}
		if info, err := Verify(content, der, strangers); err != nil || info.Trusted || len(info.Chain) != 2 {
			t.Errorf("%s, with other roots: %+v %v", name, info, err)
		}
		o.write("content", content)
		o.write("p7s", der)
		o.write("root.pem", asPEM("CERTIFICATE", root.chain[0].Raw))
		o.run("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "p7s", "-content", "content", "-purpose", "any", "-CAfile", "root.pem", "-out", "out")
	}
	if _, err := P12(o.read("new.p12"), "wrong", time.Now()); !errors.Is(err, ErrSecret) {
		t.Errorf("a wrong passphrase: %v", err)
	}
	o.run("openssl", "pkcs8", "-topk8", "-in", "key.pem", "-out", "locked.pem", "-passout", "pass:x")
	for name, open := range map[string]func() (*Signer, error){
		"no PKCS#12":        func() (*Signer, error) { return P12([]byte("<html>"), "", time.Now()) },
		"half of a PKCS#12": func() (*Signer, error) { return P12(o.read("new.p12")[:500], "通關 密語", time.Now()) },
		"no PEM":            func() (*Signer, error) { return PEM(time.Now(), []byte("<html>")) },
		"no key":            func() (*Signer, error) { return PEM(time.Now(), chainPEM) },
		"no certificate":    func() (*Signer, error) { return PEM(time.Now(), keyPEM) },
		"a locked key":      func() (*Signer, error) { return PEM(time.Now(), chainPEM, o.read("locked.pem")) },
		"a broken one":      func() (*Signer, error) { return PEM(time.Now(), chainPEM, asPEM("PRIVATE KEY", []byte{1})) },
	} {
		if _, err := open(); !errors.Is(err, ErrKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestOfOthers: a signature that openssl makes is judged as ours is; forms that bind less, or something else, are refused.
func TestOfOthers(t *testing.T) {
	o := outside(t, "openssl")
	s := operator(t, "RSA-2048", nil)
	key, chain := pemOf(t, s)
	o.write("key.pem", key)
	o.write("cert.pem", chain)
	key, chain = pemOf(t, operator(t, "P-256", nil))
	o.write("key2.pem", key)
	o.write("cert2.pem", chain)
	o.write("content", content)
	for name, c := range map[string]struct {
		args []string
		said string
	}{
		"as ours":          {nil, ""},
		"by ESS":           {[]string{"-cades"}, ""},
		"over SHA-512":     {[]string{"-md", "sha512"}, ""},
		"over SHA-1":       {[]string{"-md", "sha1"}, "does not bind"},
		"with its content": {[]string{"-nodetach"}, "a content of its own"},
		"without words":    {[]string{"-noattr"}, "not data"},
		"without its name": {[]string{"-nocerts"}, "exactly one"},
		"by two":           {[]string{"-signer", "cert2.pem", "-inkey", "key2.pem"}, "2 signers"},
	} {
		o.run("openssl", append([]string{
			"cms", "-sign", "-binary", "-outform", "DER", "-in", "content", "-signer", "cert.pem", "-inkey", "key.pem", "-out", "p7s",
		}, c.args...)...)
		info, err := Verify(content, o.read("p7s"), nil)
		taken := err == nil && info.Certificate == s.Certificate()
		refused := errors.Is(err, ErrWrong) && strings.Contains(err.Error(), c.said)
		if c.said == "" && !taken || c.said != "" && !refused {
			t.Errorf("%s: %+v %v", name, info, err)
		}
	}
	for _, der := range [][]byte{nil, []byte("-----BEGIN CMS-----"), {0x30, 0x80, 0, 0}} {
		if _, err := Verify(content, der, nil); !errors.Is(err, ErrWrong) {
			t.Errorf("%q: %v", der, err)
		}
	}
}

// FuzzVerify: whatever a signature is, it is judged without a panic, and only a sound one passes.
func FuzzVerify(f *testing.F) {
	s := operator(f, "P-256", nil)
	der := must[[]byte](f)(s.Detached(content, time.Now()))
	f.Add(der)
	f.Add([]byte{})
	f.Add(der[:len(der)/2])
	want := must[Info](f)(Verify(content, der, nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		if got, err := Verify(content, b, nil); err == nil && got.Fingerprint == want.Fingerprint && got.Time != want.Time {
			t.Errorf("a signature that nobody made says %+v", got)
		}
	})
}
