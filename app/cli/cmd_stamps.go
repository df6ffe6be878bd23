package cli

import (
	"context"

	"yuzheng/app/faults"
	"yuzheng/app/workbench"
	"yuzheng/casefile"
)

type caseStampsCmd struct {
	Dir string `arg:"" name:"CASE" type:"path" help:"Case folder."`
	Ask bool   `help:"Ask those that have not answered yet, for the seals as they are; no new seal is made."`
}

// sealedBy is a seal with who has stamped it, as programs read it.
type sealedBy struct {
	Size    int64    `json:"size"`
	Root    string   `json:"root"`
	Stamps  []string `json:"stamps"`
	Pending []string `json:"pending"`

	Unstamped []workbench.Unstamped `json:"unstamped"` // why those that are pending are, as far as they were asked
}

func (cmd *caseStampsCmd) Run(ctx context.Context, s *Session) error {
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		seals, err := c.Seals()
		if cmd.Ask {
			seals, err = s.Bench.CatchUp(ctx, c)
		}
		if err != nil {
			return err
		}
		list := make([]sealedBy, len(seals))
		for i, seal := range seals {
			why, err := s.Bench.Unstamped(c, seal)
			if err != nil {
				return err
			}
			list[i] = sealedBy{seal.Size, seal.Root.String(), stampedBy(seal), append([]string{}, seal.Pending...), why}
		}
		return s.print(list, func() { s.printStamps(list) })
	})
}

func stampedBy(seal casefile.SealRecord) []string {
	urls := make([]string, 0, len(seal.Stamps))
	for _, t := range seal.Stamps {
		urls = append(urls, t.URL)
	}
	return urls
}

func (s *Session) printStamps(list []sealedBy) {
	if len(list) == 0 {
		s.line("cli.stamps.none")
	}
	for _, seal := range list {
		s.line("cli.stamps.seal", "size", seal.Size, "root", seal.Root)
		for _, url := range seal.Stamps {
			s.line("cli.stamps.there", "url", url)
		}
		s.linePending(seal.Pending, seal.Unstamped)
	}
}

// linePending says who has not stamped a seal, and why.
func (s *Session) linePending(pending []string, list []workbench.Unstamped) {
	for _, url := range pending {
		s.line("cli.stamps.pending", "url", url)
		for _, u := range list {
			if u.URL == url {
				s.line("cli.stamps.why", "time", clock(u.Asked.Time), "why", faults.Say(s.Say.Lang, u.Why))
			}
		}
	}
}
