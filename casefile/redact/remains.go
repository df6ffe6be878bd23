package redact

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"html"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/unicode/norm"
)

// ErrRemains says that something of what was to be masked is in a copy after all.
var ErrRemains = errors.New("a masked value is still in the copy")

// Remains looks through a copy for values that Redactor.Values gave. It shares nothing with what makes copies but the values, which of them are
// numbers, and the list of radicals: archives are unpacked, escapes undone, tags and what nobody sees taken out by other code, over the whole of each
// file at once. A find is an ErrRemains that
// tells the place and not the value. So is a picture with anything in it but pixels.
func Remains(values []string, name string, data []byte) error {
	g := guard{left: 2 * maxUnpacked, words: sought{}, numbers: sought{}}
	for _, v := range values {
		in := g.words
		if isNumber(v) {
			in = g.numbers
		}
		if v = strings.Map(ignored(isNumber(v)), v); len(v) > 1 {
			in[v[:2]] = append(in[v[:2]], v)
		}
	}
	return g.look(name, data, 0)
}

// guard is one search. left is how many bytes may still be unpacked.
type guard struct {
	words, numbers sought
	left           int64
}

// ignored drops what may stand inside a value: white space, what is not seen, points and strokes between the characters of a name; in numbers all but
// letters and digits.
func ignored(number bool) func(rune) rune {
	return func(r rune) rune {
		if unicode.IsSpace(r) || unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me, unicode.Cc) || strings.ContainsRune(".-_*·‧・•\u2010\u2011\u2013\u2014", r) || number && !unicode.IsLetter(r) && !unicode.IsNumber(r) {
			return -1
		}
		return r
	}
}

func (g *guard) look(name string, data []byte, deep int) error {
	if g.left -= int64(len(data)); g.left < 0 || deep > 6 {
		return fmt.Errorf("%w: %s is too large or too deep to be searched", ErrRemains, name)
	}
	if err := g.text(name, string(data)); err != nil {
		return err
	}
	if !utf8.Valid(data) && !bytes.HasPrefix(data, []byte("\x89PNG")) { // a text of an old page, in either charset
		for _, e := range []encoding.Encoding{traditionalchinese.Big5, simplifiedchinese.GBK} {
			text, err := e.NewDecoder().Bytes(data)
			if err != nil {
				return fmt.Errorf("%w: %s: %w", ErrRemains, name, err)
			}
			if err := g.text(name, string(text)); err != nil {
				return err
			}
		}
	}
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return g.zip(name, data, deep)
	case bytes.HasPrefix(data, []byte{0x1f, 0x8b}):
		r, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			return fmt.Errorf("%w: %s: %w", ErrRemains, name, err)
		}
		return g.stream(name, r, deep)
	case bytes.HasPrefix(data, []byte("\x89PNG")):
		return pngAlone(name, data)
	case bytes.HasPrefix(data, []byte{0xff, 0xd8}):
		return jpegAlone(name, data)
	}
	return nil
}

func (g *guard) zip(name string, data []byte, deep int) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrRemains, name, err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return fmt.Errorf("%w: %s: %w", ErrRemains, name, err)
		}
		if err := errors.Join(g.stream(name+"!"+f.Name, r, deep), r.Close()); err != nil {
			return err
		}
	}
	return nil
}

func (g *guard) stream(name string, r io.Reader, deep int) error {
	data, err := io.ReadAll(io.LimitReader(r, max(0, g.left)+1))
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrRemains, name, err)
	}
	return g.look(name, data, deep+1)
}

var (
	anyTag     = regexp.MustCompile(`<[^<>]*>`)
	anyEscape  = regexp.MustCompile(`\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}`)
	anyPercent = regexp.MustCompile(`(?:%[0-9a-fA-F]{2})+`)
	softBreak  = regexp.MustCompile(`=\r?\n`)
	equals     = regexp.MustCompile(`(?:=[0-9A-F]{2})+`)
	any64      = regexp.MustCompile(`[A-Za-z0-9+/_-]{12,}(?:\r?\n[A-Za-z0-9+/_-]+)*`)
)

// text looks through a text as it is and with one layer of everything undone, twice.
func (g *guard) text(name, text string) error {
	packed := any64.FindAllString(text, -1)
	for layer := range 3 {
		if layer > 0 {
			text = undo(text)
		}
		for _, one := range append(covered(text), text, anyTag.ReplaceAllString(text, ""), undoMail(text)) {
			if g.found(one) {
				return fmt.Errorf("%w: in %s", ErrRemains, name)
			}
		}
	}
	var all strings.Builder
	for _, token := range packed {
		token = strings.NewReplacer("\r", "", "\n", "", "-", "+", "_", "/").Replace(token)
		if len(token)%4 == 1 {
			token = token[:len(token)-1]
		}
		if plain, err := base64.RawStdEncoding.DecodeString(token); err == nil {
			all.Write(append(plain, "\x00|"...))
		}
	}
	if g.found(all.String()) {
		return fmt.Errorf("%w: in Base64 in %s", ErrRemains, name)
	}
	return nil
}

// Elements that are set beside a text, or that nobody sees.
var (
	hints = regexp.MustCompile(`(?i)<(?:w:)?r[tp]\b|<rtc\b|ruby-text|<(?:script|style|template)\b|display\s*:|visibility\s*:|\shidden[\s=>]|w:vanish|` +
		`[0-9]<[a-z]+\s|\x{202e}|<(?:w:)?bdo\b|bidi-override`)
	besides = regexp.MustCompile(`(?is)<(?:w:rt|text:ruby-text)\b.*?</(?:w:rt|text:ruby-text)>|<r[tp]\b[^>]*>.*?</r[tp]>|<rtc\b.*?</rtc>`)
	openRT  = regexp.MustCompile(`(?i)<r[tp]\b[^>]*>[^<]*`)
	onlyRT  = regexp.MustCompile(`(?i)<(?:rt|w:rt|text:ruby-text)\b[^>]*>([^<]*)`)
	veiled  = regexp.MustCompile(`(?is)<(?:script|style|template)\b.*?</(?:script|style|template)\s*>|` +
		`<[a-z][^<>]*(?:display\s*:\s*none|visibility\s*:\s*hidden|\shidden\b)[^<>]*>[^<]*</[a-z0-9]+>`)
	vanished = regexp.MustCompile(`(?s)<w:vanish/>.*?</w:r>`)
	classed  = regexp.MustCompile(`(?i)([0-9])<(?:span|[ibuqs]|em|small|font|strong|ins|del|mark|label|var)\s[^<>]*(?:class|id)[^<>]*>[^<]{0,50}</[a-z]+>([0-9])`)
	backward = regexp.MustCompile(`(?i)\x{202e}|<(?:w:)?bdo\b[^>]*rtl|bidi-override`)
)

// covered gives a text without what stands beside or under it, and backwards where something in it is shown so.
func covered(text string) (list []string) {
	if !hints.MatchString(text) {
		return nil
	}
	if besides.MatchString(text) || openRT.MatchString(text) {
		var beside strings.Builder
		for _, m := range onlyRT.FindAllStringSubmatch(text, -1) {
			beside.WriteString(m[1])
		}
		list = append(list, anyTag.ReplaceAllString(besides.ReplaceAllString(text, ""), ""), anyTag.ReplaceAllString(openRT.ReplaceAllString(text, ""), ""), beside.String())
	}
	seen := vanished.ReplaceAllString(veiled.ReplaceAllString(text, ""), "")
	if seen = classed.ReplaceAllString(seen, "$1$2"); len(seen) < len(text) {
		list = append(list, anyTag.ReplaceAllString(seen, ""))
	}
	if backward.MatchString(text) {
		runes := []rune(norm.NFKC.String(anyTag.ReplaceAllString(text, "")))
		slices.Reverse(runes)
		list = append(list, string(runes))
	}
	return list
}

func undo(text string) string {
	text = anyPercent.ReplaceAllStringFunc(text, func(s string) string {
		if plain, err := url.PathUnescape(s); err == nil {
			return plain
		}
		return s
	})
	text = anyEscape.ReplaceAllStringFunc(text, func(s string) string {
		n, err := strconv.ParseUint(s[2:], 16, 32)
		if err != nil {
			return s
		}
		return string(rune(n))
	})
	return html.UnescapeString(text)
}

func undoMail(text string) string {
	return equals.ReplaceAllStringFunc(softBreak.ReplaceAllString(text, ""), func(s string) string {
		plain, err := url.PathUnescape(strings.ReplaceAll(s, "=", "%"))
		if err != nil {
			return s
		}
		return plain
	})
}

// found reports whether a text holds a value.
func (g *guard) found(text string) bool {
	text = strings.Map(func(r rune) rune {
		if like := radicals[r]; like != "" {
			return []rune(like)[0]
		}
		return r
	}, strings.ToLower(norm.NFKC.String(text)))
	return g.words.in(strings.Map(ignored(false), text)) || g.numbers.in(strings.Map(ignored(true), text))
}

// sought are values by the two bytes with which they begin.
type sought map[string][]string

func (s sought) in(text string) bool {
	if len(s) == 0 {
		return false
	}
	for i := 2; i <= len(text); i++ {
		for _, v := range s[text[i-2:i]] {
			if strings.HasPrefix(text[i-2:], v) {
				return true
			}
		}
	}
	return false
}

// pngAlone holds that a PNG has nothing but what its pixels need.
func pngAlone(name string, data []byte) error {
	for at := 8; at+12 <= len(data); {
		size := int(binary.BigEndian.Uint32(data[at:]))
		switch kind := string(data[at+4 : at+8]); kind {
		case "IHDR", "PLTE", "tRNS", "IDAT":
		case "IEND":
			if at+12 == len(data) {
				return nil
			}
			return fmt.Errorf("%w: %s goes on behind its end", ErrRemains, name)
		default:
			return fmt.Errorf("%w: %s has a chunk %s", ErrRemains, name, kind)
		}
		if at += 12 + size; size < 0 {
			break
		}
	}
	return fmt.Errorf("%w: %s has no end", ErrRemains, name)
}

// jpegAlone holds the same of the segments before the pixels of a JPEG.
func jpegAlone(name string, data []byte) error {
	for at := 2; at+4 <= len(data) && data[at] == 0xff; at += 2 + int(binary.BigEndian.Uint16(data[at+2:])) {
		switch mark := data[at+1]; {
		case mark == 0xda:
			if !bytes.HasSuffix(data, []byte{0xff, 0xd9}) || bytes.Contains(data[at:len(data)-2], []byte{0xff, 0xd9}) {
				return fmt.Errorf("%w: %s goes on behind its end", ErrRemains, name)
			}
			return nil
		case mark >= 0xe0 && mark <= 0xef || mark == 0xfe:
			return fmt.Errorf("%w: %s has a segment %02X", ErrRemains, name, mark)
		}
	}
	return fmt.Errorf("%w: %s has no pixels", ErrRemains, name)
}
