package workbench

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"filippo.io/age"

	"yuzheng/casefile"
)

// TestHandOver hands a packet over: as it is, encrypted to a key, and by a passphrase. What arrives is the packet, byte for byte; who took it stands in the
// log; what is not the packet, says nothing or cannot be encrypted leaves neither an entry nor a file.
func TestHandOver(t *testing.T) {
	w, c, id := packetCase(t)
	dir := t.TempDir()
	info, err := w.BuildPacket(t.Context(), c, id, PacketOptions{File: filepath.Join(dir, "X01.zip")})
	if err != nil {
		t.Fatal(err)
	}
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	secret, err := age.NewScryptIdentity("correct horse battery staple")
	if err != nil {
		t.Fatal(err)
	}
	n := NewHandOver{Packet: info.ID, File: info.File, To: "臺灣臺北地方法院　收發室", Means: "光碟"}
	if _, err := w.Hand(t.Context(), c, n); err != nil {
		t.Fatal(err)
	}
	for name, with := range map[string]struct {
		lock casefile.PackTo
		open age.Identity
	}{
		"key.age":  {casefile.PackTo{Recipients: []string{key.Recipient().String()}}, key},
		"word.age": {casefile.PackTo{Passphrase: "correct horse battery staple", Work: 10}, secret},
	} {
		n.Out, n.Lock = filepath.Join(dir, name), with.lock
		made, err := w.Hand(t.Context(), c, n)
		if err != nil {
			t.Fatal(err)
		}
		if sum, size, err := hashed(n.Out); err != nil || sum != made.Closed.SHA256 || size != made.Closed.Size {
			t.Errorf("%s: %+v, %v", name, made.Closed, err)
		}
		f, err := os.Open(n.Out)
		if err != nil {
			t.Fatal(err)
		}
		plain, err := age.Decrypt(f, with.open)
		if err != nil {
			t.Fatal(err)
		}
		h := sha256.New()
		if _, err := io.Copy(h, plain); err != nil || hex.EncodeToString(h.Sum(nil)) != info.SHA256 {
			t.Errorf("%s: other bytes, %v", name, err)
		}
		f.Close()
	}
	other := filepath.Join(dir, "other.zip")
	if err := os.WriteFile(other, []byte("PK"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*NewHandOver) (code string, is error){
		"another file":   func(n *NewHandOver) (string, error) { n.File = other; return "hand.other", nil },
		"nobody":         func(n *NewHandOver) (string, error) { n.To = " "; return "hand.field", nil },
		"two lines":      func(n *NewHandOver) (string, error) { n.Means = "a\nb"; return "hand.field", nil },
		"tomorrow":       func(n *NewHandOver) (string, error) { n.At = w.Now().Add(72 * time.Hour); return "hand.future", nil },
		"no such packet": func(n *NewHandOver) (string, error) { n.Packet = "X99"; return "", casefile.ErrNotFound },
		"no file":        func(n *NewHandOver) (string, error) { n.File = filepath.Join(dir, "gone"); return "", fs.ErrNotExist },
		"there already":  func(n *NewHandOver) (string, error) { n.Out = other; return "", casefile.ErrExists },
		"a secret key": func(n *NewHandOver) (string, error) {
			n.Lock = casefile.PackTo{Recipients: []string{key.String()}}
			return "", casefile.ErrRecipients
		},
		"nothing to lock": func(n *NewHandOver) (string, error) {
			n.Lock = casefile.PackTo{Recipients: []string{"age1x"}}
			return "", casefile.ErrRecipients
		},
	} {
		bad := n
		bad.Out = filepath.Join(dir, "bad.age")
		code, is := spoil(&bad)
		if _, err := w.Hand(t.Context(), c, bad); code != "" && refusedFor(err) != code || is != nil && !errors.Is(err, is) {
			t.Errorf("%s: %v", name, err)
		}
	}
	packets, err := w.Packets(c)
	if err != nil || len(packets) != 1 || len(packets[0].Handed) != 3 {
		t.Fatalf("%+v, %v", packets, err)
	}
	first, keys := packets[0].Handed[0], packets[0].Handed[1:]
	if first.To != n.To || first.Means != n.Means || first.SHA256 != info.SHA256 || first.Closed != nil {
		t.Errorf("%+v", first)
	}
	if !slices.ContainsFunc(keys, func(h HandOver) bool { return slices.Equal(h.Closed.Keys, []string{key.Recipient().String()}) }) {
		t.Errorf("%+v", keys)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(left) != 4 {
		t.Errorf("%q, %v", left, err)
	}
}
