package cli

import (
	"context"
	"errors"

	"yuzheng/app/workbench"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/sign"
)

type packetCmd struct {
	Build   packetBuildCmd   `cmd:"" help:"Pack an application with its papers and exhibits; verified before it takes its name."`
	List    packetListCmd    `cmd:"" help:"The packets of a case, what was written of each, and who has registered it."`
	Hashes  packetHashesCmd  `cmd:"" help:"The hashes of a packet and of all its files, to be registered with an agency by hand; verified first."`
	Hand    packetHandCmd    `cmd:"" help:"Record that a packet is handed over, and encrypt a copy for who takes it."`
	Receipt packetReceiptCmd `cmd:"" help:"Record under which number an agency has registered a packet."`
}

type packetBuildCmd struct {
	Dir string `arg:"" name:"CASE" type:"path" help:"Case folder."`
	ID  string `arg:"" name:"APPLICATION" help:"Number, e.g. S01."`
	Out string `short:"o" type:"path" help:"File to write; under the packet's own name in the current folder when not given." placeholder:"FILE"`
	For string `enum:"court,twnic,police,defence,public" default:"court" help:"Who gets it: court, police, twnic (the order and its list alone, once the order is recorded), defence or public (redacted copies alone)."`
	signFlags
	NoSandbox bool `help:"Print papers with a browser without its sandbox, only where it can't start otherwise."`
}

func (cmd *packetBuildCmd) Run(ctx context.Context, s *Session) error {
	return s.signing(cmd.signFlags, func(signer *sign.Signer) error {
		return s.with(ctx, cmd.Dir, func(c *casefile.Case) error { return cmd.build(ctx, s, c, signer) })
	})
}

func (cmd *packetBuildCmd) build(ctx context.Context, s *Session, c *casefile.Case, signer *sign.Signer) error {
	info, err := s.Bench.BuildPacket(ctx, c, cmd.ID, workbench.PacketOptions{File: cmd.Out, Dir: ".", For: application.Recipient(cmd.For), Signer: signer, NoSandbox: cmd.NoSandbox})
	if u, ok := errors.AsType[*workbench.UnsoundError](err); ok {
		return errors.Join(err, s.print(u.Report, func() { s.printReport(u.Report) }))
	}
	if err != nil {
		return err
	}
	if err := s.notices(ctx, c, cmd.ID); err != nil {
		return err
	}
	if info.Stamps == 0 {
		s.note("cli.packet.unstamped")
	}
	return s.print(info, func() {
		s.line("cli.packet", "id", info.ID, "file", info.File, "files", info.Files, "sha256", info.SHA256)
		if info.Signer != "" {
			s.line("cli.packet.signed", "signer", info.Signer)
		}
	})
}
