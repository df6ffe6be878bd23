package sitetest

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"yuzheng/casefile/evidence"

	"github.com/miekg/dns"
)

// registry answers, on loopback, what name service, registration and time servers would say about the site's names.
type registry struct {
	udp, tcp *dns.Server
	rdap     net.Listener
	ntp      net.PacketConn
}

// Lookups names the site's own resolver, RDAP and time server: facts about its names without any outside contact.
func (s *Site) Lookups() evidence.Lookups {
	return evidence.Lookups{
		DNS: true, Resolver: s.registry.udp.PacketConn.LocalAddr().String(),
		RDAP: true, RDAPBase: "http://" + s.registry.rdap.Addr().String(),
		Clock: true, NTP: s.registry.ntp.LocalAddr().String(),
	}
}

func (s *Site) register() error {
	udp, tcp, err := bothTransports()
	if err != nil {
		return err
	}
	handler := dns.HandlerFunc(s.resolve)
	r := &registry{udp: &dns.Server{PacketConn: udp, Handler: handler}, tcp: &dns.Server{Listener: tcp, Handler: handler}}
	s.registry = r
	s.running.Go(func() { _ = r.udp.ActivateAndServe() })
	s.running.Go(func() { _ = r.tcp.ActivateAndServe() })
	if r.ntp, err = net.ListenPacket("udp", "127.0.0.1:0"); err != nil {
		return err
	}
	s.running.Go(func() { tellTime(r.ntp) })
	if r.rdap, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return err
	}
	server := &http.Server{Handler: http.HandlerFunc(s.registration), ReadHeaderTimeout: time.Minute, ErrorLog: quiet()}
	s.servers = append(s.servers, server)
	s.running.Go(func() { _ = server.Serve(r.rdap) })
	return nil
}

// bothTransports listens on one port for UDP and TCP; the two are given out apart, so it may take some tries.
func bothTransports() (net.PacketConn, net.Listener, error) {
	var errs []error
	for range 20 {
		tcp, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, nil, err
		}
		udp, err := net.ListenPacket("udp", tcp.Addr().String())
		if err == nil {
			return udp, tcp, nil
		}
		errs = append(errs, err, tcp.Close())
	}
	return nil, nil, errors.Join(errs...)
}

func (r *registry) close() {
	if r == nil {
		return
	}
	// Closing the sockets ends their servers; Shutdown would refuse one that has not begun to serve yet.
	_, _ = r.udp.PacketConn.Close(), r.tcp.Listener.Close()
	if r.ntp != nil {
		_ = r.ntp.Close()
	}
	if r.rdap != nil {
		_ = r.rdap.Close()
	}
}

// zone is what the resolver says of every name of the site, and of what lies below it: NAME stands for the name.
var zone = []string{
	"NAME 300 IN A 127.0.0.1",
	"NAME 3600 IN NS ns1.registry-training.example.",
	"NAME 3600 IN NS ns2.registry-training.example.",
	"NAME 3600 IN SOA ns1.registry-training.example. hostmaster.registry-training.example. 2026112301 7200 3600 1209600 300",
	`NAME 3600 IN TXT "v=spf1 -all"`,
	`NAME 3600 IN TXT "` + strings.Repeat("x", 250) + `" "` + strings.Repeat("y", 250) + `" "` + strings.Repeat("z", 250) + `" "` + strings.Repeat("x", 250) + `" "` + strings.Repeat("y", 250) + `"`,
	`NAME 3600 IN CAA 0 issue "ca-training.example"`,
}

func (s *Site) resolve(w dns.ResponseWriter, query *dns.Msg) {
	reply := new(dns.Msg).SetReply(query)
	reply.RecursionAvailable = true
	if len(query.Question) == 1 {
		s.answer(reply, query.Question[0])
	}
	if _, udp := w.LocalAddr().(*net.UDPAddr); udp {
		size := dns.MinMsgSize
		if opt := query.IsEdns0(); opt != nil {
			size = int(opt.UDPSize())
		}
		reply.Truncate(size)
	}
	_ = w.WriteMsg(reply) // whoever asked may be gone
}

func (s *Site) answer(reply *dns.Msg, q dns.Question) {
	name := strings.TrimSuffix(strings.ToLower(q.Name), ".")
	if _, known := s.hosts[name]; !known {
		reply.Rcode = dns.RcodeNameError
		return
	}
	for _, line := range zone {
		rr, err := dns.NewRR(strings.ReplaceAll(line, "NAME", dns.Fqdn(name)))
		must(err)
		if rr.Header().Rrtype == q.Qtype {
			reply.Answer = append(reply.Answer, rr)
		}
	}
}

// registration answers as an RDAP server (RFC 9083) for the domains of the site.
func (s *Site) registration(w http.ResponseWriter, r *http.Request) {
	name, ok := strings.CutPrefix(r.URL.Path, "/domain/")
	_, known := s.hosts[strings.ToLower(name)]
	w.Header().Set("Content-Type", "application/rdap+json")
	if !ok || !known {
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"errorCode":404,"title":"not found"}`)
		return
	}
	must(json.NewEncoder(w).Encode(map[string]any{
		"objectClassName": "domain", "handle": "TRAINING-1", "ldhName": strings.ToUpper(name), "status": []string{"active"},
		"rdapConformance": []string{"rdap_level_0"},
		"nameservers": []map[string]any{
			{"objectClassName": "nameserver", "ldhName": "NS1.REGISTRY-TRAINING.EXAMPLE"},
			{"objectClassName": "nameserver", "ldhName": "NS2.REGISTRY-TRAINING.EXAMPLE"},
		},
		"events": []map[string]any{
			{"eventAction": "registration", "eventDate": "2026-10-01T03:04:05Z"},
			{"eventAction": "expiration", "eventDate": "2027-10-01T03:04:05Z"},
		},
		"entities": []map[string]any{{
			"objectClassName": "entity", "handle": "R-1", "roles": []string{"registrar"},
			"vcardArray": []any{"vcard", []any{
				[]any{"version", map[string]any{}, "text", "4.0"},
				[]any{"fn", map[string]any{}, "text", "教學註冊商 Training Registrar"},
			}},
		}},
	}))
}

// tellTime answers as an SNTP server that is right.
func tellTime(conn net.PacketConn) {
	request := make([]byte, 512)
	for {
		n, from, err := conn.ReadFrom(request)
		if err != nil {
			return
		}
		if n < 48 {
			continue
		}
		reply := make([]byte, 48)
		reply[0], reply[1] = 4<<3|4, 2 // version 4, server; stratum 2
		copy(reply[24:32], request[40:48])
		now := ntpNow()
		binary.BigEndian.PutUint64(reply[16:], now)
		binary.BigEndian.PutUint64(reply[32:], now)
		binary.BigEndian.PutUint64(reply[40:], ntpNow())
		_, _ = conn.WriteTo(reply, from)
	}
}

// ntpNow is the time as RFC 5905 writes it: seconds since 1900 and a fraction, modulo 2^32 seconds.
func ntpNow() uint64 {
	t := time.Now()
	return uint64(uint32(t.Unix()+2_208_988_800))<<32 | uint64(t.Nanosecond())<<32/1e9
}
