package cli

import (
	"context"

	"yuzheng/app/workbench"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
)

type lawCmd struct {
	List lawListCmd `cmd:"" help:"What is in force: law, lists, phrases and templates, each with version, date, source, age and limit, and whether it is the office's own."`
	Show lawShowCmd `cmd:"" help:"The text of an article, a list or a template as it is in force, and of an article whether it is quoted."`
}

type lawListCmd struct{}

func (*lawListCmd) Run(_ context.Context, s *Session) error {
	law, err := s.Bench.Law()
	if err != nil {
		return err
	}
	return s.print(law, func() {
		if law.Folder != "" {
			s.line("cli.law.folder", "folder", law.Folder, "sha256", orDash(law.SHA256))
		}
		for _, i := range law.Items {
			s.printLaw(i)
		}
	})
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

func (s *Session) printLaw(i workbench.LawItem) {
	from, old := "cli.law.program", ""
	if i.From == application.FromOffice {
		from = "cli.law.office"
	}
	if i.Old {
		old = s.Say.T("cli.law.old")
	}
	what := s.Say.T("law." + i.ID)
	switch {
	case what != "law."+i.ID:
	case i.From == application.FromOffice:
		what = s.Say.T("law.article")
	default:
		what = s.Say.T("law.statute")
	}
	s.line("cli.law", "id", i.ID, "what", what, "version", i.Version, "date", i.Date, "from", s.Say.T(from),
		"age", i.AgeDays, "limit", i.LimitDays, "old", old, "source", i.Source.Source)
}

type lawShowCmd struct {
	ID string `arg:"" name:"ID" help:"An id that list gives, or that of an article, e.g. ccp-133-1-1p."`
}

func (cmd *lawShowCmd) Run(_ context.Context, s *Session) error {
	text, err := s.Bench.LawText(cmd.ID)
	if err != nil {
		return err
	}
	return s.print(text, func() {
		s.printLaw(text.LawItem)
		for _, a := range text.Articles {
			s.line("cli.law.article", "id", a.ID, "law", a.Law, "article", a.Article, "kind", s.Say.T("law.kind."+a.Kind), "text", a.Text,
				"as_of", orDash(a.AsOf), "version", a.Version, "date", a.Date)
			if a.Note != "" {
				s.line("cli.law.note", "note", a.Note)
			}
		}
		if text.Text != "" {
			s.line("cli.law.text", "text", text.Text)
		}
	})
}

// notices tells on standard error what a person should know before an application leaves.
func (s *Session) notices(ctx context.Context, c *casefile.Case, id string) error {
	list, err := s.Bench.Notices(ctx, c, id)
	s.printNotices(list)
	return err
}

func (s *Session) printNotices(list []application.Finding) {
	for _, n := range list {
		text := n.Text
		if s.Say.Lang == "en" {
			text = n.TextEN
		}
		s.note("cli.notice", "text", text)
	}
}
