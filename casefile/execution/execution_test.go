package execution_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"yuzheng/casefile/evidence"
	"yuzheng/casefile/execution"
)

var (
	landing = netip.MustParseAddr("140.111.246.32")
	stopped = evidence.Stopping{Landing: []netip.Addr{landing}, NXDOMAIN: true}
)

// says is a resolver that answers by name; "*" stands for every other one. An answer is addresses with blanks between them, alias=NAME, or what
// there is instead: none, nxdomain, servfail, silence, four-only (an address for A, silence for AAAA). An answer for HTTPS has a hint:ADDRESS, is one
// alias0:NAME, leads to target:NAME, has beside it also:NAME=ADDRESS, or is https:CODE alone.
type says map[string]string

func (s says) about(name string) string {
	if text, ok := s[name]; ok {
		return text
	}
	return s["*"]
}

// answers puts every question of an order to it.
func (s says) answers(o execution.Order) execution.Answers {
	list := execution.Answers{}
	for i, q := range o.Questions() {
		a := evidence.ResolverAnswer{Number: i + 1, DNSAnswer: evidence.DNSAnswer{Name: q.Name, Type: q.Type, Code: "NOERROR"}}
		for _, word := range strings.Fields(s.about(q.Name)) {
			s.fill(&a, word)
		}
		list.Add(a)
	}
	return list
}

func (says) fill(a *evidence.ResolverAnswer, word string) {
	alias, isAlias := strings.CutPrefix(word, "alias=")
	record := evidence.DNSRecord{Section: "answer", Name: strings.ToUpper(a.Name) + ".", Type: "A", Value: word}
	switch {
	case strings.Contains(word, ":") && !strings.Contains(word, "::"):
		if a.Type == "HTTPS" {
			https(a, word)
		}
	case word == "none":
	case word == "nxdomain":
		a.Code = "NXDOMAIN"
	case word == "servfail":
		a.Code = "SERVFAIL"
	case word == "silence", word == "four-only" && a.Type == "AAAA":
		a.Code, a.Error = "", "i/o timeout"
	case word == "many":
		a.LeftOut = 1
	case isAlias:
		record.Type, record.Value = "CNAME", alias+"."
		a.Records = append(a.Records, record)
	default:
		if owner, value, of := strings.Cut(word, "@"); of {
			record.Name, record.Value = value+".", owner
		}
		if strings.Contains(record.Value, ":") {
			record.Type = "AAAA"
		}
		if record.Type == a.Type && word != "four-only" {
			a.Records = append(a.Records, record)
		}
	}
}

// https fills an answer for HTTPS.
func https(a *evidence.ResolverAnswer, word string) {
	kind, value, _ := strings.Cut(word, ":")
	record := evidence.DNSRecord{Section: "answer", Name: a.Name + ".", Type: "HTTPS"}
	switch kind {
	case "hint":
		record.Value = `1 . alpn="h2,h3" ipv4hint="` + value + `"`
		if strings.Contains(value, "-") {
			record.Value = `1 . ipv6hint="` + strings.ReplaceAll(value, "-", ":") + `" port="443"`
		}
	case "alias0":
		record.Value = "0 " + value + "."
	case "target":
		record.Value = "1 " + strings.ToUpper(value) + `. alpn="h2"`
	case "also":
		name, address, _ := strings.Cut(value, "=")
		record = evidence.DNSRecord{Section: "additional", Name: name + ".", Type: "A", Value: address}
	case "https":
		a.Code = value
		if value == "silence" {
			a.Code, a.Error = "", "i/o timeout"
		}
		return
	}
	a.Records = append(a.Records, record)
}

// order is one target, beside others.
func order(name string, subdomains bool, others ...execution.Target) execution.Order {
	labels := strings.Split(name, ".")
	t := execution.Target{ID: "D001", Name: name, Registrable: strings.Join(labels[len(labels)-2:], "."), Subdomains: subdomains}
	return execution.Order{Targets: append([]execution.Target{t}, others...), Stopping: stopped}
}

const (
	exact = false
	wide  = true
)

// TestJudge says what follows from what a resolver and the control answer.
func TestJudge(t *testing.T) {
	outside := says{"*": "nxdomain", "bad.example": "192.0.2.7 2001:db8::7", "www.bad.example": "192.0.2.7", "m.bad.example": "192.0.2.8"}
	const land = "140.111.246.32"
	all := func(text string) says { return says{"*": text} }
	below := says{"bad.example": land, "yuzheng-check.bad.example": land, "www.bad.example": land, "*": "nxdomain"}
	with := func(s says, pairs ...string) says {
		out := says{}
		for k, v := range s {
			out[k] = v
		}
		for i := 0; i < len(pairs); i += 2 {
			out[pairs[i]] = pairs[i+1]
		}
		return out
	}
	for name, c := range map[string]struct {
		order    execution.Order
		resolver says
		control  says
		want     evidence.ExecutionVerdict
	}{
		"stopped with its names below": {order("bad.example", wide), below, outside, evidence.Stopped},
		"stopped, alone":               {order("bad.example", exact), with(outside, "bad.example", land), outside, evidence.Stopped},
		"stopped at the end of an alias": {
			order("bad.example", exact), with(outside, "bad.example", "alias=block.example "+land+"@block.example"), outside, evidence.Stopped,
		},
		"no such name any more":                {order("bad.example", wide), all("nxdomain"), outside, evidence.Stopped},
		"no such name, and there is none":      {order("bad.example", wide), all("nxdomain"), all("nxdomain"), evidence.Undecidable},
		"no such name, without a control":      {order("bad.example", wide), all("nxdomain"), nil, evidence.Undecidable},
		"a landing page needs no control":      {order("bad.example", wide), below, nil, evidence.Stopped},
		"nothing happened":                     {order("bad.example", wide), outside, outside, evidence.NotStopped},
		"one of the true addresses":            {order("bad.example", wide), all("192.0.2.7"), outside, evidence.NotStopped},
		"stopped for IPv4 alone":               {order("bad.example", wide), with(below, "bad.example", land+" 2001:db8::7"), outside, evidence.NotStopped},
		"a name below goes on":                 {order("bad.example", wide), with(below, "www.bad.example", "192.0.2.7"), outside, evidence.TooNarrow},
		"no name below is reached":             {order("bad.example", wide), with(below, "yuzheng-check.bad.example", "nxdomain"), outside, evidence.TooNarrow},
		"a name below goes on, itself is none": {order("bad.example", wide), with(all("nxdomain"), "www.bad.example", "192.0.2.99"), outside, evidence.TooNarrow},
		"more than ordered":                    {order("bad.example", exact), below, outside, evidence.TooWide},
		"the www is no name":                   {order("bad.example", exact), with(all("nxdomain"), "bad.example", land), outside, evidence.TooWide},
		"a name that ends like it":             {order("bad.example", wide), with(below, "*", land), outside, evidence.TooWide},
		"the name above":                       {order("m.bad.example", wide), all(land), outside, evidence.TooWide},
		"the name above is let alone": {
			order("m.bad.example", wide),
			with(outside, "m.bad.example", land, "yuzheng-check.m.bad.example", land, "www.m.bad.example", land), outside, evidence.Stopped,
		},
		"the name above is ordered, too": {
			order("m.bad.example", exact, execution.Target{ID: "D002", Name: "bad.example", Registrable: "bad.example", Subdomains: true}),
			with(all(land), "yuzheng-check-bad.example", "nxdomain"), outside, evidence.Stopped,
		},
		"somewhere else":                            {order("bad.example", wide), all("198.51.100.9"), outside, evidence.OtherAnswer},
		"a name without an address":                 {order("bad.example", wide), all("none"), outside, evidence.OtherAnswer},
		"aliases without an end":                    {order("bad.example", wide), all("alias=bad.example"), outside, evidence.OtherAnswer},
		"an address of somebody else":               {order("bad.example", wide), all(land + "@other.example"), outside, evidence.OtherAnswer},
		"a hint goes on":                            {order("bad.example", wide), with(below, "bad.example", land+" hint:192.0.2.7"), outside, evidence.NotStopped},
		"a hint for IPv6 goes on":                   {order("bad.example", wide), with(below, "bad.example", land+" hint:2001-db8--7"), outside, evidence.NotStopped},
		"a hint of a name below goes on":            {order("bad.example", wide), with(below, "www.bad.example", land+" hint:192.0.2.7"), outside, evidence.TooNarrow},
		"a hint to somewhere else":                  {order("bad.example", wide), with(below, "bad.example", land+" hint:198.51.100.9"), outside, evidence.OtherAnswer},
		"a hint to the landing page":                {order("bad.example", wide), with(below, "bad.example", land+" hint:"+land), outside, evidence.Stopped},
		"a record without hints":                    {order("bad.example", wide), with(below, "bad.example", land+" target:bad.example"), outside, evidence.Stopped},
		"an alias that the control has too":         {order("bad.example", wide), with(below, "bad.example", land+" alias0:cdn.example"), with(outside, "bad.example", "192.0.2.7 alias0:cdn.example"), evidence.NotStopped},
		"an alias that it has not":                  {order("bad.example", wide), with(below, "bad.example", land+" alias0:cdn.example"), outside, evidence.OtherAnswer},
		"an alias with its address":                 {order("bad.example", wide), with(below, "bad.example", land+" alias0:cdn.example also:cdn.example=192.0.2.7"), outside, evidence.NotStopped},
		"an alias to the landing page":              {order("bad.example", wide), with(below, "bad.example", land+" alias0:block.example also:block.example="+land), outside, evidence.Stopped},
		"an alias to what is stopped":               {order("bad.example", wide), with(below, "www.bad.example", land+" alias0:bad.example"), outside, evidence.Stopped},
		"an alias to itself":                        {order("bad.example", wide), with(below, "bad.example", land+" alias0:bad.example"), outside, evidence.Stopped},
		"an alias to nowhere":                       {order("bad.example", wide), with(below, "bad.example", land+" alias0:"), outside, evidence.Stopped},
		"another target":                            {order("bad.example", wide), with(below, "bad.example", land+" target:cdn.example"), with(outside, "bad.example", "192.0.2.7 target:cdn.example"), evidence.NotStopped},
		"another target and a landing hint":         {order("bad.example", wide), with(below, "bad.example", land+" hint:"+land+" target:cdn.example"), with(outside, "bad.example", "192.0.2.7 target:cdn.example"), evidence.NotStopped},
		"no name, but for a hint":                   {order("bad.example", wide), with(all("nxdomain"), "bad.example", "none hint:192.0.2.7"), outside, evidence.NotStopped},
		"no answer for HTTPS":                       {order("bad.example", wide), with(below, "bad.example", land+" https:silence"), outside, evidence.NoAnswer},
		"a failure for HTTPS":                       {order("bad.example", wide), with(below, "bad.example", land+" https:SERVFAIL"), outside, evidence.NoAnswer},
		"HTTPS is not known there":                  {order("bad.example", wide), with(below, "bad.example", land+" https:NOTIMP"), outside, evidence.Stopped},
		"silence":                                   {order("bad.example", wide), all("silence"), outside, evidence.NoAnswer},
		"silence for one kind":                      {order("bad.example", wide), with(below, "bad.example", land+" four-only"), outside, evidence.NoAnswer},
		"a failure":                                 {order("bad.example", wide), all("servfail"), outside, evidence.NoAnswer},
		"a failure for everybody":                   {order("bad.example", wide), all("servfail"), all("servfail"), evidence.Undecidable},
		"silence of the control":                    {order("bad.example", wide), all("nxdomain"), all("silence"), evidence.Undecidable},
		"more records than are read":                {order("bad.example", wide), with(below, "bad.example", land+" many"), outside, evidence.NoAnswer},
		"a sibling that says nothing takes nothing": {order("bad.example", wide), with(below, "yuzheng-check-bad.example", "silence"), outside, evidence.Stopped},
		"no host name is none, as the zone has it": {
			order("a_b.example", exact), with(outside, "a_b.example", "nxdomain"), with(outside, "a_b.example", "192.0.2.3"), evidence.Stopped,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var control execution.Answers
			if c.control != nil {
				control = c.control.answers(c.order)
			}
			got := c.order.Judge([]string{"udp://a"}, map[string]execution.Answers{"udp://a": c.resolver.answers(c.order)}, control)
			if at := got[0].Resolvers[0]; at.Verdict != c.want {
				t.Errorf("%s, want %s: %+v", at.Verdict, c.want, at.Probes)
			}
		})
	}
}

// TestNXDOMAINCountsWhereItIsAWay: that there is no such name is no landing page.
func TestNXDOMAINCountsWhereItIsAWay(t *testing.T) {
	o := order("bad.example", wide)
	o.Stopping.NXDOMAIN = false
	got := o.Judge([]string{"a"}, map[string]execution.Answers{"a": says{"*": "nxdomain"}.answers(o)}, says{"*": "192.0.2.7"}.answers(o))
	if at := got[0].Resolvers[0]; at.Verdict != evidence.OtherAnswer {
		t.Errorf("%+v", at)
	}
}

// TestKnownAddresses: without a control the addresses that exhibits show are those of the site.
func TestKnownAddresses(t *testing.T) {
	o := order("bad.example", wide)
	o.Targets[0].Known = []netip.Addr{netip.MustParseAddr("192.0.2.7")}
	got := o.Judge([]string{"a"}, map[string]execution.Answers{"a": says{"*": "192.0.2.7"}.answers(o)}, nil)
	if at := got[0].Resolvers[0]; at.Verdict != evidence.NotStopped {
		t.Errorf("%+v", at)
	}
}

// TestNothingAsked: a resolver that was never asked has answered nothing, and is not passed over.
func TestNothingAsked(t *testing.T) {
	got := order("bad.example", wide).Judge([]string{"a", "b"}, nil, nil)
	if len(got[0].Resolvers) != 2 || got[0].Resolvers[1].Verdict != evidence.NoAnswer {
		t.Errorf("%+v", got)
	}
}

// TestQuestions: every name is one that can be asked, is asked once for each kind of address and for HTTPS, and the targets come first.
func TestQuestions(t *testing.T) {
	long := strings.Repeat("a", 63) + "." + strings.Repeat(strings.Repeat("b", 40)+".", 4) + "example"
	o := order(long, wide)
	for i := range 50 {
		name := fmt.Sprintf("s%d.bad.example", i)
		o.Targets = append(o.Targets, execution.Target{ID: "D", Name: name, Registrable: "bad.example"})
	}
	questions := o.Questions()
	seen := map[execution.Question]bool{}
	for i, q := range questions {
		if seen[q] || len(q.Name) > 253 || slices.ContainsFunc(strings.Split(q.Name, "."), func(l string) bool { return l == "" || len(l) > 63 }) {
			t.Errorf("%+v", q)
		}
		seen[q] = true
		if own := slices.ContainsFunc(o.Targets, func(t execution.Target) bool { return t.Name == q.Name }); own != (i < 3*len(o.Targets)) {
			t.Errorf("%d: %s", i, q.Name)
		}
	}
	for _, want := range []string{"yuzheng-check.s7.bad.example", "www.s7.bad.example", "bad.example", "yuzheng-check-s7.bad.example"} {
		for _, kind := range []string{"A", "AAAA", "HTTPS"} {
			if !seen[execution.Question{Name: want, Type: kind}] {
				t.Errorf("%s is not asked for: %s", want, kind)
			}
		}
	}
}
