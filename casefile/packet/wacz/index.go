package wacz

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// number is a JSON number that may be written as text, as many indexes do.
type number string

// UnmarshalJSON implements json.Unmarshaler.
func (n *number) UnmarshalJSON(b []byte) error {
	*n = number(strings.Trim(string(b), `"`))
	return nil
}

// indexLine is the JSON part of a CDXJ line.
type indexLine struct {
	URL      string
	Digest   string
	Filename string
	Offset   number
	Length   number
	Status   number
}

// index checks a CDXJ index: lines in the order of their addresses and times (the bytes up to the second blank; those of one second may stand in an
// order of their own), each leading to the record that it describes.
func (c *check) index(e entry) {
	in := c.content(e)
	switch {
	case strings.HasSuffix(e.name, ".cdx.gz"):
		unpacked, err := gzip.NewReader(in)
		if err != nil {
			c.report(Finding{File: e.name, Problem: "is not readable: " + err.Error()})
			return
		}
		in = c.bounded(unpacked)
	case !strings.HasSuffix(e.name, ".cdx") && !strings.HasSuffix(e.name, ".cdxj"):
		return
	}
	before := ""
	c.lines(e, in, func(n int, line string) {
		key := sortedBy(line)
		if key < before {
			c.report(Finding{File: e.name, Problem: fmt.Sprintf("line %d is out of order", n)})
		}
		before = key
		if problem, want, got := c.indexed(line); problem != "" {
			c.report(Finding{e.name, fmt.Sprintf("line %d %s", n, problem), want, got})
		}
	})
}

// sortedBy is what lines are in the order of: address and time.
func sortedBy(line string) string {
	address, rest, _ := strings.Cut(line, " ")
	at, _, _ := strings.Cut(rest, " ")
	return address + " " + at
}

// indexed compares one line with the record that it names.
func (c *check) indexed(line string) (problem, want, got string) {
	_, rest, _ := strings.Cut(line, " ")
	second, text, ok := strings.Cut(rest, " ")
	var l indexLine
	if !ok || json.Unmarshal([]byte(text), &l) != nil {
		return "is not readable", "", ""
	}
	var offset int64
	if _, err := fmt.Sscan(string(l.Offset), &offset); err != nil {
		return "states no offset", "", ""
	}
	r := c.records[place{l.Filename, offset}]
	if r == nil {
		return "leads to no record", l.Filename, string(l.Offset)
	}
	r.indexed++
	switch {
	case string(l.Length) != fmt.Sprint(r.length):
		return "has another length than its record", string(l.Length), fmt.Sprint(r.length)
	case l.URL != r.uri:
		return "has another address than its record", l.URL, r.uri
	case l.Digest != r.payload:
		return "has another digest than its record", l.Digest, r.payload
	case second != r.at.UTC().Format("20060102150405"):
		return "has another time than its record", second, r.at.UTC().Format("20060102150405")
	case r.status != "" && string(l.Status) != r.status:
		return "has another status than its record", string(l.Status), r.status
	}
	return "", "", ""
}

// unindexed reports records that no line leads to, or more than one.
func (c *check) unindexed() {
	places := slices.SortedFunc(maps.Keys(c.records), func(a, b place) int {
		if d := strings.Compare(a.file, b.file); d != 0 {
			return d
		}
		return int(min(max(a.offset-b.offset, -1), 1))
	})
	for _, p := range places {
		if r := c.records[p]; r.indexed != 1 {
			c.report(Finding{File: "archive/" + p.file, Problem: at(p.offset, r) + fmt.Sprintf("stands %d times in the index", r.indexed)})
		}
	}
}

// pages checks that a list of pages can be read.
func (c *check) pages(e entry) {
	if !strings.HasSuffix(e.name, ".jsonl") {
		return
	}
	c.lines(e, c.content(e), func(n int, line string) {
		var p struct{ Format, URL, TS string }
		err := json.Unmarshal([]byte(line), &p)
		switch {
		case err != nil:
			c.report(Finding{File: e.name, Problem: fmt.Sprintf("line %d is not readable: %v", n, err)})
		case n == 1 && p.Format != "json-pages-1.0":
			c.report(Finding{e.name, "has another format", "json-pages-1.0", p.Format})
		case n > 1 && (p.URL == "" || p.TS == ""):
			c.report(Finding{File: e.name, Problem: fmt.Sprintf("line %d names no page", n)})
		}
	})
}

// maxLine bounds a line of an index or a list of pages (which holds the page's text), in bytes.
const maxLine = 16 << 20

func (c *check) lines(e entry, in io.Reader, each func(n int, line string)) {
	s := bufio.NewScanner(in)
	s.Buffer(nil, maxLine)
	for n := 1; s.Scan(); n++ {
		if n > maxLines {
			c.report(Finding{File: e.name, Problem: "has more lines than are checked"})
		}
		if n > maxLines || len(c.findings) == maxFindings { // nothing more would be told
			return
		}
		each(n, s.Text())
	}
	if err := s.Err(); err != nil {
		c.report(Finding{File: e.name, Problem: "is not readable: " + err.Error()})
	}
}
