// Package application holds what is asked of a court: targets, the gate they pass, facts with their evidence, the law,
// and the papers of a packet.
//
// It is pure: exhibits come in as plain values, lists, statutes and templates as files, and nothing is printed or sent.
// What law or practice says stands in those files, never in code.
package application

import (
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"yuzheng/casefile/evidence"
)

// Application is one application to a court or an authority.
type Application struct {
	ID         string    `json:"id"`   // S01
	Type       string    `json:"type"` // id of an application type, e.g. prosecutor-seizure
	Court      string    `json:"court"`
	Office     string    `json:"office"`
	Number     string    `json:"number"`  // 案號, e.g. 115年度偵字第12345號
	Section    string    `json:"section"` // 股別, e.g. 平
	Prosecutor string    `json:"prosecutor"`
	Clerk      string    `json:"clerk,omitempty"`
	Accused    string    `json:"accused,omitempty"` // empty is printed as unknown
	Bound      string    `json:"bound"`             // 應受扣押裁定之人; "不詳" where unknown
	Cause      string    `json:"cause"`
	Articles   string    `json:"articles"` // 所犯法條
	Targets    []string  `json:"targets"`  // D001 …
	Method     string    `json:"method"`
	Period     Span      `json:"period"`   // of execution
	Validity   Span      `json:"validity"` // of the order
	Facts      string    `json:"facts"`    // sentences, each tied to exhibits: see ParseFacts
	Reasons    Reasons   `json:"reasons"`
	Remarks    string    `json:"remarks,omitempty"`
	Date       time.Time `json:"date,omitzero"` // printed under the application; zero is left to be filled in by hand

	More map[string]string `json:"more,omitempty"` // fields that only some types have, by their names
}

// Reasons are the grounds, one text each; a line is a paragraph.
type Reasons struct {
	Suspicion       string `json:"suspicion"`
	Confiscation    string `json:"confiscation"`
	Relation        string `json:"relation"`
	Necessity       string `json:"necessity"`
	Proportionality string `json:"proportionality"`
	Urgency         string `json:"urgency,omitempty"`
}

// Span is a stretch of days: from one date to another (in Taiwan's time, both included), or a number of days from the
// day of the order.
type Span struct {
	From time.Time `json:"from,omitzero"`
	To   time.Time `json:"to,omitzero"`
	Days int       `json:"days,omitempty"`
}

// IsZero reports whether nothing was said.
func (s Span) IsZero() bool { return s.Days <= 0 && s.To.IsZero() }

// Field gives the text of the field of that name in an application type's list; "" is empty or unknown.
func (a Application) Field(name string) string {
	switch name {
	case "period":
		return spanText(a.Period, courtOrder)
	case "validity":
		return spanText(a.Validity, courtOrder)
	case "targets":
		return strings.Join(a.Targets, "、")
	}
	if p := a.text(name); p != nil {
		return strings.TrimSpace(*p)
	}
	return strings.TrimSpace(a.More[name])
}

// text is where the field of that name stands, for fields of plain text that every type may have.
func (a *Application) text(name string) *string {
	return map[string]*string{
		"number": &a.Number, "section": &a.Section, "office": &a.Office, "court": &a.Court, "prosecutor": &a.Prosecutor,
		"clerk": &a.Clerk, "accused": &a.Accused, "bound": &a.Bound, "cause": &a.Cause, "articles": &a.Articles,
		"method": &a.Method, "facts": &a.Facts, "remarks": &a.Remarks, "suspicion": &a.Reasons.Suspicion,
		"confiscation": &a.Reasons.Confiscation, "relation": &a.Reasons.Relation, "necessity": &a.Reasons.Necessity,
		"proportionality": &a.Reasons.Proportionality, "urgency": &a.Reasons.Urgency,
	}[name]
}

// Exhibit is what the gate, the checks and the papers need to know of one exhibit.
type Exhibit struct {
	ID        string              `json:"id"` // W0001
	Kind      evidence.Kind       `json:"kind"`
	Making    Making              `json:"making,omitzero"`
	URL       string              `json:"url"`
	FinalURL  string              `json:"final_url"`
	Redirects []string            `json:"redirects,omitempty"` // addresses between the two
	View      string              `json:"view"`
	Title     string              `json:"title"`   // what the page calls itself: data
	Verdict   string              `json:"verdict"` // of a capture; "" for everything else
	Status    int                 `json:"status"`
	Started   time.Time           `json:"started"`
	Ended     time.Time           `json:"ended"`
	Operator  string              `json:"operator"`
	Artifacts []evidence.Artifact `json:"artifacts"`
	Warnings  []string            `json:"warnings,omitempty"`
	Missing   []string            `json:"missing,omitempty"`
	Raw       []string            `json:"raw,omitempty"`   // missing and warnings as the recorder, the browser or the system wrote them, where the words are ours
	Shows     string              `json:"shows,omitempty"` // 待證事實
	Facts     Facts               `json:"facts"`
	Visit     Visit               `json:"visit,omitzero"`

	PictureName string `json:"picture,omitempty"` // the artifact that Picture opens
	// Picture opens the picture of the page (PNG): of the whole of it, or else of what fitted the window; nil where there is none.
	Picture func() (io.ReadCloser, error) `json:"-"`
}

// Facts are what the network said at the time of a capture. Names are host names; of a name that is absent from a map nothing
// was learned, one with an empty list had no such record.
type Facts struct {
	Addresses   map[string][]string `json:"addresses,omitempty"`  // that were connected to
	Prescribed  []string            `json:"prescribed,omitempty"` // hosts whose addresses the operator set: nobody was asked for them
	MX          map[string][]string `json:"mx,omitempty"`         // "PREFERENCE NAME", without the null MX (RFC 7505), which is none
	Names       []string            `json:"names,omitempty"`      // hosts in certificates
	Domain      string              `json:"domain,omitempty"`     // the registrable name that the next five are about
	Source      string              `json:"source,omitempty"`     // rdap or whois: WHOIS tells no registrant
	Registrar   string              `json:"registrar,omitempty"`
	Registrant  string              `json:"registrant,omitempty"`
	Registered  time.Time           `json:"registered,omitzero"`
	NameServers []string            `json:"name_servers,omitempty"`
}

// complete is the verdict of an exhibit that is all it promises.
const complete = "complete"

// addressHost is the host of an address in small letters; "" for none.
func addressHost(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

// lastHost is the host at which the visit of a capture ended; "" for none.
func (e Exhibit) lastHost() string {
	if !e.Captured() {
		return ""
	}
	return addressHost(e.FinalURL)
}

// hosts lists the hosts that a capture shows as a page: asked for, passed through, arrived at. Nothing else shows any.
func (e Exhibit) hosts() []string {
	if !e.Captured() {
		return nil
	}
	var list []string
	for _, address := range slices.Concat([]string{e.URL}, e.Redirects, []string{e.FinalURL}) {
		if h := addressHost(address); h != "" && !slices.Contains(list, h) {
			list = append(list, h)
		}
	}
	return list
}

// NextID numbers the next thing of a kind: the letter, then digits at least as wide as given (D001, S01).
func NextID(letter string, width int, taken []string) string {
	for n := len(taken) + 1; ; n++ {
		if id := fmt.Sprintf("%s%0*d", letter, width, n); !slices.Contains(taken, id) {
			return id
		}
	}
}

// find gives the element of that id.
func find[T any](list []T, id string, of func(T) string) (T, bool) {
	i := slices.IndexFunc(list, func(v T) bool { return of(v) == id })
	if i < 0 {
		var none T
		return none, false
	}
	return list[i], true
}

func findExhibit(list []Exhibit, id string) (Exhibit, bool) {
	return find(list, id, func(e Exhibit) string { return e.ID })
}

func findTarget(list []Target, id string) (Target, bool) {
	return find(list, id, func(t Target) string { return t.ID })
}
