package application

import (
	"slices"
	"strings"
	"time"
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
	Word             // that person's key
}

// GateResult is what the gate says of a target, in the order of the rules. Every rule has at least one result, but for the two that only ever
// tell something, homograph and shared_ip, which are silent where there is nothing to tell.
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
var Rules = []string{"suffix", "platform", "popular", "official", "scope", "mail", "hosts", "owner", "hacked", "fresh", "homograph", "shared_ip"}

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
		"mail": g.mail, "hosts": g.hosts, "owner": g.owner, "hacked": g.hacked, "fresh": g.fresh, "homograph": g.homograph, "shared_ip": g.sharedIP,
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
