package cli

import (
	"context"
	"strings"

	"yuzheng/app/workbench"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/sign"
)

type targetCmd struct {
	Add      targetAddCmd      `cmd:"" help:"Make a target out of exhibits."`
	Set      targetSetCmd      `cmd:"" help:"Say something of a target otherwise; older versions are kept."`
	Drop     targetDropCmd     `cmd:"" help:"Take a target back that is none; its versions are kept, and its number is not given again."`
	List     targetListCmd     `cmd:"" help:"Every target."`
	Propose  targetProposeCmd  `cmd:"" help:"Names that captures tie to the targets and that are none yet: one visit, one certificate, the same payee."`
	Gate     targetGateCmd     `cmd:"" help:"Judge targets by the rules against over-blocking."`
	Override targetOverrideCmd `cmd:"" help:"Let a soft result pass, with a second person and a reason that is printed."`
}

type targetAddCmd struct {
	Dir      string   `arg:"" name:"CASE" type:"path" help:"Case folder."`
	Name     string   `arg:"" help:"Domain name, as an exhibit shows it."`
	Scope    string   `enum:"exact,subdomains" default:"exact" help:"exact: this name only; subdomains: every name below it, too."`
	Reason   string   `help:"Why sub-domains, or a name above the captured host, are meant."`
	Exhibit  []string `help:"Exhibits that show the name; all that do when none is given." placeholder:"W0001"`
	SiteKind string   `help:"Kind of site, e.g. 金融保險."`
	Victims  int      `help:"Reported victims."`
	Amount   int64    `help:"Reported loss in new Taiwan dollars."`
	Note     string   `help:"Remark for the table."`
}

func (cmd *targetAddCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		t, err := s.Bench.AddTarget(ctx, c, workbench.NewTarget{
			Name: cmd.Name, Scope: application.Scope(cmd.Scope), ScopeReason: cmd.Reason, Exhibits: cmd.Exhibit,
			SiteKind: cmd.SiteKind, Note: cmd.Note, Victims: cmd.Victims, Amount: cmd.Amount,
		})
		if err != nil {
			return err
		}
		return s.print(t, func() { s.printTarget(t) })
	})
}

func (s *Session) printTarget(t application.Target) {
	s.line("cli.target", "id", t.ID, "name", t.Name, "scope", s.Say.T("scope."+string(t.Scope)), "unicode", t.Unicode)
}

type targetSetCmd struct {
	Dir      string  `arg:"" name:"CASE" type:"path" help:"Case folder."`
	ID       string  `arg:"" name:"TARGET" help:"Number, e.g. D001."`
	Why      string  `required:"" help:"Why it changes; it stands in the log."`
	Scope    *string `enum:"exact,subdomains" help:"exact: this name only; subdomains: every name below it, too."`
	Reason   *string `help:"Why sub-domains, or a name above the captured host, are meant."`
	SiteKind *string `help:"Kind of site, e.g. 金融保險."`
	Victims  *int    `help:"Reported victims; 0, with an amount of 0, takes the sums of the table of losses."`
	Amount   *int64  `help:"Reported loss in new Taiwan dollars."`
	Note     *string `help:"Remark for the table."`
}

func (cmd *targetSetCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		t, err := s.Bench.SetTarget(ctx, c, cmd.ID, workbench.TargetChange{
			Scope: (*application.Scope)(cmd.Scope), ScopeReason: cmd.Reason, SiteKind: cmd.SiteKind, Note: cmd.Note, Victims: cmd.Victims, Amount: cmd.Amount,
		}, cmd.Why)
		if err != nil {
			return err
		}
		return s.print(t, func() { s.printTarget(t) })
	})
}

type targetDropCmd struct {
	Dir string `arg:"" name:"CASE" type:"path" help:"Case folder."`
	ID  string `arg:"" name:"TARGET" help:"Number, e.g. D001."`
	Why string `required:"" help:"Why it is none; it stands in the log."`
}

func (cmd *targetDropCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error { return s.Bench.DropTarget(ctx, c, cmd.ID, cmd.Why) })
}

type targetListCmd struct {
	Dir string `arg:"" name:"CASE" type:"path" help:"Case folder."`
}

func (cmd *targetListCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		targets, err := s.Bench.Targets(c)
		if err != nil {
			return err
		}
		return s.print(targets, func() {
			for _, t := range targets {
				s.printTarget(t)
			}
		})
	})
}

type targetProposeCmd struct {
	Dir string `arg:"" name:"CASE" type:"path" help:"Case folder."`
}

func (cmd *targetProposeCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		list, err := s.Bench.Propose(ctx, c)
		if err != nil {
			return err
		}
		return s.print(list, func() { s.propose(list) })
	})
}

func (s *Session) propose(list []application.Proposal) {
	if len(list) == 0 {
		s.line("cli.propose.none")
		return
	}
	for _, p := range list {
		key := "cli.propose"
		if len(p.Exhibits) == 0 {
			key = "cli.propose.uncaptured"
		}
		s.line(key, "name", p.Name, "exhibits", strings.Join(p.Exhibits, " "))
		for _, t := range p.Ties {
			s.line("cli.propose.tie", "text", s.either(t.Text, t.TextEN), "exhibits", strings.Join(t.Exhibits, " "))
		}
	}
	s.line("cli.propose.next")
}

type targetGateCmd struct {
	Dir string   `arg:"" name:"CASE" type:"path" help:"Case folder."`
	IDs []string `arg:"" name:"TARGET" optional:"" help:"Numbers, e.g. D001; all when none is given."`
}

func (cmd *targetGateCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		results, err := s.Bench.RunGate(ctx, c, cmd.IDs...)
		if err != nil {
			return err
		}
		if err := s.print(results, func() { s.printGates(results) }); err != nil {
			return err
		}
		return workbench.GateRefusal(results)
	})
}

func (s *Session) printGates(results []application.GateResult) {
	for _, g := range results {
		s.line("cli.gate", "id", g.Target, "name", g.Name, "result", s.Say.T("gate."+workbench.GateState(g)))
		for _, r := range g.Results {
			text := r.Text
			if s.Say.Lang == "en" {
				text = r.TextEN
			}
			s.line("cli.gate.rule", "level", s.Say.T("level."+string(r.Level)), "rule", r.Rule, "text", text)
		}
	}
}

type targetOverrideCmd struct {
	Dir    string `arg:"" name:"CASE" type:"path" help:"Case folder."`
	ID     string `arg:"" name:"TARGET" help:"Number, e.g. D001."`
	Rule   string `required:"" help:"The rule whose soft result is to pass, e.g. mail."`
	Person string `required:"" help:"The second person; not the operator."`
	Reason string `required:"" help:"The reason, as it is printed."`
	signFlags
}

func (cmd *targetOverrideCmd) Run(ctx context.Context, s *Session) error {
	return s.signing(cmd.signFlags, func(by *sign.Signer) error {
		return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
			err := s.Bench.Override(ctx, c, application.Override{Target: cmd.ID, Rule: cmd.Rule, Person: cmd.Person, Reason: cmd.Reason}, by)
			if err == nil && by == nil {
				s.note("cli.step.keyless", "person", cmd.Person)
			}
			return err
		})
	})
}
