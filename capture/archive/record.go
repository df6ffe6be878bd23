package archive

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"yuzheng/casefile/evidence"
)

// The kinds of WARC records that are written (ISO 28500:2017, section 6).
const (
	warcInfo     = "warcinfo"
	warcResponse = "response"
	warcRequest  = "request"
	warcResource = "resource"
	warcMetadata = "metadata"
)

// record is one WARC/1.1 record. Its block is head followed by body; body is what a payload digest covers.
type record struct {
	kind       string
	uri        string
	at         time.Time
	mediaType  string
	fields     []evidence.Header // further named fields, in order
	head, body []byte
}

var recordTail = []byte("\r\n\r\n")

// digest is the form that WARC and WACZ readers agree on.
func digest(parts ...[]byte) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write(p)
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

// id names the n-th record of a file. It follows from what the record holds, so that the same recording gives the same
// file: an RFC 9562 version 8 UUID out of SHA-256.
func (r *record) id(n int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d\n%s\n%s\n%s\n%s", n, r.kind, r.uri, instant(r.at), digest(r.head, r.body)))
	u := sum[:16]
	u[6] = u[6]&0x0f | 0x80
	u[8] = u[8]&0x3f | 0x80
	return fmt.Sprintf("<urn:uuid:%x-%x-%x-%x-%x>", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

// header is the record's own head, up to and with its empty line.
func (r *record) header(id string) []byte {
	var b bytes.Buffer
	line := func(name, value string) { b.WriteString(name + ": " + oneLine(value) + "\r\n") }
	b.WriteString("WARC/1.1\r\n")
	line("WARC-Type", r.kind)
	line("WARC-Record-ID", id)
	line("WARC-Date", instant(r.at))
	if r.uri != "" {
		line("WARC-Target-URI", r.uri)
	}
	for _, f := range r.fields {
		line(f.Name, f.Value)
	}
	if r.kind == warcResponse || r.kind == warcRequest || r.kind == warcResource {
		line("WARC-Payload-Digest", digest(r.body))
	}
	line("WARC-Block-Digest", digest(r.head, r.body))
	line("Content-Type", r.mediaType)
	line("Content-Length", strconv.Itoa(len(r.head)+len(r.body)))
	b.WriteString("\r\n")
	return b.Bytes()
}

// instant is a W3C date with microseconds, as WARC/1.1 allows: a page asks for several things within a millisecond, and their order is evidence.
func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

// date is a W3C date with milliseconds.
func date(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// oneLine keeps a value from ending its line: control characters turn into spaces.
func oneLine(value string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, value))
}

// targetURI is an address as it may stand in a record: no fragment, nothing that a line or a field could end at.
func targetURI(address string) string {
	address, _, _ = strings.Cut(address, "#")
	var b strings.Builder
	for i := range len(address) {
		if c := address[i]; c <= ' ' || c >= 0x7f || c == '<' || c == '>' || c == '"' {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
