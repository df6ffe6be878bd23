package redact

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// legacy are the charsets of old pages that a text is read in, by the names of the Encoding Standard (WHATWG). In all of them a byte below 0x40 is ASCII
// wherever it stands, so that no digit is part of another character; they have every character of the masks. GBK is read for GB 18030: of its
// four-byte characters, which have digits in them, nothing is made, and the text is left out.
var legacy = map[string]encoding.Encoding{"big5": traditionalchinese.Big5, "gbk": simplifiedchinese.GBK, "gb18030": simplifiedchinese.GBK}

// legacyOf is the charset of a text that is not UTF-8: the one that its media type names, or else its own beginning; nil where that is none of these.
func legacyOf(declared, media string, data []byte) encoding.Encoding {
	if declared != "" {
		_, name := charset.Lookup(declared)
		return legacy[name]
	}
	if media == "text/csv" || media == "text/plain" { // which cannot say so, and which Windows of Taiwan writes so
		return traditionalchinese.Big5
	}
	_, name, _ := charset.DetermineEncoding(data, "")
	return legacy[name]
}

// decoded is the text of data, if all of it can be read and the text gives the same bytes again.
func decoded(e encoding.Encoding, data []byte) (text []byte, ok bool) {
	text, err := e.NewDecoder().Bytes(data)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
		return nil, false
	}
	back, err := e.NewEncoder().Bytes(text)
	return text, err == nil && bytes.Equal(back, data)
}

// inCharset masks a text that is written in another charset than UTF-8, and leaves it in that: what names its charset goes on being true.
func (r *Redactor) inCharset(e encoding.Encoding, data []byte, mask func([]byte) Copy) (c Copy, ok bool) {
	text, ok := decoded(e, data)
	if !ok {
		return Copy{}, false
	}
	if c = mask(text); c.LeftOut != "" {
		return c, true
	}
	c.Data, ok = encoded(e, c.Data)
	return c, ok
}

func encoded(e encoding.Encoding, text []byte) ([]byte, bool) {
	data, err := e.NewEncoder().Bytes(text)
	return data, err == nil
}
