package workbench

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"yuzheng/app/training/script"
	"yuzheng/assets"
	"yuzheng/capture"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/evidence"
)

const day = 24 * time.Hour

// gateTargets are the targets of the case.
var gateTargets = []NewTarget{
	{Name: cleanHost, Scope: application.Exact},
	{Name: soldHost, Scope: application.Subdomains, ScopeReason: "其下均為同一網站。"},
	{Name: deadHost, Scope: application.Exact},
	{Name: belowHost, Scope: application.Subdomains},
	{Name: "parent-invest.example", Scope: application.Exact},
	{Name: likeHost, Scope: application.Exact},
	{Name: sharedHost, Scope: application.Exact},
	{Name: oldShop, Scope: application.Exact},
	{Name: youngShop, Scope: application.Exact},
	{Name: agelessShop, Scope: application.Exact},
	{Name: onceHost, Scope: application.Subdomains, ScopeReason: "其下均為同一網站。"},
	{Name: "wordpress.com", Scope: application.Exact},
	{Name: "github.io", Scope: application.Exact},
	{Name: "amazonaws.com", Scope: application.Exact},
	{Name: "books.com.tw", Scope: application.Exact},
	{Name: "tax.gov.tw", Scope: application.Exact},
	{Name: "help.org.tw", Scope: application.Exact},
	{Name: "gmx.net", Scope: application.Exact},
}

// olderTarget rests on an imported file. Targets of before there were kinds of exhibits do; today AddTarget refuses them.
const olderTarget = "older-invest.example"

// firings name for each code of the gate a target that gets it, and how much later than its captures it is judged.
var firings = []struct {
	code, target string
	level        application.Level
	later        time.Duration
}{
	{"gate.suffix", "github.io", application.Hard, 0},
	{"gate.suffix", "amazonaws.com", application.Hard, 0}, // above a suffix that the captured host is below
	{"gate.suffix.ok", cleanHost, application.OK, 0},
	{"gate.platform", "wordpress.com", application.Hard, 0},
	{"gate.platform.customer", sharedHost, application.Soft, 0},
	{"gate.platform.ok", cleanHost, application.OK, 0},
	{"gate.popular", "books.com.tw", application.Soft, 0},
	{"gate.popular.ok", cleanHost, application.OK, 0},
	{"gate.official", "tax.gov.tw", application.Hard, 0},
	{"gate.official.manual", "help.org.tw", application.Soft, 0},
	{"gate.official.ok", cleanHost, application.OK, 0},
	{"gate.scope.unshown", olderTarget, application.Hard, 0},
	{"gate.scope.parent", "parent-invest.example", application.Hard, 0},
	{"gate.scope.reason", belowHost, application.Hard, 0},
	{"gate.scope.ok", cleanHost, application.OK, 0},
	{"gate.mail.free", "gmx.net", application.Hard, 0},
	{"gate.mail", soldHost, application.Soft, 0},
	{"gate.mail.unknown", belowHost, application.Info, 0}, // passed through, so nobody was asked
	{"gate.mail.unknown", deadHost, application.Info, 0},  // asked, and the name server failed
	{"gate.mail.ok", cleanHost, application.OK, 0},
	{"gate.hosts", soldHost, application.Soft, 0},
	{"gate.hosts.info", sharedHost, application.Info, 0},
	{"gate.hosts.ok", cleanHost, application.OK, 0},
	{"gate.owner", soldHost, application.Soft, 0},
	{"gate.owner", deadHost, application.Soft, 0},
	{"gate.owner.unknown", belowHost, application.Info, 0},
	{"gate.owner.ok", cleanHost, application.OK, 0},
	{"gate.owner.once", onceHost, application.Info, 0},
	{"gate.hacked", oldShop, application.Soft, 0},
	{"gate.hacked.age", agelessShop, application.Soft, 0},
	{"gate.hacked.young", youngShop, application.OK, 0},
	{"gate.hacked.unknown", onceHost, application.Info, 0},
	{"gate.hacked.ok", cleanHost, application.OK, 0},
	{"gate.fresh.apex", onceHost, application.Soft, 0},
	{"gate.fresh.none", deadHost, application.Hard, 0},
	{"gate.fresh.old", cleanHost, application.Hard, (application.FreshDays + 1) * day},
	{"gate.fresh.future", cleanHost, application.Hard, -day},
	{"gate.fresh.ok", cleanHost, application.OK, 0},
	{"gate.homograph", likeHost, application.Info, 0},
	{"gate.shared_ip", soldHost, application.Info, 0},
	{"gate.shared_ip.prescribed", cleanHost, application.Info, 0},
}

// inputs are what the sentence of a code must hold, so that each input of its rule is seen to arrive.
var inputs = map[string][]string{
	"gate.mail " + soldHost:                   {"mail." + soldHost},
	"gate.hosts " + soldHost:                  {"shop." + soldHost},
	"gate.hosts.info " + sharedHost:           {"shop." + sharedHost},
	"gate.owner " + soldHost:                  {"註冊日：2026-10-01 → 2026-11-02", "註冊商：甲註冊商 → 乙註冊商", "註冊人：甲公司 → 乙公司", "名稱伺服器：ns.a.example → ns.b.example"},
	"gate.owner " + deadHost:                  {"註冊日：2026-10-01 → 2026-11-02", "註冊商：甲註冊商 → 乙註冊商", "名稱伺服器：ns.a.example → ns.b.example"}, // WHOIS tells no registrant
	"gate.shared_ip " + soldHost:              {"127.0.0.1"},
	"gate.scope.parent parent-invest.example": {belowHost},
}

// quiet names the target on which a rule has nothing to say. A target whose address is known is told of it, so that it is the dead one there.
func quiet(rule string) string {
	if rule == "shared_ip" {
		return deadHost
	}
	return cleanHost
}

// TestGateFires captures pages with the real recorder and a registry that changes its mind, adds targets, and has the gate judge them: every
// rule of the closed list fires on one of them and is silent on another, every code of the gate comes of something that was captured, what stops
// a target keeps its application from becoming a packet, and the packet of the clean one is built.
func TestGateFires(t *testing.T) {
	g := newGateCase(t)
	results := map[time.Duration]map[string]application.GateResult{}
	said := map[string]bool{}
	fires := map[string]bool{}
	for _, f := range firings {
		if results[f.later] == nil {
			results[f.later] = g.judge(t, f.later)
		}
		list := results[f.later][f.target].Results
		i := slices.IndexFunc(list, func(r application.RuleResult) bool { return r.Code == f.code })
		if i < 0 || list[i].Level != f.level {
			t.Errorf("%s of %s: want %s, got %s", f.code, f.target, f.level, told(list))
			continue
		}
		for _, words := range inputs[f.code+" "+f.target] {
			if !strings.Contains(list[i].Text, words) {
				t.Errorf("%s of %s does not tell %s: %s", f.code, f.target, words, list[i].Text)
			}
		}
		said[f.code] = true
		if f.level != application.OK {
			fires[list[i].Rule] = true
		}
		if list[i].Stops() {
			g.refused(t, f.target, list[i], f.later)
		}
	}
	for _, rule := range application.Rules {
		if !fires[rule] {
			t.Errorf("rule %s never fires", rule)
		}
		for _, r := range results[0][quiet(rule)].Results {
			if r.Rule == rule && r.Level != application.OK {
				t.Errorf("rule %s fires on %s: %s", rule, quiet(rule), r.Text)
			}
		}
	}
	for _, code := range gateCodes(t) {
		if !said[code] {
			t.Errorf("nothing that was captured gets the code %s", code)
		}
	}
	g.packed(t)
}

// told is what a gate said, for a message.
func told(list []application.RuleResult) string {
	var b strings.Builder
	for _, r := range list {
		b.WriteString("\n\t" + string(r.Level) + " " + r.Code + " " + r.Text)
	}
	return b.String()
}

// gateCodes are the codes of the gate that have words; TestEveryCodeHasWords holds that these are all.
func gateCodes(t *testing.T) []string {
	t.Helper()
	data, err := fs.ReadFile(assets.Data, "data/findings.json")
	if err != nil {
		t.Fatal(err)
	}
	var list struct{ Texts map[string]any }
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	var codes []string
	for code := range list.Texts {
		if strings.HasPrefix(code, "gate.") {
			codes = append(codes, code)
		}
	}
	if len(codes) < len(application.Rules) {
		t.Fatalf("only %d codes", len(codes))
	}
	return codes
}

// gateCase is a case with the captures, files and targets of TestGateFires.
type gateCase struct {
	w     *Workbench
	c     *casefile.Case
	later time.Duration     // by how much the workbench's clock is ahead
	ids   map[string]string // of targets, by their names
}

func newGateCase(t *testing.T) *gateCase {
	t.Helper()
	browser := realBrowser(t)
	g := &gateCase{ids: map[string]string{}}
	part := func(f fs.FS, name string) fs.FS {
		sub, err := fs.Sub(f, name)
		if err != nil {
			t.Fatal(err)
		}
		return sub
	}
	g.w = New(Config{
		Browser: func() (Browser, error) { return browser, nil }, Now: func() time.Time { return time.Now().Add(g.later) },
		Papers: part(assets.Documents, "documents"), Lists: part(assets.Data, "data"), Viewer: part(assets.Viewer, "viewer"), Version: "test",
	})
	t.Cleanup(func() { _ = g.w.Close() })
	c, err := casefile.Open(t.Context(), newCase(t, g.w), casefile.Passphrase("x"), casefile.OpenOptions{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	g.c = c
	g.capture(t)
	g.name(t)
	return g
}

// capture takes the chain, the clean site again, the sold one before and after, and the dead one.
func (g *gateCase) capture(t *testing.T) {
	t.Helper()
	s := newGateSite(t)
	first := registered{day: "2026-10-01", registrar: "甲註冊商", registrant: "甲公司", server: "ns.a.example"}
	second := registered{day: "2026-11-02", registrar: "乙註冊商", registrant: "乙公司", server: "ns.b.example"}
	clean, sold, dead := s.ask(true, "https://"+cleanHost+"/"), s.ask(false, "https://"+soldHost+":"+s.port()+"/"), s.ask(true, "https://"+deadHost+"/")
	first.mail = "0 ."
	s.tell(cleanHost, first)
	g.take(t, s.ask(true, "https://"+chain[0]+"/"), evidence.Complete)
	g.take(t, clean, evidence.Complete)
	clean.View = evidence.Mobile
	g.take(t, clean, evidence.Complete)
	g.faces(t, s)
	for _, h := range []registered{first, second} {
		h.mail = "10 mail." + soldHost + "."
		s.tell(soldHost, h)
		h.mail, h.mailCode, h.whois = "", dns.RcodeServerFailure, true
		s.tell(deadHost, h)
		g.take(t, sold, evidence.Complete)
		g.take(t, dead, evidence.Unreachable)
	}
}

// faces takes the names that show phones another page, as two visitors, and one that is seen once.
func (g *gateCase) faces(t *testing.T, s *gateSite) {
	t.Helper()
	made := registered{registrar: "甲註冊商", registrant: "甲公司", server: "ns.a.example", mail: "0 ."}
	for name, day := range map[string]time.Time{oldShop: time.Now().AddDate(-6, 0, 0), youngShop: time.Now().AddDate(0, -1, 0), onceHost: time.Now().AddDate(0, -1, 0)} {
		made.day = day.Format(time.DateOnly)
		s.tell(name, made)
	}
	for _, name := range twoFaced {
		for _, view := range []evidence.Persona{evidence.Desktop, evidence.Mobile} {
			r := s.ask(true, "https://"+name+"/")
			r.View = view
			g.take(t, r, evidence.Complete)
		}
	}
	g.take(t, s.ask(true, "https://www."+onceHost+"/"), evidence.Complete)
}

func (g *gateCase) take(t *testing.T, r evidence.Request, want evidence.Verdict) {
	t.Helper()
	var part *PartError
	err := g.w.Capture(t.Context(), g.c, []evidence.Request{r}, capture.NoProgress{}, func(got Captured) {
		if got.Verdict != want {
			t.Errorf("%s is %s: %q %v", got.URL, got.Verdict, got.Warnings, got.Missing)
		}
	})
	if err != nil && !errors.As(err, &part) {
		t.Fatal(err)
	}
}

// name adds the targets, and one as a program of before there were kinds of exhibits did.
func (g *gateCase) name(t *testing.T) {
	t.Helper()
	for _, n := range gateTargets {
		got, err := g.w.AddTarget(t.Context(), g.c, n)
		if err != nil {
			t.Fatal(err)
		}
		g.ids[n.Name] = got.ID
	}
	file, err := g.w.AddFile(t.Context(), g.c, NewFile{MediaType: "text/html", Source: Source{File: "page.html"}}, strings.NewReader("<a href=https://"+olderTarget+">"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.w.AddTarget(t.Context(), g.c, NewTarget{Name: olderTarget, Scope: application.Exact}); err == nil {
		t.Error("a file made a target")
	}
	older, err := g.c.Put(t.Context(), kindTarget, "", application.Target{
		Name: olderTarget, Unicode: olderTarget, Registrable: olderTarget, Scope: application.Exact, Exhibits: []string{file.Exhibit},
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	g.ids[olderTarget] = older.ID
}

// judge has the gate judge every target at a time, and gives the results by the targets' names.
func (g *gateCase) judge(t *testing.T, later time.Duration) map[string]application.GateResult {
	t.Helper()
	g.later = later
	defer func() { g.later = 0 }()
	list, err := g.w.Gate(t.Context(), g.c)
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]application.GateResult{}
	for name, id := range g.ids {
		i := slices.IndexFunc(list, func(r application.GateResult) bool { return r.Target == id })
		byName[name] = list[i]
	}
	return byName
}

// apply begins an application for one target, in which nothing else is amiss.
func (g *gateCase) apply(t *testing.T, target string) string {
	t.Helper()
	training, err := script.Read(g.w.Lists)
	if err != nil {
		t.Fatal(err)
	}
	a := training.Application
	a.Targets = []string{g.ids[target]}
	a.Facts = "真實姓名年籍不詳之人架設網站，佯稱保證獲利【證W0001】。"
	a.Reasons.Suspicion, a.Reasons.Relation = "網頁佯稱保證獲利【證W0001】。", "附表一之網域名稱即為施用詐術之網站之名稱【證W0001】。"
	a, err = g.w.NewApplication(t.Context(), g.c, a)
	if err != nil {
		t.Fatal(err)
	}
	return a.ID
}

// refused asks for the packet of an application for the target: it is refused for this result, beside others of the gate and nothing else.
func (g *gateCase) refused(t *testing.T, target string, result application.RuleResult, later time.Duration) {
	t.Helper()
	id := g.apply(t, target)
	g.later = later
	defer func() { g.later = 0 }()
	var refused *RefusedError
	if _, err := g.w.BuildPacket(t.Context(), g.c, id, PacketOptions{Dir: t.TempDir()}); !errors.As(err, &refused) {
		t.Errorf("the packet for %s, which %s stops: %v", target, result.Code, err)
		return
	}
	code := map[application.Level]string{application.Hard: "lint.gate.hard", application.Soft: "lint.gate.soft"}[result.Level]
	if !slices.ContainsFunc(refused.Reasons, func(r Reason) bool { return r.Code == code && strings.Contains(r.Text, result.Text) }) {
		t.Errorf("the packet for %s is not refused for %s: %+v", target, result.Code, refused.Reasons)
	}
	if i := slices.IndexFunc(refused.Reasons, func(r Reason) bool { return !strings.HasPrefix(r.Code, "lint.gate.") }); i >= 0 {
		t.Errorf("something else is amiss: %+v", refused.Reasons[i])
	}
}

// packed builds the packet of the clean target.
func (g *gateCase) packed(t *testing.T) {
	t.Helper()
	if _, err := g.w.BuildPacket(context.WithoutCancel(t.Context()), g.c, g.apply(t, cleanHost), PacketOptions{Dir: t.TempDir()}); err != nil {
		var refused *RefusedError
		errors.As(err, &refused)
		t.Errorf("%v %+v", err, refused)
	}
}
