package legible

import (
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// Writer shows on w, as blocks of text, what is written to it. A character must not be spread over two calls.
func Writer(w io.Writer) io.Writer {
	return writer{w, func(p []byte) []byte { return []byte(Block(string(p))) }}
}

// JSONWriter writes JSON to w, with what must not be shown escaped: the values are the same to the bit for whoever reads them.
func JSONWriter(w io.Writer) io.Writer { return writer{w, escape} }

type writer struct {
	to   io.Writer
	form func([]byte) []byte
}

// Write implements io.Writer.
func (w writer) Write(p []byte) (int, error) {
	if _, err := w.to.Write(w.form(p)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// escape works on JSON as encoding/json writes it: what is hidden is there in strings only, line feeds between documents.
func escape(p []byte) []byte {
	var out []byte
	for len(p) > 0 {
		r, size := utf8.DecodeRune(p)
		switch {
		case r == '\n' || r == '\t' || r == utf8.RuneError || !Hidden(r):
			out = append(out, p[:size]...)
		case r >= 0x10000:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		p = p[size:]
	}
	return out
}
