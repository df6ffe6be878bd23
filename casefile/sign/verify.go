package sign

import (
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/digitorus/pkcs7"

	"yuzheng/casefile/internal/cms"
)

// Info is what a sound signature says.
type Info struct {
	Certificate
	Time    time.Time // UTC, by the signer's own clock; zero if he does not say
	Chain   []string  // distinguished names from the signer up, as far as the signature and the roots have them
	Trusted bool      // the chain ends in one of the given roots, as of Time; never true without roots. Whether it was revoked is never asked
}

// Verify judges a detached signature over content. Without roots nobody's certificate is trusted: the signature is sound, whose it is stands in it, and
// Trusted is false. With roots a chain that does not lead to one of them is no error either. Revocation is not judged.
func Verify(content, der []byte, roots *x509.CertPool) (info Info, err error) {
	defer func() { // as in package cms: the library reads beyond the end of some broken ones
		if r := recover(); r != nil {
			info, err = Info{}, fmt.Errorf("%w: it cannot be read: %v", ErrWrong, r)
		}
	}()
	p7, err := cms.Parse(der)
	if err != nil {
		return Info{}, fmt.Errorf("%w: not CMS: %w", ErrWrong, err)
	}
	signer, err := signerOf(p7)
	if err != nil {
		return Info{}, fmt.Errorf("%w: %w", ErrWrong, err)
	}
	p7.Content = content
	if err := p7.Verify(); err != nil {
		return Info{}, fmt.Errorf("%w: %w", ErrWrong, said(err))
	}
	info = Info{Certificate: described(signer)}
	if p7.UnmarshalSignedAttribute(pkcs7.OIDAttributeSigningTime, &info.Time) == nil {
		info.Time = info.Time.UTC()
	}
	way, trusted := chain(signer, p7.Certificates, info.Time, roots)
	for _, c := range way {
		info.Chain = append(info.Chain, c.Subject.String())
	}
	info.Trusted = trusted
	return info, nil
}

// said puts into our words what the library says with hashes that nobody can read.
func said(err error) error {
	var other *pkcs7.MessageDigestMismatchError
	if errors.As(err, &other) {
		return errors.New("it is over other bytes")
	}
	return err
}

// signerOf finds the certificate and holds the form against what package sign makes and CMS for whole files has: one signer, who comes along and is
// named; content apart; attributes, so that what is signed can be taken for nothing else (RFC 5652, 5.3 and 5.4).
func signerOf(p7 *pkcs7.PKCS7) (*x509.Certificate, error) {
	signer := p7.GetOnlySigner()
	if signer == nil {
		return nil, errors.New("it is not signed by exactly one certificate that it brings along")
	}
	if len(p7.Content) > 0 {
		return nil, errors.New("it brings a content of its own")
	}
	var kind asn1.ObjectIdentifier
	if err := p7.UnmarshalSignedAttribute(oidContentType, &kind); err != nil || !kind.Equal(oidData) {
		return nil, errors.New("what is signed is not data")
	}
	hash := p7.Signers[0].DigestAlgorithm.Algorithm
	if !slices.ContainsFunc([]asn1.ObjectIdentifier{cms.OIDSHA256, cms.OIDSHA384, cms.OIDSHA512}, hash.Equal) {
		return nil, fmt.Errorf("hash %s does not bind", hash)
	}
	if err := cms.NamesSigner(p7, signer); err != nil && !errors.Is(err, cms.ErrUnnamed) {
		return nil, err
	}
	if !signs(signer) {
		return nil, errors.New("its certificate is not for signatures")
	}
	return signer, strong(signer)
}

// chain builds the way up from the signer at the time that he says.
func chain(signer *x509.Certificate, all []*x509.Certificate, at time.Time, roots *x509.CertPool) (way []*x509.Certificate, trusted bool) {
	between := x509.NewCertPool()
	for _, c := range all {
		between.AddCert(c)
	}
	if roots != nil {
		chains, err := signer.Verify(x509.VerifyOptions{
			Roots: roots, Intermediates: between, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
		})
		if err == nil {
			return chains[0], true
		}
	}
	return cms.Climb(signer, all), false
}
