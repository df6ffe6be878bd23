package redact

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"yuzheng/casefile/evidence"
)

// json masks JSON (RFC 8259), which stays JSON: each string is read before it is searched and written again after, and a number that is masked
// becomes a string. What stands beside each other ("account": "0123…") is searched as it stands, too. What is said to be JSON and is none is text.
func (r *Redactor) json(data []byte) Copy {
	if len(data) > maxText {
		return leaveOut(evidence.LeftLarge)
	}
	if !json.Valid(data) || !utf8.Valid(data) {
		return r.text(string(data))
	}
	c := Copy{Masked: map[evidence.RedactionKind]int{}}
	text, ok := r.tokens(string(data), &c)
	if !ok {
		return leaveOut(evidence.LeftUnmaskable)
	}
	for range rounds {
		found := r.places(text)
		if len(found) == 0 {
			if !json.Valid([]byte(text)) {
				return leaveOut(evidence.LeftUnmaskable)
			}
			c.Data = []byte(text)
			return c
		}
		text = r.cover(text, wholeNumbers(text, found), c.Masked)
		text = quoted(text)
	}
	return leaveOut(evidence.LeftUnmaskable)
}

// tokens masks every string by itself.
func (r *Redactor) tokens(text string, c *Copy) (string, bool) {
	var b strings.Builder
	for at := 0; ; {
		open := strings.IndexByte(text[at:], '"')
		if open < 0 {
			b.WriteString(text[at:])
			return b.String(), true
		}
		from := at + open
		to := stringEnd(text, from)
		b.WriteString(text[at:from])
		at = to
		var plain string
		if json.Unmarshal([]byte(text[from:to]), &plain) != nil {
			return "", false
		}
		inner := Copy{Data: []byte(maskOf(evidence.RedactHash)), Masked: map[evidence.RedactionKind]int{evidence.RedactHash: 1}}
		if !hash.MatchString(plain) {
			inner = r.inString(plain)
		}
		c.Add("", Copy{Masked: inner.Masked})
		if inner.LeftOut != "" {
			return "", false
		}
		if string(inner.Data) == plain {
			b.WriteString(text[from:to])
		} else {
			b.Write(marshal(string(inner.Data)))
		}
	}
}

// inString masks a string, which may hold JSON again.
func (r *Redactor) inString(plain string) Copy {
	if trimmed := strings.TrimSpace(plain); len(trimmed) > 1 && strings.IndexByte("{[", trimmed[0]) >= 0 && json.Valid([]byte(trimmed)) {
		return r.json([]byte(plain))
	}
	return r.text(shifts.Replace(plain))
}

// shifts are what text refuses and a string of JSON may have: of colours on a terminal, mostly.
var shifts = strings.NewReplacer("\x00", " ", "\x1b", " ", "\x0e", " ", "\x0f", " ")

func marshal(text string) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(text); err != nil {
		panic("redact: a string that is no JSON: " + err.Error())
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// stringEnd gives where the string ends that opens at a place.
func stringEnd(text string, open int) int {
	for i := open + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}

// wholeNumbers widens what touches a number to the whole of it and leaves out what lies between strings and numbers, so that what holds JSON
// together stays.
func wholeNumbers(text string, list []place) (out []place) {
	for i, at := 0, 0; i < len(text) && at < len(list); {
		t, next, number := token(text, i)
		i = next
		for at < len(list) && list[at].to <= t.from {
			at++
		}
		for _, p := range list[at:] {
			if p.from >= t.to {
				break
			}
			if number && p.to > t.from {
				p.span, p.rest = t, false
			}
			p.span = span{max(p.from, t.from), min(p.to, t.to)}
			if p.from < p.to {
				out = append(out, p)
			}
		}
	}
	return out
}

// token gives the next string, without its quotes, or number from a place on; an empty span where something else stands there.
func token(text string, i int) (t span, next int, number bool) {
	switch c := text[i]; {
	case c == '"':
		next = stringEnd(text, i)
		return span{i + 1, next - 1}, next, false
	case strings.IndexByte("-0123456789", c) >= 0:
		for next = i; next < len(text) && strings.IndexByte("+-.eE0123456789", text[next]) >= 0; next++ {
		}
		return span{i, next}, next, true
	}
	return span{i, i}, i + 1, false
}

// quoted makes strings of the masks that stand where numbers were.
func quoted(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		switch {
		case text[i] == '"':
			to := stringEnd(text, i)
			b.WriteString(text[i:to])
			i = to
		case text[i] == '[':
			end := strings.Index(text[i:], squares)
			if mask := end > 0 && isMask(text[i:i+end]); mask {
				end += i + len(squares)
				b.Write(marshal(text[i:end]))
				i = end
				continue
			}
			fallthrough
		default:
			b.WriteByte(text[i])
			i++
		}
	}
	return b.String()
}

func isMask(text string) bool {
	for _, m := range masks {
		if m == text {
			return true
		}
	}
	return false
}

// lines masks each line as JSON of its own.
func (r *Redactor) lines(data []byte) Copy {
	out := Copy{Masked: map[evidence.RedactionKind]int{}}
	for line := range bytes.Lines(data) {
		body := bytes.TrimRight(line, "\r\n")
		c := r.json(body)
		if c.LeftOut != "" {
			return c
		}
		out.Add("", c)
		out.Data = append(append(out.Data, c.Data...), line[len(body):]...)
	}
	return out
}
