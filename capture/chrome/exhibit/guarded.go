package exhibit

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"yuzheng/capture"
	"yuzheng/capture/chrome/guard"
	"yuzheng/capture/chrome/guard/wire"
	"yuzheng/casefile/evidence"
)

// StartGuard opens the page's only way to the network.
func StartGuard(now func() time.Time, req evidence.Request, keys *wire.Keys) (*guard.Guard, error) {
	g := guard.Options{
		AllowPrivate: asBrowsers(req.AllowPrivate), Resolve: mappedAsBrowsers(req.Resolve), Bytes: req.Limits.Bytes, Patience: 10 * time.Second, Now: now,
		Keys: keys, Body: req.Limits.Body,
	}
	if req.Lookups.Resolver != "" {
		g.Resolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, req.Lookups.Resolver)
		}}
	}
	if req.Proxy != "" {
		d, err := guard.Upstream(req.Proxy)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", capture.ErrRequest, err)
		}
		g.Dialer, g.ByName = d, true
	}
	return guard.Start(g)
}

// asBrowsers gives places as a browser asks for them. What is none was refused by Validate.
func asBrowsers(places []string) []string {
	out := make([]string, len(places))
	for i, place := range places {
		out[i], _ = capture.HostPort(place)
	}
	return out
}

func mappedAsBrowsers(places map[string]string) map[string]string {
	out := make(map[string]string, len(places))
	for place, to := range places {
		place, _ = capture.HostPort(place)
		if _, err := netip.ParseAddrPort(to); err != nil {
			to = strings.Trim(to, "[]")
		}
		out[place] = to
	}
	return out
}
