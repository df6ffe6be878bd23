package workbench

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"

	"yuzheng/capture/chrome"
	"yuzheng/capture/chrome/launch"
	"yuzheng/capture/loopback"
	"yuzheng/casefile/evidence"
)

// The names of TestGateFires that are nobody's. Those of its chain are on the lists that the gate reads; all of them lead to loopback.
const (
	cleanHost   = "clean-invest.example"      // the same holder whenever it is asked, and no mail (RFC 7505)
	soldHost    = "sold-invest.example"       // another holder at the second capture, by RDAP; mail; a certificate that names another host
	deadHost    = "dead-invest.example"       // refuses every connection; another holder, by WHOIS; its name server fails at its MX
	belowHost   = "www.parent-invest.example" // shown, where the name above it is not
	likeHost    = "аррӏе-tw.com"              // Cyrillic but for its last letters
	sharedHost  = "scam.wordpress.com"        // one customer of a platform; its certificate names another host
	oldShop     = "old-soap.example"          // another page for phones; registered years ago
	youngShop   = "young-soap.example"        // the same; registered last month
	agelessShop = "ageless-soap.example"      // the same; the registry does not know it
	onceHost    = "once-soap.example"         // seen once, through a name below it
)

// twoFaced are the names whose pages are others for phones.
var twoFaced = []string{oldShop, youngShop, agelessShop}

// chain is the way of the first capture: each name redirects to the next, and the last has a page. So one capture shows them all.
var chain = []string{
	"github.io", "data.s3.amazonaws.com", sharedHost, "books.com.tw", "tax.gov.tw", "help.org.tw", "gmx.net", "xn---tw-5cdz9da85i.com", belowHost, cleanHost,
}

// registered is what the registry and the name server of the test say of a name.
type registered struct {
	day, registrar, registrant string
	server                     string // of names
	mail                       string // the MX record, a preference and a name; empty is none
	mailCode                   int    // of the answer about MX, as RFC 1035 numbers them
	whois                      bool   // the registry has no RDAP
}

// gateSite is a web site, its certificates, a registry and a name server, all on loopback.
type gateSite struct {
	web, refused, rdap, whois, resolver string // ADDRESS:PORT

	mu    sync.Mutex
	known map[string]registered
}

// tell has the registry and the name server say something else from now on.
func (s *gateSite) tell(name string, h registered) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known[name] = h
}

func (s *gateSite) told(name string) (registered, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h, ok := s.known[name]
	return h, ok
}

func newGateSite(t *testing.T) *gateSite {
	t.Helper()
	s := &gateSite{known: map[string]registered{}}
	authority, err := loopback.NewAuthority(time.Now(), func(c *x509.Certificate) {
		if name := c.Subject.CommonName; name == soldHost || name == sharedHost {
			c.DNSNames = append(c.DNSNames, "shop."+name)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewUnstartedServer(http.HandlerFunc(servePage))
	web.TLS, web.Config.ErrorLog = &tls.Config{GetCertificate: authority.Certificate}, log.New(io.Discard, "", 0)
	web.StartTLS()
	t.Cleanup(web.Close)
	rdap := httptest.NewServer(http.HandlerFunc(s.registration))
	t.Cleanup(rdap.Close)
	refused, err := loopback.NewRefused()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { refused.Close() })
	s.web, s.rdap, s.refused = web.Listener.Addr().String(), rdap.Listener.Addr().String(), refused.String()
	s.whois, s.resolver = s.port43(t), s.nameServer(t)
	return s
}

// servePage leads along the chain, and is a page everywhere else.
func servePage(w http.ResponseWriter, r *http.Request) {
	if i := slices.Index(chain, r.Host); i >= 0 && i < len(chain)-1 {
		http.Redirect(w, r, "https://"+chain[i+1]+"/", http.StatusFound)
		return
	}
	title := "投資平台"
	if slices.Contains(twoFaced, r.Host) && !strings.Contains(r.UserAgent(), "Mobile") {
		title = "手工皂"
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprint(w, `<!doctype html><html lang="zh-TW"><link rel="icon" href="data:,"><title>`+title+`</title><h1>保證獲利</h1><p>每日分潤，隨時出金。</p></html>`)
}

// registration answers as an RDAP server (RFC 9083).
func (s *gateSite) registration(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/domain/")
	h, ok := s.told(name)
	if !ok || h.whois {
		http.NotFound(w, r)
		return
	}
	entity := func(role, name string) map[string]any {
		return map[string]any{"objectClassName": "entity", "roles": []string{role}, "vcardArray": []any{"vcard", []any{
			[]any{"version", map[string]any{}, "text", "4.0"}, []any{"fn", map[string]any{}, "text", name},
		}}}
	}
	w.Header().Set("Content-Type", "application/rdap+json")
	_ = json.NewEncoder(w).Encode(map[string]any{ // whoever asked may be gone
		"objectClassName": "domain", "ldhName": name, "rdapConformance": []string{"rdap_level_0"},
		"nameservers": []any{map[string]any{"objectClassName": "nameserver", "ldhName": h.server}},
		"events":      []any{map[string]any{"eventAction": "registration", "eventDate": h.day + "T03:04:05Z"}},
		"entities":    []any{entity("registrar", h.registrar), entity("registrant", h.registrant)},
	})
}

// port43 answers as a WHOIS server (RFC 3912): a line in, a text out.
func (s *gateSite) port43(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for conn, err := l.Accept(); err == nil; conn, err = l.Accept() {
			line, _ := bufio.NewReader(conn).ReadString('\n')
			h, _ := s.told(strings.TrimSpace(line))
			fmt.Fprintf(conn, "Domain Name: %s\r\nRegistrar: %s\r\nCreation Date: %sT03:04:05Z\r\nName Server: %s\r\n", line, h.registrar, h.day, h.server)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	return l.Addr().String()
}

// nameServer answers for the names that the registry knows, over UDP.
func (s *gateSite) nameServer(t *testing.T) string {
	t.Helper()
	l, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &dns.Server{PacketConn: l, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		_ = w.WriteMsg(s.answer(q)) // whoever asked may be gone
	})}
	done := make(chan error, 1)
	go func() { done <- server.ActivateAndServe() }()
	t.Cleanup(func() { _ = l.Close(); <-done })
	return l.LocalAddr().String()
}

func (s *gateSite) answer(query *dns.Msg) *dns.Msg {
	m := new(dns.Msg).SetReply(query)
	name, kind := query.Question[0].Name, query.Question[0].Qtype
	h, ok := s.told(strings.TrimSuffix(strings.ToLower(name), "."))
	if !ok {
		return m.SetRcode(query, dns.RcodeNameError)
	}
	record := ""
	switch kind {
	case dns.TypeA:
		record = "127.0.0.1"
	case dns.TypeMX:
		m.Rcode, record = h.mailCode, h.mail
	}
	if record == "" {
		return m
	}
	rr, err := dns.NewRR(fmt.Sprintf("%s 300 IN %s %s", name, dns.TypeToString[kind], record))
	if err != nil {
		panic(err)
	}
	m.Answer = append(m.Answer, rr)
	return m
}

// ask is a request for a page of the site. With fixed addresses nobody is asked where a name is, as an operator may have it; else the name
// server is, and the address of the page needs the site's own port.
func (s *gateSite) ask(fixed bool, url string) evidence.Request {
	r := base()
	r.URL, r.View, r.NoSandbox = url, evidence.Desktop, os.Getuid() == 0
	r.AllowPrivate = []string{s.web, s.refused}
	r.Lookups = evidence.Lookups{DNS: true, Resolver: s.resolver, RDAP: true, RDAPBase: "http://" + s.rdap, WHOIS: true, WHOISServer: s.whois}
	if !fixed {
		return r
	}
	r.Resolve = map[string]string{deadHost + ":443": s.refused}
	for _, name := range slices.Concat(chain, twoFaced, []string{"www." + onceHost}) {
		r.Resolve[name+":443"] = s.web
	}
	return r
}

// port is that of the site.
func (s *gateSite) port() string {
	_, port, _ := net.SplitHostPort(s.web)
	return port
}

// recorder is the real one. A paper's PDF is its HTML under another name: what a browser prints is tested elsewhere.
type recorder struct{ *chrome.Recorder }

func (recorder) Print(ctx context.Context, papers iter.Seq[func() ([]byte, error)], noSandbox bool) iter.Seq2[[]byte, error] {
	return printer{}.Print(ctx, papers, noSandbox)
}
func (recorder) Version(context.Context) (string, error) { return "of the test", nil }

// realBrowser finds the installed one, or skips; where the tests must have one (YUZHENG_NEED_BROWSER) its absence fails.
func realBrowser(t *testing.T) Browser {
	t.Helper()
	if testing.Short() {
		t.Skip("not in the quick lane: a browser records")
	}
	path, err := launch.Find()
	if err != nil && os.Getenv("YUZHENG_NEED_BROWSER") == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	r, err := chrome.New(chrome.Options{Path: path, Temp: t.TempDir(), Software: "yuzheng-test 1"})
	if err != nil {
		t.Fatal(err)
	}
	return recorder{r}
}
