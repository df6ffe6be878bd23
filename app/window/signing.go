package window

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"yuzheng/app/window/page"
	"yuzheng/casefile/sign"
)

// maxKeyFile is how much of a file is read for a key and its certificates.
const maxKeyFile = 1 << 20

// signing does the work with the signer of a key, nil for a name alone, and lets go of him. What opens the key is handed on and not kept.
func signing(k page.SigningKey, now time.Time, work func(*sign.Signer) error) error {
	signer, err := signerOf(k, now)
	if err != nil {
		return err
	}
	return errors.Join(work(signer), signer.Close())
}

func signerOf(k page.SigningKey, now time.Time) (*sign.Signer, error) {
	switch k.Means {
	case page.KeyFile:
		return fromFile(k.File, k.Secret, now)
	case page.KeyCard:
		return sign.Card(k.Module, k.Token, k.Secret, now)
	}
	return nil, nil
}

// fromFile opens a key by what its file holds: PEM says so in its text, everything else is taken for PKCS#12.
func fromFile(path, passphrase string, now time.Time) (*sign.Signer, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", sign.ErrKey, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxKeyFile))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", sign.ErrKey, err)
	}
	if bytes.Contains(data, []byte("-----BEGIN ")) {
		return sign.PEM(now, data)
	}
	return sign.P12(data, passphrase, now)
}
