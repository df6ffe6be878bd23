package crawl

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/nlnwa/whatwg-url/url"
)

// take decides about one link: it waits for its turn, or is left with the reason, or is known.
func (c *crawl) take(l link, from base, parent, depth int) {
	e := entry{url: l.raw, how: l.how, where: l.where, text: l.text, parent: parent, depth: depth}
	if l.utf8 {
		from.queries = nil
	}
	u, err := c.resolve(from, l.raw)
	switch {
	case err == errTooLong:
		c.leave(e, whyTooLong, strconv.Itoa(len(l.raw))+" bytes", 0)
		return
	case err != nil:
		c.leave(e, whyMalformed, "", 0)
		return
	case u.Scheme() == "about":
		return
	case !isWeb(u):
		c.leave(e, whyOtherScheme, u.Scheme(), 0)
		return
	}
	e.url, e.key = canonical(u), keyOf(u)
	if len(e.url) > maxAddress {
		c.leave(e, whyTooLong, strconv.Itoa(len(e.url))+" bytes", 0)
		return
	}
	if there, known := c.seen[e.key]; known {
		if there.address != e.url {
			c.leave(e, whySame, there.address, there.node)
		}
		return
	}
	c.takeNew(e, u, l)
}

func (c *crawl) takeNew(e entry, u *url.Url, l link) {
	reason, detail := c.judge(u, e.url, l)
	if reason == whyForm || reason == whyInterface { // a link to the same address may come yet
		c.setAside(e, reason, detail)
		return
	}
	if !c.keep(e.url) {
		return
	}
	c.seen[e.key] = place{address: e.url}
	shape := shapeOf(e.key)
	switch {
	case reason != "":
	case e.depth > c.o.Depth:
		c.bite(limitDepth, c.o.Depth, 0)
		reason = whyTooDeep
	case shape != "" && c.shapes[shape] >= c.o.Alike:
		c.bite(limitAlike, c.o.Alike, 0)
		reason, detail = whyEndless, fmt.Sprintf("more than %d addresses differ in their digits only", c.o.Alike)
	}
	if reason != "" {
		c.leave(e, reason, detail, 0)
		return
	}
	c.shapes[shape]++
	c.frontier.add(e)
}

var errTooLong = errors.New("too long for an address")

// base is what the links of a document are read with.
type base struct {
	address *url.Url     // nil where only an absolute address is one
	queries *queryWriter // nil where queries are UTF-8
}

// resolve reads an address as a browser does (https://url.spec.whatwg.org/). Of one that is too long and begins as no address of the web
// does, only the beginning is read.
func (c *crawl) resolve(from base, raw string) (*url.Url, error) {
	if len(raw) > maxAddress {
		scheme, _, ok := strings.Cut(raw[:16], ":")
		if scheme = strings.ToLower(strings.TrimSpace(scheme)); !ok || scheme == "http" || scheme == "https" {
			return nil, errTooLong
		}
		raw = scheme + ":"
	}
	u, err := c.parse(from.address, raw)
	if err != nil || !isWeb(u) {
		return u, err
	}
	if written := from.queries.address(raw); written != raw {
		return c.parse(from.address, written)
	}
	return u, nil
}

func (c *crawl) parse(base *url.Url, raw string) (*url.Url, error) {
	if base == nil {
		return c.parser.Parse(raw)
	}
	return base.Parse(raw)
}

// aside is an address that is not followed because of where it stands. It may stand elsewhere too.
type aside struct {
	entry  entry
	reason Reason
	detail string
}

func (c *crawl) setAside(e entry, reason Reason, detail string) {
	if !c.apart[e.key] && c.keep(e.url) {
		c.apart[e.key] = true
		c.asides = append(c.asides, aside{e, reason, detail})
	}
}

// leave notes an address that is not asked, the first time that it is found.
func (c *crawl) leave(e entry, reason Reason, detail string, same int) {
	address := e.url
	if reason == whyTooLong || reason == whyOtherScheme {
		address = cut(address, maxShown)
	}
	address = tidy(address, maxAddress)
	if c.told[address] {
		return
	}
	if there, known := c.seen[e.key]; (!known || there.address != e.url) && !c.apart[e.key] && !c.keep(address) {
		return
	}
	c.told[address] = true
	c.tree.Found = append(c.tree.Found, foundAddress{
		URL: address, Page: e.parent, Depth: e.depth, How: e.how, Where: e.where, Text: e.text, Reason: reason, Detail: cut(detail, maxShown), Same: same,
	})
}

// keep reports whether there is room for one more address.
func (c *crawl) keep(address string) bool {
	switch {
	case c.kept >= c.o.Addresses:
		c.bite(limitAddresses, c.o.Addresses, 0)
		return false
	case c.keptBytes+len(address) > maxKept:
		c.bite(limitBytes, maxKept, 0)
		return false
	}
	c.kept, c.keptBytes = c.kept+1, c.keptBytes+len(address)
	return true
}

// bite counts one more time that a limit was reached, by one node or by the whole crawl (0).
func (c *crawl) bite(name LimitName, value, node int) { c.count(name, value, node, 1) }

func (c *crawl) count(name LimitName, value, node, times int) {
	for i := range c.tree.Limits {
		if l := &c.tree.Limits[i]; l.Name == name && l.Node == node {
			l.Count += times
			return
		}
	}
	c.tree.Limits = append(c.tree.Limits, reachedLimit{Name: name, Value: value, Node: node, Count: times})
}
