package workbench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"yuzheng/capture"
	"yuzheng/capture/loopback"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
	"yuzheng/casefile/evidence/schematest"
	"yuzheng/casefile/packet"
)

const landingPage = "140.111.246.32"

// ordered is a case with an application, S01, for targets of these names. One that ends in "+" is meant with its sub-domains.
func ordered(t *testing.T, names ...string) (*Workbench, *casefile.Case) {
	t.Helper()
	w, c, _, _ := bench(t, whole)
	w.Lists = dataOf(t)
	orderNames(t, w, c, names...)
	return w, c
}

func orderNames(t *testing.T, w *Workbench, c *casefile.Case, names ...string) {
	t.Helper()
	for _, n := range names {
		name, wide := strings.CutSuffix(n, "+")
		target := application.Target{Name: name, Registrable: name, Scope: application.Exact, Addresses: []string{}}
		if wide {
			target.Scope = application.Subdomains
		}
		if labels := strings.Split(name, "."); len(labels) > 2 {
			target.Registrable = strings.Join(labels[len(labels)-2:], ".")
		}
		if _, err := c.Put(t.Context(), kindTarget, "", target, ""); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.NewApplication(t.Context(), c, application.Application{Type: "prosecutor-seizure"}); err != nil {
		t.Fatal(err)
	}
}

// checked checks S01 and says what each name came to at each resolver: "D001 stopped stopped".
func checked(t *testing.T, w *Workbench, c *casefile.Case, o ExecutionOptions) (Execution, []string) {
	t.Helper()
	got, err := w.CheckExecution(t.Context(), c, "S01", o, nil)
	var loose *NotStoppedError
	if err != nil && !errors.As(err, &loose) {
		t.Fatal(err)
	}
	all := true
	var list []string
	for _, n := range got.Names {
		words := []string{n.Target}
		for _, at := range n.Resolvers {
			words = append(words, string(at.Verdict))
			all = all && at.Verdict == evidence.Stopped
		}
		list = append(list, strings.Join(words, " "))
	}
	if all != (err == nil) || err != nil && !errors.Is(err, ErrInPart) {
		t.Errorf("%v, with %v", err, list)
	}
	return got, list
}

// TestExecution asks BIND and Unbound, with the zone of an application, with faulty ones, and without any, over every transport. The program tells
// each right.
func TestExecution(t *testing.T) {
	own, err := loopback.NewAuthority(time.Now(), nil)
	if err != nil {
		t.Fatal(err)
	}
	up := outside(t, "bad.example", "*.bad.example", "yuzheng-check-bad.example", "shop.example", "m.shop.example", "*.m.shop.example", "a_b.example")
	names := []string{"bad.example+", "m.shop.example", "a_b.example", "gone.example+"}
	right := zoneOf(t, landingPage, names...)
	faulty := zoneOf(t, landingPage, "bad.example", "shop.example+", "a_b.example", "gone.example")
	elsewhere := zoneOf(t, "198.51.100.9", names...)
	want := map[string][]string{
		"right":     {"D001 stopped", "D002 stopped", "D003 stopped", "D004 stopped"},
		"faulty":    {"D001 too-narrow", "D002 too-wide", "D003 stopped", "D004 too-narrow"},
		"elsewhere": {"D001 other", "D002 other", "D003 stopped", "D004 other"},
		"none":      {"D001 not-stopped", "D002 not-stopped", "D003 not-stopped", "D004 undecidable"},
	}
	for _, p := range []resolverProgram{bind, unbound} {
		for kind, zone := range map[string][]byte{"right": right, "faulty": faulty, "elsewhere": elsewhere, "none": nil} {
			t.Run(p.name+", "+kind, func(t *testing.T) {
				t.Parallel()
				w, c := ordered(t, names...)
				w.Now, w.Roots = time.Now, own.Pool()
				at := p.start(t, up, zone, own)
				for _, transport := range []string{"udp", "tcp", "tls", "https"} {
					got, list := checked(t, w, c, ExecutionOptions{Resolvers: []string{at[transport]}, Control: up})
					if !slices.Equal(list, want[kind]) {
						t.Errorf("%s: %q, want %q: %+v", transport, list, want[kind], got.Names)
					}
					for _, r := range got.Resolvers {
						secure := strings.Contains(r.Resolver, "s://")
						if r.End != evidence.ResolverDone || r.Answered != r.Questions || (len(r.Certificates) == 1) != secure {
							t.Errorf("%s: %+v", transport, r)
						}
					}
				}
			})
		}
	}
}

// TestExecutionIsSealed: two checks are two exhibits; each holds every question and answer as they went over the wire, agrees with SCHEMA.md, and
// names whom it asked in the log before and after. The second knows the first.
func TestExecutionIsSealed(t *testing.T) {
	w, c := ordered(t, "bad.example+")
	up := outside(t, "bad.example", "*.bad.example")
	stops := leading(t, landingPage, "bad.example", "*.bad.example")
	first, list := checked(t, w, c, ExecutionOptions{Resolvers: []string{up}, Control: "tcp://" + up, Reason: "two days after"})
	if !slices.Equal(list, []string{"D001 not-stopped"}) || first.Exhibit != "W0001" || first.Previous != "" {
		t.Errorf("%q, %+v", list, first)
	}
	second, list := checked(t, w, c, ExecutionOptions{Resolvers: []string{stops, up}, Control: "tcp://" + up})
	if !slices.Equal(list, []string{"D001 stopped not-stopped"}) || second.Exhibit != "W0002" || second.Previous != "W0001" {
		t.Errorf("%q, %+v", list, second)
	}
	if at := second.Names[0].Resolvers; at[0].Before != "" || at[1].Before != evidence.NotStopped {
		t.Errorf("%+v", at)
	}
	got, err := w.Executions(t.Context(), c, "S01")
	if err != nil || len(got) != 2 || got[1].Exhibit != "W0002" || len(got[1].Names) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	x, err := w.Exhibit(c, "W0002")
	if err != nil || x.Kind != evidence.Execution || x.Source != nil || x.Verdict != "" {
		t.Errorf("%+v, %v", x, err)
	}
	e, err := c.Exhibit("W0002")
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for rows := bufio.NewScanner(bytes.NewReader(artifact(t, c, e, evidence.AnswersJSONL))); rows.Scan(); lines++ {
		var a evidence.ResolverAnswer
		query, reply := new(dns.Msg), new(dns.Msg)
		err := json.Unmarshal(rows.Bytes(), &a)
		if err = errors.Join(err, query.Unpack(a.Query), reply.Unpack(a.Wire)); err != nil || a.Number != lines+1 || query.Question[0] != reply.Question[0] {
			t.Errorf("line %d: %+v, %v", lines+1, a, err)
		}
	}
	if want := 3 * 3 * 4; lines != want { // resolvers, kinds of record, names
		t.Errorf("%d lines, want %d", lines, want)
	}
	begun, contacts := entries(t, c, custody.ExecutionCheck), entries(t, c, custody.NetworkContact)
	if len(begun) != 2 || len(contacts) != 2 || begun[0].Object != "S01" || begun[0].Reason != "two days after" || begun[0].Actor != custody.Person {
		t.Fatalf("%+v, %+v", begun, contacts)
	}
	d, began := contacts[1].Detail, fmt.Sprint(begun[1].Number)
	if d["dns "+stops+" "+stops] == "" || d["dns "+up+" "+up] == "" || d[casefile.DetailBegin] != began || e.Detail[casefile.DetailBegin] != began {
		t.Errorf("%+v; exhibit %+v", d, e.Detail)
	}
	asWritten(t, schematest.Read(t), c)
}

// TestExecutionAsksForHTTPS: who stops addresses alone, and still tells browsers by HTTPS records where the site is, has stopped nothing; every question is
// counted, asked and kept.
func TestExecutionAsksForHTTPS(t *testing.T) {
	server := func(stops bool, text string) string {
		return resolving(t, func(m *dns.Msg, q dns.Question) {
			to := "203.0.113.9"
			if stops {
				to = landingPage
			}
			switch {
			case !strings.HasSuffix(strings.ToLower(q.Name), "bad.example.") || strings.HasPrefix(q.Name, "yuzheng-check-"):
				m.Rcode = dns.RcodeNameError
			case q.Qtype == dns.TypeA:
				m.Answer = []dns.RR{record(q.Name + " 60 IN A " + to)}
			case q.Qtype == dns.TypeHTTPS && text != "":
				m.Answer = []dns.RR{record(q.Name + " 60 IN HTTPS " + text)}
			}
		})
	}
	const hint, alias = `1 . alpn="h2,h3" ipv4hint="203.0.113.9" ipv6hint="2001:db8::9"`, "0 cdn.example."
	w, c := ordered(t, "bad.example+")
	stopping := []string{server(true, hint), server(true, alias), server(true, ""), server(true, `1 . alpn="h3"`)}
	var total int
	got, err := w.CheckExecution(t.Context(), c, "S01", ExecutionOptions{Resolvers: stopping, Control: server(false, alias)}, func(_, all int) { total = all })
	if !errors.Is(err, ErrInPart) {
		t.Fatal(err)
	}
	for i, want := range []evidence.ExecutionVerdict{evidence.NotStopped, evidence.NotStopped, evidence.Stopped, evidence.Stopped} {
		if at := got.Names[0].Resolvers[i]; at.Verdict != want {
			t.Errorf("%d is %s, want %s: %+v", i, at.Verdict, want, at.Probes)
		}
	}
	if own := got.Names[0].Resolvers[1].Probes[0]; !slices.Equal(own.Leads, []string{"cdn.example"}) || len(own.Answers) != 6 {
		t.Errorf("%+v", own)
	}
	if r := got.Resolvers[0]; r.Questions != 3*4 || r.Asked != 3*4 || r.Answered != 3*4 || total != 5*3*4 {
		t.Errorf("%+v, %d in all", r, total)
	}
	e, err := c.Exhibit(got.Exhibit)
	if err != nil {
		t.Fatal(err)
	}
	kept := 0
	for line := range bytes.Lines(artifact(t, c, e, evidence.AnswersJSONL)) {
		var a evidence.ResolverAnswer
		reply := new(dns.Msg)
		if err := errors.Join(json.Unmarshal(line, &a), reply.Unpack(a.Wire)); err != nil {
			t.Fatal(err)
		}
		if a.Type == "HTTPS" && reply.Question[0].Qtype == dns.TypeHTTPS {
			kept++
		}
	}
	if kept != 5*4 {
		t.Errorf("%d answers for HTTPS", kept)
	}
	asWritten(t, schematest.Read(t), c)
}

// TestExecutionCutOff: what came until a check was ended is an exhibit, which says so; one that is ended before its beginning is nothing.
func TestExecutionCutOff(t *testing.T) {
	w, c := ordered(t, "bad.example+", "worse.example")
	ctx, cancel := context.WithCancel(t.Context())
	up := outside(t, "bad.example")
	got, err := w.CheckExecution(ctx, c, "S01", ExecutionOptions{Resolvers: []string{up}}, func(done, _ int) {
		if done == 2 {
			cancel()
		}
	})
	if r := got.Resolvers[0]; !errors.Is(err, ErrInPart) || got.Exhibit != "W0001" || !got.Interrupted || r.End != evidence.ResolverInterrupted || r.Asked < 2 {
		t.Errorf("%+v, %v", got, err)
	}
	if v := got.Names[1].Resolvers[0].Verdict; v != evidence.NoAnswer && v != evidence.Undecidable {
		t.Errorf("what was hardly asked is %s", v)
	}
	if _, err := w.CheckExecution(ctx, c, "S01", ExecutionOptions{Resolvers: []string{up}}, nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if list := entries(t, c, custody.ExecutionCheck); len(list) != 1 {
		t.Errorf("%d checks", len(list))
	}
	asWritten(t, schematest.Read(t), c)
}

// TestExecutionRefused: what cannot be asked is refused before anybody is, and the case has nothing of it.
func TestExecutionRefused(t *testing.T) {
	w, c := ordered(t, "bad.example")
	for code, o := range map[string]ExecutionOptions{
		"execution.resolver":  {Resolvers: []string{"dns.example"}},
		"execution.twice":     {Resolvers: []string{"127.0.0.1", "udp://127.0.0.1:53"}},
		"execution.resolvers": {Resolvers: make([]string, maxAskedResolvers+1)},
	} {
		_, err := w.CheckExecution(t.Context(), c, "S01", o, nil)
		if refused, ok := errors.AsType[*RefusedError](err); !ok || refused.Reasons[0].Code != code {
			t.Errorf("%s: %v", code, err)
		}
	}
	own := ExecutionOptions{Resolvers: []string{"127.0.0.1"}, Control: "127.0.0.1"}
	if _, err := w.CheckExecution(t.Context(), c, "S01", own, nil); err == nil {
		t.Error("a resolver is its own control")
	}
	if _, err := w.CheckExecution(t.Context(), c, "S02", ExecutionOptions{Resolvers: []string{"127.0.0.1"}}, nil); !errors.Is(err, casefile.ErrNotFound) {
		t.Error(err)
	}
	if _, err := w.Executions(t.Context(), c, "S02"); !errors.Is(err, casefile.ErrNotFound) {
		t.Error(err)
	}
	if list := entries(t, c, custody.ExecutionCheck); len(list) > 0 {
		t.Errorf("%d checks", len(list))
	}
}

// TestExecutionOfTheList: without any named the resolvers are those of the list, with its first control.
func TestExecutionOfTheList(t *testing.T) {
	w, c := ordered(t, "bad.example")
	k, err := w.newCheck(c, "S01", ExecutionOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if first := k.resolvers[0]; first.String() != "udp://101.101.101.101:53" || first.label == "" || len(k.control) != 1 || k.control[0].label == "" {
		t.Errorf("%+v, %+v", k.resolvers, k.control)
	}
	if s := k.order.Stopping; !s.NXDOMAIN || s.List == "" || !slices.Contains(s.Landing, netip.MustParseAddr(landingPage)) {
		t.Errorf("%+v", s)
	}
}

// TestExecutionWatch checks what is due, once each time, until the day on which the term ends; that not everything is stopped ends nothing.
func TestExecutionWatch(t *testing.T) {
	w, c, _, clock := bench(t, whole)
	w.Lists = dataOf(t)
	orderNames(t, w, c, "bad.example")
	up := outside(t, "bad.example")
	o := ExecutionOptions{Resolvers: []string{up}, Control: "tcp://" + up, Reason: "until the term ends"}
	made, err := w.AddWatch(t.Context(), c, Watch{Application: "S01", Check: &o, Every: time.Hour, Until: clock.now().Add(150 * time.Minute)})
	if err != nil || made.ID != "M001" {
		t.Fatalf("%+v, %v", made, err)
	}
	bad := ExecutionOptions{Resolvers: []string{"dns.example"}}
	if _, err := w.AddWatch(t.Context(), c, Watch{Application: "S01", Check: &bad, Every: time.Hour, Times: 1}); err == nil {
		t.Error("what cannot be asked is watched")
	}
	for range 12 {
		err := w.RunWatches(t.Context(), c, true, capture.NoProgress{}, func(got Watched) {
			if got.Execution == nil || got.Execution.Names[0].Resolvers[0].Verdict != evidence.NotStopped {
				t.Errorf("%+v", got)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		clock.turn(20 * time.Minute)
	}
	list, err := w.Watches(c)
	if err != nil || len(list) != 1 || len(list[0].Captures) != 3 || list[0].Ended != watchUntil {
		t.Errorf("%+v, %v", list, err)
	}
	if begun := entries(t, c, custody.ExecutionCheck); len(begun) != 3 || begun[2].Detail[detailJob] != "M001" {
		t.Errorf("%+v", begun)
	}
	asWritten(t, schematest.Read(t), c)
}

// TestManyTargets checks five hundred targets of both scopes at BIND with their zone and at BIND without it within a bounded time: every one is
// stopped at the one, as its scope says, and none at the other.
func TestManyTargets(t *testing.T) {
	own, err := loopback.NewAuthority(time.Now(), nil)
	if err != nil {
		t.Fatal(err)
	}
	const many = 500
	var names, all []string
	for i := range many {
		name := fmt.Sprintf("n%d.example", i)
		names, all = append(names, name+strings.Repeat("+", i%2)), append(all, name, "*."+name)
	}
	w, c := ordered(t, names...)
	w.Now = time.Now
	up := outside(t, all...)
	stops, without := bind.start(t, up, zoneOf(t, landingPage, names...), own), bind.start(t, up, nil, own)
	begun := time.Now()
	got, list := checked(t, w, c, ExecutionOptions{Resolvers: []string{stops["udp"], without["tcp"]}, Control: up})
	if len(list) != many || got.Counts()[evidence.Stopped] != many || got.Counts()[evidence.NotStopped] != many {
		t.Errorf("%v", got.Counts())
	}
	if spent := time.Since(begun); spent > time.Minute {
		t.Errorf("it took %v", spent)
	}
	e, err := c.Exhibit(got.Exhibit)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range e.Artifacts {
		t.Logf("%s: %d bytes", a.Name, a.Size)
	}
	t.Logf("%d targets, %d questions in %.1f s", many, got.Resolvers[0].Questions*3, time.Since(begun).Seconds())
}

// TestExecutionTravels: a packet that cites a check verifies, has its artifacts, and tells with it whom it asked.
func TestExecutionTravels(t *testing.T) {
	w, c, id := packetCase(t)
	up := outside(t, "nothing.example")
	got, err := w.CheckExecution(t.Context(), c, id, ExecutionOptions{Resolvers: []string{up}}, nil)
	if !errors.Is(err, ErrInPart) {
		t.Fatal(err)
	}
	a, err := w.Application(c, id)
	if err != nil {
		t.Fatal(err)
	}
	a.Facts += "\n裁定後仍可解析【證" + got.Exhibit + "】。"
	if err := w.SetApplication(t.Context(), c, a, "cites the check"); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "X01.zip")
	if _, err := w.BuildPacket(t.Context(), c, id, PacketOptions{File: file}); err != nil {
		t.Fatal(err)
	}
	begun := entries(t, c, custody.ExecutionCheck)[0]
	travels := map[custody.Action]int{}
	for rows := bufio.NewScanner(bytes.NewReader(packed(t, file, packet.EntriesPath))); rows.Scan(); {
		e, err := custody.ParseEntry(rows.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if e.Number == begun.Number || e.Detail[casefile.DetailBegin] == fmt.Sprint(begun.Number) {
			travels[e.Action]++
		}
	}
	if len(travels) != 3 || travels[custody.ExecutionCheck] != 1 || travels[custody.NetworkContact] != 1 || travels[custody.ExhibitAdmit] != 1 {
		t.Errorf("%v", travels)
	}
}
