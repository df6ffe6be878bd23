// Package loopback stands in, on this machine, for what a site needs around it: an authority for its certificates, the servers that know its
// names and the time, and a port that refuses. It knows no page: the site of the training case and the one of tests are built on it.
package loopback

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"sync"
	"time"
)

// Authority signs a certificate for each name that is asked for. Nobody trusts it unless they are given PEM.
type Authority struct {
	now   time.Time
	amend func(*x509.Certificate)
	key   *ecdsa.PrivateKey
	own   *x509.Certificate

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

// NewAuthority makes an authority with a fresh key that is valid for a year before and after now; its certificates are for two months. Amend,
// where it is not nil, may change what a certificate says before it is signed: it finds the name in Subject.CommonName.
func NewAuthority(now time.Time, amend func(*x509.Certificate)) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("certificate authority: %w", err)
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
		return nil, fmt.Errorf("certificate authority: %w", err)
	}
	own, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("certificate authority: %w", err)
	}
	return &Authority{now: now, amend: amend, key: key, own: own, issued: map[signed]*tls.Certificate{}}, nil
}

// PEM is the authority's own certificate, for a client that is to trust it.
func (a *Authority) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.own.Raw})
}

// Pool holds the authority alone.
func (a *Authority) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.own)
	return pool
}

// Certificate is a GetCertificate of tls.Config. A name has the same certificate each time.
func (a *Authority) Certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	return a.signed(signed{hello.ServerName, byAuthority})
}

// SelfSigned is what Certificate is where every name signs for itself.
func (a *Authority) SelfSigned(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
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
		return nil, fmt.Errorf("certificate for %s: %w", want.name, err)
	}
	a.issued[want] = c
	return c, nil
}

func (a *Authority) issue(want signed) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(int64(len(a.issued)) + 2),
		Subject:      pkix.Name{CommonName: want.name},
		DNSNames:     []string{want.name},
		NotBefore:    a.now.AddDate(0, -2, 0),
		NotAfter:     a.now.AddDate(0, 2, 0),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if a.amend != nil {
		a.amend(template)
	}
	parent, signer := a.own, a.key
	if want.by == bySelf {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		return nil, err
	}
	chain := [][]byte{der}
	if want.by == byAuthority {
		chain = append(chain, a.own.Raw)
	}
	return &tls.Certificate{Certificate: chain, PrivateKey: key}, nil
}
