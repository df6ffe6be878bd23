package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"yuzheng/app/workbench"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/packet"
)

type keysCmd struct {
	Known knownCmd `cmd:"" help:"The keys of offices that this machine knows: verify refuses what is under their name and not by their key."`
}

type knownCmd struct {
	Add    knownAddCmd    `cmd:"" help:"Add the key of an office, after comparing it over the telephone."`
	List   knownListCmd   `cmd:"" help:"The keys that were added, when and by whom."`
	Remove knownRemoveCmd `cmd:"" help:"Take a key off the list."`
}

type knownAddCmd struct {
	Key    string `arg:"" name:"FINGERPRINT|FILE" help:"The forty digits, the public key itself, or a packet that carries it."`
	Office string `required:"" help:"Whose key it is, as the office writes its name."`
	Number string `help:"The case that the key is of (each case has its own); that of the packet where one is given. Without a number every packet of the office has to carry a key that is listed for it."`
}

func (cmd *knownAddCmd) Run(_ context.Context, s *Session) error {
	k := packet.KnownKey{Office: cmd.Office, Number: cmd.Number}
	w, err := named(cmd.Key)
	if err != nil {
		return err
	}
	k.Fingerprint = w.Fingerprint
	if k.Number == "" {
		k.Number = w.Number
	}
	added, err := s.Bench.AddKnownKey(k)
	if err != nil {
		return err
	}
	return s.print(added, func() {
		s.line("cli.known.added", "fingerprint", added.Fingerprint, "office", added.Office, "number", s.caseOrAny(added.Number), "by", added.By)
		if w.Office != "" && !packet.SameOffice(w.Office, added.Office) {
			s.line("cli.known.differs", "packet", w.Office, "office", added.Office)
		}
		s.line("cli.known.compare")
	})
}

// named reads what stands for a key on the command line; of a packet also whose it says that it is.
func named(text string) (packet.Whose, error) {
	f, err := fingerprint(text)
	w := packet.Whose{Fingerprint: f}
	if errors.Is(err, errNoDigits) {
		w, err = packet.ReadWhose(text)
	}
	if err != nil {
		return w, fmt.Errorf("%w: %w", ErrUsage, err)
	}
	return w, nil
}

// errNoDigits says that a text is neither a fingerprint nor a key; it may be the name of a file.
var errNoDigits = errors.New("neither forty digits nor a public key")

// fingerprint reads what stands for a key on the command line.
func fingerprint(text string) (string, error) {
	if f, ok := custody.ParseFingerprint(text); ok {
		return f, nil
	}
	if _, err := os.Stat(text); err == nil {
		return "", errNoDigits
	} else if !errors.Is(err, fs.ErrNotExist) && !strings.HasPrefix(text, custody.Origin("")) {
		return "", err
	}
	if strings.HasPrefix(text, custody.Origin("")) && custody.ValidKey(text) {
		return custody.Fingerprint(text), nil
	}
	return "", fmt.Errorf("%s: %w, and no file of this name", text, errors.New(errNoDigits.Error()))
}

func (s *Session) caseOrAny(number string) string {
	if number == "" {
		return s.Say.T("cli.known.any")
	}
	return number
}

type knownListCmd struct{}

func (*knownListCmd) Run(_ context.Context, s *Session) error {
	list, err := s.Bench.KnownKeys()
	if err != nil {
		return err
	}
	return s.print(list, func() { s.printKnown(list) })
}

func (s *Session) printKnown(list []workbench.KnownKey) {
	if len(list) == 0 {
		s.line("cli.known.none")
	}
	for _, k := range list {
		s.line("cli.known", "fingerprint", k.Fingerprint, "office", k.Office, "number", s.caseOrAny(k.Number), "time", clock(k.Time), "by", k.By)
	}
}

type knownRemoveCmd struct {
	Key string `arg:"" name:"FINGERPRINT|FILE" help:"The forty digits, the public key itself, or a packet that carries it."`
}

func (cmd *knownRemoveCmd) Run(_ context.Context, s *Session) error {
	w, err := named(cmd.Key)
	if err != nil {
		return err
	}
	if err := s.Bench.RemoveKnownKey(w.Fingerprint); err != nil {
		return err
	}
	list, err := s.Bench.KnownKeys()
	if err != nil {
		return err
	}
	return s.print(list, func() { s.printKnown(list) })
}
