package packet

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
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
	// Signature checks that der is a detached signature over content. Nil: a signature is reported as not checked.
	Signature func(content, der []byte) (SignatureInfo, error)
	// Progress tells how many of the packet's bytes have been read; may be nil.
	Progress func(done, total int64)
	// Now tells whether a certificate has ended since it stamped; nil is time.Now.
	Now func() time.Time
	// Key is the log's public key, or its fingerprint, if it is known from elsewhere (a receipt, an earlier packet); else empty.
	Key string
	// Known are the keys that a person has added on this machine.
	Known []KnownKey
	// Seal is a seal of the log that was kept elsewhere (a paper, another packet); nil: none.
	Seal []byte
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
	return guarded(func() (*Report, error) {
		b, found, err := openZIP(r, size)
		if err != nil {
			return nil, err
		}
		if !b.packet() && !slices.ContainsFunc(found.list, func(f Finding) bool { return f.Code == zipMethod }) {
			traced, err := traces(r, size)
			if err != nil {
				return nil, err
			}
			if !traced {
				found = findings{} // nothing is damaged: it never was one
			}
		}
		return verify(ctx, b, found, o)
	})
}

// guarded makes a finding of a panic: whatever a packet holds, its reader gets an answer, and that answer is not that it is whole.
func guarded(read func() (*Report, error)) (report *Report, err error) {
	defer func() {
		if r := recover(); r != nil {
			report, err = blank(bag{}), nil
			report.Findings = []Finding{{Code: CheckBroken, Problem: cut(fmt.Sprintf("the check ended: %v", r), maxSaid)}}
		}
	}()
	return read()
}

// blank is a report in which nothing stands yet.
func blank(b bag) *Report {
	return &Report{Name: b.name, Files: len(b.files), Exhibits: []string{}, Stamps: []StampInfo{}, Findings: []Finding{}, Notes: []Finding{}, Unchecked: []Finding{}}
}

// traces reports whether the bytes are those of a ZIP that had a file of a packet in it, however damaged.
func traces(r io.ReaderAt, size int64) (bool, error) {
	const part, longest = 1 << 20, 64
	zipped, named := false, false
	for at := int64(0); at < size && !(zipped && named); at += part {
		b := make([]byte, min(part+longest, size-at))
		if err := readAt(r, b, at); err != nil {
			return false, fmt.Errorf("packet: %w", err)
		}
		for _, sign := range []string{"PK\x03\x04", "PK\x01\x02", "PK\x05\x06"} {
			zipped = zipped || bytes.Contains(b, []byte(sign))
		}
		for _, name := range append(ownNames, payload+EntriesPath) {
			named = named || bytes.Contains(b, []byte("/"+name)) || bytes.Contains(b, []byte(`\`+name))
		}
	}
	return zipped && named, nil
}

func verifyDir(ctx context.Context, path string, o Options) (*Report, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("packet: %w", err)
	}
	defer root.Close()
	return guarded(func() (*Report, error) {
		b, found, err := openDir(root)
		if err != nil {
			return nil, err
		}
		return verify(ctx, b, found, o)
	})
}

// check is one check under way.
type check struct {
	bag     bag
	options Options
	report  *Report
	digests map[string]digest // by path in the bag
	log     *record
	large   map[string]bool     // files that were told of for their size
	missing map[string][]string // files by exhibit, once somebody has asked

	all, notes, open findings
}

func verify(ctx context.Context, b bag, found findings, o Options) (*Report, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	c := &check{bag: b, options: o, digests: map[string]digest{}, log: &record{}, large: map[string]bool{}, report: blank(b), all: found}
	if !c.present() {
		return c.told(c.all.list), nil
	}
	steps := []func(context.Context) error{
		c.digest, c.readLog, c.whose, c.setAside, c.paths, c.manifests, c.tags, c.payload, c.exhibits, c.papers, c.targets, c.archives, c.stamps, c.stamped, c.signature, c.form,
	}
	for _, step := range steps {
		err := step(ctx)
		if misplaced(err) {
			c.found(ZIPForm, "", err.Error(), "", "")
			return c.told(c.all.list), nil
		}
		if err != nil {
			return nil, fmt.Errorf("packet %s: %w", c.report.Name, err)
		}
	}
	w, err := c.witnesses(ctx)
	if err != nil {
		return nil, fmt.Errorf("packet %s: %w", c.report.Name, err)
	}
	return c.told(causes(c.all.list, w)), ctx.Err()
}

// misplaced reports whether a member is not where the directory says: the bytes are at fault, not this machine.
func misplaced(err error) bool {
	return errors.Is(err, zip.ErrFormat) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// told is the report with all that was found.
func (c *check) told(found []Finding) *Report {
	r := c.report
	if len(found) > 0 { // that contents are equal is said of no packet that does not match
		c.notes.list = slices.DeleteFunc(c.notes.list, func(f Finding) bool { return f.Code == ZIPRepacked })
	}
	r.Findings, r.Notes, r.Unchecked = append(r.Findings, found...), append(r.Notes, c.notes.list...), append(r.Unchecked, c.open.list...)
	c.all.join(findings{more: c.notes.more})
	c.all.join(findings{more: c.open.more})
	r.More = c.all.more
	for _, path := range c.sorted() {
		r.hashes = append(r.hashes, FileHash{path, c.digests[path].size, c.digests[path].sha256})
	}
	return r
}

// present reports whether there is anything of a packet; if not, it says so once.
func (c *check) present() bool {
	if c.bag.packet() {
		return true
	}
	if c.all.len() == 0 {
		var names []string
		for _, f := range c.bag.files {
			if strings.HasSuffix(strings.ToLower(f.path), ".zip") {
				names = append(names, strings.TrimPrefix(f.path, outside))
			}
		}
		c.found(PacketAbsent, "", "no file of a packet is there", bagitName, strings.Join(names, ", "))
	}
	return false
}

// form notes what is another form of the same contents.
func (c *check) form(context.Context) error {
	if c.bag.repacked != "" {
		c.note(ZIPRepacked, "", c.bag.repacked)
	}
	if c.bag.renamed > 0 {
		c.note(namesForm, "", fmt.Sprintf("%d names are not in Unicode form NFC", c.bag.renamed))
	}
	return nil
}

// found reports what does not match; against are the files that file was held against.
func (c *check) found(code Code, file, problem, want, got string, against ...string) {
	c.all.add(Finding{Code: code, File: file, Problem: problem, Want: want, Got: got, against: against})
}

func (c *check) note(code Code, file, problem string) {
	c.notes.add(Finding{Code: code, File: file, Problem: problem})
}

func (c *check) unchecked(code Code, file, problem string) {
	c.open.add(Finding{Code: code, File: file, Problem: problem})
}

// sorted lists the files of the bag.
func (c *check) sorted() []string { return slices.Sorted(maps.Keys(c.digests)) }

func (c *check) paths(context.Context) error {
	var all []string
	for _, f := range c.bag.files {
		if other, beside := strings.CutPrefix(f.path, outside); beside && c.bag.repacked != "" {
			c.found(fileAdded, f.path, "lies beside the packet: "+other, "", c.digests[f.path].sha256)
			continue
		}
		if len(f.path) <= maxName { // a folder may hold longer ones; they are unsafe already
			all = append(all, f.path)
		}
		if err := checkPath(f.path); err != nil {
			c.found(pathUnsafe, f.path, err.Error(), "", "")
		}
	}
	for _, path := range clashes(all) {
		c.found(pathClash, path, "another name differs in case alone, or is its folder", "", "")
	}
	return nil
}

func (c *check) digest(ctx context.Context) error {
	var total int64
	for _, f := range c.bag.files {
		total += f.size
	}
	told := c.options.Progress
	if told == nil {
		told = func(int64, int64) {}
	}
	for _, f := range c.bag.files {
		told(c.report.Bytes, total)
		d, err := f.digest(ctx)
		if damaged(err) {
			c.found(zipChecksum, f.path, "cannot be unpacked: "+err.Error(), "", "")
		} else if err != nil {
			return fmt.Errorf("%s: %w", f.path, err)
		}
		c.digests[f.path] = d
		c.report.Bytes += d.size
		if f.crc != nil && *f.crc != d.crc {
			c.found(zipChecksum, f.path, "CRC-32 in the ZIP", fmt.Sprintf("%08x", *f.crc), fmt.Sprintf("%08x", d.crc))
		}
	}
	told(total, total)
	return nil
}

// text reads the whole file; nil if it is not there.
func (c *check) text(path string) ([]byte, error) {
	for _, f := range c.bag.files {
		if f.path != path {
			continue
		}
		if most := maxText(path); f.size > most {
			if !c.large[path] {
				c.found(tooLarge, path, "longer than such a file may be; it was not read", fmt.Sprintf("at most %d bytes", most), fmt.Sprintf("%d bytes", f.size))
			}
			c.large[path] = true
			return nil, nil
		}
		r, err := f.open()
		if err != nil {
			return nil, fmt.Errorf("packet: %w", err)
		}
		defer r.Close()
		b, err := io.ReadAll(io.NewSectionReader(r, 0, f.size))
		if err != nil {
			return nil, fmt.Errorf("packet: %s: %w", path, err)
		}
		return b, nil
	}
	return nil, nil
}

// absent reports a file of every packet that is not there. One that is too long has been told of.
func (c *check) absent(path string) {
	if !c.large[path] {
		c.found(FileMissing, path, "is not there", "", "")
	}
}

// readLog reads the log and says what it says in the report.
func (c *check) readLog(context.Context) error {
	var texts [3][]byte
	for i, path := range []string{payload + EntriesPath, payload + ProofsPath, sealName} {
		text, err := c.text(path)
		if err != nil {
			return err
		}
		if text == nil {
			c.absent(path)
		}
		texts[i] = text
	}
	var found findings
	c.log, found = readLog(texts[0], texts[1], texts[2])
	c.all.join(found)
	r := c.report
	r.Entries, r.Key, r.Origin, r.SealSize = len(c.log.entries), c.log.key, c.log.seal.Origin, c.log.seal.Size
	r.Left = max(0, r.SealSize-int64(r.Entries))
	if r.SealSize > 0 {
		r.Root = c.log.seal.Root.String()
	}
	if !slices.Contains([]string{"", c.log.key, custody.Fingerprint(c.log.key)}, c.options.Key) {
		c.found(KeyOther, payload+EntriesPath, "the log has another key than the expected one", c.options.Key, c.log.key)
	}
	if c.log.built {
		r.Built, r.Operator, r.LeftOut = c.log.build.Time.Time, c.log.build.Operator, c.log.made.LeftOut
		if c.bag.name != "" && c.bag.name != c.log.made.Name {
			c.found(packetName, "", "name of the packet's folder", c.log.made.Name, c.bag.name, payload+EntriesPath)
		}
		r.Name = c.log.made.Name
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
		if count++; count > maxStamps {
			c.unchecked(stampUnchecked, f.path, fmt.Sprintf("only %d time stamps are looked at", maxStamps))
			continue
		}
		reply, err := c.text(f.path)
		if err != nil {
			return err
		}
		if reply != nil {
			c.stamp(f.path, seal, reply)
		}
	}
	if count == 0 {
		c.unchecked(stampAbsent, sealName, "no time stamp came with the seal")
	}
	return nil
}

func (c *check) stamp(path string, seal, reply []byte) {
	if c.options.Stamp == nil {
		c.unchecked(stampUnchecked, path, "time stamps were not checked")
		return
	}
	info, err := c.options.Stamp(seal, reply)
	if err != nil {
		c.found(stampInvalid, path, err.Error(), "", "", sealName)
		return
	}
	info.File = path
	if info.Trusted && !info.Until.IsZero() && info.Until.Before(c.options.Now()) {
		c.note(StampExpired, path, fmt.Sprintf("the authority's certificate was valid at %s and ended at %s; openssl ts -verify needs -attime %d",
			info.Time.UTC().Format(time.RFC3339), info.Until.UTC().Format(time.RFC3339), info.Time.Unix()))
	}
	c.report.Stamps = append(c.report.Stamps, info)
	if !info.Trusted {
		c.unchecked(stampUntrusted, path, "by an authority that is not trusted here, which anybody can make: "+info.Signer)
	}
	for _, e := range c.log.entries {
		if info.Time.Before(e.Time.Add(-clockTolerance)) {
			c.found(stampEarly, path, fmt.Sprintf("older than entry %d, which it covers", e.Number), "after "+e.Time.String(), info.Time.UTC().Format(time.RFC3339), payload+EntriesPath)
			return
		}
	}
}
