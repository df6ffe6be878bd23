package compare

import (
	"time"

	"yuzheng/casefile/evidence"
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
func HolderOf(f evidence.NetworkFacts) (Holder, bool) {
	h, source := fromRDAP(&f), "rdap"
	if h == nil {
		h, source = fromWHOIS(&f), "whois"
	}
	if h == nil {
		return Holder{}, false
	}
	created, _ := day(h.created) // zero where it cannot be read
	return Holder{source, h.domain, h.registrar, h.registrant, created, h.servers}, true
}
