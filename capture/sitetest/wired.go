package sitetest

import (
	"crypto/tls"
	"errors"
	"net"

	"yuzheng/capture/sitetest/wire"
)

// Wire says how a site is served whose every byte is written down.
type Wire struct {
	HTTP1     bool        // no HTTP/2 over TLS
	TLS       *tls.Config // versions, cipher suites and curves that the site keeps to; nil is what is usual
	Untrusted bool        // every certificate is signed by itself
}

// Exchanges are what was asked and what was sent, where Options.Wire is set.
func (s *Site) Exchanges() []wire.Exchange { return s.log.Exchanges() }

func (s *Site) serveWire(l net.Listener, scheme string) {
	server := &wire.Server{Handler: s.front(scheme), Log: s.log}
	s.servers = append(s.servers, wired{server, l})
	s.running.Go(func() { _ = server.Serve(l) }) // until l is closed
}

// wired is a server with its listener.
type wired struct {
	server   *wire.Server
	listener net.Listener
}

// Close implements io.Closer.
func (w wired) Close() error { return errors.Join(w.listener.Close(), w.server.Close()) }

// tls says with which certificates and for which protocols the site speaks.
func (s *Site) tls() *tls.Config {
	c := &tls.Config{GetCertificate: s.certificate, NextProtos: []string{"h2", "http/1.1"}}
	if s.wire == nil {
		return c
	}
	if only := s.wire.TLS; only != nil {
		c.MaxVersion, c.CipherSuites, c.CurvePreferences = only.MaxVersion, only.CipherSuites, only.CurvePreferences
	}
	if s.wire.HTTP1 {
		c.NextProtos = []string{"http/1.1"}
	}
	return c
}
