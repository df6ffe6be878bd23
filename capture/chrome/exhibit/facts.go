package exhibit

import (
	"context"
	"crypto/x509"
	"net"
	"net/netip"
	"net/url"
	"slices"

	"yuzheng/capture"
	"yuzheng/capture/archive"
	"yuzheng/capture/chrome/exchange"
	"yuzheng/capture/chrome/guard"
	"yuzheng/capture/netfacts"
	"yuzheng/casefile/evidence"
)

// LookUp starts the look-ups for the host that the page ended at. Only the first call does anything. They go on after a cancelled
// visit, for as long as sealing it may take: an unreachable page is worth little without them.
func (x *Exhibit) LookUp(ctx context.Context) {
	l := x.Request.Lookups
	if x.looked != nil || !(l.DNS || l.RDAP || l.Clock || l.WHOIS || l.Compare != "") {
		return
	}
	u, err := url.Parse(x.LastAddress())
	if err != nil {
		return
	}
	found := make(chan evidence.NetworkFacts, 1)
	x.looked = found
	dialer := x.dialer()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), FinishTime)
	go func() {
		defer cancel()
		found <- netfacts.Look(ctx, netfacts.Options{
			Host: u.Hostname(), Lookups: l, Now: x.Options.Now, Dial: dialer, Sinkholes: x.Options.Blocked.Addresses, ASN: x.Options.Networks,
		})
	}()
}

// dialer opens the connections of look-ups: over the office's proxy where there is one, but for datagrams, which it cannot carry.
func (x *Exhibit) dialer() func(ctx context.Context, network, address string) (net.Conn, error) {
	direct := new(net.Dialer)
	over, err := guard.Upstream(x.proxy)
	if x.proxy == "" || err != nil {
		return direct.DialContext
	}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if network == "tcp" {
			return over.DialContext(ctx, network, address)
		}
		return direct.DialContext(ctx, network, address)
	}
}

// Facts writes facts.json and lists the contacts.
func (x *Exhibit) Facts(ctx context.Context, main *exchange.Document) {
	if x.Request.Lookups.Any() {
		x.Progress.Step(capture.StepFacts, 0, 0)
	}
	f := evidence.Facts{
		Schema: evidence.Schema, Taken: x.Options.Now().UTC(), Servers: x.servers(), Connections: x.Guard.Connections(), Codes: x.Camera.FoundCodes(), Icons: x.icons,
	}
	f.Networks = x.networks(f.Connections)
	if main != nil {
		f.Document = &evidence.Document{
			URL: main.URL, At: main.Started, Status: main.Status, Protocol: main.Protocol, Remote: remoteText(main), TLS: main.TLS,
			Headers: archive.Readable(main.ResponseHeader),
		}
	}
	x.Contacts = PageContacts(f.Connections)
	x.LookUp(ctx)
	if x.looked != nil {
		select {
		case found := <-x.looked:
			f.Network = &found
			x.truth(found.Resolvers)
			x.Contacts = append(x.Contacts, found.Contacts...)
		case <-ctx.Done():
			x.Journal.Warn(evidence.LookUps.With(context.Cause(ctx)))
			x.Journal.Miss(evidence.FactsJSON+" network", evidence.Said(context.Cause(ctx)))
		}
	}
	x.Keeper.PutJSON(evidence.FactsJSON, f)
}

func remoteText(h *exchange.Document) string {
	if !h.Remote.IsValid() {
		return ""
	}
	return h.Remote.String()
}

// PageContacts are the hosts that were connected to on behalf of the page.
func PageContacts(list []evidence.Connection) []evidence.Contact {
	var out []evidence.Contact
	for _, c := range list {
		if c.Refused != "" {
			continue
		}
		remote := ""
		if c.Remote.IsValid() {
			remote = c.Remote.String()
		}
		i := slices.IndexFunc(out, func(o evidence.Contact) bool { return o.Host == c.Host && o.Address == remote })
		if i < 0 {
			out = append(out, evidence.Contact{Host: c.Host, Address: remote, Reason: "page"})
			i = len(out) - 1
		}
		out[i].Count++
	}
	return out
}

func (x *Exhibit) servers() []evidence.Server {
	out := []evidence.Server{}
	for _, c := range x.Exchanges.Certificates.Chains() {
		s := evidence.Server{Origin: c.Origin, Error: c.Error}
		if remote := x.Guard.Remote(exchange.HostPort(c.Origin)); remote.IsValid() {
			s.Remote = remote.String()
		}
		judgeChain(&s, c.DER, netfacts.Judge{At: x.started, Host: hostOf(c.Origin)}, x.Options.Inspectors)
		if s.Interceptor != "" {
			x.Journal.Warn(evidence.ConnectionOpened.With(c.Origin, s.Interceptor))
		}
		out = append(out, s)
	}
	return out
}

// networks says whose the addresses are that were connected to.
func (x *Exhibit) networks(list []evidence.Connection) *evidence.Networks {
	if x.Options.Networks == nil {
		return nil
	}
	var addresses []netip.Addr
	for _, c := range list {
		if c.Remote.IsValid() && c.Refused == "" && !slices.Contains(addresses, c.Remote.Addr()) {
			addresses = append(addresses, c.Remote.Addr())
		}
	}
	found := x.Options.Networks.Networks(addresses)
	return &found
}

// judgeChain describes the chain that a server showed.
func judgeChain(s *evidence.Server, chain [][]byte, by netfacts.Judge, inspectors []string) {
	s.Chain = netfacts.Certificates(chain, by)
	var parsed []*x509.Certificate
	for _, der := range chain {
		if c, err := x509.ParseCertificate(der); err == nil {
			parsed = append(parsed, c)
		}
	}
	s.Interceptor, _ = netfacts.Intercepted(parsed, netfacts.Trust{Products: inspectors})
}

// truth tells when the office's own resolver leads elsewhere than the one outside.
func (x *Exhibit) truth(t *evidence.ResolverComparison) {
	switch {
	case t == nil:
	case t.Verdict == evidence.ResolverStopped:
		x.Journal.Warn(evidence.ResolverStops.With(t.Name))
	case t.Verdict == evidence.ResolversDiffer:
		x.Journal.Warn(evidence.ResolversGiveOthers.With(t.Name))
	}
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
