// Package archive writes recorded exchanges as WARC, WACZ and HAR.
package archive

import (
	"net/netip"
	"strings"
	"time"
	"unicode/utf8"

	"yuzheng/casefile/evidence"
)

// Readable gives headers as text: bytes that are no UTF-8 are taken as Latin-1, as a browser shows them to scripts. The archive has the bytes.
func Readable(list []evidence.Header) []evidence.Header {
	out := make([]evidence.Header, len(list))
	for i, h := range list {
		out[i] = evidence.Header{Name: readable(h.Name), Value: readable(h.Value)}
	}
	return out
}

func readable(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		b.WriteRune(rune(s[i]))
	}
	return b.String()
}

// Exchange is one request with what came back for it. A redirect is an exchange of its own.
type Exchange struct {
	URL            string
	Method         string
	Started        time.Time
	Elapsed        time.Duration
	Kind           string // Chrome's resource type in lower case: document, script, image, xhr, fetch, websocket …
	RequestHeader  []evidence.Header
	RequestBody    []byte
	Protocol       string // http/1.1, h2, h3 …
	Status         int
	StatusText     string
	ResponseHeader []evidence.Header
	MIMEType       string
	Remote         netip.AddrPort // of the very connection; the zero value where nothing went over one
	Body           []byte         // content-decoded, as Chrome gives it
	Truncated      string         // why Body is not whole (a limit), or empty
	ServiceWorker  bool           // answered by a service worker, not by the network
	FromCache      bool
	Own            string            // not empty: the browser made the answer itself, nothing was on the wire; why, as far as it says so
	Early          []int             // informational answers before the answer (RFC 9110, 15.2)
	Trailer        []evidence.Header // after the body
	Coded          bool              // Body still has its content coding: it is not what its header names
	Failed         string            // why there is no response; empty when there is one
	TLS            *evidence.TLS     // nil for a clear connection
	Initiator      string            // address of the frame or script that asked, where known
	Target         string            // page, frame, worker, service_worker
}
