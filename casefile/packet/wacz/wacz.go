// Package wacz judges a WACZ (Web Archive Collection Zipped 1.1.1) by itself: whether everything that it says about
// itself holds. It knows neither the program that wrote it nor the case that it comes from.
//
// What is checked: the ZIP has each name once, nothing between or behind its files, and its two descriptions of each
// file agree; datapackage-digest.json gives the hash of datapackage.json, which gives size and hash of every other
// file; every gzip member of every WARC holds one whole record with the block and payload digests that it states; the
// lines of the index and the responses and resources of the WARCs are the same list, by offset, length, address, time
// and digest. A changed byte anywhere is found. ZIP64 (4 GiB and more) is not read: such a file is reported as damaged.
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

// maxFindings bounds the report of a file that is wrong throughout.
const maxFindings = 1000

// Verify reports what does not hold in the WACZ of size bytes; nothing is a sound WACZ. The error is for what could not be
// read or was cancelled, never for what the file says. Memory is bounded by the number of records, not by their size.
func Verify(ctx context.Context, r io.ReaderAt, size int64) ([]Finding, error) {
	src := &source{ctx: ctx, r: r}
	c := &check{src: src}
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
}

func (c *check) report(f Finding) {
	if len(c.findings) < maxFindings {
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
func (c *check) content(e entry) io.Reader { return e.open(c.src) }
