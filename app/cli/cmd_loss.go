package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"yuzheng/app/workbench"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
)

type lossCmd struct {
	Import lossImportCmd `cmd:"" help:"Take in a table of losses (CSV: victim, date, amount, target, way) as a complaint, or as what an exhibit reports."`
	List   lossListCmd   `cmd:"" help:"What was reported as lost."`
}

type lossImportCmd struct {
	Dir      string `arg:"" name:"CASE" type:"path" help:"Case folder."`
	File     string `arg:"" name:"FILE" help:"Table, in UTF-8 ('-' is standard input)."`
	Exhibit  string `help:"Exhibit that reports the losses; without it the table itself becomes one." placeholder:"W0001"`
	From     string `help:"Who gave the table."`
	Received string `help:"When it was given, as you would write it."`
	Reason   string `help:"Reference, or why it changes; it stands in the log."`
}

func (cmd *lossImportCmd) Run(ctx context.Context, s *Session) error {
	in := s.In
	if cmd.File != "-" {
		f, err := os.Open(cmd.File)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrUsage, err)
		}
		defer f.Close()
		in = f
	}
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		source := workbench.Source{File: filepath.Base(cmd.File), From: cmd.From, Received: cmd.Received, Reason: cmd.Reason}
		exhibit, list, err := s.Bench.ImportLosses(ctx, c, workbench.NewLosses{Exhibit: cmd.Exhibit, Source: source}, in)
		if err != nil {
			return err
		}
		return s.printLosses(exhibit, list)
	})
}

func (s *Session) printLosses(exhibit string, list []application.Loss) error {
	total := int64(0)
	for _, l := range list {
		total += l.Amount
	}
	return s.print(list, func() { s.line("cli.loss.imported", "exhibit", exhibit, "n", len(list), "sum", total) })
}

type lossListCmd struct {
	Dir string `arg:"" name:"CASE" type:"path" help:"Case folder."`
}

func (cmd *lossListCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		list, err := s.Bench.Losses(c)
		if err != nil {
			return err
		}
		return s.print(list, func() {
			for _, l := range list {
				s.line("cli.loss", "exhibit", l.Exhibit, "row", l.Row, "victim", l.Victim, "date", l.Date.Format("2006-01-02"), "amount", l.Amount, "target", l.Target, "way", l.Way)
			}
		})
	})
}
