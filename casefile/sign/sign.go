// Package sign signs what leaves a case with the operator's certificate, out of a file or a card, and judges such signatures.
//
// A signature is CMS (RFC 5652), detached, over SHA-256, with its certificate named inside (RFC 5035); openssl cms -verify accepts it. The CMS arithmetic
// is that of digitorus/pkcs7, which the time stamps use too; what it leaves open is checked here. The time in a signature is what the clock of the
// signer's machine said: no third party's word, which a time stamp is.
package sign

import (
	"cmp"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/digitorus/pkcs7"

	"yuzheng/casefile/internal/cms"
)

var (
	// ErrKey is wrapped when a certificate or its key is none to sign with: expired, weak, for another purpose, without its key.
	ErrKey = errors.New("not to be signed with")
	// ErrSecret is wrapped when the passphrase of a file or the PIN of a card is wrong. A card counts: it is not asked twice.
	ErrSecret = errors.New("wrong passphrase or PIN of the signing key")
	// ErrNoCards is wrapped where this program was built without the means to reach cards (PKCS#11 needs CGO).
	ErrNoCards = errors.New("this program was built without PKCS#11")
	// ErrWrong is wrapped when a signature is not one over the content.
	ErrWrong = errors.New("signature is wrong")
)

// minRSA is the smallest RSA key, in bits, that binds today (NIST SP 800-131A); the largest that is judged is that of package cms.
const minRSA = 2048

// Signer is a certificate, its chain as far as it came along, and its key.
type Signer struct {
	chain []*x509.Certificate // the signer's first
	key   crypto.Signer
	close func() error
}

// newSigner puts the certificates in order behind the one of the key. Of several for the same key, as a renewed one stands beside the old, it is one that
// can sign now, and of these the newest; so are those above it. What cannot sign is refused when it signs.
func newSigner(key crypto.Signer, certificates []*x509.Certificate, now time.Time, end func() error) (*Signer, error) {
	public, ok := key.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok {
		return nil, fmt.Errorf("%w: a key of a kind that is not known", ErrKey)
	}
	certificates = slices.SortedStableFunc(slices.Values(certificates), func(a, b *x509.Certificate) int {
		return cmp.Or(rank(a, now)-rank(b, now), b.NotBefore.Compare(a.NotBefore), b.NotAfter.Compare(a.NotAfter))
	})
	i := slices.IndexFunc(certificates, func(c *x509.Certificate) bool { return public.Equal(c.PublicKey) })
	if i < 0 {
		return nil, fmt.Errorf("%w: the key belongs to none of its certificates", ErrKey)
	}
	return &Signer{chain: cms.Climb(certificates[i], certificates), key: key, close: end}, nil
}

// rank puts certificates that can sign now before those that are valid, and these before the others.
func rank(c *x509.Certificate, now time.Time) int {
	switch {
	case (&Signer{chain: []*x509.Certificate{c}}).Usable(now) == nil:
		return 0
	case !now.Before(c.NotBefore) && !now.After(c.NotAfter):
		return 1
	}
	return 2
}

// Close lets go of a card; the signer is not used afterwards. Nobody is closed, too.
func (s *Signer) Close() error {
	if s == nil || s.close == nil {
		return nil
	}
	return s.close()
}

// Certificate is what a person tells a certificate by.
type Certificate struct {
	Subject     string    // distinguished name
	Issuer      string    // distinguished name
	Serial      string    // hexadecimal
	Fingerprint string    // SHA-256 of the DER, hexadecimal
	From, Until time.Time // UTC
}

// Certificate tells whose signatures these are.
func (s *Signer) Certificate() Certificate { return described(s.chain[0]) }

func described(c *x509.Certificate) Certificate {
	sum := sha256.Sum256(c.Raw)
	return Certificate{
		Subject: c.Subject.String(), Issuer: c.Issuer.String(), Serial: fmt.Sprintf("%x", c.SerialNumber),
		Fingerprint: hex.EncodeToString(sum[:]), From: c.NotBefore.UTC(), Until: c.NotAfter.UTC(),
	}
}

// Usable reports why nothing may be signed with the certificate at a time; it wraps ErrKey.
func (s *Signer) Usable(now time.Time) error {
	c := s.chain[0]
	switch {
	case now.Before(c.NotBefore):
		return fmt.Errorf("%w: the certificate is valid only from %s", ErrKey, c.NotBefore.UTC().Format(time.RFC3339))
	case now.After(c.NotAfter):
		return fmt.Errorf("%w: the certificate has expired at %s", ErrKey, c.NotAfter.UTC().Format(time.RFC3339))
	case !signs(c):
		return fmt.Errorf("%w: the certificate is not for signatures (key usage)", ErrKey)
	case c.SignatureAlgorithm == x509.SHA1WithRSA || c.SignatureAlgorithm == x509.ECDSAWithSHA1:
		return fmt.Errorf("%w: the certificate is signed over SHA-1", ErrKey)
	}
	return strong(c)
}

// signs reports whether what the key is for, where that is said, has signatures in it (RFC 5280, 4.2.1.3).
func signs(c *x509.Certificate) bool {
	said := slices.ContainsFunc(c.Extensions, func(e pkix.Extension) bool { return e.Id.Equal(oidKeyUsage) })
	return !said || c.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) != 0
}

// strong reports a key that binds nobody, or that this program and openssl do not judge alike (Ed25519 in CMS: OpenSSL 3.0 cannot).
func strong(c *x509.Certificate) error {
	switch k := c.PublicKey.(type) {
	case *rsa.PublicKey:
		if k.N.BitLen() >= minRSA {
			return nil
		}
		return fmt.Errorf("%w: an RSA key of %d bits", ErrKey, k.N.BitLen())
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P256() || k.Curve == elliptic.P384() || k.Curve == elliptic.P521() {
			return nil
		}
	}
	return fmt.Errorf("%w: a key that is neither RSA nor of a curve P-256, P-384, P-521", ErrKey)
}

var (
	oidKeyUsage    = asn1.ObjectIdentifier{2, 5, 29, 15}
	oidContentType = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidData        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
)

// Detached signs content. now is held against the certificate's validity; the time in the signature is the machine's own. What was made is judged
// before it is given out, so that a card that answers with something else is found here.
func (s *Signer) Detached(content []byte, now time.Time) ([]byte, error) {
	if err := s.Usable(now); err != nil {
		return nil, err
	}
	signed, err := pkcs7.NewSignedData(content)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	signed.SetDigestAlgorithm(cms.OIDSHA256) // SHA-1 otherwise
	named, err := namesSigner(s.chain[0])
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	config := pkcs7.SignerInfoConfig{ExtraSignedAttributes: []pkcs7.Attribute{named}}
	if err := signed.AddSignerChain(s.chain[0], s.key, s.chain[1:], config); err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	signed.Detach()
	der, err := signed.Finish()
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	if _, err := Verify(content, der, nil); err != nil {
		return nil, fmt.Errorf("sign: what was made does not hold: %w", err)
	}
	return der, nil
}

// namesSigner is the attribute signing-certificate-v2 (RFC 5035, 3) with the default hash, SHA-256.
func namesSigner(c *x509.Certificate) (pkcs7.Attribute, error) {
	sum := sha256.Sum256(c.Raw)
	type id struct{ Hash []byte }
	type list struct{ Certs []id }
	value, err := asn1.Marshal(list{[]id{{sum[:]}}})
	return pkcs7.Attribute{Type: cms.OIDSigningCertV2, Value: asn1.RawValue{FullBytes: value}}, err
}
