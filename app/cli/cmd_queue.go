package cli

import (
	"context"
	"fmt"
	"strings"

	"yuzheng/app/workbench"
	"yuzheng/casefile"
	"yuzheng/casefile/evidence"
)

type queueCmd struct {
	List    queueListCmd    `cmd:"" help:"Every job of the queue with its state."`
	Run     queueRunCmd     `cmd:"" help:"Capture what waits; ends with 4 if not everything is whole."`
	Cancel  queueCancelCmd  `cmd:"" help:"Take jobs that wait off the queue."`
	Restore queueRestoreCmd `cmd:"" help:"Put cancelled jobs back."`
	Retry   queueRetryCmd   `cmd:"" help:"Queue again what did not come whole."`
}

type queueListCmd struct {
	Dir   string `arg:"" name:"CASE" type:"path" help:"Case folder."`
	State string `help:"Only jobs in this state: waiting, sealed, person, cancelled." enum:"waiting,sealed,person,cancelled," default:""`
}

func (cmd *queueListCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		jobs, err := s.Bench.Jobs(c)
		if err != nil {
			return err
		}
		list := []evidence.Job{}
		for _, j := range jobs {
			if cmd.State == "" || string(j.State) == cmd.State {
				list = append(list, j)
			}
		}
		return s.printJobs(list)
	})
}

func (s *Session) printJobs(list []evidence.Job) error {
	return s.print(list, func() {
		for _, j := range list {
			verdict := ""
			if j.Verdict != "" {
				verdict = s.Say.T("verdict." + string(j.Outcome))
			}
			s.line("cli.job", "job", j.ID, "state", s.Say.T("queue."+string(j.State)), "url", j.URL, "view", s.Say.T("view."+string(j.View)),
				"exhibit", j.Exhibit, "verdict", verdict)
		}
	})
}

type queueRunCmd struct {
	Dir      string `arg:"" name:"CASE" type:"path" help:"Case folder."`
	Parallel int    `help:"Captures at the same time (as many as the machine bears unless told)."`
	Retries  int    `help:"Further tries of a page that can't be reached, each sealed."`
}

func (cmd *queueRunCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		return s.runQueue(ctx, c, workbench.RunOptions{Parallel: cmd.Parallel, Retries: cmd.Retries})
	})
}

// runQueue streams each exhibit; what needs a person, and what is left waiting, is told at the end.
func (s *Session) runQueue(ctx context.Context, c *casefile.Case, o workbench.RunOptions) error {
	o.Sealed = func(_ evidence.Job, got workbench.Captured) { s.printCaptured(got) }
	err := s.Bench.RunQueue(ctx, c, o)
	jobs, listErr := s.Bench.Jobs(c)
	if listErr != nil {
		return listErr
	}
	count := map[evidence.JobState]int{}
	for _, j := range jobs {
		count[j.State]++
	}
	s.note("cli.queue", "sealed", count[evidence.JobSealed], "person", count[evidence.JobPerson], "waiting", count[evidence.JobWaiting])
	return err
}

func jobNames(jobs []evidence.Job) []string {
	names := make([]string, len(jobs))
	for i, j := range jobs {
		names[i] = j.ID
	}
	return names
}

type queueCancelCmd struct {
	Dir    string   `arg:"" name:"CASE" type:"path" help:"Case folder."`
	Jobs   []string `arg:"" name:"JOB" help:"Jobs, e.g. Q001-0001, or all that wait of a batch: Q001."`
	Reason string   `help:"Why; recorded."`
}

func (cmd *queueCancelCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error { return s.Bench.CancelJobs(ctx, c, cmd.Reason, cmd.Jobs...) })
}

type queueRestoreCmd queueCancelCmd

func (cmd *queueRestoreCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error { return s.Bench.RestoreJobs(ctx, c, cmd.Reason, cmd.Jobs...) })
}

type queueRetryCmd struct {
	Dir     string   `arg:"" name:"CASE" type:"path" help:"Case folder."`
	Verdict []string `help:"Which verdicts; partial, viewport and unreachable unless told."`
}

func (cmd *queueRetryCmd) Run(ctx context.Context, s *Session) error {
	var verdicts []evidence.Verdict
	for _, v := range cmd.Verdict {
		if strings.Contains(v, ".") || s.Say.T("verdict."+v) == "verdict."+v {
			return fmt.Errorf("%w: unknown verdict %q", ErrUsage, v)
		}
		verdicts = append(verdicts, evidence.Verdict(v))
	}
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		jobs, err := s.Bench.RetryJobs(ctx, c, verdicts...)
		if err != nil {
			return err
		}
		return s.printJobs(jobs)
	})
}
