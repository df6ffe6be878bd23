package intake

import (
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/quotedprintable"
	"strings"
)

// E-mails are walked through line by line and not with net/mail and mime/multipart: those give up at the first header that is not well
// formed, and what is handed in is often broken on purpose; and here every part knows the line at which it begins.

const (
	maxNested = 16       // multiparts and messages in each other; deeper ones are not opened
	maxParts  = 1000     // further ones are not opened
	maxField  = 64 << 10 // bytes of one unfolded header field; the rest of it is dropped
)

// senders are the fields whose addresses are those of the other side. The recipients are victims and witnesses: they are no clues.
var senders = []string{"from", "reply-to", "return-path", "sender"}

// mailReading walks through the parts of an e-mail.
type mailReading struct {
	*reading
	lines  *lines
	bounds []string // of the multiparts around, the innermost last
	ended  bool     // the body at hand has no more lines
	hit    string   // the boundary line that ended it; "" at the end of the file
	at     int      // the line last read
	open   bool     // the file ended without its last boundary
	parts  int      // read so far
}

// mail reads an e-mail: subject and senders, and what its text parts hold.
func (r *reading) mail(raw io.Reader) error {
	m := mailReading{reading: r, lines: newLines(raw)}
	r.report.Encoding = "mime"
	if err := m.entity(0); err != nil {
		return err
	}
	if m.open {
		r.cut(cutTruncated, m.at)
	}
	_, err := io.Copy(io.Discard, m.lines.r) // behind the last boundary; the report counts it
	return err
}

// header is what is needed of the header of a message or a part.
type header struct {
	kind     string // media type in lower case
	params   map[string]string
	transfer string
	attached bool
	name     string // of a file
	line     int    // at which the header begins
}

// entity reads a header and the body that it describes.
func (m *mailReading) entity(depth int) error {
	m.ended = false
	h, err := m.header()
	if err != nil {
		return err
	}
	m.parts++
	switch {
	case m.parts > maxParts:
	case strings.HasPrefix(h.kind, "multipart/") && h.params["boundary"] != "" && depth < maxNested:
		return m.multipart(h.params["boundary"], depth)
	case h.kind == "message/rfc822" && !h.attached && depth < maxNested:
		return m.entity(depth + 1)
	case h.kind == "text/html" || strings.HasPrefix(h.kind, "text/") && !h.attached:
		return m.body(h)
	}
	m.drain()
	return m.skip(h.line, h.kind+" "+h.name, whyAttachment)
}

// multipart reads the parts of a multipart up to its closing boundary, or to one of a multipart around it.
func (m *mailReading) multipart(boundary string, depth int) error {
	begin := "--" + boundary
	m.bounds = append(m.bounds, begin)
	m.drain() // the preamble
	for m.hit == begin {
		if err := m.entity(depth + 1); err != nil {
			return err
		}
	}
	m.bounds = m.bounds[:len(m.bounds)-1]
	switch m.hit {
	case "":
		m.open = true
	case begin + "--":
		m.ended = false
		m.drain() // what stands behind it
	}
	return nil
}

// header reads header fields up to the empty line, and reads what is of use in them.
func (m *mailReading) header() (header, error) {
	h := header{kind: "text/plain", params: map[string]string{}, line: m.at + 1}
	var field strings.Builder
	at := 0
	for {
		l, err := m.next()
		folded := err == nil && l.text != "" && (l.text[0] == ' ' || l.text[0] == '\t')
		if folded {
			if field.Len() < maxField {
				field.WriteString(" " + shorten(strings.TrimLeft(l.text, " \t"), maxField))
			}
			continue
		}
		if field.Len() > 0 {
			if err := m.field(&h, field.String(), at); err != nil {
				return h, err
			}
			field.Reset()
		}
		if err != nil || l.text == "" {
			return h, nil
		}
		field.WriteString(shorten(l.text, maxField))
		at = l.number
	}
}

// field reads one unfolded field.
func (m *mailReading) field(h *header, text string, at int) error {
	name, value, ok := strings.Cut(text, ":")
	if !ok {
		return nil
	}
	name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
	switch name {
	case "content-type":
		if kind, params, err := mime.ParseMediaType(value); kind != "" && (err == nil || errors.Is(err, mime.ErrInvalidMediaParameter)) {
			h.kind = kind
			if params != nil {
				h.params = params
			}
		}
		h.setName(h.params["name"])
	case "content-transfer-encoding":
		h.transfer = strings.ToLower(value)
	case "content-disposition":
		kind, params, _ := mime.ParseMediaType(value) // what cannot be read is not attached
		h.attached = kind == "attachment"
		h.setName(params["filename"])
	case "subject", "list-unsubscribe", "snapshot-content-location":
		return m.mention(Entry{Line: at}, decodeWords(value), inProse)
	}
	for _, s := range senders {
		if name == s {
			return m.mention(Entry{Line: at}, decodeWords(value), inProse)
		}
	}
	return nil
}

func (h *header) setName(name string) {
	if name != "" {
		h.name = decodeWords(name)
	}
}

// decodeWords undoes encoded words (RFC 2047); what cannot be decoded stays as it is.
func decodeWords(text string) string {
	d := mime.WordDecoder{CharsetReader: func(label string, r io.Reader) (io.Reader, error) { return decodeLabel(r, label), nil }}
	out, err := d.DecodeHeader(text)
	if err != nil {
		return text
	}
	return out
}

// body reads a text part.
func (m *mailReading) body(h header) error {
	begins := m.at + 1
	raw := &partReader{m: m}
	var text io.Reader = raw
	still := true
	switch h.transfer {
	case "quoted-printable":
		text = quotedprintable.NewReader(raw)
	case "base64":
		text = base64.NewDecoder(base64.StdEncoding, raw)
	default:
		still = false
	}
	text = decodeLabel(text, h.params["charset"])
	var err error
	if h.kind == "text/html" {
		err = newPage(m.reading, text, begins, still).read()
	} else {
		err = m.prose(text, begins, still)
	}
	m.drain()
	return err
}

// prose reads a text part line by line.
func (m *mailReading) prose(text io.Reader, begins int, still bool) error {
	l := newLines(text)
	l.number, l.still = begins, still
	if !still {
		l.number--
	}
	for {
		line, err := l.next()
		if err != nil {
			return nil // the end, or an encoding that cannot be read on
		}
		if err := m.mention(Entry{Line: line.number}, line.text, placeOf(line.text)); err != nil {
			return err
		}
	}
}

// drain reads what is left of the body at hand.
func (m *mailReading) drain() {
	for !m.ended {
		_, _ = m.next() // its error is that the body has ended
	}
}

// next gives the next line of the body at hand; io.EOF at a boundary, which is then hit, and at the end of the file.
func (m *mailReading) next() (line, error) {
	l, err := m.lines.next()
	if err != nil {
		m.hit, m.ended = "", true
		return line{}, io.EOF
	}
	m.at = l.number
	if strings.HasPrefix(l.text, "--") && len(l.text) < 256 {
		text := strings.TrimRight(l.text, " \t")
		for _, b := range m.bounds {
			if text == b || text == b+"--" {
				m.hit, m.ended = text, true
				return line{}, io.EOF
			}
		}
	}
	return l, nil
}

// partReader gives the lines of a body, each ended by LF, as a stream.
type partReader struct {
	m    *mailReading
	rest string
}

func (p *partReader) Read(b []byte) (int, error) {
	if p.rest == "" {
		if p.m.ended {
			return 0, io.EOF
		}
		l, err := p.m.next()
		if err != nil {
			return 0, err
		}
		p.rest = l.text + "\n"
	}
	n := copy(b, p.rest)
	p.rest = p.rest[n:]
	return n, nil
}
