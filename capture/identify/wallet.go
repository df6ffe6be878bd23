package identify

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"math/big"
	"strings"

	"golang.org/x/crypto/sha3"

	"yuzheng/casefile/evidence"
)

// Lengths of addresses, in bytes: Base58Check of 21 bytes and up, a witness program at the most (BIP 173).
const (
	leastWallet = 25
	mostWallet  = 90
)

// wallets looks at every word of ASCII.
func (s *search) wallets() {
	for begin, count := 0, 0; begin < len(s.text); begin++ {
		if !isWord(s.text[begin]) {
			continue
		}
		end := begin + 1
		for end < len(s.text) && isWord(s.text[end]) {
			end++
		}
		if n := end - begin; n >= leastWallet && n <= mostWallet {
			if kind, value, checked := wallet(s.text[begin:end]); kind != "" {
				if count++; count > maxFound {
					s.more = true
					return
				}
				s.add(Found{Kind: kind, Value: value, Checked: checked}, begin, end)
			}
		}
		begin = end
	}
}

// wallet tells what a text is the address of, its canonical form, and whether a checksum shows it. One whose checksum is wrong is of no kind.
func wallet(text string) (kind evidence.IdentifierKind, value string, checked bool) {
	if len(text) < leastWallet || len(text) > mostWallet {
		return "", "", false
	}
	switch text[0] {
	case '0':
		return ethereum(text)
	case 'b', 'B':
		if bech32(text) {
			return evidence.IdentifierBitcoin, strings.ToLower(text), true
		}
		return "", "", false
	case '1', '3', 'T':
		return base58(text)
	}
	return "", "", false
}

// base58 tells the two chains apart by the first byte of what is encoded: 0x41 is TRON, 0x00 (of a key) and 0x05 (of a script) are Bitcoin.
func base58(text string) (kind evidence.IdentifierKind, value string, checked bool) {
	payload, ok := base58check(text)
	switch {
	case !ok || len(payload) != 21:
	case payload[0] == 0x41:
		return evidence.IdentifierTron, text, true
	case payload[0] == 0x00 || payload[0] == 0x05:
		return evidence.IdentifierBitcoin, text, true
	}
	return "", "", false
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
	if !strings.HasPrefix(lower, "bc1") {
		return false
	}
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

// ethereum reads "0x" and forty hexadecimal digits, and gives them with the capitals of their hash (EIP-55). Mixed case must have these, in one case
// nothing shows a mistake.
func ethereum(text string) (kind evidence.IdentifierKind, value string, checked bool) {
	digits, ok := strings.CutPrefix(text, "0x")
	lower := strings.ToLower(digits)
	if raw, err := hex.DecodeString(lower); !ok || err != nil || len(raw) != 20 {
		return "", "", false
	}
	h := sha3.NewLegacyKeccak256()
	h.Write([]byte(lower))
	sum := hex.EncodeToString(h.Sum(nil))
	form := []byte(lower)
	for i, c := range form {
		if sum[i] >= '8' && c >= 'a' {
			form[i] = c - 'a' + 'A'
		}
	}
	one := digits == lower || digits == strings.ToUpper(digits)
	if !one && digits != string(form) {
		return "", "", false
	}
	return evidence.IdentifierEthereum, "0x" + string(form), !one
}
