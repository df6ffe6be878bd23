package intake

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"math/big"
	"strings"

	"golang.org/x/crypto/sha3"
)

// wallet names what a text is the address of, and whether a checksum shows it. A text whose checksum is wrong is none.
func wallet(text string) (kind ClueKind, checked, ok bool) {
	switch {
	case strings.HasPrefix(text, "0x"):
		checked, ok = ethereum(text[2:])
		return ClueEthereum, checked, ok
	case strings.HasPrefix(strings.ToLower(text), "bc1"):
		return ClueBitcoin, true, bech32(text)
	}
	payload, ok := base58check(text)
	switch {
	case !ok || len(payload) != 21:
		return "", false, false
	case payload[0] == 0x41:
		return ClueTron, true, true
	case payload[0] == 0x00 || payload[0] == 0x05:
		return ClueBitcoin, true, true
	}
	return "", false, false
}

const base58Letters = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// base58check decodes a text and takes the checksum off: the first four bytes of the double SHA-256 of the rest.
// https://en.bitcoin.it/wiki/Base58Check_encoding
func base58check(text string) ([]byte, bool) {
	if len(text) < 25 || len(text) > 36 {
		return nil, false
	}
	n, base := new(big.Int), big.NewInt(58)
	for i := range len(text) {
		digit := strings.IndexByte(base58Letters, text[i])
		if digit < 0 {
			return nil, false
		}
		n.Add(n.Mul(n, base), big.NewInt(int64(digit)))
	}
	zeros := len(text) - len(strings.TrimLeft(text, "1"))
	all := append(make([]byte, zeros), n.Bytes()...)
	if len(all) < 5 {
		return nil, false
	}
	payload, sum := all[:len(all)-4], all[len(all)-4:]
	first := sha256.Sum256(payload)
	second := sha256.Sum256(first[:])
	return payload, bytes.Equal(sum, second[:4])
}

const bech32Letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

// bech32 checks an address of a witness program on the main network: bech32 for version 0, bech32m for the others (BIP 173, BIP 350).
func bech32(text string) bool {
	lower := strings.ToLower(text)
	if text != lower && text != strings.ToUpper(text) || len(text) < 14 || len(text) > 90 {
		return false
	}
	sum := uint32(1)
	step := func(v uint32) {
		top := sum >> 25
		sum = sum&0x1ffffff<<5 ^ v
		for i, g := range [...]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			sum ^= g * (top >> i & 1)
		}
	}
	for _, v := range [...]uint32{'b' >> 5, 'c' >> 5, 0, 'b' & 31, 'c' & 31} {
		step(v)
	}
	data := lower[len("bc1"):]
	for i := range len(data) {
		v := strings.IndexByte(bech32Letters, data[i])
		if v < 0 {
			return false
		}
		step(uint32(v))
	}
	if data[0] == bech32Letters[0] {
		return sum == 1 && (len(data) == 1+32+6 || len(data) == 1+52+6)
	}
	return sum == 0x2bc830a3 && strings.IndexByte(bech32Letters, data[0]) <= 16
}

// ethereum checks forty hexadecimal digits. In mixed case they are checked against their hash (EIP-55), in one case nothing shows a
// mistake.
func ethereum(digits string) (checked, ok bool) {
	lower := strings.ToLower(digits)
	if raw, err := hex.DecodeString(lower); err != nil || len(raw) != 20 {
		return false, false
	}
	if digits == lower || digits == strings.ToUpper(digits) {
		return false, true
	}
	h := sha3.NewLegacyKeccak256()
	h.Write([]byte(lower))
	sum := hex.EncodeToString(h.Sum(nil))
	for i := range len(lower) {
		upper := sum[i] >= '8' && lower[i] >= 'a'
		if upper != (digits[i] != lower[i]) {
			return false, false
		}
	}
	return true, true
}
