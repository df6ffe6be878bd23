package netfacts

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"sync"
	"time"

	"github.com/miekg/dns"
)

// carrier carries questions to one resolver. Several may be on their way at once.
type carrier interface {
	// carry gives what came of a question until ctx ends, also beside an error.
	carry(ctx context.Context, query *dns.Msg) (carried, error)
	close()
}

// carried is a question as it went, and what came back.
type carried struct {
	reply       *dns.Msg
	query, wire []byte
	server      string // that was talked to
	transport   string // where it is another than was asked for
	passed      int    // messages that answer something else
}

func (a *asker) carrier() carrier {
	switch a.Resolver.Transport {
	case TransportUDP:
		return datagrams{a}
	case TransportHTTPS:
		return a.overHTTPS()
	}
	return &streams{asker: a}
}

// talk sends a question over an open connection and waits for the answer to it.
func talk(ctx context.Context, raw net.Conn, query *dns.Msg) (carried, error) {
	stop := context.AfterFunc(ctx, func() { _ = raw.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	c := carried{server: raw.RemoteAddr().String()}
	conn := &dns.Conn{Conn: raw, UDPSize: dns.MaxMsgSize}
	var err error
	if c.query, err = query.Pack(); err != nil {
		return c, err
	}
	if _, err := conn.Write(c.query); err != nil {
		return c, err
	}
	for ; c.passed < maxPassedOver; c.passed++ {
		wire, err := conn.ReadMsgHeader(nil)
		if errors.Is(err, dns.ErrShortRead) {
			continue // no message at all
		}
		if err != nil {
			return c, err
		}
		reply := new(dns.Msg)
		if err := reply.Unpack(wire); err == nil && answers(reply, query) {
			c.reply, c.wire = reply, wire
			return c, nil
		}
	}
	return c, errors.New("sends answers to other questions")
}

// datagrams is UDP, with a port of its own for each question, so that nobody who does not see it can answer for the resolver (RFC 5452, 9.2).
type datagrams struct{ *asker }

func (d datagrams) carry(ctx context.Context, query *dns.Msg) (carried, error) {
	c, err := d.over(ctx, TransportUDP, query)
	if err != nil || !c.reply.Truncated {
		return c, err
	}
	passed := c.passed
	c, err = d.over(ctx, TransportTCP, query)
	c.transport, c.passed = TransportTCP, c.passed+passed
	return c, err
}

func (d datagrams) over(ctx context.Context, network string, query *dns.Msg) (carried, error) {
	raw, err := d.look.book.open(ctx, reasonDNS, d.Resolver.Address, network, d.Resolver.Address)
	if err != nil {
		return carried{}, err
	}
	defer raw.Close()
	return talk(ctx, raw, query)
}

func (d datagrams) close() {}

// streams is TCP and TLS. A connection carries one question at a time and is kept for the next one.
type streams struct {
	*asker

	mu   sync.Mutex
	idle []net.Conn
}

func (s *streams) carry(ctx context.Context, query *dns.Msg) (carried, error) {
	if raw := s.kept(); raw != nil {
		if c, err := s.use(ctx, raw, query); err == nil || ctx.Err() != nil {
			return c, err
		} // it was closed meanwhile
	}
	raw, err := s.open(ctx)
	if err != nil {
		return carried{}, err
	}
	return s.use(ctx, raw, query)
}

// kept is a connection that waits, or nil.
func (s *streams) kept() net.Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.idle) == 0 {
		return nil
	}
	raw := s.idle[len(s.idle)-1]
	s.idle = s.idle[:len(s.idle)-1]
	return raw
}

// use asks over a connection and keeps it, unless an answer may still be on its way.
func (s *streams) use(ctx context.Context, raw net.Conn, query *dns.Msg) (carried, error) {
	c, err := talk(ctx, raw, query)
	if err != nil {
		_ = raw.Close()
		return c, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.idle = append(s.idle, raw)
	return c, nil
}

func (s *streams) open(ctx context.Context) (net.Conn, error) {
	raw, err := s.look.book.open(ctx, reasonDNS, s.Resolver.Address, "tcp", s.Resolver.Address)
	if err != nil || s.Resolver.Transport == TransportTCP {
		return raw, err
	}
	conn := tls.Client(raw, s.trust())
	if err := conn.HandshakeContext(ctx); err != nil {
		_ = raw.Close()
		return nil, s.distrust(err)
	}
	return conn, nil
}

func (s *streams) close() {
	for _, raw := range s.idle {
		_ = raw.Close()
	}
}

// trust is how a certificate is checked, and kept.
func (a *asker) trust() *tls.Config {
	return &tls.Config{
		ServerName: a.Resolver.Name, RootCAs: a.Roots, MinVersion: tls.VersionTLS12, Time: a.Now,
		VerifyConnection: func(s tls.ConnectionState) error { a.shown(s.PeerCertificates); return nil },
	}
}

// distrust keeps a certificate that does not hold.
func (a *asker) distrust(err error) error {
	var bad *tls.CertificateVerificationError
	if errors.As(err, &bad) {
		a.shown(bad.UnverifiedCertificates)
	}
	return err
}

// overHTTPS is RFC 8484, with POST, which no cache and no log of addresses keeps.
type overHTTPS struct {
	*asker
	client *http.Client
	target string
}

func (a *asker) overHTTPS() overHTTPS {
	_, port, _ := net.SplitHostPort(a.Resolver.Address)
	h := overHTTPS{asker: a, target: "https://" + net.JoinHostPort(a.Resolver.Name, port) + a.Resolver.Path}
	h.client = &http.Client{
		Transport: &http.Transport{
			DialContext: h.dial, TLSClientConfig: a.trust(), ForceAttemptHTTP2: true, DisableCompression: true, MaxConnsPerHost: asksAtOnce,
			MaxResponseHeaderBytes: 64 << 10, TLSHandshakeTimeout: a.Timeout,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // nobody else is asked
	}
	return h
}

// dial connects to the resolver, whatever the name in its certificate.
func (h overHTTPS) dial(ctx context.Context, network, _ string) (net.Conn, error) {
	return h.look.reach(ctx, reasonDNS, network, h.Resolver.Address, func(netip.Addr) error { return nil })
}

const dnsMessage = "application/dns-message"

func (h overHTTPS) carry(ctx context.Context, query *dns.Msg) (c carried, err error) {
	query = query.Copy()
	query.Id = 0 // RFC 8484, 4.1
	if c.query, err = query.Pack(); err != nil {
		return c, err
	}
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) { c.server = i.Conn.RemoteAddr().String() }})
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, h.target, bytes.NewReader(c.query))
	if err != nil {
		return c, err
	}
	request.Header = http.Header{"Content-Type": {dnsMessage}, "Accept": {dnsMessage}, "User-Agent": {""}}
	response, err := h.client.Do(request)
	if err != nil {
		return c, h.distrust(err)
	}
	defer response.Body.Close()
	if c.wire, err = io.ReadAll(io.LimitReader(response.Body, dns.MaxMsgSize+1)); err != nil {
		return c, err
	}
	kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	reply := new(dns.Msg)
	switch {
	case response.StatusCode != http.StatusOK:
		return c, fmt.Errorf("HTTP status %d", response.StatusCode)
	case kind != dnsMessage:
		return c, fmt.Errorf("media type %q is not %s", kind, dnsMessage)
	case len(c.wire) > dns.MaxMsgSize:
		return c, errors.New("longer than a message can be")
	case reply.Unpack(c.wire) != nil || !answers(reply, query):
		return c, errors.New("no answer to the question")
	}
	c.reply = reply
	return c, nil
}

func (h overHTTPS) close() { h.client.CloseIdleConnections() }
