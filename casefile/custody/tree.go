package custody

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Hash is a node of the Merkle tree (32 bytes).
type Hash = tlog.Hash

// HashReader gives stored hashes by their storage index (tlog.StoredHashIndex).
type HashReader = tlog.HashReader

// LeafHash is the RFC 6962 leaf hash of a log line.
func LeafHash(line []byte) Hash { return tlog.RecordHash(line) }

// Hashes returns the hashes to store, in order, when line becomes the entry with the given number.
// They follow the StoredCount(number-1) hashes that r must already hold.
func Hashes(number int64, line []byte, r HashReader) ([]Hash, error) {
	return tlog.StoredHashes(number-1, line, r)
}

// StoredCount is how many hashes a log of size entries stores.
func StoredCount(size int64) int64 { return tlog.StoredHashCount(size) }

// Root is the Merkle root of the first size entries.
func Root(size int64, r HashReader) (Hash, error) { return tlog.TreeHash(size, r) }

// Seal is a signed checkpoint: so many entries under this root. Text is the signed note, the bytes that a time stamp covers.
type Seal struct {
	Origin string
	Size   int64
	Root   Hash
	Text   []byte
}

// Origin is the name of the log of the case with this identifier, and of its signing key.
func Origin(caseID string) string { return "yuzheng/case/" + caseID }

// Key is the Ed25519 key that signs the seals of one log.
type Key struct {
	origin string
	signer note.Signer
	public string
}

// NewKey makes the signing key of the log origin out of a 32-byte seed. It works with the seed where it lies: when that is wiped, the key signs
// nothing more that is good.
func NewKey(origin string, seed []byte) (*Key, error) {
	if len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("log key: seed of %d bytes, want %d", len(seed), ed25519.SeedSize)
	}
	private := ed25519.NewKeyFromSeed(seed)
	defer clear(private)
	vkey, err := note.NewEd25519VerifierKey(origin, private.Public().(ed25519.PublicKey))
	if err != nil {
		return nil, fmt.Errorf("log key: %w", err)
	}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, fmt.Errorf("log key: %w", err)
	}
	return &Key{origin, signer{verifier, seed}, vkey}, nil
}

// signer signs notes with the key of a seed.
type signer struct {
	note.Verifier
	seed []byte
}

// Sign implements note.Signer.
func (s signer) Sign(msg []byte) ([]byte, error) {
	private := ed25519.NewKeyFromSeed(s.seed)
	defer clear(private)
	return ed25519.Sign(private, msg), nil
}

// Public is the verifier key in the form of golang.org/x/mod/sumdb/note; the first entry of a log names it.
func (k *Key) Public() string { return k.public }

// Seal signs a log of size entries with this root.
func (k *Key) Seal(size int64, root Hash) (Seal, error) {
	text := k.origin + "\n" + strconv.FormatInt(size, 10) + "\n" + base64.StdEncoding.EncodeToString(root[:]) + "\n"
	signed, err := note.Sign(&note.Note{Text: text}, k.signer)
	if err != nil {
		return Seal{}, fmt.Errorf("seal of %d entries: %w", size, err)
	}
	return Seal{k.origin, size, root, signed}, nil
}

// errSeal is wrapped by every error of ParseSeal: the seal is not one that this key made.
var errSeal = errors.New("seal is not valid")

// ParseSeal reads a signed seal and verifies it with the log's public key.
func ParseSeal(text []byte, public string) (Seal, error) {
	verifier, err := note.NewVerifier(public)
	if err != nil {
		return Seal{}, fmt.Errorf("%w: public key: %w", errSeal, err)
	}
	n, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return Seal{}, fmt.Errorf("%w: %w", errSeal, err)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != verifier.Name() {
		return Seal{}, fmt.Errorf("%w: not the three lines of a checkpoint", errSeal)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 1 || strconv.FormatInt(size, 10) != lines[1] {
		return Seal{}, fmt.Errorf("%w: size %q", errSeal, lines[1])
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return Seal{}, fmt.Errorf("%w: root %q", errSeal, lines[2])
	}
	if root.String() != lines[2] || !canonical(n, text) {
		return Seal{}, fmt.Errorf("%w: not in its canonical form", errSeal)
	}
	return Seal{lines[0], size, root, text}, nil
}

// canonical reports whether text is n as note.Sign writes it, with one signature. note.Open is more lenient: it passes over repeated
// signatures and over bits that base64 does not use.
func canonical(n *note.Note, text []byte) bool {
	if len(n.Sigs) != 1 {
		return false
	}
	sig, err := base64.StdEncoding.Strict().DecodeString(n.Sigs[0].Base64)
	if err != nil {
		return false
	}
	want := n.Text + "\n— " + n.Sigs[0].Name + " " + base64.StdEncoding.EncodeToString(sig) + "\n"
	return string(text) == want
}

// Proof shows that the entry with this number is in the log that a seal covers (RFC 6962, 2.1.1).
type Proof struct {
	Number int64  `json:"number"`
	Hashes []Hash `json:"hashes"`
}

// Prove makes the inclusion proof of entry number in the first size entries.
func Prove(size, number int64, r HashReader) (Proof, error) {
	hashes, err := tlog.ProveRecord(size, number-1, r)
	if err != nil {
		return Proof{}, fmt.Errorf("proof of entry %d in %d: %w", number, size, err)
	}
	return Proof{number, hashes}, nil
}

// Check reports whether p leads from line to the root of the seal.
func (p Proof) Check(line []byte, seal Seal) error {
	if err := tlog.CheckRecord(p.Hashes, seal.Size, seal.Root, p.Number-1, LeafHash(line)); err != nil {
		return fmt.Errorf("proof of entry %d in %d: %w", p.Number, seal.Size, err)
	}
	return nil
}

// Extends reports, by a consistency proof made from r, whether the log of size entries with root still begins with
// what seal covers.
func Extends(seal Seal, size int64, root Hash, r HashReader) error {
	if seal.Size > size {
		return fmt.Errorf("seal covers %d entries, the log has %d", seal.Size, size)
	}
	proof, err := tlog.ProveTree(size, seal.Size, r)
	if err == nil {
		err = tlog.CheckTree(proof, size, root, seal.Size, seal.Root)
	}
	if err != nil {
		return fmt.Errorf("log of %d entries does not extend the seal of %d: %w", size, seal.Size, err)
	}
	return nil
}
