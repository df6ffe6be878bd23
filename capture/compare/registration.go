package compare

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"yuzheng/casefile/evidence"
)

// registrationDifference is what differs in the registration data of the domain, as one source has it for both sides.
type registrationDifference struct {
	Source      string      `json:"source"` // rdap, or whois where RDAP did not answer both times
	Domain      Two[string] `json:"domain"`
	Registrar   Two[string] `json:"registrar"`
	Registrant  Two[string] `json:"registrant"` // RDAP alone; "" where it is not told
	Created     Two[string] `json:"created"`
	Transferred Two[string] `json:"transferred"` // to another registrar, the last time; RDAP alone
	Expires     Two[string] `json:"expires"`
	Servers     Set         `json:"name_servers"`
	Status      Set         `json:"status"`
}

// Set is what came to a set and what went.
type Set struct {
	Removed Some[string] `json:"removed"`
	Added   Some[string] `json:"added"`
	Kept    int          `json:"kept"`
}

func sets(a, b map[string]bool) Set {
	s := Set{Removed: only(a, b), Added: only(b, a)}
	s.Kept = len(a) - s.Removed.Total
	return s
}

// changed reports whether anything did.
func (s Set) changed() bool { return s.Removed.Total+s.Added.Total > 0 }

// replaced reports whether nothing of it stayed and there was something on both sides.
func (s Set) replaced() bool { return s.Kept == 0 && s.Removed.Total > 0 && s.Added.Total > 0 }

// holding is the registration of a domain, whatever source it comes from.
type holding struct {
	domain, registrar, registrant, created, transferred, expires string
	servers, status                                              []string
}

func registrations(a, b *reading) *registrationDifference {
	x, y, source := fromRDAP(a.network()), fromRDAP(b.network()), "rdap"
	if x == nil || y == nil {
		x, y, source = fromWHOIS(a.network()), fromWHOIS(b.network()), "whois"
	}
	if x == nil || y == nil {
		return nil
	}
	return &registrationDifference{
		Source: source, Domain: shortTwo(x.domain, y.domain), Registrar: shortTwo(x.registrar, y.registrar),
		Registrant: shortTwo(x.registrant, y.registrant), Created: shortTwo(x.created, y.created),
		Transferred: shortTwo(x.transferred, y.transferred), Expires: shortTwo(x.expires, y.expires),
		Servers: sets(set(x.servers), set(y.servers)), Status: sets(set(x.status), set(y.status)),
	}
}

func fromRDAP(n *evidence.NetworkFacts) *holding {
	i := slices.IndexFunc(n.Registration, func(r evidence.Registration) bool { return r.Kind == "domain" && r.Error == "" })
	if i < 0 {
		return nil
	}
	r := n.Registration[i]
	h := &holding{domain: name(r.Query), registrar: r.Registrar, servers: r.Servers, status: r.Status}
	for _, e := range r.Events {
		switch e.Action {
		case "registration":
			h.created = e.Date
		case "transfer":
			h.transferred = e.Date
		case "expiration":
			h.expires = e.Date
		}
	}
	for _, b := range r.Bodies {
		if who := registrant(b.Body); who != "" {
			h.registrant = who
		}
	}
	if h.registrant == "" { // many registries tell who holds a name by a handle alone
		h.registrant = r.Registrant
	}
	return h
}

// registrant is the name, or else the organisation, of the entity of that role in an RDAP answer (RFC 9083, 5.1; its vcardArray: RFC 7095).
func registrant(body []byte) string {
	var answer struct {
		Entities []struct {
			Roles []string          `json:"roles"`
			VCard []json.RawMessage `json:"vcardArray"`
		} `json:"entities"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return ""
	}
	for _, e := range answer.Entities {
		if !slices.Contains(e.Roles, "registrant") || len(e.VCard) < 2 {
			continue
		}
		var lines [][]any
		_ = json.Unmarshal(e.VCard[1], &lines) // what cannot be read names nobody
		for _, property := range []string{"org", "fn"} {
			for _, line := range lines {
				if value, ok := text(line, property); ok {
					return value
				}
			}
		}
	}
	return ""
}

// text is the value of a jCard property that is one text and tells something.
func text(line []any, property string) (string, bool) {
	if len(line) < 4 || line[0] != property {
		return "", false
	}
	value, ok := line[3].(string)
	return value, ok && value != ""
}

func fromWHOIS(n *evidence.NetworkFacts) *holding {
	w := n.WHOIS
	if w == nil || w.Registrar+w.Created == "" && len(w.Servers) == 0 {
		return nil
	}
	return &holding{
		domain: name(w.Query), registrar: w.Registrar, created: w.Created, expires: w.Expires, servers: w.Servers, status: w.Status,
	}
}

// days are the forms in which registries write dates. Those without a zone are read as UTC.
var days = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02", "2006/01/02", "02-Jan-2006", "2006.01.02", "20060102",
	"2006-01-02 15:04:05 MST", "02-Jan-2006 15:04:05", "2006-01-02T15:04:05-0700", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05Z07",
}

func day(s string) (time.Time, bool) {
	for _, form := range days {
		if t, err := time.Parse(form, strings.TrimSpace(s)); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// otherDay reports whether two dates can be read and lie more than two days apart: registries write them in several zones, or without an hour.
func otherDay(a, b string) bool {
	x, ok1 := day(a)
	y, ok2 := day(b)
	return ok1 && ok2 && x.Sub(y).Abs() > 48*time.Hour
}

// otherHolder reports whether two names are both there, told, and not the same but for how they are written ("GoDaddy.com, LLC").
func otherHolder(a, b string) bool {
	x, y := plain(a), plain(b)
	return x != "" && y != "" && x != y
}

// veiled are words of names that stand for somebody who does not want to be named.
var veiled = []string{"redacted", "privacy", "whoisguard", "proxy", "withheld", "not disclosed", "data protected"}

// plain is a name without case, punctuation and the form of the company; "" if it names nobody.
func plain(s string) string {
	s = strings.ToLower(s)
	for _, w := range veiled {
		if strings.Contains(s, w) {
			return ""
		}
	}
	words := strings.FieldsFunc(s, func(r rune) bool { return kindOf(r) == between })
	words = slices.DeleteFunc(words, func(w string) bool {
		return slices.Contains([]string{"inc", "llc", "ltd", "limited", "co", "corp", "corporation", "gmbh", "com", "company", "sa", "bv", "pte"}, w)
	})
	return strings.Join(words, " ")
}
