package workbench

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/note"

	"yuzheng/casefile"
	"yuzheng/casefile/packet"
	"yuzheng/casefile/sign"
	"yuzheng/casefile/stamp"
)

// VerifyOptions says what the reader of a packet knows beside it.
type VerifyOptions struct {
	Roots string // file of PEM certificates that time stamps and signatures may lead to; empty: sound ones are reported as not trusted
	Key   string // the log's public key or its fingerprint, from a receipt or an earlier packet; empty: the one in the packet
	Seal  string // file of a seal that was kept elsewhere: its text, another packet, or its sheet as a picture or as it was saved; empty: none

	Progress func(done, total int64) // bytes read; may be nil
}

// Verify checks a packet as a stranger would: no key, no database, no browser. With findings the error is ErrMismatch (ErrForeign where
// all of them are about the key or a kept seal), or
// ErrNoPacket where there was nothing that could be one.
func (w *Workbench) Verify(ctx context.Context, path string, o VerifyOptions) (*packet.Report, error) {
	roots, err := readRoots(o.Roots)
	if err != nil {
		return nil, err
	}
	options := packet.Options{Key: o.Key, Stamp: stampReader(roots), Signature: signatureReader(roots), Now: w.Now, Progress: o.Progress}
	if options.Known, err = w.known(); err != nil {
		return nil, err
	}
	if o.Seal != "" {
		if options.Seal, err = readSeal(ctx, o.Seal); err != nil {
			return nil, err
		}
	}
	report, err := packet.Verify(ctx, path, options)
	if err != nil {
		return nil, err
	}
	switch {
	case report.Absent():
		return report, ErrNoPacket
	case report.Foreign():
		return report, ErrForeign
	case !report.Good():
		return report, ErrMismatch
	}
	return report, nil
}

// Held is the answer about a case that was held against a seal that was kept elsewhere.
type Held struct {
	Answer string // packet.SealWithin, SealAfter, SealBroken or SealStrange: all entries are here, so none is left undecided
	Size   int64
}

// HoldCase holds the log of a case against the seal in a file. An older copy has fewer entries, or goes on otherwise; the error is then ErrMismatch.
func (w *Workbench) HoldCase(ctx context.Context, c *casefile.Case, file string) (Held, error) {
	text, err := readSeal(ctx, file)
	if err != nil {
		return Held{}, err
	}
	kept, err := packet.ParseKept(text, c.Info().PublicKey)
	var stranger *note.UnverifiedNoteError
	switch {
	case errors.As(err, &stranger):
		return Held{Answer: packet.SealStrange}, ErrMismatch
	case err != nil:
		return Held{}, err
	}
	root, err := c.RootAt(kept.Size)
	switch {
	case errors.Is(err, casefile.ErrNotFound):
		return Held{packet.SealAfter, kept.Size}, ErrMismatch
	case err != nil:
		return Held{}, err
	case root != kept.Root:
		return Held{packet.SealBroken, kept.Size}, ErrMismatch
	}
	return Held{packet.SealWithin, kept.Size}, nil
}

// known are the keys that a person has added on this machine, as a check takes them.
func (w *Workbench) known() ([]packet.KnownKey, error) {
	list, err := w.KnownKeys()
	keys := make([]packet.KnownKey, len(list))
	for i, k := range list {
		keys[i] = k.KnownKey
	}
	return keys, err
}

func stampReader(roots *x509.CertPool) func(message, reply []byte) (packet.StampInfo, error) {
	return func(message, reply []byte) (packet.StampInfo, error) {
		info, err := stamp.Verify(message, reply, roots)
		return packet.StampInfo{Time: info.Time, Signer: info.Signer, Trusted: info.Trusted, Until: info.Until}, err
	}
}

func signatureReader(roots *x509.CertPool) func(content, der []byte) (packet.SignatureInfo, error) {
	return func(content, der []byte) (packet.SignatureInfo, error) {
		info, err := sign.Verify(content, der, roots)
		return packet.SignatureInfo{
			Time: info.Time, Signer: info.Subject, Issuer: info.Issuer, Serial: info.Serial, Certificate: info.Fingerprint,
			From: info.From, Until: info.Until, Trusted: info.Trusted,
		}, err
	}
}

func readRoots(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("trusted certificates: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(data) {
		return nil, fmt.Errorf("trusted certificates: %s holds none", file)
	}
	return pool, nil
}

// IsCase reports whether path is a case folder rather than a packet.
func IsCase(path string) bool {
	_, err := os.Stat(filepath.Join(path, "case.json"))
	return err == nil
}
