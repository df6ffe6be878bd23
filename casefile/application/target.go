package application

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"yuzheng/casefile/rpz"
)

// Scope says how much of a name is meant.
type Scope string

// The scopes.
const (
	Exact      Scope = "exact"      // the name alone
	Subdomains Scope = "subdomains" // the name and every name below it
)

// Target is one domain name to be seized.
type Target struct {
	ID          string    `json:"id"`          // D001
	Name        string    `json:"name"`        // A-label
	Unicode     string    `json:"unicode"`     // the same, as people read it
	Registrable string    `json:"registrable"` // eTLD+1
	Scope       Scope     `json:"scope"`
	ScopeReason string    `json:"scope_reason,omitempty"`
	Exhibits    []string  `json:"exhibits"`
	FirstSeen   time.Time `json:"first_seen"`
	LastSeen    time.Time `json:"last_seen"`
	Addresses   []string  `json:"addresses"`
	Registrar   string    `json:"registrar"`
	Registered  time.Time `json:"registered,omitzero"`
	SiteKind    string    `json:"site_kind"`
	Victims     int       `json:"victims"`
	Amount      int64     `json:"amount"` // new Taiwan dollars
	Note        string    `json:"note"`
	Dropped     bool      `json:"dropped,omitempty"` // it was none after all; its number is not given again
}

// rule is the target as a line of a list.
func (t Target) rule() rpz.Rule { return rpz.Rule{Name: t.Name, Subdomains: t.Scope == Subdomains} }

// NotShownError says that no exhibit shows a name. A list grows out of captured evidence and out of nothing else.
type NotShownError struct{ Name string }

func (e *NotShownError) Error() string { return fmt.Sprintf("no exhibit shows %s", e.Name) }

// NewTarget makes a target of a domain name or an address of a page, with what the exhibits say about it. The name must
// be a host that an exhibit shows, or stand above one; the gate wants a reason for the latter. Errors are
// *rpz.NameError and *NotShownError.
func NewTarget(id, input string, scope Scope, exhibits []Exhibit) (Target, error) {
	name, err := rpz.Normalize(hostOf(input))
	if err != nil {
		return Target{}, err
	}
	if scope != Exact && scope != Subdomains {
		return Target{}, fmt.Errorf("scope %q of target %s is unknown", scope, name)
	}
	t := Target{ID: id, Name: name, Unicode: rpz.Unicode(name), Scope: scope, Registrable: name}
	if r, err := publicsuffix.EffectiveTLDPlusOne(name); err == nil {
		t.Registrable = r
	}
	for _, e := range exhibits {
		if e.shows(name) {
			t.observe(e)
		}
	}
	if len(t.Exhibits) == 0 {
		return Target{}, &NotShownError{name}
	}
	return t, nil
}

// hostOf takes the host out of an address; anything else is left for rpz.Normalize to judge.
func hostOf(input string) string {
	input = strings.TrimSpace(input)
	if !strings.Contains(input, "://") {
		return input
	}
	u, err := url.Parse(input)
	if err != nil {
		return input
	}
	return u.Hostname()
}

// shows reports whether a host of the exhibit is the name or below it.
func (e Exhibit) shows(name string) bool {
	return slices.ContainsFunc(e.hosts(), func(h string) bool { return under(h, name) })
}

// under reports whether host is name or below it, both in any form that Normalize knows.
func under(host, name string) bool {
	host = strings.TrimSuffix(host, ".")
	if h, err := rpz.Normalize(host); err == nil {
		host = h
	}
	return host == name || strings.HasSuffix(host, "."+name)
}

// origins tells the addresses of the target that it was found to have from those that the operator alone gave it.
func (t Target) origins(exhibits []Exhibit) (asked, set []string) {
	var found, given []string
	for _, e := range exhibits {
		for host, list := range e.Facts.Addresses {
			switch {
			case !under(host, t.Name):
			case slices.Contains(e.Facts.Prescribed, host):
				given = append(given, list...)
			default:
				found = append(found, list...)
			}
		}
	}
	for _, a := range t.Addresses {
		if slices.Contains(given, a) && !slices.Contains(found, a) {
			set = append(set, a)
		} else {
			asked = append(asked, a)
		}
	}
	return asked, set
}

func (t *Target) observe(e Exhibit) {
	t.Exhibits = append(t.Exhibits, e.ID)
	if t.FirstSeen.IsZero() || e.Started.Before(t.FirstSeen) {
		t.FirstSeen = e.Started
	}
	if e.Started.After(t.LastSeen) {
		t.LastSeen = e.Started
	}
	for host, addresses := range e.Facts.Addresses {
		if under(host, t.Name) {
			t.Addresses = append(t.Addresses, addresses...)
		}
	}
	slices.Sort(t.Addresses)
	t.Addresses = slices.Compact(t.Addresses)
	if e.Facts.Domain == t.Registrable {
		t.Registrar = cmp.Or(e.Facts.Registrar, t.Registrar)
		if !e.Facts.Registered.IsZero() {
			t.Registered = e.Facts.Registered
		}
	}
}
