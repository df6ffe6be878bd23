package packet

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// errRefused is wrapped by the error for a packet that Verify would not find whole.
var errRefused = errors.New("packet is not written")

// Target takes a packet: its bytes in their order, and at the end the headers once more, with what only reading tells. An *os.File is one.
type Target interface {
	io.Writer
	io.WriterAt
}

// Write writes p to w, from its beginning, as a ZIP. Every file is read once; nothing is kept on disk in between. A name that is not safe, an
// entry that does not lie under the seal, a list that is not that of the log: the packet is refused before the first byte is written. A file
// whose bytes are not what p says ends the writing; what stands in w then has no directory, so no program takes it for a packet.
func Write(ctx context.Context, w Target, p Packet) error {
	if err := p.write(ctx, w); err != nil {
		return fmt.Errorf("packet %s: %w", p.Name, err)
	}
	return nil
}

func (p Packet) write(ctx context.Context, w Target) error {
	sources, err := p.sources()
	if err != nil {
		return err
	}
	digests, err := p.said(ctx, sources)
	if err != nil {
		return err
	}
	log, err := p.checkLog(digests)
	if err != nil {
		return err
	}
	if err := p.signable(log); err != nil {
		return err
	}
	p.follow(sources)
	out := &writing{folder: p.Name, to: w, out: bufio.NewWriterSize(w, 1<<20), sources: sources, digests: digests}
	out.derive(bagitName, []byte(bagitText))
	out.derive(infoName, infoText(log.made, log.build, digests))
	if err := out.files(ctx, upToPayload); err != nil {
		return err
	}
	if err := p.sign(out, out.lists()); err != nil {
		return err
	}
	if err := out.files(ctx, func(path string) bool { return !upToPayload(path) }); err != nil {
		return err
	}
	return out.finish()
}

// said gives what is known of each file before it is read: all of what lies in memory, size and SHA-256 of the others.
func (p Packet) said(ctx context.Context, sources map[string]opener) (map[string]digest, error) {
	digests := map[string]digest{}
	for _, f := range p.Files {
		digests[payload+f.Path] = digest{size: f.Size, sha256: f.SHA256}
	}
	for path, open := range sources {
		if _, ok := digests[path]; ok {
			continue
		}
		var err error
		if digests[path], err = copyDigest(ctx, io.Discard, open); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	return digests, nil
}

// opener gives the bytes of a file from the start.
type opener func() (io.ReadCloser, error)

func content(b []byte) opener {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }
}

// sources lists all that does not follow from something else, by path in the bag.
func (p Packet) sources() (map[string]opener, error) {
	proofs, err := proofsText(p.Proofs)
	if err != nil {
		return nil, err
	}
	s := map[string]opener{
		sealName:              content(p.Seal),
		payload + EntriesPath: content(entriesText(p.Entries)),
		payload + ProofsPath:  content(proofs),
	}
	add := func(path string, open opener) error {
		if _, taken := s[path]; taken {
			return fmt.Errorf("%w: %s is there twice", errRefused, path)
		}
		s[path] = open
		return checkPath(p.Name + "/" + path)
	}
	for _, f := range p.Files {
		if err := add(payload+f.Path, f.Open); err != nil {
			return nil, err
		}
	}
	for _, stamp := range p.Stamps {
		if !strings.HasSuffix(stamp.Name, stampExt) || strings.Contains(stamp.Name, "/") {
			return nil, fmt.Errorf("%w: %q is not the name of a time stamp", errRefused, stamp.Name)
		}
		if err := add(stamp.Name, content(stamp.Reply)); err != nil {
			return nil, err
		}
	}
	if bad := clashes(slices.Sorted(maps.Keys(s))); len(bad) > 0 {
		return nil, fmt.Errorf("%w: %w: %s differs from another name in case alone", errRefused, errPath, bad[0])
	}
	return s, nil
}

// follow has the files tell Progress as they are read.
func (p Packet) follow(sources map[string]opener) {
	if p.Progress == nil {
		return
	}
	var done, total int64
	for _, f := range p.Files {
		total += f.Size
	}
	for _, f := range p.Files {
		sources[payload+f.Path] = func() (io.ReadCloser, error) {
			r, err := f.Open()
			if err != nil {
				return nil, err
			}
			return followed{r, func(n int) { done += int64(n); p.Progress(done, total) }}, nil
		}
	}
}

// followed tells of each reading.
type followed struct {
	io.ReadCloser
	told func(n int)
}

// Read implements io.Reader.
func (f followed) Read(b []byte) (int, error) {
	n, err := f.ReadCloser.Read(b)
	f.told(n)
	return n, err
}

// checkLog runs the checks of Verify that concern the log and what it says about the payload.
func (p Packet) checkLog(digests map[string]digest) (*record, error) {
	proofs, err := proofsText(p.Proofs)
	if err != nil {
		return nil, err
	}
	log, found := readLog(entriesText(p.Entries), proofs, p.Seal)
	c := &check{log: log, digests: digests, report: &Report{}, all: found}
	for _, step := range []func(context.Context) error{c.payload, c.exhibits, c.papers} {
		if err := step(context.Background()); err != nil {
			return nil, err
		}
	}
	if log.built && log.made.Name != p.Name {
		c.found(packetName, "", "name", log.made.Name, p.Name)
	}
	if c.all.len() > 0 {
		f := c.all.list[0]
		return nil, fmt.Errorf("%w: %s: %s: %s (want %s, got %s; %d findings)",
			errRefused, f.Code, f.File, f.Problem, f.Want, f.Got, c.all.len())
	}
	return log, nil
}

// writing is a ZIP under way. Its files are written in the order of their names: what follows from the payload comes after it.
type writing struct {
	folder  string
	to      Target
	out     *bufio.Writer
	sources map[string]opener
	digests map[string]digest
	written []string
}

// derive adds a file that follows from others.
func (w *writing) derive(path string, text []byte) {
	w.sources[path] = content(text)
	d, err := digestOf(context.Background(), bytes.NewReader(text))
	if err != nil {
		panic("packet: reading memory: " + err.Error())
	}
	w.digests[path] = d
}

// lists adds the manifests, once the payload is written, and gives the list of the tag files.
func (w *writing) lists() []byte {
	w.derive(manifest256Name, manifestText(manifest(w.digests, isPayload, hash256)))
	w.derive(manifest512Name, manifestText(manifest(w.digests, isPayload, hash512)))
	list := manifestText(manifest(w.digests, isTag, hash256))
	w.derive(tagManifestName, list)
	return list
}

// upToPayload reports whether a file stands in front of what follows from the payload.
func upToPayload(path string) bool { return path == bagitName || path == infoName || isPayload(path) }

// files writes those files that belong.
func (w *writing) files(ctx context.Context, belongs func(path string) bool) error {
	for _, path := range slices.Sorted(maps.Keys(w.sources)) {
		if !belongs(path) {
			continue
		}
		if err := w.file(ctx, path); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		w.written = append(w.written, path)
	}
	return nil
}

func (w *writing) file(ctx context.Context, path string) error {
	if _, err := w.out.Write(w.member(path).local()); err != nil {
		return err
	}
	want := w.digests[path]
	got, err := copyDigest(ctx, w.out, w.sources[path])
	if err != nil {
		return err
	}
	if got.size != want.size || got.sha256 != want.sha256 {
		return fmt.Errorf("%w: it is said to be %s and is %s", errRefused, seen(want), seen(got))
	}
	w.digests[path] = got
	return nil
}

func (w *writing) member(path string) member {
	return member{w.folder + "/" + path, w.digests[path].size, w.digests[path].crc}
}

// finish writes the directory, and the headers with the checksums that are known by now.
func (w *writing) finish() error {
	members := make([]member, len(w.written))
	for i, path := range w.written {
		members[i] = w.member(path)
	}
	pieces, _, _ := layout(members)
	for _, piece := range pieces[len(members):] {
		if _, err := w.out.Write(piece.bytes); err != nil {
			return err
		}
	}
	if err := w.out.Flush(); err != nil {
		return err
	}
	for _, header := range pieces[:len(members)] {
		if _, err := w.to.WriteAt(header.bytes, header.offset); err != nil {
			return err
		}
	}
	return nil
}
