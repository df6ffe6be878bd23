package application

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"yuzheng/casefile/rpz"
)

// judgedAs is what the gate says of a name that was captured under this address an hour ago, looked at by itself, registered last month.
func judgedAs(t *testing.T, l *Lists, name string, scope Scope, address string) GateResult {
	t.Helper()
	e, itself := exhibit("W0001", address), exhibit("W0002", "https://"+name+"/")
	d, err := NewTarget("D001", name, scope, []Exhibit{e, itself})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, x := range []*Exhibit{&e, &itself} {
		x.Facts.Domain, x.Facts.MX = d.Registrable, map[string][]string{d.Name: {}, d.Registrable: {}}
	}
	if scope == Subdomains {
		d.ScopeReason = "其下均為同一網站。"
	}
	return Gate(GateInput{Target: d, Exhibits: []Exhibit{e, itself}, Lists: l, Now: now})
}

// stopping lists the rules that keep a name off every list, the hardest level among them first.
func stopping(g GateResult) (rules []string, level Level) {
	for _, r := range g.Stops() {
		if rules = append(rules, r.Rule); r.Level == Hard || level == "" {
			level = r.Level
		}
	}
	return rules, level
}

// TestAccidents: each name that was blocked by mistake somewhere (design, law.md 3.5) is refused, or asked of a second person, in either scope, as what
// stood before an office when it happened.
func TestAccidents(t *testing.T) {
	l := lists(t)
	for _, c := range []struct {
		accident, name, captured string
		rule                     string
		level                    Level
	}{
		{"2025-07-10, the label of the sub-domain was lost", "azurewebsites.net", "https://scam-invest.azurewebsites.net/", "suffix", Hard},
		{"2024-05, a channel", "t.me", "https://t.me/scam", "platform", Hard},
		{"2024-05, the whole service", "telegram.org", "https://web.telegram.org/k/", "platform", Hard},
		{"2024-04, one blog", "wordpress.com", "https://scam.wordpress.com/", "platform", Hard},
		{"2024, a registry's name", "eu.org", "https://scam.eu.org/", "suffix", Hard},
		{"2024, a market", "polymarket.com", "https://polymarket.com/event/x", "popular", Soft},
		{"2024, one account", "instagram.com", "https://www.instagram.com/scam/", "platform", Hard},
		{"2011, 84,000 names below one", "mooo.com", "https://scam.mooo.com/", "platform", Hard},
		{"2012, one form of many", "jotform.com", "https://form.jotform.com/1", "platform", Hard},
	} {
		for _, scope := range []Scope{Exact, Subdomains} {
			rules, level := stopping(judgedAs(t, l, c.name, scope, c.captured))
			if !slices.Contains(rules, c.rule) || level != c.level {
				t.Errorf("%s: %s (%s) is stopped by %q, %s; want %s, %s", c.accident, c.name, scope, rules, level, c.rule, c.level)
			}
		}
	}
}

// TestLostLabel is the accident of 2025-07-10 once more, in the list: a name that lost its first label on the way into the file is another list, and the
// gate had it on none.
func TestLostLabel(t *testing.T) {
	captured := []Exhibit{exhibit("W0001", "https://scam-invest.azurewebsites.net/")}
	d := target(t, "scam-invest.azurewebsites.net", Exact, captured...)
	lost := strings.TrimPrefix(d.Name, "scam-invest.")
	ours, err := rpz.Sum([]rpz.Rule{{Name: d.Name}})
	if err != nil {
		t.Fatal(err)
	}
	if other, err := rpz.Sum([]rpz.Rule{{Name: lost}}); err != nil || other == ours {
		t.Errorf("the list without the label has the same hash, or %v", err)
	}
	g := Gate(GateInput{Target: d, Exhibits: captured, Lists: lists(t), Now: now})
	if _, level := stopping(g); level == Hard {
		t.Errorf("the customer's own name cannot be stopped: %+v", g.Stops())
	}
}

// named reads a list of names with comments.
func named(t *testing.T, file string) (names []string) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	for s.Scan() {
		if !strings.HasPrefix(s.Text(), "#") {
			names = append(names, s.Text())
		}
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return names
}

// TestPrivateSuffixes: none of 1,000 names under which others have names of their own comes onto a list, in either scope, though somebody's page below it
// was captured; and no second person can let it.
func TestPrivateSuffixes(t *testing.T) {
	l, refused := lists(t), map[Level]int{}
	list := named(t, "testdata/private-suffixes.txt")
	for _, suffix := range list {
		name := strings.Replace(suffix, "*.", "any.", 1)
		for _, scope := range []Scope{Exact, Subdomains} {
			rules, level := stopping(judgedAs(t, l, name, scope, "https://scam."+name+"/"))
			if refused[level]++; level != Hard {
				t.Errorf("%s (%s): stopped by %q, %q", name, scope, rules, level)
			}
		}
	}
	if len(list) != 1000 {
		t.Errorf("%d names", len(list))
	}
	t.Logf("of %d names in two scopes each: %v", len(list), refused)
}

// TestOrdinaryNames: 1,000 names that nobody listed, under ends that are nobody's, pass, among them such as have a listed one in them or beside them.
func TestOrdinaryNames(t *testing.T) {
	l := lists(t)
	chance := rand.New(rand.NewPCG(2026, 12))
	pick := func(from ...string) string { return from[chance.IntN(len(from))] }
	var listed []string
	for _, name := range l.Popular.Names {
		_, end, _ := strings.Cut(name, ".")
		if strings.Count(name, ".") == 1 && !slices.Contains([]string{"gov", "edu", "org", "int", "mil"}, end) { // under which every name is refused or asked
			listed = append(listed, name)
		}
	}
	names := map[string]bool{}
	for len(names) < 1000 {
		name := pick("mei-hua", "dayin", "hong-fu", "vip-invest", "soap", "sunny", "abc", "kuaile", "tw-shop", "888", "jinshan", "line-pay-tw") +
			pick("", "-", "x") + pick("tea", "shop", "wealth", "store", "app", "trade", "fund", "bank", "gov", "club") + fmt.Sprint(chance.IntN(10_000)) +
			pick(".com", ".com.tw", ".tw", ".net", ".shop", ".xyz", ".top", ".vip", ".cc", ".biz", ".io", ".co", ".online", ".中文.tw", ".台灣")
		switch chance.IntN(4) {
		case 0:
			name = "m." + name
		case 1:
			name = pick("my", "new-", "the", "tw") + fmt.Sprint(chance.IntN(1000)) + pick(listed...) // ends in a listed name, and is none
		case 2:
			name = strings.ReplaceAll(pick(listed...), ".", "-") + fmt.Sprint(chance.IntN(1000)) + pick(".shop", ".top", ".com.tw") // begins with one
		}
		normal, err := rpz.Normalize(name)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		names[normal] = true
	}
	passed := 0
	for name := range names {
		if g := judgedAs(t, l, name, Exact, "https://"+name+"/"); g.Passed() {
			passed++
		} else {
			t.Errorf("%s: %+v", name, g.Stops())
		}
	}
	t.Logf("%d of %d passed", passed, len(names))
}
