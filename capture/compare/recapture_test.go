package compare

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"yuzheng/casefile/evidence"
)

func TestTimesConclude(t *testing.T) {
	moved := ours.but(func(h *holder) { h.servers = []string{"x.dns.example.net", "y.dns.example.net"} })
	elsewhere := moved.but(func(h *holder) { h.key, h.address = "k2", "198.51.100.9" })
	for _, c := range []struct {
		name          string
		before, after page
		want          Recaptured
		sign          SignCode
		warn          bool // changed hands beside another conclusion
	}{
		{"the same", ours.page(shop), ours.page(shop), Unchanged, "", false},
		{"clock and counters", ours.page("線上 12 人\n現在 10:03:11\n" + shop), ours.page("線上 1,345 人\n現在 8:59:02\n" + shop), Unchanged, "", false},
		{"a renewed certificate", ours.page(shop), ours.but(func(h *holder) { h.key = "k2" }).page(shop), Unchanged, signOtherKey, false},
		{
			"another address of the network", ours.page(shop), ours.but(func(h *holder) { h.address = "192.0.77.7" }).page(shop), Unchanged, "",
			false,
		},
		{
			"paid for another year", ours.page(shop), ours.but(func(h *holder) { h.expires = "2028-10-01" }).page(shop), Unchanged,
			signChangedExpiry, false,
		},
		{
			"the registrar written otherwise", ours.page(shop), ours.but(func(h *holder) { h.registrar = "GNAME.COM PTE LTD" }).page(shop),
			Unchanged, "", false,
		},
		{"the date written otherwise", ours.page(shop), ours.but(func(h *holder) { h.created = "2026-10-01" }).page(shop), Unchanged, "", false},

		{
			"an account exchanged", ours.page(invest), ours.page(strings.ReplaceAll(invest, "@abc88", "@vip66")), Changed,
			ChangedIdentifiers, false,
		},
		{"a sentence", ours.page(shop), ours.page(strings.ReplaceAll(shop, "週一公休", "全年無休")), Changed, ChangedText, false},
		{"a new page on the same machines", ours.page(shop), ours.page(invest), Changed, signOtherContent, false},
		{"another provider, the same page", ours.page(shop), elsewhere.page(shop), Changed, signOtherServers, false},
		{"all name servers", ours.page(shop), moved.page(shop), Changed, signChangedServers, false},
		{
			"one name server", ours.page(shop), ours.but(func(h *holder) { h.servers = []string{"a.ns.example", "c.ns.example"} }).page(shop),
			Changed, signChangedServers, false,
		},
		{
			"the mail server", ours.page(shop), ours.but(func(h *holder) { h.mail = "10 mx.example.net." }).page(shop), Changed,
			signChangedMail, false,
		},
		{"another title", ours.page(shop), with(ours.page(shop), func(p *page) { p.title = "公告" }), Changed, signChangedTitle, false},
		{
			"led elsewhere", ours.page(shop), with(ours.page(shop), func(p *page) { p.final = "https://site.example/new/" }), Changed,
			signChangedAddress, false,
		},
		{"another file", with(ours.page(shop), apk("1")), with(ours.page(shop), apk("2")), Changed, ChangedDownloads, false},

		{
			"registered anew", ours.page(shop), ours.but(func(h *holder) { h.created = "2026-11-21T00:00:00Z" }).page(shop), handsSuspected,
			signNewRegistration, false,
		},
		{
			"transferred", ours.page(shop), ours.but(func(h *holder) { h.transferred = "2026-11-22T00:00:00Z" }).page(shop), handsSuspected,
			signTransferred, false,
		},
		{
			"transferred long ago", ours.page(shop), ours.but(func(h *holder) { h.transferred = "2026-11-01T00:00:00Z" }).page(shop), Unchanged,
			"", false,
		},
		{
			"another registrar", ours.page(shop), ours.but(func(h *holder) { h.registrar = "NameSilo, LLC" }).page(shop), handsSuspected,
			signOtherRegistrar, false,
		},
		{"another registrant", ours.but(registeredBy("甲")).page(shop), ours.but(registeredBy("乙")).page(shop), handsSuspected, signOtherRegistrant, false},
		{"a registrant who hides", ours.but(registeredBy("甲")).page(shop), ours.but(registeredBy("REDACTED")).page(shop), Unchanged, "", false},
		{"name servers and page", ours.page(shop), moved.page(invest), handsSuspected, signOtherContent, false},
		{
			"key, addresses and page", ours.page(shop), ours.but(func(h *holder) { h.key, h.address = "k2", "198.51.100.9" }).page(invest),
			handsSuspected, signOtherAddresses, false,
		},
		{"key and page", ours.page(shop), ours.but(func(h *holder) { h.key = "k2" }).page(invest), Changed, signOtherKey, false},
		{
			"by WHOIS", ours.but(byWHOIS).page(shop), ours.but(byWHOIS).but(func(h *holder) { h.registrar = "NameSilo, LLC" }).page(shop),
			handsSuspected, signOtherRegistrar, false,
		},
		{
			"RDAP before, WHOIS after", ours.page(shop), ours.but(byWHOIS).but(func(h *holder) { h.registrar = "NameSilo, LLC" }).page(shop),
			Unchanged, "", false,
		},
		{
			"the looked-up domain is another", ours.page(shop),
			ours.but(func(h *holder) { h.domain, h.registrar, h.address = "else.example", "NameSilo, LLC", "198.51.100.9" }).page(shop),
			Unchanged, "", false,
		},

		{"no answer", ours.page(shop), with(ours.page(""), lost), IsGone, signNoAnswer, false},
		{"no name", ours.page(shop), with(ours.but(func(h *holder) { h.code = "NXDOMAIN" }).page(""), lost), IsGone, signNoAnswer, false},
		{"no network of our own", ours.page(shop), with(ours.but(func(h *holder) { h.failed = true }).page(""), lost), incomparable, "", false},
		{"stopped", ours.page(shop), with(ours.page("本網站已停止解析"), func(p *page) { p.verdict = evidence.Blocked }), IsGone, signStopped, false},
		{
			"not found", ours.page(shop), with(ours.page("Not found"), func(p *page) { p.verdict, p.status = evidence.Refused, 404 }), IsGone,
			signNotFound, false,
		},
		{"parked by its words", ours.page(invest), moved.page(parked), IsGone, signParked, false},
		{
			"parked by its name servers", ours.page(invest),
			ours.but(func(h *holder) { h.servers = []string{"ns1.sedoparking.com", "ns2.sedoparking.com"} }).page("."), IsGone, signParked,
			false,
		},
		{
			"withheld", ours.page(invest), with(ours.but(func(h *holder) { h.status = []string{"client hold"} }).page(""), lost), IsGone,
			signWithheld, false,
		},
		{"gone before already", with(ours.page(""), lost), with(ours.page(""), lost), IsGone, signWasGone, false},
		{
			"registered anew and parked", ours.page(invest), moved.but(func(h *holder) { h.created = "2026-11-21" }).page(parked), handsSuspected,
			signParked, true,
		},

		{
			"forbidden", ours.page(shop), with(ours.page("Forbidden"), func(p *page) { p.verdict, p.status = evidence.Refused, 403 }),
			incomparable, "", false,
		},
		{"a test for people", ours.page(shop), with(ours.page("Verify"), func(p *page) { p.verdict = evidence.Challenge }), incomparable, "", false},
		{
			"a test for people, another registrar", ours.page(shop),
			with(ours.but(func(h *holder) { h.registrar = "NameSilo, LLC" }).page("Verify"), func(p *page) { p.verdict = evidence.Challenge }),
			handsSuspected, signOtherRegistrar, false,
		},
		{"back again", with(ours.page(""), lost), ours.page(shop), incomparable, "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := times(t, c.before, c.after)
			if got.Conclusion != c.want || got.ChangedHands != (c.want == handsSuspected) || got.Gone != (c.want == IsGone || c.warn) {
				t.Errorf("%s (hands %v, gone %v), want %s: %v", got.Conclusion, got.ChangedHands, got.Gone, c.want, got.Signs)
			}
			if c.sign != "" && !slices.Contains(codes(got.Signs), c.sign) {
				t.Errorf("no sign %s: %v", c.sign, got.Signs)
			}
			if c.want == incomparable && len(got.Why) == 0 {
				t.Error("no reason")
			}
		})
	}
}

func with(p page, change func(*page)) page {
	change(&p)
	return p
}

func apk(body string) func(*page) {
	return func(p *page) { p.downloads = map[string]string{"app.apk": body} }
}

func registeredBy(who string) func(*holder) { return func(h *holder) { h.registrant = who } }

func byWHOIS(h *holder) { h.whois = true }

func lost(p *page) {
	p.verdict, p.status, p.servers, p.code = evidence.Unreachable, none, nil, []string{}
}

// Addresses of one autonomous system belong together, whatever their numbers.
func TestAddressesOfOneNetwork(t *testing.T) {
	at := func(address string, asn uint32) page {
		p := ours.but(func(h *holder) { h.address = address }).page(shop)
		networks := fmt.Sprintf(`{"addresses":[{"address":%q,"asn":%d}]}`, address, asn)
		dns := fmt.Sprintf(`[{"name":"site.example","type":"A","code":"NOERROR","records":[{"section":"answer","type":"A","value":%q}]}]`, address)
		p.instead = map[string][]byte{
			evidence.FactsJSON: fmt.Appendf(nil, `{"network":{"ascii":"site.example","networks":%s,"dns":%s}}`, networks, dns),
		}
		return p
	}
	if got := times(t, at("104.21.3.9", 13335), at("172.67.8.1", 13335)); got.Conclusion != Unchanged {
		t.Errorf("one network: %s %v", got.Conclusion, got.Signs)
	}
	got := times(t, at("104.21.3.9", 13335), at("172.67.8.1", 64500))
	if got.Conclusion != Changed || !slices.Contains(codes(got.Signs), signChangedNetwork) {
		t.Errorf("two networks: %s %v", got.Conclusion, got.Signs)
	}
}

func TestTimesRefuseWhatIsNoPair(t *testing.T) {
	before := page{}.side(t)
	for name, after := range map[string]page{
		"another address": {asked: "https://site.example/"},
		"another view":    {view: evidence.Mobile},
		"earlier":         {started: noon.AddDate(0, 0, -1)},
	} {
		if _, err := Times(t.Context(), before, after.side(t)); !errors.Is(err, ErrSides) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
