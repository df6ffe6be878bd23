// Package archive writes recorded exchanges as WARC, WACZ and HAR.
package archive

import (
	"net/netip"
	"time"
)

// Header is one header line as it was sent or received. Order and case are kept.
type Header struct{ Name, Value string }

// Exchange is one request with what came back for it. A redirect is an exchange of its own.
type Exchange struct {
	URL            string
	Method         string
	Started        time.Time
	Elapsed        time.Duration
	Kind           string // Chrome's resource type in lower case: document, script, image, xhr, fetch, websocket …
	RequestHeader  []Header
	RequestBody    []byte
	Protocol       string // http/1.1, h2, h3 …
	Status         int
	StatusText     string
	ResponseHeader []Header
	MIMEType       string
	Remote         netip.AddrPort // of the very connection; the zero value where none was made (cache, service worker, data)
	Body           []byte         // content-decoded, as Chrome gives it
	Truncated      string         // why Body is not whole (a limit), or empty
	ServiceWorker  bool           // answered by a service worker, not by the network
	FromCache      bool
	Failed         string // why there is no response; empty when there is one
	TLS            *TLS   // nil for a clear connection
	Initiator      string // address of the frame or script that asked, where known
	Target         string // page, frame, worker, service_worker
}

// TLS is what the connection of an exchange was protected with.
type TLS struct {
	Protocol, Cipher, KeyExchange string
	Subject, Issuer               string
	ValidFrom, ValidTo            time.Time
	SANs                          []string
}
