//go:build !windows

package netfacts

import (
	"errors"
	"net"

	"github.com/miekg/dns"
)

// systemResolver is the first one that this machine asks.
func systemResolver() (string, error) {
	c, err := dns.ClientConfigFromFile("/etc/resolv.conf")
	if err != nil {
		return "", err
	}
	if len(c.Servers) == 0 {
		return "", errors.New("/etc/resolv.conf names none")
	}
	return net.JoinHostPort(c.Servers[0], c.Port), nil
}
