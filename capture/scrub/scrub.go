// Package scrub finds secrets in recorded data and takes them out. It is pure: it reads no file, keeps nothing between calls, and prints nothing;
// whoever calls it holds the secrets, and tells what was taken out.
//
// A secret is a text that a person typed, as a password, and that no exhibit may hold. In its place stands Removed.
//
// # What is found
//
// The secret byte for byte in UTF-8, and each of its characters in any of the spellings that browsers, pages and servers give to what they were
// told. Every character may have a spelling of its own, and in all but Base64 they may be mixed:
//
//   - percent-encoding (RFC 3986, 2.1), the percent sign itself encoded up to twice more, and + for a space (the URL standard, 5.1);
//   - escapes of JSON (RFC 8259, 7) and JavaScript: \" \\ \/ \n \u0026 \x26, a pair of surrogates for what needs one, behind up to eight
//     backslashes, as JSON inside JSON has them, which may be percent-encoded;
//   - character references of HTML (13.5): &amp; and those of the same kind, &#38; &#x26;, the ampersand escaped up to twice more;
//   - quoted-printable (RFC 2045, 6.7), with its soft line breaks wherever they fall;
//   - Base64 (RFC 4648) of either alphabet, padded or not, at any of the three places that the secret can have in it, as in "user:password".
//     Whole groups of four characters go, and with them up to two bytes before the secret and after it.
//
// # What is not found
//
// A secret of fewer than Shortest characters, which would be found everywhere. A secret in another letter case, in another charset than UTF-8, or
// in another normal form of Unicode. One that is cut in two by markup, by a line break inside Base64 or by the end of one piece of data. One that
// is hashed, encrypted, compressed, reversed, in digits of another base, or drawn. What is compressed is to be given unpacked.
//
// Nor is one with Alone set found inside a longer word or number, nor in data that is no text, where a few digits stand by chance.
//
// # Bounds
//
// The search through one piece of data, for all secrets together, costs at most 32 steps for each byte and a million more; a step is a comparison
// of one character. Data that needs more was made to be searched for ever. It is not let through: its content is withheld as a whole. Base64 is
// not counted in this: for each secret it costs up to six passes over the data, and for each place that looks like the secret its length.
// Memory is a few times that of the data, and sixteen bytes for each find.
package scrub

import (
	"bytes"
	"unicode/utf8"
)

// Removed stands where a secret was.
const Removed = "[password removed]"

// Shortest is the least number of characters of a secret that is looked for: fewer would be found everywhere.
const Shortest = 4

// distinct is the number of characters from which on a secret is looked for inside other words too.
const distinct = 8

// Secret is a text that a person typed and that no exhibit may hold.
type Secret struct {
	Text  string
	Alone bool // found only where neither letter nor digit of ASCII stands beside it: too short or too common to be looked for inside other words
}

// New gives the secret of a text, which is Alone where it has fewer than eight characters.
func New(text string) Secret {
	return Secret{Text: text, Alone: utf8.RuneCountInString(text) < distinct}
}

// Secrets are what is looked for at the same time. Where two overlap, what either covers goes. They may be used by several goroutines as long as
// nobody changes them.
type Secrets []Secret

// Bytes gives data without the secrets, and the number of places where one stood. Where there is none it gives data itself, not a copy; data is
// never changed. In data that is no text, which holds a zero byte among its first 8 KiB, those that must stand alone are not looked for.
// Data that could not be searched within the bounds is withheld: then there is nothing, and n is -1.
func (s Secrets) Bytes(data []byte) (out []byte, n int) {
	return s.in(data).mask(data)
}

// Text gives a text without the secrets, and the number of places where one stood. A text that could not be searched within the bounds is Removed
// as a whole, which counts as one.
func (s Secrets) Text(text string) (out string, n int) {
	masked, n := s.mask([]byte(text))
	if n < 0 {
		return Removed, 1
	}
	return string(masked), n
}

// Found reports whether a text holds a secret, or could not be searched within the bounds.
func (s Secrets) Found(text string) bool {
	_, n := s.mask([]byte(text))
	return n != 0
}

// textual is how far data is looked at to tell text from anything else, which holds zeros, in bytes.
const textual = 8 << 10

// in gives those that are looked for in data.
func (s Secrets) in(data []byte) Secrets {
	if bytes.IndexByte(data[:min(len(data), textual)], 0) < 0 {
		return s
	}
	var list Secrets
	for _, one := range s {
		if !one.Alone {
			list = append(list, one)
		}
	}
	return list
}
