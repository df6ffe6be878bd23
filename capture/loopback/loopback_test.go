package loopback_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/miekg/dns"

	"yuzheng/capture/loopback"
)

// show makes the certificate of a name as a client gets it.
func show(t *testing.T, get func(*tls.ClientHelloInfo) (*tls.Certificate, error), name string) *x509.Certificate {
	t.Helper()
	made, err := get(&tls.ClientHelloInfo{ServerName: name})
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(made.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A certificate holds for its name, for those who trust the authority and at the authority's time; one that signs for itself, or was amended,
// does not.
func TestCertificatesHoldForTheirNames(t *testing.T) {
	now := time.Date(2031, 2, 3, 4, 5, 6, 0, time.UTC)
	a, err := loopback.NewAuthority(now, func(c *x509.Certificate) {
		if c.Subject.CommonName == "old.example" {
			c.NotAfter = now.AddDate(0, 0, -1)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(a.PEM()) || !pool.Equal(a.Pool()) {
		t.Error("PEM and Pool are not the same authority")
	}
	good := show(t, a.Certificate, "a.example")
	for _, c := range []struct {
		certificate *x509.Certificate
		name        string
		roots       *x509.CertPool
		holds       bool
	}{
		{good, "a.example", a.Pool(), true},
		{good, "b.example", a.Pool(), false},
		{good, "a.example", x509.NewCertPool(), false},
		{show(t, a.SelfSigned, "a.example"), "a.example", a.Pool(), false},
		{show(t, a.Certificate, "old.example"), "old.example", a.Pool(), false},
	} {
		_, err := c.certificate.Verify(x509.VerifyOptions{DNSName: c.name, Roots: c.roots, CurrentTime: now})
		if c.holds != (err == nil) {
			t.Errorf("%s for %s: %v", c.certificate.Subject, c.name, err)
		}
	}
	if again := show(t, a.Certificate, "a.example"); !again.Equal(good) {
		t.Error("a name has another certificate the second time")
	}
}

// What the registry does not know it says not to know, and once it is closed nobody answers.
func TestRegistryKnowsItsNamesAlone(t *testing.T) {
	r, err := loopback.StartRegistry("a.example")
	if err != nil {
		t.Fatal(err)
	}
	l := r.Lookups()
	for name, code := range map[string]int{"a.example.": dns.RcodeSuccess, "A.Example.": dns.RcodeSuccess, "b.example.": dns.RcodeNameError} {
		for _, network := range []string{"udp", "tcp"} {
			reply, _, err := (&dns.Client{Net: network}).Exchange(new(dns.Msg).SetQuestion(name, dns.TypeA), l.Resolver)
			if err != nil || reply.Rcode != code || len(reply.Answer) > 0 != (code == dns.RcodeSuccess) {
				t.Errorf("%s over %s: %v, %v", name, network, reply, err)
			}
		}
	}
	for name, status := range map[string]int{"a.example": http.StatusOK, "b.example": http.StatusNotFound} {
		answer, err := http.Get(l.RDAPBase + "/domain/" + name)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != status {
			t.Errorf("%s: %s", name, answer.Status)
		}
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	for _, address := range []string{l.Resolver, strings.TrimPrefix(l.RDAPBase, "http://")} {
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			t.Errorf("%s still answers", address)
		}
	}
}

func TestRefused(t *testing.T) {
	r, err := loopback.NewRefused()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := net.Dial("tcp", r.String()); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("%v, want a refused connection", err)
	}
}
