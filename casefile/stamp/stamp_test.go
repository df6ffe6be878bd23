package stamp_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/digitorus/timestamp"

	"yuzheng/casefile/stamp"
	"yuzheng/casefile/stamp/tsa"
)

var seal = []byte("yuzheng/case/1\n7\nroot\n\n— signature\n")

func authority(t testing.TB) (*tsa.Authority, *x509.CertPool) {
	t.Helper()
	a, err := tsa.Start(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(a.Root) {
		t.Fatal("the authority has no root")
	}
	return a, roots
}

func request(t testing.TB, url string) []byte {
	t.Helper()
	reply, err := stamp.Request(context.Background(), http.DefaultClient, url, seal, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return reply
}

func TestRequest(t *testing.T) {
	a, roots := authority(t)
	reply := request(t, a.URL)
	info, err := stamp.Verify(seal, reply, roots)
	if err != nil || !info.Trusted || time.Since(info.Time) > time.Minute || len(info.Chain) != 2 {
		t.Fatalf("%+v %v", info, err)
	}
	if info, err = stamp.Verify(seal, reply, nil); err != nil || info.Trusted || len(info.Chain) != 2 {
		t.Errorf("without roots: %+v %v", info, err)
	}
	_, strangers := authority(t)
	if info, err = stamp.Verify(seal, reply, strangers); err != nil || info.Trusted {
		t.Errorf("with other roots: %+v %v", info, err)
	}
	if _, err = stamp.Verify(append(seal, ' '), reply, roots); !errors.Is(err, stamp.ErrWrong) {
		t.Errorf("over another message: %v", err)
	}
}

// TestFlips shows that no flipped bit of a reply changes what is said about the seal.
func TestFlips(t *testing.T) {
	a, roots := authority(t)
	reply := request(t, a.URL)
	want, err := stamp.Verify(seal, reply, roots)
	if err != nil {
		t.Fatal(err)
	}
	passed := 0
	for i := range reply {
		spoiled := bytes.Clone(reply)
		spoiled[i] ^= 1 << (i % 8)
		got, err := stamp.Verify(seal, spoiled, roots)
		if err != nil {
			continue
		}
		passed++
		if got.Time != want.Time || got.Policy != want.Policy || got.Serial != want.Serial || got.Signer != want.Signer {
			t.Errorf("byte %d: %+v", i, got)
		}
	}
	t.Logf("%d of %d flips leave a sound stamp with the same words: they fall into copies of the chain", passed, len(reply))
}

// TestPurpose makes sound signatures by certificates that must not make them.
func TestPurpose(t *testing.T) {
	stamping, server := asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 8}, asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 1}
	only := func(c *x509.Certificate) { c.ExtraExtensions = []pkix.Extension{purposes(t, true, stamping)} }
	key := func(usage x509.KeyUsage) func(*x509.Certificate) {
		return func(c *x509.Certificate) { only(c); c.KeyUsage = usage }
	}
	cases := []struct {
		name string
		make func(*x509.Certificate)
		good bool
	}{
		{"as it must be", only, true},
		{"a key for signatures", key(x509.KeyUsageDigitalSignature), true},
		{"a key for signatures that bind", key(x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment), true},
		{"a key that signs certificates", key(x509.KeyUsageCertSign), false},
		{"a key that signs certificates too", key(x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign), false},
		{"a key that encrypts", key(x509.KeyUsageKeyEncipherment), false},
		{"an issuer of certificates", func(c *x509.Certificate) { only(c); c.IsCA, c.BasicConstraintsValid = true, true }, false},
		{"not critical", func(c *x509.Certificate) { c.ExtraExtensions = []pkix.Extension{purposes(t, false, stamping)} }, false},
		{"a second purpose", func(c *x509.Certificate) { c.ExtraExtensions = []pkix.Extension{purposes(t, true, stamping, server)} }, false},
		{"a second purpose that nobody knows", func(c *x509.Certificate) {
			c.ExtraExtensions = []pkix.Extension{purposes(t, true, stamping, asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 99999, 1})}
		}, false},
		{"another purpose", func(c *x509.Certificate) { c.ExtraExtensions = []pkix.Extension{purposes(t, true, server)} }, false},
		{"no purpose", func(*x509.Certificate) {}, false},
		{"expired before it stamped", func(c *x509.Certificate) { only(c); c.NotAfter = time.Now().Add(-time.Minute) }, false},
	}
	for _, c := range cases {
		reply := signed(t, c.make)
		if _, err := stamp.Verify(seal, reply, nil); c.good != (err == nil) || err != nil && !errors.Is(err, stamp.ErrWrong) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// purposes is the extension that says what a certificate is for.
func purposes(t *testing.T, critical bool, list ...asn1.ObjectIdentifier) pkix.Extension {
	t.Helper()
	value, err := asn1.Marshal(list)
	must(t, nil, err)
	return pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: critical, Value: value}
}

// signed is a reply over seal by a fresh certificate that is made as said.
func signed(t *testing.T, how func(*x509.Certificate)) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, nil, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "x"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	how(template)
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	must(t, nil, err)
	cert, err := x509.ParseCertificate(der)
	must(t, nil, err)
	hash := sha256.Sum256(seal)
	stamp := timestamp.Timestamp{
		HashAlgorithm: crypto.SHA256, HashedMessage: hash[:], Time: time.Now(), Policy: asn1.ObjectIdentifier{1, 2, 3}, AddTSACertificate: true,
	}
	reply, err := stamp.CreateResponseWithOpts(cert, key, crypto.SHA256)
	must(t, nil, err)
	return reply
}

// TestServers tries the answers that a request can meet.
func TestServers(t *testing.T) {
	a, _ := authority(t)
	old := request(t, a.URL)
	refusal, err := timestamp.CreateErrorResponse(timestamp.Rejection, timestamp.SystemFailure)
	if err != nil {
		t.Fatal(err)
	}
	say := func(code int, body []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(code)
			w.Write(body) //nolint:errcheck // the client sees it
		}
	}
	cases := []struct {
		name string
		http.HandlerFunc
		want error
	}{
		{"an answer to another request", say(200, old), stamp.ErrWrong},
		{"a login page", say(200, []byte("<html>")), stamp.ErrWrong},
		{"nothing", say(200, nil), stamp.ErrWrong},
		{"far too much", say(200, make([]byte, 2<<20)), stamp.ErrWrong},
		{"more than an answer", say(200, append(bytes.Clone(old), 0)), stamp.ErrWrong},
		{"a refusal", say(200, refusal), stamp.ErrRefused},
		{"not for you", say(403, nil), stamp.ErrRefused},
		{"overload", say(503, nil), stamp.ErrAway},
		{"an answer cut off", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, stamp.ErrAway},
	}
	for _, c := range cases {
		server := httptest.NewServer(c.HandlerFunc)
		_, err := stamp.Request(context.Background(), server.Client(), server.URL, seal, time.Now())
		server.Close()
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	gone := httptest.NewServer(nil)
	gone.Close()
	if _, err := stamp.Request(context.Background(), http.DefaultClient, gone.URL, seal, time.Now()); !errors.Is(err, stamp.ErrAway) {
		t.Errorf("no server: %v", err)
	}
	if _, err := stamp.Request(context.Background(), http.DefaultClient, a.URL, seal, time.Now().AddDate(0, 0, 3)); !errors.Is(err, stamp.ErrWrong) {
		t.Errorf("a clock three days off: %v", err)
	}
}

// TestOneAddressIsAsked: whoever answers at the address that was named is the only one who is asked, whatever he says.
func TestOneAddressIsAsked(t *testing.T) {
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("somebody else was asked") }))
	defer inside.Close()
	for _, code := range []int{301, 302, 303, 307, 308} {
		server := httptest.NewServer(http.RedirectHandler(inside.URL+"/private", code))
		_, err := stamp.Request(context.Background(), http.DefaultClient, server.URL, seal, time.Now())
		server.Close()
		if !errors.Is(err, stamp.ErrRefused) || !strings.Contains(err.Error(), "another address") {
			t.Errorf("%d: %v", code, err)
		}
	}
}

// TestAddresses: an address that nobody can be asked at, or that tells a password, is refused, and the refusal tells none.
func TestAddresses(t *testing.T) {
	for address, good := range map[string]bool{
		"http://tsa.example/tsr": true, "https://[2001:db8::1]:318/": true,
		"http://clerk:Geheim777@tsa.example/": false, "https://clerk@tsa.example/": false, "http://clerk:Geheim777%@tsa.example:x/": false,
		"file:///etc/hosts": false, "tsa.example": false, "http:///tsr": false, "": false,
	} {
		err := stamp.CheckAddress(address)
		if good != (err == nil) || err != nil && (!errors.Is(err, stamp.ErrAddress) || strings.Contains(err.Error(), "Geheim777")) {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// openssl runs the outside judge in dir.
func openssl(t *testing.T, dir string, args ...string) ([]byte, error) {
	t.Helper()
	path, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed: nobody else can judge these time stamps")
	}
	c := exec.Command(path, args...)
	c.Dir = dir
	return c.CombinedOutput()
}

func must(t *testing.T, out []byte, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

const tsaConfig = `
[ req ]
distinguished_name = dn
[ dn ]
[ tsa ]
default_tsa = one
[ one ]
serial = serial
crypto_device = builtin
signer_cert = good.pem
certs = ca.pem
signer_key = key.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[ ca ]
basicConstraints = critical, CA:true
[ good ]
extendedKeyUsage = critical, timeStamping
`

// TestOpenSSLAuthority asks an authority made of openssl, and has openssl judge what is kept.
func TestOpenSSLAuthority(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, b []byte) { must(t, nil, os.WriteFile(filepath.Join(dir, name), b, 0o600)) }
	run := func(args ...string) { out, err := openssl(t, dir, args...); must(t, out, err) }
	write("tsa.cnf", []byte(tsaConfig))
	write("serial", []byte("01\n"))
	for _, key := range []string{"key", "cakey"} {
		run("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key+".pem")
	}
	run("req", "-x509", "-new", "-key", "cakey.pem", "-subj", "/CN=test root", "-days", "2", "-out", "ca.pem", "-config", "tsa.cnf", "-extensions", "ca")
	run("req", "-new", "-key", "key.pem", "-subj", "/CN=test authority", "-out", "good.csr", "-config", "tsa.cnf")
	run("x509", "-req", "-in", "good.csr", "-CA", "ca.pem", "-CAkey", "cakey.pem", "-CAcreateserial", "-days", "2", "-extfile", "tsa.cnf", "-extensions", "good", "-out", "good.pem")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query, err := io.ReadAll(r.Body)
		must(t, nil, err)
		write("query", query)
		run("ts", "-reply", "-config", "tsa.cnf", "-section", "one", "-queryfile", "query", "-out", "reply")
		http.ServeFile(w, r, filepath.Join(dir, "reply"))
	}))
	defer server.Close()

	reply := request(t, server.URL)
	write("kept.tsr", reply)
	write("seal.txt", seal)
	run("ts", "-verify", "-in", "kept.tsr", "-data", "seal.txt", "-CAfile", "ca.pem")
	ca, err := os.ReadFile(filepath.Join(dir, "ca.pem"))
	must(t, nil, err)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	info, err := stamp.Verify(seal, reply, roots)
	if err != nil || !info.Trusted || info.Policy != "1.2.3.4.1" || info.Signer != "CN=test authority" || info.Accuracy != time.Second {
		t.Fatalf("%+v %v", info, err)
	}
	write("seal.txt", append(bytes.Clone(seal), '\n'))
	if out, err := openssl(t, dir, "ts", "-verify", "-in", "kept.tsr", "-data", "seal.txt", "-CAfile", "ca.pem"); err == nil {
		t.Errorf("openssl accepts another seal: %s", out)
	}
}

// TestKeptByUs has openssl judge a reply of the training authority as it is kept.
func TestKeptByUs(t *testing.T) {
	a, _ := authority(t)
	dir := t.TempDir()
	for name, b := range map[string][]byte{"seal.txt": seal, "seal.tsr": request(t, a.URL), "root.pem": a.Root} {
		must(t, nil, os.WriteFile(filepath.Join(dir, name), b, 0o600))
	}
	out, err := openssl(t, dir, "ts", "-verify", "-in", "seal.tsr", "-data", "seal.txt", "-CAfile", "root.pem")
	must(t, out, err)
}

// FuzzVerify: whatever a reply is, it is judged without a panic, and only a sound one passes.
func FuzzVerify(f *testing.F) {
	a, roots := authority(f)
	reply := request(f, a.URL)
	f.Add(reply)
	f.Add([]byte{})
	f.Add(reply[:len(reply)/2])
	empty, err := asn1.Marshal(struct{ Status struct{ Status int } }{})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(empty)
	want, err := stamp.Verify(seal, reply, roots)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := stamp.Verify(seal, b, roots)
		if err == nil && got.Trusted && (got.Time != want.Time || got.Serial != want.Serial) {
			t.Errorf("a reply that nobody made says %+v", got)
		}
	})
}
