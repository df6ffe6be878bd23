// Package wacz judges a WACZ (Web Archive Collection Zipped 1.1.1) by itself: whether everything that it says about
// itself holds. It knows neither the program that wrote it nor the case that it comes from.
//
// What is checked: the ZIP has each name once, nothing between or behind its files, and its two descriptions of each
// file agree; datapackage-digest.json gives the hash of datapackage.json, which gives size and hash of every other
// file; every gzip member of every WARC holds one whole record with the block and payload digests that it states; the
// lines of the index and the responses and resources of the WARCs are the same list, by offset, length, address, time
// and digest. A changed byte anywhere is found. ZIP64 (4 GiB and more) is not read: such a file is reported as damaged.
//
// The ZIP is read by hand, because archive/zip believes the directory. Of local headers it reads two lengths, of descriptors
// the checksum; it passes over what stands before the first file, and tells neither disk numbers nor internal attributes. So one
// bit in seven of the WACZ of the tests can be another without its telling (TestArchiveZipSeesLess), and a ZIP could say one
// thing to it and another to a program that reads from the beginning. What it leaves out is nearly all that zip.go does.
package wacz

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Finding is one thing that does not hold.
type Finding struct {
	File    string // inside the WACZ; empty is the ZIP itself
	Problem string // English, for the expert
	Want    string // what the WACZ states, where that helps
	Got     string // what is there
}

// String is the finding on one line.
func (f Finding) String() string {
	s := f.Problem
	if f.File != "" {
		s = f.File + ": " + s
	}
	if f.Want != "" || f.Got != "" {
		s += fmt.Sprintf(" (stated %q, found %q)", f.Want, f.Got)
	}
	return s
}

// Bounds on what a WACZ may come to, far above what a page does.
const (
	maxFindings  = 1000
	maxSaid      = 1024 // bytes of one text in a finding
	maxRecords   = 1 << 19
	maxLines     = 2 * maxRecords // of an index
	maxKept      = 64 << 20       // bytes of what records say of themselves, kept for the index
	freeUnpacked = 256 << 20      // bytes; and maxRatio for each byte of the WACZ
	maxRatio     = 200
)

// errUnpacked ends a WACZ that is packed to fill whoever unpacks it.
var errUnpacked = errors.New("unpacks to far more than it is")

// Verify reports what does not hold in the WACZ of size bytes; nothing is a sound WACZ. The error is for what could not be
// read or was cancelled, never for what the file says. Memory is bounded whatever it holds.
func Verify(ctx context.Context, r io.ReaderAt, size int64) ([]Finding, error) {
	src := &source{ctx: ctx, r: r}
	c := &check{src: src, left: freeUnpacked + maxRatio*size}
	c.run(size)
	if src.err != nil {
		return nil, fmt.Errorf("wacz: %w", src.err)
	}
	if len(c.findings) == 0 && c.stop != nil {
		c.report(Finding{Problem: c.stop.Error()})
	}
	return c.findings, nil
}

// source reads and remembers an error that is not the file's fault.
type source struct {
	ctx context.Context // the one call's own
	r   io.ReaderAt
	err error
}

// ReadAt implements io.ReaderAt.
func (s *source) ReadAt(p []byte, off int64) (int, error) {
	if err := s.ctx.Err(); err != nil {
		s.err = err
		return 0, err
	}
	n, err := s.r.ReadAt(p, off)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// check is one verification on its way.
type check struct {
	src      *source
	entries  []entry
	records  map[place]*recordInfo
	findings []Finding
	stop     error
	kept     int   // bytes of the records
	left     int64 // bytes that may still be unpacked
}

func (c *check) report(f Finding) {
	if len(c.findings) < maxFindings {
		f = Finding{cut(f.File), cut(f.Problem), cut(f.Want), cut(f.Got)}
		c.findings = append(c.findings, f)
	}
}

func (c *check) run(size int64) {
	c.entries, c.stop = c.layout(size)
	if c.stop != nil {
		return
	}
	c.description()
	c.records = map[place]*recordInfo{}
	archives := 0
	for _, e := range c.entries {
		if strings.HasPrefix(e.name, "archive/") {
			archives++
			c.warc(e)
		}
	}
	if archives == 0 {
		c.report(Finding{Problem: "holds no archive"})
	}
	for _, e := range c.entries {
		switch {
		case strings.HasPrefix(e.name, "indexes/"):
			c.index(e)
		case strings.HasPrefix(e.name, "pages/"):
			c.pages(e)
		}
	}
	c.unindexed()
}

// content reads a file's bytes, unpacked.
func (c *check) content(e entry) io.Reader {
	if e.method == methodStore {
		return e.open(c.src)
	}
	return c.bounded(e.open(c.src))
}

// bounded takes what is unpacked from what may be.
func (c *check) bounded(r io.Reader) io.Reader { return unpacking{r, &c.left} }

type unpacking struct {
	r    io.Reader
	left *int64
}

// Read implements io.Reader.
func (u unpacking) Read(p []byte) (int, error) {
	if *u.left <= 0 {
		return 0, errUnpacked
	}
	n, err := u.r.Read(p)
	*u.left -= int64(n)
	return n, err
}

// cut shortens a text, and says so.
func cut(text string) string {
	if len(text) <= maxSaid {
		return text
	}
	return strings.ToValidUTF8(text[:maxSaid], "") + "…"
}
