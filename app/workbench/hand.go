package workbench

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"yuzheng/casefile"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/private"
)

// HandOver is a packet's file on its way to somebody.
type HandOver struct {
	Packet string          `json:"packet"` // X01
	SHA256 string          `json:"sha256"` // of the packet's file
	To     string          `json:"to"`     // who takes it: office and name
	Means  string          `json:"means"`  // how: in person, disc, official mail …
	At     time.Time       `json:"at"`
	Closed *EncryptedPiece `json:"encrypted,omitempty"` // nil: the packet went as it is
	Entry  int64           `json:"entry"`
}

// EncryptedPiece is an encrypted copy of a packet (age), and who can open it.
type EncryptedPiece struct {
	File   string   `json:"file"`
	SHA256 string   `json:"sha256"`
	Size   int64    `json:"size"`
	Keys   []string `json:"keys"` // public keys (age1…); empty: a passphrase
}

// NewHandOver says what is handed over. Out is where the encrypted copy is written; without it To hands over the file as it is.
type NewHandOver struct {
	Packet, File, To, Means string
	At                      time.Time // zero is now
	Out                     string
	Lock                    casefile.PackTo
}

// The keys of the entry packet.hand.
const (
	detailTo        = "to"
	detailMeans     = "means"
	detailAt        = "at"
	detailEncrypted = "encrypted_sha256"
	detailEncFile   = "encrypted_file"
	detailKeys      = "keys" // of who can open it, or "passphrase"
	withPassphrase  = "passphrase"
)

// Hand records that a packet's file is handed over, and encrypts a copy for who takes it. Only a file that was written of that packet is: another is an
// ErrMismatch. The entry is there before the copy takes its name.
func (w *Workbench) Hand(ctx context.Context, c *casefile.Case, n NewHandOver) (HandOver, error) {
	h := HandOver{Packet: n.Packet, To: n.To, Means: n.Means, At: n.At.UTC()}
	if n.At.IsZero() {
		h.At = w.Now().UTC()
	}
	if err := h.check(w.Now()); err != nil {
		return h, err
	}
	if err := w.writtenFile(c, n, &h); err != nil {
		return h, err
	}
	if n.Out == "" {
		return h, logHand(ctx, c, &h)
	}
	if err := free(n.Out); err != nil {
		return h, err
	}
	h.Closed = &EncryptedPiece{File: filepath.Base(n.Out), Keys: append([]string{}, n.Lock.Recipients...)}
	part := n.Out + ".part"
	err := h.encrypt(ctx, n, part)
	if err == nil {
		err = logHand(ctx, c, &h)
	}
	if err == nil {
		err = os.Rename(part, n.Out)
	}
	if err != nil {
		return h, fmt.Errorf("hand over %s: %w", n.Packet, orRemoved(err, part))
	}
	return h, nil
}

func orRemoved(err error, part string) error {
	if gone := removed(part); gone != nil {
		return fmt.Errorf("%w; %w", err, gone)
	}
	return err
}

// check refuses a hand-over that says nothing, or lies ahead.
func (h *HandOver) check(now time.Time) error {
	for _, text := range []*string{&h.To, &h.Means} {
		*text = strings.TrimSpace(*text)
		if *text == "" || utf8.RuneCountInString(*text) > maxReceipt || strings.ContainsFunc(*text, unicode.IsControl) {
			return refuse("hand-over of "+h.Packet, "hand.field", h.Packet, "受領人及方式均須填寫，各一行，不逾 200 字。", "Who takes it and how are needed, each one line of at most 200 characters.")
		}
	}
	if h.At.After(now.Add(24 * time.Hour)) {
		return refuse("hand-over of "+h.Packet, "hand.future", h.Packet, "移交時間尚未到來。", "The time of the hand-over has not come yet.")
	}
	return nil
}

// writtenFile holds the file against what was written of the packet.
func (w *Workbench) writtenFile(c *casefile.Case, n NewHandOver, h *HandOver) error {
	packets, err := w.Packets(c)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(packets, func(p PacketState) bool { return p.ID == n.Packet })
	if i < 0 {
		return fmt.Errorf("packet %s: %w", n.Packet, casefile.ErrNotFound)
	}
	if h.SHA256, _, err = hashed(n.File); err != nil {
		return err
	}
	if !slices.ContainsFunc(packets[i].Written, func(f WrittenPacket) bool { return f.SHA256 == h.SHA256 }) {
		return refuse(filepath.Base(n.File), "hand.other", n.Packet, "這個檔案不是本案所寫出之移交包 "+n.Packet+"。", "This file is not one that was written of packet "+n.Packet+".")
	}
	return nil
}

// encrypt writes the encrypted copy, and sees to it that what went into it is what was hashed.
func (h *HandOver) encrypt(ctx context.Context, n NewHandOver, part string) error {
	in, err := os.Open(n.File)
	if err != nil {
		return err
	}
	defer in.Close()
	plain, closed, size := sha256.New(), sha256.New(), &counter{}
	out, err := private.Replace(part)
	if err != nil {
		return err
	}
	err = func() error {
		sealed, err := casefile.Encrypt(io.MultiWriter(out, closed, size), n.Lock)
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.MultiWriter(sealed, plain), reader{ctx, in}); err != nil {
			return err
		}
		if err := sealed.Close(); err != nil {
			return err
		}
		return out.Sync()
	}()
	if cerr := out.Close(); err == nil {
		err = cerr
	}
	if err == nil && hex.EncodeToString(plain.Sum(nil)) != h.SHA256 {
		err = fmt.Errorf("%s changed while it was read: %w", n.File, ErrMismatch)
	}
	h.Closed.SHA256, h.Closed.Size = hex.EncodeToString(closed.Sum(nil)), size.n
	return err
}

// reader ends with its context.
type reader struct {
	ctx context.Context
	r   io.Reader
}

// Read implements io.Reader.
func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

func logHand(ctx context.Context, c *casefile.Case, h *HandOver) error {
	d := map[string]string{detailTo: h.To, detailMeans: h.Means, detailAt: h.At.Format(time.RFC3339), "sha256": h.SHA256}
	if x := h.Closed; x != nil {
		d[detailEncFile], d[detailEncrypted], d[detailKeys] = x.File, x.SHA256, strings.Join(x.Keys, " ")
		if len(x.Keys) == 0 {
			d[detailKeys] = withPassphrase
		}
	}
	e, err := c.Log(ctx, custody.Entry{Actor: custody.Person, Action: custody.PacketHand, Object: h.Packet, Detail: d})
	h.Entry = e.Number
	return err
}

// handOf reads the entry packet.hand.
func handOf(e custody.Entry) HandOver {
	d := e.Detail
	at, _ := time.Parse(time.RFC3339, d[detailAt]) // as logHand wrote it
	h := HandOver{Packet: e.Object, SHA256: d["sha256"], To: d[detailTo], Means: d[detailMeans], At: at, Entry: e.Number}
	if d[detailEncrypted] != "" {
		h.Closed = &EncryptedPiece{File: d[detailEncFile], SHA256: d[detailEncrypted], Keys: []string{}}
		if d[detailKeys] != withPassphrase {
			h.Closed.Keys = strings.Fields(d[detailKeys])
		}
	}
	return h
}
