package evidence

import (
	"net/netip"
	"time"
)

// ExecutionReport is what resolvers answered at one time about names whose resolution was ordered to stop, and what follows from it.
type ExecutionReport struct {
	Schema int `json:"schema"`

	Application string          `json:"application"` // S01
	Started     time.Time       `json:"started"`
	ElapsedMS   int64           `json:"elapsed_ms"`
	Stopping    Stopping        `json:"stopping"`
	Resolvers   []AskedResolver `json:"resolvers"`
	Names       []CheckedName   `json:"names"`
	Previous    string          `json:"previous,omitempty"`    // the exhibit of the check before
	Interrupted bool            `json:"interrupted,omitempty"` // the operator or the machine ended it before its end
	Contacts    []Contact       `json:"contacts"`
}

// Stopping is how a name looks that is stopped.
type Stopping struct {
	Landing  []netip.Addr `json:"landing"`            // where it leads
	NXDOMAIN bool         `json:"nxdomain,omitempty"` // that there is no such name is an answer, too, where the control has an address
	List     string       `json:"list,omitempty"`     // version of the list of landing pages that says so; absent where the operator does
}

// AskedResolver is a resolver that was asked, and how far.
type AskedResolver struct {
	Resolver     string        `json:"resolver"` // udp://ADDRESS:PORT, tcp://…, tls://ADDRESS:PORT#NAME, https://HOST/PATH
	Label        string        `json:"label,omitempty"`
	Control      bool          `json:"control,omitempty"` // no order reaches it: it says what the name is outside
	Questions    int           `json:"questions"`         // that were to be asked
	Asked        int           `json:"asked"`             // lines of the answers
	Answered     int           `json:"answered"`          // of them those with an answer
	End          ResolverEnd   `json:"end"`
	Error        string        `json:"error,omitempty"`        // with another end than done
	Certificates []Certificate `json:"certificates,omitempty"` // its own, as it showed them
}

// ResolverEnd says why a resolver was asked no more.
type ResolverEnd string

// The ends.
const (
	ResolverDone        ResolverEnd = "done"        // everything was asked
	ResolverSilent      ResolverEnd = "silent"      // it answered nothing any more, not even the question for the root
	ResolverUntrusted   ResolverEnd = "untrusted"   // its certificate does not hold; nothing was asked of it
	ResolverFull        ResolverEnd = "full"        // its answers were larger than is taken
	ResolverInterrupted ResolverEnd = "interrupted" // the check was ended
)

// ResolverAnswer is one question to one resolver, and what it said.
type ResolverAnswer struct {
	Number int `json:"number"` // of the line, from 1
	DNSAnswer
	Server     string `json:"server,omitempty"`      // ADDRESS:PORT that was talked to
	Query      []byte `json:"query,omitempty"`       // the whole question
	PassedOver int    `json:"passed_over,omitempty"` // messages that came and answer something else
	LeftOut    int    `json:"left_out,omitempty"`    // records that stand in the wire alone
}

// CheckedName is a target and what each resolver makes of it.
type CheckedName struct {
	Target     string   `json:"target"` // D001
	Name       string   `json:"name"`
	Subdomains bool     `json:"subdomains"`
	Resolvers  []NameAt `json:"resolvers"` // without the control
}

// NameAt is a target at a resolver.
type NameAt struct {
	Resolver string           `json:"resolver"`
	Verdict  ExecutionVerdict `json:"verdict"`
	Before   ExecutionVerdict `json:"before,omitempty"` // at the check before
	Probes   []Probe          `json:"probes"`
}

// Probe is one name that was asked for the sake of a target.
type Probe struct {
	Role       ProbeRole        `json:"role"`
	Name       string           `json:"name"`
	Stop       bool             `json:"stop"` // the order stops it
	Resolution Resolution       `json:"resolution"`
	Control    Resolution       `json:"control,omitempty"` // what the control says; absent without one
	Addresses  []netip.Addr     `json:"addresses,omitempty"`
	Leads      []string         `json:"leads,omitempty"` // other names that it is sent to, whose addresses were not given
	Verdict    ExecutionVerdict `json:"verdict"`
	Answers    []int            `json:"answers"` // numbers of the answers that it rests on, the control's too
}

// ProbeRole says why a name was asked.
type ProbeRole string

// The roles.
const (
	ProbeName   ProbeRole = "name"   // the target itself
	ProbeBelow  ProbeRole = "below"  // a name below it that nobody made
	ProbeWWW    ProbeRole = "www"    // its www
	ProbeAbove  ProbeRole = "above"  // the name above it, where it is no registrable name
	ProbeBeside ProbeRole = "beside" // a name that ends like it and is another
)

// Resolution is what the answers about a name, for A, AAAA and HTTPS, say together.
type Resolution string

// What is said.
const (
	ResolutionLanding   Resolution = "landing"   // landing pages, and nothing else
	ResolutionMixed     Resolution = "mixed"     // landing pages and other addresses or names
	ResolutionAddresses Resolution = "addresses" // other addresses or names
	ResolutionNone      Resolution = "none"      // the name is there, without an address
	ResolutionNXDOMAIN  Resolution = "nxdomain"  // there is no such name
	ResolutionFailure   Resolution = "failure"   // an answer that says nothing of the name: SERVFAIL, REFUSED
	ResolutionSilent    Resolution = "silent"    // no answer, or not asked
)

// ExecutionVerdict says whether an order is carried out at a resolver.
type ExecutionVerdict string

// The verdicts. The worst of what was found is that of a target.
const (
	Stopped     ExecutionVerdict = "stopped"     // as ordered
	NotStopped  ExecutionVerdict = "not-stopped" // its true addresses are given
	TooNarrow   ExecutionVerdict = "too-narrow"  // a name below it is not stopped, though the order says so
	TooWide     ExecutionVerdict = "too-wide"    // another name is stopped, though the order does not say so
	OtherAnswer ExecutionVerdict = "other"       // neither a landing page nor what the control says
	NoAnswer    ExecutionVerdict = "no-answer"
	Undecidable ExecutionVerdict = "undecidable" // there is no such name outside, or no control says so
	LeftAlone   ExecutionVerdict = "left-alone"  // of a name that is not to be stopped: it is not
)

// ExecutionVerdicts lists those that a target has, the worst first.
var ExecutionVerdicts = []ExecutionVerdict{NotStopped, TooNarrow, TooWide, OtherAnswer, NoAnswer, Undecidable, Stopped}
