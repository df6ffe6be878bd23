package compare

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"yuzheng/casefile/evidence"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// pageDifference is what each side came to.
type pageDifference struct {
	Status      Two[int]                `json:"status"` // HTTP; 0 without an answer
	Verdict     Two[evidence.Verdict]   `json:"verdict"`
	Interrupted Two[bool]               `json:"interrupted"`
	Title       Two[string]             `json:"title"`
	TitleSteady float64                 `json:"title_steady"` // as Likeness.Steady
	FinalURL    Two[string]             `json:"final_url"`
	Site        Two[string]             `json:"site"` // of FinalURL: the registrable domain (A-labels), or the address
	SameSite    bool                    `json:"same_site"`
	SameAddress bool                    `json:"same_address"` // of FinalURL, query and fragment left aside
	Redirects   Two[Some[evidence.Hop]] `json:"redirects"`
	SameWay     bool                    `json:"same_way"` // the same redirects, queries and fragments left aside
}

func pages(a, b *reading) pageDifference {
	x, y := a.side.Result, b.side.Result
	p := pageDifference{
		Status: Two[int]{x.Status, y.Status}, Verdict: Two[evidence.Verdict]{x.Verdict, y.Verdict},
		Interrupted: Two[bool]{x.Interrupted, y.Interrupted}, Title: Two[string]{short(x.Title), short(y.Title)},
		TitleSteady: alike(a.title, b.title).Steady, FinalURL: Two[string]{short(x.FinalURL), short(y.FinalURL)},
		Site: Two[string]{siteOf(x.FinalURL), siteOf(y.FinalURL)}, SameAddress: place(x.FinalURL) == place(y.FinalURL),
		Redirects: Two[Some[evidence.Hop]]{hops(x.Redirects), hops(y.Redirects)},
	}
	p.SameSite = p.Site.A == p.Site.B
	p.SameWay = slices.EqualFunc(x.Redirects, y.Redirects, func(a, b evidence.Hop) bool {
		return a.Status == b.Status && place(a.URL) == place(b.URL) && place(a.To) == place(b.To)
	})
	return p
}

func hops(list []evidence.Hop) Some[evidence.Hop] {
	out := some(list)
	for i, h := range out.List {
		out.List[i] = evidence.Hop{URL: short(h.URL), Status: h.Status, To: short(h.To), By: h.By}
	}
	return out
}

// parsed reads an address as browsers do, for which a percent sign need not begin an escape (WHATWG URL, 4.4).
func parsed(address string) (*url.URL, error) {
	if u, err := url.Parse(address); err == nil {
		return u, nil
	}
	var b strings.Builder
	for i := range len(address) {
		b.WriteByte(address[i])
		if rest := address[i+1:]; address[i] == '%' && (len(rest) < 2 || !isHex(rest[0]) || !isHex(rest[1])) {
			b.WriteString("25")
		}
	}
	return url.Parse(b.String())
}

func isHex(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F' }

// hostOf is the host of an address in lower case and A-labels, without a port; "" if there is none.
func hostOf(address string) string {
	u, err := parsed(address)
	if err != nil {
		return ""
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		return ascii
	}
	return host
}

// siteOf is what one holder has: the name one label below the public suffix (publicsuffix.org, its private section, too), or the address.
func siteOf(address string) string {
	host := hostOf(address)
	if _, err := netip.ParseAddr(host); err == nil {
		return host
	}
	if name, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return name
	}
	return host
}

// place is host, port and path of an address: what stays when a click's number and the like are left away.
func place(address string) string {
	u, err := parsed(address)
	if err != nil {
		address, _, _ = strings.Cut(address, "?")
		return address
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	port := u.Port()
	if port == "" || u.Scheme == "http" && port == "80" || u.Scheme == "https" && port == "443" {
		return hostOf(address) + path
	}
	return hostOf(address) + ":" + port + path
}

// sameAddress says whether a browser that is given one address asks for the other.
func sameAddress(a, b string) bool {
	x, err1 := parsed(a)
	y, err2 := parsed(b)
	return err1 == nil && err2 == nil && x.Scheme == y.Scheme && place(a) == place(b) && x.RawQuery == y.RawQuery
}
