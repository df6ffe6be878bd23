package custody

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	checkpoint "github.com/transparency-dev/formats/log"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
)

func testKey(t testing.TB) *Key {
	t.Helper()
	key, err := NewKey(Origin("00112233445566778899aabbccddeeff"), bytes.Repeat([]byte{42}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// memory is a log in memory.
type memory struct {
	lines  [][]byte
	hashes []Hash
}

func (m *memory) ReadHashes(indexes []int64) ([]Hash, error) {
	out := make([]Hash, len(indexes))
	for i, n := range indexes {
		if n >= int64(len(m.hashes)) {
			return nil, fmt.Errorf("no hash %d", n)
		}
		out[i] = m.hashes[n]
	}
	return out, nil
}

func grow(t testing.TB, size int64) *memory {
	t.Helper()
	m := new(memory)
	for n := int64(1); n <= size; n++ {
		line := fmt.Appendf(nil, "entry %d", n)
		if int64(len(m.hashes)) != StoredCount(n-1) {
			t.Fatalf("%d hashes before entry %d, want %d", len(m.hashes), n, StoredCount(n-1))
		}
		list, err := Hashes(n, line, m)
		if err != nil {
			t.Fatal(err)
		}
		m.lines, m.hashes = append(m.lines, line), append(m.hashes, list...)
	}
	return m
}

func raw(hashes []Hash) [][]byte {
	out := make([][]byte, len(hashes))
	for i, h := range hashes {
		out[i] = slices.Clone(h[:])
	}
	return out
}

// TestAgainstAnotherImplementation proves every entry in every log of up to 40 entries, and lets transparency-dev/merkle judge.
func TestAgainstAnotherImplementation(t *testing.T) {
	const most = 40
	m := grow(t, most)
	key := testKey(t)
	for size := int64(1); size <= most; size++ {
		root, err := Root(size, m)
		if err != nil {
			t.Fatal(err)
		}
		if want := independentRoot(m.lines[:size]); !bytes.Equal(root[:], want) {
			t.Fatalf("root of %d entries: %x, want %x", size, root, want)
		}
		seal, err := key.Seal(size, root)
		if err != nil {
			t.Fatal(err)
		}
		for n := int64(1); n <= size; n++ {
			p, err := Prove(size, n, m)
			if err != nil {
				t.Fatal(err)
			}
			leaf := rfc6962.DefaultHasher.HashLeaf(m.lines[n-1])
			if err := proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(n-1), uint64(size), leaf, raw(p.Hashes), root[:]); err != nil {
				t.Fatalf("entry %d of %d: %v", n, size, err)
			}
			if err := p.Check(m.lines[n-1], seal); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// independentRoot is the definition of RFC 6962, 2.1, written down once more.
func independentRoot(lines [][]byte) []byte {
	if len(lines) == 1 {
		return rfc6962.DefaultHasher.HashLeaf(lines[0])
	}
	k := 1
	for 2*k < len(lines) {
		k *= 2
	}
	return rfc6962.DefaultHasher.HashChildren(independentRoot(lines[:k]), independentRoot(lines[k:]))
}

// TestWrongProofs changes each thing that a proof depends on.
func TestWrongProofs(t *testing.T) {
	m := grow(t, 13)
	key := testKey(t)
	root, err := Root(13, m)
	if err != nil {
		t.Fatal(err)
	}
	seal, err := key.Seal(13, root)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Prove(13, 5, m)
	if err != nil {
		t.Fatal(err)
	}
	bad := func(what string, p Proof, line []byte, s Seal) {
		t.Helper()
		if p.Check(line, s) == nil {
			t.Errorf("proof holds with %s", what)
		}
	}
	bad("another line", p, m.lines[5], seal)
	for _, n := range []int64{-1, 0, 4, 6, 14, 1 << 62} {
		bad(fmt.Sprintf("number %d", n), Proof{n, p.Hashes}, m.lines[4], seal)
	}
	bad("a hash less", Proof{5, p.Hashes[1:]}, m.lines[4], seal)
	bad("a hash more", Proof{5, append(slices.Clone(p.Hashes), root)}, m.lines[4], seal)
	for i := range p.Hashes {
		hashes := slices.Clone(p.Hashes)
		hashes[i][7] ^= 1
		bad(fmt.Sprintf("hash %d changed", i), Proof{5, hashes}, m.lines[4], seal)
	}
	other := seal
	other.Root[0] ^= 1
	bad("another root", p, m.lines[4], other)
	for _, n := range []int64{0, 14} {
		if _, err := Prove(13, n, m); err == nil {
			t.Errorf("entry %d of 13 is proved", n)
		}
	}
}

// TestExtends: a log extends each of its own seals and none of a log with another history.
func TestExtends(t *testing.T) {
	const most = 20
	m := grow(t, most)
	forged := grow(t, 3)
	for n := int64(4); n <= most; n++ {
		list, err := Hashes(n, []byte("forged"), forged)
		if err != nil {
			t.Fatal(err)
		}
		forged.hashes = append(forged.hashes, list...)
	}
	key := testKey(t)
	now, err := Root(most, m)
	if err != nil {
		t.Fatal(err)
	}
	for size := int64(1); size <= most; size++ {
		for _, c := range []struct {
			log  *memory
			want bool
		}{{m, true}, {forged, size <= 3}} {
			root, err := Root(size, c.log)
			if err != nil {
				t.Fatal(err)
			}
			s, err := key.Seal(size, root)
			if err != nil {
				t.Fatal(err)
			}
			if err := Extends(s, most, now, m); (err == nil) != c.want {
				t.Errorf("size %d: %v, want extends %v", size, err, c.want)
			}
		}
	}
	s, err := key.Seal(most, now)
	if err != nil {
		t.Fatal(err)
	}
	if Extends(s, most-1, now, m) == nil {
		t.Error("a log that was cut short extends its seal")
	}
}

// TestSealVector is a vector: key and signature are deterministic. The note and the checkpoint are read by their own libraries, too.
func TestSealVector(t *testing.T) {
	m := grow(t, 5)
	root, err := Root(5, m)
	if err != nil {
		t.Fatal(err)
	}
	key := testKey(t)
	s, err := key.Seal(5, root)
	if err != nil {
		t.Fatal(err)
	}
	const public = "yuzheng/case/00112233445566778899aabbccddeeff+e0e338f1+ARl/ayPhbIUyxqvIOPrNXqeJvgx2spIDNAOb+os9No1h"
	const text = "yuzheng/case/00112233445566778899aabbccddeeff\n5\nyFh8rt9rqdpg9oI6q3miTuBBtjvSRfnyYvV+yuPbnqM=\n\n" +
		"— yuzheng/case/00112233445566778899aabbccddeeff 4OM48U7ZEYNO0kyam4PofMO0jRxr2pRWLo3s3wJQx2pGrCcOvwxazuOkw8H3t4Hrf+TQihKdnFs64gGtDW4ykk+3VQw=\n"
	if key.Public() != public {
		t.Errorf("public key %q", key.Public())
	}
	if string(s.Text) != text {
		t.Errorf("seal %q", s.Text)
	}
	v, err := note.NewVerifier(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	cp, _, _, err := checkpoint.ParseCheckpoint(s.Text, s.Origin, v)
	if err != nil || cp.Size != 5 || !bytes.Equal(cp.Hash, root[:]) {
		t.Errorf("%+v, %v", cp, err)
	}
}

// TestSealFlips turns every bit of a seal over, and adds to it.
func TestSealFlips(t *testing.T) {
	key := testKey(t)
	s, err := key.Seal(5, LeafHash([]byte("x")))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := ParseSeal(s.Text, key.Public()); err != nil || got.Size != 5 || got.Root != s.Root {
		t.Fatalf("%+v, %v", got, err)
	}
	for i := range s.Text {
		for bit := range 8 {
			bad := bytes.Clone(s.Text)
			bad[i] ^= 1 << bit
			if _, err := ParseSeal(bad, key.Public()); !errors.Is(err, errSeal) {
				t.Errorf("bit %d of byte %d (%q): %v", bit, i, s.Text[i], err)
			}
		}
	}
	signature := s.Text[bytes.LastIndex(s.Text[:len(s.Text)-1], []byte("\n"))+1:]
	for name, bad := range map[string][]byte{
		"unused bits": unusedBits(s.Text), "signature twice": append(bytes.Clone(s.Text), signature...), "more": append(bytes.Clone(s.Text), "x\n"...), "nothing": nil,
	} {
		if _, err := ParseSeal(bad, key.Public()); !errors.Is(err, errSeal) {
			t.Errorf("%s: %v", name, err)
		}
	}
	other, err := NewKey(Origin("other"), bytes.Repeat([]byte{43}, 32))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ParseSeal(s.Text, other.Public()); !errors.Is(err, errSeal) {
		t.Errorf("with another key: %v", err)
	}
}

// unusedBits sets a bit of the last base64 digit that stands for nothing.
func unusedBits(text []byte) []byte {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	bad := bytes.Clone(text)
	last := bytes.LastIndexByte(bad, '=') - 1
	bad[last] = digits[strings.IndexByte(digits, bad[last])|1]
	return bad
}
