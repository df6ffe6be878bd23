package redact

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// atext are the signs that may stand in an address of mail before the "@", with letters and digits (RFC 5321, 4.1.2, Dot-string; RFC 5322, 3.2.3). RFC
// 6531, 3.3 adds whatever is no ASCII; of that letters, digits and what is written over them are taken.
const atext = "!#$%&'*+-/=?^_`{|}~."

// never end what stands before the "@": there they join it to something else, as in a package's "@scope".
const never = "=/?&#|{`$%"

// maxLocal and maxDomain bound both parts, in bytes. A standard has 64 and 255; longer ones are masked whole too.
const (
	maxLocal  = 255
	maxDomain = 255
)

// address is one of mail around an "@", with a quoted part before it or an address literal behind it. A picture for a finer screen, "logo@2x.png", is
// none, nor is what Chrome calls the parts of a page in one file.
func address(text string, at int) (from, to int, ok bool) {
	if from = local(text, at); from == at {
		return 0, 0, false
	}
	if m := literal.FindString(text[at+1 : min(len(text), at+1+maxDomain)]); m != "" {
		return unwrapped(text, from, at, at+1+len(m)), at + 1 + len(m), true
	}
	domain := domainOf(text[at+1 : min(len(text), at+1+maxDomain)])
	dot := strings.LastIndexAny(domain, ".。")
	top := strings.TrimPrefix(domain[max(0, dot):], "。")
	top = strings.TrimPrefix(top, ".")
	if dot < 1 || utf8.RuneCountInString(top) < 2 || strings.HasPrefix(domain, "2x.") || strings.HasPrefix(domain, "3x.") || domain == "mhtml.blink" {
		return 0, 0, false
	}
	to = at + 1 + len(domain)
	return unwrapped(text, from, at, to), to, strings.Trim(top, "0123456789-") != ""
}

// literal is a domain that is an address (RFC 5321, 4.1.3).
var literal = regexp.MustCompile(`^\[(?:ipv6:[0-9a-f:.]+|[0-9]{1,3}(?:\.[0-9]{1,3}){3})\]`)

// local gives where the part before an "@" begins; at itself where there is none.
func local(text string, at int) int {
	if at > 0 && text[at-1] == '"' {
		return quotedLocal(text, at)
	}
	from := at
	for from > 0 && at-from < maxLocal {
		r, size := utf8.DecodeLastRuneInString(text[:from])
		if r < utf8.RuneSelf && !isWord(byte(r)) && !strings.ContainsRune(atext, r) || r >= utf8.RuneSelf && !wordy(r) {
			break
		}
		from -= size
	}
	if from == at || strings.IndexByte(never, text[at-1]) >= 0 {
		return at
	}
	from += inAddress(text[max(0, from-maxLocal):from], text[from:at])
	return from + behindWord(text[from:at])
}

// wordy reports whether a character outside of ASCII may stand in an address.
func wordy(r rune) bool { return r != utf8.RuneError && unicode.In(r, unicode.L, unicode.M, unicode.N) }

// quotedLocal is a quoted string (RFC 5321, 4.1.2), whose quotes a table has written twice.
func quotedLocal(text string, at int) int {
	i := at
	for i > 0 && text[i-1] == '"' {
		i--
	}
	for end := i; i > 0 && end-i < maxLocal; i-- {
		switch c := text[i-1]; {
		case c == '\n' || c == '\r':
			return at
		case c == '"' && (i < 2 || text[i-2] != '\\'):
			for i > 0 && text[i-1] == '"' {
				i--
			}
			return i
		}
	}
	return at
}

// inAddress gives how much of what might be the part before an "@" belongs to an address of the web in which it stands: up to a path, a parameter or
// its value. before is what stands before that.
func inAddress(before, run string) int {
	if i := strings.LastIndexFunc(before, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`"'<>()`, r) }); i >= 0 {
		before = before[i:]
	}
	if i := strings.LastIndexAny(run, "/?&=#"); i >= 0 && (strings.Contains(before+run, "://") || strings.HasSuffix(before, ":") && strings.HasPrefix(run, "//")) {
		return i + 1
	}
	if m := parameter.FindStringIndex(run); m != nil {
		return m[1]
	}
	return 0
}

// parameter is all up to the value of the last parameter of a query or a form.
var parameter = regexp.MustCompile(`^(?:.*[?&;]|[A-Za-z_][\w.%-]*=[^=]*&)[A-Za-z_][\w.%-]*=`)

// behindWord gives how much before an address is prose that ends with a word for it. Other prose without a blank before an address is taken for a part
// of it: half an address would be worse than some words less.
func behindWord(run string) (most int) {
	for _, w := range []string{"信箱", "邮箱", "郵箱", "郵件", "邮件", "電郵", "寄到", "寄至", "寫信到", "來信", "聯絡", "聯繫", "請洽", "帳號", "帳戶"} {
		if i := strings.LastIndex(run, w); i >= 0 && i+len(w) < len(run) {
			most = max(most, i+len(w))
		}
	}
	return most
}

// unwrapped leaves out the sign that stands around an address as quotes do.
func unwrapped(text string, from, at, to int) int {
	for from+1 < at {
		closing := text[from]
		switch closing {
		case '{':
			closing = '}'
		case '\'':
			from++
			continue
		}
		if strings.IndexByte("}|*`/_~#=-", closing) < 0 || to >= len(text) || text[to] != closing {
			break
		}
		return from + 1
	}
	return from
}

// tops are the domains at the top that are no ASCII and behind which Chinese may go on without a mark.
var tops = []string{"台灣", "台湾", "臺灣", "香港", "澳門", "澳门", "中国", "中國", "新加坡", "公司", "网络", "網絡", "中文网", "网址", "网站", "在线", "商城", "商店", "集团", "我爱你"}

// domainOf gives the domain at the beginning of a text. The last label is of ASCII alone or without any, so that it ends where words follow it; the
// full stop of Chinese is a dot between labels that are no ASCII (RFC 3490, 3.1).
func domainOf(text string) string {
	end, label := 0, 0
	for end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		switch {
		case r < utf8.RuneSelf && (isWord(byte(r)) || r == '-'), wordy(r):
		case r == '.':
			label = end + 1
		case r == '。' && end > label && text[label] >= utf8.RuneSelf && hasTop(text[end+size:]) > 0:
			label = end + size
		default:
			return trimmed(text[:end], label)
		}
		end += size
	}
	return trimmed(text, label)
}

// trimmed cuts the last label, which begins at a place, where it ends.
func trimmed(domain string, label int) string {
	last := domain[label:]
	if n := hasTop(last); n > 0 {
		last = last[:n]
	} else if last != "" && last[0] < utf8.RuneSelf {
		if i := strings.IndexFunc(last, func(r rune) bool { return r >= utf8.RuneSelf }); i >= 0 && label > 0 {
			last = last[:i]
		}
	}
	return strings.TrimRight(domain[:label]+last, ".-")
}

// hasTop gives the length of the known domain at the top with which a text begins.
func hasTop(text string) int {
	for _, top := range tops {
		if strings.HasPrefix(text, top) {
			return len(top)
		}
	}
	return 0
}
