package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"yuzheng/app/workbench"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/document"
	"yuzheng/casefile/sign"
)

type applicationTypesCmd struct{}

func (cmd *applicationTypesCmd) Run(s *Session) error {
	types, err := s.Bench.ApplicationTypes()
	if err != nil {
		return err
	}
	type brief struct {
		ID       string                 `json:"id"`
		Label    string                 `json:"label"`
		LabelEN  string                 `json:"label_en"`
		Complete bool                   `json:"complete"`
		Fields   []application.Field    `json:"fields"`
		Steps    []application.StepKind `json:"steps"`
	}
	list := []brief{}
	for _, t := range types {
		list = append(list, brief{t.ID, t.Label, t.LabelEN, t.Complete, t.Fields, t.Steps})
	}
	return s.print(list, func() {
		for _, t := range types {
			s.line("cli.type", "id", t.ID, "label", s.either(t.Label, t.LabelEN))
		}
	})
}

// either is one of two texts, by the language that is spoken.
func (s *Session) either(zh, en string) string {
	if s.Say.Lang == "en" {
		return en
	}
	return zh
}

// stepCmd is what every step of an application takes.
type stepCmd struct {
	Dir     string `arg:"" name:"CASE" type:"path" help:"Case folder."`
	ID      string `arg:"" name:"APPLICATION" help:"Number, e.g. S01."`
	Person  string `help:"Who took the step; who works, where it is not given. An approval wants a second person."`
	At      string `help:"When it happened: 2026-12-01 or 2026-12-01T09:30 in Taiwan's time; now, where it is not given." placeholder:"TIME"`
	Number  string `help:"Case number or reference of the order or the receipt."`
	Note    string `help:"Reason or remark; it stands in the log."`
	Exhibit string `help:"Exhibit that holds the order or the receipt." placeholder:"W0001"`
}

func (cmd stepCmd) take(ctx context.Context, s *Session, kind application.StepKind, more func(*workbench.NewStep, *casefile.Case) error) error {
	n := workbench.NewStep{Kind: kind, Person: cmd.Person, Number: cmd.Number, Note: cmd.Note, Exhibit: cmd.Exhibit}
	var err error
	if n.At, err = workbench.Moment(cmd.At); err != nil {
		return err
	}
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		if more != nil {
			if err := more(&n, c); err != nil {
				return err
			}
		}
		step, err := s.Bench.TakeStep(ctx, c, cmd.ID, n)
		if err != nil {
			return err
		}
		return s.printStep(c, step)
	})
}

func (s *Session) printStep(c *casefile.Case, step application.Step) error {
	a, err := s.Bench.Application(c, step.Application)
	if err != nil {
		return err
	}
	life, err := s.Bench.Life(c, a)
	if err != nil {
		return err
	}
	type told struct {
		application.Step
		State application.State      `json:"state"`
		Next  []application.StepKind `json:"next"`
	}
	if step.Signer != "" && !strings.Contains(step.Signer, step.Person) {
		s.note("cli.step.signer", "person", step.Person, "signer", step.Signer)
	}
	if step.Kind == application.Approve && !step.Signed() {
		s.note("cli.step.keyless", "person", step.Person)
	}
	return s.print(told{step, life.State(), append([]application.StepKind{}, life.Next()...)}, func() {
		s.line("cli.step", "id", step.Application, "step", s.Say.T("step."+string(step.Kind)), "person", step.Person, "at", clock(step.At),
			"state", s.Say.T("application.state."+string(life.State())), "next", s.steps(life.Next()))
	})
}

func (s *Session) steps(list []application.StepKind) string {
	var words []string
	for _, k := range list {
		words = append(words, s.Say.T("step."+string(k)))
	}
	if len(words) == 0 {
		return s.Say.T("cli.life.none")
	}
	return strings.Join(words, s.either("、", ", "))
}

type (
	applicationApproveCmd struct {
		stepCmd
		signFlags
	}
	applicationFileCmd     struct{ stepCmd }
	applicationExecuteCmd  struct{ stepCmd }
	applicationReleaseCmd  struct{ stepCmd }
	applicationCorrectCmd  struct{ stepCmd }
	applicationWithdrawCmd struct{ stepCmd }
)

func (cmd *applicationApproveCmd) Run(ctx context.Context, s *Session) error {
	return s.signing(cmd.signFlags, func(by *sign.Signer) error {
		return cmd.take(ctx, s, application.Approve, func(n *workbench.NewStep, _ *casefile.Case) error {
			n.By = by
			return nil
		})
	})
}

func (cmd *applicationFileCmd) Run(ctx context.Context, s *Session) error {
	return cmd.take(ctx, s, application.File, nil)
}

func (cmd *applicationExecuteCmd) Run(ctx context.Context, s *Session) error {
	return cmd.take(ctx, s, application.Execute, nil)
}

func (cmd *applicationReleaseCmd) Run(ctx context.Context, s *Session) error {
	return cmd.take(ctx, s, application.Release, nil)
}

func (cmd *applicationCorrectCmd) Run(ctx context.Context, s *Session) error {
	return cmd.take(ctx, s, application.Correct, nil)
}

func (cmd *applicationWithdrawCmd) Run(ctx context.Context, s *Session) error {
	return cmd.take(ctx, s, application.Withdraw, nil)
}

type applicationOrderCmd struct {
	stepCmd
	Court        string   `help:"Court that decided; the one of the application, where it is not given."`
	Granted      []string `help:"Targets that were granted; those not named were then refused, and granted where this is not given." placeholder:"D001"`
	Exact        []string `help:"Targets that were granted for the name alone." placeholder:"D002"`
	Refused      []string `help:"Targets that were refused." placeholder:"D003"`
	Valid        string   `help:"Last day on which the order may be executed." placeholder:"DAY"`
	From         string   `help:"First day of the measure." placeholder:"DAY"`
	Until        string   `help:"Last day of the measure." placeholder:"DAY"`
	Instructions string   `help:"What the court says to those who execute it."`
}

func (cmd *applicationOrderCmd) Run(ctx context.Context, s *Session) error {
	return cmd.take(ctx, s, application.Order, cmd.ruling(s))
}

type applicationIssueCmd struct{ applicationOrderCmd }

func (cmd *applicationIssueCmd) Run(ctx context.Context, s *Session) error {
	return cmd.take(ctx, s, application.Issue, cmd.ruling(s))
}

func (cmd *applicationOrderCmd) ruling(s *Session) func(*workbench.NewStep, *casefile.Case) error {
	return func(n *workbench.NewStep, c *casefile.Case) error {
		a, err := s.Bench.Application(c, cmd.ID)
		if err != nil {
			return err
		}
		if id := cmd.twice(); id != "" {
			return fmt.Errorf("%w: %s is decided twice", ErrUsage, id)
		}
		r := &application.Ruling{Court: cmd.Court, Names: cmd.grants(a.Targets), Instructions: cmd.Instructions}
		if r.Court == "" {
			r.Court = a.Court
		}
		n.Order = r
		return cmd.days(r)
	}
}

// days reads the days of a ruling; those that are not given stay empty.
func (cmd *applicationOrderCmd) days(r *application.Ruling) (err error) {
	for into, text := range map[*time.Time]string{&r.ValidTo: cmd.Valid, &r.TermFrom: cmd.From, &r.TermTo: cmd.Until} {
		if *into, err = workbench.Moment(text); err != nil {
			return err
		}
	}
	return nil
}

// twice is a target of which two things are said; empty: none.
func (cmd *applicationOrderCmd) twice() string {
	said := map[string]bool{}
	for _, id := range slices.Concat(cmd.Granted, cmd.Exact, cmd.Refused) {
		if said[id] {
			return id
		}
		said[id] = true
	}
	return ""
}

// grants is what was decided of each target: what is not named was refused, unless none is named.
func (cmd *applicationOrderCmd) grants(targets []string) map[string]application.Grant {
	names, rest := map[string]application.Grant{}, application.Refused
	if len(cmd.Granted) == 0 {
		rest = application.Granted // the rest is granted where only exceptions are named
	}
	for _, id := range targets {
		names[id] = rest
	}
	for grant, list := range map[application.Grant][]string{application.Granted: cmd.Granted, application.Narrow: cmd.Exact, application.Refused: cmd.Refused} {
		for _, id := range list {
			names[id] = grant
		}
	}
	return names
}

type applicationDeadlinesCmd struct {
	Dir string   `arg:"" name:"CASE" type:"path" help:"Case folder."`
	IDs []string `arg:"" optional:"" name:"APPLICATION" help:"Numbers, e.g. S01; all when none is given."`
	ICS string   `name:"ics" type:"path" help:"Write them as a calendar (iCalendar, RFC 5545) to FILE." placeholder:"FILE"`
}

func (cmd *applicationDeadlinesCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		due, err := s.Bench.Deadlines(c, cmd.IDs...)
		if err != nil {
			return err
		}
		if cmd.ICS != "" {
			if err := s.Bench.WriteCalendar(c, due, cmd.ICS, s.Say.Lang); err != nil {
				return err
			}
			s.note("cli.deadlines.written", "n", len(due), "file", filepath.Base(cmd.ICS))
		}
		return s.print(due, func() {
			for _, d := range due {
				over, rule := "", ""
				if d.Rule != "" {
					rule = s.Say.T("cli.deadline.rule", "rule", d.Rule)
				}
				if d.Over {
					over = s.Say.T("cli.deadline.over")
				}
				s.line("cli.deadline", "due", dueAt(d), "id", d.Application, "label", s.either(d.Label, d.LabelEN), "rule", rule, "over", over)
			}
			if len(due) == 0 {
				s.line("cli.deadlines.none")
			}
		})
	})
}

// dueAt is the day of a deadline, or its moment, in the time of the offices.
func dueAt(d application.Deadline) string {
	if d.Whole {
		return d.Due.In(document.Taiwan).Format(time.DateOnly)
	}
	return clock(d.Due)
}

type applicationAcceptCmd struct {
	Dir    string   `arg:"" name:"CASE" type:"path" help:"Case folder."`
	ID     string   `arg:"" name:"APPLICATION" help:"Number, e.g. S01."`
	Fields []string `arg:"" name:"FIELD" help:"Fields whose proposed words (〔待確認：…〕) are the applicant's statement."`
}

func (cmd *applicationAcceptCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		a, taken, err := s.Bench.Accept(ctx, c, cmd.ID, cmd.Fields...)
		if err != nil {
			return err
		}
		return s.print(a, func() {
			for _, f := range cmd.Fields {
				s.line("cli.accepted", "id", a.ID, "field", f, "n", taken[f])
			}
		})
	})
}

type applicationListCmd struct {
	Dir string `arg:"" name:"CASE" type:"path" help:"Case folder."`
}

func (cmd *applicationListCmd) Run(ctx context.Context, s *Session) error {
	type listed struct {
		ID      string                 `json:"id"`
		Type    string                 `json:"type"`
		Targets []string               `json:"targets"`
		State   application.State      `json:"state"`
		Next    []application.StepKind `json:"next"`
		Steps   []application.Step     `json:"steps"`
	}
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		all, err := s.Bench.Applications(c)
		if err != nil {
			return err
		}
		list := []listed{}
		for _, a := range all {
			life, err := s.Bench.Life(c, a)
			if err != nil {
				return err
			}
			list = append(list, listed{a.ID, a.Type, append([]string{}, a.Targets...), life.State(), append([]application.StepKind{}, life.Next()...), append([]application.Step{}, life.Steps...)})
		}
		return s.print(list, func() {
			for _, l := range list {
				s.line("cli.application.listed", "id", l.ID, "type", l.Type, "state", s.Say.T("application.state."+string(l.State)), "targets", l.Targets, "next", s.steps(l.Next))
			}
		})
	})
}

type applicationSupplementCmd struct {
	Dir     string   `arg:"" name:"CASE" type:"path" help:"Case folder."`
	ID      string   `arg:"" name:"APPLICATION" help:"Number, e.g. S01."`
	Targets []string `name:"target" required:"" help:"Targets that are added." placeholder:"D009"`
}

func (cmd *applicationSupplementCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		made, err := s.Bench.Supplement(ctx, c, cmd.ID, cmd.Targets)
		if err != nil {
			return err
		}
		return s.printApplication(made)
	})
}
