// Package sitetest serves, on loopback alone, a site on which a recorder can be judged: a page of many kinds of
// resources whose bodies are known, and pages that misbehave. Tests alone reach it.
//
// Everything is made in memory from fixed seeds: two sites give the same bodies. Names end in .example, .example.com or .localhost,
// so that nothing outside can be meant by them.
package sitetest

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"yuzheng/capture/loopback"
	"yuzheng/capture/sitetest/wire"
	"yuzheng/casefile/evidence"
)

// marker stands in every page of the site: whoever searches a disk for traces of a capture searches for it.
const marker = "YUZHENG-MARKER-7Q4Z 域證標記"

// Options says how the site behaves.
type Options struct {
	Latency time.Duration // before every answer
	Kill    string        // path of a resource of the page whose connection is cut in the middle of its body
	Now     time.Time     // certificates are valid around it; the zero value is the machine's time

	Wire      *Wire      // every byte in our own hands and written down; nil serves with net/http
	Authority *Authority // signs the certificates; nil is one of the site's own
}

// Site is a running site. Close ends it.
type Site struct {
	authority *Authority
	hosts     map[string]http.Handler
	latency   time.Duration
	kill      string
	clear     net.Listener
	secure    net.Listener
	dead      *loopback.Refused
	private   *privateService
	registry  *loopback.Registry
	servers   []io.Closer
	wire      *Wire
	log       *wire.Log
	running   sync.WaitGroup
	closed    chan struct{}

	mu     sync.Mutex
	served []Served
}

// Start serves the page ("page" hosts), its other site ("cross"), the pages that misbehave ("bad"), a shop of many pages ("catalog"), those
// whose every byte is told ("raw") and the sites with bad certificates.
func Start(o Options) (*Site, error) {
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	a := o.Authority
	if a == nil {
		var err error
		if a, err = NewAuthority(o.Now); err != nil {
			return nil, fmt.Errorf("test site: %w", err)
		}
	}
	s := &Site{authority: a, latency: o.Latency, kill: o.Kill, closed: make(chan struct{}), wire: o.Wire, log: wire.NewLog()}
	s.hosts = s.handlers()
	if err := s.listen(); err != nil {
		return nil, errors.Join(fmt.Errorf("test site: %w", err), s.Close())
	}
	s.serve(s.clear, "http")
	s.serve(tls.NewListener(s.secure, s.tls()), "https")
	return s, nil
}

// handlers are the hosts by their names; nobody listens where there is none.
func (s *Site) handlers() map[string]http.Handler {
	page, cross, bad, catalog, fresh, raw := s.page(), s.cross(), s.misbehave(), s.catalog(), s.fresh(), s.raw()
	return map[string]http.Handler{
		"page.example": page, "page.localhost": page,
		"cross.example": cross, "cross.localhost": cross,
		"bad.example": bad, "bad.localhost": bad,
		"fresh.example": fresh, "fresh.localhost": fresh, "widget.example": fresh, "widget.localhost": fresh,
		"raw.example": raw, "raw.localhost": raw, "other.example": raw, "other.localhost": raw, upgradeHost: raw, strictHost: raw,
		RebindHost: bad, "catalog.example": catalog, "catalog.localhost": catalog,
		ExpiredHost: plain("憑證過期"), SelfSignedHost: plain("自簽憑證"), WrongHost: plain("憑證不符"),
		DeadHost: nil,
	}
}

func (s *Site) listen() (err error) {
	if s.clear, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return err
	}
	if s.secure, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return err
	}
	if s.private, err = newPrivateService(); err != nil {
		return err
	}
	if s.dead, err = loopback.NewRefused(); err != nil {
		return err
	}
	s.registry, err = loopback.StartRegistry(slices.Collect(maps.Keys(s.hosts))...)
	return err
}

func (s *Site) serve(l net.Listener, scheme string) {
	if s.wire != nil {
		s.serveWire(l, scheme)
		return
	}
	server := &http.Server{
		Handler:           s.front(scheme),
		ReadHeaderTimeout: time.Minute,
		ErrorLog:          quiet(),
	}
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(scheme == "https")
	server.Protocols = protocols
	s.servers = append(s.servers, server)
	s.running.Go(func() { _ = server.Serve(l) })
}

// Close ends the site and every connection to it.
func (s *Site) Close() error {
	close(s.closed)
	var errs []error
	for _, server := range s.servers {
		errs = append(errs, server.Close())
	}
	for _, l := range []net.Listener{s.clear, s.secure} {
		if l != nil {
			_ = l.Close() // closed by its server already, where there was one
		}
	}
	if s.registry != nil {
		errs = append(errs, s.registry.Close())
	}
	if s.private != nil {
		errs = append(errs, s.private.Close())
	}
	if s.dead != nil {
		errs = append(errs, s.dead.Close())
	}
	s.running.Wait()
	return errors.Join(errs...)
}

// Lookups are facts about the site's names without any outside contact.
func (s *Site) Lookups() evidence.Lookups { return s.registry.Lookups() }

// Client returns an HTTP client that trusts the site, finds its names, and follows no redirect.
func (s *Site) Client() *http.Client {
	resolve := s.Resolve()
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: s.authority.Pool()},
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if to, ok := resolve[address]; ok {
				address = to
			}
			return new(net.Dialer).DialContext(ctx, network, address)
		},
	}
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
