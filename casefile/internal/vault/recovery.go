package vault

import (
	"crypto/rand"
	"fmt"
	"strings"
)

const (
	alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ" // Crockford's base 32
	groups   = 8
)

// RecoveryError says what is wrong with a recovery key. Group counts from 1; 0 means that the number of characters is wrong.
type RecoveryError struct{ Group int }

func (e *RecoveryError) Error() string {
	if e.Group == 0 {
		return fmt.Sprintf("recovery key: want %d groups of 4 characters", groups)
	}
	return fmt.Sprintf("recovery key: group %d is mistyped", e.Group)
}

// NewRecoveryKey draws a recovery key of 120 bits in its printed form.
func NewRecoveryKey() string {
	var raw [groups * 3]byte
	_, _ = rand.Read(raw[:])
	parts := make([]string, groups)
	for i := range parts {
		a, b, c := raw[3*i]&31, raw[3*i+1]&31, raw[3*i+2]&31
		parts[i] = string([]byte{alphabet[a], alphabet[b], alphabet[c], alphabet[check(i, a, b, c)]})
	}
	return strings.Join(parts, "-")
}

// parseRecovery brings a typed recovery key into its printed form. It forgives case, spaces, hyphens, and the letters
// O, I and L for 0 and 1. The error is a *RecoveryError.
func parseRecovery(typed string) (string, error) {
	digits, ok := digitsOf(typed)
	if !ok {
		return "", &RecoveryError{badGroup(typed)}
	}
	if len(digits) != groups*4 {
		return "", &RecoveryError{}
	}
	parts := make([]string, groups)
	for i := range parts {
		g := digits[4*i : 4*i+4]
		if check(i, g[0], g[1], g[2]) != g[3] {
			return "", &RecoveryError{i + 1}
		}
		parts[i] = string([]byte{alphabet[g[0]], alphabet[g[1]], alphabet[g[2]], alphabet[g[3]]})
	}
	return strings.Join(parts, "-"), nil
}

var forgive = strings.NewReplacer(" ", "", "-", "", "\n", "", "\r", "", "\t", "", "O", "0", "I", "1", "L", "1")

func digitsOf(typed string) (digits []byte, ok bool) {
	for _, r := range forgive.Replace(strings.ToUpper(typed)) {
		v := strings.IndexRune(alphabet, r)
		if v < 0 {
			return nil, false
		}
		digits = append(digits, byte(v))
	}
	return digits, true
}

// badGroup finds the first group with a character that is not in the alphabet.
func badGroup(typed string) int {
	n := 0
	for _, r := range forgive.Replace(strings.ToUpper(typed)) {
		if !strings.ContainsRune(alphabet, r) {
			break
		}
		n++
	}
	if n >= groups*4 {
		return 0
	}
	return n/4 + 1
}

// check is the fourth character of group p: p + 2a + 3b + 4c in GF(32).
func check(p int, a, b, c byte) byte { return byte(p) ^ mul(2, a) ^ mul(3, b) ^ mul(4, c) }

// mul multiplies in GF(2)[x]/(x⁵+x²+1).
func mul(a, b byte) byte {
	var p byte
	for ; b > 0; b >>= 1 {
		if b&1 == 1 {
			p ^= a
		}
		if a <<= 1; a&32 != 0 {
			a ^= 0b100101
		}
	}
	return p
}
