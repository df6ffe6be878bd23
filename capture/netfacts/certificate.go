package netfacts

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	"yuzheng/casefile/evidence"
)

// Judge says by what a chain is judged.
type Judge struct {
	At    time.Time
	Host  string         // name (A-labels) or address that the chain was shown for; "" leaves names alone
	Roots *x509.CertPool // whom to trust; nil leaves the authority alone
}

// Certificates describes a chain as a server shows it, its own certificate first, in DER form. Nothing is asked of anybody.
func Certificates(chain [][]byte, by Judge) []evidence.Certificate {
	out := make([]evidence.Certificate, 0, len(chain))
	var parsed []*x509.Certificate
	for i, der := range chain {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			sum := sha256.Sum256(der)
			out = append(out, evidence.Certificate{SHA256: hex.EncodeToString(sum[:]), Error: err.Error()})
			continue
		}
		if i == 0 || len(parsed) > 0 {
			parsed = append(parsed, c)
		}
		out = append(out, describe(c, by.At))
	}
	if len(parsed) > 0 {
		out[0].Problems = append(out[0].Problems, by.leaf(parsed)...)
	}
	return out
}

func describe(c *x509.Certificate, at time.Time) evidence.Certificate {
	sum, key := sha256.Sum256(c.Raw), sha256.Sum256(c.RawSubjectPublicKeyInfo)
	out := evidence.Certificate{
		Subject: c.Subject.String(), Issuer: c.Issuer.String(), Serial: c.SerialNumber.Text(16),
		NotBefore: c.NotBefore.UTC(), NotAfter: c.NotAfter.UTC(), Names: slices.Clone(c.DNSNames),
		SHA256: hex.EncodeToString(sum[:]), KeySHA256: hex.EncodeToString(key[:]), Pin: base64.StdEncoding.EncodeToString(key[:]),
		Signature: c.SignatureAlgorithm.String(), Authority: c.BasicConstraintsValid && c.IsCA,
	}
	for _, ip := range c.IPAddresses {
		out.Names = append(out.Names, ip.String())
	}
	var enough bool
	out.Key, out.KeyBits, enough = keyOf(c)
	switch {
	case at.After(c.NotAfter):
		addProblem(&out, evidence.CertificateExpired, at.Sub(c.NotAfter))
	case at.Before(c.NotBefore):
		addProblem(&out, evidence.CertificateNotYet, c.NotBefore.Sub(at))
	}
	if !enough {
		addProblem(&out, evidence.CertificateWeakKey, 0)
	}
	if weak(c) && (!out.Authority || !ownIssuer(c)) {
		addProblem(&out, evidence.CertificateWeakSignature, 0)
	}
	return out
}

func addProblem(c *evidence.Certificate, code evidence.CertificateCode, off time.Duration) {
	c.Problems = append(c.Problems, evidence.CertificateProblem{Code: code, Days: int(off / (24 * time.Hour))})
}

// keyOf gives kind and size of the key, and whether that is enough for today.
func keyOf(c *x509.Certificate) (kind string, bits int, enough bool) {
	switch k := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return "RSA", k.N.BitLen(), k.N.BitLen() >= 2048
	case *ecdsa.PublicKey:
		return "ECDSA", k.Curve.Params().BitSize, k.Curve.Params().BitSize >= 256
	case ed25519.PublicKey:
		return "Ed25519", 256, true
	}
	if c.PublicKeyAlgorithm == x509.DSA {
		return "DSA", 0, false
	}
	return "", 0, true // of a kind that we do not know nothing bad is said
}

// weak says whether the signature is over a hash for which collisions have been made.
func weak(c *x509.Certificate) bool {
	switch c.SignatureAlgorithm {
	case x509.MD2WithRSA, x509.MD5WithRSA, x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1:
		return true
	}
	return false
}

func ownIssuer(c *x509.Certificate) bool { return bytes.Equal(c.RawIssuer, c.RawSubject) }

func (by Judge) leaf(chain []*x509.Certificate) []evidence.CertificateProblem {
	var out []evidence.CertificateProblem
	first := chain[0]
	switch {
	case ownIssuer(first):
		out = append(out, evidence.CertificateProblem{Code: evidence.CertificateSelfSigned})
	case by.Roots != nil:
		if code := by.authority(chain); code != "" {
			out = append(out, evidence.CertificateProblem{Code: code})
		}
	}
	if by.Host == "" {
		return out
	}
	named := *first
	named.DNSNames = slices.DeleteFunc(slices.Clone(first.DNSNames), everybodys)
	if nameOnly(first) {
		out = append(out, evidence.CertificateProblem{Code: evidence.CertificateNameOnly})
		named.DNSNames = []string{first.Subject.CommonName}
	}
	if named.VerifyHostname(by.Host) != nil {
		out = append(out, evidence.CertificateProblem{Code: evidence.CertificateWrongHost})
	}
	return out
}

// everybodys says whether a name is a wildcard for a whole top level, which browsers do not take.
func everybodys(name string) bool {
	return strings.HasPrefix(name, "*.") && strings.Count(name, ".") < 2
}

func nameOnly(c *x509.Certificate) bool {
	return c.Subject.CommonName != "" && len(c.DNSNames)+len(c.IPAddresses)+len(c.EmailAddresses)+len(c.URIs) == 0
}

// authority looks for a way to a root at a time at which the first certificate held: that a certificate has expired is told by itself,
// and so is a weak signature, behind which the way is not looked at.
func (by Judge) authority(chain []*x509.Certificate) evidence.CertificateCode {
	at := by.At
	if first := chain[0]; at.After(first.NotAfter) || at.Before(first.NotBefore) {
		at = first.NotAfter
	}
	err := verify(chain, by.Roots, at)
	var unknown x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	switch {
	case err == nil, errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return ""
	case !errors.As(err, &unknown):
		return evidence.CertificateChain
	}
	for i, c := range chain {
		if weak(c) && i+1 < len(chain) && verify(chain[len(chain)-1:], by.Roots, at) == nil {
			return ""
		}
	}
	return evidence.CertificateUnknown
}

func verify(chain []*x509.Certificate, roots *x509.CertPool, at time.Time) error {
	between := x509.NewCertPool()
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: between, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	return err
}
