package cli

import (
	"context"

	"golang.org/x/net/http/httpproxy"

	"yuzheng/app/workbench"
)

type envCmd struct {
	Dir string `arg:"" optional:"" default:"." type:"path" help:"Where cases are to lie."`
}

func (cmd *envCmd) Run(ctx context.Context, s *Session) error {
	config := httpproxy.Config{
		HTTPProxy: s.Getenv("HTTP_PROXY"), HTTPSProxy: s.Getenv("HTTPS_PROXY"), NoProxy: s.Getenv("NO_PROXY"),
	}
	items := s.Bench.Env(ctx, cmd.Dir, config.ProxyFunc())
	err := s.print(items, func() {
		for _, i := range items {
			s.line("cli.env", "name", s.Say.T("env."+i.Name), "state", s.Say.T("env.state."+string(i.State)), "value", i.Value)
		}
	})
	if err != nil {
		return err
	}
	return worst(items)
}

// worst turns a part without which nothing can be captured into the exit code.
func worst(items []workbench.EnvItem) error {
	for _, i := range items {
		if i.State == workbench.Bad {
			return &workbench.RefusedError{What: "environment", Reasons: []workbench.Reason{{Code: "env." + i.Name, Text: i.Value, TextEN: i.Value}}}
		}
	}
	return nil
}
