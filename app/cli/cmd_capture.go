package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"yuzheng/app/faults"
	"yuzheng/app/workbench"
	"yuzheng/capture"
	"yuzheng/casefile"
	"yuzheng/casefile/evidence"
)

type captureCmd struct {
	Dir      string   `arg:"" name:"CASE" type:"path" help:"Case folder."`
	URLs     []string `arg:"" name:"URL" optional:"" help:"Addresses to capture."`
	From     string   `help:"Queue the addresses in FILE, one a line ('-' is standard input), and capture several at a time; continues after a kill with 'queue run'." placeholder:"FILE"`
	Parallel int      `help:"With --from: captures at the same time (as many as the machine bears unless told)."`
	Retries  int      `help:"With --from: further tries of a page that can't be reached, each sealed."`
	View     []string `default:"desktop" help:"As whom: desktop, mobile, ad, line, facebook, crawler; several separated by commas."`
	how
}

func (cmd *captureCmd) Run(ctx context.Context, s *Session) error {
	pages, err := cmd.pages(s.In)
	if err != nil {
		return err
	}
	base, err := cmd.base(s)
	if err != nil {
		return err
	}
	requests := make([]evidence.Request, len(pages))
	for i, p := range pages {
		requests[i] = base
		requests[i].URL, requests[i].View = p.URL, p.View
		if err := capture.Validate(requests[i]); err != nil {
			return fmt.Errorf("%w: %w", ErrUsage, err)
		}
	}
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		if cmd.From != "" {
			jobs, err := s.Bench.Enqueue(ctx, c, base, pages, "")
			if err != nil {
				return err
			}
			return s.runQueue(ctx, c, workbench.RunOptions{Parallel: cmd.Parallel, Retries: cmd.Retries, Only: jobNames(jobs)})
		}
		views := map[string][]string{}
		err := s.Bench.Capture(ctx, c, requests, &liner{s: s}, func(got workbench.Captured) {
			s.printCaptured(got)
			views[got.URL] = append(views[got.URL], got.Exhibit)
		})
		for _, r := range requests {
			address := capture.Told(r).URL
			s.tellViews(ctx, c, views[address])
			delete(views, address)
		}
		return err
	})
}

// tellViews says, beside the result, what several views of one address say about each other; 'compare' has all of it.
func (s *Session) tellViews(ctx context.Context, c *casefile.Case, exhibits []string) {
	if len(exhibits) < 2 || ctx.Err() != nil {
		return
	}
	got, err := s.Bench.Compare(ctx, c, exhibits...)
	if err != nil {
		s.note("cli.warning", "text", err)
		return
	}
	got.Steps = nil
	s.sayComparison(got, s.note)
}

// printCaptured streams one exhibit: a line of JSON, or a line of words.
func (s *Session) printCaptured(got workbench.Captured) {
	if s.grammar.JSON {
		_ = s.encode(normal(got), "") // a closed pipe must not stop the sealing
		return
	}
	if got.Kind == evidence.Capture {
		s.line("cli.captured", "exhibit", got.Exhibit, "view", s.Say.T("view."+string(got.View)), "url", got.URL,
			"verdict", s.Say.T("verdict."+string(got.Outcome())), "title", got.Title, "seconds", got.ElapsedMS/1000)
	} else {
		s.line("cli.exhibit.other", "exhibit", got.Exhibit, "time", clock(got.Started), "kind", s.kind(got), "title", got.Title)
	}
	if got.Source != nil {
		s.line("cli.source", "file", got.Source.File, "from", s.told(got.Source.From), "received", s.told(got.Source.Received), "reason", s.told(got.Source.Reason))
	}
	for _, m := range got.Missing {
		s.line("cli.missing", "what", m.What, "reason", faults.Missing(s.Say.Lang, m))
	}
	for _, w := range faults.Warnings(s.Say.Lang, got.Cautions) {
		s.line("cli.warning", "text", w)
	}
}

// kind is the word for what an exhibit is: a page that a person drove to is told apart from one that the program opened.
func (s *Session) kind(got workbench.Captured) string {
	switch {
	case got.Kind == evidence.Unknown:
		return s.Say.T("kind.unknown")
	case got.Kind == evidence.Capture && got.Session != "":
		return s.Say.T("kind.capture.driven")
	}
	return s.Say.T("kind." + string(got.Kind))
}

// told is a text, or that nobody wrote it down.
func (s *Session) told(text string) string {
	if text == "" {
		return s.Say.T("kind.untold")
	}
	return text
}

// normal writes absent lists as empty ones, so that a script finds every field.
func normal(got workbench.Captured) workbench.Captured {
	if got.Missing == nil {
		got.Missing = []evidence.Missing{}
	}
	if got.Redirects == nil {
		got.Redirects = []evidence.Hop{}
	}
	if got.Artifacts == nil {
		got.Artifacts = []evidence.Artifact{}
	}
	if got.Warnings == nil {
		got.Warnings = []string{}
	}
	return got
}

// pages is every address in every view.
func (cmd *captureCmd) pages(in io.Reader) ([]evidence.QueuedPage, error) {
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
	var pages []evidence.QueuedPage
	for _, text := range urls {
		u, err := address(text)
		if err != nil {
			return nil, err
		}
		for _, v := range cmd.View {
			pages = append(pages, evidence.QueuedPage{URL: u, View: evidence.Persona(v)})
		}
	}
	return pages, nil
}

// how is everything about a capture but the page: the settings of a request.
type how struct {
	Timeout      time.Duration `default:"90s" help:"Limit for one page."`
	AllowPrivate []string      `help:"Open one private address to the page (HOST:PORT); recorded." placeholder:"HOST:PORT"`
	Resolve      []string      `help:"Take ADDR for HOST:PORT, as curl does; recorded." placeholder:"HOST:PORT:ADDR"`
	Proxy        string        `help:"Go out through this proxy; recorded, without its password. One with a password is read from YUZHENG_PROXY." placeholder:"URL"`
	NoSandbox    bool          `help:"Run Chrome without its sandbox, only where it can't start otherwise; recorded."`
	NoDNS        bool          `help:"No DNS facts."`
	NoRDAP       bool          `help:"No RDAP look-up."`
	NoClock      bool          `help:"No clock comparison."`
	Resolver     string        `help:"Ask this resolver instead of the system's." placeholder:"ADDR:PORT"`
	Compare      string        `help:"Ask this resolver outside the office too, and compare: is what the office sees the site?" placeholder:"ADDR:PORT"`
	WHOIS        bool          `name:"whois" help:"Ask WHOIS too (port 43: in clear, so whoever stands on the way reads the name)."`
	WHOISServer  string        `name:"whois-server" help:"Begin with this WHOIS server." placeholder:"HOST:PORT"`
	RDAPServer   string        `name:"rdap" help:"Ask this RDAP server instead of the one that IANA names." placeholder:"URL"`
	NetLog       bool          `name:"netlog" help:"Keep Chrome's own log of its network stack as an artifact (netlog.json)."`
	NTP          string        `help:"Compare the clock with this server." placeholder:"HOST:PORT"`
	MaxBytes     int64         `help:"Limit for all bodies of one page, in bytes (300 MiB unless told)."`
	MaxHeight    int           `help:"Limit for the picture, in CSS pixels (60000 unless told)."`
}

func (cmd *how) base(s *Session) (evidence.Request, error) {
	resolve, err := parseResolve(cmd.Resolve)
	if err != nil {
		return evidence.Request{}, err
	}
	if _, seen := capture.WithoutPassword(cmd.Proxy); seen {
		return evidence.Request{}, fmt.Errorf("%w: a password on the command line is seen by everybody on the machine: give the proxy in YUZHENG_PROXY", ErrUsage)
	}
	limits := evidence.DefaultLimits()
	limits.Time = cmd.Timeout
	if cmd.MaxBytes > 0 {
		limits.Bytes = cmd.MaxBytes
	}
	if cmd.MaxHeight > 0 {
		limits.Height = cmd.MaxHeight
	}
	r := evidence.Request{
		NetLog: cmd.NetLog, AllowPrivate: cmd.AllowPrivate, Resolve: resolve, Proxy: cmp.Or(cmd.Proxy, s.Getenv("YUZHENG_PROXY")), NoSandbox: cmd.NoSandbox, Limits: limits,
		Lookups: evidence.Lookups{
			DNS: !cmd.NoDNS, RDAP: !cmd.NoRDAP, Clock: !cmd.NoClock,
			Resolver: cmd.Resolver, Compare: cmd.Compare, RDAPBase: cmd.RDAPServer, NTP: cmd.NTP,
			WHOIS: cmd.WHOIS || cmd.WHOISServer != "", WHOISServer: cmd.WHOISServer,
		},
	}
	any := r // page: the settings are checked before there is one
	any.URL, any.View = "https://a.example/", evidence.Desktop
	if err := capture.Validate(any); err != nil {
		return r, fmt.Errorf("%w: %w", ErrUsage, err)
	}
	return r, nil
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
		place := net.JoinHostPort(host, port)
		if asked, err := capture.HostPort(place); err == nil { // what is wrong is told when the whole request is checked
			place = asked
		}
		if _, twice := m[place]; twice {
			return nil, fmt.Errorf("%w: --resolve: %s is mapped twice", ErrUsage, place)
		}
		m[place] = addr
	}
	return m, nil
}

// address reads an address as the window does.
func address(text string) (string, error) {
	u, err := capture.Address(text)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrUsage, err)
	}
	return u, nil
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
