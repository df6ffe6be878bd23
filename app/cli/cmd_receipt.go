package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"yuzheng/app/workbench"
	"yuzheng/casefile"
)

type packetListCmd struct {
	Dir string `arg:"" name:"CASE" type:"path" help:"Case folder."`
}

func (cmd *packetListCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		list, err := s.Bench.Packets(c)
		if err != nil {
			return err
		}
		return s.print(list, func() {
			for _, p := range list {
				s.line("cli.packet.item", "id", p.ID, "name", p.Name, "application", p.Application, "for", cmp.Or(p.For, "-"))
				for _, f := range p.Written {
					s.line("cli.packet.written", "time", clock(f.Time.Time), "file", f.File, "sha256", f.SHA256, "signer", f.Signer)
				}
				for _, h := range p.Handed {
					s.lineHand(h)
				}
				for _, r := range p.Receipts {
					s.lineReceipt(r)
				}
			}
		})
	})
}

func (s *Session) lineReceipt(r workbench.Receipt) {
	s.line("cli.receipt", "number", r.Number, "at", r.At, "by", r.By, "exhibit", r.Exhibit, "sha256", r.SHA256)
}

type packetHashesCmd struct {
	File string `arg:"" name:"FILE.zip" type:"path" help:"A packet."`
	Out  string `short:"o" type:"path" help:"Write the list to this file, as CSV." placeholder:"FILE.csv"`
}

func (cmd *packetHashesCmd) Run(ctx context.Context, s *Session) error {
	if err := there(cmd.File); err != nil {
		return err
	}
	list, err := s.Bench.PacketHashes(ctx, cmd.File)
	if err != nil {
		return err
	}
	if cmd.Out != "" {
		if err := list.Save(cmd.Out); err != nil {
			return err
		}
	}
	return s.print(list, func() {
		s.line("cli.hash", "sha256", list.SHA256, "size", list.Size, "path", list.File)
		if cmd.Out != "" {
			s.line("cli.wrote", "file", cmd.Out)
			return
		}
		for _, f := range list.Files {
			s.line("cli.hash", "sha256", f.SHA256, "size", f.Size, "path", f.Path)
		}
	})
}

type packetReceiptCmd struct {
	Dir    string `arg:"" name:"CASE" type:"path" help:"Case folder."`
	Packet string `arg:"" name:"PACKET" help:"Number, e.g. X01."`
	Number string `required:"" help:"The number under which it was registered (存證編號), as the agency writes it." placeholder:"NUMBER"`
	At     string `required:"" help:"When it was registered, as the agency writes it." placeholder:"TIME"`
	By     string `required:"" help:"The agency that registered it." placeholder:"AGENCY"`
	SHA256 string `name:"sha256" help:"Which file of the packet; the one that was written last when not given." placeholder:"HASH"`
	File   string `type:"existingfile" help:"The agency's receipt; it becomes an exhibit." placeholder:"FILE"`
}

func (cmd *packetReceiptCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		receipt := workbench.Receipt{Packet: cmd.Packet, Number: cmd.Number, At: cmd.At, By: cmd.By, SHA256: cmd.SHA256}
		var file workbench.NewFile
		var r io.Reader
		if cmd.File != "" {
			f, err := os.Open(cmd.File)
			if err != nil {
				return fmt.Errorf("%w: %w", ErrUsage, err)
			}
			defer f.Close()
			file.MediaType, file.File, r = workbench.MediaType(cmd.File), filepath.Base(cmd.File), f
		}
		made, err := s.Bench.AddReceipt(ctx, c, receipt, file, r)
		if err != nil {
			return err
		}
		return s.print(made, func() { s.lineReceipt(made) })
	})
}
