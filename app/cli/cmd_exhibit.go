package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"yuzheng/app/workbench"
	"yuzheng/casefile"
	"yuzheng/casefile/document"
	"yuzheng/casefile/evidence"
	"yuzheng/casefile/private"
)

type exhibitCmd struct {
	List   exhibitListCmd   `cmd:"" help:"Every exhibit."`
	Show   exhibitShowCmd   `cmd:"" help:"One exhibit with its artifacts."`
	Add    exhibitAddCmd    `cmd:"" help:"Admit files from outside as exhibits."`
	Note   exhibitNoteCmd   `cmd:"" help:"Put a remark beside an exhibit."`
	Tag    exhibitTagCmd    `cmd:"" help:"Put a tag beside an exhibit."`
	Shows  exhibitShowsCmd  `cmd:"" help:"Say what an exhibit is to prove; papers print it."`
	Redact exhibitRedactCmd `cmd:"" help:"Make a copy of an exhibit in which personal data is masked; what cannot be masked for certain is left out."`
	Export exhibitExportCmd `cmd:"" help:"Write the artifacts of exhibits to a folder, each hash compared with the log."`
}

type exhibitListCmd struct {
	Dir string `arg:"" name:"CASE" type:"path" help:"Case folder."`
}

func (cmd *exhibitListCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		list, err := s.Bench.Exhibits(c)
		if err != nil {
			return err
		}
		out := make([]workbench.Captured, 0, len(list))
		for _, e := range list {
			out = append(out, normal(e))
		}
		return s.print(out, func() {
			for _, e := range list {
				s.lineExhibit(e)
			}
		})
	})
}

// lineExhibit is one line about an exhibit, and one about where the visit went where that was elsewhere.
func (s *Session) lineExhibit(e workbench.Captured) {
	if e.Kind != evidence.Capture {
		s.line("cli.exhibit.other", "exhibit", e.Exhibit, "time", clock(e.Started), "kind", s.kind(e), "title", e.Title)
		return
	}
	s.line("cli.exhibit", "exhibit", e.Exhibit, "time", clock(e.Started), "kind", s.kind(e), "view", s.Say.T("view."+string(e.View)),
		"verdict", s.Say.T("verdict."+string(e.Outcome())), "url", e.URL, "title", e.Title)
	if e.FinalURL != "" && e.FinalURL != e.URL {
		s.line("cli.exhibit.final", "url", e.FinalURL, "redirects", len(e.Redirects))
	}
}

// clock is a time as the lines of a person show it: that of the offices, with its distance from UTC. JSON has UTC.
func clock(t time.Time) string { return t.In(document.Taiwan).Format(time.RFC3339) }

// lineVisit says how a visit went: when, as whom, what was answered, and by which redirects it ended where.
func (s *Session) lineVisit(e workbench.Captured) {
	if e.Kind != evidence.Capture {
		return
	}
	s.line("cli.exhibit.visit", "begun", clock(e.Started), "ended", clock(e.Started.Add(time.Duration(e.ElapsedMS)*time.Millisecond)),
		"view", s.Say.T("view."+string(e.View)), "status", e.Status)
	for _, h := range e.Redirects {
		s.line("cli.exhibit.redirect", "url", h.URL, "status", h.Status, "to", h.To)
	}
	if e.FinalURL != "" {
		s.line("cli.exhibit.final", "url", e.FinalURL, "redirects", len(e.Redirects))
	}
}

type exhibitShowCmd struct {
	Dir     string `arg:"" name:"CASE" type:"path" help:"Case folder."`
	Exhibit string `arg:"" name:"EXHIBIT" help:"Number, e.g. W0001."`
}

func (cmd *exhibitShowCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		e, err := s.Bench.Exhibit(c, cmd.Exhibit)
		if err != nil {
			return err
		}
		notes, err := s.Bench.Notes(c, cmd.Exhibit)
		if err != nil {
			return err
		}
		shown := struct {
			workbench.Captured
			Notes []evidence.Note `json:"notes"`
		}{normal(e), notes}
		return s.print(shown, func() {
			s.printCaptured(e)
			s.lineVisit(e)
			for _, n := range notes {
				s.lineNote(n)
			}
			for _, a := range e.Artifacts {
				s.line("cli.artifact", "name", a.Name, "size", a.Size, "sha256", a.SHA256)
			}
		})
	})
}

type exhibitAddCmd struct {
	Dir      string   `arg:"" name:"CASE" type:"path" help:"Case folder."`
	Files    []string `arg:"" name:"FILE" type:"existingfile" help:"Files to admit, each as an exhibit."`
	Kind     string   `default:"file" enum:"file,reply,complaint,copy,execution" help:"What they are: file (given by somebody), reply (to a request), complaint (of a victim), copy, execution (shows that an order was carried out)."`
	From     string   `help:"Who gave them; printed with the exhibit." placeholder:"NAME"`
	Received string   `help:"When they were given; printed with the exhibit as it is written." placeholder:"DATE"`
	Reason   string   `help:"Where they come from, e.g. the number of a reply."`
}

func (cmd *exhibitAddCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		for _, file := range cmd.Files {
			if err := cmd.add(ctx, s, c, file); err != nil {
				return err
			}
		}
		return nil
	})
}

func (cmd *exhibitAddCmd) add(ctx context.Context, s *Session, c *casefile.Case, file string) error {
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUsage, err)
	}
	defer f.Close()
	got, err := s.Bench.AddFile(ctx, c, workbench.NewFile{
		Kind: evidence.Kind(cmd.Kind), MediaType: workbench.MediaType(file),
		Source: workbench.Source{File: filepath.Base(file), From: cmd.From, Received: cmd.Received, Reason: cmd.Reason},
	}, f)
	if err != nil {
		return err
	}
	s.printCaptured(got)
	if len(got.Same) > 0 {
		s.note("cli.same", "exhibit", got.Exhibit, "same", strings.Join(got.Same, " "))
	}
	return nil
}

type exhibitExportCmd struct {
	Dir      string   `arg:"" name:"CASE" type:"path" help:"Case folder."`
	Exhibits []string `arg:"" name:"EXHIBIT" optional:"" help:"Numbers; all exhibits when none is given."`
	Out      string   `short:"o" default:"." type:"path" help:"Folder to write to; each exhibit gets its own below it." placeholder:"DIR"`
}

func (cmd *exhibitExportCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		written, err := s.Bench.Export(ctx, c, cmd.Exhibits, func(exhibit, artifact string, r io.Reader) error {
			return exportFile(cmd.Out, exhibit, artifact, r)
		})
		if err != nil {
			return err
		}
		return s.print(written, func() {
			for _, w := range written {
				s.line("cli.artifact", "name", w.Exhibit+"/"+w.Name, "size", w.Size, "sha256", w.SHA256)
			}
			s.line("cli.exported", "files", len(written), "dir", cmd.Out)
		})
	})
}

// exportFile writes one artifact below dir. Names come from the log, but a path that leaves the folder is refused all
// the same, by its name or by a link that lies there, and nothing is overwritten.
func exportFile(dir, exhibit, artifact string, r io.Reader) error {
	name := filepath.Join(exhibit, filepath.FromSlash(artifact))
	if !filepath.IsLocal(name) || strings.ContainsAny(artifact, `\:`) {
		return fmt.Errorf("export %s of %s: the name leaves the folder", artifact, exhibit)
	}
	path, own := filepath.Join(dir, name), filepath.Join(dir, exhibit)
	if info, err := os.Lstat(own); err == nil && !info.IsDir() { // a link that would lead out of the folder, too
		return fmt.Errorf("%s: %w", own, casefile.ErrExists)
	}
	f, err := private.Below(dir, name)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s: %w", path, casefile.ErrExists)
	}
	if err != nil {
		return fmt.Errorf("export %s: %w", artifact, err)
	}
	if _, err := io.Copy(f, r); err != nil {
		return errors.Join(fmt.Errorf("export %s: %w", artifact, err), f.Close(), os.Remove(path))
	}
	return f.Close()
}
