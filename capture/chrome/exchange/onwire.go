package exchange

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"time"

	"yuzheng/capture/chrome/guard/wire"
	"yuzheng/casefile/evidence"
)

// wireTime is how long an exchange waits until what has come is read: the reader is beside the connection, so it is there before the browser tells.
const wireTime = 10 * time.Second

// wires sets exchanges beside what the guard saw of them.
type wires struct {
	*core
	own  func(address string) bool // the tool itself has asked for it
	keep func(*Exchange)
}

// witness sets an exchange beside what was on the wire: its bytes are the server's, and what never was there the browser has made itself. It is not called
// under the ledger's lock.
func (w *wires) witness(h *Exchange) {
	if h.witnessed || w.network == nil {
		return
	}
	h.witnessed = true
	l := w.network.Wire()
	l.Idle(wireTime)
	w.ledger.mu.Lock()
	known := *h
	w.ledger.mu.Unlock()
	e, ok := l.Claim(h.Method, OnWireURL(h.URL), known.mark)
	if !ok && h.Kind == "websocket" {
		e, ok = l.Claim("CONNECT", OnWireURL(h.URL), known.mark) // a stream of HTTP/2 (RFC 8441)
	}
	w.ledger.mu.Lock()
	defer w.ledger.mu.Unlock()
	switch {
	case ok:
		h.seen(e)
	case h.Status > 0 && l.Unread(HostPort(h.URL)) != "":
		h.Remote = w.network.Remote(HostPort(h.URL)) // the browser's word is all there is
		if h.FromCache || h.ServiceWorker {
			h.Remote = netip.AddrPort{}
		}
	case h.Status > 0 && !h.FromCache && !h.ServiceWorker:
		h.Own = h.reason()
	}
}

// OnWireURL is an address as it is asked for: without fragment and credentials, WebSockets as what they begin as.
func OnWireURL(address string) string {
	address, _, _ = strings.Cut(address, "#")
	scheme, rest, ok := strings.Cut(address, "://")
	if !ok {
		return address
	}
	switch strings.ToLower(scheme) {
	case "ws":
		scheme = "http"
	case "wss":
		scheme = "https"
	}
	end := strings.IndexAny(rest, "/?")
	host, target := rest, "/"
	if end >= 0 {
		host, target = rest[:end], rest[end:]
		if target[0] == '?' {
			target = "/" + target
		}
	}
	if at := strings.LastIndexByte(host, '@'); at >= 0 {
		host = host[at+1:]
	}
	return scheme + "://" + host + target
}

// How much speaks for an exchange on the wire being a request of the browser.
const (
	sameStatus  = 1 << 20
	sameHeaders = 1 << 17
	maxGap      = 1 << 16 // in milliseconds
)

// mark is how much speaks for it; negative is that it cannot be.
func (h *Exchange) mark(e wire.Exchange) int {
	status := h.Status
	if h.rawStatus != 0 {
		status = h.rawStatus
	}
	if h.ServiceWorker || h.FromCache && !h.prefetched && e.Status != 304 {
		return -1
	}
	mark := 0
	if status == e.Status {
		mark += sameStatus + sameHeaders*common(h.ResponseHeader, e.Response)/8
	}
	gap := int(e.Asked.Sub(h.Started).Abs().Milliseconds())
	return mark + maxGap - min(gap, maxGap)
}

// common is how many eighths of what the browser tells of an answer's headers are the wire's too.
func common(told []evidence.Header, said []wire.Field) int {
	if len(told) == 0 {
		return 8
	}
	n := 0
	for _, h := range told {
		if slices.ContainsFunc(said, func(f wire.Field) bool { return strings.EqualFold(f.Name, h.Name) && f.Value == h.Value }) {
			n++
		}
	}
	return 8 * n / len(told)
}

// seen takes over what the wire says of an exchange.
func (h *Exchange) seen(e wire.Exchange) {
	h.said, h.onWire = e, true
	h.Remote, h.Protocol, h.Method = e.Remote, e.Protocol, e.Method
	h.Started, h.RequestHeader = e.Asked, fieldsOf(e.Request)
	if !e.Ended.IsZero() {
		h.Elapsed = e.Ended.Sub(e.Asked)
	}
	if len(e.Sent) > 0 && e.SentWhole {
		h.RequestBody = e.Sent
	}
	if e.Status == 0 {
		return
	}
	h.Early, h.Trailer = e.Early, fieldsOf(e.Trailer)
	h.FromCache = h.FromCache && e.Status != 304 && !h.prefetched
	h.Status, h.StatusText, h.ResponseHeader, h.Answered = e.Status, e.Reason, fieldsOf(e.Response), true
	if h.Failed != "" {
		h.Moved = e.Status >= 300 && e.Status < 400 && e.Header("Location") != "" // one that the browser did not follow
		h.Lost, h.Truncated, h.Failed = evidence.SaidAs(h.Failed), h.Failed, ""
	}
}

func fieldsOf(list []wire.Field) []evidence.Header {
	out := make([]evidence.Header, len(list))
	for i, f := range list {
		out[i] = evidence.Header(f)
	}
	return out
}

// tlsOnWire is what the wire tells of a connection of which the browser has told nothing.
func tlsOnWire(e wire.Exchange) *evidence.TLS {
	if !e.Secure {
		return nil
	}
	out := &evidence.TLS{Protocol: tls.VersionName(e.Version), Cipher: tls.CipherSuiteName(e.Suite)}
	if len(e.Certificates) > 0 {
		if leaf, err := x509.ParseCertificate(e.Certificates[0]); err == nil {
			out.Subject, out.Issuer, out.SANs = leaf.Subject.CommonName, leaf.Issuer.CommonName, leaf.DNSNames
			out.ValidFrom, out.ValidTo = leaf.NotBefore.UTC(), leaf.NotAfter.UTC()
		}
	}
	return out
}

// reason is why the browser made an answer itself, as far as it says so.
func (h *Exchange) reason() string {
	if why := Header(h.ResponseHeader, "Non-Authoritative-Reason"); why != "" {
		return why
	}
	if h.Moved {
		return "redirect"
	}
	return "answer"
}

// body gives the body of an exchange as it came over the wire, decoded; ok is false where it must be had from the browser. Of one that is
// still open it gives what has come.
func (w *wires) body(h *Exchange) (body, part []byte, ok bool) {
	if !h.onWire {
		return nil, nil, false
	}
	e := w.network.Wire().Body(h.said)
	if e.Status == 0 || !e.Kept || e.Status == 304 {
		return nil, nil, false
	}
	body, err := decoded(e.Body, e.Response, w.limits.Body)
	if !e.Whole {
		return nil, body, false
	}
	if errors.Is(err, errCoding) {
		w.ledger.mu.Lock()
		h.Coded = true
		w.ledger.mu.Unlock()
		w.journal.Warn(evidence.BodyCoded.With(h.URL, err))
		return e.Body, nil, true
	}
	return body, nil, err == nil
}

// unasked records those wanted of the exchanges on the wire that the browser has told nothing of: what it fetched ahead, sent while leaving, or asked again.
func (w *wires) unasked(wanted func(wire.Exchange) bool) {
	l := w.network.Wire()
	l.Idle(wireTime)
	for _, e := range l.Rest(wanted) {
		h := w.silent(e)
		if h == nil {
			continue
		}
		w.ledger.mu.Lock()
		w.ledger.order = append(w.ledger.order, h)
		w.ledger.secure(h)
		w.ledger.mu.Unlock()
		w.keep(h)
	}
}

// silent is an exchange that only the wire knows; nil for a request without an answer, which the browser has sent again or told of in its own way.
func (w *wires) silent(e wire.Exchange) *Exchange {
	if e.Status == 0 {
		return nil
	}
	h := &Exchange{phase: phase{done: true, body: true, sealed: true}, seenOnWire: seenOnWire{witnessed: true}}
	h.URL, h.Method = e.URL(), e.Method
	h.Kind, h.Target = kindOf(e), "unknown"
	h.seen(e)
	if w.own(h.URL) {
		h.Kind = KindIcon
	}
	h.RequestBody = e.Sent
	body, err := decoded(e.Body, e.Response, w.limits.Body)
	if errors.Is(err, errCoding) {
		body, err, h.Coded = e.Body, nil, true
	}
	switch {
	case !e.Whole:
		h.Lost = evidence.BrokeOff.With()
	case !e.Kept:
		h.Lost = evidence.BodyNoRoom.With()
	case err != nil:
		h.Lost = evidence.Said(err)
	}
	h.Body, h.Truncated = body, h.Lost.String()
	if h.Lost.Silent() && e.Size > 0 && len(h.Body) == 0 && len(e.Body) == 0 {
		h.Lost = evidence.BodyNotKept.With()
		h.Truncated = h.Lost.String()
	}
	return h
}

// kindOf is what a request is for, as it says itself (Fetch Metadata; Sec-Purpose of prefetching).
func kindOf(e wire.Exchange) string {
	get := func(name string) string { return Header(fieldsOf(e.Request), name) }
	purpose := get("Sec-Purpose") + get("Purpose")
	switch dest := get("Sec-Fetch-Dest"); {
	case strings.Contains(purpose, "prefetch"):
		return "prefetch"
	case get("Content-Type") == "text/ping" || get("Ping-To") != "":
		return "ping"
	case dest == "empty":
		return "fetch"
	case dest != "":
		return dest
	}
	return "other"
}

// unread warns of connections whose bytes could not be read, so that the browser's word is all there is.
func (w *wires) unread() {
	for _, c := range w.network.Connections() {
		if why := w.network.Wire().Unread(c.Host); why != "" {
			w.journal.Warn(evidence.WireUnread.With(c.Host, why))
		}
	}
}

// BrowserHops lists the redirects that no server sent: the browser itself went on, and why.
func (r *Recorder) BrowserHops() (list []browserHop) {
	r.ledger.mu.Lock()
	defer r.ledger.mu.Unlock()
	for _, h := range r.ledger.order {
		if h.Moved && h.Own != "" {
			list = append(list, browserHop{h.URL, h.Own})
		}
	}
	return list
}

// browserHop is a redirect that the browser made itself (HSTS, an upgrade to https): url was never asked.
type browserHop struct{ URL, Why string }
