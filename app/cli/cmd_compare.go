package cli

import (
	"context"
	"fmt"

	"yuzheng/app/workbench"
	"yuzheng/casefile"
)

type compareCmd struct {
	Dir      string   `arg:"" name:"CASE" type:"path" help:"Case folder."`
	Exhibits []string `arg:"" name:"EXHIBIT" help:"Two or more exhibits of one address: several views, or one view at two times."`
	Keep     bool     `help:"Make the comparison an exhibit."`
	Reason   string   `help:"With --keep: why it was made."`
}

func (cmd *compareCmd) Run(ctx context.Context, s *Session) error {
	if len(cmd.Exhibits) < 2 {
		return fmt.Errorf("%w: two exhibits at least", ErrUsage)
	}
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		got, err := s.Bench.Compare(ctx, c, cmd.Exhibits...)
		if err == nil && cmd.Keep {
			got, err = s.Bench.KeepComparison(ctx, c, got, cmd.Reason)
		}
		if err != nil {
			return err
		}
		return s.print(got, func() { s.sayComparison(got, s.line) })
	})
}

// sayComparison says the conclusion, what it rests on, and how to ask by hand.
func (s *Session) sayComparison(got workbench.Comparison, line func(string, ...any)) {
	percent := "–"
	if p := got.Percent(); p != nil {
		percent = fmt.Sprintf("%d%%", *p)
	}
	line("cli.compared", "sides", got.Sides, "conclusion", s.Say.T("compare."+got.Conclusion()), "percent", percent, "exhibit", got.Exhibit)
	if got.Views != nil && got.Views.Way != "" {
		line("cli.compared.way", "way", s.Say.T("compare.way."+string(got.Views.Way)))
	}
	said := map[string]bool{}
	for _, sign := range got.Signs() {
		measure := ""
		if sign.Measure != nil {
			measure = fmt.Sprintf("%.2f", sign.Measure.Value)
		}
		text := s.Say.T("cli.compared.sign", "sign", s.Say.T("compare.sign."+string(sign.Code)), "a", sign.A, "b", sign.B, "measure", measure)
		if !said[text] {
			said[text] = true
			line("cli.compared.text", "text", text)
		}
	}
	for _, step := range got.Steps {
		line("cli.compared.step", "view", s.Say.T("view."+string(step.View)), "shell", step.Shell)
	}
}
