package guard

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
)

// answer is what a name server said of a name, for the whole capture.
type answer struct {
	mu    sync.Mutex
	given bool
	found []netip.Addr
	err   error
}

// lookUp asks for a name once. What was answered holds, that there is no such name included; a server that did not answer is asked again.
func (g *Guard) lookUp(ctx context.Context, name string) ([]netip.Addr, error) {
	g.mu.Lock()
	a := g.names[name]
	if a == nil {
		a = &answer{}
		g.names[name] = a
	}
	g.mu.Unlock()
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.given {
		return a.found, a.err
	}
	a.found, a.err = g.o.Resolver.LookupNetIP(ctx, "ip", name)
	var dns *net.DNSError
	a.given = a.err == nil || errors.As(a.err, &dns) && dns.IsNotFound
	return a.found, a.err
}
