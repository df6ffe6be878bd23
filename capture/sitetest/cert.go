package sitetest

import (
	"crypto/tls"
	"crypto/x509"
	"time"

	"yuzheng/capture/loopback"
)

// Hosts whose certificate is not right. They are found under TLS only.
const (
	ExpiredHost    = "expired.example"     // ended a month ago
	SelfSignedHost = "self-signed.example" // signed by itself
	WrongHost      = "wrong-host.example"  // made out to another name
)

// Authority signs the certificates of a site, the wrong ones too.
type Authority = loopback.Authority

// NewAuthority gives an authority of its own, valid around a time.
func NewAuthority(now time.Time) (*Authority, error) {
	return loopback.NewAuthority(now, func(c *x509.Certificate) {
		switch c.Subject.CommonName {
		case ExpiredHost:
			c.NotAfter = now.AddDate(0, -1, 0)
			c.IssuingCertificateURL = []string{"http://issuer." + leakName + "/authority.crt"} // whom the reader of a certificate may ask
			c.OCSPServer = []string{"http://status." + leakName + "/"}
			c.CRLDistributionPoints = []string{"http://revoked." + leakName + "/list.crl"}
		case WrongHost:
			c.DNSNames = []string{"another.example"}
		}
	})
}

// certificate is the one that a host shows, right or wrong.
func (s *Site) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if hello.ServerName == SelfSignedHost || s.wire != nil && s.wire.Untrusted {
		return s.authority.SelfSigned(hello)
	}
	return s.authority.Certificate(hello)
}
