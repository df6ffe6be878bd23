package stamp

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
	"time"

	_ "crypto/sha512" // authorities sign and stamp with it

	"github.com/digitorus/timestamp"

	"yuzheng/casefile/internal/cms"
)

// Info is what a sound time stamp says.
type Info struct {
	Time     time.Time     // UTC
	Accuracy time.Duration // plus or minus; 0 if the authority does not say
	Policy   string        // object identifier
	Serial   string        // hexadecimal
	Signer   string        // distinguished name
	Chain    []string      // distinguished names from the signer up, as far as the reply and the roots have them
	Until    time.Time     // when the first certificate of Chain ends; the stamp is judged at its own time and stays good after it
	Trusted  bool          // the chain ends in one of the given roots; never true without roots
}

var (
	oidTSTInfo     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
	oidContentType = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidKeyUsage    = asn1.ObjectIdentifier{2, 5, 29, 15}
	oidExtKeyUsage = asn1.ObjectIdentifier{2, 5, 29, 37}
)

// Verify judges a full reply over message. Without roots nobody's word is trusted: the stamp is sound, the chain is
// told, and Trusted is false. With roots a chain that does not lead to one of them is no error either, but not trusted.
func Verify(message, reply []byte, roots *x509.CertPool) (info Info, err error) {
	defer recovered(&err)
	token, err := open(reply)
	if err != nil {
		return Info{}, err
	}
	if err := imprint(token, message); err != nil {
		return Info{}, fmt.Errorf("%w: %w", ErrWrong, err)
	}
	signer, err := signerOf(token)
	if err != nil {
		return Info{}, fmt.Errorf("%w: %w", ErrWrong, err)
	}
	info = Info{
		Time: token.Time.UTC(), Accuracy: token.Accuracy, Policy: token.Policy.String(),
		Serial: fmt.Sprintf("%x", token.SerialNumber), Signer: signer.Subject.String(),
	}
	way, trusted := chain(signer, token, roots)
	info.Chain, info.Until, info.Trusted = subjects(way), until(way), trusted
	return info, nil
}

// imprint compares the stamped hash with that of message. A hash below SHA-256 binds nothing today.
func imprint(token *timestamp.Timestamp, message []byte) error {
	switch token.HashAlgorithm {
	case crypto.SHA256, crypto.SHA384, crypto.SHA512:
	default:
		return fmt.Errorf("hash %v does not bind", token.HashAlgorithm)
	}
	h := token.HashAlgorithm.New()
	h.Write(message)
	if got := h.Sum(nil); !bytes.Equal(got, token.HashedMessage) {
		return fmt.Errorf("it covers %x, the message has %x", token.HashedMessage, got)
	}
	return nil
}

// signerOf finds the certificate whose key signed the token (the parser has checked the signature) and holds it
// against RFC 3161, 2.3 and 2.4.2, and RFC 5816.
func signerOf(token *timestamp.Timestamp) (*x509.Certificate, error) {
	p7, err := cms.Parse(token.RawToken)
	if err != nil {
		return nil, err
	}
	signer := p7.GetOnlySigner()
	if signer == nil {
		return nil, errors.New("it is not signed by exactly one certificate that it brings along")
	}
	var kind asn1.ObjectIdentifier
	if err := p7.UnmarshalSignedAttribute(oidContentType, &kind); err != nil || !kind.Equal(oidTSTInfo) {
		return nil, errors.New("what is signed is not a time stamp")
	}
	if err := cms.NamesSigner(p7, signer); err != nil {
		return nil, err
	}
	if !onlyStamps(signer) || !onlySigns(signer) {
		return nil, fmt.Errorf("certificate of %s is not for time stamps alone", signer.Subject)
	}
	if token.Time.Before(signer.NotBefore) || token.Time.After(signer.NotAfter) {
		return nil, fmt.Errorf("certificate of %s was not valid at %s", signer.Subject, token.Time.UTC().Format(time.RFC3339))
	}
	return signer, nil
}

// onlyStamps reports whether the extended key usage is critical and timeStamping alone (RFC 3161, 2.3).
func onlyStamps(c *x509.Certificate) bool {
	critical := false
	for _, e := range c.Extensions {
		critical = critical || e.Id.Equal(oidExtKeyUsage) && e.Critical
	}
	return critical && len(c.UnknownExtKeyUsage) == 0 && slices.Equal(c.ExtKeyUsage, []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping})
}

// onlySigns reports whether the key may sign what it says and nothing else, certificates least of all: RFC 3161, 2.3, wants a key for time stamps
// alone. What the key is for may be left unsaid; said, it is signatures, as openssl ts has it.
func onlySigns(c *x509.Certificate) bool {
	const signs = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	said := slices.ContainsFunc(c.Extensions, func(e pkix.Extension) bool { return e.Id.Equal(oidKeyUsage) })
	return !c.IsCA && (!said || c.KeyUsage&signs != 0 && c.KeyUsage&^signs == 0)
}

// chain builds the way up from signer at the stamped time.
func chain(signer *x509.Certificate, token *timestamp.Timestamp, roots *x509.CertPool) (way []*x509.Certificate, trusted bool) {
	between := x509.NewCertPool()
	for _, c := range token.Certificates {
		between.AddCert(c)
	}
	if roots != nil {
		chains, err := signer.Verify(x509.VerifyOptions{
			Roots: roots, Intermediates: between, CurrentTime: token.Time, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping},
		})
		if err == nil {
			return chains[0], true
		}
	}
	return cms.Climb(signer, token.Certificates), false
}

// until is the first end of a certificate.
func until(list []*x509.Certificate) time.Time {
	return slices.MinFunc(list, func(a, b *x509.Certificate) int { return a.NotAfter.Compare(b.NotAfter) }).NotAfter.UTC()
}

func subjects(list []*x509.Certificate) (names []string) {
	for _, c := range list {
		names = append(names, c.Subject.String())
	}
	return names
}
