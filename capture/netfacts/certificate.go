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
)

// Certificate is what a reader wants to know of one certificate (RFC 5280).
type Certificate struct {
	Subject   string               `json:"subject"` // RFC 2253
	Issuer    string               `json:"issuer"`
	Serial    string               `json:"serial"` // hexadecimal
	NotBefore time.Time            `json:"not_before"`
	NotAfter  time.Time            `json:"not_after"`
	Names     []string             `json:"names,omitempty"`      // DNS names and addresses of the subject's alternative names
	SHA256    string               `json:"sha256"`               // of the DER form, hexadecimal
	KeySHA256 string               `json:"key_sha256,omitempty"` // of the subject's public key info, hexadecimal: two certificates of one key share it
	Pin       string               `json:"pin_sha256,omitempty"` // the same as RFC 7469 writes it, base64
	Key       string               `json:"key,omitempty"`        // RSA, ECDSA, Ed25519, DSA
	KeyBits   int                  `json:"key_bits,omitempty"`
	Signature string               `json:"signature,omitempty"` // SHA256-RSA, ECDSA-SHA256 …
	Authority bool                 `json:"authority,omitempty"` // may sign others
	Problems  []CertificateProblem `json:"problems,omitempty"`
	Error     string               `json:"error,omitempty"` // why it cannot be read; then there are only the hash and this
}

// CertificateProblem is one thing that a careful visitor's browser would mind.
type CertificateProblem struct {
	Code CertificateCode `json:"code"`
	Days int             `json:"days,omitempty"` // whole days since it expired, or until it begins
}

// CertificateCode names a problem. The last five are told of the first certificate of a chain only.
type CertificateCode string

// The problems.
const (
	CertificateExpired       CertificateCode = "expired"
	CertificateNotYet        CertificateCode = "not_yet_valid"
	CertificateWeakKey       CertificateCode = "weak_key"          // below CA/Browser Forum Baseline Requirements 6.1.5: RSA 2048, ECDSA P-256
	CertificateWeakSignature CertificateCode = "weak_signature"    // MD2, MD5, SHA-1; nobody checks the signature of an authority by itself
	CertificateSelfSigned    CertificateCode = "self_signed"       // the subject vouches for itself
	CertificateUnknown       CertificateCode = "unknown_authority" // no way to one of the given roots
	CertificateChain         CertificateCode = "invalid_chain"     // a way that breaks another rule of RFC 5280, 6
	CertificateWrongHost     CertificateCode = "wrong_host"        // RFC 6125: none of its names is the host's
	CertificateNameOnly      CertificateCode = "common_name_only"  // no alternative names; browsers do not read the common name (RFC 9525)
)

// Judge says by what a chain is judged.
type Judge struct {
	At    time.Time
	Host  string         // name (A-labels) or address that the chain was shown for; "" leaves names alone
	Roots *x509.CertPool // whom to trust; nil leaves the authority alone
}

// Certificates describes a chain as a server shows it, its own certificate first, in DER form. Nothing is asked of anybody.
func Certificates(chain [][]byte, by Judge) []Certificate {
	out := make([]Certificate, 0, len(chain))
	var parsed []*x509.Certificate
	for i, der := range chain {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			sum := sha256.Sum256(der)
			out = append(out, Certificate{SHA256: hex.EncodeToString(sum[:]), Error: err.Error()})
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

func describe(c *x509.Certificate, at time.Time) Certificate {
	sum, key := sha256.Sum256(c.Raw), sha256.Sum256(c.RawSubjectPublicKeyInfo)
	out := Certificate{
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
		out.problem(CertificateExpired, at.Sub(c.NotAfter))
	case at.Before(c.NotBefore):
		out.problem(CertificateNotYet, c.NotBefore.Sub(at))
	}
	if !enough {
		out.problem(CertificateWeakKey, 0)
	}
	if weak(c) && (!out.Authority || !ownIssuer(c)) {
		out.problem(CertificateWeakSignature, 0)
	}
	return out
}

func (c *Certificate) problem(code CertificateCode, off time.Duration) {
	c.Problems = append(c.Problems, CertificateProblem{code, int(off / (24 * time.Hour))})
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

func (by Judge) leaf(chain []*x509.Certificate) []CertificateProblem {
	var out []CertificateProblem
	first := chain[0]
	switch {
	case ownIssuer(first):
		out = append(out, CertificateProblem{Code: CertificateSelfSigned})
	case by.Roots != nil:
		if code := by.authority(chain); code != "" {
			out = append(out, CertificateProblem{Code: code})
		}
	}
	if by.Host == "" {
		return out
	}
	named := *first
	named.DNSNames = slices.DeleteFunc(slices.Clone(first.DNSNames), everybodys)
	if nameOnly(first) {
		out = append(out, CertificateProblem{Code: CertificateNameOnly})
		named.DNSNames = []string{first.Subject.CommonName}
	}
	if named.VerifyHostname(by.Host) != nil {
		out = append(out, CertificateProblem{Code: CertificateWrongHost})
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
func (by Judge) authority(chain []*x509.Certificate) CertificateCode {
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
		return CertificateChain
	}
	for i, c := range chain {
		if weak(c) && i+1 < len(chain) && verify(chain[len(chain)-1:], by.Roots, at) == nil {
			return ""
		}
	}
	return CertificateUnknown
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
