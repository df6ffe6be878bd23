package workbench

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/sync/errgroup"

	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/packet"
	"yuzheng/casefile/private"
	"yuzheng/casefile/sign"
)

const kindPacket = "packet"

// PacketOptions says where a packet goes: to File, or under its own name into Dir.
type PacketOptions struct {
	File, Dir string
	For       application.Recipient              // empty is the court
	Signer    *sign.Signer                       // who signs the packet; nil: nobody. The caller closes it
	NoSandbox bool                               // for printing papers that are not rendered yet
	Progress  func(step string, done, total int) // may be nil; steps: papers, pack, verify; of each a hundred calls at most
}

// The steps of building a packet.
const (
	stepPapers = "papers"
	stepPack   = "pack"
	stepVerify = "verify"
)

// step gives what tells how far a step has come.
func (o PacketOptions) step(name string) func(done, total int64) {
	last := int64(-1)
	return func(done, total int64) {
		if o.Progress == nil || total <= 0 {
			return
		}
		if part := done * 100 / total; part != last {
			last = part
			o.Progress(name, int(done), int(total))
		}
	}
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
	Signer string `json:"signer,omitempty"` // distinguished name, where it is signed
}

// BuildPacket packs an application: papers (rendered once and sealed), the exhibits that it rests on, the custody log's
// part of them with proofs. What the gate or the checks refuse does not leave. The same case gives the same bytes: an
// unchanged packet is written again out of its first build. What was written is verified before it takes its name.
func (w *Workbench) BuildPacket(ctx context.Context, c *casefile.Case, applicationID string, o PacketOptions) (PacketInfo, error) {
	if err := free(o.File); err != nil {
		return PacketInfo{}, err
	}
	if !slices.Contains(application.Recipients, cmp.Or(o.For, application.ForCourt)) {
		return PacketInfo{}, fmt.Errorf("recipient %q: %w", o.For, casefile.ErrNotFound)
	}
	if o.Signer != nil {
		if err := o.Signer.Usable(w.Now()); err != nil {
			return PacketInfo{}, err
		}
	}
	p, err := w.collect(ctx, c, applicationID, o)
	if err != nil {
		return PacketInfo{}, err
	}
	var info PacketInfo
	if err = p.build(ctx, w); err == nil {
		info, err = w.writePacket(ctx, c, p, o)
	}
	if p.entry.Number > 0 {
		err = errors.Join(err, p.told(context.WithoutCancel(ctx), info, err))
	}
	if err != nil {
		return PacketInfo{}, fmt.Errorf("packet of %s: %w", applicationID, err)
	}
	return info, nil
}

// free reports whether nothing lies at file yet.
func free(file string) error {
	if file == "" {
		return nil
	}
	if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: %w", file, casefile.ErrExists)
	}
	return nil
}

// detailResult is in a second entry packet.build of a packet. The first lies under the seal that the packet brings along, so it is there
// before the file is; this one says what came of it.
const detailResult = "result"

func (p *parcel) told(ctx context.Context, info PacketInfo, failed error) error {
	detail := map[string]string{detailResult: "written", "file": filepath.Base(info.File), "size": fmt.Sprint(info.Size), "sha256": info.SHA256}
	if p.signer != nil {
		maps.Copy(detail, signerDetail(p.signer.Certificate()))
	}
	if failed != nil {
		detail = map[string]string{detailResult: "not written", casefile.DetailFailed: failed.Error()}
	}
	_, err := p.c.Log(ctx, custody.Entry{Actor: custody.Tool, Action: custody.PacketBuild, Object: p.id, Detail: detail})
	return err
}

// writePacket writes beside the file's place, verifies what it wrote, and only then gives it its name.
func (w *Workbench) writePacket(ctx context.Context, c *casefile.Case, p *parcel, o PacketOptions) (PacketInfo, error) {
	if o.File == "" {
		o.File = filepath.Join(o.Dir, p.record.Name+".zip")
	}
	if err := free(o.File); err != nil {
		return PacketInfo{}, err
	}
	content, err := p.packet()
	if err != nil {
		return PacketInfo{}, err
	}
	content.Progress = o.step(stepPack)
	if p.signer != nil {
		content.Sign = func(list []byte) ([]byte, error) { return p.signer.Detached(list, w.Now()) }
	}
	part := o.File + ".part"
	info := PacketInfo{ID: p.id, Name: p.record.Name, File: o.File, Entry: p.entry.Number, Stamps: len(content.Stamps), Signer: p.signedBy()}
	check := func(ctx context.Context) error {
		report, err := w.Verify(ctx, part, VerifyOptions{Key: c.Info().PublicKey, Progress: o.step(stepVerify)})
		if err != nil {
			return unsound(report, err)
		}
		info.Files = report.Files
		return nil
	}
	if info.SHA256, info.Size, err = writeChecked(ctx, part, content, check); err == nil {
		err = os.Rename(part, o.File)
	}
	if err != nil {
		return info, errors.Join(err, removed(part))
	}
	return info, nil
}

// writeChecked writes a packet, and while the disk takes it over, has it checked and hashed.
func writeChecked(ctx context.Context, path string, content packet.Packet, check func(context.Context) error) (sum string, size int64, err error) {
	f, err := private.Replace(path)
	if err != nil {
		return "", 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := packet.Write(ctx, f, content); err != nil {
		return "", 0, err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(f.Sync)
	g.Go(func() error { return check(ctx) })
	h := sha256.New()
	g.Go(func() (err error) {
		size, err = io.Copy(h, io.NewSectionReader(f, 0, math.MaxInt64))
		return err
	})
	err = g.Wait()
	return hex.EncodeToString(h.Sum(nil)), size, err
}

// UnsoundError is a packet that was written and does not hold. Its file is gone; the report says what was wrong with it. It is an ErrMismatch.
type UnsoundError struct{ Report *packet.Report }

func (e *UnsoundError) Error() string {
	f := e.Report.Findings[0]
	return fmt.Sprintf("what was written does not hold: %s %s: %s", f.Code, f.File, f.Problem)
}

// Unwrap gives ErrMismatch.
func (e *UnsoundError) Unwrap() error { return ErrMismatch }

// unsound keeps the report of a check that has failed with the error.
func unsound(r *packet.Report, err error) error {
	if r == nil || r.Good() || !errors.Is(err, ErrMismatch) {
		return fmt.Errorf("verify what was written: %w", err)
	}
	return &UnsoundError{r}
}

func removed(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
