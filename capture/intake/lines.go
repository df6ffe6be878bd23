package intake

import (
	"bufio"
	"bytes"
	"io"
	"unicode/utf8"
)

// line is one physical line without its end (LF, CR LF or CR).
type line struct {
	text   string
	number int  // from 1
	long   bool // was longer than maxLine, its end is dropped
	open   bool // the file ends in it
}

// cutOff reports whether the file ends in the middle of a character of the line.
func (l line) cutOff() bool {
	if !l.open {
		return false
	}
	c, _ := utf8.DecodeLastRuneInString(l.text)
	return c == utf8.RuneError && l.text != ""
}

// lines gives the physical lines of a text, one at a time.
type lines struct {
	r      *bufio.Reader
	number int  // of the last line given
	still  bool // the number does not move: the text is not the file's own
	buf    []byte
}

func newLines(r io.Reader) *lines { return &lines{r: bufio.NewReader(r)} }

// next gives io.EOF after the last line, also where an error of the reader ended the text: who reads the source knows.
func (l *lines) next() (line, error) {
	l.buf = l.buf[:0]
	out := line{}
	for {
		if _, err := l.r.Peek(1); err != nil {
			out.open = true
			break
		}
		chunk, _ := l.r.Peek(l.r.Buffered())
		end := bytes.IndexAny(chunk, "\r\n")
		if end >= 0 {
			chunk = chunk[:end]
		}
		keep := min(len(chunk), maxLine-len(l.buf))
		l.buf = append(l.buf, chunk[:keep]...)
		out.long = out.long || keep < len(chunk)
		_, _ = l.r.Discard(len(chunk)) // it is buffered
		if end >= 0 {
			l.lineEnd()
			break
		}
	}
	if out.open && len(l.buf) == 0 {
		return line{}, io.EOF
	}
	if !l.still {
		l.number++
	}
	out.text, out.number = string(l.buf), l.number
	return out, nil
}

func (l *lines) lineEnd() {
	if c, _ := l.r.ReadByte(); c != '\r' {
		return
	}
	if after, err := l.r.Peek(1); err == nil && after[0] == '\n' {
		_, _ = l.r.Discard(1) // it is buffered
	}
}
