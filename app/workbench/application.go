package workbench

import (
	"context"
	"encoding/json"
	"fmt"

	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/custody"
)

const kindApplication = "application"

// NewApplication begins an application. Fields that are empty get the first words that the lists have for its type.
func (w *Workbench) NewApplication(ctx context.Context, c *casefile.Case, a application.Application) (application.Application, error) {
	lists, err := application.LoadLists(w.Lists)
	if err != nil {
		return a, err
	}
	earlier, err := w.earlier(c, a, lists)
	if err != nil {
		return a, err
	}
	if earlier != nil {
		a = lists.Follow(a, *earlier)
	}
	if a.Office == "" {
		a.Office = officeOf(c)
	}
	targets, err := w.Targets(c)
	if err != nil {
		return a, err
	}
	if len(a.Targets) == 0 {
		for _, t := range targets {
			a.Targets = append(a.Targets, t.ID)
		}
	}
	exhibits, err := w.evidence(ctx, c)
	if err != nil {
		return a, err
	}
	signs, err := w.signs(ctx, c)
	if err != nil {
		return a, err
	}
	a = lists.Draft(a, c.Info().Number, targets, exhibits, signs)
	r, err := c.Put(ctx, kindApplication, "", a, "")
	a.ID = r.ID
	return a, err
}

// SetApplication keeps a new version of an application; the older ones stay.
func (w *Workbench) SetApplication(ctx context.Context, c *casefile.Case, a application.Application, reason string) error {
	if _, err := c.Get(kindApplication, a.ID); err != nil {
		return err
	}
	life, err := w.Life(c, a)
	if err != nil {
		return err
	}
	if !life.Open() {
		return w.refuseStep(application.ErrClosed, a.ID)
	}
	_, err = c.Put(ctx, kindApplication, a.ID, a, reason)
	return err
}

// Application gives the newest version of an application.
func (w *Workbench) Application(c *casefile.Case, id string) (application.Application, error) {
	var a application.Application
	r, err := c.Get(kindApplication, id)
	if err != nil {
		return a, err
	}
	if err := json.Unmarshal(r.Value, &a); err != nil {
		return a, fmt.Errorf("application %s: %w", id, err)
	}
	a.ID = r.ID
	return a, nil
}

// Applications lists the applications of a case by their numbers.
func (w *Workbench) Applications(c *casefile.Case) ([]application.Application, error) {
	return records(c, kindApplication, func(a *application.Application, id string) { a.ID = id })
}

// brief is an application with all that it is judged by.
type brief struct {
	app      application.Application
	lists    *application.Lists
	targets  []application.Target
	exhibits []application.Exhibit
	gates    []application.GateResult
	life     application.Life
	earlier  *application.Earlier
	losses   []application.Loss
	to       application.Recipient
}

// set is the name under which the papers for the recipient are sealed: S01, and S01-twnic for another than the court.
func (b brief) set() string { return papersOf(b.app.ID, b.to) }

// approved reports whether the papers of the set stand because a second person approved them.
func (b brief) approved() bool { return b.set() == b.app.ID && !b.life.Open() }

func papersOf(id string, to application.Recipient) string {
	if to.Papers() == application.ForCourt {
		return id
	}
	return id + "-" + string(to)
}

func (w *Workbench) brief(ctx context.Context, c *casefile.Case, id string) (b brief, err error) {
	if b.app, err = w.Application(c, id); err != nil {
		return b, err
	}
	if b.lists, err = application.LoadLists(w.Lists); err != nil {
		return b, err
	}
	if b.life, err = w.Life(c, b.app); err != nil {
		return b, err
	}
	all, err := targetsAt(c, b.asOf())
	if err != nil {
		return b, err
	}
	if b.targets, err = pick(all, b.app.Targets); err != nil {
		return b, err
	}
	if b.losses, err = lossesAt(c, all, b.asOf()); err != nil {
		return b, err
	}
	if b.exhibits, err = w.evidence(ctx, c); err != nil {
		return b, err
	}
	if !b.life.Type.Restores {
		if b.gates, err = w.gate(c, b.targets, b.exhibits); err != nil {
			return b, err
		}
	}
	b.earlier, err = w.earlier(c, b.app, b.lists)
	return b, err
}

// asOf is how many entries the log had when the papers were made that were approved: what they rest on does not change any more.
func (b brief) asOf() int64 {
	if s, approved := b.life.Last(application.Approve); approved && s.Papers > 0 {
		return s.Papers
	}
	return always
}

// Lint says what keeps an application from being exported; nothing does when the list is empty.
func (w *Workbench) Lint(ctx context.Context, c *casefile.Case, id string) ([]application.Finding, error) {
	b, err := w.brief(ctx, c, id)
	if err != nil {
		return nil, err
	}
	return b.lint(operatorOf(c)), nil
}

func (b brief) lint(operator string) []application.Finding {
	return application.Lint(b.app, application.CaseData{
		Exhibits: b.exhibits, Targets: b.targets, Gates: b.gates, Operator: operator, Lists: b.lists, Losses: b.losses, Earlier: b.earlier,
	})
}

// gated is what the gate alone holds against the application.
func (b brief) gated(operator string) []application.Finding {
	return application.LintGate(b.app, application.CaseData{Targets: b.targets, Gates: b.gates, Operator: operator, Lists: b.lists})
}

// LintRefusal is the error for findings, or nil.
func LintRefusal(what string, findings []application.Finding) error {
	if len(findings) == 0 {
		return nil
	}
	r := &RefusedError{What: what}
	for _, f := range findings {
		r.Reasons = append(r.Reasons, Reason{f.Code, f.Object, f.Text, f.TextEN})
	}
	return r
}

// officeOf is the office of who works, or of the first operator of the case who has one.
func officeOf(c *casefile.Case) string {
	info := c.Info()
	for _, o := range append([]custody.Operator{info.Operator}, info.Operators...) {
		if o.Office != "" {
			return o.Office
		}
	}
	return ""
}

func operatorOf(c *casefile.Case) string { return c.Info().Operator.Name }
