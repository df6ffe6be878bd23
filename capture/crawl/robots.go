package crawl

import (
	"bytes"
	"context"
	"strconv"
	"strings"

	"yuzheng/casefile/evidence"
)

// robotsAnswer is what robots.txt of its host says of a page (RFC 9309). The rules are those for every robot ("*"): an ordinary browser, which
// is what asks, has no rules of its own.
type robotsAnswer struct {
	Rule Rule   `json:"rule"`
	Line int    `json:"line,omitempty"` // of robots.txt, from 1, where one decided
	Text string `json:"text,omitempty"` // of that line
	Node int    `json:"node,omitempty"` // of robots.txt
}

// Rule says whether robots are asked to stay away.
type Rule string

// The rules.
const (
	allowed   Rule = "allowed"
	forbidden Rule = "disallowed"
	notKnown  Rule = "unknown" // nobody asked, nobody answered, or something else than the file did
)

const (
	maxRobots     = 512 << 10 // bytes of a file that are read; RFC 9309 2.5 asks for 500 KiB at least
	maxRobotsLine = 200       // bytes of a line that are shown
)

// rules are one robots.txt, or why there is none.
type rules struct {
	node     int
	known    bool
	lines    []rule
	sitemaps []string
}

type rule struct {
	allow   bool
	pattern string
	line    int
	text    string
}

// readRobots reads a robots.txt. Library robotstxt, which comes with colly, is the oracle of its test and does not do the work: it cannot
// name a line, gives the whole file up for one wrong line, and finds a pattern with "*" anywhere in a path.
func readRobots(body []byte) rules {
	r := rules{known: true}
	body = bytes.TrimPrefix(body[:min(len(body), maxRobots)], []byte("\xef\xbb\xbf"))
	body = bytes.ReplaceAll(bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	ours, inRules, n := false, true, 0
	for line := range strings.SplitSeq(string(body), "\n") {
		n++
		text, _, _ := strings.Cut(line, "#")
		field, value, ok := strings.Cut(text, ":")
		value = strings.TrimSpace(value)
		if !ok {
			continue
		}
		switch field = strings.ToLower(strings.TrimSpace(field)); field {
		case "user-agent":
			ours = value == "*" || ours && !inRules
			inRules = false
		case "allow", "disallow":
			inRules = true
			if ours && value != "" {
				r.lines = append(r.lines, rule{field == "allow", octets(value), n, tidy(line, maxRobotsLine)})
			}
		case "sitemap":
			r.sitemaps = append(r.sitemaps, value)
		}
	}
	return r
}

// octets gives a path in the one form in which paths are compared (RFC 9309 2.2.2).
func octets(path string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		c, escaped := path[i], false
		if c == '%' && i+2 < len(path) {
			if v, err := strconv.ParseUint(path[i+1:i+3], 16, 8); err == nil {
				c, escaped, i = byte(v), true, i+2
			}
		}
		switch {
		case escaped && !unreserved(c):
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		case c <= ' ' || c >= 0x7f || c == '%': // one that escapes nothing is a character like others
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// unreserved is true of the characters that mean the same escaped or not (RFC 3986 2.3).
func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

// of judges a path with its query: the longest pattern decides, and of two as long the one that allows (RFC 9309 2.2.2).
func (r *rules) of(path string) robotsAnswer {
	out := robotsAnswer{Rule: notKnown, Node: r.node}
	if !r.known {
		return out
	}
	out.Rule = allowed
	if path == "/robots.txt" {
		return out
	}
	path = octets(path)
	var best *rule
	for i := range r.lines {
		l := &r.lines[i]
		if (best == nil || len(l.pattern) > len(best.pattern) || len(l.pattern) == len(best.pattern) && l.allow && !best.allow) && l.matches(path) {
			best = l
		}
	}
	if best == nil {
		return out
	}
	if !best.allow {
		out.Rule = forbidden
	}
	out.Line, out.Text = best.line, best.text
	return out
}

// matches reports whether a path begins as the pattern says; "*" is any text and "$" at the end the end.
func (l *rule) matches(path string) bool {
	pattern, whole := strings.CutSuffix(l.pattern, "$")
	pieces := strings.Split(pattern, "*")
	if !strings.HasPrefix(path, pieces[0]) {
		return false
	}
	rest := path[len(pieces[0]):]
	for i, piece := range pieces[1:] {
		if whole && i == len(pieces)-2 {
			return strings.HasSuffix(rest, piece)
		}
		at := strings.Index(rest, piece)
		if at < 0 {
			return false
		}
		rest = rest[at+len(piece):]
	}
	return !whole || rest == ""
}

// robotsOf gives what is said of an address, and asks for the robots.txt of its origin if nobody has.
func (c *crawl) robotsOf(ctx context.Context, address string) robotsAnswer {
	u, err := c.parser.Parse(address)
	if err != nil || c.o.NoRobots {
		return robotsAnswer{Rule: notKnown}
	}
	origin := u.Scheme() + "://" + u.Host()
	r := c.robots[origin]
	if r == nil {
		r = c.askRobots(ctx, origin)
	}
	return r.of(u.Pathname() + u.Search())
}

func (c *crawl) askRobots(ctx context.Context, origin string) *rules {
	if len(c.robots) >= maxRobotsFiles {
		c.bite(limitRobots, maxRobotsFiles, 0)
		return &rules{}
	}
	e := entry{url: origin + "/robots.txt", key: origin + "/robots.txt", how: usualPlaces}
	page, n, err := c.ask(ctx, kindRobots, e)
	if err != nil {
		return &rules{}
	}
	final, r := c.arrive(e, page, n), c.learn(origin, page, n)
	if led := final.Scheme() + "://" + final.Host(); final.Pathname() == "/robots.txt" && c.robots[led] == nil {
		c.robots[led] = r
	}
	return r
}

// learn keeps the rules that the answer for an origin's robots.txt comes to (RFC 9309 2.3.1).
func (c *crawl) learn(origin string, page Page, n int) *rules {
	r := &rules{}
	switch {
	case page.Verdict == evidence.Challenge || page.Verdict == evidence.Login || page.Verdict == evidence.Blocked:
	case page.Status >= 200 && page.Status < 300:
		*r = readRobots(page.Source)
	case page.Status >= 400 && page.Status < 500:
		r.known = true // there is no such file, so everything is allowed
	}
	r.node = n
	c.robots[origin] = r
	return r
}

// noteRobots completes the node of a page with what robots.txt says of it. Of a host that did not answer it is not asked.
func (c *crawl) noteRobots(ctx context.Context, v *visit) {
	note := robotsAnswer{Rule: notKnown}
	u, _ := c.parser.Parse(v.entry.url) // it has been read before
	if u.Pathname() == "/robots.txt" && !c.o.NoRobots {
		c.learn(u.Scheme()+"://"+u.Host(), v.page, v.node)
	}
	if v.page.Status != 0 {
		note = c.robotsOf(ctx, v.entry.url)
	}
	c.tree.Nodes[v.node-1].Robots = note
}
