package cli

import (
	"context"

	"yuzheng/app/say"
	"yuzheng/casefile"
	"yuzheng/casefile/evidence"
)

type exhibitNoteCmd struct {
	Dir     string `arg:"" name:"CASE" type:"path" help:"Case folder."`
	Exhibit string `arg:"" name:"EXHIBIT" help:"Number, e.g. W0001."`
	Text    string `arg:"" name:"TEXT" help:"The remark."`
}

func (cmd *exhibitNoteCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		return s.printNote(s.Bench.AddNote(ctx, c, cmd.Exhibit, cmd.Text))
	})
}

type exhibitTagCmd struct {
	Dir     string `arg:"" name:"CASE" type:"path" help:"Case folder."`
	Exhibit string `arg:"" name:"EXHIBIT" help:"Number, e.g. W0001."`
	Tag     string `arg:"" name:"TAG" help:"The tag, e.g. LINE群."`
}

func (cmd *exhibitTagCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		return s.printNote(s.Bench.AddTag(ctx, c, cmd.Exhibit, cmd.Tag))
	})
}

func (s *Session) printNote(n evidence.Note, err error) error {
	if err != nil {
		return err
	}
	return s.print(n, func() { s.lineNote(n) })
}

func (s *Session) lineNote(n evidence.Note) {
	s.line("cli.note", "id", n.ID, "exhibit", n.Exhibit, "person", n.Person, "text", say.Block(n.Text))
}

type exhibitShowsCmd struct {
	Dir     string `arg:"" name:"CASE" type:"path" help:"Case folder."`
	Exhibit string `arg:"" name:"EXHIBIT" help:"Number, e.g. W0001."`
	Text    string `arg:"" name:"TEXT" help:"The fact, as a sentence; it takes the place of the one before."`
}

func (cmd *exhibitShowsCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		if err := s.Bench.SetShows(ctx, c, cmd.Exhibit, cmd.Text); err != nil {
			return err
		}
		return s.print(map[string]string{"exhibit": cmd.Exhibit, "shows": cmd.Text}, func() {
			s.line("cli.shows", "exhibit", cmd.Exhibit, "text", say.Block(cmd.Text))
		})
	})
}
