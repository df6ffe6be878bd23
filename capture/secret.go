package capture

import (
	"net/url"
	"strings"

	"yuzheng/casefile/evidence"
)

// Withheld stands where the password of an address was.
const Withheld = "***"

// WithoutPassword gives an address with Withheld in place of its password, and reports whether there was one. User name and all the rest stay
// as they are. It reads what browsers take for an address, and what is none: an error must not tell a password either.
func WithoutPassword(address string) (told string, hadOne bool) {
	from, to := passwordIn(address)
	if from == to || address[from:to] == Withheld {
		return address, false
	}
	return address[:from] + Withheld + address[to:], true
}

// passwordIn gives where the password stands (RFC 3986, 3.2.1, as https://url.spec.whatwg.org/ reads it: up to the last "@" of the authority).
func passwordIn(address string) (from, to int) {
	_, rest, ok := strings.Cut(address, ":")
	if !ok {
		return 0, 0
	}
	rest = strings.TrimLeft(rest, `/\`)
	begin := len(address) - len(rest)
	if end := strings.IndexAny(rest, `/\?#`); end >= 0 {
		rest = rest[:end]
	}
	at := strings.LastIndexByte(rest, '@')
	colon := strings.IndexByte(rest[:max(at, 0)], ':')
	if colon < 0 {
		return 0, 0
	}
	return begin + colon + 1, begin + at
}

// inError is an address as an error may name it. Of one that is none nobody can say where its password ends.
func inError(address string) string {
	if told, hadOne := WithoutPassword(address); hadOne {
		return told
	}
	begin := 0
	if scheme, _, ok := strings.Cut(address, "://"); ok {
		begin = len(scheme + "://")
	}
	at := strings.LastIndexByte(address, '@')
	colon := strings.IndexByte(address[begin:max(at, begin)], ':')
	if colon < 0 {
		return address
	}
	return address[:begin+colon+1] + Withheld + address[at:]
}

// Told gives the request as it may be written down: without the passwords of the page and of the proxy.
func Told(r evidence.Request) evidence.Request {
	r.URL, _ = WithoutPassword(r.URL)
	r.Proxy, _ = WithoutPassword(r.Proxy)
	return r
}

// Account is what an address says of who asks.
type Account struct {
	User, Password string
	Withheld       bool // the address had a password, which nobody has kept
}

// AccountOf gives the account in the address of the page, and the address without it. The zero Account is nobody's.
func AccountOf(r evidence.Request) (a Account, address string) {
	u, err := url.Parse(r.URL)
	if err != nil || u.User == nil {
		return Account{}, r.URL
	}
	a.User = u.User.Username()
	a.Password, _ = u.User.Password()
	if a.Password == Withheld {
		a.Password, a.Withheld = "", true
	}
	u.User = nil
	from := strings.Index(r.URL, "://") + len("://")
	rest := r.URL[from:]
	end := len(rest)
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		end = i
	}
	return a, r.URL[:from] + rest[strings.LastIndexByte(rest[:end], '@')+1:]
}
