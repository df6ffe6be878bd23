// Package crawl chooses which pages of a site are captured, one after the other, and says of every other address why it was not asked.
//
// It asks no server. Whoever calls it captures a page and gives back what was captured; colly finds the way from there over a
// transport that hands it those pages.
package crawl

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"yuzheng/casefile/evidence"

	"github.com/nlnwa/whatwg-url/url"
)

// ErrOptions is wrapped by Run where the options are wrong: nothing was asked of anybody.
var ErrOptions = errors.New("not a crawl that can be done")

// Options says which pages belong to a crawl. A time limit is the deadline of its ctx.
type Options struct {
	Start      string        `json:"start"`                 // http or https
	Scope      Scope         `json:"scope"`                 // which addresses belong to the site
	Depth      int           `json:"depth"`                 // links away from the start; 0 is the start alone
	Pages      int           `json:"pages"`                 // pages asked for, robots.txt and sitemaps not counted
	Links      int           `json:"links"`                 // looked at on one page, of each way of finding them
	Alike      int           `json:"alike"`                 // addresses followed that differ in their digits only
	Addresses  int           `json:"addresses"`             // kept altogether, followed or not
	Sitemaps   int           `json:"sitemaps"`              // sitemap files asked for; 0 is none
	Delay      time.Duration `json:"delay"`                 // rest after an answer before the next address is asked
	Skip       []string      `json:"skip,omitempty"`        // regular expressions (RE2) of addresses not to follow
	NoRobots   bool          `json:"no_robots,omitempty"`   // robots.txt is not asked for
	ObeyRobots bool          `json:"obey_robots,omitempty"` // only what robots.txt allows is asked
	Files      bool          `json:"files,omitempty"`       // follow links to what a browser saves instead of showing
}

// DefaultOptions holds for a scam site of ordinary size.
func DefaultOptions(start string) Options {
	return Options{
		Start: start, Scope: scopeDomain, Depth: 2, Pages: 50, Links: 10_000, Alike: 20, Addresses: 100_000, Sitemaps: 5, Delay: time.Second,
	}
}

// Run captures the start, then page by page what can be reached from it: breadth first, and of one depth first what a visitor can click,
// then what sitemaps list, then what stands in scripts, each in the order of the documents. Before the first page that robots.txt of a
// host concerns comes nothing but that page, unless the rules are obeyed: a site may turn away whoever asks for robots.txt first.
//
// Run depends on nothing but its options and the pages: a crawl that was ended goes on where it was if fetch gives the pages that are
// already there (Resume). each, which may be nil, is told every node in the order of their numbers; it is called from this goroutine.
//
// The tree is true of what was done also when an error comes with it: one that wraps ErrOptions, or the one of fetch. The end of ctx
// is no error, Tree.Ended tells it.
func Run(ctx context.Context, o Options, fetch Fetch, each func(Node)) (Tree, error) {
	c, start, err := begin(o, fetch, each)
	if err != nil {
		return Tree{}, err
	}
	c.collector = c.collect(ctx)
	c.visit(ctx, start)
	c.sitemaps(ctx)
	for e, ok := c.frontier.take(); ok; e, ok = c.frontier.take() {
		c.turn(ctx, e)
	}
	c.finish()
	return c.tree, c.err
}

func begin(o Options, fetch Fetch, each func(Node)) (*crawl, entry, error) {
	c := &crawl{
		o: o, fetch: fetch, each: each, parser: url.NewParser(), tree: Tree{Schema: evidence.Schema, Options: o, Nodes: []Node{}, Found: []foundAddress{}, Limits: []reachedLimit{}},
		seen: map[string]place{}, told: map[string]bool{}, apart: map[string]bool{}, shapes: map[string]int{}, robots: map[string]*rules{},
	}
	start, err := c.parser.Parse(strings.TrimSpace(o.Start))
	switch {
	case err != nil || !isWeb(start):
		return nil, entry{}, fmt.Errorf("%w: start %q is no address of the web", ErrOptions, o.Start)
	case o.Depth < 0 || o.Sitemaps < 0 || o.Delay < 0 || min(o.Pages, o.Links, o.Alike, o.Addresses) < 1:
		return nil, entry{}, fmt.Errorf("%w: a limit is missing or negative", ErrOptions)
	case o.NoRobots && o.ObeyRobots:
		return nil, entry{}, fmt.Errorf("%w: rules of robots.txt cannot be obeyed without asking for it", ErrOptions)
	}
	e := entry{url: canonical(start), how: byOperator}
	if len(e.url) > maxAddress {
		return nil, entry{}, fmt.Errorf("%w: start is longer than %d bytes", ErrOptions, maxAddress)
	}
	e.key = keyOf(start)
	if c.scope, err = scopeOf(start, o.Scope); err != nil {
		return nil, entry{}, err
	}
	if c.skip, err = patterns(o.Skip, e.url); err != nil {
		return nil, entry{}, err
	}
	c.tree.Within = c.scope.name
	c.seen[e.key], c.kept = place{address: e.url}, 1
	return c, e, nil
}

func patterns(texts []string, start string) ([]*regexp.Regexp, error) {
	var out []*regexp.Regexp
	for _, text := range texts {
		p, err := regexp.Compile(text)
		switch {
		case err != nil:
			return nil, fmt.Errorf("%w: pattern %q: %w", ErrOptions, text, err)
		case p.MatchString(start):
			return nil, fmt.Errorf("%w: pattern %q leaves out the start", ErrOptions, text)
		}
		out = append(out, p)
	}
	return out, nil
}

// turn decides about one address whose turn has come.
func (c *crawl) turn(ctx context.Context, e entry) {
	switch {
	case c.tree.Ended != "":
	case ctx.Err() != nil:
		c.interrupted(ctx)
	case c.pages >= c.o.Pages:
		c.tree.Ended = endPages
	}
	if c.tree.Ended != "" {
		if c.tree.Ended == endPages {
			c.bite(limitPages, c.o.Pages, 0)
		}
		c.leave(e, Reason(c.tree.Ended), "", 0)
		return
	}
	if there := c.seen[e.key]; there.node > 0 { // a redirect led there meanwhile
		c.leave(e, whySame, "", there.node)
		return
	}
	c.visit(ctx, e)
}

// interrupted notes the end of ctx.
func (c *crawl) interrupted(ctx context.Context) {
	c.tree.Ended, c.tree.Cause = EndCancelled, context.Cause(ctx).Error()
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		c.tree.Ended = endTime
	}
}

// finish completes the tree.
func (c *crawl) finish() {
	if c.tree.Ended == "" {
		c.tree.Ended = endDone
	}
	for _, a := range c.asides {
		if _, known := c.seen[a.entry.key]; !known {
			c.leave(a.entry, a.reason, a.detail, 0)
		}
	}
	c.tell()
}

// tell gives each the nodes that it has not had.
func (c *crawl) tell() {
	for ; c.given < len(c.tree.Nodes); c.given++ {
		if c.each != nil {
			c.each(c.tree.Nodes[c.given])
		}
	}
}

// roundTrip is a transport that is one function.
type roundTrip func(*http.Request) (*http.Response, error)

// RoundTrip implements http.RoundTripper.
func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
