package compare_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"yuzheng/capture/compare"
	"yuzheng/casefile/evidence"
)

func TestTimesConclude(t *testing.T) {
	moved := ours.but(func(h *holder) { h.servers = []string{"x.dns.example.net", "y.dns.example.net"} })
	elsewhere := moved.but(func(h *holder) { h.key, h.address = "k2", "198.51.100.9" })
	for _, c := range []struct {
		name          string
		before, after page
		want          compare.Recaptured
		sign          compare.SignCode
		warn          bool // changed hands beside another conclusion
	}{
		{"the same", ours.page(shop), ours.page(shop), compare.Unchanged, "", false},
		{"clock and counters", ours.page("線上 12 人\n現在 10:03:11\n" + shop), ours.page("線上 1,345 人\n現在 8:59:02\n" + shop), compare.Unchanged, "", false},
		{"a renewed certificate", ours.page(shop), ours.but(func(h *holder) { h.key = "k2" }).page(shop), compare.Unchanged, compare.OtherKey, false},
		{
			"another address of the network", ours.page(shop), ours.but(func(h *holder) { h.address = "192.0.77.7" }).page(shop), compare.Unchanged, "",
			false,
		},
		{
			"paid for another year", ours.page(shop), ours.but(func(h *holder) { h.expires = "2028-10-01" }).page(shop), compare.Unchanged,
			compare.ChangedExpiry, false,
		},
		{
			"the registrar written otherwise", ours.page(shop), ours.but(func(h *holder) { h.registrar = "GNAME.COM PTE LTD" }).page(shop),
			compare.Unchanged, "", false,
		},
		{"the date written otherwise", ours.page(shop), ours.but(func(h *holder) { h.created = "2026-10-01" }).page(shop), compare.Unchanged, "", false},

		{
			"an account exchanged", ours.page(invest), ours.page(strings.ReplaceAll(invest, "@abc88", "@vip66")), compare.Changed,
			compare.ChangedIdentifiers, false,
		},
		{"a sentence", ours.page(shop), ours.page(strings.ReplaceAll(shop, "週一公休", "全年無休")), compare.Changed, compare.ChangedText, false},
		{"a new page on the same machines", ours.page(shop), ours.page(invest), compare.Changed, compare.OtherContent, false},
		{"another provider, the same page", ours.page(shop), elsewhere.page(shop), compare.Changed, compare.OtherServers, false},
		{"all name servers", ours.page(shop), moved.page(shop), compare.Changed, compare.ChangedServers, false},
		{
			"one name server", ours.page(shop), ours.but(func(h *holder) { h.servers = []string{"a.ns.example", "c.ns.example"} }).page(shop),
			compare.Changed, compare.ChangedServers, false,
		},
		{
			"the mail server", ours.page(shop), ours.but(func(h *holder) { h.mail = "10 mx.example.net." }).page(shop), compare.Changed,
			compare.ChangedMail, false,
		},
		{"another title", ours.page(shop), with(ours.page(shop), func(p *page) { p.title = "公告" }), compare.Changed, compare.ChangedTitle, false},
		{
			"led elsewhere", ours.page(shop), with(ours.page(shop), func(p *page) { p.final = "https://site.example/new/" }), compare.Changed,
			compare.ChangedAddress, false,
		},
		{"another file", with(ours.page(shop), apk("1")), with(ours.page(shop), apk("2")), compare.Changed, compare.ChangedDownloads, false},

		{
			"registered anew", ours.page(shop), ours.but(func(h *holder) { h.created = "2026-11-21T00:00:00Z" }).page(shop), compare.HandsSuspected,
			compare.NewRegistration, false,
		},
		{
			"transferred", ours.page(shop), ours.but(func(h *holder) { h.transferred = "2026-11-22T00:00:00Z" }).page(shop), compare.HandsSuspected,
			compare.Transferred, false,
		},
		{
			"transferred long ago", ours.page(shop), ours.but(func(h *holder) { h.transferred = "2026-11-01T00:00:00Z" }).page(shop), compare.Unchanged,
			"", false,
		},
		{
			"another registrar", ours.page(shop), ours.but(func(h *holder) { h.registrar = "NameSilo, LLC" }).page(shop), compare.HandsSuspected,
			compare.OtherRegistrar, false,
		},
		{"another registrant", ours.but(name("甲")).page(shop), ours.but(name("乙")).page(shop), compare.HandsSuspected, compare.OtherRegistrant, false},
		{"a registrant who hides", ours.but(name("甲")).page(shop), ours.but(name("REDACTED")).page(shop), compare.Unchanged, "", false},
		{"name servers and page", ours.page(shop), moved.page(invest), compare.HandsSuspected, compare.OtherContent, false},
		{
			"key, addresses and page", ours.page(shop), ours.but(func(h *holder) { h.key, h.address = "k2", "198.51.100.9" }).page(invest),
			compare.HandsSuspected, compare.OtherAddresses, false,
		},
		{"key and page", ours.page(shop), ours.but(func(h *holder) { h.key = "k2" }).page(invest), compare.Changed, compare.OtherKey, false},
		{
			"by WHOIS", ours.but(byWHOIS).page(shop), ours.but(byWHOIS).but(func(h *holder) { h.registrar = "NameSilo, LLC" }).page(shop),
			compare.HandsSuspected, compare.OtherRegistrar, false,
		},
		{
			"RDAP before, WHOIS after", ours.page(shop), ours.but(byWHOIS).but(func(h *holder) { h.registrar = "NameSilo, LLC" }).page(shop),
			compare.Unchanged, "", false,
		},
		{
			"the looked-up domain is another", ours.page(shop),
			ours.but(func(h *holder) { h.domain, h.registrar, h.address = "else.example", "NameSilo, LLC", "198.51.100.9" }).page(shop),
			compare.Unchanged, "", false,
		},

		{"no answer", ours.page(shop), with(ours.page(""), lost), compare.IsGone, compare.NoAnswer, false},
		{"no name", ours.page(shop), with(ours.but(func(h *holder) { h.code = "NXDOMAIN" }).page(""), lost), compare.IsGone, compare.NoAnswer, false},
		{"no network of our own", ours.page(shop), with(ours.but(func(h *holder) { h.failed = true }).page(""), lost), compare.Incomparable, "", false},
		{"stopped", ours.page(shop), with(ours.page("本網站已停止解析"), func(p *page) { p.verdict = evidence.Blocked }), compare.IsGone, compare.Stopped, false},
		{
			"not found", ours.page(shop), with(ours.page("Not found"), func(p *page) { p.verdict, p.status = evidence.Refused, 404 }), compare.IsGone,
			compare.NotFound, false,
		},
		{"parked by its words", ours.page(invest), moved.page(parked), compare.IsGone, compare.Parked, false},
		{
			"parked by its name servers", ours.page(invest),
			ours.but(func(h *holder) { h.servers = []string{"ns1.sedoparking.com", "ns2.sedoparking.com"} }).page("."), compare.IsGone, compare.Parked,
			false,
		},
		{
			"withheld", ours.page(invest), with(ours.but(func(h *holder) { h.status = []string{"client hold"} }).page(""), lost), compare.IsGone,
			compare.Withheld, false,
		},
		{"gone before already", with(ours.page(""), lost), with(ours.page(""), lost), compare.IsGone, compare.WasGone, false},
		{
			"registered anew and parked", ours.page(invest), moved.but(func(h *holder) { h.created = "2026-11-21" }).page(parked), compare.HandsSuspected,
			compare.Parked, true,
		},

		{
			"forbidden", ours.page(shop), with(ours.page("Forbidden"), func(p *page) { p.verdict, p.status = evidence.Refused, 403 }),
			compare.Incomparable, "", false,
		},
		{"a test for people", ours.page(shop), with(ours.page("Verify"), func(p *page) { p.verdict = evidence.Challenge }), compare.Incomparable, "", false},
		{
			"a test for people, another registrar", ours.page(shop),
			with(ours.but(func(h *holder) { h.registrar = "NameSilo, LLC" }).page("Verify"), func(p *page) { p.verdict = evidence.Challenge }),
			compare.HandsSuspected, compare.OtherRegistrar, false,
		},
		{"back again", with(ours.page(""), lost), ours.page(shop), compare.Incomparable, "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := times(t, c.before, c.after)
			if got.Conclusion != c.want || got.ChangedHands != (c.want == compare.HandsSuspected) || got.Gone != (c.want == compare.IsGone || c.warn) {
				t.Errorf("%s (hands %v, gone %v), want %s: %v", got.Conclusion, got.ChangedHands, got.Gone, c.want, got.Signs)
			}
			if c.sign != "" && !slices.Contains(codes(got.Signs), c.sign) {
				t.Errorf("no sign %s: %v", c.sign, got.Signs)
			}
			if c.want == compare.Incomparable && len(got.Why) == 0 {
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

func name(who string) func(*holder) { return func(h *holder) { h.registrant = who } }

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
	if got := times(t, at("104.21.3.9", 13335), at("172.67.8.1", 13335)); got.Conclusion != compare.Unchanged {
		t.Errorf("one network: %s %v", got.Conclusion, got.Signs)
	}
	got := times(t, at("104.21.3.9", 13335), at("172.67.8.1", 64500))
	if got.Conclusion != compare.Changed || !slices.Contains(codes(got.Signs), compare.ChangedNetwork) {
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
		if _, err := compare.Times(t.Context(), before, after.side(t)); !errors.Is(err, compare.ErrSides) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
