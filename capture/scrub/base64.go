package scrub

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// inBase64 finds the secret inside Base64 (RFC 4648): it has one of three forms there, by how many bytes stand before it, and its first and last
// character may say something of its neighbours too.
func (s Secret) inBase64(data []byte) (found []span) {
	for _, alphabet := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for before := range 3 {
			core, skip := coreOf(alphabet, s.Text, before)
			if len(core) < Shortest || alphabet == base64.RawURLEncoding && !bytes.ContainsAny(core, "-_") {
				continue // the same as in the other alphabet
			}
			for at := 0; ; {
				next := bytes.Index(data[at:], core)
				if next < 0 {
					break
				}
				at += next
				if f := (span{at - skip, at + len(core)}); s.decodes(alphabet, data, &f, before) {
					found = append(found, f)
				}
				at++
			}
		}
	}
	return found
}

// coreOf gives the characters that the secret alone decides, and how many of its group come before them.
func coreOf(alphabet *base64.Encoding, text string, before int) (core []byte, skip int) {
	whole := []byte(alphabet.EncodeToString(append(make([]byte, before), text...)))
	skip = (before*8 + 5) / 6
	return whole[skip : (before+len(text))*8/6], skip
}

// decodes widens a find to whole groups, as far as there are any, and reports whether they say the secret.
func (s Secret) decodes(alphabet *base64.Encoding, data []byte, f *span, before int) bool {
	for (f.to-f.from)%4 != 0 && f.to < len(data) && isBase64(data[f.to]) {
		f.to++
	}
	if f.from < 0 {
		return false
	}
	plain, err := alphabet.DecodeString(string(data[f.from:f.to]))
	if err != nil || len(plain) < before+len(s.Text) || string(plain[before:before+len(s.Text)]) != s.Text {
		return false
	}
	end := before + len(s.Text)
	return !s.Alone || !(before > 0 && isWord(plain[before-1]) || end < len(plain) && isWord(plain[end]))
}

func isBase64(b byte) bool { return isWord(b) || strings.IndexByte("+/-_", b) >= 0 }
