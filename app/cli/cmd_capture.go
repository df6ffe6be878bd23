package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"yuzheng/app/workbench"
	"yuzheng/capture"
	"yuzheng/casefile"
)

type captureCmd struct {
	Dir          string        `arg:"" name:"CASE" type:"path" help:"Case folder."`
	URLs         []string      `arg:"" name:"URL" optional:"" help:"Addresses to capture."`
	From         string        `help:"Read addresses from FILE, one a line ('-' is standard input)." placeholder:"FILE"`
	View         []string      `default:"desktop" help:"As whom: desktop, mobile, ad, line, facebook, crawler; several separated by commas."`
	Timeout      time.Duration `default:"90s" help:"Limit for one page."`
	AllowPrivate []string      `help:"Open one private address to the page (HOST:PORT); recorded." placeholder:"HOST:PORT"`
	Resolve      []string      `help:"Take ADDR for HOST:PORT, as curl does; recorded." placeholder:"HOST:PORT:ADDR"`
	Proxy        string        `help:"Go out through this proxy; recorded." placeholder:"URL"`
	NoSandbox    bool          `help:"Run Chrome without its sandbox, only where it can't start otherwise; recorded."`
	NoDNS        bool          `help:"No DNS facts."`
	NoRDAP       bool          `help:"No RDAP look-up."`
	NoClock      bool          `help:"No clock comparison."`
	Resolver     string        `help:"Ask this resolver instead of the system's." placeholder:"ADDR:PORT"`
	RDAPServer   string        `name:"rdap" help:"Ask this RDAP server instead of the one that IANA names." placeholder:"URL"`
	NTP          string        `help:"Compare the clock with this server." placeholder:"HOST:PORT"`
	MaxBytes     int64         `help:"Limit for all bodies of one page, in bytes (300 MiB unless told)."`
	MaxHeight    int           `help:"Limit for the picture, in CSS pixels (60000 unless told)."`
}

func (cmd *captureCmd) Run(ctx context.Context, s *Session) error {
	requests, err := cmd.requests(s.In)
	if err != nil {
		return err
	}
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		return s.Bench.Capture(ctx, c, requests, &liner{s: s}, func(got workbench.Captured) { s.printCaptured(got) })
	})
}

// printCaptured streams one exhibit: a line of JSON, or a line of words.
func (s *Session) printCaptured(got workbench.Captured) {
	if s.grammar.JSON {
		json.NewEncoder(s.Out).Encode(normal(got)) //nolint:errcheck // a closed pipe must not stop the sealing
		return
	}
	s.line("cli.captured", "exhibit", got.Exhibit, "view", s.Say.T("view."+string(got.View)), "url", got.URL,
		"verdict", s.Say.T("verdict."+string(got.Verdict)), "title", got.Title, "seconds", got.ElapsedMS/1000)
	for _, m := range got.Missing {
		s.line("cli.missing", "what", m.What, "reason", m.Reason)
	}
	for _, w := range got.Warnings {
		s.line("cli.warning", "text", w)
	}
}

// normal writes absent lists as empty ones, so that a script finds every field.
func normal(got workbench.Captured) workbench.Captured {
	if got.Missing == nil {
		got.Missing = []capture.Missing{}
	}
	if got.Redirects == nil {
		got.Redirects = []capture.Hop{}
	}
	if got.Artifacts == nil {
		got.Artifacts = []capture.Artifact{}
	}
	if got.Warnings == nil {
		got.Warnings = []string{}
	}
	return got
}

func (cmd *captureCmd) requests(in io.Reader) ([]capture.Request, error) {
	urls := cmd.URLs
	if cmd.From != "" {
		more, err := readAddresses(cmd.From, in)
		if err != nil {
			return nil, err
		}
		urls = append(urls, more...)
	}
	if len(urls) == 0 {
		return nil, fmt.Errorf("%w: no address to capture", ErrUsage)
	}
	base, err := cmd.base()
	if err != nil {
		return nil, err
	}
	var requests []capture.Request
	for _, u := range urls {
		for _, v := range cmd.View {
			r := base
			r.URL, r.View = u, capture.View(v)
			if err := r.Validate(); err != nil {
				return nil, fmt.Errorf("%w: %w", ErrUsage, err)
			}
			requests = append(requests, r)
		}
	}
	return requests, nil
}

func (cmd *captureCmd) base() (capture.Request, error) {
	resolve, err := parseResolve(cmd.Resolve)
	if err != nil {
		return capture.Request{}, err
	}
	limits := capture.DefaultLimits()
	limits.Time = cmd.Timeout
	if cmd.MaxBytes > 0 {
		limits.Bytes = cmd.MaxBytes
	}
	if cmd.MaxHeight > 0 {
		limits.Height = cmd.MaxHeight
	}
	return capture.Request{
		AllowPrivate: cmd.AllowPrivate, Resolve: resolve, Proxy: cmd.Proxy, NoSandbox: cmd.NoSandbox, Limits: limits,
		Lookups: capture.Lookups{
			DNS: !cmd.NoDNS, RDAP: !cmd.NoRDAP, Clock: !cmd.NoClock,
			Resolver: cmd.Resolver, RDAPBase: cmd.RDAPServer, NTP: cmd.NTP,
		},
	}, nil
}

// parseResolve reads HOST:PORT:ADDR as curl does; ADDR may be an IPv6 address in brackets, and may carry a port.
func parseResolve(list []string) (map[string]string, error) {
	if len(list) == 0 {
		return nil, nil
	}
	m := map[string]string{}
	for _, item := range list {
		host, rest, ok := strings.Cut(item, ":")
		port, addr, ok2 := strings.Cut(rest, ":")
		if !ok || !ok2 || host == "" || port == "" || addr == "" {
			return nil, fmt.Errorf("%w: --resolve %s is not HOST:PORT:ADDR", ErrUsage, item)
		}
		m[net.JoinHostPort(host, port)] = addr
	}
	return m, nil
}

// readAddresses takes one address a line; empty lines and lines that begin with # are passed over.
func readAddresses(file string, in io.Reader) ([]string, error) {
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrUsage, err)
		}
		defer f.Close()
		in = f
	}
	var urls []string
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		line := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if line != "" && !strings.HasPrefix(line, "#") {
			urls = append(urls, line)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, errors.Join(ErrUsage, err)
	}
	return urls, nil
}

// liner tells the stages of a capture on standard error, each once.
type liner struct {
	s    *Session
	last capture.Step
}

func (l *liner) Step(step capture.Step, done, total int64) {
	if step == l.last {
		return
	}
	l.last = step
	l.s.note("step." + string(step))
}
