package netfacts

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"yuzheng/capture/chrome/guard"
	"yuzheng/casefile/evidence"
)

const (
	rootWHOIS    = "whois.iana.org"
	whoisPort    = "43"
	maxReferrals = 3
	maxWHOIS     = 256 << 10 // of one answer, in bytes
)

var (
	errLongAnswer = fmt.Errorf("the answer is longer than %d bytes; its beginning is kept", maxWHOIS)
	errNoAnswer   = errors.New("no answer")
	errCircle     = errors.New("refers to a server that was asked before")
	errTooFar     = fmt.Errorf("refers on, but only %d referrals are followed", maxReferrals)
)

// whois asks where Lookups says, and then where each answer refers to. The root is told the top level only.
func (l *lookup) whois(ctx context.Context, f evidence.NetworkFacts) *evidence.WHOIS {
	query := whoisQuery(f)
	if query == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, 4*l.Timeout) // as long as RDAP has
	defer cancel()
	w := &evidence.WHOIS{Query: query}
	server := l.Lookups.WHOISServer
	if server == "" {
		server = net.JoinHostPort(rootWHOIS, whoisPort)
	}
	asked, bounds := map[string]bool{}, &bounds{here: l.here}
	for server != "" {
		asked[server] = true
		hop := l.hop(ctx, server, questionFor(server, query), bounds)
		server = hop.Refers
		switch self := server == hop.Server; {
		case self:
			server = ""
		case asked[server]:
			hop.Error, server = errCircle.Error(), ""
		case server != "" && len(w.Hops) == maxReferrals:
			hop.Error, server = errTooFar.Error(), ""
		}
		w.Hops = append(w.Hops, hop)
	}
	w.WHOISRecord = recordOf(w.Hops)
	return w
}

// whoisQuery is what a registry keeps: the registrable domain, or an address that is somebody's.
func whoisQuery(f evidence.NetworkFacts) string {
	if f.ASCII != "" {
		return f.Registrable
	}
	for _, a := range public([]string{strings.Trim(f.Host, "[]")}) {
		return a
	}
	return ""
}

// questionFor is the query in the form that the server wants.
func questionFor(server, query string) string {
	_, err := netip.ParseAddr(query)
	switch host, _, _ := net.SplitHostPort(server); {
	case err == nil:
		return query
	case host == rootWHOIS:
		return query[strings.LastIndexByte(query, '.')+1:]
	case host == "whois.verisign-grs.com": // else it finds every name server that begins so, too
		return "domain " + query
	case host == "whois.denic.de": // else it says no more than that the name is taken
		return "-T dn,ace " + query
	}
	return query
}

func (l *lookup) hop(ctx context.Context, server, question string, within *bounds) evidence.WHOISHop {
	h := evidence.WHOISHop{Server: server, Query: question, At: l.now()}
	ctx, cancel := context.WithTimeout(ctx, 2*l.Timeout)
	defer cancel()
	body, err := l.port43(ctx, server, question, within)
	h.ElapsedMS = l.now().Sub(h.At).Milliseconds()
	h.Body = body
	var text string
	text, h.Encoding = readable(body)
	h.Refers = referral(text)
	if err != nil {
		h.Error = fmt.Sprintf("whois server %s: %v", server, err)
	}
	return h
}

// port43 sends a line and takes what comes until the server closes. The bytes are returned with an error, too.
func (l *lookup) port43(ctx context.Context, server, question string, within *bounds) ([]byte, error) {
	conn, err := l.reach(ctx, reasonWHOIS, "tcp", server, within.permit)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if _, err := io.WriteString(conn, question+"\r\n"); err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(conn, maxWHOIS+1))
	switch {
	case len(body) > maxWHOIS:
		return body[:maxWHOIS], errLongAnswer
	case err == nil && len(body) == 0:
		return nil, errNoAnswer
	}
	return body, err
}

// bounds keeps servers that answers name on the side of the network on which the first one stands: a registry on the Internet
// cannot send us to a machine of the office. Which side that is, the guard of the pages knows.
type bounds struct {
	here          guard.Neighbourhood
	mu            sync.Mutex
	known, inside bool
}

var errInside = errors.New("a private address that a server outside refers to")

// permit is asked before each connection; the first one is the operator's own choice.
func (b *bounds) permit(a netip.Addr) error {
	private := !b.here.Beyond(a)
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.known {
		b.known, b.inside = true, private
	}
	if private && !b.inside {
		return errInside
	}
	return nil
}
