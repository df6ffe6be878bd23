package rpz_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"

	"yuzheng/casefile/rpz"
)

// answer is what a resolver says to a question, as far as it matters here: one of these, another code, or an address.
type answer string

const (
	noName   answer = "NXDOMAIN"
	noData   answer = "NODATA"
	failed   answer = "SERVFAIL"
	asIs     answer = "true"              // as the world has it
	stopping answer = "anything but that" // for aliases: resolvers differ in how they stop them
)

// order is a list of rules and what its names lead to.
type order struct {
	rules   []rpz.Rule
	landing answer
}

const sinkhole = answer("198.51.100.32")

// TestResolversStop has running resolvers answer with a zone of 500 mixed targets: for each of its name, of names below it,
// above it and beside it, and of aliases, exactly what its scope says.
func TestResolversStop(t *testing.T) {
	o := order{mixed(500), sinkhole}
	o.judge(t, o.zone(t))
}

// TestResolversStopWithoutSinkhole is the same with a zone that says of each name that there is none.
func TestResolversStopWithoutSinkhole(t *testing.T) {
	o := order{mixed(40), noName}
	o.judge(t, o.zone(t))
}

// TestGivenZone is the same with a zone and its list that were written elsewhere: their paths stand in YUZHENG_ZONE and YUZHENG_DOMAINS.
func TestGivenZone(t *testing.T) {
	if os.Getenv("YUZHENG_ZONE") == "" {
		t.Skip("no zone is given in YUZHENG_ZONE")
	}
	zone, err := os.ReadFile(os.Getenv("YUZHENG_ZONE"))
	if err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadFile(os.Getenv("YUZHENG_DOMAINS"))
	if err != nil {
		t.Fatal(err)
	}
	o := order{landing: noName}
	if o.rules, _, err = rpz.ParseCSV(bytes.NewReader(list)); err != nil || len(o.rules) == 0 {
		t.Fatalf("%d names: %v", len(o.rules), err)
	}
	for line := range strings.Lines(string(zone)) {
		if f := strings.Fields(line); len(f) == 4 && f[2] == "A" {
			o.landing = answer(f[3])
		}
	}
	o.judge(t, zone)
}

func (o order) zone(t *testing.T) []byte {
	t.Helper()
	z := rpz.Zone{Origin: origin, Serial: 7}
	if a, err := netip.ParseAddr(string(o.landing)); err == nil {
		z.Sinkhole = []netip.Addr{a}
	}
	var b bytes.Buffer
	if err := z.Write(&b, o.rules); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// judge asks every resolver every question and prints how many of its answers were right. All have their default settings, but
// for Knot Resolver, which has the one for aliases that the sheet gives.
func (o order) judge(t *testing.T, zone []byte) {
	t.Helper()
	w := &world{aliases: map[string]string{}}
	questions := o.questions(w)
	w.start(t)
	l := lab{t, w, zone}
	var primary *resolver
	for _, k := range kinds {
		r := l.start(k, change{knotRule, setting(t, "knot.alias")}, primary)
		if k == bindPrimary {
			primary = r
		}
		begun := time.Now()
		figures := r.score(t, questions)
		t.Logf("%s: %s in %.1fs", k, figures, time.Since(begun).Seconds())
	}
}

// figures count the questions of each relation, and the right answers.
type figures map[string]*[2]int

func (f figures) String() string {
	var parts []string
	right, asked := 0, 0
	for _, relation := range slices.Sorted(maps.Keys(f)) {
		right, asked = right+f[relation][0], asked+f[relation][1]
		parts = append(parts, fmt.Sprintf("%s %d/%d", relation, f[relation][0], f[relation][1]))
	}
	return fmt.Sprintf("%d of %d (%s)", right, asked, strings.Join(parts, ", "))
}

func (r *resolver) score(t *testing.T, questions []question) figures {
	t.Helper()
	f := figures{}
	first := len(questions) // of those that are asked again: not before all others were answered
	if i := slices.IndexFunc(questions, func(q question) bool { return q.relation == again }); i >= 0 {
		first = i
	}
	for i, got := range append(r.askAll(questions[:first]), r.askAll(questions[first:])...) {
		q := questions[i]
		if f[q.relation] == nil {
			f[q.relation] = &[2]int{}
		}
		f[q.relation][1]++
		switch {
		case got == q.want, q.want == stopping && (got == noName || got == noData || net4(got)):
			f[q.relation][0]++
		case r.kind == unbound && q.relation == again && got == asIs: // no setting helps against it; the sheet says so, and TestNeeds holds that
		default:
			t.Errorf("%s: %s, %s %s is %s, want %s", r.kind, q.relation, q.name, dns.TypeToString[q.kind], got, q.want)
		}
	}
	return f
}

// net4 reports whether an answer is an address: not the true one, which reads asIs.
func net4(a answer) bool {
	_, err := netip.ParseAddr(string(a))
	return err == nil
}

// question asks for one name in relation to a target.
type question struct {
	relation string
	name     string
	kind     uint16
	want     answer
}

const (
	alias = "alias of it"
	again = "alias asked for again" // it is in the cache by then
)

// questions are all about every rule. The world gets the aliases that they need; some of the listed names are aliases themselves.
func (o order) questions(w *world) []question {
	var list, aliases []question
	for i, r := range o.rules {
		if i%7 == 3 {
			w.aliases[r.Name] = "elsewhere.test"
		}
		for _, kind := range []uint16{dns.TypeAAAA, dns.TypeHTTPS, dns.TypeTXT} {
			want := o.wanted(r.Name)
			if want != noName {
				want = noData
			}
			list = append(list, question{"itself", r.Name, kind, want})
		}
		for relation, names := range around(r.Name) {
			for _, name := range names {
				if len(name) <= 253 {
					list = append(list, question{relation, name, dns.TypeA, o.wanted(strings.ToLower(name))})
				}
			}
		}
		aliases = append(aliases, o.aliases(w, i, r.Name)...)
	}
	list = append(list, aliases...)
	for _, q := range aliases {
		q.relation = again
		list = append(list, q)
	}
	return list
}

// around are names that stand in some relation to one.
func around(name string) map[string][]string {
	first, rest, _ := strings.Cut(name, ".")
	names := map[string][]string{
		"itself":       {name, strings.ToUpper(name)},
		"below it":     {"sub." + name, "a.b.c." + name, "my_a." + name, "*." + name},
		"far below it": {longest(name)},
		"beside it":    {"sibling-of-it." + rest, "x" + first + "." + rest, "x." + rest, name + ".elsewhere.test"},
	}
	for above := rest; strings.Contains(above, "."); _, above, _ = strings.Cut(above, ".") {
		names["above it"] = append(names["above it"], above)
	}
	return names
}

func (o order) aliases(w *world, number int, name string) []question {
	var list []question
	_, rest, _ := strings.Cut(name, ".")
	for i, to := range []string{name, "sub." + name, "sibling-of-it." + rest} {
		if len(to) > 253 {
			continue
		}
		from := fmt.Sprintf("alias-%d-%d.elsewhere.test", number, i)
		w.aliases[from] = to
		want := o.wanted(to)
		if want != asIs {
			want = stopping
		}
		list = append(list, question{alias, from, dns.TypeA, want})
	}
	return list
}

// longest puts labels before a name until it has the length that a name can have.
func longest(name string) string {
	for room := 253 - len(name); room > 1; room = 253 - len(name) {
		name = strings.Repeat("l", min(room-1, 50)) + "." + name
	}
	return name
}

// wanted is the meaning of a list: what somebody should get who asks for the address of this name.
func (o order) wanted(name string) answer {
	by := ""
	for _, r := range o.rules {
		if (r.Name == name || r.Subdomains && strings.HasSuffix(name, "."+r.Name)) && (by == "" || len(r.Name) < len(by)) {
			by = r.Name
		}
	}
	switch {
	case by == "":
		return asIs
	case strings.Contains(by, "_") || strings.HasPrefix(by, "-") || strings.Contains(by, "-.") || strings.Contains(by, ".-"):
		return noName
	}
	return o.landing
}

// askAll asks the questions over a few sockets at a time.
func (r *resolver) askAll(questions []question) []answer {
	answers := make([]answer, len(questions))
	const sockets = 8
	var all sync.WaitGroup
	for s := range sockets {
		all.Go(func() {
			for i := s; i < len(questions); i += sockets {
				answers[i] = r.ask(questions[i].name, questions[i].kind, false)
			}
		})
	}
	all.Wait()
	return answers
}

// ask puts one question, once more if nothing comes back.
func (r *resolver) ask(name string, kind uint16, do bool) answer {
	m := new(dns.Msg).SetQuestion(dns.Fqdn(name), kind)
	m.SetEdns0(1232, do)
	c := dns.Client{Timeout: 5 * time.Second}
	a, _, err := c.Exchange(m, r.address)
	if err != nil {
		a, _, err = c.Exchange(m, r.address)
	}
	if err != nil {
		return answer(err.Error())
	}
	return read(a)
}

func read(m *dns.Msg) answer {
	if m.Rcode != dns.RcodeSuccess {
		return answer(dns.RcodeToString[m.Rcode])
	}
	for _, rr := range m.Answer {
		switch v := rr.(type) {
		case *dns.A:
			if v.A.String() == truth.String() {
				return asIs
			}
			return answer(v.A.String())
		case *dns.AAAA, *dns.TXT, *dns.HTTPS:
			return asIs
		}
	}
	return noData
}

// mixed makes so many rules of every sort: both scopes, names within and around others, odd, long and international ones.
func mixed(n int) []rpz.Rule {
	chance := rand.New(rand.NewPCG(2026, 11))
	var rules []rpz.Rule
	known := map[string]bool{"com.example": true, "blog.test": true} // these stay, beside the others
	for len(rules) < n {
		name, err := rpz.Normalize(odd(chance, rules))
		r := rpz.Rule{Name: name, Subdomains: chance.IntN(2) == 0}
		if err != nil || known[name] || r.Fits(origin) != nil {
			continue
		}
		known[name] = true
		rules = append(rules, r)
	}
	return rules
}

// odd makes a name of some sort, often one in relation to a name that is there.
func odd(chance *rand.Rand, rules []rpz.Rule) string {
	pick := func(from ...string) string { return from[chance.IntN(len(from))] }
	label := fmt.Sprintf("%s%d", pick("bad", "shop", "m", "login", "line-tw", "1688"), chance.IntN(1000))
	name := label + "." + pick("example", "test", "com.example", "blog.test")
	sort := chance.IntN(12)
	if len(rules) == 0 {
		sort = 11
	}
	switch sort {
	case 0:
		return pick("my_", "_", "a__") + name
	case 1:
		return pick("-", "m2--", "r3---sn-", "xn--a-", "x-.") + name
	case 2:
		return label + pick("中文", "購物商城", "é-", "ß") + ".test"
	case 3:
		return strings.Trim(longest(name)[chance.IntN(60):], ".")
	case 4, 5, 6, 7:
		return pick("shop", "a.m", "x_y", "deep.er", "w") + "." + rules[chance.IntN(len(rules))].Name
	case 8:
		_, above, _ := strings.Cut(rules[chance.IntN(len(rules))].Name, ".")
		return above
	}
	return name
}
