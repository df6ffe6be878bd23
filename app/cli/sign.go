package cli

import (
	"errors"
	"fmt"
	"os"

	"yuzheng/casefile/sign"
)

// signFlags say whose certificate signs. Its passphrase or PIN is on no command line.
type signFlags struct {
	SignP12    string `name:"sign-p12" type:"path" xor:"signer" help:"Sign with the key and certificate in this PKCS#12 file (.p12, .pfx)." placeholder:"FILE"`
	SignPEM    string `name:"sign-pem" type:"path" xor:"signer" help:"Sign with the PKCS#8 key and certificates in this PEM file." placeholder:"FILE"`
	SignPKCS11 string `name:"sign-pkcs11" type:"path" xor:"signer" help:"Sign with a card, through its PKCS#11 module (a library); the passphrase or PIN comes from YUZHENG_SIGN_PASSPHRASE, otherwise a prompt." placeholder:"MODULE"`
	Token      string `help:"Label of the card's token." placeholder:"LABEL"`
}

// signing does the work with the signer that the flags name, nil where they name none, and lets go of him.
func (s *Session) signing(f signFlags, work func(*sign.Signer) error) error {
	signer, err := s.signer(f)
	if err != nil {
		return err
	}
	return errors.Join(work(signer), signer.Close())
}

func (s *Session) signer(f signFlags) (*sign.Signer, error) {
	if (f.Token == "") != (f.SignPKCS11 == "") {
		return nil, fmt.Errorf("%w: --sign-pkcs11 and --token go together", ErrUsage)
	}
	switch {
	case f.SignP12 != "":
		data, err := os.ReadFile(f.SignP12)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrUsage, err)
		}
		secret, err := s.signSecret()
		if err != nil {
			return nil, err
		}
		return sign.P12(data, secret, s.Bench.Now())
	case f.SignPEM != "":
		data, err := os.ReadFile(f.SignPEM)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrUsage, err)
		}
		return sign.PEM(s.Bench.Now(), data)
	case f.SignPKCS11 != "":
		secret, err := s.signSecret()
		if err != nil {
			return nil, err
		}
		return sign.Card(f.SignPKCS11, f.Token, secret, s.Bench.Now())
	}
	return nil, nil
}

// signSecret is the passphrase or PIN of the signing key. It is asked for once: a card counts what is wrong.
func (s *Session) signSecret() (string, error) {
	if p := s.Getenv("YUZHENG_SIGN_PASSPHRASE"); p != "" {
		return p, nil
	}
	if s.ReadSecret == nil {
		return "", fmt.Errorf("%w: no passphrase of the signing key: use a terminal or YUZHENG_SIGN_PASSPHRASE", ErrUsage)
	}
	return s.ReadSecret(s.Say.T("cli.sign.secret"))
}
