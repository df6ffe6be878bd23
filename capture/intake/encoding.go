package intake

import (
	"bufio"
	"bytes"
	"io"
	"unicode/utf8"

	xencoding "golang.org/x/text/encoding"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// encoding is how the bytes of a file are text. UTF-8 is passed on as it is, so that wrong bytes stay what they are.
type encoding struct {
	name  string
	bom   int // bytes of a byte order mark
	table xencoding.Encoding
}

var (
	utf8Mark = []byte("\xef\xbb\xbf")
	plain8   = encoding{name: "utf-8"}
	big5     = encoding{name: "big5", table: traditionalchinese.Big5} // the WHATWG table, which has what CP950 has but its private characters
	little16 = encoding{name: "utf-16le", table: unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)}
	big16    = encoding{name: "utf-16be", table: unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)}
)

// sniffEncoding judges by the beginning of a file: its byte order mark, the places of its zero bytes, and else by whether fewer bytes
// are wrong in UTF-8 or in Big5.
func sniffEncoding(head []byte) encoding {
	switch {
	case bytes.HasPrefix(head, utf8Mark):
		return encoding{name: "utf-8 with bom", bom: len(utf8Mark)}
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		return encoding{little16.name, 2, little16.table}
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return encoding{big16.name, 2, big16.table}
	}
	var zeros [2]int
	for i, b := range head[:min(len(head), 4096)] {
		if b == 0 {
			zeros[i%2]++
		}
	}
	few := len(head[:min(len(head), 4096)]) / 16
	switch {
	case zeros[1] > few && zeros[0]*16 < zeros[1]:
		return little16
	case zeros[0] > few && zeros[1]*16 < zeros[0]:
		return big16
	}
	wrong := wrongIn(head)
	if wrong == 0 {
		return plain8
	}
	if decoded, err := big5.table.NewDecoder().Bytes(head); err == nil && wrongIn(decoded) < wrong {
		return big5
	}
	return plain8
}

// wrongIn counts what is no UTF-8, or stands for what was none. A character cut off at the end is not wrong.
func wrongIn(text []byte) int {
	n := 0
	for len(text) > 0 {
		if !utf8.FullRune(text) {
			break
		}
		c, size := utf8.DecodeRune(text)
		if c == utf8.RuneError {
			n++
		}
		text = text[size:]
	}
	return n
}

// decode gives r as UTF-8 without its byte order mark.
func (e encoding) decode(r *bufio.Reader) io.Reader {
	_, _ = r.Discard(e.bom) // as long as what was seen to be there
	if e.table == nil {
		return r
	}
	return e.table.NewDecoder().Reader(r)
}

// text decodes the beginning of a file.
func (e encoding) text(head []byte) string {
	head = head[e.bom:]
	if e.table == nil {
		return string(head)
	}
	decoded, err := e.table.NewDecoder().Bytes(head)
	if err != nil {
		return ""
	}
	return string(decoded)
}
