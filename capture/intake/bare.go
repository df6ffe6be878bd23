package intake

import (
	"net/netip"
	"strings"
	"unicode/utf8"
)

// bare takes a name without a scheme, or an e-mail address, around the dot at i.
func (s *scanner) bare(i int) {
	begin := i
	for begin > s.at {
		c, size := utf8.DecodeLastRuneInString(s.text[s.at:begin])
		if !hostRune(c) {
			break
		}
		begin -= size
	}
	end := s.beforeScheme(begin, i+runEnd(s.text[i:], ""))
	begin += len(s.text[begin:end]) - len(strings.TrimLeft(s.text[begin:end], ".-"))
	host := strings.TrimRight(s.text[begin:end], ".-")
	switch {
	case begin > s.at && s.text[begin-1] == '@':
		s.email(begin, host)
		return
	case end < len(s.text) && s.text[end] == '@':
		s.at = end // its host is the next to be found
		return
	}
	c := candidate{begin: begin, host: host}
	cutOff := false
	if cut := gluedEnd(host); cut < len(host) {
		c.glued, c.host = host[cut:cut+cjkEnd(host[cut:])], host[:cut]
		end, cutOff = begin+cut, true
	}
	if cut := gluedBegin(c.host); cut > 0 {
		c.glued = joinGlued(c.host[:cut], c.glued)
		c.host, c.begin = c.host[cut:], begin+cut
	}
	if n := numbered(c.host); n > 0 && strings.HasPrefix(strings.ToLower(c.host[n:]), "www.") {
		c.glued = joinGlued(c.host[:n], c.glued)
		c.host, c.begin = c.host[n:], c.begin+n
	}
	switch {
	case !bareHost(c.host):
		s.at = max(end, i+1)
	case cutOff:
		c.end = end
		s.take(c)
	default:
		s.rest(&c, end)
	}
}

// email takes local@host, whose host begins at begin. With a port or a path behind it it is an address of the web with a user name.
func (s *scanner) email(begin int, host string) {
	local := begin - 1
	for local > 0 && (isWord(rune(s.text[local-1])) || strings.IndexByte("._%+-", s.text[local-1]) >= 0) {
		local--
	}
	cut := gluedEnd(host)
	host = host[:cut]
	end := begin + len(host)
	s.at = max(s.at, begin)
	name := strings.TrimLeft(s.text[local:begin-1], ".")
	switch {
	case !bareHost(host):
		s.at = max(end, s.at)
	case end < len(s.text) && (s.text[end] == '/' || portEnd(s.text[end:]) > 0):
		s.rest(&candidate{begin: local, user: name, host: host}, end)
	case name != "":
		s.take(candidate{begin: local, end: end, email: true, user: name, host: host})
	default:
		s.at = max(end, s.at)
	}
}

// bareHost reports whether a text may be a host although no scheme says so: a name under a known public suffix, or an IPv4 address.
func bareHost(host string) bool {
	if host == "" || len(host) > 1024 {
		return false
	}
	if strings.ContainsRune(host, utf8.RuneError) {
		return strings.Contains(host, ".") // told as undecodable
	}
	if last := lastLabel(host); last != "" && last[0] <= '9' {
		a, err := netip.ParseAddr(host)
		return err == nil && a.Is4()
	}
	ascii, err := names.ToASCII(host)
	return err == nil && !strings.Contains(ascii, "..") && underSuffix(ascii)
}
