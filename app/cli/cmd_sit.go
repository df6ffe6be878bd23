package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"yuzheng/app/faults"
	"yuzheng/app/workbench"
	"yuzheng/capture"
	"yuzheng/casefile"
	"yuzheng/casefile/evidence"
)

type sitCmd struct {
	Dir    string `arg:"" name:"CASE" type:"path" help:"Case folder."`
	URL    string `arg:"" name:"URL" help:"Where to begin."`
	View   string `default:"desktop" help:"As whom: desktop, mobile, ad, line, facebook, crawler."`
	Login  string `help:"Begin with this login, which the case keeps ('login list')." placeholder:"NAME"`
	Keep   string `help:"Keep the login in the case under this name, with every exhibit and at the end." placeholder:"NAME"`
	Reason string `help:"By which authority; it stands in the log."`
	how
}

// Run leaves a browser to the person and takes a line for each exhibit: an empty one captures, "q" ends.
func (cmd *sitCmd) Run(ctx context.Context, s *Session) error {
	if !evidence.Persona(cmd.View).Known() {
		return fmt.Errorf("%w: unknown view %q", ErrUsage, cmd.View)
	}
	r, err := cmd.base(s)
	if err != nil {
		return err
	}
	if r.URL, err = address(cmd.URL); err != nil {
		return err
	}
	r.View = evidence.Persona(cmd.View)
	if err := capture.Validate(r); err != nil {
		return fmt.Errorf("%w: %w", ErrUsage, err)
	}
	n := workbench.NewSession{Request: r, Login: cmd.Login, Keep: cmd.Keep, Reason: cmd.Reason, Ask: s.Say.T("sitting.ask", "what", capture.AskedOf), Told: s.sayAct}
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		sitting, err := s.Bench.Sit(ctx, c, n)
		if err != nil {
			return err
		}
		s.note("cli.sit.how")
		err = s.drive(ctx, sitting)
		report, endErr := sitting.End(ctx)
		s.saySession(report)
		return errors.Join(err, endErr)
	})
}

// drive captures when the person says so, until there is nothing left to drive.
func (s *Session) drive(ctx context.Context, sitting *workbench.Session) error {
	over := make(chan struct{})
	defer close(over)
	words := make(chan string)
	go func() {
		defer close(words)
		for in := bufio.NewScanner(s.In); in.Scan(); {
			select {
			case words <- strings.TrimSpace(in.Text()):
			case <-over:
				return
			}
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-sitting.Done():
			s.note("cli.sit.closed")
			return nil
		case word, open := <-words:
			switch {
			case !open || word == "q":
				return nil
			case word != "":
				s.note("cli.sit.how")
				continue
			}
			got, err := sitting.Capture(ctx, &liner{s: s})
			if err != nil {
				return err
			}
			s.printCaptured(got)
		}
	}
}

func (s *Session) sayAct(a evidence.Act) {
	if a.Action != "scroll" {
		s.note("cli.sit.act", "actor", s.Say.T("actor."+string(a.Actor)), "action", s.Say.T("act."+a.Action), "detail", a.Detail)
	}
}

func (s *Session) saySession(r workbench.SessionReport) {
	if s.grammar.JSON {
		_ = s.print(r, nil) // a closed pipe must not stop the sealing
		return
	}
	s.line("cli.sit", "sitting", r.ID, "exhibits", strings.Join(r.Exhibits, " "), "exhibit", r.Exhibit, "actions", len(r.Actions))
	if r.Unsealed > 0 {
		s.line("cli.sit.unsealed", "n", r.Unsealed)
	}
	for _, w := range faults.Warnings(s.Say.Lang, r.Cautions) {
		s.line("cli.warning", "text", w)
	}
}

type loginCmd struct {
	List   loginListCmd   `cmd:"" help:"The logins that the case keeps."`
	Remove loginRemoveCmd `cmd:"" help:"Take a login out of the case; its entries in the log stay."`
}

type loginListCmd struct {
	Dir string `arg:"" name:"CASE" type:"path" help:"Case folder."`
}

func (cmd *loginListCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error { return s.printLogins(c) })
}

func (s *Session) printLogins(c *casefile.Case) error {
	list := c.Logins()
	return s.print(append([]casefile.LoginInfo{}, list...), func() {
		for _, l := range list {
			s.line("cli.login", "name", l.Name, "url", l.URL)
		}
	})
}

type loginRemoveCmd struct {
	Dir    string `arg:"" name:"CASE" type:"path" help:"Case folder."`
	Name   string `arg:"" name:"NAME" help:"The login, as 'login list' names it."`
	Reason string `required:"" help:"Why; it stands in the log."`
}

func (cmd *loginRemoveCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		if err := c.RemoveLogin(ctx, cmd.Name, cmd.Reason); err != nil {
			return err
		}
		return s.printLogins(c)
	})
}
