package scrub

import (
	"bytes"
	"encoding/json"
	"slices"
	"unicode/utf8"
)

// JSON gives JSON (RFC 8259) without the secrets in its strings, and the number of places where one stood. Each string is read before it is
// searched and written again after, so that JSON stays JSON, numbers keep their digits, and a string without a secret its bytes. The names of
// members, most of which are ours, lose only secrets of eight characters or more that stand alone in them. A string that could not be searched
// within the bounds becomes Removed as a whole. What is no JSON is given back as it is, as far as it is none.
func (s Secrets) JSON(data []byte) (out []byte, n int) {
	at, inNames := 0, make(Secrets, 0, len(s))
	for _, one := range s {
		if utf8.RuneCountInString(one.Text) >= distinct {
			inNames = append(inNames, Secret{one.Text, true})
		}
	}
	for {
		from, to := nextString(data, at)
		if from < 0 {
			return append(out, data[at:]...), n
		}
		out = append(out, data[at:from]...)
		list := s
		if rest := bytes.TrimLeft(data[min(len(data), to+1):], " \t\r\n"); bytes.HasPrefix(rest, []byte(":")) {
			list = inNames
		}
		text, found := list.inString(data[from:to])
		out, at, n = append(out, text...), to, n+found
		if at < len(data) { // the closing quote
			out, at = append(out, '"'), at+1
		}
	}
}

// inString takes them out of the inside of a string of JSON.
func (s Secrets) inString(text []byte) (out []byte, n int) {
	var plain string
	if json.Unmarshal(slices.Concat([]byte{'"'}, text, []byte{'"'}), &plain) != nil {
		return text, 0 // no JSON; ours always is
	}
	clean, n := s.Text(plain)
	if clean == plain {
		return text, 0
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(clean) != nil {
		panic("scrub: a string that is no JSON")
	}
	return b.Bytes()[1 : b.Len()-2], max(n, 1) // without its quotes and the end of the line
}

// nextString gives where the inside of the next string begins and ends; -1 where there is none.
func nextString(data []byte, at int) (from, to int) {
	open := bytes.IndexByte(data[at:], '"')
	if open < 0 {
		return -1, -1
	}
	from = at + open + 1
	for to = from; to < len(data) && data[to] != '"'; to++ {
		if data[to] == '\\' {
			to++
		}
	}
	return from, min(to, len(data))
}
