package compare

import (
	"time"

	"yuzheng/capture/netfacts"
)

// Holder is who holds a domain, as the facts of a capture tell it. What the source does not tell is empty.
type Holder struct {
	Source     string // rdap, or whois where RDAP did not answer
	Domain     string
	Registrar  string
	Registrant string // RDAP alone
	Created    time.Time
	Servers    []string
}

// HolderOf reads it out of the network's facts as a comparison does; false where neither source answered.
func HolderOf(f netfacts.Facts) (Holder, bool) {
	n := networkOf(f)
	h, source := fromRDAP(n), "rdap"
	if h == nil {
		h, source = fromWHOIS(n), "whois"
	}
	if h == nil {
		return Holder{}, false
	}
	created, _ := day(h.created) // zero where it cannot be read
	return Holder{source, h.domain, h.registrar, h.registrant, created, h.servers}, true
}

// networkOf are the registration data among the facts.
func networkOf(f netfacts.Facts) *networkFacts {
	n := &networkFacts{}
	for _, r := range f.Registration {
		g := registration{Query: r.Query, Kind: r.Kind, Name: r.Name, Registrar: r.Registrar, Status: r.Status, Servers: r.Servers, Error: r.Error}
		for _, e := range r.Events {
			g.Events = append(g.Events, struct {
				Action string `json:"action"`
				Date   string `json:"date"`
			}{e.Action, e.Date})
		}
		for _, b := range r.Bodies {
			g.Bodies = append(g.Bodies, struct {
				Body []byte `json:"body"`
			}{b.Body})
		}
		n.RDAP = append(n.RDAP, g)
	}
	if w := f.WHOIS; w != nil {
		n.WHOIS = &whois{Query: w.Query, Registrar: w.Registrar, Created: w.Created, Expires: w.Expires, Servers: w.Servers, Status: w.Status}
	}
	return n
}
