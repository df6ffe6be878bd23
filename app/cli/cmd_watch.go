package cli

import (
	"cmp"
	"context"
	"time"

	"yuzheng/app/workbench"
	"yuzheng/capture/compare"
	"yuzheng/casefile"
)

type watchCmd struct {
	Add  watchAddCmd  `cmd:"" help:"Watch the address of an exhibit."`
	List watchListCmd `cmd:"" help:"Every watch and what came of it."`
	Run  watchRunCmd  `cmd:"" help:"Capture or check what is due, wait for what comes due, until every watch has ended."`
	End  watchEndCmd  `cmd:"" help:"End a watch."`
}

type watchAddCmd struct {
	Dir     string        `arg:"" name:"CASE" type:"path" help:"Case folder."`
	Exhibit string        `arg:"" name:"EXHIBIT" help:"The exhibit to begin with; its settings are used."`
	Every   time.Duration `default:"6h" help:"Interval."`
	Times   int           `help:"Captures at most."`
	Until   string        `help:"Last day, e.g. 2026-12-31." placeholder:"DATE"`
	Stop    []string      `help:"End when a comparison says so: gone, changed-hands-suspected, changed." enum:"gone,changed-hands-suspected,changed"`
}

func (cmd *watchAddCmd) Run(ctx context.Context, s *Session) error {
	n := workbench.Watch{Exhibit: cmd.Exhibit, Every: cmd.Every, Times: cmd.Times}
	var err error
	if n.Until, err = workbench.LastDay(cmd.Until); err != nil {
		return err
	}
	for _, stop := range cmd.Stop {
		n.Stop = append(n.Stop, compare.Recaptured(stop))
	}
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		got, err := s.Bench.AddWatch(ctx, c, n)
		if err != nil {
			return err
		}
		return s.print(got, func() { s.sayWatch(got) })
	})
}

func (s *Session) sayWatch(a workbench.Watch) {
	state := s.Say.T("watch.on")
	if a.Ended != "" {
		state = s.Say.T("watch." + string(a.Ended))
	}
	s.line("cli.watch", "watch", a.ID, "exhibit", cmp.Or(a.Application, a.Exhibit), "every", a.Every, "captures", len(a.Captures), "state", state)
}

type watchListCmd struct {
	Dir string `arg:"" name:"CASE" type:"path" help:"Case folder."`
}

func (cmd *watchListCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		list, err := s.Bench.Watches(c)
		if err != nil {
			return err
		}
		return s.print(list, func() {
			for _, a := range list {
				s.sayWatch(a)
			}
		})
	})
}

type watchRunCmd struct {
	Dir  string `arg:"" name:"CASE" type:"path" help:"Case folder."`
	Once bool   `help:"Only what is due now."`
}

func (cmd *watchRunCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		return s.Bench.RunWatches(ctx, c, cmd.Once, &liner{s: s}, func(got workbench.Watched) {
			if s.grammar.JSON {
				_ = s.encode(got, "") // a closed pipe must not stop the watch
				return
			}
			if got.Execution != nil {
				s.sayExecution(*got.Execution)
				return
			}
			s.printCaptured(got.Captured)
			s.sayComparison(got.Comparison, s.line)
		})
	})
}

type watchEndCmd struct {
	Dir    string `arg:"" name:"CASE" type:"path" help:"Case folder."`
	Watch  string `arg:"" name:"WATCH" help:"Number, e.g. M001."`
	Reason string `help:"Why; recorded."`
}

func (cmd *watchEndCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error { return s.Bench.EndWatch(ctx, c, cmd.Watch, cmd.Reason) })
}
