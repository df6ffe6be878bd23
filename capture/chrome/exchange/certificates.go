package exchange

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/security"

	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/guard/wire"
	"yuzheng/casefile/evidence"
)

// certificates are those that the servers showed, by origin.
type certificates struct {
	*core

	mu     sync.Mutex
	chains map[string][][]byte // DER, the server's own first
	errors map[string]string   // what is wrong, where the browser would have stopped
}

// connected notes that a connection is open: from now on its certificates can be asked for, until the page leaves.
func (c *certificates) connected(h *Exchange, answer *network.Response) {
	origin := Origin(h.URL)
	if !strings.HasPrefix(origin, "https:") || answer.FromServiceWorker {
		return
	}
	c.mu.Lock()
	_, asked := c.chains[origin]
	if !asked {
		c.chains[origin] = nil
	}
	c.mu.Unlock()
	if asked {
		return
	}
	at, insecure := c.now(), answer.SecurityState == security.StateInsecure
	c.work.Go(func() { c.ask(c.hooks.PageOf(h.owner), origin, insecure, at) })
}

func (c *certificates) ask(s devtools.Session, origin string, insecure bool, at time.Time) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	got, err := devtools.Call(ctx, s, network.GetCertificate, network.GetCertificateParams{Origin: origin})
	if err != nil {
		c.journal.Warn(evidence.CertificatesUnread.With(origin, err))
		return
	}
	var chain [][]byte
	for _, text := range got.TableNames {
		if der, err := base64.StdEncoding.DecodeString(text); err == nil {
			chain = append(chain, der)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.chains[origin] = chain
	if insecure {
		why := fault(origin, chain, at)
		c.errors[origin] = why
		c.journal.Warn(evidence.CertificateWrong.With(origin, why))
	}
}

// fault says what is wrong with a chain that the browser does not accept. The browser judges; this only finds words.
func fault(origin string, chain [][]byte, at time.Time) string {
	if len(chain) == 0 {
		return "not accepted by the browser"
	}
	leaf, err := x509.ParseCertificate(chain[0])
	if err != nil {
		return "not accepted by the browser: " + err.Error()
	}
	u, _ := url.Parse(origin)
	pool := x509.NewCertPool()
	for _, der := range chain[1:] {
		if c, err := x509.ParseCertificate(der); err == nil {
			pool.AddCert(c)
		}
	}
	var all []string
	if at.After(leaf.NotAfter) || at.Before(leaf.NotBefore) {
		all = append(all, fmt.Sprintf("valid only from %s to %s", leaf.NotBefore.UTC().Format(time.RFC3339), leaf.NotAfter.UTC().Format(time.RFC3339)))
	}
	if err := leaf.VerifyHostname(u.Hostname()); err != nil {
		all = append(all, err.Error())
	}
	_, err = leaf.Verify(x509.VerifyOptions{Intermediates: pool, CurrentTime: leaf.NotBefore.Add(time.Second)})
	if err != nil {
		all = append(all, err.Error())
	}
	return "not accepted by the browser: " + strings.Join(all, "; ")
}

// confirm sets the chains beside what was on the wire: an origin that was never spoken to over TLS has shown none, and the chain is the one that it
// showed there, where the session was not resumed.
func (c *certificates) confirm(l *wire.Log) {
	shown := map[string][][]byte{}
	for _, e := range l.Exchanges() {
		if e.Secure && len(shown[e.Host]) == 0 {
			shown[e.Host] = append([][]byte{}, e.Certificates...)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for origin := range c.chains {
		chain, spoken := shown[HostPort(origin)]
		switch {
		case len(chain) > 0:
			c.chains[origin] = chain
		case !spoken && l.Unread(HostPort(origin)) == "":
			delete(c.chains, origin)
		}
	}
}

// Chain is what the servers of one origin showed.
type Chain struct {
	Origin string
	DER    [][]byte // the server's own first
	Error  string   // what is wrong, where the browser would have stopped
}

// Chains lists the chains in the order of their origins, once set beside what was on the wire.
func (c *certificates) Chains() []Chain {
	c.confirm(c.network.Wire())
	c.mu.Lock()
	defer c.mu.Unlock()
	list := []Chain{}
	for _, origin := range slices.Sorted(maps.Keys(c.chains)) {
		list = append(list, Chain{origin, c.chains[origin], c.errors[origin]})
	}
	return list
}

// PEM lists every chain, each certificate under a line that says whose it is. Text outside the blocks is allowed (RFC 7468, 2).
func (c *certificates) PEM() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	var b bytes.Buffer
	for _, origin := range slices.Sorted(maps.Keys(c.chains)) {
		for i, der := range c.chains[origin] {
			fmt.Fprintf(&b, "# %s certificate %d of %d\n", origin, i+1, len(c.chains[origin]))
			pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: der})
		}
	}
	return b.Bytes()
}

// Origin is scheme, host and port of an address.
func Origin(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// unrun reports whether an answer is the script of a service worker that Chrome gives up because of the server's certificate. It does so as soon as the
// answer begins, so how much of it comes, and whether the browser tells of it at all, is chance. The request says what it is for (Service Workers, 4.1).
func (c *certificates) unrun(h *Exchange) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return Header(h.RequestHeader, "Service-Worker") == "script" && c.errors[Origin(h.URL)] != ""
}
