package cli

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"yuzheng/app/workbench"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
)

type lossCmd struct {
	Import lossImportCmd `cmd:"" help:"Take in a table of losses (CSV: victim, date, amount, target, way) as a complaint, or as what an exhibit reports."`
	List   lossListCmd   `cmd:"" help:"What was reported as lost."`
	Drop   lossDropCmd   `cmd:"" help:"Take the table of an exhibit back: its losses count no longer, the exhibit stays."`
}

type lossImportCmd struct {
	Dir      string            `arg:"" name:"CASE" type:"path" help:"Case folder."`
	File     string            `arg:"" name:"FILE" help:"Table ('-' is standard input)."`
	Exhibit  string            `help:"Exhibit that reports the losses; without it the table itself becomes one." placeholder:"W0001"`
	Column   map[string]string `help:"Heading of the column for victim, date, amount, target or way, where it is not known; may be repeated." placeholder:"FIELD=HEADING"`
	From     string            `help:"Who gave the table."`
	Received string            `help:"When it was given, as you would write it."`
	Reason   string            `help:"Reference, or why it changes; it stands in the log."`
}

func (cmd *lossImportCmd) Run(ctx context.Context, s *Session) error {
	columns, err := s.lossColumns(cmd.Column)
	if err != nil {
		return err
	}
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
		got, err := s.Bench.ImportLosses(ctx, c, workbench.NewLosses{Exhibit: cmd.Exhibit, Columns: columns, Source: source}, in)
		if err != nil {
			return err
		}
		return s.print(got, func() { s.tellLosses(got) })
	})
}

// lossColumns takes the fields by their names or by the words for them.
func (s *Session) lossColumns(said map[string]string) (map[string]string, error) {
	columns := map[string]string{}
	for field, heading := range said {
		i := slices.IndexFunc(application.LossFields, func(f string) bool { return field == f || field == s.Say.T("cli.loss.field."+f) })
		if i < 0 {
			return nil, fmt.Errorf("%w: --column %s; fields: %s", ErrUsage, field, strings.Join(application.LossFields, ", "))
		}
		columns[application.LossFields[i]] = heading
	}
	return columns, nil
}

// tellLosses says what was read, and out of which columns: a wrong one is seen here or in court.
func (s *Session) tellLosses(got workbench.ImportedLosses) {
	total := int64(0)
	for _, l := range got.Losses {
		total += l.Amount
	}
	s.line("cli.loss.imported", "exhibit", got.Exhibit, "n", len(got.Losses), "sum", total)
	for _, field := range application.LossFields {
		if heading, ok := got.Columns[field]; ok {
			s.line("cli.loss.column", "field", s.Say.T("cli.loss.field."+field), "heading", heading)
		}
	}
	for _, l := range got.Losses {
		if l.Target == "" {
			s.line("cli.loss.elsewhere", "row", l.Row, "site", l.Site)
		}
	}
	for _, row := range got.Alike {
		s.line("cli.loss.alike", "row", row)
	}
}

type lossDropCmd struct {
	Dir     string `arg:"" name:"CASE" type:"path" help:"Case folder."`
	Exhibit string `arg:"" name:"EXHIBIT" help:"Exhibit that reports the losses."`
	Reason  string `required:"" help:"Why; it stands in the log."`
}

func (cmd *lossDropCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		if err := s.Bench.DropLosses(ctx, c, cmd.Exhibit, cmd.Reason); err != nil {
			return err
		}
		s.line("cli.loss.dropped", "exhibit", cmd.Exhibit)
		return nil
	})
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
				s.line("cli.loss", "exhibit", l.Exhibit, "row", l.Row, "victim", l.Victim, "date", l.Date.Format("2006-01-02"), "amount", l.Amount, "target", cmp.Or(l.Target, l.Site), "way", l.Way)
			}
		})
	})
}
