// Package cms reads signatures of strangers (CMS, RFC 5652), within bounds that hold before any library reads them.
package cms

import (
	"bytes"
	"crypto"
	"crypto/sha1"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"

	_ "crypto/sha512" // signatures name certificates by it

	"github.com/digitorus/pkcs7"
)

// Object identifiers of hashes, and of the signed attributes that name a certificate.
var (
	OIDSHA256        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	OIDSHA384        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}
	OIDSHA512        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}
	OIDSigningCertV2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
	oidSigningCert   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 12}
)

// ErrUnnamed is a signature that does not name its certificate.
var ErrUnnamed = errors.New("the signature does not name its certificate")

// Parse reads signed data that is bounded, and judges nothing of it.
func Parse(der []byte) (p7 *pkcs7.PKCS7, err error) {
	defer func() { // the library reads beyond the end of some broken ones
		if r := recover(); r != nil {
			p7, err = nil, fmt.Errorf("it cannot be read: %v", r)
		}
	}()
	if err := Bounded(der); err != nil {
		return nil, err
	}
	if p7, err = pkcs7.Parse(der); err != nil {
		return nil, err
	}
	return p7, modest(p7)
}

// signingCert is SigningCertificate (RFC 2634, 5.4) and SigningCertificateV2 (RFC 5035, 3): the first one counts.
type signingCert struct {
	Certs []asn1.RawValue
	Rest  []asn1.RawValue `asn1:"optional"`
}

// NamesSigner reports whether the signature names the hash of its certificate, so that no other can be put in its place; ErrUnnamed where it
// names none.
func NamesSigner(p7 *pkcs7.PKCS7, signer *x509.Certificate) error {
	for _, oid := range []asn1.ObjectIdentifier{OIDSigningCertV2, oidSigningCert} {
		var list signingCert
		if err := p7.UnmarshalSignedAttribute(oid, &list); err != nil || len(list.Certs) == 0 {
			continue
		}
		want, got, err := certHash(list.Certs[0].Bytes, oid.Equal(OIDSigningCertV2), signer)
		if err == nil && !bytes.Equal(want, got) {
			err = errors.New("the signature names another certificate")
		}
		return err
	}
	return ErrUnnamed
}

// certHash reads the hash out of an ESSCertID or ESSCertIDv2, and takes the same of signer.
func certHash(id []byte, v2 bool, signer *x509.Certificate) (want, got []byte, err error) {
	sum := sha1.Sum(signer.Raw)
	got = sum[:]
	if v2 {
		algorithm := OIDSHA256 // the default
		var first asn1.RawValue
		if rest, err := asn1.Unmarshal(id, &first); err == nil && first.Tag == asn1.TagSequence {
			if _, err := asn1.Unmarshal(first.Bytes, &algorithm); err != nil {
				return nil, nil, fmt.Errorf("hash of the certificate: %w", err)
			}
			id = rest
		}
		hash := map[string]crypto.Hash{OIDSHA256.String(): crypto.SHA256, OIDSHA384.String(): crypto.SHA384, OIDSHA512.String(): crypto.SHA512}[algorithm.String()]
		if hash == 0 {
			return nil, nil, fmt.Errorf("hash of the certificate by %v", algorithm)
		}
		h := hash.New()
		h.Write(signer.Raw)
		got = h.Sum(nil)
	}
	_, err = asn1.Unmarshal(id, &want)
	return want, got, err
}

// Climb follows issuers among the certificates that came along.
func Climb(c *x509.Certificate, all []*x509.Certificate) []*x509.Certificate {
	way := []*x509.Certificate{c}
	for len(way) <= len(all) {
		last := way[len(way)-1]
		i := slices.IndexFunc(all, func(up *x509.Certificate) bool {
			return !slices.Contains(way, up) && !up.Equal(last) && last.CheckSignatureFrom(up) == nil
		})
		if i < 0 {
			break
		}
		way = append(way, all[i])
	}
	return way
}
