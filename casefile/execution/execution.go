// Package execution judges whether resolvers carry out an order to stop names: which names to ask them for, and what their answers say.
//
// It is pure: answers come in as values. Beside each target stand names that tell an order that is carried out too narrowly or too widely.
package execution

import (
	"net/netip"
	"slices"
	"strings"

	"yuzheng/casefile/evidence"
	"yuzheng/casefile/rpz"
)

// Target is one name that was ordered to be stopped.
type Target struct {
	ID          string // D001
	Name        string // A-label
	Registrable string
	Subdomains  bool         // every name below it too
	Known       []netip.Addr // its addresses, as exhibits show them
}

// Order is what was ordered, and how a name looks that is stopped.
type Order struct {
	Targets  []Target
	Stopping evidence.Stopping
}

// Label is the name below a target that is asked for. Nobody has made it: what is said of it is said of every name there.
const Label = "yuzheng-check"

// Question is one that is to be put to every resolver.
type Question struct{ Name, Type string }

// types are asked of every name: who stops one kind of address alone has stopped nothing, and browsers go where HTTPS records send them.
var types = []string{"A", "AAAA", service}

// Questions lists what is to be asked, each once: first of the targets themselves, so that a check which is cut off has asked for them.
func (o Order) Questions() []Question {
	var list []Question
	seen := map[string]bool{}
	add := func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		for _, t := range types {
			list = append(list, Question{name, t})
		}
	}
	for _, t := range o.Targets {
		add(t.Name)
	}
	for _, t := range o.Targets {
		for _, p := range o.probes(t) {
			add(p.Name)
		}
	}
	return list
}

// probes are the names that are asked for the sake of a target, itself first.
func (o Order) probes(t Target) []evidence.Probe {
	var list []evidence.Probe
	add := func(role evidence.ProbeRole, name string) {
		if n, err := rpz.Normalize(name); err == nil && n == name {
			list = append(list, evidence.Probe{Role: role, Name: name, Stop: o.stops(name)})
		}
	}
	list = append(list, evidence.Probe{Role: evidence.ProbeName, Name: t.Name, Stop: true})
	add(evidence.ProbeBelow, Label+"."+t.Name)
	add(evidence.ProbeWWW, "www."+t.Name)
	first, above, _ := strings.Cut(t.Name, ".")
	if t.Name != t.Registrable {
		add(evidence.ProbeAbove, above)
	}
	if above != "" {
		add(evidence.ProbeBeside, Label+"-"+end(first)+"."+above)
	}
	return list
}

// end is as much of a label's end as has room behind Label in another one (63 octets, RFC 1035, 2.3.4).
func end(label string) string {
	const room = 63 - len(Label) - len("-")
	return label[max(0, len(label)-room):]
}

// stops reports whether the order stops a name.
func (o Order) stops(name string) bool {
	return slices.ContainsFunc(o.Targets, func(t Target) bool {
		return t.Name == name || t.Subdomains && strings.HasSuffix(name, "."+t.Name)
	})
}
