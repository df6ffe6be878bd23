// Package cli is the command line: one file per command, thin over the use cases of the workbench.
package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"yuzheng/app/passphrase"
	"yuzheng/app/say"
	"yuzheng/app/workbench"
	"yuzheng/casefile"
	"yuzheng/casefile/custody"
)

// ErrUsage is wrapped by errors about the command line itself.
var ErrUsage = errors.New("wrong use of the command")

// Session is one run of the command line.
type Session struct {
	Bench      *workbench.Workbench
	Say        *say.Speaker
	In         io.Reader
	Out, Err   io.Writer // for people: what is written to them is shown as package legible shows it
	JSON       io.Writer // for programs: values to the bit
	Hashed     io.Writer // for lines that were hashed, to the byte
	Getenv     func(string) string
	ReadSecret func(prompt string) (string, error)

	grammar grammar
}

type grammar struct {
	JSON           bool   `name:"json" help:"One JSON document on standard output (JSON lines where things stream)."`
	PassphraseFile string `placeholder:"FILE" type:"path" help:"Read the passphrase from the first line of FILE. Otherwise YUZHENG_PASSPHRASE, otherwise a prompt."`
	RecoveryFile   string `name:"recovery-key-file" placeholder:"FILE" type:"path" help:"Open the case with the recovery key on the first line of FILE; YUZHENG_RECOVERY_KEY does the same. A key on the command line would be seen by everybody on the machine."`
	OpenWith       string `placeholder:"FILE" type:"path" help:"Open the case with the age secret key in FILE (an office key)."`
	As             string `placeholder:"NAME" help:"Who works: an operator of the case, by name."`
	Data           string `placeholder:"DIR" type:"path" help:"Data folder of the office: law, lists, phrases and templates in place of the program's. Otherwise YUZHENG_DATA, otherwise the folder office beside the list of known keys."`

	Demo        demoCmd        `cmd:"" help:"The training case: from a scam site to a verified packet, offline."`
	Env         envCmd         `cmd:"" help:"Try browser, clock, disk, resolver, proxy and fonts; says beforehand whom it contacts."`
	Case        caseCmd        `cmd:"" help:"Make, check, seal and carry a case."`
	Capture     captureCmd     `cmd:"" help:"Capture pages as exhibits."`
	Intake      intakeCmd      `cmd:"" help:"Read lists of addresses, seal them as exhibits and queue what they hold."`
	Crawl       crawlCmd       `cmd:"" help:"Capture a site page by page."`
	Sit         sitCmd         `cmd:"" help:"Drive a visible browser yourself while everything is recorded: pages behind a login."`
	Login       loginCmd       `cmd:"" help:"Logins that the case keeps for sittings."`
	Queue       queueCmd       `cmd:"" help:"Pages that wait to be captured."`
	Compare     compareCmd     `cmd:"" help:"Set exhibits of one address beside each other: cloaking, or what has changed."`
	Watch       watchCmd       `cmd:"" help:"Capture an address again at an interval, until something happens."`
	Exhibit     exhibitCmd     `cmd:"" help:"Look at, add and export exhibits."`
	Target      targetCmd      `cmd:"" help:"Domain names to be seized."`
	Loss        lossCmd        `cmd:"" help:"What victims lost, as complaints say."`
	Application applicationCmd `cmd:"" help:"Applications to a court."`
	Packet      packetCmd      `cmd:"" help:"What leaves the case."`
	Law         lawCmd         `cmd:"" help:"Law, lists, phrases and templates: what is in force, from which office and of which version."`
	Execution   executionCmd   `cmd:"" help:"Whether an order to stop names is carried out."`
	Keys        keysCmd        `cmd:"" help:"The keys by which this machine knows who made a packet."`
	Verify      verifyCmd      `cmd:"" help:"Verify a packet (no key needed) or a case."`
}

// exitRequest carries kong's wish to end (after --help) up to Run.
type exitRequest int

// Run parses the arguments and does what they say.
func (s *Session) Run(ctx context.Context, args []string) (err error) {
	defer func() {
		if r := recover(); r != nil {
			code, ok := r.(exitRequest)
			if !ok {
				panic(r)
			}
			if code != 0 {
				err = ErrUsage
			}
		}
	}()
	parser, err := s.parser()
	if err != nil {
		return fmt.Errorf("command grammar: %w", err)
	}
	if len(args) > 0 && args[0] == "help" { // as people type it
		args = append(slices.Clone(args[1:]), "--help")
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUsage, err)
	}
	if s.grammar.Data != "" {
		s.Bench.Office.Use(s.grammar.Data)
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	return parsed.Run(s)
}

// Tell says an error on standard error.
func (s *Session) Tell(err error) {
	if errors.Is(err, ErrUsage) {
		fmt.Fprintln(s.Err, s.Say.Usage(err, ErrUsage))
		return
	}
	fmt.Fprintln(s.Err, s.Say.Error(err))
}

// print writes v as one JSON document, or calls text for people.
func (s *Session) print(v any, text func()) error {
	if !s.grammar.JSON {
		text()
		return nil
	}
	return s.encode(v, "")
}

// encode writes v as JSON on one line, or on several that stand in by indent.
func (s *Session) encode(v any, indent string) error {
	enc := json.NewEncoder(s.JSON)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	return nil
}

// line writes one line of words to standard output.
func (s *Session) line(key string, pairs ...any) { fmt.Fprintln(s.Out, s.Say.T(key, pairs...)) }

// note writes one line of words to standard error.
func (s *Session) note(key string, pairs ...any) { fmt.Fprintln(s.Err, s.Say.T(key, pairs...)) }

// open unlocks the case in dir by the way that the command line names.
func (s *Session) open(ctx context.Context, dir string) (*casefile.Case, error) {
	way, err := s.way()
	if err != nil {
		return nil, err
	}
	c, err := s.Bench.OpenCase(ctx, dir, way, custody.Operator{Name: s.grammar.As})
	if err != nil {
		return nil, err
	}
	if i := c.Info(); i.Joined {
		s.note("operator.joined", "name", i.Operator.Name)
	}
	return c, nil
}

// with opens the case in dir, does the work and closes it again; an error of closing is not lost.
func (s *Session) with(ctx context.Context, dir string, work func(*casefile.Case) error) error {
	c, err := s.open(ctx, dir)
	if err != nil {
		return err
	}
	return errors.Join(work(c), c.Close())
}

func (s *Session) way() (casefile.Way, error) {
	switch {
	case s.grammar.RecoveryFile != "":
		key, err := firstLine(s.grammar.RecoveryFile, "")
		if err != nil {
			return nil, err
		}
		return casefile.RecoveryKey(key), nil
	case s.grammar.OpenWith != "":
		secret, err := firstLine(s.grammar.OpenWith, "AGE-SECRET-KEY-")
		if err != nil {
			return nil, err
		}
		return casefile.Identity(secret), nil
	}
	if key := s.Getenv("YUZHENG_RECOVERY_KEY"); key != "" && s.grammar.PassphraseFile == "" {
		return casefile.RecoveryKey(key), nil
	}
	passphrase, err := s.passphrase(false)
	if err != nil {
		return nil, err
	}
	return casefile.Passphrase(passphrase), nil
}

// strong refuses a new passphrase that is easily guessed, by somebody who knows what stands on the case's papers too.
func strong(text string, known ...string) error {
	if !passphrase.Judge(text, known...).Taken() {
		return passphrase.ErrWeak
	}
	return nil
}

// onPapers is what anybody knows who holds a paper of the case.
func onPapers(c *casefile.Case) []string {
	info := c.Info()
	known := []string{info.Number, info.Title}
	for _, o := range info.Operators {
		known = append(known, o.Name, o.Title, o.Office)
	}
	return known
}

// passphrase asks in the order file, environment, terminal; a new one is asked for twice.
func (s *Session) passphrase(fresh bool) (string, error) {
	if s.grammar.PassphraseFile != "" {
		return firstLine(s.grammar.PassphraseFile, "")
	}
	if p := s.Getenv("YUZHENG_PASSPHRASE"); p != "" {
		return p, nil
	}
	if s.ReadSecret == nil {
		return "", fmt.Errorf("%w: no passphrase: use a terminal, --passphrase-file or YUZHENG_PASSPHRASE", ErrUsage)
	}
	if fresh {
		return s.askTwice()
	}
	return s.ReadSecret(s.Say.T("cli.passphrase"))
}

func (s *Session) askTwice() (string, error) {
	if s.ReadSecret == nil {
		return "", fmt.Errorf("%w: no terminal to ask for the new passphrase", ErrUsage)
	}
	p, err := s.ReadSecret(s.Say.T("cli.passphrase"))
	if err != nil {
		return "", err
	}
	again, err := s.ReadSecret(s.Say.T("cli.passphrase.again"))
	if err != nil {
		return "", err
	}
	if p != again || p == "" {
		return "", fmt.Errorf("%w: the two passphrases differ or are empty", ErrUsage)
	}
	return p, nil
}

// firstLine is the first line of a file that begins with prefix, without its line end.
func firstLine(file, prefix string) (string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrUsage, err)
	}
	const mark = "\xef\xbb\xbf" // U+FEFF, which editors of Windows put before a text and nobody types
	for line := range strings.Lines(strings.TrimPrefix(string(data), mark)) {
		if line = strings.TrimRight(line, "\r\n"); line != "" && strings.HasPrefix(line, prefix) {
			return line, nil
		}
	}
	return "", fmt.Errorf("%w: %s holds no line to use", ErrUsage, file)
}
