package netfacts_test

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"yuzheng/capture/netfacts"
	"yuzheng/casefile/evidence"
	"yuzheng/casefile/rpz/resolvertest"
)

// bad is a site whose certificate has something, what we must say of it, and openssl's number for it (X509_V_ERR_…; 0 is none).
type bad struct {
	name    string
	chain   [][]byte
	want    []string
	openssl []int
}

func codes(c evidence.Certificate) []string {
	out := []string{}
	for _, p := range c.Problems {
		out = append(out, strings.TrimSuffix(fmt.Sprintf("%s %d", p.Code, p.Days), " 0"))
	}
	slices.Sort(out)
	return out
}

// everyKind serves a site with every kind of certificate, and gives the root that is to be trusted.
func everyKind(t *testing.T) (root *identity, list []bad) {
	root = issue(t, nil, newKey(t, ""), authority("Training Root"))
	middle := issue(t, root, newKey(t, ""), authority("Training CA"))
	other := issue(t, nil, newKey(t, ""), authority("Nobody's Root"))
	old := issue(t, root, newKey(t, ""), with(authority("Old CA"), func(c *x509.Certificate) { c.NotAfter = day.AddDate(0, 0, -1) }))
	no := issue(t, root, newKey(t, ""), with(site("no.example"), func(c *x509.Certificate) { c.Subject.CommonName = "no.example" }))
	short := issue(t, root, newKey(t, ""), with(authority("Short CA"), func(c *x509.Certificate) { c.MaxPathLenZero = true }))
	below := issue(t, short, newKey(t, ""), authority("CA Below"))
	md5 := withMD5(t)
	from := func(by *identity, kind string, change func(*x509.Certificate), above ...*identity) [][]byte {
		return shown(t, issue(t, by, newKey(t, kind), change), above...)
	}
	shift := func(begin, end time.Duration) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.NotBefore, c.NotAfter = day.Add(begin), day.Add(end) }
	}
	sha1 := func(c *x509.Certificate) { c.SignatureAlgorithm = x509.ECDSAWithSHA1 }
	const d = 24 * time.Hour
	return root, []bad{
		{"good", from(middle, "", site("shop.example"), middle), nil, []int{0}},
		{"a wildcard for everybody", from(middle, "", site("*.example"), middle), []string{"wrong_host"}, []int{62}},
		{"another's wildcard", from(middle, "", site("*.shop.example"), middle), []string{"wrong_host"}, []int{62}},
		{"good with RSA", from(middle, "rsa2048", site("shop.example"), middle), nil, []int{0}},
		{"good with Ed25519", from(middle, "ed25519", site("shop.example"), middle), nil, []int{0}},
		{"good with its root", from(middle, "", site("shop.example"), middle, root), nil, []int{0}},
		{"expired", from(middle, "", with(site("shop.example"), shift(-90*d, -12*d-time.Hour)), middle), []string{"expired 12"}, []int{10}},
		{"expired today", from(middle, "", with(site("shop.example"), shift(-90*d, -time.Hour)), middle), []string{"expired"}, []int{10}},
		{"not yet", from(middle, "", with(site("shop.example"), shift(3*d+time.Hour, 90*d)), middle), []string{"not_yet_valid 3"}, []int{9}},
		{"self-signed", from(nil, "", site("shop.example")), []string{"self_signed"}, []int{18}},
		{"self-signed, expired, for another", from(nil, "", with(site("a.example"), shift(-9*d, -2*d))), []string{"expired 2", "self_signed", "wrong_host"}, []int{18, 62}},
		{"another's", from(middle, "", site("other.example", "192.0.2.1"), middle), []string{"wrong_host"}, []int{62}},
		{"nobody's", from(other, "", site("shop.example")), []string{"unknown_authority"}, []int{20}},
		{"nobody's with its root", from(other, "", site("shop.example"), other), []string{"unknown_authority"}, []int{19}},
		{"middle left out", from(middle, "", site("shop.example")), []string{"unknown_authority"}, []int{20}},
		{"by no authority", from(no, "", site("shop.example"), no), []string{"unknown_authority"}, []int{32, 79}},
		{"by an authority too many", from(below, "", site("shop.example"), below, short), []string{"invalid_chain"}, []int{25}},
		{"by an expired authority", from(old, "", site("shop.example"), old), nil, []int{10}},
		{"common name only", from(middle, "", site(), middle), []string{"common_name_only"}, []int{0}},
		{
			"another common name only", from(middle, "", with(site(), func(c *x509.Certificate) { c.Subject.CommonName = "a.example" }), middle),
			[]string{"common_name_only", "wrong_host"},
			[]int{62},
		},
		{"weak key", from(middle, "rsa1024", site("shop.example"), middle), []string{"weak_key"}, []int{0}},
		{"SHA-1", from(middle, "", with(site("shop.example"), sha1), middle), []string{"weak_signature"}, []int{0}},
		{"SHA-1, nobody's", from(other, "", with(site("shop.example"), sha1), other), []string{"unknown_authority", "weak_signature"}, []int{19}},
		{"MD5, self-signed", [][]byte{md5}, []string{"self_signed", "weak_signature"}, []int{18}},
	}
}

// withMD5 is made by openssl, since Go signs no such thing any more.
func withMD5(t *testing.T) []byte {
	t.Helper()
	dir := t.TempDir()
	out, err := exec.Command(resolvertest.Program(t, "openssl"), "req", "-x509", "-md5", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=shop.example",
		"-addext", "subjectAltName=DNS:shop.example", "-addext", "basicConstraints=CA:FALSE",
		"-keyout", filepath.Join(dir, "key"), "-outform", "DER", "-out", filepath.Join(dir, "der")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	der, err := os.ReadFile(filepath.Join(dir, "der"))
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestEveryBadCertificateIsNamed(t *testing.T) {
	root, list := everyKind(t)
	roots := x509.NewCertPool()
	roots.AddCert(root.cert)
	openssl := resolvertest.Program(t, "openssl")
	dir := t.TempDir()
	file := func(name string, chain ...[]byte) string {
		var b []byte
		for _, der := range chain {
			b = append(b, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
		}
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	trusted := file("root", root.cert.Raw)
	for _, c := range list {
		at := day
		if leaf, err := x509.ParseCertificate(c.chain[0]); err == nil && strings.HasPrefix(c.name, "MD5") {
			at = leaf.NotBefore.Add(time.Hour)
		}
		got := netfacts.Certificates(c.chain, netfacts.Judge{At: at, Host: "shop.example", Roots: roots})
		if len(got) != len(c.chain) || !slices.Equal(codes(got[0]), append([]string{}, c.want...)) {
			t.Errorf("%s: %v, want %v", c.name, codes(got[0]), c.want)
		}
		args := []string{
			"verify", "-CAfile", trusted, "-no-CApath", "-no-CAstore", "-attime", strconv.FormatInt(at.Unix(), 10), "-verify_hostname", "shop.example",
		}
		if len(c.chain) > 1 {
			args = append(args, "-untrusted", file("untrusted", c.chain[1:]...))
		}
		out, _ := exec.Command(openssl, append(args, file("leaf", c.chain[0]))...).CombinedOutput() // its number is judged, not its exit
		var numbers []int
		for _, m := range regexp.MustCompile(`(?m)^error (\d+) at`).FindAllStringSubmatch(string(out), -1) {
			n, _ := strconv.Atoi(m[1])
			numbers = append(numbers, n)
		}
		if numbers == nil {
			numbers = []int{0}
		}
		slices.Sort(numbers)
		slices.Sort(c.openssl)
		if !slices.Equal(numbers, c.openssl) {
			t.Errorf("%s: openssl says %v, want %v\n%s", c.name, numbers, c.openssl, out)
		}
	}
}

// What we read of a certificate is what openssl reads of it.
func TestOpenSSLReadsTheSame(t *testing.T) {
	openssl := resolvertest.Program(t, "openssl")
	run := func(in []byte, args ...string) string {
		t.Helper()
		command := exec.Command(openssl, args...)
		command.Stdin = bytes.NewReader(in)
		out, err := command.Output()
		if err != nil {
			t.Fatalf("openssl %v: %v", args, err)
		}
		return string(out)
	}
	_, list := everyKind(t)
	read := map[string]bool{}
	for _, c := range list {
		for i, got := range netfacts.Certificates(c.chain, netfacts.Judge{At: day}) {
			if read[got.SHA256] {
				continue
			}
			read[got.SHA256] = true
			said := run(c.chain[i], "x509", "-inform", "DER", "-noout", "-serial", "-startdate", "-enddate", "-dateopt", "iso_8601",
				"-fingerprint", "-sha256", "-subject", "-issuer", "-nameopt", "RFC2253,utf8,-esc_msb", "-text", "-pubkey")
			key := sha256.Sum256([]byte(run([]byte(said), "pkey", "-pubin", "-outform", "DER")))
			if got.KeySHA256 != hex.EncodeToString(key[:]) || got.Pin != base64.StdEncoding.EncodeToString(key[:]) ||
				strings.Contains(said, "CA:TRUE") != got.Authority {
				t.Errorf("%s %d: %+v\n%s", c.name, i, got, said)
			}
			for _, w := range saidOf(got) {
				if !strings.Contains(said, w) {
					t.Errorf("%s %d: openssl does not say %q:\n%s", c.name, i, w, said)
				}
			}
		}
	}
}

// saidOf is what openssl must print of a certificate that we read so.
func saidOf(c evidence.Certificate) []string {
	fingerprint := strings.ToUpper(c.SHA256)
	for i := len(fingerprint) - 2; i > 0; i -= 2 {
		fingerprint = fingerprint[:i] + ":" + fingerprint[i:]
	}
	serial := strings.ToUpper(c.Serial)
	if len(serial)%2 == 1 {
		serial = "0" + serial
	}
	signature := map[string]string{
		"ECDSA-SHA256": "ecdsa-with-SHA256", "ECDSA-SHA1": "ecdsa-with-SHA1", "MD5-RSA": "md5WithRSAEncryption", "SHA256-RSA": "sha256WithRSAEncryption",
	}[c.Signature]
	const form = "2006-01-02 15:04:05Z"
	want := []string{
		"serial=" + serial + "\n", "notBefore=" + c.NotBefore.Format(form), "notAfter=" + c.NotAfter.Format(form),
		"Fingerprint=" + fingerprint, "subject=" + c.Subject + "\n", "issuer=" + c.Issuer + "\n", "Signature Algorithm: " + signature + "\n",
	}
	if c.Key != "Ed25519" {
		want = append(want, fmt.Sprintf("(%d bit)", c.KeyBits))
	}
	return append(want, c.Names...)
}

// What is left out is not judged, and what is no certificate says so.
func TestWhatCannotBeJudged(t *testing.T) {
	other := issue(t, nil, newKey(t, ""), authority("Nobody's Root"))
	leaf := issue(t, other, newKey(t, "p224"), site("a.example"))
	got := netfacts.Certificates([][]byte{leaf.cert.Raw, other.cert.Raw, []byte("nonsense"), nil}, netfacts.Judge{At: day})
	if len(got) != 4 || !slices.Equal(codes(got[0]), []string{"weak_key"}) || len(got[1].Problems) != 0 || !got[1].Authority || got[0].KeyBits != 224 {
		t.Errorf("without host and roots: %+v", got)
	}
	if got[2].Error == "" || len(got[2].SHA256) != 64 || got[2].Subject != "" || got[3].Error == "" {
		t.Errorf("what is no certificate: %+v", got[2:])
	}
	if got := netfacts.Certificates([][]byte{{1}, leaf.cert.Raw}, netfacts.Judge{At: day, Host: "x"}); len(got[0].Problems) != 0 || got[0].Error == "" {
		t.Errorf("behind an unreadable one: %+v", got)
	}
	if got := netfacts.Certificates(nil, netfacts.Judge{}); len(got) != 0 {
		t.Errorf("of nothing: %+v", got)
	}
	byAddress := issue(t, nil, newKey(t, ""), site("192.0.2.1", "2001:db8::1"))
	for _, host := range []string{"192.0.2.1", "2001:db8::1", "[2001:db8::1]"} {
		if got := netfacts.Certificates([][]byte{byAddress.cert.Raw}, netfacts.Judge{At: day, Host: host}); !slices.Equal(codes(got[0]), []string{"self_signed"}) {
			t.Errorf("%s: %v", host, codes(got[0]))
		}
	}
}

func FuzzCertificates(f *testing.F) {
	t := &testing.T{}
	leaf := issue(t, nil, newKey(t, ""), site("a.example"))
	f.Add(leaf.cert.Raw, "a.example")
	f.Add([]byte{0x30, 0x03, 0x02, 0x01, 0x01}, "")
	roots := x509.NewCertPool()
	roots.AddCert(leaf.cert)
	f.Fuzz(func(t *testing.T, der []byte, host string) {
		got := netfacts.Certificates([][]byte{der, der}, netfacts.Judge{At: day, Host: host, Roots: roots})
		sum := sha256.Sum256(der)
		for _, c := range got {
			if c.SHA256 != hex.EncodeToString(sum[:]) || (c.Error == "") != (c.KeySHA256 != "") {
				t.Errorf("%+v", c)
			}
		}
	})
}
