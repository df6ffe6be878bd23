package workbench

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"yuzheng/casefile"
	"yuzheng/casefile/packet"
)

const kindPacket = "packet"

// PacketOptions says where a packet goes: to File, or under its own name into Dir.
type PacketOptions struct {
	File, Dir string
	NoSandbox bool                               // for printing papers that are not rendered yet
	Progress  func(step string, done, total int) // may be nil; steps: papers, pack, verify
}

// PacketInfo is a packet that was written.
type PacketInfo struct {
	ID     string `json:"packet"`
	Name   string `json:"name"`
	File   string `json:"file"`
	Files  int    `json:"files"` // in the bag, tag files included
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
	Entry  int64  `json:"entry"` // packet.build
	Stamps int    `json:"stamps"`
}

// packetRecord is what the case keeps of a packet beside its entry.
type packetRecord struct {
	Application string `json:"application"`
	Name        string `json:"name"`
}

// BuildPacket packs an application: papers (rendered once and sealed), the exhibits that it rests on, the custody log's
// part of them with proofs. What the gate or the checks refuse does not leave. The same case gives the same bytes: an
// unchanged packet is written again out of its first build. What was written is verified before it takes its name.
func (w *Workbench) BuildPacket(ctx context.Context, c *casefile.Case, applicationID string, o PacketOptions) (PacketInfo, error) {
	p, err := w.collect(ctx, c, applicationID, o)
	if err != nil {
		return PacketInfo{}, err
	}
	if err := p.build(ctx, w); err != nil {
		return PacketInfo{}, fmt.Errorf("packet of %s: %w", applicationID, err)
	}
	if o.File == "" {
		o.File = filepath.Join(o.Dir, p.record.Name+".zip")
	}
	info, err := w.writePacket(ctx, c, p, o)
	if err != nil {
		return PacketInfo{}, fmt.Errorf("packet of %s: %w", applicationID, err)
	}
	return info, nil
}

// writePacket writes beside the file's place, verifies what it wrote, and only then gives it its name.
func (w *Workbench) writePacket(ctx context.Context, c *casefile.Case, p *parcel, o PacketOptions) (PacketInfo, error) {
	if _, err := os.Stat(o.File); !errors.Is(err, fs.ErrNotExist) {
		return PacketInfo{}, fmt.Errorf("%s: %w", o.File, casefile.ErrExists)
	}
	content, err := p.packet()
	if err != nil {
		return PacketInfo{}, err
	}
	part := o.File + ".part"
	info := PacketInfo{ID: p.id, Name: p.record.Name, File: o.File, Entry: p.entry.Number, Stamps: len(content.Stamps)}
	if info.SHA256, info.Size, err = writeSynced(part, func(out io.Writer) error { return packet.Write(ctx, out, content) }); err != nil {
		return info, errors.Join(err, removed(part))
	}
	report, err := w.Verify(ctx, part, VerifyOptions{Key: c.Info().PublicKey})
	if err != nil {
		return info, errors.Join(fmt.Errorf("verify what was written: %w", err), firstFinding(report), removed(part))
	}
	info.Files = report.Files
	return info, os.Rename(part, o.File)
}

func firstFinding(r *packet.Report) error {
	if r == nil || r.Good() {
		return nil
	}
	f := r.Findings[0]
	return fmt.Errorf("%s %s: %s", f.Code, f.File, f.Problem)
}

func removed(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func writeSynced(path string, write func(io.Writer) error) (sum string, size int64, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return "", 0, err
	}
	h := sha256.New()
	n := &counter{}
	if err = write(io.MultiWriter(f, h, n)); err == nil {
		err = f.Sync()
	}
	return hex.EncodeToString(h.Sum(nil)), n.n, errors.Join(err, f.Close())
}

type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}
