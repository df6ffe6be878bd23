package capture

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// ErrRequest is wrapped by every error of Validate: the request itself is wrong, nothing was asked of anybody.
var ErrRequest = errors.New("not a page that can be captured")

// Validate reports what is wrong with a request before anything is started.
func (r Request) Validate() error {
	u, err := url.Parse(r.URL)
	switch {
	case err != nil:
		return fmt.Errorf("%w: %q: %w", ErrRequest, r.URL, err)
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("%w: %q: only http and https addresses are", ErrRequest, r.URL)
	case u.Hostname() == "":
		return fmt.Errorf("%w: %q: no host", ErrRequest, r.URL)
	case !slices.Contains(Views, r.View):
		return fmt.Errorf("%w: unknown view %q", ErrRequest, r.View)
	case r.Limits.Time <= 0:
		return fmt.Errorf("%w: no time limit", ErrRequest)
	}
	for _, hostport := range r.AllowPrivate {
		if _, _, err := net.SplitHostPort(hostport); err != nil {
			return fmt.Errorf("%w: allowed private address %q is not HOST:PORT", ErrRequest, hostport)
		}
	}
	for name, address := range r.Resolve {
		if !isAddress(address) {
			return fmt.Errorf("%w: %s is mapped to %q, which is no IP address", ErrRequest, name, address)
		}
	}
	return nil
}

func isAddress(s string) bool {
	if _, err := netip.ParseAddrPort(s); err == nil {
		return true
	}
	_, err := netip.ParseAddr(strings.Trim(s, "[]"))
	return err == nil
}
