package evidence

import "time"

// Request asks for one page as one persona. It stands in capture.json as it was asked, without passwords.
type Request struct {
	URL          string            `json:"url"`
	View         Persona           `json:"view"`
	AllowPrivate []string          `json:"allow_private,omitempty"` // HOST:PORT or ADDRESS:PORT that the guard lets through though it is private
	Resolve      map[string]string `json:"resolve,omitempty"`       // "HOST:PORT" to an address ("ADDRESS" or "ADDRESS:PORT"), as curl --resolve does
	Proxy        string            `json:"proxy,omitempty"`         // http://HOST:PORT or socks5://HOST:PORT that the guard dials through
	NoSandbox    bool              `json:"no_sandbox,omitempty"`    // Chrome without its sandbox: only where it cannot start otherwise
	NetLog       bool              `json:"net_log,omitempty"`       // Chrome's own log of its network stack as an artifact
	Lookups      Lookups           `json:"lookups"`
	Limits       Limits            `json:"limits"`
}

// Lookups says which network facts are asked for beside the page itself. Each contact is logged; each can be off.
type Lookups struct {
	DNS      bool   `json:"dns"`
	Resolver string `json:"resolver,omitempty"` // ADDRESS:PORT; empty is the system's first resolver
	// Compare is a second resolver (ADDRESS:PORT) outside the office, whose addresses of the host are set beside the first one's;
	// empty is off.
	Compare  string `json:"compare,omitempty"`
	RDAP     bool   `json:"rdap"`
	RDAPBase string `json:"rdap_base,omitempty"` // base URL of an RDAP server; empty is IANA's bootstrap
	// WHOIS asks on port 43 (RFC 3912), which has no encryption: whoever stands on the way reads what is asked.
	WHOIS       bool   `json:"whois"`
	WHOISServer string `json:"whois_server,omitempty"` // HOST:PORT to begin with; empty is whois.iana.org:43, which is told the top level only
	Clock       bool   `json:"clock"`
	NTP         string `json:"ntp,omitempty"` // HOST:PORT; empty is time.stdtime.gov.tw:123
}

// Any reports whether anything is to be looked up.
func (l Lookups) Any() bool { return l.DNS || l.Compare != "" || l.RDAP || l.WHOIS || l.Clock }

// Limits bounds what a hostile page may take. A limit that bites is told in Summary.Warnings and in capture.json.
type Limits struct {
	Time      time.Duration `json:"time"`      // whole capture; nanoseconds in JSON
	Idle      time.Duration `json:"idle"`      // longest wait for network silence in one step; nanoseconds in JSON
	Bytes     int64         `json:"bytes"`     // received bodies, all together
	Body      int64         `json:"body"`      // one body
	Height    int           `json:"height"`    // CSS pixels of page taken into the picture
	Windows   int           `json:"windows"`   // further windows that the page may open
	Dialogs   int           `json:"dialogs"`   // dialogs answered before the page's scripts are stopped
	Redirects int           `json:"redirects"` // hops of the main document
	Memory    int64         `json:"memory"`    // bytes of JavaScript heap of the page
}

// DefaultLimits holds for a page of ordinary size.
func DefaultLimits() Limits {
	return Limits{
		Time: 90 * time.Second, Idle: 15 * time.Second, Bytes: 300 << 20, Body: 100 << 20, Height: 60_000,
		Windows: 5, Dialogs: 20, Redirects: 20, Memory: 2 << 30,
	}
}
