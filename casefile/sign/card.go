//go:build cgo

package sign

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/ThalesGroup/crypto11"
	"github.com/miekg/pkcs11"
)

// Card opens the token of a label through a PKCS#11 module (a C library that comes with the card) and takes the one certificate of it that can
// sign at a time. The key stays on the card. The login is the process's, as PKCS#11 has it: it says nothing of who sits there. The PIN is given once;
// the card counts what is wrong. Keys that ask for the PIN anew at each signature (CKA_ALWAYS_AUTHENTICATE) fail when they sign.
func Card(module, token, pin string, now time.Time) (*Signer, error) {
	if _, err := os.Stat(module); err != nil { // the loader says no more than that it failed
		return nil, fmt.Errorf("%w: PKCS#11 module: %w", ErrKey, err)
	}
	card, err := crypto11.Configure(&crypto11.Config{Path: module, TokenLabel: token, Pin: pin})
	if err != nil {
		return nil, cardError(token, err)
	}
	s, err := onCard(card, token, now)
	if err != nil {
		return nil, errors.Join(err, card.Close())
	}
	return s, nil
}

// cardError says which of the things went wrong that a person can mend.
func cardError(token string, err error) error {
	switch code, _ := errors.AsType[pkcs11.Error](err); code {
	case pkcs11.CKR_PIN_INCORRECT, pkcs11.CKR_PIN_INVALID, pkcs11.CKR_PIN_LEN_RANGE:
		return ErrSecret
	case pkcs11.CKR_PIN_LOCKED:
		return fmt.Errorf("%w: the card has locked its PIN", ErrKey)
	}
	return fmt.Errorf("%w: token %s: %w", ErrKey, token, err)
}

func onCard(card *crypto11.Context, token string, now time.Time) (*Signer, error) {
	pairs, err := card.FindAllPairedCertificates()
	if err != nil {
		return nil, cardError(token, err)
	}
	var usable []*Signer
	refused := fmt.Errorf("%w: token %s holds no certificate with its key", ErrKey, token)
	for _, p := range pairs {
		key, ok := p.PrivateKey.(crypto.Signer)
		if !ok {
			continue
		}
		s, err := newSigner(key, []*x509.Certificate{p.Leaf}, now, card.Close)
		if err == nil {
			err = s.Usable(now)
		}
		if err != nil {
			refused = err
			continue
		}
		i := slices.IndexFunc(usable, func(u *Signer) bool {
			return bytes.Equal(u.chain[0].RawSubjectPublicKeyInfo, s.chain[0].RawSubjectPublicKeyInfo)
		})
		switch {
		case i < 0:
			usable = append(usable, s)
		case s.chain[0].NotBefore.After(usable[i].chain[0].NotBefore): // a renewed one of the same key
			usable[i] = s
		}
	}
	switch len(usable) {
	case 0:
		return nil, refused
	case 1:
		return usable[0], nil
	}
	return nil, fmt.Errorf("%w: token %s holds %d certificates that can sign", ErrKey, token, len(usable))
}
