package application

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"yuzheng/casefile/document"
)

// StepKind is a step in the life of an application.
type StepKind string

// The steps. Which of them a type takes, and in which order, its data says; Withdraw and Correct belong to every type.
const (
	Approve  StepKind = "approve"  // a second person lets the papers leave as they are
	File     StepKind = "file"     // handed in at the court or the authority
	Order    StepKind = "order"    // the court has decided
	Issue    StepKind = "issue"    // an authority has issued its own order
	Execute  StepKind = "execute"  // carried out
	Release  StepKind = "release"  // names are let go
	Correct  StepKind = "correct"  // handed back for correction (補正): its words may change again
	Withdraw StepKind = "withdraw" // taken back
)

// StepKinds lists all of them.
var StepKinds = []StepKind{Approve, File, Order, Issue, Execute, Release, Correct, Withdraw}

// Step is one that was taken.
type Step struct {
	Application string    `json:"application"`
	Kind        StepKind  `json:"step"`
	Person      string    `json:"person"`           // who took it; of an approval the second person
	At          time.Time `json:"at"`               // when it happened, as the person says
	Noted       time.Time `json:"noted"`            // when it was written down
	Number      string    `json:"number,omitempty"` // 案號 or 文號 of the order, or of receipt
	Note        string    `json:"note,omitempty"`
	Exhibit     string    `json:"exhibit,omitempty"` // that holds the order or the receipt
	Papers      int64     `json:"papers,omitempty"`  // entry of the papers that were approved
	Order       *Ruling   `json:"order,omitempty"`
	Word                  // of an approval: the second person's key
}

// Ruling is what a court decided, or an authority ordered.
type Ruling struct {
	Court        string           `json:"court,omitempty"`
	Names        map[string]Grant `json:"names"`                  // by target, of every target of the application
	ValidTo      time.Time        `json:"valid_to,omitzero"`      // last day on which it may be executed
	TermFrom     time.Time        `json:"term_from,omitzero"`     // of the measure
	TermTo       time.Time        `json:"term_to,omitzero"`       //
	Instructions string           `json:"instructions,omitempty"` // to who executes it
}

// Grant says what was decided of one name.
type Grant string

// The grants.
const (
	Granted Grant = "granted"
	Narrow  Grant = "exact" // granted for the name alone, where its sub-domains were asked for too
	Refused Grant = "refused"
)

// Grants lists all of them.
var Grants = []Grant{Granted, Narrow, Refused}

// State is where an application stands.
type State string

// The states.
const (
	Draft     State = "draft"
	Approved  State = "approved"
	Filed     State = "filed"
	Ruled     State = "ordered" // the court has decided, or the authority issued
	Executed  State = "executed"
	Released  State = "released"
	Denied    State = "refused" // for every name
	Withdrawn State = "withdrawn"
)

// States lists all of them.
var States = []State{Draft, Approved, Filed, Ruled, Executed, Released, Denied, Withdrawn}

var reached = map[StepKind]State{Approve: Approved, File: Filed, Order: Ruled, Issue: Ruled, Execute: Executed, Release: Released, Withdraw: Withdrawn, Correct: Draft}

// Life is an application through its steps, in the order in which they were written down.
type Life struct {
	Type  Type
	Steps []Step
	LetGo []string // targets that the order on a later application releases
}

// Last is the newest step of a kind that still counts: a correction begins anew what comes before the order.
func (l Life) Last(kind StepKind) (Step, bool) {
	for _, s := range slices.Backward(l.Steps) {
		if s.Kind == kind {
			return s, true
		}
		if s.Kind == Correct && (kind == Approve || kind == File) {
			break
		}
	}
	return Step{}, false
}

// State is where the application stands.
func (l Life) State() State {
	state := Draft
	for _, s := range l.Steps {
		state = reached[s.Kind]
		if r := s.Order; r != nil && len(r.Granted()) == 0 {
			state = Denied
		}
	}
	return state
}

// Next lists the steps that may be taken now.
func (l Life) Next() []StepKind {
	state := l.State()
	if state == Withdrawn || state == Denied || state == Released {
		return l.again(state)
	}
	var list []StepKind
	for _, k := range l.Type.Steps {
		if _, done := l.Last(k); !done {
			list = append(list, k)
			break
		}
	}
	if l.decided() {
		return append(list, l.again(state)...)
	}
	if len(l.Steps) > 0 {
		list = append(list, Correct)
	}
	return append(list, Withdraw)
}

// again is the order, or its execution, where it may be written down anew: it was taken down wrongly, or the court has corrected it, and nothing has come after.
func (l Life) again(state State) []StepKind {
	if state != Ruled && state != Denied && state != Executed {
		return nil
	}
	return []StepKind{l.Steps[len(l.Steps)-1].Kind}
}

// decided reports whether the order is there: what was asked for cannot change any more.
func (l Life) decided() bool {
	_, ordered := l.Last(Order)
	_, issued := l.Last(Issue)
	return ordered || issued
}

// Open reports whether the words of the application may change: once they are approved, only after they were handed back.
func (l Life) Open() bool { return l.State() == Draft }

// Ruling is what was decided; nil before.
func (l Life) Ruling() *Ruling {
	for _, k := range []StepKind{Order, Issue} {
		if s, ok := l.Last(k); ok {
			return s.Order
		}
	}
	return nil
}

// Ordered gives those of the targets that are to be stopped, or of a release let go: before the order what is asked for, then what was granted, and
// nothing that was let go since.
func (l Life) Ordered(targets []Target) []Target {
	if slices.Contains([]State{Denied, Withdrawn, Released}, l.State()) {
		return nil
	}
	targets = slices.Clone(targets)
	if r := l.Ruling(); r != nil {
		targets = r.apply(targets)
	}
	return slices.DeleteFunc(targets, func(t Target) bool { return slices.Contains(l.LetGo, t.ID) })
}

// Granted are the targets that a ruling grants, whole or narrowed, sorted.
func (r *Ruling) Granted() (ids []string) {
	for id, g := range r.Names {
		if g != Refused {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// apply gives the targets as far as they were granted.
func (r *Ruling) apply(targets []Target) (list []Target) {
	for _, t := range targets {
		switch r.Names[t.ID] {
		case Narrow:
			t.Scope = Exact
			list = append(list, t)
		case Granted:
			list = append(list, t)
		}
	}
	return list
}

// StepError says that a step cannot be taken.
type StepError struct {
	Code string // of the sentence in findings.json: step.…
	Data map[string]string
}

func (e *StepError) Error() string { return fmt.Sprintf("%s %v", e.Code, e.Data) }

// Sentence is the error in words, in both languages.
func (e *StepError) Sentence(l *Lists) (zh, en string) { return l.text(e.Code, e.Data) }

// What use cases refuse on account of where an application stands.
var (
	ErrNoPapers  = &StepError{Code: "step.papers"}    // there are no papers of it as it is now
	ErrClosed    = &StepError{Code: "step.closed"}    // it was approved: its words stand
	ErrApproved  = &StepError{Code: "step.approved"}  // its papers were approved: they stand
	ErrNothing   = &StepError{Code: "step.nothing"}   // no name is left to be executed
	ErrUndecided = &StepError{Code: "step.undecided"} // nothing may be made for those who execute it
)

// Check says why a step cannot follow, as a *StepError, or nil. The operator is who applies; targets are those of the application.
func (l Life) Check(s Step, operator string, targets []string, now time.Time) error {
	wrong := func(code string, pairs ...string) error {
		data := map[string]string{"step": string(s.Kind), "state": string(l.State())}
		for i := 0; i+1 < len(pairs); i += 2 {
			data[pairs[i]] = pairs[i+1]
		}
		return &StepError{code, data}
	}
	switch {
	case !slices.Contains(l.Next(), s.Kind):
		return wrong("step.order")
	case strings.TrimSpace(s.Person) == "":
		return wrong("step.person")
	case s.Kind == Approve && strings.TrimSpace(s.Person) == strings.TrimSpace(operator):
		return wrong("step.self", "person", s.Person)
	case s.At.After(now.Add(clockLag)):
		return wrong("step.future", "at", document.Date(s.At))
	case len(l.Steps) > 0 && endOf(s.At).Before(l.before(s.Kind)):
		return wrong("step.before", "at", document.Date(s.At), "before", document.Date(l.before(s.Kind)))
	case l.reasoned(s.Kind) && strings.TrimSpace(s.Note) == "":
		return wrong("step.reason")
	case s.Kind == Order && strings.TrimSpace(s.Number) == "":
		return wrong("step.number")
	case (s.Kind == Order || s.Kind == Issue) && s.Order == nil:
		return wrong("step.ruling")
	}
	if s.Order != nil {
		if text := s.Order.days(s.At); text != "" {
			return wrong("step.days", "days", text)
		}
		if id := s.Order.differs(targets); id != "" {
			return wrong("step.names", "target", id)
		}
		narrow := func(id string) bool { return s.Order.Names[id] == Narrow }
		if i := slices.IndexFunc(targets, narrow); l.Type.Restores && i >= 0 {
			return wrong("step.whole", "target", targets[i])
		}
	}
	if r := l.Ruling(); s.Kind == Execute && r != nil && !r.ValidTo.IsZero() && s.At.After(endOf(r.ValidTo)) {
		return wrong("step.expired", "valid", document.Date(r.ValidTo))
	}
	return nil
}

// clockLag is how far the clock of who writes a step down may be behind.
const clockLag = 10 * time.Minute

// before is when the step was taken that comes before one of a kind: of an order that is written down anew, not the order itself.
func (l Life) before(kind StepKind) time.Time {
	for _, s := range slices.Backward(l.Steps) {
		if s.Kind != kind {
			return s.At
		}
	}
	return time.Time{}
}

// reasoned reports whether a step wants a reason.
func (l Life) reasoned(kind StepKind) bool {
	return kind == Withdraw || kind == Correct || kind == Release || (kind == Order || kind == Issue) && l.decided() || kind == Execute && l.State() == Executed
}

// days are those of a ruling made at a time that cannot follow each other; empty where all can.
func (r *Ruling) days(at time.Time) string {
	for _, span := range [][2]time.Time{{at, r.ValidTo}, {at, r.TermTo}, {r.TermFrom, r.TermTo}} {
		if !span[1].IsZero() && !span[0].IsZero() && endOf(span[1]).Before(span[0]) {
			return document.Date(span[0]) + " > " + document.Date(span[1])
		}
	}
	return ""
}

// differs names a target that a ruling forgets, or one that the application does not have.
func (r *Ruling) differs(targets []string) string {
	for _, id := range targets {
		if !slices.Contains(Grants, r.Names[id]) {
			return id
		}
	}
	for id := range r.Names {
		if !slices.Contains(targets, id) {
			return id
		}
	}
	return ""
}

// endOf is the last moment of a day in Taiwan.
func endOf(day time.Time) time.Time {
	y, m, d := day.In(document.Taiwan).Date()
	return time.Date(y, m, d, 24, 0, 0, 0, document.Taiwan).Add(-time.Second)
}
