package guard

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"

	"yuzheng/casefile/evidence"
)

// dial connects to HOST:PORT by the address that the whole capture keeps for it. Only the first connection resolves: a
// name that changes its answer afterwards (DNS rebinding) changes nothing.
func (g *Guard) dial(hostPort string, c *evidence.Connection) (net.Conn, error) {
	g.mu.Lock()
	p := g.pins[hostPort]
	if p == nil {
		p = &pin{}
		g.pins[hostPort] = p
	}
	g.mu.Unlock()

	p.mu.Lock()
	defer p.mu.Unlock()
	if p.remote.IsValid() {
		g.change(func() { c.Remote, c.Answers = p.remote, p.answers })
		return g.o.Dialer.DialContext(g.ctx, "tcp", p.remote.String())
	}
	conn, remote, answers, err := g.first(hostPort)
	p.remote, p.answers = remote, answers
	g.change(func() { c.Remote, c.Answers = remote, answers })
	return conn, err
}

// first resolves HOST:PORT and connects to the first of its permitted addresses that answers. One address that may not be
// reached refuses the name as a whole: a public site has no private address beside its public ones.
func (g *Guard) first(hostPort string) (net.Conn, netip.AddrPort, []netip.Addr, error) {
	candidates, err := g.candidates(g.ctx, hostPort)
	answers := addresses(candidates)
	var dns *net.DNSError
	if errors.As(err, &dns) && g.o.ByName {
		conn, err := g.o.Dialer.DialContext(g.ctx, "tcp", hostPort)
		return conn, netip.AddrPort{}, nil, err
	}
	if err != nil {
		return nil, netip.AddrPort{}, answers, err
	}
	for _, a := range candidates {
		if !g.mayReach(hostPort, a) {
			return nil, netip.AddrPort{}, answers, fmt.Errorf("%s: %w", a, ErrPrivate)
		}
	}
	var last error
	for _, a := range candidates {
		conn, err := g.o.Dialer.DialContext(g.ctx, "tcp", a.String())
		if err == nil {
			return conn, a, answers, nil
		}
		last = err
	}
	return nil, netip.AddrPort{}, answers, last
}

// candidates are the addresses of HOST:PORT, IPv4 first (an office often has no way out over IPv6).
func (g *Guard) candidates(ctx context.Context, hostPort string) ([]netip.AddrPort, error) {
	host, portText, err := net.SplitHostPort(hostPort)
	if err != nil {
		return nil, err
	}
	port, err := netip.ParseAddrPort("0.0.0.0:" + portText)
	if err != nil {
		return nil, err
	}
	if to, ok := g.o.Resolve[hostPort]; ok {
		return mapped(to, port.Port())
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.AddrPort{netip.AddrPortFrom(a.Unmap(), port.Port())}, nil
	}
	found, err := g.lookUp(ctx, host)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%s: %w", host, ErrNoAddress)
	}
	found = slices.Clone(found)
	slices.SortStableFunc(found, func(a, b netip.Addr) int { return a.Unmap().BitLen() - b.Unmap().BitLen() })
	out := make([]netip.AddrPort, len(found))
	for i, a := range found {
		out[i] = netip.AddrPortFrom(a.Unmap(), port.Port())
	}
	return out, nil
}

func mapped(to string, port uint16) ([]netip.AddrPort, error) {
	if ap, err := netip.ParseAddrPort(to); err == nil {
		return []netip.AddrPort{ap}, nil
	}
	a, err := netip.ParseAddr(to)
	if err != nil {
		return nil, fmt.Errorf("resolve map: %w", err)
	}
	return []netip.AddrPort{netip.AddrPortFrom(a, port)}, nil
}

func (g *Guard) mayReach(hostPort string, a netip.AddrPort) bool {
	return g.near.Beyond(a.Addr()) || slices.Contains(g.o.AllowPrivate, hostPort) || slices.Contains(g.o.AllowPrivate, a.String())
}

func addresses(aps []netip.AddrPort) []netip.Addr {
	out := make([]netip.Addr, len(aps))
	for i, a := range aps {
		out[i] = a.Addr()
	}
	return out
}
