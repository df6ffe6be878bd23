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

// authority signs a certificate for each name that is asked for.
type authority struct {
	now  time.Time
	key  *ecdsa.PrivateKey
	leaf *x509.Certificate
	pem  []byte

	mu     sync.Mutex
	issued map[string]*tls.Certificate
}

func newAuthority(now time.Time) (*authority, error) {
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
	return &authority{now: now, key: key, leaf: leaf, pem: text, issued: map[string]*tls.Certificate{}}, nil
}

func (a *authority) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c := a.issued[hello.ServerName]; c != nil {
		return c, nil
	}
	c, err := a.issue(hello.ServerName)
	if err != nil {
		return nil, err
	}
	a.issued[hello.ServerName] = c
	return c, nil
}

func (a *authority) issue(name string) (*tls.Certificate, error) {
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
	switch name {
	case ExpiredHost:
		template.NotAfter = a.now.AddDate(0, -1, 0)
	case SelfSignedHost:
		parent, signer = template, key
	case WrongHost:
		template.DNSNames = []string{"another.example"}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		return nil, err
	}
	chain := [][]byte{der}
	if name != SelfSignedHost {
		chain = append(chain, a.leaf.Raw)
	}
	return &tls.Certificate{Certificate: chain, PrivateKey: key}, nil
}
