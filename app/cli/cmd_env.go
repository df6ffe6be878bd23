package cli

import (
	"context"

	"golang.org/x/net/http/httpproxy"

	"yuzheng/app/faults"
	"yuzheng/app/workbench"
	"yuzheng/casefile/evidence"
)

type envCmd struct {
	Dir       string `arg:"" optional:"" default:"." type:"path" help:"Where cases are to lie."`
	Offline   bool   `help:"Contact nobody: the time server, the resolver and a proxy are not tried."`
	NoSandbox bool   `help:"Try Chrome without its sandbox."`
	Resolver  string `help:"Ask this resolver instead of the system's." placeholder:"ADDR:PORT"`
	NTP       string `help:"Compare the clock with this server." placeholder:"HOST:PORT"`
}

func (cmd *envCmd) Run(ctx context.Context, s *Session) error {
	config := httpproxy.Config{
		HTTPProxy: s.Getenv("HTTP_PROXY"), HTTPSProxy: s.Getenv("HTTPS_PROXY"), NoProxy: s.Getenv("NO_PROXY"),
	}
	if proxy := s.Getenv("YUZHENG_PROXY"); proxy != "" { // what captures go out through
		config = httpproxy.Config{HTTPProxy: proxy, HTTPSProxy: proxy}
	}
	items := s.Bench.Env(ctx, workbench.EnvOptions{
		Dir: cmd.Dir, NoSandbox: cmd.NoSandbox, Lookups: evidence.Lookups{Resolver: cmd.Resolver, NTP: cmd.NTP}, Proxy: config.ProxyFunc(),
		Contact: !cmd.Offline,
		Tell: func(c workbench.EnvContact) {
			s.note("cli.env.contact", "name", s.Say.T("env."+c.Name), "host", c.Host)
		},
	})
	err := s.print(items, func() {
		for _, i := range items {
			s.line("cli.env", "name", s.Say.T("env."+i.Name), "state", s.Say.T("env.state."+string(i.State)), "value", s.envText(i))
		}
	})
	if err != nil {
		return err
	}
	return s.worst(items)
}

// envText says what came of a trial.
func (s *Session) envText(i workbench.EnvItem) string {
	return s.Say.T("env."+i.Name+"."+i.Code, s.envPairs(i)...)
}

func (s *Session) envPairs(i workbench.EnvItem) []any {
	pairs := []any{}
	for key, value := range i.Data {
		switch {
		case key == "why":
			value = faults.Say(s.Say.Lang, value)
		case key == "dir" && i.Data["absent"] != "":
			value = s.Say.T("env.disk.above", "absent", i.Data["absent"], "dir", value)
		case key == "resolver" && value == "":
			value = s.Say.T("env.resolver.system")
		}
		pairs = append(pairs, key, value)
	}
	return pairs
}

// worst turns a part without which nothing can be captured into the exit code.
func (s *Session) worst(items []workbench.EnvItem) error {
	refused := &workbench.RefusedError{What: "environment"}
	for _, i := range items {
		if i.State == workbench.Bad {
			text := s.envText(i)
			refused.Reasons = append(refused.Reasons, workbench.Reason{Code: "env." + i.Name, Text: text, TextEN: text})
		}
	}
	if len(refused.Reasons) == 0 {
		return nil
	}
	return refused
}
