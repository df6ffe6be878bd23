package workbench

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
)

// ExecutionOptions says who is asked whether names are stopped.
type ExecutionOptions struct {
	// Resolvers are as netfacts.ParseResolver reads them; none are those of the list of landing pages, with its first control.
	Resolvers []string     `json:"resolvers,omitempty"`
	Control   string       `json:"control,omitempty"` // a resolver that no order reaches; empty beside Resolvers is none
	Landing   []netip.Addr `json:"landing,omitempty"` // where stopped names lead; none is what the list has
	Reason    string       `json:"reason,omitempty"`

	job string // a watch
}

// OpenResolver is a resolver of the list of landing pages: one that a check asks where nobody says whom.
type OpenResolver struct {
	Address string `json:"address"`
	Label   string `json:"label"`
	Control bool   `json:"control"` // no order reaches it
}

// OpenResolvers lists them, in the order of the list.
func (w *Workbench) OpenResolvers() ([]OpenResolver, error) {
	lists, err := application.LoadLists(w.Lists)
	if err != nil {
		return nil, err
	}
	all := []OpenResolver{}
	for _, r := range lists.Sinkholes.Resolvers {
		all = append(all, OpenResolver{r.Address.String(), r.Label, r.Control})
	}
	return all, nil
}

// Execution is a check of execution as an exhibit.
type Execution struct {
	Exhibit string `json:"exhibit"`
	evidence.ExecutionReport
}

// Counts says how many pairs of a name and a resolver have each verdict.
func (x Execution) Counts() map[evidence.ExecutionVerdict]int {
	counts := map[evidence.ExecutionVerdict]int{}
	for _, n := range x.Names {
		for _, at := range n.Resolvers {
			counts[at.Verdict]++
		}
	}
	return counts
}

// NotStoppedError says how many names at how many resolvers are not seen to be stopped as ordered. It is an ErrInPart: what was answered is sealed.
type NotStoppedError struct {
	Exhibit string
	Counts  map[evidence.ExecutionVerdict]int
}

func (e *NotStoppedError) Error() string {
	var parts []string
	for _, v := range evidence.ExecutionVerdicts {
		if n := e.Counts[v]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", v, n))
		}
	}
	return fmt.Sprintf("not everything is stopped, %s: %s", e.Exhibit, strings.Join(parts, ", "))
}

// Unwrap gives ErrInPart.
func (e *NotStoppedError) Unwrap() error { return ErrInPart }

const (
	detailApplication = "application" // S01, in the entry that admits a check of execution
	maxAskedResolvers = 16
	maxExecutionTime  = 30 * time.Minute
)

var errExecutionLong = fmt.Errorf("the check took longer than %v", maxExecutionTime)

// CheckExecution asks resolvers whether they stop the targets of an application, and seals what they answer as an exhibit, however little came.
// Where not every name is stopped at every resolver, the error beside it is a *NotStoppedError. Told hears how many questions are done.
func (w *Workbench) CheckExecution(ctx context.Context, c *casefile.Case, id string, o ExecutionOptions, told func(done, total int)) (Execution, error) {
	k, err := w.newCheck(c, id, o)
	if err != nil {
		return Execution{}, err
	}
	if ctx.Err() != nil {
		return Execution{}, context.Cause(ctx)
	}
	if k.previous, err = w.lastExecution(ctx, c, id); err != nil {
		return Execution{}, err
	}
	settle := context.WithoutCancel(ctx)
	begun, err := c.Log(settle, custody.Entry{
		Actor: custody.Person, Action: custody.ExecutionCheck, Object: id, Reason: o.Reason, Detail: k.detail(),
	})
	if err != nil {
		return Execution{}, err
	}
	in, err := c.Receive(settle, casefile.IntakeOptions{Action: custody.ExhibitAdmit, Actor: custody.Tool, Begin: begun.Number})
	if err != nil {
		return Execution{}, err
	}
	k.told = told
	err = k.run(ctx, in)
	if lerr := logContacts(settle, c, begun, k.report.Contacts); err == nil {
		err = lerr
	}
	if err != nil {
		return Execution{}, errors.Join(err, in.Abandon(settle, err.Error()))
	}
	got := Execution{ExecutionReport: k.report}
	if got.Exhibit, err = w.admitJSON(settle, in, evidence.Execution, evidence.ExecutionJSON, k.report, k.admission(got), o.Reason); err != nil {
		return got, err
	}
	if err := w.seal(settle, c); err != nil {
		return got, err
	}
	if counts := got.Counts(); counts[evidence.Stopped] < len(got.Names)*len(k.resolvers) {
		return got, &NotStoppedError{got.Exhibit, counts}
	}
	return got, nil
}

// Executions lists the checks of an application, or of all, in the order in which they were made.
func (w *Workbench) Executions(ctx context.Context, c *casefile.Case, id string) ([]Execution, error) {
	if id != "" {
		if _, err := c.Get(kindApplication, id); err != nil {
			return nil, err
		}
	}
	exhibits, err := c.Exhibits()
	if err != nil {
		return nil, err
	}
	list := []Execution{}
	for _, e := range exhibits {
		if !checkOf(e, id) {
			continue
		}
		report, err := readDocument[evidence.ExecutionReport](ctx, c, e, evidence.ExecutionJSON)
		if err != nil {
			return nil, err
		}
		list = append(list, Execution{e.ID, report})
	}
	return list, nil
}

// checkOf reports whether an exhibit is a check of an application, or of any. What somebody brought as a record of execution is none.
func checkOf(e casefile.Exhibit, id string) bool {
	of := e.Detail[detailApplication]
	return evidence.KindOf(e.Detail) == evidence.Execution && of != "" && (id == "" || of == id)
}

// lastExecution is the last check of an application; none has no number.
func (w *Workbench) lastExecution(ctx context.Context, c *casefile.Case, id string) (Execution, error) {
	exhibits, err := c.Exhibits()
	if err != nil {
		return Execution{}, err
	}
	for _, e := range slices.Backward(exhibits) {
		if checkOf(e, id) {
			report, err := readDocument[evidence.ExecutionReport](ctx, c, e, evidence.ExecutionJSON)
			return Execution{e.ID, report}, err
		}
	}
	return Execution{}, nil
}
