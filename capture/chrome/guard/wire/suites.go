package wire

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"

	"golang.org/x/crypto/chacha20poly1305"
	"golang.org/x/crypto/cryptobyte"
)

// suite is how a cipher suite protects records.
type suite struct {
	id   uint16 // IANA's number
	hash func() hash.Hash
	key  int // bytes
	kind cipherKind
}

type cipherKind int

const (
	gcm cipherKind = iota
	chacha
	cbc // with HMAC-SHA1 (RFC 5246, 6.2.3.2)
)

// suites are those that browsers offer (RFC 8446, B.4; RFC 5288, 5289, 7905, 8422).
var suites = map[uint16]suite{
	0x1301: {0x1301, sha256.New, 16, gcm}, 0x1302: {0x1302, sha512.New384, 32, gcm}, 0x1303: {0x1303, sha256.New, 32, chacha},
	0xc02b: {0xc02b, sha256.New, 16, gcm}, 0xc02f: {0xc02f, sha256.New, 16, gcm}, 0x009c: {0x009c, sha256.New, 16, gcm},
	0xc02c: {0xc02c, sha512.New384, 32, gcm}, 0xc030: {0xc030, sha512.New384, 32, gcm}, 0x009d: {0x009d, sha512.New384, 32, gcm},
	0xcca8: {0xcca8, sha256.New, 32, chacha}, 0xcca9: {0xcca9, sha256.New, 32, chacha},
	0xc009: {0xc009, sha256.New, 16, cbc}, 0xc013: {0xc013, sha256.New, 16, cbc}, 0x002f: {0x002f, sha256.New, 16, cbc},
	0xc00a: {0xc00a, sha256.New, 32, cbc}, 0xc014: {0xc014, sha256.New, 32, cbc}, 0x0035: {0x0035, sha256.New, 32, cbc},
}

const (
	ivSize      = 12 // of an AEAD's whole nonce
	gcmSalt     = 4  // of it, in TLS 1.2, what the keys give
	gcmExplicit = 8  // and what each record brings
)

// opener takes the protection off the records of one direction, in their order.
type opener struct {
	aead     cipher.AEAD
	block    cipher.Block // CBC
	iv       []byte
	sequence uint64
	modern   bool // TLS 1.3
}

// opener is that of a traffic secret of TLS 1.3 (RFC 8446, 7.3).
func (s suite) opener(secret []byte) (*opener, error) {
	key, err := s.expand(secret, "key", s.key)
	if err != nil {
		return nil, err
	}
	iv, err := s.expand(secret, "iv", ivSize)
	if err != nil {
		return nil, err
	}
	aead, err := s.aead(key)
	return &opener{aead: aead, iv: iv, modern: true}, err
}

func (s suite) aead(key []byte) (cipher.AEAD, error) {
	if s.kind == chacha {
		return chacha20poly1305.New(key)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// expand is HKDF-Expand-Label without a context (RFC 8446, 7.1).
func (s suite) expand(secret []byte, label string, size int) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddUint16(uint16(size))
	b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes([]byte("tls13 " + label)) })
	b.AddUint8(0)
	info, err := b.Bytes()
	if err != nil {
		return nil, err
	}
	return hkdf.Expand(s.hash, secret, string(info), size)
}

// older is the opener of one direction in TLS 1.2 (RFC 5246, 6.3).
func (s suite) older(master []byte, h hello, client bool) (*opener, error) {
	macs, salt := 0, ivSize
	switch s.kind {
	case cbc:
		macs, salt = sha1.Size, 0
	case gcm:
		salt = gcmSalt
	}
	seed := append([]byte("key expansion"), append(append([]byte(nil), h.server...), h.client...)...)
	block := prf(s.hash, master, seed, 2*(macs+s.key+salt))[2*macs:]
	keys, ivs := block[:2*s.key], block[2*s.key:]
	if client {
		keys, ivs = keys[:s.key], ivs[:salt]
	} else {
		keys, ivs = keys[s.key:], ivs[salt:]
	}
	if s.kind == cbc {
		b, err := aes.NewCipher(keys)
		return &opener{block: b}, err
	}
	aead, err := s.aead(keys)
	return &opener{aead: aead, iv: ivs}, err
}

// prf is P_hash (RFC 5246, 5), seed with its label.
func prf(h func() hash.Hash, secret, seed []byte, size int) []byte {
	mac := hmac.New(h, secret)
	sum := func(parts ...[]byte) []byte {
		mac.Reset()
		for _, p := range parts {
			mac.Write(p)
		}
		return mac.Sum(nil)
	}
	var out []byte
	for a := sum(seed); len(out) < size; a = sum(a) {
		out = append(out, sum(a, seed)...)
	}
	return out[:size]
}

var errRecord = errors.New("TLS record that its key does not open")

// open takes the protection off one record.
func (o *opener) open(head, body []byte) ([]byte, error) {
	defer func() { o.sequence++ }()
	if o.block != nil {
		return o.openCBC(body)
	}
	nonce := make([]byte, ivSize)
	switch {
	case len(o.iv) == gcmSalt:
		if len(body) < gcmExplicit {
			return nil, errRecord
		}
		copy(nonce, o.iv)
		copy(nonce[gcmSalt:], body[:gcmExplicit])
		body = body[gcmExplicit:]
	default:
		binary.BigEndian.PutUint64(nonce[4:], o.sequence)
		for i := range nonce {
			nonce[i] ^= o.iv[i]
		}
	}
	if len(body) < o.aead.Overhead() {
		return nil, errRecord
	}
	text, err := o.aead.Open(body[:0], nonce, body, o.covered(head, len(body)-o.aead.Overhead()))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errRecord, err)
	}
	return text, nil
}

// covered is the additional data of a record.
func (o *opener) covered(head []byte, size int) []byte {
	if o.modern {
		return head
	}
	data := binary.BigEndian.AppendUint64(nil, o.sequence)
	data = append(data, head[:3]...)
	return binary.BigEndian.AppendUint16(data, uint16(size))
}

// openCBC does not look at the MAC: the browser has, and takes no record whose MAC is wrong.
func (o *opener) openCBC(body []byte) ([]byte, error) {
	if len(body) < 2*aes.BlockSize || len(body)%aes.BlockSize != 0 {
		return nil, errRecord
	}
	text := body[aes.BlockSize:]
	cipher.NewCBCDecrypter(o.block, body[:aes.BlockSize]).CryptBlocks(text, text)
	cut := int(text[len(text)-1]) + 1 + sha1.Size
	if cut > len(text) {
		return nil, errRecord
	}
	return text[:len(text)-cut], nil
}
