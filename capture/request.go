package capture

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/idna"

	"yuzheng/casefile/evidence"
)

// ErrRequest is wrapped by every error of Validate: the request itself is wrong, nothing was asked of anybody.
var ErrRequest = errors.New("not a page that can be captured")

// Validate reports what is wrong with a request before anything is started.
func Validate(r evidence.Request) error {
	for _, check := range []func(evidence.Request) error{checkPage, checkNetwork, checkLookups} {
		if err := check(r); err != nil {
			return fmt.Errorf("%w: %w", ErrRequest, err)
		}
	}
	return nil
}

func checkPage(r evidence.Request) error {
	u, err := parse(r.URL)
	switch {
	case err != nil:
		return err
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("%q: only http and https addresses are", inError(r.URL))
	case u.Hostname() == "":
		return fmt.Errorf("%q: no host", inError(r.URL))
	case !r.View.Known():
		return fmt.Errorf("unknown view %q", r.View)
	case r.Limits.Time <= 0:
		return errors.New("no time limit")
	}
	return nil
}

func checkNetwork(r evidence.Request) error {
	for _, place := range r.AllowPrivate {
		if _, err := HostPort(place); err != nil {
			return fmt.Errorf("allowed private address %w", err)
		}
	}
	for place, address := range r.Resolve {
		if _, err := HostPort(place); err != nil {
			return fmt.Errorf("mapped name %w", err)
		}
		if !isAddress(address) {
			return fmt.Errorf("%s is mapped to %q, which is no IP address", place, address)
		}
	}
	if r.Proxy == "" {
		return nil
	}
	u, err := parse(r.Proxy)
	if err != nil {
		return fmt.Errorf("proxy %w", err)
	}
	if _, err := HostPort(u.Host); err != nil || u.Scheme != "http" && u.Scheme != "socks5" || strings.Trim(u.Path, "/")+u.RawQuery+u.Fragment != "" {
		return fmt.Errorf("proxy %q is not http://HOST:PORT or socks5://HOST:PORT", inError(r.Proxy))
	}
	return nil
}

func checkLookups(r evidence.Request) error {
	l := r.Lookups
	for _, resolver := range []string{l.Resolver, l.Compare} {
		if _, err := netip.ParseAddrPort(resolver); resolver != "" && err != nil {
			return fmt.Errorf("resolver %q is not ADDRESS:PORT", resolver)
		}
	}
	for name, server := range map[string]string{"WHOIS": l.WHOISServer, "time": l.NTP} {
		if _, err := HostPort(server); server != "" && err != nil {
			return fmt.Errorf("%s server %w", name, err)
		}
	}
	if l.RDAPBase == "" {
		return nil
	}
	u, err := parse(l.RDAPBase)
	switch {
	case err != nil:
		return fmt.Errorf("RDAP server %w", err)
	case u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return fmt.Errorf("RDAP server %q is no address of the web", inError(l.RDAPBase))
	case u.User != nil:
		return fmt.Errorf("RDAP server %q: it is asked without user name and password", inError(l.RDAPBase))
	}
	return nil
}

// parse reads an address. Its error names it without a password.
func parse(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err == nil {
		return u, nil
	}
	told := inError(address)
	var wrong *url.Error
	if told != address || !errors.As(err, &wrong) { // what is wrong may be a part of the password
		return nil, fmt.Errorf("%q: it cannot be read", told)
	}
	return nil, fmt.Errorf("%q: %w", told, wrong.Err)
}

// hosts turns a name into the form in which a browser asks for it: small letters, A-labels. It takes what browsers take, an underscore too.
var hosts = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false), idna.CheckHyphens(false), idna.BidiRule())

// HostPort gives HOST:PORT as a browser asks for it: "投資.tw:443" is xn--oru425g.tw:443.
func HostPort(place string) (string, error) {
	host, port, err := net.SplitHostPort(place)
	if err != nil || host == "" {
		return "", fmt.Errorf("%q is not HOST:PORT", place)
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return "", fmt.Errorf("%q: %q is no port", place, port)
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return net.JoinHostPort(a.String(), port), nil
	}
	name, err := hosts.ToASCII(host)
	if err != nil || strings.ContainsAny(name, " /\\@?#%:<>[]^|*\t\r\n") {
		return "", fmt.Errorf("%q: %q is no host", place, host)
	}
	return net.JoinHostPort(name, port), nil
}

func isAddress(s string) bool {
	if _, err := netip.ParseAddrPort(s); err == nil {
		return true
	}
	_, err := netip.ParseAddr(strings.Trim(s, "[]"))
	return err == nil
}
