package exhibit

import (
	"net/url"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/fetch"

	"yuzheng/capture"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/exchange"
	"yuzheng/capture/chrome/journal"
	"yuzheng/capture/scrub"
	"yuzheng/casefile/evidence"
)

// account answers for the user name and the password that an address was given with, where the server asks for them (RFC 9110, 11): as Chrome
// does with such an address. The page is opened without them, so that neither it nor any record of it knows the password; only the headers that
// carry it do, and those are kept without it.
type account struct {
	capture.Account
	origin string

	mu    sync.Mutex
	asked map[fetch.RequestID]bool
	sent  bool
}

// newAccount gives the account of a request, nil where its address has none to give, and the request as it is kept.
func newAccount(req evidence.Request) (a *account, address string) {
	given, address := capture.AccountOf(req)
	u, err := url.Parse(address)
	if err != nil || given.User == "" && given.Password == "" || given.Withheld {
		return nil, address
	}
	return &account{Account: given, origin: u.Scheme + "://" + u.Host, asked: map[fetch.RequestID]bool{}}, address
}

// Identify answers a server that asks who is there; Chrome tells of it with requests that were stopped before they were sent. It is answered once, and only
// the one that the address names. Anybody else is answered by otherwise: as if there were no account (what the server then says is shown, where nobody
// answered it would be an error page of the browser's own), or by asking the person. There may be no account.
func (a *account) Identify(s devtools.Session, e fetch.EventAuthRequired, j *journal.Journal, otherwise fetch.AuthChallengeResponseResponse) {
	answer := fetch.AuthChallengeResponse{Response: otherwise}
	if a != nil && e.AuthChallenge.Source == fetch.AuthChallengeSourceServer && a.mayAnswer(e) {
		answer = fetch.AuthChallengeResponse{
			Response: fetch.AuthChallengeResponseResponseProvideCredentials, Username: a.User, Password: a.Password,
		}
		j.Note(evidence.ByTool, "account", "%s was asked for by %s (%s) and given", a.User, e.AuthChallenge.Origin, e.AuthChallenge.Scheme)
	}
	devtools.Send(s, fetch.ContinueWithAuth, fetch.ContinueWithAuthParams{RequestID: e.RequestID, AuthChallengeResponse: &answer})
}

func (a *account) mayAnswer(e fetch.EventAuthRequired) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.asked[e.RequestID] || !sameOrigin(e.AuthChallenge.Origin, a.origin) {
		return false
	}
	a.asked[e.RequestID], a.sent = true, true
	return true
}

func sameOrigin(x, y string) bool {
	return exchange.HostPort(x) == exchange.HostPort(y) && strings.SplitN(x, ":", 2)[0] == strings.SplitN(y, ":", 2)[0]
}

// cleaner takes the password out of what a server sends back, where it is long enough not to be an ordinary word.
func (a *account) cleaner(url string, warn func(evidence.Remark)) *Cleaner {
	password := scrub.New(a.Password)
	if password.Alone || strings.Contains(url, a.Password) {
		return nil
	}
	return &Cleaner{Secrets: func() scrub.Secrets { return scrub.Secrets{password} }, Warn: warn}
}

// schemeAlone is the value of a header that carries a password: its scheme stays.
func schemeAlone(value string) string {
	scheme, _, _ := strings.Cut(value, " ")
	return scheme + " " + scrub.Removed
}

// withhold takes what an exchange says of the account out of its headers.
func (a *account) withhold(h *exchange.Exchange) {
	headers := h.RequestHeader[:0:0]
	for _, header := range h.RequestHeader {
		if strings.EqualFold(header.Name, "Authorization") {
			header.Value = schemeAlone(header.Value)
		}
		headers = append(headers, header)
	}
	h.RequestHeader = headers
}

// tellAccount says what became of the password.
func (x *Exhibit) tellAccount() {
	given, _ := capture.AccountOf(x.Request)
	sent := false
	if x.Account != nil {
		x.Account.mu.Lock()
		sent = x.Account.sent
		x.Account.mu.Unlock()
	}
	switch {
	case given.Withheld && x.Account == nil:
		x.Journal.Warn(evidence.AccountOnceHad.With())
	case x.Account == nil:
	case !sent:
		x.Journal.Warn(evidence.AccountNotSent.With())
	default:
		x.Journal.Warn(evidence.AccountSent.With(capture.Withheld, scrub.Removed))
	}
}
