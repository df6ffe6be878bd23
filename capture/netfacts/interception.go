package netfacts

import (
	"crypto/x509"
	"strings"
	"time"
)

// Trust says by what an intercepted connection is known. All of it is the caller's data.
type Trust struct {
	Public   *x509.CertPool // the authorities that browsers are shipped with; nil leaves them alone
	Machine  *x509.CertPool // those that this machine trusts; nil is the system's own list
	Products []string       // words in the names of products that open connections, in any case: "FortiGate CA", "Zscaler" …
}

// Intercepted says whether somebody between this machine and the server has shown a certificate of his own for it, and who. It is so
// where an issuer is named as a product for that, or where the chain ends in a root that this machine trusts and the public does not:
// somebody put it there. A chain that nobody trusts is not: that may be the site's own doing, and Certificates tells it.
// A chain that holds proves nothing: the product may use a name and a root that nobody knows.
func Intercepted(chain []*x509.Certificate, t Trust) (issuer string, yes bool) {
	if len(chain) == 0 {
		return "", false
	}
	for _, c := range chain {
		if named(c.Issuer.String(), t.Products) {
			return issuerName(c), true
		}
	}
	if t.Public == nil || ownIssuer(chain[0]) {
		return "", false
	}
	at := held(chain)
	if verify(chain, t.Public, at) == nil || verify(chain, t.Machine, at) != nil {
		return "", false
	}
	return issuerName(chain[0]), true
}

func named(issuer string, products []string) bool {
	issuer = strings.ToLower(issuer)
	for _, p := range products {
		if p != "" && strings.Contains(issuer, strings.ToLower(p)) {
			return true
		}
	}
	return false
}

func issuerName(c *x509.Certificate) string {
	if c.Issuer.CommonName != "" {
		return c.Issuer.CommonName
	}
	return c.Issuer.String()
}

// held is the first moment at which the whole chain was valid, so that its age does not matter.
func held(chain []*x509.Certificate) time.Time {
	at := chain[0].NotBefore
	for _, c := range chain {
		if c.NotBefore.After(at) {
			at = c.NotBefore
		}
	}
	return at
}
