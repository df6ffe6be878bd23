package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"yuzheng/app/faults"
	"yuzheng/app/workbench"
	"yuzheng/casefile"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/private"
)

type caseCmd struct {
	New    caseNewCmd    `cmd:"" help:"Make a case folder; prints the recovery key once."`
	Info   caseInfoCmd   `cmd:"" help:"What the case is and holds."`
	Log    caseLogCmd    `cmd:"" help:"Every entry of the log."`
	Check  caseCheckCmd  `cmd:"" help:"Re-derive everything and report what does not match."`
	Seal   caseSealCmd   `cmd:"" help:"Sign the log as it stands and have it time-stamped."`
	Stamps caseStampsCmd `cmd:"" help:"The seals, who has time-stamped each, and who has not answered yet."`
	Pack   casePackCmd   `cmd:"" help:"The whole case as one encrypted file for transport."`
	Unpack caseUnpackCmd `cmd:"" help:"Make a case folder out of a packed case."`
	Keys   caseKeysCmd   `cmd:"" help:"The ways into the case."`
}

type caseNewCmd struct {
	Dir           string   `arg:"" name:"CASE" type:"path" help:"Folder to make."`
	Number        string   `required:"" help:"Case number, e.g. 115年度偵字第12345號."`
	Title         string   `required:"" help:"Short title; never a victim's name."`
	Operator      string   `default:"-" help:"Who works: name of the first operator." placeholder:"NAME"`
	OperatorTitle string   `help:"The operator's title, e.g. 檢察事務官." placeholder:"TITLE"`
	Office        string   `help:"The operator's office."`
	Recipient     []string `help:"Public age key of the office (age1…) that may open the case; may be repeated." placeholder:"AGE1…"`
	TSA           []string `name:"tsa" help:"Address of a time-stamp server (RFC 3161); may be repeated." placeholder:"URL"`
}

func (cmd *caseNewCmd) Run(ctx context.Context, s *Session) error {
	passphrase, err := s.passphrase(true)
	if err != nil {
		return err
	}
	if err := strong(passphrase, cmd.Number, cmd.Title, cmd.Operator, cmd.OperatorTitle, cmd.Office); err != nil {
		return err
	}
	c, recovery, err := s.Bench.CreateCase(ctx, workbench.NewCase{
		Dir: cmd.Dir, Number: cmd.Number, Title: cmd.Title, Passphrase: passphrase, Recipients: cmd.Recipient, TSA: cmd.TSA,
		Operator: custody.Operator{Name: cmd.Operator, Title: cmd.OperatorTitle, Office: cmd.Office},
	})
	if err != nil {
		return err
	}
	info := c.Info()
	if err := c.Close(); err != nil {
		return err
	}
	return s.print(map[string]any{"case": cmd.Dir, "id": info.ID, "recovery_key": recovery, "log_key": info.PublicKey}, func() {
		s.line("cli.case.made", "dir", cmd.Dir, "id", info.ID)
		s.line("cli.case.recovery", "key", recovery)
	})
}

type caseInfoCmd struct {
	Dir string `arg:"" name:"CASE" type:"path" help:"Case folder."`
}

func (cmd *caseInfoCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		info := c.Info()
		return s.print(map[string]any{
			"id": info.ID, "number": info.Number, "title": info.Title, "created": info.Created, "log_key": info.PublicKey,
			"log_key_fingerprint": custody.Fingerprint(info.PublicKey),
			"entries":             info.Entries, "exhibits": info.Exhibits, "operators": info.Operators,
		}, func() {
			s.line("cli.case.info", "number", info.Number, "title", info.Title, "id", info.ID,
				"exhibits", info.Exhibits, "entries", info.Entries, "key", info.PublicKey, "fingerprint", custody.Fingerprint(info.PublicKey))
		})
	})
}

type caseLogCmd struct {
	Dir  string `arg:"" name:"CASE" type:"path" help:"Case folder."`
	From int64  `default:"1" help:"The first entry to print."`
}

// Run prints the entries; with --json each line is the one that was hashed, but on a terminal, where what must not be shown is escaped.
func (cmd *caseLogCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		for e, err := range c.Entries(cmd.From) {
			if err != nil {
				return err
			}
			if !s.grammar.JSON {
				reason := e.Reason
				if e.Actor != custody.Person {
					reason = faults.Say(s.Say.Lang, reason)
				}
				if why := workbench.WhyUnstamped(e); why != "" {
					reason += s.Say.T("cli.entry.why", "why", faults.Say(s.Say.Lang, why))
				}
				s.line("cli.entry", "n", e.Number, "time", clock(e.Time.Time), "actor", s.Say.T("actor."+string(e.Actor)), "operator", e.Operator.Name,
					"action", s.Say.T("window.action."+string(e.Action)), "object", e.Object, "reason", reason)
				continue
			}
			line, err := custody.MarshalEntry(e)
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintf(s.Hashed, "%s\n", line); err != nil {
				return fmt.Errorf("write result: %w", err)
			}
		}
		return nil
	})
}

type caseCheckCmd struct {
	Dir string `arg:"" name:"CASE" type:"path" help:"Case folder."`
}

func (cmd *caseCheckCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error { return s.check(ctx, c, "") })
}

// check prints the findings of a whole check, and what a seal in a file (empty: none) that was kept elsewhere says; it is what verify does with a case
// folder, too.
func (s *Session) check(ctx context.Context, c *casefile.Case, seal string) error {
	var held workbench.Held
	var heldErr error
	if seal != "" {
		if held, heldErr = s.Bench.HoldCase(ctx, c, seal); heldErr != nil && !errors.Is(heldErr, workbench.ErrMismatch) {
			return heldErr
		}
	}
	findings, err := s.Bench.Check(ctx, c, func(int64, int64) {})
	if err != nil && !errors.Is(err, workbench.ErrMismatch) {
		return err
	}
	if findings == nil {
		findings = []casefile.Finding{}
	}
	info := c.Info()
	report := map[string]any{"case": info.ID, "ok": err == nil && heldErr == nil, "entries": info.Entries, "exhibits": info.Exhibits, "findings": findings}
	if held.Answer != "" {
		report["kept_seal"], report["kept_seal_size"] = held.Answer, held.Size
	}
	return errors.Join(err, heldErr, s.print(report, func() {
		if held.Answer != "" {
			s.line("cli.case.seal."+held.Answer, "size", held.Size, "entries", info.Entries)
		}
		for _, f := range findings {
			s.line("cli.finding", "place", f.Place, "problem", f.Problem, "want", f.Want, "got", f.Got)
		}
		if err == nil {
			s.line("cli.case.clean", "entries", info.Entries, "exhibits", info.Exhibits)
		}
	}))
}

type caseSealCmd struct {
	Dir   string   `arg:"" name:"CASE" type:"path" help:"Case folder."`
	TSA   []string `name:"tsa" help:"From now on ask these time-stamp servers (RFC 3161)." placeholder:"URL"`
	Paper string   `type:"path" help:"Write the seal as one page to print and keep elsewhere, with a QR code (HTML)." placeholder:"FILE.html"`
}

func (cmd *caseSealCmd) Run(ctx context.Context, s *Session) error {
	if cmd.Paper != "" {
		if err := workbench.FreeForSheet(cmd.Paper); err != nil {
			return err
		}
	}
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		if len(cmd.TSA) > 0 {
			if err := s.Bench.SetTSA(ctx, c, cmd.TSA); err != nil {
				return err
			}
		}
		seal, err := s.Bench.Seal(ctx, c)
		if err != nil {
			return err
		}
		if cmd.Paper != "" {
			err = s.Bench.WriteSealSheet(c, seal.Size, cmd.Paper)
		}
		why, unread := s.Bench.Unstamped(c, seal)
		return errors.Join(err, unread, s.printSeal(seal, why, cmd.Paper, err == nil)) // the seal is made, whatever became of its sheet
	})
}

func (s *Session) printSeal(seal casefile.SealRecord, why []workbench.Unstamped, paper string, written bool) error {
	stamps := stampedBy(seal)
	out := map[string]any{
		"size": seal.Size, "root": seal.Root.String(), "stamps": stamps, "pending": append([]string{}, seal.Pending...), "unstamped": why, "text": string(seal.Text),
	}
	written = written && paper != ""
	if written {
		out["paper"] = paper
	}
	return s.print(out, func() {
		s.line("cli.seal", "size", seal.Size, "root", seal.Root.String(), "stamps", len(stamps), "pending", len(seal.Pending))
		if written {
			s.line("cli.seal.paper", "file", paper)
		}
		s.linePending(seal.Pending, why)
		s.line("cli.seal.keep")
		for row := range strings.Lines(string(seal.Text)) { // line by line, as --seal reads it
			s.line("cli.seal.row", "text", strings.TrimSuffix(row, "\n"))
		}
	})
}

type casePackCmd struct {
	Dir       string   `arg:"" name:"CASE" type:"path" help:"Case folder."`
	Out       string   `short:"o" required:"" type:"path" help:"File to write." placeholder:"FILE"`
	Recipient []string `help:"Public age key of who may open the file; otherwise a passphrase does: the one that the case is opened with, or on a terminal one that is asked for." placeholder:"AGE1…"`
}

func (cmd *casePackCmd) Run(ctx context.Context, s *Session) error {
	if _, err := os.Lstat(cmd.Out); err == nil {
		return fmt.Errorf("%s: %w", cmd.Out, casefile.ErrExists)
	}
	way, err := s.way()
	if err != nil {
		return err
	}
	to := casefile.PackTo{Recipients: cmd.Recipient}
	if len(cmd.Recipient) == 0 {
		if to.Passphrase, err = s.passphrase(true); err != nil {
			return err
		}
		if err := strong(to.Passphrase); err != nil {
			return err
		}
	}
	err = casefile.PackFile(ctx, cmd.Dir, way, to, casefile.OpenOptions{}, func(write func(io.Writer) error) error { return private.Whole(cmd.Out, write) })
	if err != nil {
		return err
	}
	return s.print(map[string]any{"file": cmd.Out}, func() { s.line("cli.wrote", "file", cmd.Out) })
}

type caseUnpackCmd struct {
	File string `arg:"" name:"FILE" type:"existingfile" help:"Packed case."`
	Dir  string `arg:"" name:"CASE" type:"path" help:"Folder to make."`
}

func (cmd *caseUnpackCmd) Run(ctx context.Context, s *Session) error {
	way, err := s.way()
	if err != nil {
		return err
	}
	f, err := os.Open(cmd.File)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUsage, err)
	}
	defer f.Close()
	if err := casefile.Unpack(ctx, f, way, cmd.Dir); err != nil {
		return err
	}
	return s.print(map[string]any{"case": cmd.Dir}, func() { s.line("cli.wrote", "file", cmd.Dir) })
}
