package crawl

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"

	"github.com/nlnwa/whatwg-url/url"
	"golang.org/x/net/publicsuffix"
)

// Scope says which addresses belong to the site that a start names.
type Scope string

// The scopes.
const (
	scopeDomain Scope = "domain" // the registrable domain (public suffix list with its private part) and every name under it, on any port
	scopeHost   Scope = "host"   // the same host and port, with and without TLS
	scopePath   Scope = "path"   // scopeHost, and the folder of the start's path: "/a/b" and "/a/" are both "/a/"
)

// scope tells the addresses of a site from others. One truth for us and for colly: expressions that match canonical addresses.
type scope struct {
	name  string
	pages *regexp.Regexp
	hosts *regexp.Regexp // without regard to the path: robots.txt and sitemaps lie at the top
}

func scopeOf(start *url.Url, s Scope) (scope, error) {
	const end = `(?:[/?#]|$)`
	host := strings.TrimSuffix(start.Hostname(), ".")
	if s == scopeDomain {
		if domain, ok := registrable(host); ok {
			p := regexp.MustCompile(`^https?://(?:[^/?#@:]*\.)?` + regexp.QuoteMeta(domain) + `\.?(?::\d+)?` + end)
			return scope{domain, p, p}, nil
		}
	}
	exact, port := `^https?://`+regexp.QuoteMeta(host)+`\.?`, ""
	if start.Port() != "" {
		port = ":" + start.Port()
	}
	hosts := regexp.MustCompile(exact + port + end)
	switch s {
	case scopeDomain, scopeHost: // an IP address, or a name without a registrable domain
		return scope{host + port, hosts, hosts}, nil
	case scopePath:
		folder := start.Pathname()[:strings.LastIndexByte(start.Pathname(), '/')+1]
		return scope{host + port + folder, regexp.MustCompile(exact + port + regexp.QuoteMeta(folder)), hosts}, nil
	}
	return scope{}, fmt.Errorf("%w: unknown scope %q", ErrOptions, s)
}

// registrable gives the registrable domain of a host. An IP address and a public suffix have none.
func registrable(host string) (string, bool) {
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return "", false
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(host)
	return domain, err == nil
}
