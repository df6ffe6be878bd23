package cli

import (
	"context"
	"fmt"
	"strings"

	"yuzheng/app/workbench"
	"yuzheng/casefile"
)

type packetHandCmd struct {
	Dir       string   `arg:"" name:"CASE" type:"path" help:"Case folder."`
	Packet    string   `arg:"" name:"PACKET" help:"Number, e.g. X01."`
	File      string   `arg:"" name:"FILE.zip" type:"path" help:"The packet's file, as it was written."`
	To        string   `required:"" help:"Who takes it: office and name."`
	Means     string   `required:"" help:"How: in person, on a disc, by official mail …"`
	At        string   `help:"When, e.g. 2026-11-30T10:00; now when not given." placeholder:"TIME"`
	Out       string   `short:"o" type:"path" help:"Write an encrypted copy (age) to this file; without it the packet goes as it is." placeholder:"FILE.age"`
	Recipient []string `help:"Public age key of who may open the copy; otherwise a passphrase does, from YUZHENG_HAND_PASSPHRASE or asked for." placeholder:"AGE1…"`
}

func (cmd *packetHandCmd) Run(ctx context.Context, s *Session) error {
	if err := there(cmd.File); err != nil {
		return err
	}
	if cmd.Out == "" && len(cmd.Recipient) > 0 {
		return fmt.Errorf("%w: --recipient needs --out", ErrUsage)
	}
	n := workbench.NewHandOver{Packet: cmd.Packet, File: cmd.File, To: cmd.To, Means: cmd.Means, Out: cmd.Out, Lock: casefile.PackTo{Recipients: cmd.Recipient}}
	var err error
	if n.At, err = workbench.Moment(cmd.At); err != nil {
		return err
	}
	if cmd.Out != "" && len(cmd.Recipient) == 0 {
		if n.Lock.Passphrase, err = s.handSecret(); err != nil {
			return err
		}
	}
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		made, err := s.Bench.Hand(ctx, c, n)
		if err != nil {
			return err
		}
		return s.print(made, func() { s.lineHand(made) })
	})
}

// handSecret is the passphrase of an encrypted packet, which is not that of the case.
func (s *Session) handSecret() (text string, err error) {
	if text = s.Getenv("YUZHENG_HAND_PASSPHRASE"); text == "" {
		if text, err = s.askTwice(); err != nil {
			return "", err
		}
	}
	return text, strong(text)
}

func (s *Session) lineHand(h workbench.HandOver) {
	s.line("cli.hand", "at", clock(h.At), "to", h.To, "means", h.Means, "sha256", h.SHA256)
	if x := h.Closed; x != nil {
		s.line("cli.hand.encrypted", "file", x.File, "sha256", x.SHA256, "keys", strings.Join(x.Keys, " "))
	}
}
