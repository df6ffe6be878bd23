// Package intake reads which web addresses a text or a list holds: pasted text, the open-data lists of 165 and of the Ministry of
// Digital Affairs, saved pages, e-mails, shortcuts.
//
// It asks nobody anything and opens no address. What a list says is data: every byte of it may be wrong, huge or hostile, and no row
// of it ends the reading. In a list (a table, a JSON array, a text by lines) every row comes out exactly once: as the addresses and
// clues that it holds, each given or told as a duplicate, or as one row skipped with the reason. In a document (a page, an e-mail, a
// shortcut) only what looks like an address or a clue comes out.
package intake

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/nlnwa/whatwg-url/url"
)

// Bounds on what is read, in bytes unless said otherwise. What is beyond them is told, never silently dropped.
const (
	defaultMaxBytes = 200 << 20

	headSize  = 256 << 10 // what kind and encoding are judged by
	maxLine   = 8 << 20   // a list may stand in one line
	maxCell   = 64 << 10
	maxURL    = 8 << 10
	maxPiece  = 4 << 10 // of text around an address that is kept as its Raw, unless the address itself is longer
	maxShared = 16      // addresses that may share one Raw
	maxGiven  = 500_000 // addresses, clues and skipped rows of one file
)

// ErrKind is wrapped by Read where the input is neither a list nor a text: a picture, a workbook, a program.
var ErrKind = errors.New("neither a text nor a list that can be read")

// ErrBroken is wrapped by Read where a fault of this program, or of a library in it, ended the reading.
var ErrBroken = errors.New("the reading broke off")

// errMany ends a reading that has given all it may.
var errMany = errors.New("more than one file may hold")

// Options bound and direct a reading. The zero value is right for most.
type Options struct {
	MaxBytes int64   // of the file; 0 means defaultMaxBytes
	Columns  []Field // of a table without a telling heading: what each column means, from the left; nil to find out
}

// Receiver takes what a reading finds, in the order of the file. An error of it ends the reading and is returned as it is.
type Receiver interface {
	Address(Row) error
	Clue(Clue) error
	Skip(Skipped) error
}

// Report sums up a reading.
type Report struct {
	Schema int `json:"schema"`

	Kind       Kind           `json:"kind"`
	Dataset    Dataset        `json:"dataset,omitempty"`
	Encoding   string         `json:"encoding"`          // utf-8, utf-8 with bom, utf-16le, utf-16be, big5, the one that an HTML page names, mime for an e-mail
	Columns    []column       `json:"columns,omitempty"` // of a table or of the objects of a JSON array
	Bytes      int64          `json:"bytes"`
	Rows       int            `json:"rows"` // of a list; in a document the places where something was found
	Addresses  int            `json:"addresses"`
	RecordOnly int            `json:"record_only"` // of the addresses, those never to be opened
	Clues      int            `json:"clues"`
	Duplicates int            `json:"duplicates"`
	Hosts      int            `json:"hosts"`     // distinct
	SameHost   int            `json:"same_host"` // addresses on a host that an earlier one is on, kept
	Skipped    map[Reason]int `json:"skipped"`
	Cut        Cut            `json:"cut,omitempty"`
	CutLine    int            `json:"cut_line,omitempty"` // where the reading ended early
}

// Cut says why the rest of a file was not read.
type Cut string

// The ways in which a reading ends early; what stood before is given whole.
const (
	cutLimit     Cut = "limit"     // the file is longer than Options.MaxBytes
	cutTruncated Cut = "truncated" // the file ends in the middle of a row
	cutBroken    Cut = "broken"    // JSON that cannot be read on
	cutMany      Cut = "many"      // the file holds more addresses, clues and rows than are taken from one
)

// column is one column of a list.
type column struct {
	Header string `json:"header"`
	Field  Field  `json:"field,omitempty"` // empty if it is not used
}

// Read reads a file called name (its ending matters only where its content says too little) and gives what it holds to to. The report
// is true of what was read also when an error comes with it: one that wraps ErrKind or ErrBroken, an error of r, of ctx, or of to.
func Read(ctx context.Context, name string, r io.Reader, o Options, to Receiver) (report Report, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("read %q: %w: %v", name, ErrBroken, p)
		}
	}()
	if o.MaxBytes <= 0 {
		o.MaxBytes = defaultMaxBytes
	}
	src := &source{stopped: ctx.Err, r: r, left: o.MaxBytes}
	raw := bufio.NewReaderSize(src, headSize)
	head, _ := raw.Peek(headSize) // its error comes again, from the reading
	enc := sniffEncoding(head)
	rd := &reading{options: o, source: src, tally: newTally(ctx.Err, to), parser: url.NewParser()}
	rd.report.Encoding = enc.name
	shape, err := sniff(name, head, enc)
	if err != nil {
		return rd.report, fmt.Errorf("read %q: %w", name, err)
	}
	rd.shape, rd.report.Kind = shape, shape.kind
	if err = rd.read(raw, enc); errors.Is(err, errMany) {
		err = nil
	}
	rd.report.Bytes, rd.report.Hosts = o.MaxBytes-src.left, len(rd.hosts)
	if src.bounded {
		rd.report.Cut = cutLimit
	}
	switch {
	case src.err != nil:
		return rd.report, fmt.Errorf("read %q: %w", name, src.err)
	case err != nil:
		return rd.report, err
	}
	return rd.report, ctx.Err()
}

// reading is one call of Read.
type reading struct {
	tally
	options Options
	source  *source
	shape   shape
	parser  url.Parser
	broken  bool // the row at hand has a quote that is never closed
}

func (r *reading) read(raw *bufio.Reader, enc encoding) error {
	switch r.shape.kind {
	case kindMail:
		return r.mail(raw)
	case kindPage:
		return r.page(raw, enc)
	}
	text := enc.decode(raw)
	switch r.shape.kind {
	case kindJSON:
		return r.json(text)
	case kindTable:
		return r.csv(text)
	case kindShortcut:
		return r.shortcut(text)
	}
	return r.text(text)
}

// source is the file: bounded, and ended when stopped says so. It remembers what ended it, because a parser may take any error for the end.
type source struct {
	stopped func() error
	r       io.Reader
	left    int64
	bounded bool // there was more
	err     error
}

func (s *source) Read(p []byte) (int, error) {
	if s.err == nil {
		s.err = s.stopped()
	}
	if s.err != nil {
		return 0, s.err
	}
	if s.left == 0 {
		n, err := io.ReadFull(s.r, make([]byte, 1))
		s.bounded = s.bounded || n > 0
		if err != nil && err != io.EOF {
			s.err = err
			return 0, err
		}
		return 0, io.EOF
	}
	n, err := s.r.Read(p[:min(int64(len(p)), s.left)])
	s.left -= int64(n)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}
