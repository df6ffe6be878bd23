package crawl

import (
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/width"
)

// Encoding is the name or a label of a character encoding (https://encoding.spec.whatwg.org/#names-and-labels).
type Encoding string

// documentEncoding tells in which encoding a browser reads a document: what it said itself, or, of a page without its word, what the bytes,
// the header and the document say.
func (p Page) documentEncoding() Encoding {
	if p.Encoding != "" || len(p.Source) == 0 {
		return p.Encoding
	}
	_, name, _ := charset.DetermineEncoding(p.Source, p.MediaType)
	return Encoding(name)
}

// queryWriter writes the queries of a document's links in an encoding, as a browser does before it asks.
type queryWriter struct {
	name Encoding
	encoding.Encoding
	firsts map[rune]string // bytes of characters that the encoding has twice
}

// queries gives the writer for a document (https://encoding.spec.whatwg.org/#get-an-encoder), or nil where queries are UTF-8: so in UTF-16,
// and where a label says nothing.
func (e Encoding) queries() *queryWriter {
	found, err := htmlindex.Get(string(e))
	if err != nil || found == encoding.Replacement {
		return nil
	}
	name, _ := htmlindex.Name(found)
	if strings.HasPrefix(name, "utf-") || name == "x-user-defined" {
		return nil
	}
	w := &queryWriter{Encoding(name), found, nil}
	switch w.name {
	case "big5":
		w.firsts = big5Firsts()
	case "shift_jis":
		w.firsts = shiftJISFirsts()
	}
	return w
}

// The library writes a character that stands twice in its table (港 does in Big5) as the second place says, browsers as the first: in Big5
// without Hong Kong's part, but for six characters; in Shift_JIS without the copy of IBM's characters that NEC made.
var (
	big5Firsts     = sync.OnceValue(func() map[rune]string { return firsts(traditionalchinese.Big5, "═╞╡╪十卅", rows{0xa1, 0xfe}) })
	shiftJISFirsts = sync.OnceValue(func() map[rune]string { return firsts(japanese.ShiftJIS, "", rows{0x81, 0xec}, rows{0xef, 0xfc}) })
)

// rows are the first and the last of the bytes with which the characters of a part of a table begin.
type rows [2]int

// firsts gives the first place of each character in the rows of a table, and the last one of those that are named.
func firsts(table encoding.Encoding, last string, parts ...rows) map[rune]string {
	places := map[rune]string{}
	for _, part := range parts {
		for at := part[0]<<8 | 0x40; at <= part[1]<<8|0xfe; at++ {
			place := string([]byte{byte(at >> 8), byte(at)})
			text, err := table.NewDecoder().String(place)
			r, size := utf8.DecodeRuneInString(text)
			if _, known := places[r]; err == nil && size == len(text) && r != utf8.RuneError && (!known || strings.ContainsRune(last, r)) {
				places[r] = place
			}
		}
	}
	return places
}

// address writes what is beyond ASCII in the query of an address as it stands on a page (https://url.spec.whatwg.org/#query-state). Path and
// fragment are UTF-8 in every document.
func (w *queryWriter) address(raw string) string {
	rest, fragment, hasFragment := strings.Cut(raw, "#")
	front, query, ok := strings.Cut(rest, "?")
	if w == nil || !ok || isASCII(query) {
		return raw
	}
	query = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(query) // which no address has
	front += "?" + w.query(query)
	if hasFragment {
		front += "#" + fragment
	}
	return front
}

// query percent-encodes after encoding: a character that the encoding lacks becomes its number, as HTML writes it.
func (w *queryWriter) query(query string) string {
	var b strings.Builder
	var run []byte // of characters that the encoding has: one that shifts (ISO-2022-JP) shifts back at its end
	flush := func() {
		encoded, _ := w.NewEncoder().Bytes(append(run, '\n')) // each of them was tried
		if len(encoded) > 0 {
			w.write(&b, encoded[:len(encoded)-1])
		}
		run = run[:0]
	}
	for _, r := range query {
		if place, ok := w.firsts[r]; ok {
			flush()
			w.write(&b, []byte(place))
			continue
		}
		standing := w.standing(r)
		encoded, err := w.NewEncoder().Bytes(utf8.AppendRune(nil, standing))
		if err == nil && w.has(encoded) {
			run = utf8.AppendRune(run, standing)
			continue
		}
		flush()
		b.WriteString("%26%23" + strconv.Itoa(int(r)) + "%3B")
	}
	flush()
	return b.String()
}

// standing gives the character that the Encoding Standard has an encoder write for another.
func (w *queryWriter) standing(r rune) rune {
	switch w.name {
	case "shift_jis", "euc-jp", "iso-2022-jp":
	default:
		return r
	}
	switch {
	case r == '−':
		return '－'
	case r == '¥' && w.name != "iso-2022-jp":
		return '\\'
	case r == '‾' && w.name != "iso-2022-jp":
		return '~'
	case r >= 'ﾞ' && r <= 'ﾟ' && w.name == "iso-2022-jp":
		return r - 'ﾞ' + '゛'
	case r >= '｡' && r <= 'ﾝ' && w.name == "iso-2022-jp":
		wide, _ := utf8.DecodeRuneInString(width.Widen.String(string(r)))
		return wide
	}
	return r
}

// has is false of bytes that a browser reads and does not write: of Hong Kong's part of Big5, and of JIS X 0212.
func (w *queryWriter) has(encoded []byte) bool {
	switch first := encoded[0]; w.name {
	case "big5":
		return first < utf8.RuneSelf || first >= 0xa1
	case "euc-jp":
		return first != 0x8f
	}
	return true
}

// write puts bytes into the query of an address of the web (https://url.spec.whatwg.org/#special-query-percent-encode-set).
func (w *queryWriter) write(b *strings.Builder, encoded []byte) {
	const digits = "0123456789ABCDEF"
	for _, c := range encoded {
		if c > ' ' && c < 0x7f && strings.IndexByte(`"#<>'`, c) < 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(digits[c>>4])
		b.WriteByte(digits[c&15])
	}
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
