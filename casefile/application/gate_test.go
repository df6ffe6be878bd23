package application

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"yuzheng/casefile/evidence"
	"yuzheng/casefile/rpz"
)

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func lists(t testing.TB) *Lists {
	t.Helper()
	l, err := LoadLists(os.DirFS("../../assets/data"))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// exhibit is a complete capture of an address, an hour ago.
func exhibit(id, address string) Exhibit {
	return Exhibit{
		ID: id, Kind: evidence.Capture, URL: address, FinalURL: address, View: "desktop", Title: "保證獲利", Verdict: complete, Status: 200,
		Started: now.Add(-time.Hour), Ended: now.Add(-time.Hour + time.Minute), Operator: "王小明", PictureName: "screenshot.png",
		Artifacts: []evidence.Artifact{
			{Name: "screenshot.png", MediaType: "image/png", Size: 1000, SHA256: strings.Repeat("a1", 32)},
			{Name: "source.html", MediaType: "text/html", Size: 2000, SHA256: strings.Repeat("b2", 32)},
		},
		Facts: Facts{
			Addresses: map[string][]string{"vip-invest.example": {"192.0.2.7"}},
			MX:        map[string][]string{"vip-invest.example": {}},
			Domain:    "vip-invest.example", Registrar: "Some Registrar", Registered: now.AddDate(0, -1, 0),
		},
	}
}

func target(t testing.TB, name string, scope Scope, exhibits ...Exhibit) Target {
	t.Helper()
	got, err := NewTarget("D001", name, scope, exhibits)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func levels(g GateResult) map[string]Level {
	m := map[string]Level{}
	for _, r := range g.Results {
		m[r.Rule] = r.Level
	}
	return m
}

func TestNewTarget(t *testing.T) {
	e := exhibit("W0001", "https://www.vip-invest.example/a?b")
	e.FinalURL = "https://m.other.example/"
	e.Redirects = []string{
		"https://hop.example/x", "https://m2--site.example/", "https://r3---sn-abc.example./", "http://my_shop.example:8080/", "http://xn--a.example/", "http://-x-.example/",
	}
	for input, want := range map[string]string{
		"https://www.vip-invest.example:8443/x": "www.vip-invest.example",
		"VIP-invest.example":                    "vip-invest.example",
		"hop.example":                           "hop.example",
		" other.example ":                       "other.example",
		"https://m2--site.example/a":            "m2--site.example",
		"R3---sn-abc.example":                   "r3---sn-abc.example",
		"my_shop.example.":                      "my_shop.example",
		"xn--a.example":                         "xn--a.example",
		"http://-x-.example./":                  "-x-.example",
	} {
		got, err := NewTarget("D001", input, Exact, []Exhibit{e})
		if err != nil || got.Name != want || !slices.Equal(got.Exhibits, []string{"W0001"}) {
			t.Errorf("NewTarget(%q) = %+v, %v", input, got, err)
		}
	}
	for _, input := range []string{"elsewhere.example", "invest.example", "x.www.vip-invest.example"} {
		if _, err := NewTarget("D001", input, Exact, []Exhibit{e}); err == nil || !strings.Contains(err.Error(), "no exhibit shows") {
			t.Errorf("NewTarget(%q): %v", input, err)
		}
	}
	for _, input := range []string{"192.0.2.7", "*.vip-invest.example", "http://192.0.2.7/", "http://[::1]/", ""} {
		var refused *rpz.NameError
		if _, err := NewTarget("D001", input, Exact, []Exhibit{e}); err == nil || !errors.As(err, &refused) {
			t.Errorf("NewTarget(%q): %v", input, err)
		}
	}
	if _, err := NewTarget("D001", "vip-invest.example", "all", []Exhibit{e}); err == nil {
		t.Error("an unknown scope was taken")
	}
}

func TestGatePasses(t *testing.T) {
	e := exhibit("W0001", "https://vip-invest.example/")
	g := Gate(GateInput{Target: target(t, "vip-invest.example", Exact, e), Exhibits: []Exhibit{e}, Lists: lists(t), Now: now})
	if !g.Passed() {
		t.Errorf("stopped by %+v", g.Stops())
	}
	var order []string
	for _, r := range g.Results {
		order = append(order, r.Rule)
	}
	if want := slices.DeleteFunc(slices.Clone(Rules), func(r string) bool { return r == "homograph" }); !slices.Equal(order, want) {
		t.Errorf("rules ran as %v, want %v", order, want)
	}
}

func TestGateStops(t *testing.T) {
	l := lists(t)
	for _, c := range []struct {
		why, name string
		scope     Scope
		rule      string
		level     Level
		change    func(*Exhibit, *Target)
	}{
		{"the accident of 2025-07-10", "azurewebsites.net", Exact, "suffix", Hard, nil},
		{"a private suffix", "github.io", Subdomains, "suffix", Hard, nil},
		{"an ICANN suffix", "com.tw", Exact, "suffix", Hard, nil},
		{"above a private suffix", "amazonaws.com", Exact, "suffix", Hard, func(e *Exhibit, _ *Target) { e.URL = "https://x.s3.amazonaws.com/" }},
		{"a platform", "wordpress.com", Exact, "platform", Hard, nil},
		{"a customer of a platform", "scam.wordpress.com", Exact, "platform", Soft, nil},
		{"a channel of a platform", "web.telegram.org", Exact, "platform", Hard, nil},
		{"a shortener", "reurl.cc", Exact, "platform", Hard, nil},
		{"a platform's parent", "windows.net", Exact, "platform", Hard, nil},
		{"a popular site", "books.com.tw", Exact, "popular", Soft, nil},
		{"the government", "tax.gov.tw", Exact, "official", Hard, nil},
		{"a bank", "www.esunbank.com.tw", Exact, "official", Hard, nil},
		{"an organisation", "help.org.tw", Exact, "official", Soft, nil},
		{"sub-domains without a reason", "vip-invest.example", Subdomains, "scope", Hard, nil},
		{"a parent without a reason", "vip-invest.example", Exact, "scope", Hard, func(e *Exhibit, _ *Target) {
			e.URL, e.FinalURL = "https://www.vip-invest.example/", "https://www.vip-invest.example/"
		}},
		{"not shown", "vip-invest.example", Exact, "scope", Hard, func(_ *Exhibit, d *Target) { d.Name = "other.example" }},
		{"mail", "vip-invest.example", Exact, "mail", Soft, func(e *Exhibit, _ *Target) {
			e.Facts.MX = map[string][]string{"vip-invest.example": {"10 mx.vip-invest.example."}}
		}},
		{"a mail service", "gmx.net", Exact, "mail", Hard, nil},
		{"other hosts in scope", "vip-invest.example", Subdomains, "hosts", Soft, func(e *Exhibit, _ *Target) { e.Facts.Names = []string{"*.shop.vip-invest.example"} }},
		{"too old", "vip-invest.example", Exact, "fresh", Hard, func(e *Exhibit, _ *Target) { e.Started = now.Add(-FreshDays*24*time.Hour - time.Second) }},
		{"not complete", "vip-invest.example", Exact, "fresh", Hard, func(e *Exhibit, _ *Target) { e.Verdict = "partial" }},
		{"from the future", "vip-invest.example", Exact, "fresh", Hard, func(e *Exhibit, _ *Target) { e.Started = now.Add(48 * time.Hour) }},
	} {
		e := exhibit("W0001", "https://"+c.name+"/")
		e.FinalURL = "https://landing.example/"
		d := Target{ID: "D001", Name: c.name, Unicode: c.name, Registrable: c.name, Scope: c.scope}
		if c.change != nil {
			c.change(&e, &d)
		}
		in := GateInput{Target: d, Exhibits: []Exhibit{e}, Lists: l, Now: now}
		g := Gate(in)
		if got := levels(g)[c.rule]; got != c.level || g.Passed() {
			t.Errorf("%s: rule %s says %q, want %q; passed %v", c.why, c.rule, got, c.level, g.Passed())
		}
		in.Overrides = []Override{{Target: "D001", Name: d.Name, Rule: c.rule, Reason: "已逐一核對", Person: "李主任", Time: now}}
		if got := Gate(in); slices.ContainsFunc(got.Stops(), func(r RuleResult) bool { return r.Rule == c.rule }) != (c.level == Hard) {
			t.Errorf("%s: an override of a %s result counted wrongly", c.why, c.level)
		}
	}
}

func TestOwnerChange(t *testing.T) {
	a, b := exhibit("W0001", "https://vip-invest.example/"), exhibit("W0002", "https://vip-invest.example/")
	a.Started = now.Add(-48 * time.Hour)
	in := GateInput{Target: target(t, "vip-invest.example", Exact, a, b), Exhibits: []Exhibit{b, a}, Lists: lists(t), Now: now}
	if got := levels(Gate(in))["owner"]; got != OK {
		t.Errorf("unchanged owner is %s", got)
	}
	for name, change := range map[string]func(*Facts){
		"registered":  func(f *Facts) { f.Registered = now },
		"registrar":   func(f *Facts) { f.Registrar = "Another" },
		"registrant":  func(f *Facts) { f.Registrant = "Another" },
		"name server": func(f *Facts) { f.NameServers = []string{"ns.example"} },
	} {
		changed := b
		change(&changed.Facts)
		in.Exhibits = []Exhibit{changed, a}
		if got := levels(Gate(in))["owner"]; got != Soft {
			t.Errorf("%s: changed owner is %s", name, got)
		}
	}
}

// TestOverrideIsNarrow says that an override holds for one rule and one name, has a reason and a person.
func TestOverrideIsNarrow(t *testing.T) {
	e := exhibit("W0001", "https://help.org.tw/")
	in := GateInput{Target: target(t, "help.org.tw", Exact, e), Exhibits: []Exhibit{e}, Lists: lists(t), Now: now}
	good := Override{Target: "D001", Name: "help.org.tw", Rule: "official", Reason: "已核對", Person: "李主任", Time: now}
	for why, o := range map[string]Override{
		"other rule":   {Target: "D001", Name: "help.org.tw", Rule: "mail", Reason: "已核對", Person: "李主任", Time: now},
		"other name":   {Target: "D001", Name: "other.org.tw", Rule: "official", Reason: "已核對", Person: "李主任", Time: now},
		"other target": {Target: "D002", Name: "help.org.tw", Rule: "official", Reason: "已核對", Person: "李主任", Time: now},
		"no reason":    {Target: "D001", Name: "help.org.tw", Rule: "official", Reason: " ", Person: "李主任", Time: now},
		"nobody":       {Target: "D001", Name: "help.org.tw", Rule: "official", Reason: "已核對", Person: "", Time: now},
	} {
		in.Overrides = []Override{o}
		if Gate(in).Passed() {
			t.Errorf("%s: passed", why)
		}
	}
	in.Overrides = []Override{good}
	if g := Gate(in); !g.Passed() {
		t.Errorf("refused: %+v", g.Stops())
	}
}

func TestHomograph(t *testing.T) {
	e := exhibit("W0001", "https://аррӏе-tw.com/")
	d := target(t, "аррӏе-tw.com", Exact, e)
	if d.Name != "xn---tw-5cdz9da85i.com" || d.Unicode != "аррӏе-tw.com" {
		t.Fatalf("target %+v", d)
	}
	g := Gate(GateInput{Target: d, Exhibits: []Exhibit{e}, Lists: lists(t), Now: now})
	if levels(g)["homograph"] != Info {
		t.Errorf("no note: %+v", g.Results)
	}
}

// TestHackedShop asks a second person where a site shows visitors different pages and is not too young to be an honest one, and where it was never looked at
// by itself; it passes what one look or a young name explains.
func TestHackedShop(t *testing.T) {
	l := lists(t)
	shop := func(view, title, final string) Exhibit {
		e := exhibit("W0001", "https://shop.example/")
		e.View, e.Title, e.FinalURL, e.Facts.Domain = view, title, final, "shop.example"
		e.Facts.Registered = now.AddDate(-6, 0, 0)
		return e
	}
	const home, away = "https://shop.example/", "https://invest.example/"
	for name, c := range map[string]struct {
		shown  []Exhibit
		change func(*Exhibit)
		code   string
	}{
		"two titles":     {[]Exhibit{shop("desktop", "手工皂", home), shop("mobile", "保證獲利", home)}, nil, "gate.hacked"},
		"sent elsewhere": {[]Exhibit{shop("desktop", "手工皂", home), shop("ad", "手工皂", away)}, nil, "gate.hacked"},
		"age not known":  {[]Exhibit{shop("desktop", "手工皂", home), shop("mobile", "保證獲利", home)}, func(e *Exhibit) { e.Facts.Registered = time.Time{} }, "gate.hacked.age"},
		"young name":     {[]Exhibit{shop("desktop", "手工皂", home), shop("mobile", "保證獲利", home)}, func(e *Exhibit) { e.Facts.Registered = now.AddDate(0, -1, 0) }, "gate.hacked.young"},
		"one face":       {[]Exhibit{shop("desktop", "保證獲利", home), shop("mobile", "保證獲利", home)}, nil, "gate.hacked.ok"},
		"one visitor":    {[]Exhibit{shop("desktop", "手工皂", home), shop("desktop", "保證獲利", home)}, nil, "gate.hacked.unknown"},
		"second incomplete": {[]Exhibit{shop("desktop", "手工皂", home), shop("mobile", "錯誤", home)}, func(e *Exhibit) {
			e.Verdict = map[string]string{"mobile": "partial"}[e.View] + map[string]string{"desktop": complete}[e.View]
		}, "gate.hacked.unknown"},
	} {
		for i := range c.shown {
			if c.change != nil {
				c.change(&c.shown[i])
			}
		}
		g := Gate(GateInput{Target: target(t, "shop.example", Exact, c.shown...), Exhibits: c.shown, Lists: l, Now: now})
		i := slices.IndexFunc(g.Results, func(r RuleResult) bool { return r.Rule == "hacked" })
		if got := g.Results[i]; got.Code != c.code || got.Stops() != (c.code == "gate.hacked" || c.code == "gate.hacked.age") {
			t.Errorf("%s: %s, stops %v", name, got.Code, got.Stops())
		}
	}
}

// A fresh capture of the name itself is what the result cites, though one of a name below it is newer.
func TestFreshCitesTheNameItself(t *testing.T) {
	apex, below := exhibit("W0001", "https://vip-invest.example/"), exhibit("W0002", "https://www.vip-invest.example/")
	g := Gate(GateInput{Target: target(t, "vip-invest.example", Subdomains, apex, below), Exhibits: []Exhibit{apex, below}, Lists: lists(t), Now: now})
	i := slices.IndexFunc(g.Results, func(r RuleResult) bool { return r.Code == "gate.fresh.ok" })
	if i < 0 || !strings.Contains(g.Results[i].Text, "W0001") {
		t.Errorf("%+v", g.Results)
	}
}

// TestApexIsCaptured asks where a name was seen through names below it alone, or too long ago, and not where it was looked at and gave nothing.
func TestApexIsCaptured(t *testing.T) {
	below, apex := exhibit("W0001", "https://www.vip-invest.example/"), exhibit("W0002", "https://vip-invest.example/")
	apex.Verdict = "unreachable"
	old := apex
	old.Started = now.AddDate(0, 0, -FreshDays-1)
	for name, c := range map[string]struct {
		shown []Exhibit
		asks  bool
	}{
		"below alone": {[]Exhibit{below}, true}, "looked at": {[]Exhibit{below, apex}, false}, "long ago": {[]Exhibit{below, old}, true},
	} {
		g := Gate(GateInput{Target: target(t, "vip-invest.example", Subdomains, c.shown...), Exhibits: c.shown, Lists: lists(t), Now: now})
		if asks := slices.ContainsFunc(g.Stops(), func(r RuleResult) bool { return r.Code == "gate.fresh.apex" }); asks != c.asks {
			t.Errorf("%s: asks %v", name, asks)
		}
	}
}
