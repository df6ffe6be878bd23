package packet

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"yuzheng/casefile/evidence"
)

// errRefused is wrapped by the error for a packet that Verify would not find whole.
var errRefused = errors.New("packet is not written")

// Write writes p to w as a ZIP. Every file is read twice: once to learn its hashes, once to write it; nothing is
// kept on disk in between. A file whose bytes are not what p says, a name that is not safe, an entry that does not
// lie under the seal: the packet is refused before the first byte is written, or fails when a file changes meanwhile.
func Write(ctx context.Context, w io.Writer, p Packet) error {
	sources, err := p.sources()
	if err != nil {
		return fmt.Errorf("packet %s: %w", p.Name, err)
	}
	digests := map[string]digest{}
	p.follow(sources)
	for path, open := range sources {
		if digests[path], err = digestSource(ctx, open); err != nil {
			return fmt.Errorf("packet %s: %s: %w", p.Name, path, err)
		}
	}
	if err := p.checkFiles(digests); err != nil {
		return fmt.Errorf("packet %s: %w", p.Name, err)
	}
	log, err := p.checkLog(digests)
	if err != nil {
		return fmt.Errorf("packet %s: %w", p.Name, err)
	}
	if err := p.sign(sources, digests, log, addTags(sources, digests, log)); err != nil {
		return fmt.Errorf("packet %s: %w", p.Name, err)
	}
	if err := stream(ctx, w, p.Name, sources, digests); err != nil {
		return fmt.Errorf("packet %s: %w", p.Name, err)
	}
	return nil
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
		total += 2 * f.Size
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

func digestSource(ctx context.Context, open opener) (digest, error) {
	r, err := open()
	if err != nil {
		return digest{}, err
	}
	d, err := digestOf(ctx, r)
	return d, errors.Join(err, r.Close())
}

func (p Packet) checkFiles(digests map[string]digest) error {
	for _, f := range p.Files {
		want := vouched(evidence.Artifact{Size: f.Size, SHA256: f.SHA256})
		if got := seen(digests[payload+f.Path]); got != want {
			return fmt.Errorf("%w: %s is said to be %s and is %s", errRefused, f.Path, want, got)
		}
	}
	return nil
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

// addTags adds the tag files that follow from the rest, and gives the list of them.
func addTags(sources map[string]opener, digests map[string]digest, log *record) (list []byte) {
	add := func(path string, text []byte) { addTag(sources, digests, path, text) }
	add(bagitName, []byte(bagitText))
	add(infoName, infoText(log.made, log.build, digests))
	add(manifest256Name, manifestText(manifest(digests, isPayload, hash256)))
	add(manifest512Name, manifestText(manifest(digests, isPayload, hash512)))
	list = manifestText(manifest(digests, isTag, hash256))
	add(tagManifestName, list)
	return list
}

func addTag(sources map[string]opener, digests map[string]digest, path string, text []byte) {
	sources[path] = content(text)
	d, err := digestOf(context.Background(), bytes.NewReader(text))
	if err != nil {
		panic("packet: reading memory: " + err.Error())
	}
	digests[path] = d
}

// stream writes the ZIP and sees to it that the bytes are those that were hashed.
func stream(ctx context.Context, w io.Writer, folder string, sources map[string]opener, digests map[string]digest) error {
	paths := slices.Sorted(maps.Keys(sources))
	members := make([]member, len(paths))
	for i, path := range paths {
		members[i] = member{folder + "/" + path, digests[path].size, digests[path].crc}
	}
	pieces, _, _ := layout(members)
	out := bufio.NewWriterSize(w, 1<<20)
	for i, piece := range pieces {
		if _, err := out.Write(piece.bytes); err != nil {
			return err
		}
		if i >= len(paths) {
			continue
		}
		if err := copySame(ctx, out, sources[paths[i]], digests[paths[i]]); err != nil {
			return fmt.Errorf("%s: %w", paths[i], err)
		}
	}
	return out.Flush()
}

// copySame copies a file that was hashed before, and fails if it is another one now.
func copySame(ctx context.Context, w io.Writer, open opener, before digest) error {
	r, err := open()
	if err != nil {
		return err
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, h), ctxReader{ctx, r})
	if err = errors.Join(err, r.Close()); err != nil {
		return err
	}
	if n != before.size || hex.EncodeToString(h.Sum(nil)) != before.sha256 {
		return errors.New("changed while it was written")
	}
	return nil
}
