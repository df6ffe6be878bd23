package cli

import (
	"context"
	"fmt"
	"time"

	"yuzheng/app/workbench"
	"yuzheng/capture/crawl"
	"yuzheng/casefile"
	"yuzheng/casefile/evidence"
)

type crawlCmd struct {
	Dir        string        `arg:"" name:"CASE" type:"path" help:"Case folder."`
	URL        string        `arg:"" name:"URL" optional:"" help:"Where to begin."`
	Continue   string        `help:"Go on with a crawl that was ended, by its number; what it has is not asked again." placeholder:"C001"`
	View       string        `default:"desktop" help:"As whom: desktop, mobile, ad, line, facebook, crawler."`
	Depth      int           `default:"2" help:"Links away from the beginning."`
	Pages      int           `default:"50" help:"Pages at most."`
	Scope      string        `default:"domain" enum:"domain,host,path" help:"What belongs to the site: domain (the registrable domain), host, or path (what lies below the address)."`
	Delay      time.Duration `default:"1s" help:"Rest between pages."`
	Time       time.Duration `help:"Limit of the whole crawl."`
	ObeyRobots bool          `help:"Ask only what robots.txt allows (otherwise its rules are noted)."`
	NoRobots   bool          `help:"Do not ask for robots.txt."`
	Sitemaps   int           `default:"5" help:"Sitemap files asked for at most."`
	Skip       []string      `sep:"none" help:"Addresses that match are not followed; may be repeated." placeholder:"REGEXP"`
	Files      bool          `help:"Follow links to files too."`
	how
}

func (cmd *crawlCmd) Run(ctx context.Context, s *Session) error {
	if (cmd.URL == "") == (cmd.Continue == "") {
		return fmt.Errorf("%w: an address, or --continue", ErrUsage)
	}
	if !evidence.Persona(cmd.View).Known() {
		return fmt.Errorf("%w: unknown view %q", ErrUsage, cmd.View)
	}
	n, err := cmd.crawl(s)
	if err != nil {
		return err
	}
	each := func(got workbench.Captured) {
		if !s.grammar.JSON {
			s.printCaptured(got)
		}
	}
	return s.with(ctx, cmd.Dir, func(c *casefile.Case) error {
		var got workbench.Crawl
		var err error
		if cmd.Continue != "" {
			got, err = s.Bench.ContinueCrawl(ctx, c, cmd.Continue, &liner{s: s}, each)
		} else {
			got, err = s.Bench.BeginCrawl(ctx, c, n, &liner{s: s}, each)
		}
		if got.Tree == nil {
			return err
		}
		if printErr := s.print(got, func() { s.sayCrawl(got) }); err == nil {
			err = printErr
		}
		return err
	})
}

func (cmd *crawlCmd) crawl(s *Session) (workbench.Crawl, error) {
	base, err := cmd.base(s)
	if err != nil {
		return workbench.Crawl{}, err
	}
	base.View = evidence.Persona(cmd.View)
	from := cmd.URL
	if cmd.Continue == "" {
		if from, err = address(cmd.URL); err != nil {
			return workbench.Crawl{}, err
		}
	}
	o := crawl.DefaultOptions(from)
	o.Depth, o.Pages, o.Scope, o.Delay = cmd.Depth, cmd.Pages, crawl.Scope(cmd.Scope), cmd.Delay
	o.ObeyRobots, o.NoRobots, o.Sitemaps, o.Skip, o.Files = cmd.ObeyRobots, cmd.NoRobots, cmd.Sitemaps, cmd.Skip, cmd.Files
	return workbench.Crawl{Request: base, Options: o, Time: cmd.Time}, nil
}

func (s *Session) sayCrawl(got workbench.Crawl) {
	for _, n := range got.Tree.Nodes {
		s.line("cli.crawl.node", "n", n.N, "parent", n.Parent, "depth", n.Depth, "how", n.How, "exhibit", n.Exhibit, "url", n.URL)
	}
	reasons := map[crawl.Reason]int{}
	for _, f := range got.Tree.Found {
		reasons[f.Reason]++
	}
	for _, l := range got.Tree.Limits {
		s.line("cli.crawl.limit", "name", l.Name, "value", l.Value, "count", l.Count)
	}
	s.line("cli.crawl", "crawl", got.ID, "exhibit", got.Exhibit, "pages", len(got.Tree.Nodes), "found", len(got.Tree.Found), "ended", got.Tree.Ended)
}
