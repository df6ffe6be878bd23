package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"yuzheng/app/faults"
	"yuzheng/app/workbench"
	"yuzheng/casefile"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/packet"
)

type verifyCmd struct {
	Path  string `arg:"" name:"FILE.zip|DIR|CASE" help:"A packet, the folder it was unpacked into, or a case folder."`
	Roots string `type:"existingfile" help:"PEM file of the certificates that time stamps and signatures may lead to." placeholder:"FILE"`
	Key   string `help:"The public key of the log or its forty digits, if you have them from elsewhere." placeholder:"KEY"`
	Seal  string `help:"A seal of the case that was kept elsewhere (its text, another packet, or a scan or photograph of the sheet that case seal --paper wrote): says whether the packet's history contains it." placeholder:"FILE"`
}

func (cmd *verifyCmd) Run(ctx context.Context, s *Session) error {
	if err := there(cmd.Path, cmd.Seal); err != nil {
		return err
	}
	if workbench.IsCase(cmd.Path) {
		if cmd.Roots != "" || cmd.Key != "" {
			return fmt.Errorf("%w: --roots and --key are for packets: a case has its own key, and case check judges its stamps", ErrUsage)
		}
		return s.with(ctx, cmd.Path, func(c *casefile.Case) error { return s.check(ctx, c, cmd.Seal) })
	}
	key, err := expected(cmd.Key)
	if err != nil {
		return err
	}
	report, err := s.Bench.Verify(ctx, cmd.Path, workbench.VerifyOptions{Roots: cmd.Roots, Key: key, Seal: cmd.Seal})
	if report == nil {
		return err
	}
	return errors.Join(err, s.print(report, func() {
		if w := report.Whose; key != "" && (key == w.Key || key == w.Fingerprint) {
			s.line("cli.whose.named")
		}
		s.printReport(report)
	}))
}

// there refuses names of files that are not there; an empty one names none.
func there(paths ...string) error {
	for _, path := range paths {
		if path == "" {
			continue
		}
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%w: %w", ErrUsage, err)
		}
	}
	return nil
}

// expected reads the key that a packet is expected to carry: a public key, or forty digits however they are parted.
func expected(text string) (string, error) {
	if f, ok := custody.ParseFingerprint(text); ok {
		return f, nil
	}
	if text != "" && !custody.ValidKey(text) {
		return "", fmt.Errorf("%w: --key: neither forty digits nor a public key", ErrUsage)
	}
	return text, nil
}

func (s *Session) printReport(r *packet.Report) {
	if r.Whose.Fingerprint != "" {
		s.printWhose(r.Whose)
	}
	switch {
	case r.Good():
		s.line("cli.verify.good", "name", r.Name, "files", r.Files, "entries", r.Entries, "size", r.SealSize, "left", r.Left, "exhibits", len(r.Exhibits))
	case r.Absent():
		s.line("cli.verify.absent")
	case r.Incomplete():
		s.line("cli.verify.incomplete")
	case r.Foreign():
		s.line("cli.verify.foreign")
	default:
		s.line("cli.verify.bad", "count", len(r.Findings))
	}
	for _, f := range r.Findings {
		s.printFinding(f)
	}
	for _, f := range r.Notes {
		s.line("cli.verify.note", "file", f.File, "what", s.Say.T("finding."+string(f.Code)), "problem", faults.Say(s.Say.Lang, f.Problem))
	}
	for _, f := range r.Unchecked {
		s.line("cli.verify.unchecked", "file", f.File, "what", s.Say.T("finding."+string(f.Code)), "problem", faults.Say(s.Say.Lang, f.Problem))
	}
	for _, code := range slices.Sorted(maps.Keys(r.More)) {
		s.line("cli.verify.more", "count", r.More[code], "what", s.Say.T("finding."+string(code)))
	}
	if g := r.Signature; g != nil {
		s.line("cli.verify.signature", "file", g.File, "time", clock(g.Time), "signer", g.Signer, "issuer", g.Issuer, "serial", g.Serial,
			"certificate", g.Certificate, "from", clock(g.From), "until", clock(g.Until))
	}
	for _, t := range r.Stamps {
		if !t.Trusted {
			continue // said above to be no stamp
		}
		s.line("cli.verify.stamp", "file", t.File, "time", clock(t.Time), "signer", t.Signer)
		s.line("cli.verify.attime", "file", t.File, "at", t.Time.Unix())
	}
}

// nearGroups are the groups of a fingerprint, of eight, that agree by no chance: where the others do not, somebody mistyped.
const nearGroups = 5

// printWhose says who seals before anything is said of what was sealed: a packet that is whole can be anybody's.
func (s *Session) printWhose(w packet.Whose) {
	s.line("cli.whose.key", "fingerprint", w.Fingerprint)
	office := w.Office
	if office == "" {
		office = s.Say.T("cli.whose.nooffice")
	}
	s.line("cli.whose."+string(w.Standing), "office", office, "number", w.Number, "as", w.KnownAs, "fingerprint", w.Fingerprint)
	if w.Agree >= nearGroups {
		s.line("cli.whose.near", "count", w.Agree)
	}
	s.line("cli.whose.entries", "sealed", w.Sealed, "here", w.Here, "absent", w.Absent)
	if w.Stamped != "" {
		s.line("cli.whose.stamped."+w.Stamped, "by", strings.Join(w.StampedBy, "; "))
	}
	if w.Seal != "" {
		s.line("cli.whose.seal."+w.Seal, "size", w.SealSize, "sealed", w.Sealed)
	}
}

// printFinding says the cause, and below it what follows.
func (s *Session) printFinding(f packet.Finding) {
	s.line("cli.verify.finding", "file", f.File, "what", s.Say.T("finding."+string(f.Code)), "problem", faults.Say(s.Say.Lang, f.Problem))
	if f.Code != packet.PacketAbsent && (f.Want != "" || f.Got != "") {
		s.line("cli.verify.differs", "want", f.Want, "got", f.Got)
	}
	if len(f.Follows) > 0 {
		s.line("cli.verify.follows", "count", len(f.Follows))
	}
	for _, more := range f.Follows {
		s.line("cli.verify.follow", "file", more.File, "what", s.Say.T("finding."+string(more.Code)), "problem", faults.Say(s.Say.Lang, more.Problem))
	}
}
