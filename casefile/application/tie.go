package application

import (
	"cmp"
	"slices"
	"strings"

	"yuzheng/casefile/evidence"
	"yuzheng/casefile/rpz"
)

// TieKind says what two names have in common: one of the five below, or the kind of an identifier that the pages of both show.
type TieKind string

// The ties that are no identifiers.
const (
	TieVisit  TieKind = "visit"            // one visit came to both
	TieNamed  TieKind = "certificate_name" // the certificate of one names the other
	TieKey    TieKind = "key"              // both prove themselves by the same key
	TieSource TieKind = "source"           // both pages came as the same bytes
	TieIcon   TieKind = "icon"             // both show the same icon, byte for byte
)

// TieKinds lists every tie, the strongest first. Handles and addresses, of which pages are full, tie nothing.
var TieKinds = []TieKind{
	TieVisit, TieKey, TieNamed,
	TieKind(evidence.IdentifierAccount), TieKind(evidence.IdentifierBitcoin), TieKind(evidence.IdentifierEthereum), TieKind(evidence.IdentifierTron),
	TieKind(evidence.IdentifierLine), TieKind(evidence.IdentifierLineLink), TieKind(evidence.IdentifierTelegram), TieKind(evidence.IdentifierWhatsApp),
	TieKind(evidence.IdentifierPhone), TieKind(evidence.IdentifierEmail), TieSource, TieIcon,
}

// Sign is what a capture shows and another may show too: of the kind TieNamed a name, of others the value that must be the same.
type Sign struct {
	Kind  TieKind
	Value string
}

// Signs are the signs of captures, by the numbers of the exhibits.
type Signs map[string][]Sign

// Tie is a lead from a target to another name, and never a finding: who shares a server, a template or an operator of chats shares signs too.
type Tie struct {
	Kind     TieKind  `json:"kind"`
	Value    string   `json:"value,omitempty"`
	Target   string   `json:"target"`   // D001
	Exhibits []string `json:"exhibits"` // that show it
	Text     string   `json:"text"`
	TextEN   string   `json:"text_en"`
}

// Proposal is a name that is no target, and what ties it to targets.
type Proposal struct {
	Name     string   `json:"name"` // A-label
	Unicode  string   `json:"unicode"`
	Exhibits []string `json:"exhibits"` // captures of it; none: it is to be captured before it can be a target
	Ties     []Tie    `json:"ties"`
}

// ties holds what is read once for many questions.
type ties struct {
	lists   *Lists
	targets []Target
	signs   Signs
	hosts   map[string][]string // by exhibit, in the form of lists
	pages   map[string]string   // by exhibit, the one of its hosts at which the visit ended
	shows   map[string][]string // exhibits by host
	bearing map[Sign][]string   // exhibits by sign
	holding map[Sign][]holding  // once somebody has asked
	order   []string            // of exhibits
}

func (l *Lists) ties(targets []Target, exhibits []Exhibit, signs Signs) *ties {
	t := &ties{lists: l, targets: targets, signs: Signs{}, hosts: map[string][]string{}, pages: map[string]string{}, shows: map[string][]string{}, bearing: map[Sign][]string{}, holding: map[Sign][]holding{}}
	for _, e := range exhibits {
		t.order = append(t.order, e.ID)
		for _, h := range e.hosts() {
			if name, err := rpz.Normalize(h); err == nil {
				t.hosts[e.ID] = append(t.hosts[e.ID], name)
				t.shows[name] = append(t.shows[name], e.ID)
			}
		}
		if name, err := rpz.Normalize(e.lastHost()); err == nil {
			t.pages[e.ID] = name
		}
		own := signs[e.ID]
		if hash := e.source(); hash != "" {
			own = append(slices.Clone(own), Sign{TieSource, hash})
		}
		t.signs[e.ID] = own
		for _, s := range own {
			t.bearing[s] = append(t.bearing[s], e.ID)
		}
	}
	return t
}

// nameUnder reports whether host is name or below it, both in the form of lists.
func nameUnder(host, name string) bool { return host == name || strings.HasSuffix(host, "."+name) }

// shown reports whether an exhibit shows a target.
func (t *ties) shown(exhibit string, target Target) bool {
	return slices.ContainsFunc(t.hosts[exhibit], func(h string) bool { return nameUnder(h, target.Name) })
}

// of lists what ties a name to targets. The page of a name is where a visit to it ends: what a visit passes through has no signs of its own.
func (t *ties) of(name string) (list []Tie) {
	add := func(kind TieKind, value string, target Target, exhibits ...string) {
		if slices.ContainsFunc(list, func(x Tie) bool { return x.Kind == kind && x.Value == value && x.Target == target.ID }) {
			return
		}
		zh, en := t.lists.text("tie."+string(kind), map[string]string{"name": name, "target": target.Name, "value": unmarked(value)})
		list = append(list, Tie{kind, value, target.ID, exhibits, zh, en})
	}
	for _, target := range t.targets {
		if nameUnder(name, target.Name) {
			continue
		}
		for _, own := range t.shows[name] {
			if t.shown(own, target) {
				add(TieVisit, "", target, own)
			}
			for _, s := range t.signs[own] {
				if s.Kind == TieNamed && nameUnder(s.Value, target.Name) && t.page(own) == name {
					add(TieNamed, "", target, own)
				}
			}
		}
		for _, theirs := range t.order {
			if t.shown(theirs, target) && slices.Contains(t.signs[theirs], Sign{TieNamed, name}) {
				add(TieNamed, "", target, theirs)
			}
		}
	}
	for _, own := range t.shows[name] {
		if t.page(own) != name {
			continue
		}
		for _, s := range t.signs[own] {
			if s.Kind == TieNamed {
				continue
			}
			for _, h := range t.held(s) {
				if !nameUnder(name, h.target.Name) {
					add(s.Kind, s.Value, h.target, h.exhibit, own)
				}
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Tie) int {
		return cmp.Or(slices.Index(TieKinds, a.Kind)-slices.Index(TieKinds, b.Kind), cmp.Compare(a.Target, b.Target), cmp.Compare(a.Value, b.Value))
	})
	return list
}

// minSource is how many bytes a page has that says something of who wrote it; what is shorter is a frame or a line of a server.
const minSource = 512

// source is the SHA-256 of the bytes that the page of a whole capture came as; "" where they say nothing.
func (e Exhibit) source() string {
	for _, a := range e.Artifacts {
		if a.Name == evidence.SourceHTML && a.Size >= minSource && e.Captured() && e.Verdict == complete {
			return a.SHA256
		}
	}
	return ""
}

// holding is a target, and the first exhibit of a page of it that shows a sign.
type holding struct {
	target  Target
	exhibit string
}

// held lists the targets whose pages show a sign.
func (t *ties) held(s Sign) []holding {
	list, known := t.holding[s]
	if known {
		return list
	}
	for _, target := range t.targets {
		of := func(exhibit string) bool { return nameUnder(t.pages[exhibit], target.Name) }
		if i := slices.IndexFunc(t.bearing[s], of); i >= 0 {
			list = append(list, holding{target, t.bearing[s][i]})
		}
	}
	t.holding[s] = list
	return list
}

// page is the host at which a visit ended.
func (t *ties) page(exhibit string) string { return t.pages[exhibit] }

// Propose lists the names that are tied to targets and are none themselves, those with the most ties first. What is official, popular or a platform of
// others is not proposed: pages lead there to look honest.
func (l *Lists) Propose(targets []Target, exhibits []Exhibit, signs Signs) []Proposal {
	t := l.ties(targets, exhibits, signs)
	seen := map[string]bool{}
	list := []Proposal{}
	propose := func(name string) {
		if seen[name] || l.others(name) || slices.ContainsFunc(targets, func(x Target) bool { return nameUnder(name, x.Name) }) {
			return
		}
		seen[name] = true
		if found := t.of(name); len(found) > 0 {
			list = append(list, Proposal{name, rpz.Unicode(name), append([]string{}, t.shows[name]...), found})
		}
	}
	for _, id := range t.order {
		for _, name := range t.hosts[id] {
			propose(name)
		}
		for _, s := range t.signs[id] {
			if s.Kind == TieNamed {
				propose(s.Value)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Proposal) int { return cmp.Or(len(b.Ties)-len(a.Ties), cmp.Compare(a.Name, b.Name)) })
	return list
}

// others reports whether a name is one of those that the gate knows as somebody else's. Under a suffix that a person judges anybody may sit.
func (l *Lists) others(name string) bool {
	groups := [][]string{l.Popular.Names, l.FreeMail.Names}
	for _, g := range l.Official.Groups {
		groups = append(groups, g.Names)
	}
	for _, g := range l.Platforms.Groups {
		if !slices.Contains(customers, g.ID) {
			groups = append(groups, g.Names)
		}
	}
	if _, is := suffix(name); is {
		return true
	}
	return slices.ContainsFunc(groups, func(names []string) bool {
		_, at := match(names, name)
		return at != nowhere
	})
}
