package netfacts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"yuzheng/casefile/evidence"

	"github.com/openrdap/rdap"
	"github.com/openrdap/rdap/bootstrap"
)

const (
	maxBody      = 4 << 20 // of one reply, in bytes
	maxAddresses = 2       // whose networks are asked for
)

// rdap asks for the registrable domain and for the networks of the host's first addresses.
func (l *lookup) rdap(ctx context.Context, f evidence.NetworkFacts) []evidence.Registration {
	var list []evidence.Registration
	if f.Registrable != "" {
		list = append(list, l.registration(ctx, rdap.DomainRequest, "domain", f.Registrable))
	}
	for _, a := range addresses(f) {
		list = append(list, l.registration(ctx, rdap.IPRequest, "ip", a))
	}
	return list
}

// addresses are the first of each family that the resolver gave. Nobody registers a private network.
func addresses(f evidence.NetworkFacts) []string {
	if f.ASCII == "" {
		return public([]string{strings.Trim(f.Host, "[]")})
	}
	var list []string
	for _, a := range f.DNS {
		if found := addressesIn(a); a.Name == f.ASCII && len(found) > 0 {
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

// isPublic says whether registries can be asked whose an address is: not private, nor shared behind a provider (RFC 6598).
func isPublic(a netip.Addr) bool {
	shared := netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 64}), 10)
	a = a.Unmap()
	return a.IsGlobalUnicast() && !a.IsPrivate() && !shared.Contains(a)
}

func (l *lookup) registration(ctx context.Context, kind rdap.RequestType, label, query string) evidence.Registration {
	out := evidence.Registration{Query: query, Kind: label, At: l.now()}
	ctx, cancel := context.WithTimeout(ctx, 4*l.Timeout) // bootstrap, registry, registrar
	defer cancel()
	keeper := &bodyKeeper{lookup: l, within: bounds{here: l.here}}
	defer keeper.close()
	err := l.registry(ctx, keeper, &rdap.Request{Type: kind, Query: query}, &out)
	out.Bodies = keeper.bodies
	if err != nil {
		out.Error = fmt.Sprintf("rdap of %s: %v", query, err)
	}
	return out
}

// registry asks the given server, or the one that IANA's bootstrap files (RFC 9224) name, and reads its answer.
func (l *lookup) registry(ctx context.Context, keeper *bodyKeeper, request *rdap.Request, into *evidence.Registration) error {
	web := &http.Client{Transport: keeper, Timeout: 2 * l.Timeout}
	request = request.WithContext(ctx)
	if l.Lookups.RDAPBase != "" {
		server, err := url.Parse(l.Lookups.RDAPBase)
		if err != nil {
			return err
		}
		request = request.WithServer(server)
	}
	client := &rdap.Client{HTTP: web, Bootstrap: &bootstrap.Client{HTTP: web}, UserAgent: "Mozilla/5.0"}
	reply, err := client.Do(request)
	if reply == nil || len(reply.HTTP) == 0 {
		return err // nobody was asked
	}
	for _, h := range reply.HTTP { // each is another server for the same question
		if err = takeReply(into, h, l.now()); err == nil {
			return nil
		}
	}
	return err
}

// take reads one server's answer, or says why there is none. That the library could not read it is no reason.
func takeReply(r *evidence.Registration, h *rdap.HTTPResponse, now time.Time) error {
	if h.Response == nil {
		return h.Error
	}
	switch code := h.Response.StatusCode; {
	case code == http.StatusNotFound:
		return errors.New("not registered at this registry (404)")
	case code == http.StatusTooManyRequests, code == http.StatusServiceUnavailable:
		return busy(code, h.Response.Header.Get("Retry-After"), now)
	case code < 200 || code > 299:
		return fmt.Errorf("the server answers %d %s", code, http.StatusText(code))
	case len(h.Body) == 0:
		return errors.New("the answer is empty")
	case len(h.Body) == maxBody:
		return fmt.Errorf("the answer is longer than %d bytes; its beginning is kept", maxBody)
	}
	if err := readAnswer(r, h.Body); err != nil {
		return fmt.Errorf("%w (%s)", err, cmp.Or(tidy(h.Response.Header.Get("Content-Type")), "no content type"))
	}
	return nil
}

// busy says that a server answers nobody, or not us, for now. It is no word about the name.
func busy(code int, after string, now time.Time) error {
	why := "the server is busy"
	if code == http.StatusTooManyRequests {
		why = "asked too often"
	}
	wait := ""
	if at, err := http.ParseTime(after); err == nil {
		after = strconv.Itoa(max(0, int(at.Sub(now).Seconds())))
	}
	if n, err := strconv.Atoi(after); err == nil && n >= 0 {
		wait = fmt.Sprintf("; it asks to come again after %d s", n)
	}
	return fmt.Errorf("%s (%d)%s", why, code, wait)
}

// bodyKeeper is the RDAP client's way into the network: it bounds, keeps and books every reply.
type bodyKeeper struct {
	lookup *lookup
	within bounds
	pool   *http.Transport
	bodies []evidence.RegistrationBody
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
	k.bodies = append(k.bodies, evidence.RegistrationBody{URL: request.URL.String(), At: at, Status: reply.StatusCode, Type: reply.Header.Get("Content-Type"), Retry: reply.Header.Get("Retry-After"), Body: body})
	reply.Body = io.NopCloser(strings.NewReader(string(body)))
	return reply, nil
}

func (k *bodyKeeper) close() {
	if k.pool != nil {
		k.pool.CloseIdleConnections()
	}
}
