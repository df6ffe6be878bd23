package sitetest

import (
	"net"
	"sync"
	"sync/atomic"
)

// privateService stands for what a page must never reach: a router, a printer, a database beside the operator's machine. It counts every
// connection that is opened to it, and answers none.
type privateService struct {
	listener net.Listener
	count    atomic.Int64
	running  sync.WaitGroup
}

func newPrivateService() (*privateService, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &privateService{listener: l}
	p.running.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			p.count.Add(1)
			_ = c.Close()
		}
	})
	return p, nil
}

func (p *privateService) Close() error {
	err := p.listener.Close()
	p.running.Wait()
	return err
}

// RebindHost is a name of the pages that misbehave whose address is for a test to change.
const RebindHost = "rebind.example"

// Private is ADDRESS:PORT of a service that no page may reach; the pages that misbehave try to.
func (s *Site) Private() string { return s.private.listener.Addr().String() }

// PrivateContacts is how many connections were opened to it.
func (s *Site) PrivateContacts() int64 { return s.private.count.Load() }
