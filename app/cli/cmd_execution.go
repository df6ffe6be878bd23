package cli

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"yuzheng/app/faults"
	"yuzheng/app/workbench"
	"yuzheng/casefile"
	"yuzheng/casefile/evidence"
)

type executionCmd struct {
	Check executionCheckCmd `cmd:"" help:"Ask resolvers whether the targets of an application are stopped, and seal what they answer."`
	Watch executionWatchCmd `cmd:"" help:"Check again at an interval; 'watch run' does it, 'watch end' ends it."`
	List  executionListCmd  `cmd:"" help:"Every check, and what it found."`
}

// asking is whom check and watch ask.
type asking struct {
	Resolver []string `sep:"none" help:"A resolver to ask: ADDRESS, udp://, tcp://, tls://ADDRESS#NAME or https://NAME/dns-query; repeatable. When none is given, those of the list of landing pages and its first control." placeholder:"RESOLVER"`
	Control  string   `help:"A resolver that no order reaches, written alike: it says what the names are outside." placeholder:"RESOLVER"`
	Landing  []string `help:"Where stopped names lead, in place of the list of landing pages; repeatable." placeholder:"ADDRESS"`
	Reason   string   `help:"Why it is checked; recorded."`
}

func (a asking) options() (workbench.ExecutionOptions, error) {
	o := workbench.ExecutionOptions{Resolvers: a.Resolver, Control: a.Control, Reason: a.Reason}
	for _, text := range a.Landing {
		address, err := netip.ParseAddr(text)
		if err != nil {
			return o, fmt.Errorf("%w: --landing: %s is no address", ErrUsage, text)
		}
		o.Landing = append(o.Landing, address.Unmap())
	}
	return o, nil
}

type executionCheckCmd struct {
	Dir string `arg:"" name:"CASE" type:"path" help:"Case folder."`
	ID  string `arg:"" name:"APPLICATION" help:"Number, e.g. S01."`
	asking
}

func (cmd *executionCheckCmd) Run(ctx context.Context, s *Session) error {
	o, err := cmd.options()
	if err != nil {
		return err
	}
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		got, err := s.Bench.CheckExecution(ctx, c, cmd.ID, o, s.fifths("cli.execution.asked"))
		if got.Exhibit == "" {
			return err
		}
		return errors.Join(s.print(got, func() { s.sayExecution(got) }), err)
	})
}

type executionWatchCmd struct {
	Dir   string        `arg:"" name:"CASE" type:"path" help:"Case folder."`
	ID    string        `arg:"" name:"APPLICATION" help:"Number, e.g. S01."`
	Every time.Duration `default:"6h" help:"Interval."`
	Until string        `help:"Last day, e.g. 2026-12-31: the end of the order's term." placeholder:"DATE"`
	Times int           `help:"Checks at most."`
	asking
}

func (cmd *executionWatchCmd) Run(ctx context.Context, s *Session) error {
	o, err := cmd.options()
	if err != nil {
		return err
	}
	n := workbench.Watch{Application: cmd.ID, Check: &o, Every: cmd.Every, Times: cmd.Times}
	if n.Until, err = workbench.LastDay(cmd.Until); err != nil {
		return err
	}
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		got, err := s.Bench.AddWatch(ctx, c, n)
		if err != nil {
			return err
		}
		return s.print(got, func() { s.sayWatch(got) })
	})
}

// fifths notes how far long work is, at each fifth of it.
func (s *Session) fifths(key string) func(done, total int) {
	const long = 200
	return func(done, total int) {
		if total >= long && done*5/total > (done-1)*5/total {
			s.note(key, "done", done, "total", total)
		}
	}
}

// sayExecution says what each resolver makes of each target, and of what is not as ordered, by what it is seen.
func (s *Session) sayExecution(x workbench.Execution) {
	s.sayCheck(x)
	labels := map[string]string{}
	for _, r := range x.Resolvers {
		labels[r.Resolver] = r.Resolver
		if r.Label != "" {
			labels[r.Resolver] += " " + r.Label
		}
	}
	for _, n := range x.Names {
		scope := "scope.exact"
		if n.Subdomains {
			scope = "scope.subdomains"
		}
		s.line("cli.execution.name", "target", n.Target, "name", n.Name, "scope", s.Say.T(scope))
		for _, at := range n.Resolvers {
			s.sayAt(at, labels[at.Resolver])
		}
	}
	control := false
	for _, r := range x.Resolvers {
		control = control || r.Control
		if r.End != evidence.ResolverDone {
			s.note("cli.execution.resolver", "resolver", r.Resolver, "end", s.Say.T("execution.end."+string(r.End)),
				"answered", r.Answered, "questions", r.Questions, "error", faults.Say(s.Say.Lang, r.Error))
		}
	}
	if !control {
		s.note("cli.execution.nocontrol")
	}
}

// sayCheck is one line for a check.
func (s *Session) sayCheck(x workbench.Execution) {
	pairs := 0
	for _, n := range x.Names {
		pairs += len(n.Resolvers)
	}
	s.line("cli.execution", "exhibit", x.Exhibit, "application", x.Application, "time", clock(x.Started),
		"stopped", x.Counts()[evidence.Stopped], "pairs", pairs)
}

func (s *Session) sayAt(at evidence.NameAt, resolver string) {
	before := ""
	if at.Before != "" && at.Before != at.Verdict {
		before = s.Say.T("cli.execution.before", "verdict", s.Say.T("execution."+string(at.Before)))
	}
	s.line("cli.execution.at", "resolver", resolver, "verdict", s.Say.T("execution."+string(at.Verdict)), "before", before)
	if at.Verdict == evidence.Stopped {
		return
	}
	for _, p := range at.Probes {
		if p.Verdict == at.Verdict {
			s.line("cli.execution.probe", "name", p.Name, "role", s.Say.T("execution.role."+string(p.Role)),
				"said", s.said(p.Resolution), "control", s.said(p.Control), "addresses", listed(p))
		}
	}
	s.line("cli.execution.means", "means", s.Say.T("execution."+string(at.Verdict)+".means"))
}

func (s *Session) said(r evidence.Resolution) string {
	if r == "" {
		return "–"
	}
	return s.Say.T("execution.said." + string(r))
}

func listed(p evidence.Probe) string {
	var text strings.Builder
	for _, a := range p.Addresses {
		text.WriteString(" " + a.String())
	}
	for _, name := range p.Leads {
		text.WriteString(" " + name)
	}
	return text.String()
}

type executionListCmd struct {
	Dir string `arg:"" name:"CASE" type:"path" help:"Case folder."`
	ID  string `arg:"" optional:"" name:"APPLICATION" help:"Number, e.g. S01; all when none is given."`
}

func (cmd *executionListCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		list, err := s.Bench.Executions(ctx, c, cmd.ID)
		if err != nil {
			return err
		}
		return s.print(list, func() {
			for _, x := range list {
				s.sayCheck(x)
			}
		})
	})
}
