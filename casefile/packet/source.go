package packet

import (
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/text/unicode/norm"
)

// bag is a bag to be read, wherever it lies.
type bag struct {
	name  string // of the packet's folder; empty where the reader may have renamed it
	files []bagFile
	// repacked says how the ZIP differs from the one that follows from its contents; empty if it does not.
	repacked  string
	renamed   int  // names that were not in NFC
	commented bool // the ZIP has a comment
}

// packet reports whether a file that a packet alone has is there.
func (b bag) packet() bool {
	return slices.ContainsFunc(b.files, func(f bagFile) bool { return ownFile(f.path) || f.path == payload+EntriesPath })
}

// bagFile is one file of a bag. Each open gives a reader of its own.
type bagFile struct {
	path string // in the bag
	size int64
	crc  *uint32 // what the ZIP says, where there is one
	open func() (readerAt, error)
}

// readerAt is what the checks of a single file need.
type readerAt interface {
	io.ReaderAt
	io.Closer
}

// section is a part of a ZIP; closing it closes nothing.
type section struct{ *io.SectionReader }

func (section) Close() error { return nil }

// digest reads f once.
func (f bagFile) digest(ctx context.Context) (digest, error) {
	r, err := f.open()
	if err != nil {
		return digest{}, err
	}
	defer r.Close()
	return digestOf(ctx, io.NewSectionReader(r, 0, f.size))
}

// copyDigest copies a file to w and hashes it on the way.
func copyDigest(ctx context.Context, w io.Writer, open opener) (digest, error) {
	r, err := open()
	if err != nil {
		return digest{}, err
	}
	d, err := digestTo(ctx, w, r)
	return d, errors.Join(err, r.Close())
}

// digestOf hashes r to its end.
func digestOf(ctx context.Context, r io.Reader) (digest, error) {
	return digestTo(ctx, io.Discard, r)
}

// digestTo copies r to w. Both hashes and the copy go on side by side, and the next block is read meanwhile: the longer hash alone takes as long as the
// rest.
func digestTo(ctx context.Context, w io.Writer, r io.Reader) (digest, error) {
	h256, h512, crc := sha256.New(), sha512.New(), crc32.NewIEEE()
	n, err := copyAhead(sideBySide{h512, io.MultiWriter(h256, crc), w}, ctxReader{ctx, r})
	if err != nil {
		return digest{}, err
	}
	return digest{
		size: n, crc: crc.Sum32(),
		sha256: hex.EncodeToString(h256.Sum(nil)), sha512: hex.EncodeToString(h512.Sum(nil)),
	}, nil
}

// blockSize is long enough that handing a block from one hash to the next costs nothing beside hashing it.
const blockSize = 1 << 20

// buffers are the blocks of copyAhead.
var buffers = sync.Pool{New: func() any { return new([blockSize]byte) }}

// block is what was read; broken is what it panicked with, and the last.
type block struct {
	of     *[blockSize]byte
	n      int
	err    error
	broken any
}

// copyAhead is io.Copy that reads the next block while one is written. It returns when nobody reads any more, and panics where the reading did: who guards
// the check guards that too.
func copyAhead(w io.Writer, r io.Reader) (size int64, err error) {
	full := make(chan block, 1)
	done := make(chan struct{})
	go readAhead(r, full, done)
	for b := range full {
		if b.broken != nil {
			panic(b.broken)
		}
		if err == nil && b.n > 0 {
			if _, err = w.Write(b.of[:b.n]); err != nil {
				close(done)
			}
			size += int64(b.n)
		}
		if err == nil && b.err != io.EOF { // as io.Copy: one that is wrapped is no end
			err = b.err
		}
		buffers.Put(b.of)
	}
	return size, err
}

func readAhead(r io.Reader, full chan<- block, done <-chan struct{}) {
	defer close(full)
	defer func() {
		if broken := recover(); broken != nil {
			full <- block{broken: broken}
		}
	}()
	for {
		b := block{of: buffers.Get().(*[blockSize]byte)}
		for b.n < blockSize && b.err == nil { // what a reader gives at a time is shorter
			var n int
			n, b.err = r.Read(b.of[b.n:])
			b.n += n
		}
		full <- b
		select {
		case <-done:
			return
		default:
		}
		if b.err != nil {
			return
		}
	}
}

// sideBySide writes to all at once.
type sideBySide []io.Writer

// Write implements io.Writer.
func (s sideBySide) Write(b []byte) (int, error) {
	var g errgroup.Group
	for _, w := range s {
		g.Go(func() error {
			_, err := w.Write(b)
			return err
		})
	}
	return len(b), g.Wait()
}

// ctxReader ends with its context.
type ctxReader struct {
	ctx context.Context
	r   io.Reader
}

func (c ctxReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// openDir reads an unpacked bag: dir itself, or the only folder in it. Links are reported and never followed.
func openDir(root *os.Root) (bag, findings, error) {
	base, err := bagBase(root)
	if err != nil {
		return bag{}, findings{}, err
	}
	var b bag
	var found findings
	held := map[string]bool{base: true} // folders with something in them
	var folders []string
	err = fs.WalkDir(root.FS(), base, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name != base {
			held[path.Dir(name)] = true
		}
		if d.IsDir() {
			folders = append(folders, name)
			return nil
		}
		stored := strings.TrimPrefix(name, base+"/")
		in := norm.NFC.String(stored)
		if in != stored {
			b.renamed++
		}
		if !d.Type().IsRegular() {
			found.add(Finding{Code: pathLink, File: in, Problem: "neither a file nor a folder"})
			return nil
		}
		if len(b.files) == maxMembers {
			found.add(Finding{Code: tooLarge, Problem: fmt.Sprintf("holds more than %d files; the others were not looked at", maxMembers)})
			return fs.SkipAll
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		b.files = append(b.files, bagFile{path: in, size: info.Size(), open: func() (readerAt, error) { return root.Open(name) }})
		return nil
	})
	if err != nil {
		return bag{}, findings{}, fmt.Errorf("unpacked packet: %w", err)
	}
	for _, name := range folders {
		if !held[name] && b.packet() {
			found.add(emptyFolder(norm.NFC.String(strings.TrimPrefix(name, base+"/")) + "/"))
		}
	}
	slices.SortFunc(b.files, func(x, y bagFile) int { return strings.Compare(x.path, y.path) })
	return b, found, nil
}

// maxDepth is how many folders programs lay around a packet when they unpack it.
const maxDepth = 3

// bagBase finds the folder that holds the packet: the given one, or the only one below it that does.
func bagBase(root *os.Root) (string, error) {
	found, err := holders(root, ".", maxDepth)
	if err != nil {
		return "", fmt.Errorf("unpacked packet: %w", err)
	}
	if len(found) == 1 {
		return found[0], nil
	}
	return ".", nil
}

// holders lists the highest folders at or below dir that hold a file of a packet's own.
func holders(root *os.Root, dir string, depth int) ([]string, error) {
	list, err := fs.ReadDir(root.FS(), dir)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(list, func(d fs.DirEntry) bool { return !d.IsDir() && ownFile(d.Name()) }) {
		return []string{dir}, nil
	}
	var found []string
	for _, d := range list {
		if !d.IsDir() || depth == 0 {
			continue
		}
		if below, err := holders(root, path.Join(dir, d.Name()), depth-1); err == nil { // what cannot be read is no packet
			found = append(found, below...)
		}
	}
	return found, nil
}
