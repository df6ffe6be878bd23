package loopback

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/miekg/dns"

	"yuzheng/casefile/evidence"
)

// Registry answers what name service, registration and time servers would say about some names. It begins with StartRegistry and ends with Close.
type Registry struct {
	names   []string
	udp     net.PacketConn
	tcp     net.Listener
	rdap    net.Listener
	ntp     net.PacketConn
	web     *http.Server
	running sync.WaitGroup
}

// StartRegistry serves, for names in lower case without a last dot, made-up facts: an address on loopback, name servers, a registrar, dates.
// Of other names it says that there are none.
func StartRegistry(names ...string) (*Registry, error) {
	r := &Registry{names: names}
	if err := r.listen(); err != nil {
		return nil, errors.Join(fmt.Errorf("registry: %w", err), r.Close())
	}
	r.web = &http.Server{Handler: http.HandlerFunc(r.registration), ReadHeaderTimeout: time.Minute, ErrorLog: log.New(io.Discard, "", 0)}
	for _, server := range []*dns.Server{{PacketConn: r.udp}, {Listener: r.tcp}} {
		server.Handler = dns.HandlerFunc(r.resolve)
		r.running.Go(func() { _ = server.ActivateAndServe() }) // until its socket is closed
	}
	r.running.Go(func() { _ = r.web.Serve(r.rdap) })
	r.running.Go(r.tellTime)
	return r, nil
}

func (r *Registry) listen() (err error) {
	if r.udp, r.tcp, err = bothTransports(); err != nil {
		return err
	}
	if r.ntp, err = net.ListenPacket("udp", "127.0.0.1:0"); err != nil {
		return err
	}
	r.rdap, err = net.Listen("tcp", "127.0.0.1:0")
	return err
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

// Lookups names its resolver, RDAP and time server: facts about the names without any outside contact.
func (r *Registry) Lookups() evidence.Lookups {
	return evidence.Lookups{
		DNS: true, Resolver: r.udp.LocalAddr().String(),
		RDAP: true, RDAPBase: "http://" + r.rdap.Addr().String(),
		Clock: true, NTP: r.ntp.LocalAddr().String(),
	}
}

// Close ends the servers and waits for them.
func (r *Registry) Close() (err error) {
	if r.web != nil {
		err = r.web.Close()
	}
	// Closing the sockets ends their servers; a Shutdown would refuse one that has not begun to serve yet.
	for _, l := range []net.Listener{r.tcp, r.rdap} {
		if l != nil {
			_ = l.Close()
		}
	}
	for _, c := range []net.PacketConn{r.udp, r.ntp} {
		if c != nil {
			_ = c.Close()
		}
	}
	r.running.Wait()
	return err
}

// zone is what the resolver says of every name: NAME stands for it. The long TXT record needs a second question, over TCP.
var zone = []string{
	"NAME 300 IN A 127.0.0.1",
	"NAME 3600 IN NS ns1.registry-training.example.",
	"NAME 3600 IN NS ns2.registry-training.example.",
	"NAME 3600 IN SOA ns1.registry-training.example. hostmaster.registry-training.example. 2026112301 7200 3600 1209600 300",
	`NAME 3600 IN TXT "v=spf1 -all"`,
	`NAME 3600 IN TXT "` + strings.Repeat("x", 250) + `" "` + strings.Repeat("y", 250) + `" "` + strings.Repeat("z", 250) + `" "` + strings.Repeat("x", 250) + `" "` + strings.Repeat("y", 250) + `"`,
	`NAME 3600 IN CAA 0 issue "ca-training.example"`,
}

func (r *Registry) resolve(w dns.ResponseWriter, query *dns.Msg) {
	reply := new(dns.Msg).SetReply(query)
	reply.RecursionAvailable = true
	if len(query.Question) == 1 {
		r.answer(reply, query.Question[0])
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

func (r *Registry) answer(reply *dns.Msg, q dns.Question) {
	name := strings.TrimSuffix(strings.ToLower(q.Name), ".")
	if !slices.Contains(r.names, name) {
		reply.Rcode = dns.RcodeNameError
		return
	}
	for _, line := range zone {
		rr, err := dns.NewRR(strings.ReplaceAll(line, "NAME", dns.Fqdn(name)))
		if err != nil {
			panic("loopback: " + err.Error())
		}
		if rr.Header().Rrtype == q.Qtype {
			reply.Answer = append(reply.Answer, rr)
		}
	}
}

// registration answers as an RDAP server (RFC 9083).
func (r *Registry) registration(w http.ResponseWriter, request *http.Request) {
	name, ok := strings.CutPrefix(request.URL.Path, "/domain/")
	w.Header().Set("Content-Type", "application/rdap+json")
	if !ok || !slices.Contains(r.names, strings.ToLower(name)) {
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"errorCode":404,"title":"not found"}`)
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{ // whoever asked may be gone
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
	})
}

// tellTime answers as an SNTP server (RFC 4330) that has this machine's time.
func (r *Registry) tellTime() {
	request := make([]byte, 512)
	for {
		n, from, err := r.ntp.ReadFrom(request)
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
		_, _ = r.ntp.WriteTo(reply, from)
	}
}

// ntpNow is the time as RFC 5905 writes it: seconds since 1900 and a fraction, modulo 2^32 seconds.
func ntpNow() uint64 {
	t := time.Now()
	return uint64(uint32(t.Unix()+2_208_988_800))<<32 | uint64(t.Nanosecond())<<32/1e9
}
