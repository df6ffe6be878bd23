package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"yuzheng/app/workbench"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
)

type applicationCmd struct {
	New    applicationNewCmd    `cmd:"" help:"Begin an application; empty fields get first words."`
	List   applicationListCmd   `cmd:"" help:"The applications of a case: type, state, and the steps that may follow."`
	Show   applicationShowCmd   `cmd:"" help:"An application as JSON, the form that --from reads."`
	Set    applicationSetCmd    `cmd:"" help:"Change fields of an application; older versions stay."`
	Lint   applicationLintCmd   `cmd:"" help:"What keeps an application from leaving."`
	Render applicationRenderCmd `cmd:"" help:"Make and seal the papers."`
	Types  applicationTypesCmd  `cmd:"" help:"The types of applications; with --json their fields, papers and steps too."`
	Accept applicationAcceptCmd `cmd:"" help:"Take words that a draft proposes as the applicant's statement."`

	Supplement applicationSupplementCmd `cmd:"" help:"Begin one that adds targets to an earlier one, with its words."`

	Approve   applicationApproveCmd   `cmd:"" help:"A second person lets the papers leave as they are."`
	File      applicationFileCmd      `cmd:"" help:"Note that it was handed in."`
	Order     applicationOrderCmd     `cmd:"" help:"Record what the court decided, target by target."`
	Issue     applicationIssueCmd     `cmd:"" help:"Note that an authority has issued its order."`
	Execute   applicationExecuteCmd   `cmd:"" help:"Note that it was carried out."`
	Release   applicationReleaseCmd   `cmd:"" help:"Note that names are let go."`
	Correct   applicationCorrectCmd   `cmd:"" help:"Note that it was handed back for correction; its words may change again."`
	Withdraw  applicationWithdrawCmd  `cmd:"" help:"Note that it was taken back."`
	Deadlines applicationDeadlinesCmd `cmd:"" help:"What is due, and by which rule."`
}

// fields is how new and set take an application: from a file, then field by field.
type fields struct {
	From  string            `help:"Read the application from a JSON FILE ('-' is standard input)." placeholder:"FILE"`
	Set   map[string]string `short:"s" help:"Set one field, e.g. -s court=臺灣臺北地方法院. A value that begins with @ names a file." placeholder:"FIELD=TEXT" mapsep:"none"`
	Days  int               `help:"Days of execution from the order on."`
	Valid int               `help:"Days for which the order is to be valid."`
	Tie   []string          `name:"target" help:"Targets; all of the case when none is given." placeholder:"D001"`
}

// drafted is an application in a file. Beside what 'application show' prints it may hold fields of its type by their names alone.
type drafted struct {
	*application.Application
	Fields map[string]string `json:"fields"`
}

func (f fields) apply(s *Session, a *application.Application) error {
	from := drafted{Application: a, Fields: map[string]string{}}
	if f.From != "" {
		if err := s.readJSON(f.From, &from); err != nil {
			return err
		}
	}
	given := map[string]string{}
	maps.Copy(given, from.Fields)
	maps.Copy(given, f.Set)
	types, err := s.Bench.ApplicationTypes()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(types, func(t application.Type) bool { return t.ID == a.Type })
	if i < 0 {
		return fmt.Errorf("%w: there is no type of application %q", ErrUsage, a.Type)
	}
	t := types[i]
	for name, value := range given {
		if file, ok := strings.CutPrefix(f.Set[name], "@"); ok {
			data, err := os.ReadFile(file)
			if err != nil {
				return fmt.Errorf("%w: %w", ErrUsage, err)
			}
			value = strings.TrimRight(string(data), "\r\n")
		}
		if !t.Set(a, name, value) {
			return fmt.Errorf("%w: an application has no field %q", ErrUsage, name)
		}
	}
	if f.Days > 0 {
		a.Period = application.Span{Days: f.Days}
	}
	if f.Valid > 0 {
		a.Validity = application.Span{Days: f.Valid}
	}
	if len(f.Tie) > 0 {
		a.Targets = f.Tie
	}
	return nil
}

// readJSON reads one JSON document; what the program does not know is an error, not silence.
func (s *Session) readJSON(file string, v any) error {
	in := s.In
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrUsage, err)
		}
		defer f.Close()
		in = f
	}
	dec := json.NewDecoder(in)
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrUsage, file, err)
	}
	return nil
}

type applicationNewCmd struct {
	Dir  string `arg:"" name:"CASE" type:"path" help:"Case folder."`
	Type string `default:"prosecutor-seizure" help:"Type of application."`
	fields
}

func (cmd *applicationNewCmd) Run(ctx context.Context, s *Session) error {
	a := application.Application{Type: cmd.Type}
	if err := cmd.apply(s, &a); err != nil {
		return err
	}
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		made, err := s.Bench.NewApplication(ctx, c, a)
		if err != nil {
			return err
		}
		return s.printApplication(made)
	})
}

func (s *Session) printApplication(a application.Application) error {
	return s.print(a, func() {
		s.line("cli.application", "id", a.ID, "type", a.Type, "court", a.Court, "targets", strings.Join(a.Targets, " "))
	})
}

type applicationShowCmd struct {
	Dir string `arg:"" name:"CASE" type:"path" help:"Case folder."`
	ID  string `arg:"" optional:"" name:"APPLICATION" help:"Number, e.g. S01; all when none is given."`
}

func (cmd *applicationShowCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		if cmd.ID != "" {
			a, err := s.Bench.Application(c, cmd.ID)
			if err != nil {
				return err
			}
			return s.asJSON(a)
		}
		list, err := s.Bench.Applications(c)
		if err != nil {
			return err
		}
		return s.asJSON(list)
	})
}

// asJSON prints for people and programs alike.
func (s *Session) asJSON(v any) error { return s.encode(v, "  ") }

type applicationSetCmd struct {
	Dir    string `arg:"" name:"CASE" type:"path" help:"Case folder."`
	ID     string `arg:"" name:"APPLICATION" help:"Number, e.g. S01."`
	Reason string `help:"Why it changes; it stands in the log."`
	fields
}

func (cmd *applicationSetCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		a, err := s.Bench.Application(c, cmd.ID)
		if err != nil {
			return err
		}
		if err := cmd.apply(s, &a); err != nil {
			return err
		}
		a.ID = cmd.ID
		if err := s.Bench.SetApplication(ctx, c, a, cmd.Reason); err != nil {
			return err
		}
		return s.printApplication(a)
	})
}

type applicationLintCmd struct {
	Dir string `arg:"" name:"CASE" type:"path" help:"Case folder."`
	ID  string `arg:"" name:"APPLICATION" help:"Number, e.g. S01."`
}

func (cmd *applicationLintCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		findings, err := s.Bench.Lint(ctx, c, cmd.ID)
		if err != nil {
			return err
		}
		notices, err := s.Bench.Notices(ctx, c, cmd.ID)
		if err != nil {
			return err
		}
		if err := s.print(append(append([]application.Finding{}, findings...), notices...), func() {
			if len(findings) == 0 {
				s.line("cli.lint.clean", "id", cmd.ID)
			}
			s.printNotices(notices)
		}); err != nil {
			return err
		}
		return workbench.LintRefusal(cmd.ID, findings)
	})
}

type applicationRenderCmd struct {
	Dir       string `arg:"" name:"CASE" type:"path" help:"Case folder."`
	ID        string `arg:"" name:"APPLICATION" help:"Number, e.g. S01."`
	Again     bool   `help:"Make them anew with the law, lists and templates in force now; papers of an unchanged application stay as they are otherwise."`
	NoSandbox bool   `help:"Print with a browser without its sandbox, only where it can't start otherwise."`
}

func (cmd *applicationRenderCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		render := s.Bench.Render
		if cmd.Again {
			render = s.Bench.RenderAgain
		}
		papers, err := render(ctx, c, cmd.ID, cmd.NoSandbox)
		if err != nil {
			return err
		}
		if err := s.notices(ctx, c, cmd.ID); err != nil {
			return err
		}
		return s.print(papers.Artifacts, func() { s.line("cli.rendered", "id", cmd.ID, "files", len(papers.Artifacts)) })
	})
}
