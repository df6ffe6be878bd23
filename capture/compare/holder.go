package compare

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"yuzheng/capture"
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

// ReadHolder reads it out of facts.json; false where neither source answered. A field that is not what it should be is left out.
func ReadHolder(body []byte) (Holder, bool, error) {
	var f facts
	err := json.Unmarshal(body, &f)
	var wrong *json.UnmarshalTypeError
	if err != nil && !errors.As(err, &wrong) {
		return Holder{}, false, fmt.Errorf("%s: %w", capture.FactsJSON, err)
	}
	r := &reading{facts: &f}
	h, source := fromRDAP(r.network()), "rdap"
	if h == nil {
		h, source = fromWHOIS(r.network()), "whois"
	}
	if h == nil {
		return Holder{}, false, nil
	}
	created, _ := day(h.created) // zero where it cannot be read
	return Holder{source, h.domain, h.registrar, h.registrant, created, h.servers}, true, nil
}
