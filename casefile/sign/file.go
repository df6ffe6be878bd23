package sign

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"time"

	"software.sslmate.com/src/go-pkcs12"
)

// P12 opens a PKCS#12 file (.p12, .pfx; RFC 7292): one key, its certificate, and the chain where it has one. Of several certificates of the key it takes
// the newest of those that can sign now.
func P12(data []byte, passphrase string, now time.Time) (*Signer, error) {
	key, certificate, more, err := pkcs12.DecodeChain(data, passphrase)
	switch {
	case errors.Is(err, pkcs12.ErrIncorrectPassword), errors.Is(err, pkcs12.ErrDecryption):
		return nil, ErrSecret
	case err != nil:
		return nil, fmt.Errorf("%w: not a PKCS#12 file with one key and its certificate: %w", ErrKey, err)
	}
	return fromKey(key, append([]*x509.Certificate{certificate}, more...), now)
}

// PEM opens certificates and their key, as PKCS#8 without a passphrase, out of texts that may be one file or two; it chooses among them as P12 does.
func PEM(now time.Time, texts ...[]byte) (*Signer, error) {
	var key any
	var certificates []*x509.Certificate
	for rest := bytes.Join(texts, []byte("\n")); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		var err error
		switch block.Type {
		case "CERTIFICATE":
			var c *x509.Certificate
			c, err = x509.ParseCertificate(block.Bytes)
			certificates = append(certificates, c)
		case "PRIVATE KEY":
			key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
		case "ENCRYPTED PRIVATE KEY":
			err = errors.New("a key with a passphrase is read from PKCS#12 alone")
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrKey, err)
		}
	}
	if key == nil || len(certificates) == 0 {
		return nil, fmt.Errorf("%w: not PEM with a certificate and a PKCS#8 key", ErrKey)
	}
	return fromKey(key, certificates, now)
}

func fromKey(key any, certificates []*x509.Certificate, now time.Time) (*Signer, error) {
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("%w: a key that signs nothing", ErrKey)
	}
	return newSigner(signer, certificates, now, nil)
}
