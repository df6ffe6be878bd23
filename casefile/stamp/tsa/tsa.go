// Package tsa is a time-stamp authority (RFC 3161) on loopback for the training case and for tests.
//
// Its certificate says that it is for training; nobody trusts it unless they are given Root.
package tsa

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"time"

	"github.com/digitorus/timestamp"
)

// Authority answers time-stamp requests over HTTP until it is closed.
type Authority struct {
	URL  string // where to post requests
	Root []byte // PEM of the certificate that its answers lead to

	now    func() time.Time
	key    *ecdsa.PrivateKey
	root   *x509.Certificate
	cert   *x509.Certificate
	server *http.Server
}

var (
	oidTimeStamping = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 8}
	oidExtKeyUsage  = asn1.ObjectIdentifier{2, 5, 29, 37}
	policy          = asn1.ObjectIdentifier{1, 2, 3, 4, 1}
)

// maxRequest is far above any request: a hash, a nonce and a few identifiers.
const maxRequest = 64 << 10

// Start makes fresh keys and listens on a free loopback port.
func Start(now func() time.Time) (*Authority, error) {
	a := &Authority{now: now}
	if err := a.certify(); err != nil {
		return nil, fmt.Errorf("training time-stamp authority: %w", err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("training time-stamp authority: %w", err)
	}
	a.URL = "http://" + l.Addr().String() + "/"
	a.server = &http.Server{Handler: http.HandlerFunc(a.answer), ReadHeaderTimeout: 10 * time.Second}
	go a.server.Serve(l) //nolint:errcheck // ends with Close
	return a, nil
}

// Close stops the authority.
func (a *Authority) Close() error { return a.server.Close() }

// certify makes a root and below it the signer, whose one purpose is time stamping (RFC 3161, 2.3).
func (a *Authority) certify() error {
	rootKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	start := a.now().Add(-time.Hour)
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Yuzheng training root (not trusted)"},
		NotBefore: start, NotAfter: start.AddDate(10, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	rootDER, err := x509.CreateCertificate(rand.Reader, root, root, rootKey.Public(), rootKey)
	if err != nil {
		return err
	}
	if a.root, err = x509.ParseCertificate(rootDER); err != nil {
		return err
	}
	a.Root = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: rootDER})
	if a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return err
	}
	usage, err := asn1.Marshal([]asn1.ObjectIdentifier{oidTimeStamping})
	if err != nil {
		return err
	}
	signer := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "Yuzheng training time stamps (not trusted)"},
		NotBefore: start, NotAfter: start.AddDate(10, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtraExtensions: []pkix.Extension{{Id: oidExtKeyUsage, Critical: true, Value: usage}},
	}
	der, err := x509.CreateCertificate(rand.Reader, signer, root, a.key.Public(), rootKey)
	if err != nil {
		return err
	}
	a.cert, err = x509.ParseCertificate(der)
	return err
}

func (a *Authority) answer(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxRequest))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	request, err := timestamp.ParseRequest(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	stamp := timestamp.Timestamp{
		HashAlgorithm: request.HashAlgorithm, HashedMessage: request.HashedMessage, Nonce: request.Nonce,
		Time: a.now().UTC(), Accuracy: time.Second, Policy: policy,
		Certificates: []*x509.Certificate{a.root}, AddTSACertificate: request.Certificates,
	}
	reply, err := stamp.CreateResponseWithOpts(a.cert, a.key, crypto.SHA256)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/timestamp-reply")
	w.Write(reply) //nolint:errcheck // the client sees a short answer
}
