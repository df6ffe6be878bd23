package chrome

import (
	"context"
	"crypto/x509"
	"net"
	"net/netip"
	"net/url"
	"slices"

	"yuzheng/capture/chrome/exchange"

	"yuzheng/capture"
	"yuzheng/capture/archive"
	"yuzheng/capture/chrome/guard"
	"yuzheng/capture/netfacts"
	"yuzheng/casefile/evidence"
)

// lookUp starts the look-ups for the host that the page ended at. Only the first call does anything. They go on after a cancelled
// visit, for as long as sealing it may take: an unreachable page is worth little without them.
func (j *job) lookUp(ctx context.Context) {
	l := j.req.Lookups
	if j.looked != nil || !(l.DNS || l.RDAP || l.Clock || l.WHOIS || l.Compare != "") {
		return
	}
	u, err := url.Parse(j.lastAddress())
	if err != nil {
		return
	}
	found := make(chan evidence.NetworkFacts, 1)
	j.looked = found
	dialer := j.dialer()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTime)
	go func() {
		defer cancel()
		found <- netfacts.Look(ctx, netfacts.Options{
			Host: u.Hostname(), Lookups: l, Now: j.options.Now, Dial: dialer, Sinkholes: j.options.Blocked.Addresses, ASN: j.options.Networks,
		})
	}()
}

// dialer opens the connections of look-ups: over the office's proxy where there is one, but for datagrams, which it cannot carry.
func (j *job) dialer() func(ctx context.Context, network, address string) (net.Conn, error) {
	direct := new(net.Dialer)
	over, err := guard.Upstream(j.proxy)
	if j.proxy == "" || err != nil {
		return direct.DialContext
	}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if network == "tcp" {
			return over.DialContext(ctx, network, address)
		}
		return direct.DialContext(ctx, network, address)
	}
}

// facts writes facts.json and lists the contacts.
func (j *job) facts(ctx context.Context, main *exchange.Document) {
	if j.req.Lookups.Any() {
		j.progress.Step(capture.StepFacts, 0, 0)
	}
	f := evidence.Facts{
		Schema: evidence.Schema, Taken: j.options.Now().UTC(), Servers: j.servers(), Connections: j.exchanges.Guard.Connections(), Codes: j.camera.FoundCodes(), Icons: j.icons,
	}
	f.Networks = j.networks(f.Connections)
	if main != nil {
		f.Document = &evidence.Document{
			URL: main.URL, At: main.Started, Status: main.Status, Protocol: main.Protocol, Remote: remoteText(main), TLS: main.TLS,
			Headers: archive.Readable(main.ResponseHeader),
		}
	}
	j.contacts = pageContacts(f.Connections)
	j.lookUp(ctx)
	if j.looked != nil {
		select {
		case found := <-j.looked:
			f.Network = &found
			j.truth(found.Resolvers)
			j.contacts = append(j.contacts, found.Contacts...)
		case <-ctx.Done():
			j.journal.Warn("look-ups: %v", context.Cause(ctx))
			j.journal.Miss(evidence.FactsJSON+" network", context.Cause(ctx).Error())
		}
	}
	j.keeper.PutJSON(evidence.FactsJSON, f)
}

func remoteText(h *exchange.Document) string {
	if !h.Remote.IsValid() {
		return ""
	}
	return h.Remote.String()
}

// pageContacts are the hosts that were connected to on behalf of the page.
func pageContacts(list []evidence.Connection) []evidence.Contact {
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

func (j *job) servers() []evidence.Server {
	out := []evidence.Server{}
	for _, c := range j.exchanges.Chains() {
		s := evidence.Server{Origin: c.Origin, Error: c.Error}
		if remote := j.exchanges.Guard.Remote(exchange.HostPort(c.Origin)); remote.IsValid() {
			s.Remote = remote.String()
		}
		judgeChain(&s, c.DER, netfacts.Judge{At: j.started, Host: hostOf(c.Origin)}, j.options.Inspectors)
		if s.Interceptor != "" {
			j.journal.Warn("%s: the connection was opened in between (%s); the certificate is not the site's own", c.Origin, s.Interceptor)
		}
		out = append(out, s)
	}
	return out
}

// networks says whose the addresses are that were connected to.
func (j *job) networks(list []evidence.Connection) *evidence.Networks {
	if j.options.Networks == nil {
		return nil
	}
	var addresses []netip.Addr
	for _, c := range list {
		if c.Remote.IsValid() && c.Refused == "" && !slices.Contains(addresses, c.Remote.Addr()) {
			addresses = append(addresses, c.Remote.Addr())
		}
	}
	found := j.options.Networks.Networks(addresses)
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
func (j *job) truth(t *evidence.ResolverComparison) {
	switch {
	case t == nil:
	case t.Verdict == evidence.ResolverStopped:
		j.journal.Warn("the office's resolver has stopped %s, the one outside has not: what the office sees is not the site", t.Name)
	case t.Verdict == evidence.ResolversDiffer:
		j.journal.Warn("the office's resolver and the one outside give other addresses for %s", t.Name)
	}
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
