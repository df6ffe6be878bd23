package redact

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"yuzheng/casefile/evidence"
)

// dataURL is an address that holds what it leads to (RFC 2397), with its slashes escaped as JSON may have them.
var dataURL = regexp.MustCompile(`(?i)data:([a-z0-9.+-]+(?:\\?/|%2f)[a-z0-9.+-]+)?((?:;[a-z0-9-]+=[^;,"'\s<>)]*)*)` +
	`((?:;|%3b)base64)?(?:,|%2c)([a-z0-9+/=_\\%-]*)`)

// run is what may be Base64 or hexadecimal, from so many characters on that a value could stand in it,
// over several lines too.
var run = regexp.MustCompile(`[A-Za-z0-9+/_-]{12,}(?:\r?\n[A-Za-z0-9+/_-]{4,})*={0,2}`)

// unpack masks what stands packed in a text: the files of data: addresses, and Base64 or hexadecimal that holds a value or a file.
func (r *Redactor) unpack(text string, c *Copy) string {
	if strings.Contains(strings.ToLower(text), "base64") {
		text = dataURL.ReplaceAllStringFunc(text, func(whole string) string { return r.dataURL(whole, c) })
	}
	return run.ReplaceAllStringFunc(text, func(token string) string {
		kind := r.packed(token)
		if kind == "" {
			return token
		}
		c.Masked[kind]++
		return maskOf(kind)
	})
}

// dataURL masks one that is in Base64; others are read with the text that they stand in.
func (r *Redactor) dataURL(whole string, c *Copy) string {
	m := dataURL.FindStringSubmatch(whole)
	if m[3] == "" {
		return whole
	}
	payload := strings.ReplaceAll(m[4], `\`, "")
	if plain, err := url.PathUnescape(payload); err == nil {
		payload = plain
	}
	data, err := unbase64(payload)
	media := strings.ToLower(strings.NewReplacer(`\`, "", "%2f", "/", "%2F", "/").Replace(m[1]))
	inner := leaveOut(evidence.LeftDamaged)
	if err == nil {
		inner = r.Piece("data:", media+m[2], data)
	}
	if inner.LeftOut != "" {
		c.Masked[evidence.RedactFile]++
		return "data:,"
	}
	c.Add("data:", inner)
	if len(inner.Masked) == 0 && bytes.Equal(inner.Data, data) {
		return whole
	}
	return "data:" + media + m[2] + ";base64," + base64.StdEncoding.EncodeToString(inner.Data)
}

func unbase64(text string) ([]byte, error) {
	text = strings.TrimRight(text, "=")
	if strings.ContainsAny(text, "-_") {
		return base64.RawURLEncoding.DecodeString(text)
	}
	return base64.RawStdEncoding.DecodeString(text)
}

// packed gives the kind of what a token holds in Base64, at any of the places where it may begin, or in hexadecimal; empty where it holds nothing.
func (r *Redactor) packed(token string) evidence.RedactionKind {
	if data, err := hex.DecodeString(token); err == nil {
		if kind := r.holds(data); kind != "" {
			return kind
		}
	}
	token = strings.NewReplacer("\r", "", "\n", "").Replace(strings.TrimRight(token, "="))
	for skip := range 4 {
		part := token[min(skip, len(token)):]
		if len(part)%4 == 1 {
			part = part[:len(part)-1]
		}
		data, err := unbase64(part)
		if err != nil {
			continue
		}
		if kind := r.holds(data); kind != "" {
			return kind
		}
		if skip == 0 && len(data) >= 64 && isFile(data) {
			return evidence.RedactFile
		}
	}
	return ""
}

// isFile reports whether data is of a form that has a mark of its own, or a certificate (DER).
func isFile(data []byte) bool {
	media := http.DetectContentType(data)
	return media != "application/octet-stream" && !strings.HasPrefix(media, "text/") || bytes.HasPrefix(data, []byte{0x30, 0x82})
}

// holds gives the kind of the first value in data, and remembers it. What is no text in it stands for blanks.
func (r *Redactor) holds(data []byte) evidence.RedactionKind {
	digits, other := 0, len(r.expressions) > 0
	text := strings.Map(func(c rune) rune {
		switch {
		case c == utf8.RuneError || c < ' ':
			return ' '
		case unicode.IsDigit(c):
			digits++
		case c == '@':
			other = true
		}
		return c
	}, string(data))
	if digits >= 8 || other {
		for _, p := range r.places(text) {
			return p.kind
		}
		return ""
	}
	for _, h := range r.again(fold(&reading{text: text})) {
		return h.kind
	}
	return ""
}
