package netfacts

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"

	"yuzheng/casefile/evidence"

	"github.com/miekg/dns"
	"golang.org/x/sync/errgroup"
)

var asked = []uint16{dns.TypeA, dns.TypeAAAA, dns.TypeCNAME, dns.TypeNS, dns.TypeMX, dns.TypeTXT, dns.TypeSOA, dns.TypeCAA}

const (
	atOnce     = 8    // questions on their way
	udpPayload = 1232 // bytes, as DNS Flag Day 2020 recommends
	attempts   = 2    // of a question over UDP
	maxAnswer  = 64   // addresses of one answer that are used
)

// dns asks for every type of the host and of its registrable domain; of an address, for its name.
func (l *lookup) dns(ctx context.Context, f evidence.NetworkFacts) []evidence.DNSAnswer {
	type question struct {
		name string
		kind uint16
	}
	var list []question
	for _, name := range domains(f) {
		for _, kind := range asked {
			list = append(list, question{name, kind})
		}
	}
	if reverse, err := dns.ReverseAddr(strings.Trim(f.Host, "[]")); err == nil {
		list = []question{{strings.TrimSuffix(reverse, "."), dns.TypePTR}}
	}
	answers := make([]evidence.DNSAnswer, len(list))
	var work errgroup.Group
	work.SetLimit(atOnce)
	for i, q := range list {
		work.Go(func() error { answers[i] = l.ask(ctx, q.name, q.kind); return nil })
	}
	_ = work.Wait() // failures stand in the answers
	return answers
}

func domains(f evidence.NetworkFacts) []string {
	switch {
	case f.ASCII == "":
		return nil
	case f.Registrable == "" || f.Registrable == f.ASCII:
		return []string{f.ASCII}
	}
	return []string{f.ASCII, f.Registrable}
}

func (l *lookup) ask(ctx context.Context, name string, kind uint16) evidence.DNSAnswer {
	return l.askAt(ctx, l.resolver, name, kind)
}

// askAt puts one question to a resolver: over UDP, twice if need be, and over TCP where the answer is cut short.
func (l *lookup) askAt(ctx context.Context, resolver, name string, kind uint16) evidence.DNSAnswer {
	a := evidence.DNSAnswer{Name: name, Type: dns.TypeToString[kind], Resolver: resolver, Transport: "udp", At: l.now()}
	query := new(dns.Msg).SetQuestion(dns.Fqdn(name), kind)
	query.SetEdns0(udpPayload, true)
	reply, wire, err := l.exchange(ctx, resolver, "udp", query)
	for n := 1; err != nil && n < attempts && ctx.Err() == nil; n++ {
		reply, wire, err = l.exchange(ctx, resolver, "udp", query)
	}
	if err == nil && reply.Truncated {
		a.Transport = "tcp"
		reply, wire, err = l.exchange(ctx, resolver, "tcp", query)
	}
	a.ElapsedMS = l.now().Sub(a.At).Milliseconds()
	if err != nil {
		a.Error = err.Error()
		return a
	}
	a.Code, a.Authenticated, a.Wire = dns.RcodeToString[reply.Rcode], reply.AuthenticatedData, wire
	a.Records = append(a.Records, recordsOf("answer", reply.Answer)...)
	a.Records = append(a.Records, recordsOf("authority", reply.Ns)...)
	a.Records = append(a.Records, recordsOf("additional", reply.Extra)...)
	return a
}

var errNoResolver = errors.New("no resolver is known")

// exchange sends a query and waits for the answer to it: messages that answer something else are passed over.
func (l *lookup) exchange(ctx context.Context, resolver, network string, query *dns.Msg) (*dns.Msg, []byte, error) {
	if resolver == "" {
		return nil, nil, errNoResolver
	}
	ctx, cancel := context.WithTimeout(ctx, l.Timeout)
	defer cancel()
	raw, err := l.book.open(ctx, reasonDNS, resolver, network, resolver)
	if err != nil {
		return nil, nil, fmt.Errorf("resolver %s: %w", resolver, err)
	}
	defer raw.Close()
	c, err := talk(ctx, raw, query)
	if err != nil {
		return nil, nil, fmt.Errorf("resolver %s: %w", resolver, err)
	}
	return c.reply, c.wire, nil
}

func answers(reply, query *dns.Msg) bool {
	return reply.Response && reply.Id == query.Id && len(reply.Question) == 1 &&
		strings.EqualFold(reply.Question[0].Name, query.Question[0].Name) && reply.Question[0].Qtype == query.Question[0].Qtype
}

func recordsOf(section string, list []dns.RR) []evidence.DNSRecord {
	var out []evidence.DNSRecord
	for _, rr := range list {
		h := rr.Header()
		if h.Rrtype == dns.TypeOPT {
			continue
		}
		out = append(out, evidence.DNSRecord{
			Section: section, Name: h.Name, Type: dns.TypeToString[h.Rrtype], TTL: h.Ttl,
			Value: strings.TrimPrefix(rr.String(), h.String()),
		})
	}
	return out
}

// addressesIn are those that the answer gives for its name, also at the end of a chain of aliases.
func addressesIn(a evidence.DNSAnswer) []netip.Addr {
	var list []netip.Addr
	for _, r := range a.Records {
		if r.Section != "answer" || r.Type != a.Type {
			continue
		}
		if address, err := netip.ParseAddr(r.Value); err == nil && len(list) < maxAnswer {
			list = append(list, address)
		}
	}
	return list
}

func (l *lookup) dial(ctx context.Context, reason, network, address string) (net.Conn, error) {
	return l.reach(ctx, reason, network, address, func(netip.Addr) error { return nil })
}

// reach connects to "NAME:PORT" with an address that the same resolver gives, so that no other one is asked unseen. Each address
// must have been permitted.
func (l *lookup) reach(ctx context.Context, reason, network, address string, permit func(netip.Addr) error) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	try := func(to netip.Addr) (net.Conn, error) {
		if err := permit(to); err != nil {
			return nil, fmt.Errorf("%s: %w", to, err)
		}
		return l.book.open(ctx, reason, host, network, net.JoinHostPort(to.String(), port))
	}
	if to, err := netip.ParseAddr(host); err == nil {
		return try(to)
	}
	var last error
	for _, kind := range []uint16{dns.TypeA, dns.TypeAAAA} {
		a := l.ask(ctx, host, kind)
		for _, to := range addressesIn(a) {
			conn, err := try(to)
			if err == nil {
				return conn, nil
			}
			last = err
		}
		if a.Error != "" && last == nil {
			last = errors.New(a.Error)
		}
	}
	if last == nil {
		last = errors.New("has no address")
	}
	return nil, fmt.Errorf("%s: %w", host, last)
}
