package compare

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Step is how to ask by hand as one view did: everything that a server could read of the visitor in the request for the main document, and
// arguments for curl that send the same. curl's own handshake (TLS, HTTP/2) is not a browser's, and it runs no scripts: a site that goes by these
// shows itself only to a browser.
type Step struct {
	Subject
	Method  string       `json:"method"`
	Address string       `json:"address"` // asked for, as the browser wrote it
	At      time.Time    `json:"at"`
	Server  string       `json:"server,omitempty"` // IP address that answered
	Status  int          `json:"status"`           // of this very request
	Headers []stepHeader `json:"headers"`
	LeftOut []string     `json:"left_out,omitempty"` // names of headers that cannot be given to curl, or that only stood for this one connection
	Curl    []string     `json:"curl,omitempty"`     // arguments, the program first; none where Missing says why
	Shell   string       `json:"shell,omitempty"`    // the same as a line for a POSIX shell
	Config  string       `json:"config,omitempty"`   // the same as a file for "curl --disable --config FILE", which no shell reads: for Windows
	Missing StepCode     `json:"missing,omitempty"`
}

// stepHeader is a header of the request.
type stepHeader struct {
	requestHeader
	Differs bool `json:"differs"` // not the same, or not there, in another step
}

// StepCode says why there is nothing to run.
type StepCode string

// The reasons.
const (
	stepNoRequest  StepCode = "no-request"  // network.har has no request for a document
	stepOtherThan  StepCode = "not-get"     // it was not GET, so it cannot be repeated without its body
	stepBadAddress StepCode = "bad-address" // not http or https, or with characters that no browser sends
)

// telling are the headers by which a server can tell visitors apart. All others are curl's business, or this one connection's.
var telling = []string{
	"accept", "accept-language", "referer", "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site", "sec-fetch-user", "upgrade-insecure-requests",
	"user-agent", "x-requested-with",
}

// instead are headers of which curl sends some of its own where none is given.
var instead = []string{"accept", "user-agent"}

// Steps gives one step a side, in the order of the sides. The errors are ctx's or the store's.
func Steps(ctx context.Context, sides []Side) ([]Step, error) {
	list := make([]Step, 0, len(sides))
	for i, s := range sides {
		r := &reading{side: s}
		if err := r.readTraffic(ctx, nil); err != nil {
			return nil, err
		}
		list = append(list, r.step(fmt.Sprintf("%02d", i+1)))
	}
	for i := range list {
		for j, h := range list[i].Headers {
			list[i].Headers[j].Differs = slices.ContainsFunc(list, func(other Step) bool { return other.Missing == "" && !other.sends(h.requestHeader) })
		}
	}
	return list, nil
}

func (s Step) sends(h requestHeader) bool {
	return slices.ContainsFunc(s.Headers, func(o stepHeader) bool { return strings.EqualFold(o.Name, h.Name) && o.Value == h.Value })
}

func (r *reading) step(number string) Step {
	s := Step{Subject: r.subject(), Headers: []stepHeader{}}
	e := r.traffic.main(r.side.Result.URL)
	if e == nil {
		s.Missing = stepNoRequest
		return s
	}
	s.Method, s.Address, s.At, s.Server, s.Status = e.method, e.url, e.started.UTC(), e.address, e.status
	for _, h := range e.headers {
		switch lower := strings.ToLower(h.Name); {
		case strings.HasPrefix(h.Name, ":"):
		case !slices.Contains(telling, lower) && !strings.HasPrefix(lower, "sec-ch-"), !sendable(h):
			s.LeftOut = append(s.LeftOut, short(h.Name))
		default:
			s.Headers = append(s.Headers, stepHeader{requestHeader: h})
		}
	}
	switch {
	case s.Method != "GET":
		s.Missing = stepOtherThan
	case !askable(s.Address):
		s.Missing = stepBadAddress
	default:
		s.Curl = s.arguments(number)
		s.Shell, s.Config = shellLine(s.Curl), configFile(s.Curl)
	}
	return s
}

// arguments are those for curl: no file with settings of its user, no globbing in the address, nothing but HTTP also after a redirect, redirects
// followed, and what comes back in files rather than on a terminal that it could write to.
func (s Step) arguments(number string) []string {
	list := []string{
		"curl", "--disable", "--globoff", "--path-as-is", "--proto", "=http,https", "--location", "--max-redirs", "20", "--max-time", "60", "--compressed",
		"--dump-header", number + "-head.txt", "--output", number + "-body.html",
	}
	for _, h := range s.Headers {
		line := h.Name + ": " + h.Value
		if h.Value == "" {
			line = h.Name + ";" // how curl sends an empty one
		}
		list = append(list, "--header", line)
	}
	for _, name := range instead {
		if !slices.ContainsFunc(s.Headers, func(h stepHeader) bool { return strings.EqualFold(h.Name, name) }) {
			list = append(list, "--header", name+":")
		}
	}
	return append(list, "--url", s.Address)
}

// sendable reports whether a header is one line (RFC 9110, 5.1 and 5.5), so that it cannot smuggle in another or name a file to curl.
func sendable(h requestHeader) bool {
	token := func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	}
	return h.Name != "" && !strings.ContainsFunc(h.Name, token) && !strings.ContainsFunc(h.Value, forbidden)
}

// askable reports whether an address is one that a browser sends: http or https, a host, and no space or control character.
func askable(address string) bool {
	u, err := parsed(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil &&
		!strings.ContainsFunc(address, func(r rune) bool { return r == ' ' || forbidden(r) })
}

func forbidden(r rune) bool {
	return unicode.IsControl(r) || r == '\uFFFD' || r == '\u2028' || r == '\u2029'
}
