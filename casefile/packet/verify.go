package packet

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"yuzheng/casefile/custody"
)

// Options says what a check may use beside the packet.
type Options struct {
	// Stamp checks that reply is a time stamp over message. Nil: stamps are reported as not checked.
	Stamp func(message, reply []byte) (StampInfo, error)
	// Key is the log's public key if it is known from elsewhere (a receipt, an earlier packet); else empty.
	Key string
}

// Verify checks the packet at path, a ZIP or the folder that it was unpacked into. The error tells that it could not
// be read; everything that is wrong with what was read stands in the report.
func Verify(ctx context.Context, path string, o Options) (*Report, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("packet: %w", err)
	}
	if info.IsDir() {
		return verifyDir(ctx, path, o)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("packet: %w", err)
	}
	defer f.Close()
	return VerifyZIP(ctx, f, info.Size(), o)
}

// VerifyZIP checks a packet of size bytes.
func VerifyZIP(ctx context.Context, r io.ReaderAt, size int64, o Options) (*Report, error) {
	b, found, err := openZIP(r, size)
	if err != nil {
		return nil, err
	}
	return verify(ctx, b, found, o)
}

func verifyDir(ctx context.Context, path string, o Options) (*Report, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("packet: %w", err)
	}
	defer root.Close()
	b, found, err := openDir(root)
	if err != nil {
		return nil, err
	}
	return verify(ctx, b, found, o)
}

// check is one check under way.
type check struct {
	bag     bag
	options Options
	report  *Report
	digests map[string]digest // by path in the bag
	log     *record
}

func verify(ctx context.Context, b bag, found []Finding, o Options) (*Report, error) {
	c := &check{bag: b, options: o, digests: map[string]digest{}, report: &Report{
		Name: b.name, Files: len(b.files), Exhibits: []string{}, Stamps: []StampInfo{}, Findings: found, Unchecked: []Finding{},
	}}
	if len(b.files) == 0 {
		if len(found) == 0 {
			c.found(FileMissing, bagitName, "nothing is there", "", "")
		}
		return c.report, nil
	}
	c.paths()
	if err := c.digest(ctx); err != nil {
		return nil, err
	}
	if err := c.readLog(); err != nil {
		return nil, err
	}
	steps := []func(context.Context) error{c.manifests, c.tags, c.payload, c.exhibits, c.papers, c.targets, c.archives, c.stamps}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return nil, fmt.Errorf("packet %s: %w", c.report.Name, err)
		}
	}
	return c.report, ctx.Err()
}

func (c *check) found(code Code, file, problem, want, got string) {
	c.report.Findings = append(c.report.Findings, Finding{code, file, problem, want, got})
}

func (c *check) unchecked(code Code, file, problem string) {
	c.report.Unchecked = append(c.report.Unchecked, Finding{Code: code, File: file, Problem: problem})
}

// sorted lists the files of the bag.
func (c *check) sorted() []string { return slices.Sorted(maps.Keys(c.digests)) }

func (c *check) paths() {
	var all []string
	for _, f := range c.bag.files {
		all = append(all, f.path)
		if err := CheckPath(f.path); err != nil {
			c.found(PathUnsafe, f.path, err.Error(), "", "")
		}
	}
	for _, path := range clashes(all) {
		c.found(PathClash, path, "another name differs in case alone, or is its folder", "", "")
	}
}

func (c *check) digest(ctx context.Context) error {
	for _, f := range c.bag.files {
		d, err := f.digest(ctx)
		if err != nil {
			return fmt.Errorf("packet: %s: %w", f.path, err)
		}
		c.digests[f.path] = d
		c.report.Bytes += d.size
		if f.crc != nil && *f.crc != d.crc {
			c.found(ZIPChecksum, f.path, "CRC-32 in the ZIP", fmt.Sprintf("%08x", *f.crc), fmt.Sprintf("%08x", d.crc))
		}
	}
	return nil
}

// maxText bounds a file that is read as a whole.
const maxText = 512 << 20

// text reads the whole file; nil if it is not there.
func (c *check) text(path string) ([]byte, error) {
	for _, f := range c.bag.files {
		if f.path != path || f.size > maxText {
			continue
		}
		r, err := f.open()
		if err != nil {
			return nil, fmt.Errorf("packet: %w", err)
		}
		defer r.Close()
		b := make([]byte, f.size)
		if err := readAt(r, b, 0); err != nil {
			return nil, fmt.Errorf("packet: %s: %w", path, err)
		}
		return b, nil
	}
	return nil, nil
}

// readLog reads the log and says what it says in the report.
func (c *check) readLog() error {
	var texts [3][]byte
	for i, path := range []string{payload + EntriesPath, payload + ProofsPath, sealName} {
		text, err := c.text(path)
		if err != nil {
			return err
		}
		if text == nil {
			c.found(FileMissing, path, "is not there", "", "")
		}
		texts[i] = text
	}
	var found []Finding
	c.log, found = readLog(texts[0], texts[1], texts[2])
	c.report.Findings = append(c.report.Findings, found...)
	r := c.report
	r.Entries, r.Key, r.Origin, r.SealSize = len(c.log.entries), c.log.key, c.log.seal.Origin, c.log.seal.Size
	if r.SealSize > 0 {
		r.Root = c.log.seal.Root.String()
	}
	if c.options.Key != "" && c.options.Key != c.log.key {
		c.found(KeyOther, payload+EntriesPath, "the log has another key than the expected one", c.options.Key, c.log.key)
	}
	if c.log.built {
		r.Built, r.Operator, r.LeftOut = c.log.build.Time.Time, c.log.build.Operator, c.log.made.LeftOut
		if c.bag.name != "" && c.bag.name != c.log.made.Name {
			c.found(PacketName, "", "name of the packet's folder", c.log.made.Name, c.bag.name)
		}
		r.Name = c.log.made.Name
	}
	return nil
}

// manifests holds the manifests against the files.
func (c *check) manifests(context.Context) error {
	for _, m := range []struct {
		name    string
		belongs func(string) bool
		hash    func(digest) string
	}{
		{manifest256Name, isPayload, hash256},
		{manifest512Name, isPayload, hash512},
		{tagManifestName, isTag, hash256},
	} {
		text, err := c.text(m.name)
		if err != nil {
			return err
		}
		if text == nil {
			c.found(FileMissing, m.name, "is not there", "", "")
			continue
		}
		c.manifest(m.name, text, manifest(c.digests, m.belongs, m.hash))
	}
	return nil
}

func (c *check) manifest(name string, text []byte, actual []line) {
	if bytes.Equal(text, manifestText(actual)) {
		return
	}
	listed, err := parseManifest(text)
	if err != nil {
		c.found(ManifestForm, name, err.Error(), "", "")
		return
	}
	want, got := map[string]string{}, map[string]string{}
	for _, l := range listed {
		want[l.path] = l.hash
	}
	for _, l := range actual {
		got[l.path] = l.hash
		if h, ok := want[l.path]; !ok {
			c.found(FileAdded, l.path, "not listed in "+name, "", l.hash)
		} else if h != l.hash {
			c.found(ManifestDiffer, l.path, "other hash in "+name, h, l.hash)
		}
	}
	for _, l := range listed {
		if _, ok := got[l.path]; !ok {
			c.found(FileMissing, l.path, "listed in "+name, l.hash, "")
		}
	}
}

// tags checks that the tag files are those that follow from the log, and that there are no others.
func (c *check) tags(context.Context) error {
	for _, path := range c.sorted() {
		stamp := strings.HasSuffix(path, stampExt) && !strings.Contains(path, "/")
		known := slices.Contains([]string{bagitName, infoName, manifest256Name, manifest512Name, tagManifestName, sealName}, path)
		if !isPayload(path) && !known && !stamp {
			c.found(FileAdded, path, "not a file of a packet", "", c.digests[path].sha256)
		}
	}
	if err := c.tag(bagitName, []byte(bagitText)); err != nil || !c.log.built {
		return err
	}
	return c.tag(infoName, infoText(c.log.made, c.log.build, c.digests))
}

func (c *check) tag(path string, want []byte) error {
	got, err := c.text(path)
	if err != nil {
		return err
	}
	if !bytes.Equal(got, want) {
		c.found(BagForm, path, "not the text that follows from the log", string(want), string(got))
	}
	return nil
}

// payload checks that the payload is what the entry packet.build lists.
func (c *check) payload(context.Context) error {
	if !c.log.built {
		return nil
	}
	listed := map[string]bool{payload + EntriesPath: true, payload + ProofsPath: true}
	for _, a := range c.log.build.Artifacts {
		path := payload + a.Name
		listed[path] = true
		if d, there := c.digests[path]; !there {
			c.found(FileMissing, path, fmt.Sprintf("listed in entry %d", c.log.build.Number), a.SHA256, "")
		} else if d.sha256 != a.SHA256 || d.size != a.Size {
			c.found(FileChanged, path, fmt.Sprintf("other bytes than in entry %d", c.log.build.Number), vouched(a), seen(d))
		}
	}
	for _, path := range c.sorted() {
		if isPayload(path) && !listed[path] {
			c.found(FileAdded, path, fmt.Sprintf("not listed in entry %d", c.log.build.Number), "", c.digests[path].sha256)
		}
	}
	return nil
}

func vouched(a custody.Artifact) string { return fmt.Sprintf("%s (%d bytes)", a.SHA256, a.Size) }

func seen(d digest) string { return fmt.Sprintf("%s (%d bytes)", d.sha256, d.size) }

// papers checks that each rendered paper is the one that was approved. The newest rendering counts.
func (c *check) papers(context.Context) error {
	newest := map[string]custody.Artifact{}
	for _, e := range c.log.entries {
		if e.Action == custody.DocumentRender {
			for _, a := range e.Artifacts {
				newest[payload+a.Name] = a
			}
		}
	}
	for _, path := range slices.Sorted(maps.Keys(newest)) {
		a := newest[path]
		if d, there := c.digests[path]; !there {
			c.found(PaperMissing, path, "rendered for this packet", a.SHA256, "")
		} else if d.sha256 != a.SHA256 || d.size != a.Size {
			c.found(PaperChanged, path, "not the paper that was rendered", vouched(a), seen(d))
		}
	}
	return nil
}

// clockTolerance is how far the clocks of operator and time-stamp authority may be apart.
const clockTolerance = 5 * time.Minute

func (c *check) stamps(context.Context) error {
	seal, err := c.text(sealName)
	if err != nil {
		return err
	}
	count := 0
	for _, f := range c.bag.files {
		if !strings.HasSuffix(f.path, stampExt) || strings.Contains(f.path, "/") {
			continue
		}
		count++
		reply, err := c.text(f.path)
		if err != nil {
			return err
		}
		c.stamp(f.path, seal, reply)
	}
	if count == 0 {
		c.unchecked(StampAbsent, sealName, "no time stamp came with the seal")
	}
	return nil
}

func (c *check) stamp(path string, seal, reply []byte) {
	if c.options.Stamp == nil {
		c.unchecked(StampUnchecked, path, "time stamps were not checked")
		return
	}
	info, err := c.options.Stamp(seal, reply)
	if err != nil {
		c.found(StampInvalid, path, err.Error(), "", "")
		return
	}
	info.File = path
	c.report.Stamps = append(c.report.Stamps, info)
	if !info.Trusted {
		c.unchecked(StampUntrusted, path, "sound, but its authority is not known here: "+info.Signer)
	}
	for _, e := range c.log.entries {
		if info.Time.Before(e.Time.Add(-clockTolerance)) {
			c.found(StampEarly, path, fmt.Sprintf("older than entry %d, which it covers", e.Number), "after "+e.Time.String(), info.Time.UTC().Format(time.RFC3339))
			return
		}
	}
}
