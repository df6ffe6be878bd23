// Package guard is the only way from a captured page to the network: a SOCKS5 proxy on loopback that resolves names itself,
// refuses private addresses at connect time, keeps to the address it found, and writes down every connection.
//
// SOCKS and not an HTTP proxy, because the bytes then pass untouched: a site sees the requests that it would see without us.
package guard

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"yuzheng/capture/chrome/guard/wire"
	"yuzheng/casefile/evidence"
)

// Reasons for which a connection is refused. The page sees a failed connection; the record has the reason.
var (
	ErrPrivate   = errors.New("private or reserved address") // or this machine's own, or a neighbour's
	ErrUnasked   = errors.New("host that no recorded request asked for")
	ErrExhausted = errors.New("byte limit of the capture reached")
	ErrNoAddress = errors.New("name has no address")
)

// Dialer connects to an address. net.Dialer is one.
type Dialer interface {
	DialContext(ctx context.Context, network, address string) (net.Conn, error)
}

// Resolver gives the addresses of a host name. net.Resolver is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// Options says how a guard reaches the network. The zero value refuses every host, because none was asked for.
type Options struct {
	AllowPrivate []string          // HOST:PORT or ADDRESS:PORT let through though private
	Resolve      map[string]string // "HOST:PORT" to "ADDRESS" or "ADDRESS:PORT"
	Resolver     Resolver          // nil is the system's
	Dialer       Dialer            // nil connects directly
	ByName       bool              // Dialer is an upstream proxy: a name that does not resolve here is handed to it
	Bytes        int64             // received bytes after which everything is cut; 0 is without limit
	Patience     time.Duration     // how long a connection waits for its host to be asked for
	Keys         *wire.Keys        // of the browser's TLS connections, so that the record of the wire can read them; nil: it cannot
	Body         int64             // longest body that the record of the wire keeps; 0 is without limit
	Now          func() time.Time
}

// Guard is a running proxy. It is safe for concurrent use.
type Guard struct {
	o        Options
	listener net.Listener
	wire     *wire.Log
	ctx      context.Context // ends with Close; the connections are its own
	cancel   context.CancelFunc
	wg       sync.WaitGroup

	near Neighbourhood

	mu       sync.Mutex
	names    map[string]*answer
	asked    map[string]bool
	news     chan struct{} // closed and replaced whenever asked grows
	pins     map[string]*pin
	log      []*evidence.Connection
	received int64
	full     bool
}

// pin is the address that a HOST:PORT has for the whole capture.
type pin struct {
	mu      sync.Mutex
	remote  netip.AddrPort
	answers []netip.Addr
}

// Start listens on a loopback port and serves until Close.
func Start(o Options) (*Guard, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("guard: listen: %w", err)
	}
	if o.Resolver == nil {
		o.Resolver = net.DefaultResolver
	}
	if o.Dialer == nil {
		o.Dialer = &net.Dialer{Timeout: 20 * time.Second}
	}
	here, err := Neighbours()
	if err != nil {
		l.Close()
		return nil, fmt.Errorf("guard: %w", err)
	}
	g := &Guard{o: o, listener: l, near: here, names: map[string]*answer{}, asked: map[string]bool{}, pins: map[string]*pin{}, news: make(chan struct{})}
	g.wire = wire.NewLog(wire.Options{Keys: o.Keys, Body: o.Body, Room: wireRoom, Now: o.Now})
	g.ctx, g.cancel = context.WithCancel(context.Background())
	g.wg.Go(g.serve)
	return g, nil
}

// Host is what a browser calls every guard. It is to resolve this name and nothing else: a proxy that somebody else prescribes, on this machine too,
// is then out of its reach.
const Host = "guard.invalid"

// Address is the proxy's URL for Chrome.
func (g *Guard) Address() string {
	return fmt.Sprintf("socks5://%s:%d", Host, g.listener.Addr().(*net.TCPAddr).Port)
}

// Close cuts every connection and waits until all are gone.
func (g *Guard) Close() {
	g.cancel()
	g.listener.Close()
	g.wg.Wait()
	g.wire.Wait()
}

// wireRoom is what the bodies on the wire may take in memory until somebody takes them, in bytes.
const wireRoom = 64 << 20

// Wire is what was said on the connections.
func (g *Guard) Wire() *wire.Log { return g.wire }

// Ask lets connections to HOST:PORT pass: a recorded request asked for it.
func (g *Guard) Ask(hostPort string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.asked[hostPort] {
		return
	}
	g.asked[hostPort] = true
	close(g.news)
	g.news = make(chan struct{})
}

// Remote is the address that connections to HOST:PORT went to, or the zero value.
func (g *Guard) Remote(hostPort string) netip.AddrPort {
	g.mu.Lock()
	p := g.pins[hostPort]
	g.mu.Unlock()
	if p == nil {
		return netip.AddrPort{}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.remote
}

// Reason says why the last connection to HOST:PORT came to nothing, or is empty.
func (g *Guard) Reason(hostPort string) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	reason := ""
	for _, c := range g.log {
		if c.Host == hostPort {
			reason = c.Refused
		}
	}
	return reason
}

// Forbids reports whether HOST:PORT may not be reached: it is such an address itself, or a connection was refused for that.
func (g *Guard) Forbids(hostPort string) bool {
	if host, _, err := net.SplitHostPort(hostPort); err == nil {
		if a, err := netip.ParseAddr(host); err == nil {
			found, err := g.candidates(g.ctx, hostPort)
			return err == nil && len(found) > 0 && found[0].Addr() == a.Unmap() && !g.mayReach(hostPort, found[0])
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.ContainsFunc(g.log, func(c *evidence.Connection) bool { return c.Host == hostPort && c.Private })
}

// Connections gives a copy of the log, in the order in which the connections were asked for.
func (g *Guard) Connections() []evidence.Connection {
	g.mu.Lock()
	defer g.mu.Unlock()
	out := make([]evidence.Connection, len(g.log))
	for i, c := range g.log {
		out[i] = *c
	}
	return out
}

// Received is the number of bytes that came back over all connections, and whether that reached the limit.
func (g *Guard) Received() (n int64, full bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.received, g.full
}

// permitted waits until a recorded request has asked for the host.
func (g *Guard) permitted(hostPort string) error {
	timer := time.NewTimer(g.o.Patience)
	defer timer.Stop()
	for {
		g.mu.Lock()
		ok, news, full := g.asked[hostPort], g.news, g.full
		g.mu.Unlock()
		switch {
		case full:
			return ErrExhausted
		case ok:
			return nil
		}
		select {
		case <-news:
		case <-timer.C:
			return ErrUnasked
		case <-g.ctx.Done():
			return g.ctx.Err()
		}
	}
}

// count adds received bytes and cuts everything once the limit is passed.
func (g *Guard) count(c *evidence.Connection, n int64, received bool) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !received {
		c.Sent += n
		return nil
	}
	c.Received += n
	g.received += n
	if g.o.Bytes > 0 && g.received > g.o.Bytes {
		g.full = true
		return ErrExhausted
	}
	return nil
}

func (g *Guard) note(hostPort string) *evidence.Connection {
	c := &evidence.Connection{Host: hostPort, Started: g.o.Now().UTC()}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.log = append(g.log, c)
	return c
}

func (g *Guard) change(f func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	f()
}
