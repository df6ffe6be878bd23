// Package site serves the web site of the training case, on loopback alone: a false investment site, its invitation with a QR code, a shop that
// shows phones something else, and a mirror that no longer answers. All of it is made up. It is made in memory, the same in every run.
package site

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"yuzheng/capture/loopback"
	"yuzheng/casefile/evidence"
)

// The names of the training case. They end in .example, so that nothing outside can be meant by them.
const (
	investHost = "vip-invest.example"      // a false investment site
	joinHost   = "join.vip-invest.example" // its invitation, with a QR code
	ShopHost   = "shop.example"            // a shop on a desktop, the investment site for phones and clicks from an advertisement
	MirrorHost = "mirror-old.example"      // a mirror at which every connection is refused
)

// Hosts lists them in the order in which the case is told.
var Hosts = []string{investHost, joinHost, ShopHost, MirrorHost}

// Site is the running site. Close ends it.
type Site struct {
	authority *loopback.Authority
	registry  *loopback.Registry
	refused   *loopback.Refused
	listener  net.Listener
	server    *http.Server
	running   sync.WaitGroup
}

// Start serves the site over https with certificates that are valid around now.
func Start(now time.Time) (*Site, error) {
	s := &Site{}
	if err := s.prepare(now); err != nil {
		return nil, errors.Join(fmt.Errorf("training site: %w", err), s.Close())
	}
	s.running.Go(func() { _ = s.server.ServeTLS(s.listener, "", "") }) // until Close
	return s, nil
}

func (s *Site) prepare(now time.Time) error {
	pages, err := handler()
	if err != nil {
		return err
	}
	if s.authority, err = loopback.NewAuthority(now, nil); err != nil {
		return err
	}
	if s.registry, err = loopback.StartRegistry(Hosts...); err != nil {
		return err
	}
	if s.refused, err = loopback.NewRefused(); err != nil {
		return err
	}
	if s.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return err
	}
	s.server = &http.Server{
		Handler: pages, TLSConfig: &tls.Config{GetCertificate: s.authority.Certificate},
		ReadHeaderTimeout: time.Minute, ErrorLog: log.New(io.Discard, "", 0),
	}
	return nil
}

// Resolve tells, for each "HOST:443" of the site, the loopback address that serves or refuses it.
func (s *Site) Resolve() map[string]string {
	to := map[string]string{}
	for _, host := range Hosts {
		to[host+":443"] = s.listener.Addr().String()
	}
	to[MirrorHost+":443"] = s.refused.String()
	return to
}

// Lookups are facts about the site's names without any outside contact.
func (s *Site) Lookups() evidence.Lookups { return s.registry.Lookups() }

// Close ends the site and every connection to it.
func (s *Site) Close() error {
	var errs []error
	if s.server != nil {
		errs = append(errs, s.server.Close())
	}
	if s.listener != nil {
		_ = s.listener.Close() // closed by its server already, where that has begun to serve
	}
	if s.refused != nil {
		errs = append(errs, s.refused.Close())
	}
	if s.registry != nil {
		errs = append(errs, s.registry.Close())
	}
	s.running.Wait()
	return errors.Join(errs...)
}
