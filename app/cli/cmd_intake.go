package cli

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"yuzheng/app/workbench"
	"yuzheng/casefile"
	"yuzheng/casefile/evidence"
)

type intakeCmd struct {
	Dir     string   `arg:"" name:"CASE" type:"path" help:"Case folder."`
	Files   []string `arg:"" name:"FILE" help:"Lists of addresses: text, CSV, JSON, .url, .eml, .html, the 165 files; '-' is standard input."`
	View    []string `default:"desktop" help:"In which views each address is queued; several separated by commas."`
	NoQueue bool     `help:"Only read and seal the list; queue nothing."`
	Capture bool     `help:"Begin at once to capture what is queued."`
	Reason  string   `help:"Where the list comes from."`

	Parallel int `help:"With --capture: captures at the same time (as many as the machine bears unless told)."`
	how
}

func (cmd *intakeCmd) Run(ctx context.Context, s *Session) error {
	base, err := cmd.base(s)
	if err != nil {
		return err
	}
	o := workbench.IntakeOptions{Base: base, Reason: cmd.Reason}
	for _, v := range cmd.View {
		if view := evidence.Persona(v); !view.Known() {
			return fmt.Errorf("%w: unknown view %q", ErrUsage, v)
		} else if !cmd.NoQueue {
			o.Views = append(o.Views, view)
		}
	}
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		list := []workbench.IntakeResult{}
		for _, file := range cmd.Files {
			got, err := s.intake(ctx, c, file, o)
			if err != nil {
				return err
			}
			list = append(list, got)
		}
		if err := s.print(list, func() { s.sayIntake(list) }); err != nil || !cmd.Capture {
			return err
		}
		return s.runQueue(ctx, c, workbench.RunOptions{Parallel: cmd.Parallel})
	})
}

func (s *Session) intake(ctx context.Context, c *casefile.Case, file string, o workbench.IntakeOptions) (workbench.IntakeResult, error) {
	in, name := s.In, "-"
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return workbench.IntakeResult{}, fmt.Errorf("%w: %w", ErrUsage, err)
		}
		defer f.Close()
		in, name = io.Reader(f), filepath.Base(file)
	}
	return s.Bench.Intake(ctx, c, name, in, o)
}

func (s *Session) sayIntake(list []workbench.IntakeResult) {
	for _, r := range list {
		var reasons []string
		for _, reason := range slices.Sorted(maps.Keys(r.Report.Skipped)) {
			reasons = append(reasons, fmt.Sprintf("%s %d", s.Say.T("intake."+string(reason)), r.Report.Skipped[reason]))
		}
		s.line("cli.intake", "exhibit", r.Exhibit, "file", r.File, "kind", r.Report.Kind, "dataset", r.Report.Dataset, "rows", r.Report.Rows,
			"addresses", r.Report.Addresses, "clues", r.Report.Clues, "queued", r.Queued, "known", r.Known, "skipped", strings.Join(reasons, "、"))
		if len(r.Same) > 0 {
			s.note("cli.same", "exhibit", r.Exhibit, "same", strings.Join(r.Same, " "))
		}
	}
}
