package custody

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Fingerprint is a public key of a log in eight blocks of five digits, which two people can compare over the telephone: each block is four
// bytes of the SHA-256 over the key's text, big-endian, modulo 100000. Empty for no key.
func Fingerprint(public string) string {
	if public == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(public))
	blocks := make([]string, 0, len(sum)/4)
	for i := 0; i < len(sum); i += 4 {
		blocks = append(blocks, fmt.Sprintf("%05d", binary.BigEndian.Uint32(sum[i:])%100000))
	}
	return strings.Join(blocks, " ")
}

// ValidKey reports whether public is the public key of a log.
func ValidKey(public string) bool {
	_, err := note.NewVerifier(public)
	return err == nil
}

// ParseFingerprint reads a fingerprint that a person has written down, however its digits are parted.
func ParseFingerprint(text string) (string, bool) {
	digits := strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case strings.ContainsRune(" 　-－.,\t\r\n", r):
			return -1
		}
		return r
	}, text)
	if len(digits) != 40 || strings.Trim(digits, "0123456789") != "" {
		return "", false
	}
	blocks := make([]string, 0, 8)
	for i := 0; i < len(digits); i += 5 {
		blocks = append(blocks, digits[i:i+5])
	}
	return strings.Join(blocks, " "), true
}
