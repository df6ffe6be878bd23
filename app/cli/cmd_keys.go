package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"yuzheng/casefile"
)

type caseKeysCmd struct {
	List   keysListCmd   `cmd:"" help:"The ways into the case."`
	Add    keysAddCmd    `cmd:"" help:"Add a passphrase, an office key or a fresh recovery key."`
	Remove keysRemoveCmd `cmd:"" help:"Take a way in away; the last one stays."`
}

type keysListCmd struct {
	Dir string `arg:"" name:"CASE" type:"path" help:"Case folder."`
}

func (cmd *keysListCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error { return s.printWays(c.Ways()) })
}

func (s *Session) printWays(ways []casefile.WayInfo) error {
	return s.print(ways, func() {
		for _, w := range ways {
			s.line("cli.way", "file", w.File, "kind", w.Kind, "label", w.Label)
		}
	})
}

type keysAddCmd struct {
	Dir       string `arg:"" name:"CASE" type:"path" help:"Case folder."`
	Recipient string `xor:"kind" help:"Public age key of the office (age1…)." placeholder:"AGE1…"`
	Recovery  bool   `xor:"kind" help:"A fresh recovery key, shown once."`
	NewFile   string `xor:"kind" type:"existingfile" help:"The new passphrase is the first line of FILE; otherwise it is asked for." placeholder:"FILE"`
	Label     string `help:"Who holds it."`
}

func (cmd *keysAddCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		switch {
		case cmd.Recipient != "":
			w, err := c.AddRecipient(ctx, cmd.Recipient, cmd.Label)
			if err != nil {
				return err
			}
			return s.printWays([]casefile.WayInfo{w})
		case cmd.Recovery:
			_, key, err := c.AddRecovery(ctx, cmd.Label)
			if err != nil {
				return err
			}
			return s.print(map[string]string{"recovery_key": key}, func() { s.line("cli.case.recovery", "key", key) })
		}
		passphrase, err := cmd.fresh(s)
		if err != nil {
			return err
		}
		if err := strong(passphrase, onPapers(c)...); err != nil {
			return err
		}
		w, err := c.AddPassphrase(ctx, passphrase, cmd.Label, 0)
		if err != nil {
			return err
		}
		return s.printWays([]casefile.WayInfo{w})
	})
}

func (cmd *keysAddCmd) fresh(s *Session) (string, error) {
	if cmd.NewFile != "" {
		return firstLine(cmd.NewFile, "")
	}
	return s.askTwice()
}

type keysRemoveCmd struct {
	Dir    string `arg:"" name:"CASE" type:"path" help:"Case folder."`
	File   string `arg:"" name:"KEY" help:"The key's file, as keys list names it."`
	Reason string `required:"" help:"Why; it stands in the log."`
}

func (cmd *keysRemoveCmd) Run(ctx context.Context, s *Session) error {
	if strings.TrimSpace(cmd.Reason) == "" {
		return fmt.Errorf("%w: --reason is empty: say why the key is taken away", ErrUsage)
	}
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		if err := c.RemoveWay(ctx, cmd.File, cmd.Reason); err != nil {
			return err
		}
		if !slices.ContainsFunc(c.Ways(), func(w casefile.WayInfo) bool { return w.Kind == casefile.WayRecovery }) {
			s.note("cli.way.norecovery")
		}
		return s.printWays(c.Ways())
	})
}
