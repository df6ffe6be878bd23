package workbench

import (
	"context"
	"io"
	"net/url"
	"slices"
	"strings"

	"yuzheng/capture/identify"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/evidence"
	"yuzheng/casefile/rpz"
)

const (
	maxSignText  = 4 << 20 // bytes of a page's text that are searched for signs
	maxSignNames = 30      // names in a certificate; one with more is of a provider, and ties nothing to nothing
)

// Propose lists the names that the captures of a case tie to its targets and that are none: mirrors, new addresses of the same people. A tie is a lead.
func (w *Workbench) Propose(ctx context.Context, c *casefile.Case) ([]application.Proposal, error) {
	lists, err := application.LoadLists(w.Lists)
	if err != nil {
		return nil, err
	}
	targets, err := w.Targets(c)
	if err != nil {
		return nil, err
	}
	exhibits, err := w.evidence(ctx, c)
	if err != nil {
		return nil, err
	}
	signs, err := w.signs(ctx, c)
	if err != nil {
		return nil, err
	}
	return lists.Propose(targets, exhibits, signs), nil
}

// signs reads what every capture shows that another may show too.
func (w *Workbench) signs(ctx context.Context, c *casefile.Case) (application.Signs, error) {
	exhibits, err := c.Exhibits()
	if err != nil {
		return nil, err
	}
	all := application.Signs{}
	for _, e := range exhibits {
		if evidence.KindOf(e.Detail) != evidence.Capture {
			continue
		}
		got, err := captured(e)
		if err != nil {
			return nil, err
		}
		list, err := signsOf(ctx, c, e, got.FinalURL)
		if err != nil {
			return nil, err
		}
		all[e.ID] = list
	}
	return all, nil
}

func signsOf(ctx context.Context, c *casefile.Case, e casefile.Exhibit, page string) (list []application.Sign, err error) {
	if has(e, evidence.FactsJSON) {
		facts, err := readDocument[evidence.Facts](ctx, c, e, evidence.FactsJSON)
		if err != nil {
			return nil, err
		}
		list = infrastructure(facts, page)
	}
	if !has(e, evidence.TextTXT) {
		return list, nil
	}
	r, err := c.OpenArtifact(ctx, e.Entry, evidence.TextTXT)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, maxSignText))
	if err != nil {
		return nil, err
	}
	found, _ := identify.Find(string(text), identify.Words)
	for _, f := range found {
		s := application.Sign{Kind: application.TieKind(f.Kind), Value: f.Value}
		if !f.Guess && slices.Contains(application.TieKinds, s.Kind) && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list, nil
}

// infrastructure are the signs of the server that the page itself came from, and of its icon.
func infrastructure(facts evidence.Facts, page string) (list []application.Sign) {
	for _, s := range facts.Servers {
		if len(s.Chain) == 0 || !sameHost(s.Origin, page) || s.Interceptor != "" {
			continue
		}
		own := s.Chain[0]
		if own.KeySHA256 != "" && len(own.Names) <= maxSignNames {
			list = append(list, application.Sign{Kind: application.TieKey, Value: own.KeySHA256})
		}
		for _, n := range own.Names {
			if name, err := rpz.Normalize(strings.TrimPrefix(n, "*.")); err == nil && len(own.Names) <= maxSignNames {
				list = append(list, application.Sign{Kind: application.TieNamed, Value: name})
			}
		}
	}
	for _, i := range facts.Icons {
		if i.IconHashes != nil && i.SHA256 != "" && i.Width > 1 {
			list = append(list, application.Sign{Kind: application.TieIcon, Value: i.SHA256})
		}
	}
	return list
}

func sameHost(a, b string) bool {
	x, err1 := url.Parse(a)
	y, err2 := url.Parse(b)
	return err1 == nil && err2 == nil && x.Hostname() != "" && strings.EqualFold(x.Hostname(), y.Hostname())
}
