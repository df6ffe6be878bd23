package netfacts

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// ErrResolver is wrapped by the error about a resolver that cannot be asked as it is written.
var ErrResolver = errors.New("not a resolver that can be asked")

// Resolver is one that a person chose to ask.
type Resolver struct {
	Transport string // TransportUDP …
	Address   string // ADDRESS:PORT; of TransportHTTPS also HOST:PORT
	Name      string // that its certificate is checked against
	Path      string // of TransportHTTPS, with its query
}

// The transports of a question.
const (
	TransportUDP   = "udp"   // RFC 1035, 4.2.1; over TCP where the answer does not fit
	TransportTCP   = "tcp"   // RFC 7766
	TransportTLS   = "tls"   // RFC 7858
	TransportHTTPS = "https" // RFC 8484
)

var usualPorts = map[string]string{TransportUDP: "53", TransportTCP: "53", TransportTLS: "853", TransportHTTPS: "443"}

// ParseResolver reads a resolver as people write it: 192.0.2.1, udp://192.0.2.1:53, tcp://[2001:db8::1], tls://192.0.2.1#NAME,
// https://NAME/dns-query, https://192.0.2.1/dns-query#NAME. NAME is what the certificate must be for; without one, what stands before it. Another
// name than that of https is none: somebody would have to be asked for its address. The error is an ErrResolver.
func ParseResolver(text string) (Resolver, error) {
	refuse := func(why string) (Resolver, error) {
		return Resolver{}, fmt.Errorf("%w: resolver %q: %s", ErrResolver, text, why)
	}
	if len(text) > 1000 {
		return refuse("too long")
	}
	if !strings.Contains(text, "://") {
		text = TransportUDP + "://" + bracketed(text)
	}
	u, err := url.Parse(text)
	if err != nil {
		return refuse(err.Error())
	}
	r := Resolver{Transport: u.Scheme, Path: u.RequestURI(), Name: nameOf(u)}
	port, known := usualPorts[r.Transport]
	if u.Port() != "" {
		port = u.Port()
	}
	r.Address = net.JoinHostPort(u.Hostname(), port)
	_, err = netip.ParseAddrPort(r.Address)
	secure := r.Transport == TransportTLS || r.Transport == TransportHTTPS
	if !secure {
		r.Name = ""
	}
	if r.Transport != TransportHTTPS {
		r.Path = ""
	}
	switch {
	case !known:
		return refuse("its scheme is none of udp, tcp, tls, https")
	case u.Hostname() == "" || u.User != nil || strings.Contains(u.Host, "%"):
		return refuse("it needs an address, without a zone or a user")
	case secure && !plain(r.Name), r.Transport == TransportHTTPS && !plain(u.Hostname()):
		return refuse("its name has a character that names of hosts have not")
	case err != nil && (r.Transport != TransportHTTPS || !portNumber(port)):
		return refuse("an address, not a name, is asked over " + r.Transport)
	case strays(u):
		return refuse("nothing may follow its address")
	}
	return r, nil
}

// strays reports whether an address has more behind it than its scheme has a meaning for.
func strays(u *url.URL) bool {
	switch path := strings.Trim(u.Path, "/"); u.Scheme {
	case TransportHTTPS:
		return false
	case TransportTLS:
		return path != "" || u.RawQuery != "" && !u.Query().Has("name")
	default:
		return path != "" || u.RawQuery != "" || u.Fragment != ""
	}
}

// plain reports whether a text has no characters but those of names of hosts in A-labels, and of addresses.
func plain(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune(".-_:", r))
	})
}

func portNumber(text string) bool {
	n, err := strconv.ParseUint(text, 10, 16)
	return err == nil && n > 0
}

// bracketed puts an IPv6 address into brackets, as addresses of resources have it (RFC 3986, 3.2.2).
func bracketed(text string) string {
	if a, err := netip.ParseAddr(text); err == nil && a.Is6() {
		return "[" + text + "]"
	}
	return text
}

// nameOf is what a certificate must be for.
func nameOf(u *url.URL) string {
	switch name := u.Query().Get("name"); {
	case u.Fragment != "":
		return u.Fragment
	case name != "" && u.Scheme == TransportTLS:
		return name
	}
	return u.Hostname()
}

// String writes it as ParseResolver reads it, with everything that was not said.
func (r Resolver) String() string {
	text := r.Transport + "://" + r.Address + r.Path
	if host, _, _ := net.SplitHostPort(r.Address); r.Name != "" && r.Name != host {
		text += "#" + r.Name
	}
	return text
}
