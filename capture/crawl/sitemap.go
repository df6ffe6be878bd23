package crawl

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/xml"
	"io"
	"slices"
	"strings"

	"golang.org/x/net/html/charset"
)

// The bounds of sitemaps (https://www.sitemaps.org/protocol.html).
const (
	maxListed  = 50_000   // addresses of all sitemaps of a crawl
	maxSitemap = 50 << 20 // bytes of one, unpacked
	maxParents = 32       // elements in one another
)

// listing is what one sitemap lists.
type listing struct {
	pages []string
	files []string // further sitemaps
	cut   bool     // there is more, or it cannot be read on
}

// readSitemap reads a sitemap, an index of sitemaps, or a plain list of addresses, packed with gzip or not, up to limit addresses.
func readSitemap(source []byte, limit int) listing {
	text, whole := unpacked(source)
	l := listing{cut: !whole}
	text = bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")))
	if bytes.HasPrefix(text, []byte("<")) {
		l.read(text, limit)
		return l
	}
	for line := range bytes.Lines(text) {
		address := string(bytes.TrimSpace(line))
		if strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://") {
			l.add(&l.pages, address, limit)
		}
	}
	return l
}

// unpacked gives the text of a sitemap, as far as it can be read and is not too long, and whether that is all of it.
func unpacked(source []byte) (text []byte, whole bool) {
	if !bytes.HasPrefix(source, []byte{0x1f, 0x8b}) {
		return source[:min(len(source), maxSitemap)], len(source) <= maxSitemap
	}
	z, err := gzip.NewReader(bytes.NewReader(source))
	if err != nil {
		return nil, false
	}
	text, err = io.ReadAll(io.LimitReader(z, maxSitemap+1))
	return text[:min(len(text), maxSitemap)], err == nil && len(text) <= maxSitemap
}

// add keeps an address, and reports whether there was room.
func (l *listing) add(to *[]string, address string, limit int) bool {
	if len(l.pages)+len(l.files) >= limit {
		l.cut = true
		return false
	}
	*to = append(*to, address)
	return true
}

// read takes each loc that stands directly in a url or a sitemap element.
func (l *listing) read(text []byte, limit int) {
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Strict = false
	d.CharsetReader = charset.NewReaderLabel
	var parents []string
	for room := true; room && len(parents) < maxParents; {
		token, err := d.Token()
		if err != nil {
			l.cut = l.cut || err != io.EOF
			return
		}
		switch t := token.(type) {
		case xml.StartElement:
			parents = append(parents, t.Name.Local)
		case xml.EndElement:
			parents = parents[:max(0, len(parents)-1)]
		case xml.CharData:
			room = l.loc(parents, strings.TrimSpace(string(t)), limit)
		}
	}
	l.cut = true
}

func (l *listing) loc(parents []string, address string, limit int) bool {
	n := len(parents)
	if n < 2 || parents[n-1] != "loc" || address == "" {
		return true
	}
	switch parents[n-2] {
	case "url":
		return l.add(&l.pages, address, limit)
	case "sitemap":
		return l.add(&l.files, address, limit)
	}
	return true
}

// sitemaps asks for the sitemaps that robots.txt of the start names, or for the usual one, and for those that they name. What they list
// is one link away from the start. They lie where they lie: of a scope that is a path, only the host is looked at. Where the start was not
// asked, did not answer or led out of the scope, there is none to ask for.
func (c *crawl) sitemaps(ctx context.Context) {
	i := slices.IndexFunc(c.tree.Nodes, func(n Node) bool { return n.How == byOperator })
	if c.o.Sitemaps == 0 || c.tree.Ended != "" || i < 0 || c.tree.Nodes[i].Status == 0 || !c.scope.hosts.MatchString(c.tree.Nodes[i].FinalURL) {
		return
	}
	waiting := c.namedSitemaps()
	asked, left := 0, maxListed
	for len(waiting) > 0 {
		e := waiting[0]
		waiting = waiting[1:]
		if reason := c.sitemapReason(ctx, e, asked); reason != "" {
			c.leave(e, reason, "", 0)
			continue
		}
		page, n, err := c.ask(ctx, kindSitemap, e)
		if err != nil {
			c.leave(e, Reason(c.tree.Ended), "", 0)
			continue
		}
		asked++
		c.arrive(e, page, n)
		if page.Status < 200 || page.Status >= 300 {
			continue
		}
		l := readSitemap(page.Source, left)
		left -= len(l.pages) + len(l.files)
		c.list(l, e, n)
		waiting = append(waiting, c.admit(l.files, e.url, inSitemap, n)...)
	}
	c.tell()
}

func (c *crawl) sitemapReason(ctx context.Context, e entry, asked int) Reason {
	switch {
	case c.tree.Ended != "":
		return Reason(c.tree.Ended)
	case asked == c.o.Sitemaps:
		c.bite(limitSitemaps, c.o.Sitemaps, 0)
		return whyOverMaps
	case c.o.ObeyRobots && c.robotsOf(ctx, e.url).Rule != allowed:
		return whyDisallowed
	}
	return ""
}

// list takes up what a sitemap lists.
func (c *crawl) list(l listing, e entry, n int) {
	if l.cut {
		c.bite(limitListed, maxListed, n)
	}
	c.tree.Nodes[n-1].Links = len(l.pages) + len(l.files)
	own, _ := c.parser.Parse(e.url) // it has been read before
	for _, address := range l.pages {
		c.take(link{raw: address, how: inSitemap}, base{address: own}, n, 1)
	}
}

// namedSitemaps gives the sitemaps to begin with.
func (c *crawl) namedSitemaps() []entry {
	start, _ := c.parser.Parse(c.o.Start) // it has been read before
	origin := start.Scheme() + "://" + start.Host()
	if r := c.robots[origin]; r != nil && len(r.sitemaps) > 0 {
		return c.admit(r.sitemaps, origin, inRobots, r.node)
	}
	return c.admit([]string{"/sitemap.xml"}, origin, usualPlaces, 0)
}

// admit gives those of the addresses of sitemaps that can be asked, and leaves the others with the reason.
func (c *crawl) admit(addresses []string, at string, how How, parent int) []entry {
	var out []entry
	from, _ := c.parser.Parse(at) // it has been read before
	for _, raw := range addresses {
		e := entry{url: raw, how: how, parent: parent}
		u, err := c.resolve(base{address: from}, raw)
		switch {
		case err == errTooLong:
			c.leave(e, whyTooLong, "", 0)
			continue
		case err != nil || !isWeb(u):
			c.leave(e, whyMalformed, "", 0)
			continue
		}
		e.url, e.key = canonical(u), keyOf(u)
		_, known := c.seen[e.key]
		switch {
		case known:
		case !c.scope.hosts.MatchString(e.url):
			c.leave(e, whyOutOfScope, u.Hostname(), 0)
		case len(e.url) > maxAddress:
			c.leave(e, whyTooLong, "", 0)
		case c.keep(e.url):
			c.seen[e.key] = place{address: e.url}
			out = append(out, e)
		}
	}
	return out
}
