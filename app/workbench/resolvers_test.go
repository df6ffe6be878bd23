package workbench

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/miekg/dns"

	"yuzheng/capture/loopback"
	"yuzheng/casefile/rpz"
	"yuzheng/casefile/rpz/resolvertest"
)

// officeResolver is the name in the certificate of the resolvers of tests.
const officeResolver = "dns.office.example"

// outside answers for the names that there are: one that is listed, or below one that is listed with "*.". Everything else is no name.
func outside(t *testing.T, names ...string) (address string) {
	return leading(t, "192.0.2.77", names...)
}

// leading is outside with another address.
func leading(t *testing.T, to string, names ...string) (address string) {
	t.Helper()
	there := func(name string) bool {
		return slices.ContainsFunc(names, func(n string) bool {
			below, all := strings.CutPrefix(n, "*")
			return n == name || all && strings.HasSuffix(name, below)
		})
	}
	return resolving(t, func(m *dns.Msg, q dns.Question) {
		switch name := strings.TrimSuffix(strings.ToLower(q.Name), "."); {
		case name == "":
		case !there(name):
			m.Rcode = dns.RcodeNameError
		case q.Qtype == dns.TypeA:
			m.Answer = []dns.RR{record(q.Name + " 60 IN A " + to)}
		}
		if len(m.Answer) == 0 {
			m.Ns = []dns.RR{record(". 60 IN SOA . . 1 60 60 60 60")}
		}
	})
}

func record(text string) dns.RR {
	rr, err := dns.NewRR(text)
	if err != nil {
		panic(err)
	}
	return rr
}

// resolving is a resolver on loopback, over UDP and TCP.
func resolving(t *testing.T, fill func(*dns.Msg, dns.Question)) (address string) {
	t.Helper()
	handler := dns.HandlerFunc(func(w dns.ResponseWriter, query *dns.Msg) {
		m := new(dns.Msg).SetReply(query)
		m.RecursionAvailable = true
		fill(m, query.Question[0])
		_ = w.WriteMsg(m) // whoever asked may be gone
	})
	udp, err := net.ListenPacket("udp", resolvertest.FreePort(t))
	if err != nil {
		t.Fatal(err)
	}
	tcp, err := net.Listen("tcp", udp.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	for _, s := range []*dns.Server{{PacketConn: udp, Handler: handler}, {Listener: tcp, Handler: handler}} {
		serving.Go(func() { _ = s.ActivateAndServe() }) // until its socket is closed
	}
	t.Cleanup(func() {
		_, _ = udp.Close(), tcp.Close()
		serving.Wait()
	})
	return udp.LocalAddr().String()
}

// resolverProgram is a program that the public's resolvers run.
type resolverProgram struct {
	name  string
	args  []string
	text  string
	with  string // what it is told of a policy zone
	ready string // what it says once it answers
	zone  string // what it says once it answers with a policy zone
}

var bind = resolverProgram{
	name: "named", args: []string{"-g", "-n", "1", "-c", "DIR/conf"}, ready: "sending notifies", zone: "rpz: ORIGIN: reload done",
	with: `response-policy { zone "ORIGIN"; } qname-wait-recurse no;`,
	text: `tls local { cert-file "DIR/cert.pem"; key-file "DIR/key.pem"; };
http local { endpoints { "/dns-query"; }; };
options {
	directory "DIR"; pid-file none; session-keyfile none; managed-keys-directory "DIR";
	listen-on port PORT { 127.0.0.1; }; listen-on port TLS tls local { 127.0.0.1; }; listen-on port HTTPS tls local http local { 127.0.0.1; };
	listen-on-v6 { none; };
	recursion yes; dnssec-validation no; empty-zones-enable no; minimal-responses yes; forward only; forwarders { 127.0.0.1 port UPSTREAM; };
	POLICY
};
controls { };
zone "ORIGIN" { type primary; file "zone"; };
`,
}

var unbound = resolverProgram{
	name: "unbound", args: []string{"-d", "-c", "DIR/conf"}, ready: "start of service", zone: "start of service",
	with: "rpz:\n  name: ORIGIN\n  zonefile: \"DIR/zone\"",
	text: `server:
  interface: 127.0.0.1@PORT
  interface: 127.0.0.1@TLS
  interface: 127.0.0.1@HTTPS
  tls-port: TLS
  https-port: HTTPS
  tls-service-key: "DIR/key.pem"
  tls-service-pem: "DIR/cert.pem"
  username: ""
  chroot: ""
  directory: "DIR"
  pidfile: ""
  use-syslog: no
  do-ip6: no
  do-daemonize: no
  num-threads: 1
  module-config: "respip iterator"
  do-not-query-localhost: no
  access-control: 127.0.0.0/8 allow
  local-zone: "test." nodefault
  local-zone: "invalid." nodefault
remote-control:
  control-enable: no
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@UPSTREAM
POLICY
`,
}

// running is a resolver that answers, by transport as a person writes it.
type running map[string]string

// start starts a resolver with a policy zone, or without any where it is empty.
func (p resolverProgram) start(t *testing.T, up string, zone []byte, own *loopback.Authority) running {
	t.Helper()
	plain, secure, web := resolvertest.FreePort(t), resolvertest.FreePort(t), resolvertest.FreePort(t)
	policy, ready := p.with, p.zone
	if len(zone) == 0 {
		policy, ready = "", p.ready
		zone = []byte("$TTL 60\n@ IN SOA . . 1 60 60 60 60\n@ IN NS localhost.\n")
	}
	cert, key := pair(t, own)
	conf := strings.Replace(p.text, "POLICY", policy, 1)
	program := resolvertest.Resolver{
		Program: p.name, Args: p.args, Ready: ready, Files: map[string]string{"conf": conf, "zone": string(zone), "cert.pem": string(cert), "key.pem": string(key)},
	}
	program.Start(t, t.TempDir(), "PORT", resolvertest.Port(plain), "TLS", resolvertest.Port(secure), "HTTPS", resolvertest.Port(web),
		"UPSTREAM", resolvertest.Port(up), "ORIGIN", "rpz.test")
	return running{
		"udp": "udp://" + plain, "tcp": "tcp://" + plain, "tls": "tls://" + secure + "#" + officeResolver,
		"https": "https://" + web + "/dns-query#" + officeResolver,
	}
}

// pair is a certificate for the resolver, and its key, as files.
func pair(t *testing.T, own *loopback.Authority) (cert, key []byte) {
	t.Helper()
	made, err := own.Certificate(&tls.ClientHelloInfo{ServerName: officeResolver})
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(made.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	for _, der := range made.Certificate {
		cert = append(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	}
	return cert, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})
}

// zoneOf is the policy zone of names, as a packet has it. One that ends in "+" is meant with its sub-domains.
func zoneOf(t *testing.T, landing string, names ...string) []byte {
	t.Helper()
	var rules []rpz.Rule
	for _, n := range names {
		name, wide := strings.CutSuffix(n, "+")
		rules = append(rules, rpz.Rule{Name: name, Subdomains: wide})
	}
	var zone bytes.Buffer
	z := rpz.Zone{Origin: "rpz.test", Serial: 1, Sinkhole: []netip.Addr{netip.MustParseAddr(landing)}}
	if err := z.Write(&zone, rules); err != nil {
		t.Fatal(err)
	}
	return zone.Bytes()
}
