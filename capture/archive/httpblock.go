package archive

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"yuzheng/casefile/evidence"
)

// origin is set before the name of a header that no longer tells the truth about the body as it is stored.
const origin = "X-Archive-Orig-"

// responseHead writes the status line and the headers of a response. The status line says HTTP/1.1 whatever the
// connection spoke (WARC-Protocol has that). Bodies are stored content-decoded: Content-Encoding, Transfer-Encoding
// and Content-Length are kept under another name, and Content-Length says what is stored.
func responseHead(e Exchange) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/1.1 %03d %s\r\n", e.Status, lineBytes(e.StatusText))
	for _, h := range headerLines(e.ResponseHeader) {
		switch http.CanonicalHeaderKey(h.Name) {
		case "Content-Encoding":
			if !e.Coded {
				h.Name = origin + h.Name
			}
		case "Transfer-Encoding", "Content-Length":
			h.Name = origin + h.Name
		}
		b.WriteString(h.Name + ": " + h.Value + "\r\n")
	}
	if hasBody(e.Status) {
		b.WriteString("Content-Length: " + strconv.Itoa(len(e.Body)) + "\r\n")
	}
	b.WriteString("\r\n")
	return b.Bytes()
}

// hasBody is RFC 9110, section 6.4.1.
func hasBody(status int) bool {
	return status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified
}

// requestHead writes the request line and the headers of a request. HTTP/2's :authority turns into Host where there is none.
func requestHead(e Exchange) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\n", token(e.Method), requestTarget(e.URL))
	lines := headerLines(e.RequestHeader)
	if headerValue(lines, "Host") == "" {
		if host := hostOf(e); host != "" {
			b.WriteString("Host: " + host + "\r\n")
		}
	}
	for _, h := range lines {
		b.WriteString(h.Name + ": " + h.Value + "\r\n")
	}
	b.WriteString("\r\n")
	return b.Bytes()
}

func hostOf(e Exchange) string {
	for _, h := range e.RequestHeader {
		if strings.EqualFold(h.Name, ":authority") {
			return oneLine(h.Value)
		}
	}
	if u, err := url.Parse(e.URL); err == nil {
		return oneLine(u.Host)
	}
	return ""
}

func requestTarget(address string) string {
	rest := targetURI(address)
	if _, after, ok := strings.Cut(rest, "://"); ok {
		rest = after
	}
	slash := strings.IndexAny(rest, "/?")
	switch {
	case slash < 0:
		return "/"
	case rest[slash] == '?':
		return "/" + rest[slash:]
	}
	return rest[slash:]
}

// headerLines gives the headers as lines that cannot break the block: pseudo-headers of HTTP/2 are left out, a value of
// several lines (Chrome joins repeated headers so) becomes several headers.
func headerLines(list []evidence.Header) []evidence.Header {
	var lines []evidence.Header
	for _, h := range list {
		if strings.HasPrefix(h.Name, ":") {
			continue
		}
		for value := range strings.SplitSeq(h.Value, "\n") {
			lines = append(lines, evidence.Header{Name: token(h.Name), Value: lineBytes(value)})
		}
	}
	return lines
}

// lineBytes keeps every byte but those at which a line or a block could end.
func lineBytes(value string) string {
	b := []byte(value)
	for i, c := range b {
		if c == '\r' || c == '\n' || c == 0 {
			b[i] = ' '
		}
	}
	return string(b)
}

// token turns what is no character of a token (RFC 9110, section 5.6.2) into an underscore.
func token(name string) string {
	if name == "" {
		return "_"
	}
	return strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7f && !strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r) {
			return r
		}
		return '_'
	}, name)
}

func headerValue(list []evidence.Header, name string) string {
	for _, h := range list {
		if strings.EqualFold(h.Name, name) {
			return h.Value
		}
	}
	return ""
}

// mimeOf is the media type of a response without its parameters, as an index holds it.
func mimeOf(e Exchange) string {
	mime := headerValue(e.ResponseHeader, "Content-Type")
	if mime == "" {
		mime = e.MIMEType
	}
	mime, _, _ = strings.Cut(mime, ";")
	mime = strings.ToLower(oneLine(mime))
	if mime == "" || strings.ContainsAny(mime, " \"\\") {
		return "application/octet-stream"
	}
	return mime
}
