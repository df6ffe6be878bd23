package intake

import (
	"errors"
	"io"
	"strings"
)

// text reads a text of which every line is a row.
func (r *reading) text(src io.Reader) error {
	l := newLines(src)
	for {
		line, err := l.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err := r.line(line); err != nil {
			return err
		}
	}
}

func (r *reading) line(l line) error {
	r.report.Rows++
	switch {
	case l.long:
		return r.skip(l.number, l.text, whyTooLong)
	case l.cutOff() || l.open && r.source.bounded:
		r.cut(cutTruncated, l.number)
		return r.skip(l.number, l.text, whyCutShort)
	}
	n, why, err := r.cell(Entry{Line: l.number}, l.text, placeOf(l.text))
	if err != nil || n > 0 {
		return err
	}
	return r.skip(l.number, l.text, why)
}

// placeOf takes a line of ASCII without a space for a cell of a list. Chinese has no spaces, so a line of it is running text.
func placeOf(line string) place {
	return place(isASCII(line) && !strings.ContainsAny(strings.TrimSpace(line), " \t"))
}

// shortcut reads a Windows shortcut to a page: the URL lines of its sections.
func (r *reading) shortcut(src io.Reader) error {
	l := newLines(src)
	for {
		line, err := l.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		name, value, _ := strings.Cut(line.text, "=")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "url", "baseurl", "origurl":
			if err := r.mention(Entry{Line: line.number}, value, inCell); err != nil {
				return err
			}
		}
	}
}

// mention reads a part of a document, of which nothing need come.
func (r *reading) mention(e Entry, text string, p place) error {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	n, _, err := r.cell(e, text, p)
	if n > 0 {
		r.report.Rows++
	}
	return err
}
