package application

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mtibben/confusables"

	"yuzheng/casefile/rpz"
)

// Level says what a result of the gate means for its target.
type Level string

// The levels. A hard result refuses the target and nobody can override it; a soft one needs a second person and a reason.
const (
	Hard Level = "hard"
	Soft Level = "soft"
	OK   Level = "ok"
	Info Level = "info"
)

// FreshDays is how old the last complete capture of a target may be.
const FreshDays = 7

// GateInput is one target and what is known of it.
type GateInput struct {
	Target    Target
	Exhibits  []Exhibit // of the case; those that show the target count
	Lists     *Lists
	Overrides []Override
	Now       time.Time
}

// Override lets a soft result pass. It holds for one name: a target that is changed needs a new one.
type Override struct {
	Target string    `json:"target"`
	Name   string    `json:"name"`
	Rule   string    `json:"rule"`
	Reason string    `json:"reason"`
	Person string    `json:"person"` // the second person
	Time   time.Time `json:"time"`
}

// GateResult is what the gate says of a target; every rule has at least one result, in the order of the rules.
type GateResult struct {
	Target  string       `json:"target"`
	Name    string       `json:"name"`
	Scope   Scope        `json:"scope"`
	Time    time.Time    `json:"time"`
	Results []RuleResult `json:"results"`
}

// RuleResult is what one rule says.
type RuleResult struct {
	Rule     string            `json:"rule"`
	Level    Level             `json:"level"`
	Code     string            `json:"code"`
	Text     string            `json:"text"` // zh-TW
	TextEN   string            `json:"text_en"`
	Data     map[string]string `json:"data,omitempty"`
	Override *Override         `json:"override,omitempty"`
}

// Stops reports whether the result keeps its target off every list as things stand.
func (r RuleResult) Stops() bool { return r.Level == Hard || r.Level == Soft && r.Override == nil }

// Passed reports whether nothing stops the target.
func (g GateResult) Passed() bool { return !slices.ContainsFunc(g.Results, RuleResult.Stops) }

// Stops lists the results that stop the target.
func (g GateResult) Stops() []RuleResult {
	var list []RuleResult
	for _, r := range g.Results {
		if r.Stops() {
			list = append(list, r)
		}
	}
	return list
}

// Rules names the rules of the gate in their order. The last one of the design, that the list on the letter is the list
// in the file, is held where the papers are made.
var Rules = []string{"suffix", "platform", "popular", "official", "scope", "mail", "hosts", "owner", "fresh", "homograph", "shared_ip"}

// Gate judges one target by every rule.
func Gate(in GateInput) GateResult {
	g := &gate{GateInput: in, result: GateResult{Target: in.Target.ID, Name: in.Target.Name, Scope: in.Target.Scope, Time: in.Now.UTC()}}
	for _, e := range in.Exhibits {
		if e.shows(in.Target.Name) {
			g.shown = append(g.shown, e)
		}
	}
	slices.SortStableFunc(g.shown, func(a, b Exhibit) int { return a.Started.Compare(b.Started) })
	judges := map[string]func(){
		"suffix": g.suffix, "platform": g.platform, "popular": g.popular, "official": g.official, "scope": g.scope,
		"mail": g.mail, "hosts": g.hosts, "owner": g.owner, "fresh": g.fresh, "homograph": g.homograph, "shared_ip": g.sharedIP,
	}
	for _, rule := range Rules {
		g.rule = rule
		judges[rule]()
	}
	return g.result
}

// gate is one run.
type gate struct {
	GateInput
	shown  []Exhibit // that show the target, oldest first
	rule   string
	result GateResult
}

// say adds a result; pairs are names and values for its sentence.
func (g *gate) say(level Level, code string, pairs ...string) {
	data := map[string]string{"name": g.Target.Name}
	for i := 0; i+1 < len(pairs); i += 2 {
		data[pairs[i]] = pairs[i+1]
	}
	r := RuleResult{Rule: g.rule, Level: level, Code: code, Data: data}
	r.Text, r.TextEN = g.Lists.text(code, data)
	if level == Soft {
		r.Override = g.override()
	}
	g.result.Results = append(g.result.Results, r)
}

// override finds the last one that was given for this rule and this very name.
func (g *gate) override() *Override {
	for _, o := range slices.Backward(g.Overrides) {
		named := o.Target == g.Target.ID && o.Name == g.Target.Name && o.Rule == g.rule
		if named && strings.TrimSpace(o.Reason) != "" && strings.TrimSpace(o.Person) != "" {
			return &o
		}
	}
	return nil
}

func (g *gate) suffix() {
	section, is := suffix(g.Target.Name)
	if !is {
		var below string
		if below, is = aboveSuffix(g.Target.Name, g.captured()); is {
			section = "PRIVATE: " + below
		}
	}
	if is {
		g.say(Hard, "gate.suffix", "section", section)
		return
	}
	g.say(OK, "gate.suffix.ok", "version", g.Lists.Suffixes.Version)
}

// customers are the groups whose platforms give each user a sub-domain of his own.
var customers = []string{"hosting", "builder"}

func (g *gate) platform() {
	for _, group := range g.Lists.Platforms.Groups {
		listed, at := match(group.Names, g.Target.Name)
		switch {
		case at == nowhere:
			continue
		case at == below && slices.Contains(customers, group.ID):
			g.say(Soft, "gate.platform.customer", "group", group.Label, "listed", listed)
		default:
			g.say(Hard, "gate.platform", "group", group.Label, "listed", listed)
		}
		return
	}
	g.say(OK, "gate.platform.ok", "version", g.Lists.Platforms.Version)
}

func (g *gate) popular() {
	if listed, at := match(g.Lists.Popular.Names, g.Target.Name); at != nowhere {
		g.say(Soft, "gate.popular", "listed", listed)
		return
	}
	g.say(OK, "gate.popular.ok", "version", g.Lists.Popular.Version)
}

func (g *gate) official() {
	for _, group := range g.Lists.Official.Groups {
		if listed, at := match(group.Names, g.Target.Name); at != nowhere {
			g.say(Hard, "gate.official", "group", group.Label, "group_en", group.LabelEN, "listed", listed)
			return
		}
	}
	if listed, at := match(g.Lists.Official.Manual, g.Target.Name); at != nowhere {
		g.say(Soft, "gate.official.manual", "listed", listed)
		return
	}
	g.say(OK, "gate.official.ok", "version", g.Lists.Official.Version)
}

func (g *gate) scope() {
	hosts := strings.Join(g.captured(), "、")
	reason := strings.TrimSpace(g.Target.ScopeReason) != ""
	switch {
	case len(g.shown) == 0:
		g.say(Hard, "gate.scope.unshown")
	case !reason && !slices.Contains(g.captured(), g.Target.Name):
		g.say(Hard, "gate.scope.parent", "hosts", hosts)
	case !reason && g.Target.Scope == Subdomains:
		g.say(Hard, "gate.scope.reason", "hosts", hosts)
	default:
		scope := scopeWords[g.Target.Scope]
		g.say(OK, "gate.scope.ok", "hosts", hosts, "scope", scope[0], "scope_en", scope[1])
	}
}

var scopeWords = map[Scope][2]string{Exact: {"僅本名", "exact name"}, Subdomains: {"含子網域", "name and sub-domains"}}

// captured lists the hosts that exhibits show at or below the target.
func (g *gate) captured() []string {
	var list []string
	for _, e := range g.shown {
		for _, h := range e.hosts() {
			if n, err := rpz.Normalize(h); err == nil && under(n, g.Target.Name) {
				list = append(list, n)
			}
		}
	}
	return distinct(list)
}

func (g *gate) mail() {
	if listed, at := match(g.Lists.FreeMail.Names, g.Target.Name); at == itself || at == above {
		g.say(Hard, "gate.mail.free", "listed", listed)
		return
	}
	asked, found := false, []string(nil)
	for _, e := range g.shown {
		for host, servers := range e.Facts.MX {
			// Null MX (RFC 7505) says that the name takes no mail.
			if under(host, g.Target.Name) {
				asked, found = true, append(found, slices.DeleteFunc(slices.Clone(servers), nullMX)...)
			}
		}
	}
	switch {
	case len(found) > 0:
		g.say(Soft, "gate.mail", "mx", strings.Join(distinct(found), "、"))
	case !asked:
		g.say(Info, "gate.mail.unknown")
	default:
		g.say(OK, "gate.mail.ok")
	}
}

func nullMX(server string) bool { return strings.Trim(server, ". ") == "" }

func (g *gate) hosts() {
	captured := g.captured()
	var others []string
	for _, e := range g.shown {
		for _, n := range e.Facts.Names {
			n = strings.TrimPrefix(strings.ToLower(n), "*.")
			if n != g.Target.Name && under(n, g.Target.Name) && !slices.Contains(captured, n) {
				others = append(others, n)
			}
		}
	}
	others = distinct(others)
	switch {
	case len(others) == 0:
		g.say(OK, "gate.hosts.ok")
	case g.Target.Scope == Subdomains:
		g.say(Soft, "gate.hosts", "hosts", strings.Join(others, "、"))
	default:
		g.say(Info, "gate.hosts.info", "hosts", strings.Join(others, "、"))
	}
}

// owner compares the registration in the first and the last exhibit that have one.
func (g *gate) owner() {
	var known []Facts
	for _, e := range g.shown {
		f := e.Facts
		if f.Domain == g.Target.Registrable && (f.Registrar != "" || !f.Registered.IsZero()) {
			known = append(known, f)
		}
	}
	if len(known) == 0 {
		g.say(Info, "gate.owner.unknown")
		return
	}
	first, last := known[0], known[len(known)-1]
	var changes []string
	differ := func(label, a, b string) {
		if a != b {
			changes = append(changes, label+"："+cmp.Or(a, "—")+" → "+cmp.Or(b, "—"))
		}
	}
	differ("註冊日", date(first.Registered), date(last.Registered))
	differ("註冊商", first.Registrar, last.Registrar)
	differ("註冊人", first.Registrant, last.Registrant)
	differ("名稱伺服器", strings.Join(distinct(first.NameServers), "、"), strings.Join(distinct(last.NameServers), "、"))
	if len(changes) > 0 {
		g.say(Soft, "gate.owner", "changes", strings.Join(changes, "；"))
		return
	}
	g.say(OK, "gate.owner.ok")
}

func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

func (g *gate) fresh() {
	limit := strconv.Itoa(FreshDays)
	for _, e := range slices.Backward(g.shown) {
		if e.Verdict != complete {
			continue
		}
		age := g.Now.Sub(e.Started)
		switch {
		case age < -time.Hour:
			g.say(Hard, "gate.fresh.future", "exhibit", e.ID)
		case age > FreshDays*24*time.Hour:
			g.say(Hard, "gate.fresh.old", "exhibit", e.ID, "days", strconv.Itoa(int(age.Hours()/24)), "limit", limit)
		default:
			g.say(OK, "gate.fresh.ok", "exhibit", e.ID, "limit", limit)
		}
		return
	}
	g.say(Hard, "gate.fresh.none")
}

// homograph looks at names that have another form than their A-label only.
func (g *gate) homograph() {
	if g.Target.Unicode == g.Target.Name {
		return
	}
	if skeleton := confusables.Skeleton(g.Target.Unicode); skeleton != g.Target.Unicode {
		g.say(Info, "gate.homograph", "unicode", g.Target.Unicode, "skeleton", skeleton)
	}
}

func (g *gate) sharedIP() {
	if len(g.Target.Addresses) > 0 {
		g.say(Info, "gate.shared_ip", "addresses", strings.Join(g.Target.Addresses, "、"))
	}
}

func distinct(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}
