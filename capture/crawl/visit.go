package crawl

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/gocolly/colly/v2"
	"github.com/nlnwa/whatwg-url/url"
)

// The bounds that no option moves.
const (
	maxShown       = 512      // bytes of a title, and of an address that cannot be asked
	maxScripts     = 32 << 20 // bytes of scripts read for one page
	maxKept        = 32 << 20 // bytes of all addresses that are kept
	maxRobotsFiles = 10       // hosts asked for robots.txt
)

// crawl is one call of Run.
type crawl struct {
	o      Options
	fetch  Fetch
	each   func(Node)
	tree   Tree
	given  int // nodes that each was told
	err    error
	scope  scope
	skip   []*regexp.Regexp
	parser url.Parser

	collector *colly.Collector
	root      *colly.Request // of the start; the others are made from it
	now       *visit
	frontier  frontier
	pages     int  // asked
	rest      bool // a server has just answered

	seen   map[string]place // by key
	told   map[string]bool  // addresses in tree.Found
	apart  map[string]bool  // keys of asides
	asides []aside
	shapes map[string]int
	robots map[string]*rules // by origin

	kept, keptBytes int // addresses, and their lengths
}

// place is what is known of a page.
type place struct {
	address string // as it was found first
	node    int    // 0 if it was not asked
}

// visit is the page whose turn it is.
type visit struct {
	entry   entry
	page    Page
	node    int // 0 until it was asked
	finder  *finder
	address *url.Url // of the document
}

// visit asks for one page and takes up what it leads to.
func (c *crawl) visit(ctx context.Context, e entry) {
	if c.o.ObeyRobots {
		switch r := c.robotsOf(ctx, e.url); {
		case c.tree.Ended != "":
			c.leave(e, Reason(c.tree.Ended), "", 0)
			return
		case r.Rule != allowed:
			c.leave(e, whyDisallowed, r.Text, 0)
			return
		}
	}
	v := &visit{entry: e, finder: newFinder(c.o.Links)}
	c.now = v
	err := c.request(e)
	switch {
	case c.tree.Ended != "":
		c.leave(e, Reason(c.tree.Ended), "", 0)
		return
	case v.node == 0 && e.how == byOperator:
		c.err, c.tree.Ended = fmt.Errorf("%w: start: %w", ErrOptions, err), endFailed
		return
	case v.node == 0:
		reason, detail := refusal(err)
		c.leave(e, reason, detail, 0)
		return
	}
	c.noteRobots(ctx, v)
	v.address = c.arrive(e, v.page, v.node)
	if c.tree.Nodes[v.node-1].Same == 0 {
		c.follow(v)
	}
	c.tell()
}

// ask is the one way to the world: it captures one address, once. An error ends the crawl, and is noted as its end.
func (c *crawl) ask(ctx context.Context, kind Kind, e entry) (Page, int, error) {
	if c.rest {
		pause(ctx, c.o.Delay)
	}
	err := ctx.Err()
	var page Page
	if err == nil {
		page, err = c.fetch(ctx, e.url)
	}
	switch {
	case err != nil && ctx.Err() != nil:
		c.interrupted(ctx)
		return page, 0, err
	case err != nil:
		c.err, c.tree.Ended, c.tree.Cause = err, endFailed, err.Error()
		return page, 0, err
	}
	c.rest = !page.Recalled
	if kind == kindPage {
		c.pages++
	}
	n := len(c.tree.Nodes) + 1
	c.tree.Nodes = append(c.tree.Nodes, Node{
		N: n, Kind: kind, URL: e.url, FinalURL: e.url, Parent: e.parent, Depth: e.depth, How: e.how, Where: e.where, Text: e.text,
		Exhibit: page.Exhibit, Status: page.Status, MediaType: tidy(page.MediaType, maxShown), Title: tidy(page.Title, maxShown), Verdict: page.Verdict,
	})
	c.seen[e.key] = place{address: e.url, node: n}
	return page, n, nil
}

// pause waits, at most until the end of ctx.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// arrive notes where the visit of node n ended, and gives that address, or the one asked if the browser ended in a page of its own. The
// place counts as asked then. If another node has been there, the node says so.
func (c *crawl) arrive(e entry, page Page, n int) *url.Url {
	final, err := c.parser.Parse(page.FinalURL)
	if page.FinalURL == "" || err != nil || !isWeb(final) {
		final, _ = c.parser.Parse(e.url) // it has been read before
	}
	address, key := canonical(final), keyOf(final)
	node := &c.tree.Nodes[n-1]
	node.FinalURL = cut(address, maxAddress)
	there := c.seen[key]
	switch {
	case key == e.key:
	case !c.scope.hosts.MatchString(address):
		c.leave(entry{url: node.FinalURL, key: key, how: byRedirect, parent: n, depth: e.depth}, whyOutOfScope, final.Hostname(), 0)
	case there.node > 0:
		node.Same = there.node
	case len(address) <= maxAddress && c.keep(address):
		c.seen[key] = place{address: address, node: n}
	}
	return final
}

// follow takes up each link of a page. What stands in a code is not relative to anything.
func (c *crawl) follow(v *visit) {
	f := v.finder
	c.scripts(v)
	given := newFinder(c.o.Links)
	for _, l := range v.page.Links {
		if l.How == "" {
			l.How = InCode
		}
		given.add(link{raw: l.URL, how: l.How, where: tidy(l.Where, maxText)})
	}
	if dropped := f.dropped + given.dropped; dropped > 0 {
		c.count(limitLinks, c.o.Links, v.node, dropped)
	}
	node := &c.tree.Nodes[v.node-1]
	node.Links = len(f.links) + len(given.links)
	from := base{baseOf(v.address, f.base), v.page.documentEncoding().queries()}
	for _, l := range f.links {
		c.take(l, from, v.node, v.entry.depth+1)
	}
	for _, l := range given.links {
		c.take(l, base{}, v.node, v.entry.depth+1)
	}
}

// scripts reads the scripts that a page loaded, and a document that is itself for programs.
func (c *crawl) scripts(v *visit) {
	left := maxScripts
	read := func(body []byte, where string) {
		if len(body) > left {
			c.bite(limitScripts, maxScripts, v.node)
		}
		body = body[:min(len(body), left)]
		left -= len(body)
		v.finder.script(string(body), where)
	}
	if strings.Contains(strings.ToLower(v.page.MediaType), "json") {
		read(v.page.Source, "json")
	}
	for i, body := range v.page.Scripts {
		read(body, "script file "+strconv.Itoa(i+1))
	}
}

// baseOf gives what the links of a document are relative to: its own address, or what its base element says.
func baseOf(own *url.Url, base string) *url.Url {
	if base != "" && len(base) <= maxAddress {
		if u, err := own.Parse(base); err == nil && isWeb(u) {
			return u
		}
	}
	return own
}
