package archive

import (
	"fmt"
	"strings"

	"yuzheng/casefile/evidence"
)

// recordsOf turns an exchange into records that stand together. The first is the one to be indexed, where there is one.
//
// What came over a connection is a response with that connection's WARC-IP-Address, and what went over it a request. An answer without one (cache, service
// worker, the browser itself) is no response of a server: where it has a body that stands in a resource record without address, and a metadata record says
// where it came from. The same record tells why a body is not whole, or why there is no answer.
func recordsOf(e Exchange) []record {
	uri := targetURI(e.URL)
	var list []record
	switch {
	case answered(e):
		list = append(list, record{
			kind: warcResponse, uri: uri, at: e.Started, mediaType: "application/http; msgtype=response",
			fields: responseFields(e), head: responseHead(e), body: e.Body,
		})
	case e.Own == "" && e.Status >= 200 && e.Status < 300 && len(e.Body) > 0:
		list = append(list, record{kind: warcResource, uri: uri, at: e.Started, mediaType: resourceType(e), fields: truncated(e), body: e.Body})
	}
	if travelled(e) {
		list = append(list, record{
			kind: warcRequest, uri: uri, at: e.Started, mediaType: "application/http; msgtype=request",
			fields: connectionFields(e), head: requestHead(e), body: e.RequestBody,
		})
	}
	if note := noteOf(e); note != "" {
		list = append(list, record{kind: warcMetadata, uri: uri, at: e.Started, mediaType: "application/warc-fields", body: []byte(note)})
	}
	return list
}

// answered says whether a server gave the answer, over a connection of this visit.
func answered(e Exchange) bool { return e.Status > 0 && travelled(e) }

// travelled says whether the request went over a connection of this visit.
func travelled(e Exchange) bool {
	return e.Remote.IsValid() && !e.ServiceWorker && !e.FromCache && e.Own == ""
}

func responseFields(e Exchange) []evidence.Header {
	return append(connectionFields(e), truncated(e)...)
}

// connectionFields follow the IIPC's proposals for WARC-Protocol and WARC-Cipher-Suite.
func connectionFields(e Exchange) []evidence.Header {
	var list []evidence.Header
	if travelled(e) {
		list = append(list, evidence.Header{Name: "WARC-IP-Address", Value: e.Remote.Addr().Unmap().WithZone("").String()})
	}
	if e.Protocol != "" {
		list = append(list, evidence.Header{Name: "WARC-Protocol", Value: e.Protocol})
	}
	if e.TLS == nil {
		return list
	}
	if e.TLS.Protocol != "" {
		list = append(list, evidence.Header{Name: "WARC-Protocol", Value: strings.ToLower(strings.ReplaceAll(e.TLS.Protocol, " ", "/"))})
	}
	if e.TLS.Cipher != "" {
		list = append(list, evidence.Header{Name: "WARC-Cipher-Suite", Value: cipherSuite(*e.TLS)})
	}
	return list
}

// cipherSuite gives IANA's name where the browser's short one leaves no choice: in TLS 1.3 the cipher implies the hash
// (RFC 8446, appendix B.4).
func cipherSuite(t evidence.TLS) string {
	if t.Protocol != "TLS 1.3" {
		return t.Cipher
	}
	switch t.Cipher {
	case "AES_128_GCM", "CHACHA20_POLY1305":
		return "TLS_" + t.Cipher + "_SHA256"
	case "AES_256_GCM":
		return "TLS_" + t.Cipher + "_SHA384"
	}
	return t.Cipher
}

func truncated(e Exchange) []evidence.Header {
	switch {
	case e.Truncated != "":
		return []evidence.Header{{Name: "WARC-Truncated", Value: "unspecified"}} // the metadata record has the reason
	case e.Failed != "":
		return []evidence.Header{{Name: "WARC-Truncated", Value: "disconnect"}}
	}
	return nil
}

func resourceType(e Exchange) string {
	if t := oneLine(headerValue(e.ResponseHeader, "Content-Type")); t != "" {
		return t
	}
	return mimeOf(e)
}

// noteOf says, as lines of application/warc-fields, what a response record cannot.
func noteOf(e Exchange) string {
	var b strings.Builder
	line := func(name, value string) { fmt.Fprintf(&b, "%s: %s\r\n", name, oneLine(value)) }
	if e.Failed != "" {
		line("failed", e.Failed)
	}
	if e.Truncated != "" {
		line("truncated", e.Truncated)
	}
	for _, status := range e.Early {
		line("informational-status", fmt.Sprint(status))
	}
	for _, h := range headerLines(e.Trailer) {
		line("trailer", h.Name+": "+h.Value)
	}
	if e.Coded {
		line("content-coding", "the body is not in the coding that its header names; it stands as it came")
	}
	if e.Status == 0 || answered(e) {
		return b.String()
	}
	switch {
	case e.Own != "":
		line("answered-by", "browser")
		line("reason", e.Own)
	case e.ServiceWorker:
		line("answered-by", "service worker")
	case e.FromCache:
		line("answered-by", "cache")
	default:
		line("answered-by", "unknown, no connection recorded")
	}
	line("http-status", fmt.Sprint(e.Status))
	for _, h := range headerLines(e.ResponseHeader) {
		line("http-header", h.Name+": "+h.Value)
	}
	return b.String()
}
