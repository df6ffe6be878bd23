// Package netfacts asks what the network says about a host at one moment: name service, registration data, and how far
// this machine's clock is off. Every answer keeps its source, its time and the bytes as they came.
package netfacts

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
	"golang.org/x/sync/errgroup"

	"yuzheng/capture/chrome/guard"
	"yuzheng/casefile/evidence"
)

// Options says what to ask, of whom, and through what.
type Options struct {
	Host    string           // the host of the page, a name or an address, without port
	Lookups evidence.Lookups // what is asked for; what is off is not contacted
	Now     func() time.Time
	// Dial opens every connection ("udp" or "tcp"), always to ADDRESS:PORT, never to a name.
	Dial    func(ctx context.Context, network, address string) (net.Conn, error)
	Timeout time.Duration // of one contact; the zero value is 5 s

	Sinkholes []netip.Addr // where stopped names are known to lead, for Lookups.Compare
	ASN       *ASNTable    // the networks of addresses; nil knows none
}

const (
	defaultTimeout = 5 * time.Second
	defaultNTP     = "time.stdtime.gov.tw:123" // Taiwan's national time
)

// Look asks for everything that Options wants. It returns when all answers are there or have failed.
func Look(ctx context.Context, o Options) evidence.NetworkFacts {
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	l := &lookup{Options: o, book: newBook(o.Dial)}
	f := namesOf(o.Host)
	l.resolver = o.Lookups.Resolver
	if l.resolver == "" && o.Lookups.Any() {
		var err error
		if l.resolver, err = systemResolver(); err != nil {
			f.Errors = append(f.Errors, "resolver of this machine: "+err.Error())
		}
	}
	f.Resolver = l.resolver
	var err error
	if l.here, err = guard.Neighbours(); err != nil {
		f.Errors = append(f.Errors, err.Error())
	}
	var clock *evidence.Clock
	var resolvers *evidence.ResolverComparison
	var whois *evidence.WHOIS
	var work errgroup.Group
	begin := func(on bool, ask func()) {
		if on {
			work.Go(func() error { ask(); return nil })
		}
	}
	names := f
	begin(o.Lookups.Clock, func() { clock = l.clock(ctx) })
	begin(o.Lookups.Compare != "", func() { resolvers = l.compareWith(ctx, names) })
	begin(o.Lookups.WHOIS, func() { whois = l.whois(ctx, names) })
	begin(o.Lookups.DNS || o.Lookups.RDAP, func() {
		if o.Lookups.DNS {
			f.DNS = l.dns(ctx, f)
		}
		if o.Lookups.RDAP {
			f.Registration = l.rdap(ctx, f)
		}
	})
	_ = work.Wait() // failures stand in the answers
	f.Clock, f.Resolvers, f.WHOIS = clock, resolvers, whois
	f.Networks = l.networks(f)
	f.Contacts = l.book.list()
	return f
}

// networks tells the networks of every address that was found for the host.
func (l *lookup) networks(f evidence.NetworkFacts) *evidence.Networks {
	var list []netip.Addr
	if a, err := netip.ParseAddr(strings.Trim(f.Host, "[]")); err == nil {
		list = append(list, a)
	}
	answers := f.DNS
	if f.Resolvers != nil {
		answers = slices.Concat(f.DNS, f.Resolvers.Office, f.Resolvers.Outside)
	}
	for _, a := range answers {
		if a.Name == f.ASCII {
			list = append(list, addressesIn(a)...)
		}
	}
	if len(list) == 0 {
		return nil
	}
	n := l.ASN.Networks(list)
	return &n
}

// lookup is one call of Look on its way.
type lookup struct {
	Options
	book     *book
	resolver string
	here     guard.Neighbourhood
}

// namesOf gives a host in its forms. A name that IDNA refuses (an underscore, say) is asked for as it stands.
func namesOf(host string) evidence.NetworkFacts {
	f := evidence.NetworkFacts{Host: host}
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return f
	}
	name := strings.TrimSuffix(strings.ToLower(host), ".")
	f.ASCII = name
	if ascii, err := idna.Lookup.ToASCII(name); err == nil {
		f.ASCII = ascii
	}
	if unicode, err := idna.Display.ToUnicode(f.ASCII); err == nil && unicode != f.ASCII {
		f.Unicode = unicode
	}
	f.Suffix, f.SuffixICANN = publicsuffix.PublicSuffix(f.ASCII)
	if registrable, err := publicsuffix.EffectiveTLDPlusOne(f.ASCII); err == nil {
		f.Registrable = registrable
	}
	return f
}

func (l *lookup) now() time.Time { return l.Now().UTC() }

// fault is an error as facts keep it.
func fault(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
