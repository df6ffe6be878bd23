package netfacts

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/openrdap/rdap"
	"github.com/openrdap/rdap/bootstrap"
)

// Registration is one RDAP question (RFC 9082) and everything that was fetched to answer it.
type Registration struct {
	Query string    `json:"query"` // a domain name or an address
	Kind  string    `json:"kind"`  // domain, ip
	At    time.Time `json:"at"`

	Handle    string   `json:"handle,omitempty"`
	Name      string   `json:"name,omitempty"`
	Registrar string   `json:"registrar,omitempty"`
	Country   string   `json:"country,omitempty"`
	Status    []string `json:"status,omitempty"`
	Servers   []string `json:"name_servers,omitempty"`
	Events    []Event  `json:"events,omitempty"`

	Bodies []Body `json:"bodies,omitempty"` // every reply, as it came
	Error  string `json:"error,omitempty"`
}

// Event is something that happened to a registration: registration, expiration, last changed …
type Event struct {
	Action string `json:"action"`
	Date   string `json:"date"`
}

// Body is one HTTP reply on the way to the answer.
type Body struct {
	URL    string    `json:"url"`
	At     time.Time `json:"at"`
	Status int       `json:"status"`
	Type   string    `json:"content_type,omitempty"`
	Body   []byte    `json:"body,omitempty"` // base64 in JSON
}

const (
	maxBody      = 4 << 20 // of one reply, in bytes
	maxAddresses = 2       // whose networks are asked for
)

// rdap asks for the registrable domain and for the networks of the host's first addresses.
func (l *lookup) rdap(ctx context.Context, f Facts) []Registration {
	var list []Registration
	if f.Registrable != "" {
		list = append(list, l.registration(ctx, rdap.DomainRequest, "domain", f.Registrable))
	}
	for _, a := range addresses(f) {
		list = append(list, l.registration(ctx, rdap.IPRequest, "ip", a))
	}
	return list
}

// addresses are the first of each family that the resolver gave. Nobody registers a private network.
func addresses(f Facts) []string {
	if f.ASCII == "" {
		return public([]string{strings.Trim(f.Host, "[]")})
	}
	var list []string
	for _, a := range f.DNS {
		if found := a.addresses(); a.Name == f.ASCII && len(found) > 0 {
			list = append(list, found[0].String())
		}
	}
	return public(list)
}

func public(list []string) []string {
	var out []string
	for _, s := range list {
		if a, err := netip.ParseAddr(s); err == nil && isPublic(a) && len(out) < maxAddresses {
			out = append(out, a.String())
		}
	}
	return out
}

// isPublic says whether an address can be somebody's on the Internet: not private, nor shared behind a provider (RFC 6598).
func isPublic(a netip.Addr) bool {
	shared := netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 64}), 10)
	a = a.Unmap()
	return a.IsGlobalUnicast() && !a.IsPrivate() && !shared.Contains(a)
}

func (l *lookup) registration(ctx context.Context, kind rdap.RequestType, label, query string) Registration {
	out := Registration{Query: query, Kind: label, At: l.now()}
	ctx, cancel := context.WithTimeout(ctx, 4*l.Timeout) // bootstrap, registry, registrar
	defer cancel()
	keeper := &bodyKeeper{lookup: l}
	defer keeper.close()
	reply, err := l.registry(ctx, keeper, &rdap.Request{Type: kind, Query: query})
	out.Bodies = keeper.bodies
	if err != nil {
		out.Error = fmt.Sprintf("rdap of %s: %v", query, err)
		return out
	}
	out.read(reply.Object)
	return out
}

// registry asks the given server, or the one that IANA's bootstrap files (RFC 9224) name.
func (l *lookup) registry(ctx context.Context, keeper *bodyKeeper, request *rdap.Request) (*rdap.Response, error) {
	web := &http.Client{Transport: keeper, Timeout: 2 * l.Timeout}
	request = request.WithContext(ctx)
	if l.Lookups.RDAPBase != "" {
		server, err := url.Parse(l.Lookups.RDAPBase)
		if err != nil {
			return nil, err
		}
		request = request.WithServer(server)
	}
	client := &rdap.Client{HTTP: web, Bootstrap: &bootstrap.Client{HTTP: web}, UserAgent: "Mozilla/5.0"}
	return client.Do(request)
}

// read takes what every reader looks for first; the body has the rest.
func (r *Registration) read(object rdap.RDAPObject) {
	switch o := object.(type) {
	case *rdap.Domain:
		r.Handle, r.Name, r.Status = o.Handle, o.LDHName, o.Status
		for _, n := range o.Nameservers {
			r.Servers = append(r.Servers, strings.ToLower(n.LDHName))
		}
		for _, e := range o.Events {
			r.Events = append(r.Events, Event{e.Action, e.Date})
		}
		for _, e := range o.Entities {
			if hasRole(e.Roles, "registrar") && e.VCard != nil {
				r.Registrar = e.VCard.Name()
			}
		}
	case *rdap.IPNetwork:
		r.Handle, r.Name, r.Country, r.Status = o.Handle, o.Name, o.Country, o.Status
		for _, e := range o.Events {
			r.Events = append(r.Events, Event{e.Action, e.Date})
		}
	}
}

func hasRole(roles []string, role string) bool {
	for _, r := range roles {
		if strings.EqualFold(r, role) {
			return true
		}
	}
	return false
}

// bodyKeeper is the RDAP client's way into the network: it bounds, keeps and books every reply.
type bodyKeeper struct {
	lookup *lookup
	within bounds
	pool   *http.Transport
	bodies []Body
}

// RoundTrip implements http.RoundTripper.
func (k *bodyKeeper) RoundTrip(request *http.Request) (*http.Response, error) {
	if k.pool == nil {
		k.pool = &http.Transport{
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				return k.lookup.reach(ctx, reasonRDAP, network, address, k.within.permit)
			},
			ForceAttemptHTTP2: true,
		}
	}
	at := k.lookup.now()
	reply, err := k.pool.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(io.LimitReader(reply.Body, maxBody))
	if err != nil {
		return nil, err
	}
	k.bodies = append(k.bodies, Body{request.URL.String(), at, reply.StatusCode, reply.Header.Get("Content-Type"), body})
	reply.Body = io.NopCloser(strings.NewReader(string(body)))
	return reply, nil
}

func (k *bodyKeeper) close() {
	if k.pool != nil {
		k.pool.CloseIdleConnections()
	}
}
