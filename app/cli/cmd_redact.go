package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"yuzheng/casefile"
	"yuzheng/casefile/evidence"
)

type exhibitRedactCmd struct {
	Dir     string `arg:"" name:"CASE" type:"path" help:"Case folder."`
	Exhibit string `arg:"" name:"EXHIBIT" help:"Number, e.g. W0001."`
	Rules   string `type:"existingfile" help:"What is masked, as JSON: kinds, words, expressions, pictures, what to leave out. All built-in kinds when not given." placeholder:"FILE"`
	Reason  string `help:"Why it was made, e.g. for whom."`
}

func (cmd *exhibitRedactCmd) Run(ctx context.Context, s *Session) error {
	var rules io.Reader
	if cmd.Rules != "" {
		f, err := os.Open(cmd.Rules)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrUsage, err)
		}
		defer f.Close()
		rules = f
	}
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		got, err := s.Bench.Redact(ctx, c, cmd.Exhibit, rules, cmd.Reason)
		if err != nil {
			return err
		}
		got.Captured = normal(got.Captured)
		return s.print(got, func() {
			s.line("cli.redacted", "exhibit", got.Exhibit, "original", got.Redaction.Original)
			for _, a := range got.Redaction.Artifacts {
				s.lineRedacted(a)
			}
		})
	})
}

// lineRedacted says what became of an artifact, and of each part of it that is not in the copy.
func (s *Session) lineRedacted(a evidence.RedactionArtifact) {
	if a.LeftOut != "" {
		s.line("cli.redacted.left", "name", a.Name, "reason", s.Say.T("redact.left."+string(a.LeftOut)))
		return
	}
	var masked []string
	for _, k := range evidence.RedactionKinds {
		if n := a.Masked[k]; n > 0 {
			masked = append(masked, fmt.Sprintf("%s %d", s.Say.T("redact."+string(k)), n))
		}
	}
	if len(masked) == 0 {
		masked = []string{s.Say.T("cli.redacted.nothing")}
	}
	s.line("cli.redacted.artifact", "name", a.Name, "masked", strings.Join(masked, s.Say.T("cli.redacted.comma")))
	for _, why := range evidence.RedactionReasons {
		n := 0
		for _, l := range a.Left {
			if l.Reason == why {
				n++
			}
		}
		if n > 0 {
			s.line("cli.redacted.parts", "n", n, "reason", s.Say.T("redact.left."+string(why)))
		}
	}
	if a.More > 0 {
		s.line("cli.redacted.more", "n", a.More)
	}
}
