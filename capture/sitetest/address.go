package sitetest

import (
	"net"
	"strings"
)

// The schemes of the site. In the clear its names end in .localhost, which browsers take for a secure context (service
// workers), and addresses carry the real port: a bare browser finds them without help. Under TLS they end in .example
// and need Resolve.
const (
	Clear  = "http"
	Secure = "https"
)

// DeadHost is a name at which every connection is refused.
const DeadHost = "dead.example"

// URL is an address of the site: host is the first label of a name ("page", "cross", "bad").
func (s *Site) URL(scheme, host, path string) string {
	if scheme == Clear {
		return "http://" + host + ".localhost:" + s.port(s.clear) + path
	}
	return "https://" + host + ".example" + path
}

// Entry is where a visit of the page begins: two redirects before the page itself.
func (s *Site) Entry(scheme string) string { return s.URL(scheme, "page", "/entry") }

// Resolve tells, for each "HOST:PORT" of the site, the loopback address that serves it.
func (s *Site) Resolve() map[string]string {
	to := map[string]string{}
	for host, handler := range s.hosts {
		clear, secure := s.clear.Addr().String(), s.secure.Addr().String()
		if handler == nil {
			clear, secure = s.dead.String(), s.dead.String()
		}
		to[host+":80"], to[host+":443"] = clear, secure
		to[host+":"+s.port(s.clear)] = clear
		to[host+":"+s.port(s.secure)] = secure
	}
	return to
}

func (s *Site) port(l net.Listener) string {
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// hostName is the name in a Host header, without port, in lower case.
func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(host)
}
