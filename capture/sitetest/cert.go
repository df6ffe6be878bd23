package sitetest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"sync"
	"time"
)

// Hosts whose certificate is not right. They are found under TLS only.
const (
	ExpiredHost    = "expired.example"     // ended a month ago
	SelfSignedHost = "self-signed.example" // signed by itself
	WrongHost      = "wrong-host.example"  // made out to another name
)

// Authority signs a certificate for each name that is asked for.
type Authority struct {
	now  time.Time
	key  *ecdsa.PrivateKey
	leaf *x509.Certificate
	pem  []byte

	mu     sync.Mutex
	issued map[signed]*tls.Certificate
}

// signed is a name and who signs for it.
type signed struct {
	name string
	by   signer
}

type signer bool

const (
	byAuthority signer = false
	bySelf      signer = true
)

// NewAuthority gives an authority of its own, valid around a time.
func NewAuthority(now time.Time) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "Yuzheng Test Authority", Organization: []string{"Test data only"}},
		NotBefore:             now.AddDate(-1, 0, 0),
		NotAfter:              now.AddDate(1, 0, 0),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return &Authority{now: now, key: key, leaf: leaf, pem: text, issued: map[signed]*tls.Certificate{}}, nil
}

// PEM is the authority's own certificate, for a client that is to trust it.
func (a *Authority) PEM() []byte { return a.pem }

func (a *Authority) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	return a.signed(signed{hello.ServerName, signer(hello.ServerName == SelfSignedHost)})
}

// untrusted is what certificate is where every name signs for itself.
func (a *Authority) untrusted(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	return a.signed(signed{hello.ServerName, bySelf})
}

func (a *Authority) signed(want signed) (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c := a.issued[want]; c != nil {
		return c, nil
	}
	c, err := a.issue(want)
	if err != nil {
		return nil, err
	}
	a.issued[want] = c
	return c, nil
}

func (a *Authority) issue(want signed) (*tls.Certificate, error) {
	name := want.name
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(int64(len(a.issued)) + 2),
		Subject:      pkix.Name{CommonName: name},
		DNSNames:     []string{name},
		NotBefore:    a.now.AddDate(0, -2, 0),
		NotAfter:     a.now.AddDate(0, 2, 0),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	parent, signer := a.leaf, a.key
	if want.by == bySelf {
		parent, signer = template, key
	}
	switch name {
	case ExpiredHost:
		template.NotAfter = a.now.AddDate(0, -1, 0)
		template.IssuingCertificateURL = []string{"http://issuer." + LeakName + "/authority.crt"} // whom the reader of a certificate may ask
		template.OCSPServer = []string{"http://status." + LeakName + "/"}
		template.CRLDistributionPoints = []string{"http://revoked." + LeakName + "/list.crl"}
	case WrongHost:
		template.DNSNames = []string{"another.example"}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		return nil, err
	}
	chain := [][]byte{der}
	if want.by == byAuthority {
		chain = append(chain, a.leaf.Raw)
	}
	return &tls.Certificate{Certificate: chain, PrivateKey: key}, nil
}
