package evidence

import (
	"strings"
	"time"
)

// Registration is one RDAP question (RFC 9082) and everything that was fetched to answer it.
type Registration struct {
	Query string    `json:"query"` // a domain name or an address
	Kind  string    `json:"kind"`  // domain, ip
	At    time.Time `json:"at"`

	Handle     string              `json:"handle,omitempty"`
	Name       string              `json:"name,omitempty"`
	Registrar  string              `json:"registrar,omitempty"`
	Registrant string              `json:"registrant,omitempty"`
	Country    string              `json:"country,omitempty"`
	Status     []string            `json:"status,omitempty"`
	Servers    []string            `json:"name_servers,omitempty"`
	Events     []RegistrationEvent `json:"events,omitempty"`
	Redacted   []string            `json:"redacted,omitempty"` // what the registry says it does not tell (RFC 9537)

	Bodies []RegistrationBody `json:"bodies,omitempty"` // every reply, as it came
	Faults []string           `json:"faults,omitempty"` // against RFC 9083 and RFC 7095 in the answer, each with its place: read around, or left out
	Error  string             `json:"error,omitempty"`
}

// RegistrationEvent is something that happened to a registration: registration, expiration, last changed …
type RegistrationEvent struct {
	Action string `json:"action"`
	Date   string `json:"date"`
}

// RegistrationBody is one HTTP reply on the way to the answer.
type RegistrationBody struct {
	URL    string    `json:"url"`
	At     time.Time `json:"at"`
	Status int       `json:"status"`
	Type   string    `json:"content_type,omitempty"`
	Retry  string    `json:"retry_after,omitempty"` // as the server wrote it
	Body   []byte    `json:"body,omitempty"`        // base64 in JSON
}

// Time is when an event was, as far as its date can be read: registries leave the hour, the zone or its minutes out, against RFC 3339. One
// without a zone is read as UTC.
func (e RegistrationEvent) Time() (time.Time, bool) {
	for _, form := range []string{
		time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05Z07", "2006-01-02 15:04:05", "2006-01-02 15:04:05Z07:00",
		"2006-01-02 15:04:05Z0700", "2006-01-02 15:04:05Z07", "2006-01-02 15:04:05 MST", "2006-01-02", "2006/01/02", "2006.01.02", "20060102", "02-Jan-2006",
	} {
		if t, err := time.Parse(form, strings.TrimSpace(e.Date)); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// WHOIS is one question on port 43 (RFC 3912) and every answer on the way: where it began, the registry, the registrar.
type WHOIS struct {
	Query string     `json:"query"` // the registrable domain, or the address
	Hops  []WHOISHop `json:"hops"`  // in the order in which they were asked
	WHOISRecord
}

// WHOISHop is one server that was asked. What it said is kept to the byte, also where an error ended it.
type WHOISHop struct {
	Server    string    `json:"server"` // HOST:PORT
	Query     string    `json:"query"`  // the line that was sent, without CR LF
	At        time.Time `json:"at"`
	ElapsedMS int64     `json:"elapsed_ms"`
	Body      []byte    `json:"body,omitempty"`     // base64 in JSON
	Encoding  string    `json:"encoding,omitempty"` // in which the body was read for display: utf-8, big5, windows-1252
	Refers    string    `json:"refers,omitempty"`   // HOST:PORT that the answer refers to
	Error     string    `json:"error,omitempty"`
}

// WHOISRecord is what every reader of an answer looks for first. WHOIS has no format: it is read for display and proves nothing;
// the bodies do. A field comes from the first server that has it (the registry before the registrar), as that server writes it.
type WHOISRecord struct {
	Registrar string   `json:"registrar,omitempty"`
	Created   string   `json:"created,omitempty"`
	Updated   string   `json:"updated,omitempty"`
	Expires   string   `json:"expires,omitempty"`
	Servers   []string `json:"name_servers,omitempty"` // lower case
	Status    []string `json:"status,omitempty"`
}
