package redact

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"

	"yuzheng/casefile/evidence"
)

// boundary stands between the parts of what is written; no text that is encoded as ours can hold it.
const boundary = "=_yuzheng"

// carried are the fields of the head of a page that a copy keeps.
var carried = []string{"From", "Snapshot-Content-Location", "Subject", "Date", "Content-Id", "Content-Location"}

// mime masks a page as MHTML (RFC 2557), and mail whose parts lie beside each other: each part is unpacked, masked by what it is, and packed anew.
func (r *Redactor) mime(data []byte) Copy {
	m, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		return r.text(string(data))
	}
	media, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(media, "multipart/") || params["boundary"] == "" {
		return leaveOut(evidence.LeftFormat)
	}
	var parts bytes.Buffer
	w := multipart.NewWriter(&parts)
	if err := w.SetBoundary(boundary); err != nil {
		panic("redact: " + err.Error())
	}
	out := Copy{Masked: map[evidence.RedactionKind]int{}}
	in := multipart.NewReader(m.Body, params["boundary"])
	for {
		part, err := in.NextRawPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return leaveOut(evidence.LeftDamaged)
		}
		if err := r.part(w, part, &out); err != nil {
			return leaveOut(evidence.LeftDamaged)
		}
	}
	if err := w.Close(); err != nil {
		panic("redact: " + err.Error())
	}
	var b bytes.Buffer
	r.head(&b, textproto.MIMEHeader(m.Header), &out)
	fmt.Fprintf(&b, "MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"%s\"\r\n\r\n\r\n", boundary)
	b.Write(parts.Bytes())
	out.Data = b.Bytes()
	return out
}

// head writes what is carried.
func (r *Redactor) head(b *bytes.Buffer, from textproto.MIMEHeader, out *Copy) {
	for _, name := range carried {
		value := from.Get(name)
		if value != "" {
			fmt.Fprintf(b, "%s: %s\r\n", name, r.field(value, out))
		}
	}
}

// field masks the value of a field of a head, with its encoded words (RFC 2047) undone.
func (r *Redactor) field(value string, out *Copy) string {
	var words mime.WordDecoder
	if plain, err := words.DecodeHeader(value); err == nil {
		value = plain
	}
	c := r.text(oneLine(value))
	if c.LeftOut != "" {
		c.Data = []byte(squares)
	}
	out.Add("", Copy{Masked: c.Masked})
	return mime.QEncoding.Encode("utf-8", string(c.Data))
}

func oneLine(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text))
}

// part masks one part and writes it, unless it is left out. An error is one of the part.
func (r *Redactor) part(w *multipart.Writer, part *multipart.Part, out *Copy) error {
	var from io.Reader = part
	switch strings.ToLower(part.Header.Get("Content-Transfer-Encoding")) {
	case "base64":
		from = base64.NewDecoder(base64.StdEncoding, part)
	case "quoted-printable":
		from = quotedprintable.NewReader(part)
	}
	body, err := io.ReadAll(io.LimitReader(from, MaxPiece+1))
	if err != nil {
		return err
	}
	location, media := part.Header.Get("Content-Location"), part.Header.Get("Content-Type")
	c := r.Piece(location, media, body)
	out.Add(r.Text(location, nil), c)
	if c.LeftOut != "" {
		return nil
	}
	media, _, _ = strings.Cut(media, ";")
	head := textproto.MIMEHeader{"Content-Type": {r.field(media, out)}, "Content-Transfer-Encoding": {"base64"}}
	if strings.HasPrefix(media, "text/") {
		head.Set("Content-Type", r.field(media, out)+"; charset=utf-8")
		head.Set("Content-Transfer-Encoding", "quoted-printable")
	}
	for _, name := range []string{"Content-Id", "Content-Location"} {
		if value := part.Header.Get(name); value != "" {
			head.Set(name, r.field(value, out))
		}
	}
	to, err := w.CreatePart(head)
	if err != nil {
		panic("redact: " + err.Error())
	}
	if head.Get("Content-Transfer-Encoding") == "base64" {
		return lines64(to, c.Data)
	}
	q := quotedprintable.NewWriter(to)
	_, err = q.Write(c.Data)
	if err != nil {
		return err
	}
	return q.Close()
}

// lines64 writes Base64 in lines of 76 characters (RFC 2045, 6.8).
func lines64(w io.Writer, data []byte) error {
	text := base64.StdEncoding.EncodeToString(data)
	for len(text) > 0 {
		n := min(76, len(text))
		if _, err := io.WriteString(w, text[:n]+"\r\n"); err != nil {
			return err
		}
		text = text[n:]
	}
	return nil
}
