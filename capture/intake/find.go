package intake

import (
	"net/netip"
	"strings"
)

// place says how a text is to be read: where an address is expected, Chinese letters in its path belong to it; in running text those
// that follow a Latin word do not.
type place bool

const (
	inProse place = false
	inCell  place = true
)

// candidate is what looks like an address in a refanged text. Its parts are as they stand there.
type candidate struct {
	begin, end int    // in the text
	scheme     string // lower case; empty if none is written
	user       string
	host       string
	port       string
	tail       string // path, query, fragment
	glued      string // letters around it that were cut away
	email      bool   // user@host
	app        bool   // of another scheme than http and https; host is empty, tail is all of it
}

// appSchemes are those of links that open an app.
var appSchemes = []string{"line", "tg", "intent", "whatsapp", "weixin", "wechat", "viber", "fb-messenger", "kakaotalk", "zalo", "mqqapi", "itms-services", "itms-apps", "market"}

// scanner walks through a refanged text once, from left to right. A run of host letters is looked at once, so the time is linear in the
// text but for what one label takes.
type scanner struct {
	text  string
	place place
	at    int // what stands before has been read
	found []candidate
}

// find gives the candidates of a refanged text in their order, without overlaps.
func find(text string, p place) []candidate {
	if p == inCell {
		if c, ok := address6(text); ok {
			return []candidate{c}
		}
	}
	s := scanner{text: text, place: p}
	for s.at < len(text) {
		i := strings.IndexAny(text[s.at:], ":.")
		if i < 0 {
			break
		}
		i += s.at
		if text[i] == ':' {
			if !s.schemed(i) {
				s.at = i + 1
			}
			continue
		}
		s.bare(i)
	}
	return s.found
}

// address6 takes a cell that is an IPv6 address and nothing else, with or without brackets and a port.
func address6(text string) (candidate, bool) {
	trimmed := strings.TrimSpace(text)
	if strings.Count(trimmed, ":") < 2 || len(trimmed) > 64 {
		return candidate{}, false
	}
	c := candidate{begin: 0, end: len(text)}
	if ap, err := netip.ParseAddrPort(trimmed); err == nil {
		c.host = trimmed[:strings.LastIndexByte(trimmed, ':')]
		c.port = trimmed[len(c.host)+1:]
		return c, ap.Addr().Zone() == ""
	}
	a, err := netip.ParseAddr(strings.Trim(trimmed, "[]"))
	c.host = "[" + a.String() + "]"
	return c, err == nil && a.Is6() && a.Zone() == ""
}

// schemed takes an address whose scheme ends before the colon at i.
func (s *scanner) schemed(i int) bool {
	begin := i
	for begin > s.at && (isWord(rune(s.text[begin-1])) || strings.IndexByte("+-.", s.text[begin-1]) >= 0) {
		begin--
	}
	scheme := strings.ToLower(s.text[begin:i])
	for _, web := range []string{"https", "http"} {
		if strings.HasSuffix(scheme, web) {
			begin, scheme = i-len(web), web
			break
		}
	}
	rest := s.text[i+1:]
	if scheme == "" || !strings.HasPrefix(rest, "//") && !(scheme == "intent" && strings.HasPrefix(rest, "#")) {
		return false
	}
	if scheme != "http" && scheme != "https" {
		end := i + 1 + tailEnd(rest, s.place)
		s.take(candidate{begin: begin, end: end, scheme: scheme, app: true, tail: s.text[begin:end]})
		return true
	}
	c := candidate{begin: begin, scheme: scheme}
	s.authority(&c, i+3)
	return true
}

// authority reads user, host, port and tail from from on, and takes the candidate.
func (s *scanner) authority(c *candidate, from int) {
	stop := from + chunkEnd(s.text[from:])
	if at := strings.LastIndexByte(s.text[from:stop], '@'); at >= 0 && isASCII(s.text[from:from+at]) {
		c.user = s.text[from : from+at]
		from += at + 1
	}
	end := from + runEnd(s.text[from:stop], "%")
	if strings.HasPrefix(s.text[from:stop], "[") {
		end = from + strings.IndexByte(s.text[from:stop], ']') + 1
	}
	end = s.beforeScheme(from, end)
	c.host = s.text[from:end]
	if cut := gluedEnd(c.host); cut < len(c.host) {
		c.glued = c.host[cut : cut+cjkEnd(c.host[cut:])]
		c.host = c.host[:cut]
		c.end = from + cut
		s.take(*c)
		return
	}
	c.host = strings.TrimRight(c.host, ".-")
	if c.host == "" {
		s.at = max(end, from, s.at+1)
		c.end = s.at
		c.tail = s.text[from:c.end]
		s.take(*c)
		return
	}
	s.rest(c, end)
}

// beforeScheme gives the end of a run of host letters without the scheme of the next address, if that follows without a space.
func (s *scanner) beforeScheme(begin, end int) int {
	if !strings.HasPrefix(s.text[end:], "://") {
		return end
	}
	lower := strings.ToLower(s.text[max(begin, end-len("https")):end])
	for _, scheme := range []string{"https", "http"} {
		if strings.HasSuffix(lower, scheme) && end-len(scheme) > begin {
			return end - len(scheme)
		}
	}
	return end
}

// rest reads port and tail from end on, where the host ends, and takes the candidate.
func (s *scanner) rest(c *candidate, end int) {
	if digits := portEnd(s.text[end:]); digits > 0 {
		c.port = s.text[end+1 : end+digits]
		end += digits
	}
	if end < len(s.text) && strings.IndexByte("/?#", s.text[end]) >= 0 {
		n := tailEnd(s.text[end:], s.place)
		c.tail = s.text[end : end+n]
		if after := cjkEnd(s.text[end+n:]); after > 0 {
			c.glued = joinGlued(c.glued, s.text[end+n:end+n+after])
		}
		end += n
	}
	c.end = end
	s.take(*c)
}

func (s *scanner) take(c candidate) {
	s.at = max(c.end, s.at+1)
	s.found = append(s.found, c)
}
