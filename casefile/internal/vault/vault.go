// Package vault keeps the secret of a case: ways in, keys derived from it, values sealed to their place.
package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
)

// Secret is the one secret of a case, from which every key comes.
type Secret []byte

const secretSize = 32

// NewSecret draws a secret.
func NewSecret() Secret {
	s := make(Secret, secretSize)
	_, _ = rand.Read(s) // never fails: crypto/rand ends the program instead
	return s
}

// Derive gives size bytes (at most 8,160) for one purpose of the case with this id.
func (s Secret) Derive(caseID, purpose string, size int) []byte {
	key, err := hkdf.Key(sha256.New, s, []byte(caseID), "yuzheng 1 "+purpose, size)
	if err != nil {
		panic("vault: " + err.Error())
	}
	return key
}

// ErrSealed is returned for a value that was not sealed with this key for this place.
var ErrSealed = errors.New("value does not unseal")

// overhead is how many bytes sealing adds: nonce and tag.
const overhead = 12 + 16

// Sealer seals values with AES-256-GCM to the place where they lie and to their length. It may be used concurrently.
type Sealer struct{ aead cipher.AEAD }

// NewSealer makes a sealer of a 32-byte key, which it wipes.
func NewSealer(key []byte) (*Sealer, error) {
	defer clear(key)
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("sealing key: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("sealing key: %w", err)
	}
	return &Sealer{aead}, nil
}

// Seal returns nonce, ciphertext and tag of plain in a new slice.
func (s *Sealer) Seal(place, plain []byte) []byte {
	out := make([]byte, 0, len(plain)+overhead)
	return s.aead.Seal(out, nil, plain, binding(place, len(plain)))
}

// Open appends the plain value to dst, or returns ErrSealed.
func (s *Sealer) Open(dst, place, sealed []byte) ([]byte, error) {
	if len(sealed) < overhead {
		return nil, ErrSealed
	}
	out, err := s.aead.Open(dst, nil, sealed, binding(place, len(sealed)-overhead))
	if err != nil {
		return nil, ErrSealed
	}
	return out, nil
}

func binding(place []byte, length int) []byte {
	ad := make([]byte, 0, len(place)+8)
	return binary.BigEndian.AppendUint64(append(ad, place...), uint64(length))
}
