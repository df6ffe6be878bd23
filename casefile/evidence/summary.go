package evidence

import "time"

// Artifact is one file of an exhibit.
type Artifact struct {
	Name      string `json:"name"`
	MediaType string `json:"media_type"`
	Size      int64  `json:"size"`   // bytes
	SHA256    string `json:"sha256"` // 64 lower-case hexadecimal digits
}

// Missing names one thing that the page asked for, or that the exhibit promises, and that is not there.
type Missing struct {
	What   string `json:"what"`   // an address or the name of an artifact
	Reason string `json:"reason"` // English
	Remark        // what Reason is the sentence of; silent in what was written before there were codes
}

// Lacking is what is missing, and the remark that says why.
func Lacking(what string, why Remark) Missing {
	return Missing{What: what, Reason: why.String(), Remark: why}
}

// Why is the remark that says why it is missing; Raw where there is no code.
func (m Missing) Why() Remark {
	if m.Silent() {
		return Raw.With(m.Reason)
	}
	return m.Remark
}

// String is what is missing, and why.
func (m Missing) String() string { return m.What + ": " + m.Reason }

// Same reports whether the same is missing for the same reason.
func (m Missing) Same(other Missing) bool { return m.What == other.What && m.Reason == other.Reason }

// Hop is one redirect of the main document.
type Hop struct {
	URL    string `json:"url"`
	Status int    `json:"status"` // of the answer that led on; 0 where no server gave one
	To     string `json:"to"`
	By     Mover  `json:"by,omitempty"`
}

// Mover is who led a visitor on.
type Mover string

// Who leads on.
const (
	LedByServer  Mover = "server"  // by its answer
	LedByPage    Mover = "page"    // by a script or an announced refresh
	LedByBrowser Mover = "browser" // by a rule of its own; nobody was asked
)

// Contact is one host that was contacted on behalf of a capture, and why.
type Contact struct {
	Host    string `json:"host"`
	Address string `json:"address,omitempty"`
	Reason  string `json:"reason"` // page, dns, rdap, whois, clock
	Count   int    `json:"count"`
}

// Summary is what a capture came to. Its JSON form is kept beside the entry that admits the exhibit, and is what the command line prints, after
// the exhibit's number.
type Summary struct {
	Schema int `json:"schema"`

	URL       string     `json:"url"`
	FinalURL  string     `json:"final_url"`
	View      Persona    `json:"view"`
	Status    int        `json:"status"` // HTTP status of the final document; 0 without an answer
	Title     string     `json:"title"`
	Verdict   Verdict    `json:"verdict"`
	Missing   []Missing  `json:"missing"`
	Redirects []Hop      `json:"redirects"`
	Artifacts []Artifact `json:"artifacts"`
	Cautions
	Started   time.Time `json:"started"`
	ElapsedMS int64     `json:"elapsed_ms"`
	Contacts  []Contact `json:"contacts,omitempty"`

	Interrupted bool `json:"interrupted,omitempty"` // the operator or the machine ended it before its end; the page did not
}

// Cautions are what a reader must be warned of.
type Cautions struct {
	Warnings []string `json:"warnings"`         // English
	Warned   []Remark `json:"warned,omitempty"` // what Warnings are the sentences of, in their order; none in what was written before there were codes
}

// Warn adds remarks.
func (c *Cautions) Warn(list ...Remark) {
	for _, r := range list {
		c.Warnings, c.Warned = append(c.Warnings, r.String()), append(c.Warned, r)
	}
}

// Remarks are the warnings as remarks; those without a code are Raw.
func (c Cautions) Remarks() []Remark {
	if len(c.Warned) == len(c.Warnings) {
		return c.Warned
	}
	list := make([]Remark, 0, len(c.Warnings))
	for _, w := range c.Warnings {
		list = append(list, Raw.With(w))
	}
	return list
}

// OtherSummary is what is kept of an exhibit beside its artifacts and its entry, where it is no capture: nothing was visited, so there is no verdict.
type OtherSummary struct {
	Schema int `json:"schema"`

	Kind    Kind      `json:"kind"`
	Title   string    `json:"title"`
	Started time.Time `json:"started"`
	Missing []Missing `json:"missing,omitempty"`
}
