package vault

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"filippo.io/age"
	"golang.org/x/text/unicode/norm"
)

// Kind is the kind of a way into a case.
type Kind string

// The kinds; they begin the names of the files in keys/.
const (
	Passphrase Kind = "passphrase"
	Recovery   Kind = "recovery"
	Recipient  Kind = "recipient"
)

// ErrNoMatch is returned when an envelope is whole but is not opened by the identity.
var ErrNoMatch = errors.New("key does not open the envelope")

// errEnvelope is wrapped by errors about an envelope that is damaged or belongs to another case.
var errEnvelope = errors.New("envelope is not valid")

// ErrEmpty is returned for an empty passphrase.
var ErrEmpty = errors.New("passphrase is empty")

const (
	preamble     = "yuzheng case secret 1\n"
	maxPayload   = 1 << 10
	recoveryWork = 10 // log2 N of scrypt: a recovery key has 120 bits and needs no stretching
	maxWork      = 18 // of an envelope that may come from elsewhere: 256 MiB, and as much as age itself ever asks for
)

// PassphraseRecipient wraps for a passphrase; work is the log2 N of scrypt, 0 for age's own choice.
func PassphraseRecipient(passphrase string, work int) (age.Recipient, error) {
	if passphrase == "" {
		return nil, ErrEmpty
	}
	r, err := age.NewScryptRecipient(norm.NFC.String(passphrase))
	if err != nil {
		return nil, fmt.Errorf("passphrase: %w", err)
	}
	if work > 0 {
		r.SetWorkFactor(work)
	}
	return r, nil
}

// PassphraseIdentity opens what PassphraseRecipient wrapped.
func PassphraseIdentity(passphrase string) (age.Identity, error) {
	if passphrase == "" {
		return nil, ErrEmpty
	}
	id, err := age.NewScryptIdentity(norm.NFC.String(passphrase))
	if err != nil {
		return nil, fmt.Errorf("passphrase: %w", err)
	}
	id.SetMaxWorkFactor(maxWork)
	return id, nil
}

// RecoveryRecipient wraps for a recovery key.
func RecoveryRecipient(key string) (age.Recipient, error) {
	key, err := parseRecovery(key)
	if err != nil {
		return nil, err
	}
	return PassphraseRecipient(key, recoveryWork)
}

// RecoveryIdentity opens what RecoveryRecipient wrapped.
func RecoveryIdentity(key string) (age.Identity, error) {
	key, err := parseRecovery(key)
	if err != nil {
		return nil, err
	}
	return PassphraseIdentity(key)
}

// ParseRecipient reads one age1… key.
func ParseRecipient(text string) (age.Recipient, error) {
	list, err := age.ParseRecipients(strings.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("office key: %w", err)
	}
	if len(list) != 1 {
		return nil, fmt.Errorf("office key: %d keys, want 1", len(list))
	}
	return list[0], nil
}

// ParseIdentity reads one AGE-SECRET-KEY-1… key.
func ParseIdentity(text string) (age.Identity, error) {
	list, err := age.ParseIdentities(strings.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("secret key: %w", err)
	}
	if len(list) != 1 {
		return nil, fmt.Errorf("secret key: %d keys, want 1", len(list))
	}
	return list[0], nil
}

// Wrap puts the secret of a case into an age file for one recipient.
func Wrap(s Secret, caseID string, r age.Recipient) ([]byte, error) {
	var b bytes.Buffer
	w, err := age.Encrypt(&b, r)
	if err != nil {
		return nil, fmt.Errorf("wrap case secret: %w", err)
	}
	plain := payload(s, caseID)
	defer clear(plain)
	if _, err := w.Write(plain); err != nil {
		return nil, fmt.Errorf("wrap case secret: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("wrap case secret: %w", err)
	}
	return b.Bytes(), nil
}

func payload(s Secret, caseID string) []byte {
	text := append(make([]byte, 0, maxPayload), preamble+caseID+"\n"...)
	return append(hex.AppendEncode(text, s), '\n')
}

var secretText = regexp.MustCompile("^" + preamble + "([0-9a-f]{32})\n([0-9a-f]{64})\n$")

// Unwrap takes the secret out of an envelope, and the id of the case whose secret it is. The error is ErrNoMatch, or wraps errEnvelope.
func Unwrap(envelope []byte, id age.Identity) (s Secret, caseID string, err error) {
	r, err := age.Decrypt(bytes.NewReader(envelope), id)
	if _, ok := errors.AsType[*age.NoIdentityMatchError](err); ok {
		return nil, "", ErrNoMatch
	}
	if err != nil {
		return nil, "", fmt.Errorf("%w: %w", errEnvelope, err)
	}
	plain := make([]byte, maxPayload)
	defer clear(plain)
	n, err := io.ReadFull(r, plain)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, "", fmt.Errorf("%w: %w", errEnvelope, err)
	}
	m := secretText.FindSubmatch(plain[:n])
	if m == nil {
		return nil, "", fmt.Errorf("%w: it holds no secret of a case", errEnvelope)
	}
	s = make(Secret, secretSize)
	if _, err := hex.Decode(s, m[2]); err != nil {
		return nil, "", fmt.Errorf("%w: %w", errEnvelope, err)
	}
	return s, string(m[1]), nil
}

// FileName names an envelope by its kind and content.
func FileName(kind Kind, envelope []byte) string {
	sum := sha256.Sum256(envelope)
	return string(kind) + "-" + hex.EncodeToString(sum[:16]) + ".age"
}

var fileName = regexp.MustCompile(`^(passphrase|recovery|recipient)-[0-9a-f]{32}\.age$`)

// KindOf gives the kind in the name of an envelope; ok is false for a name that FileName does not make.
func KindOf(name string) (kind Kind, ok bool) {
	m := fileName.FindStringSubmatch(name)
	if m == nil {
		return "", false
	}
	return Kind(m[1]), true
}
