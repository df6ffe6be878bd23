package intake

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// refang undoes what people do to an address so that nobody opens it by accident, and what input methods and office programs do to
// it: hxxp and h**p, dots and colons in brackets, full-width letters, invisible characters, lost or doubled slashes. Text without such
// things comes back as it is. The result is for reading an address from; keep the original beside it.
func refang(text string) string {
	text = halfWidth(text)
	if strings.ContainsAny(text, "[({<【〔（「") {
		text = brackets.Replace(text)
		text = dotted.ReplaceAllString(text, ".")
	}
	if strings.ContainsAny(text, `:/\;`) && scheme.MatchString(text) {
		text = leaning.ReplaceAllStringFunc(text, func(address string) string { return strings.ReplaceAll(address, `\`, "/") })
		text = scheme.ReplaceAllString(text, "http$1$2://")
		text = twice.ReplaceAllString(text, "$1")
	}
	if strings.Contains(text, `\`) {
		text = inPath.ReplaceAllStringFunc(text, func(address string) string { return noEscape.ReplaceAllString(address, "/$1") })
	}
	return text
}

var (
	brackets = strings.NewReplacer("[://]", "://", "[:]", ":", "(:)", ":", "[/]", "/", "[//]", "//", "[@]", "@", "(@)", "@", "[at]", "@", "(at)", "@", "[AT]", "@")
	dotted   = regexp.MustCompile(`(?i)\s*[\[({<【〔（「]\s*(?:\.|dot|點|点|。)\s*[\])}>】〕）」]\s*|\[\.|\.\]`)

	// The letters of http as they are defanged, and the colon and slashes as they are mistyped: with a colon one slash is enough, without
	// one there are two. Spaces after them go. The groups are the "s" of https.
	scheme = regexp.MustCompile(`(?i)(?:h(?:tt|xx|tx|xt|\*\*|__|##)p|\bh?ttp|\bhtt?pp?)(?:(s?)s?\s?[:;]\s?[/\\]{1,4}|(s?)[/\\]{2})\s*`)
	// An address that begins with backslashes has them for slashes up to its query, as browsers read it. Where it begins with slashes, or without
	// a scheme, the ones that may as well be an escape of a program ("\n") are left.
	leaning  = regexp.MustCompile(`(?i)h(?:tt|xx|tx|xt|\*\*|__|##)ps?\s?[:;]\s?/?\\[^\s?#]*`)
	inPath   = regexp.MustCompile(`(?i)(?:https?://[^\s?#\\]+|(?:^|[^\w\\/.:-])(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:/[^\s?#\\]*)?)\\[^\s?#]*`)
	noEscape = regexp.MustCompile(`\\([^nrtbfux\\"'\s])`)
	twice    = regexp.MustCompile(`(?i)(?:https?://)+(https?://)`)
)

// question is what follows the question mark of a query.
var question = regexp.MustCompile(`^[0-9A-Za-z_０-９Ａ-Ｚａ-ｚ]{1,64}[=＝]`)

// halfWidth gives the plain form of letters, digits and dots in disguise, and drops what cannot be seen. Full-width punctuation that
// also ends a sentence becomes ASCII only where an address goes on behind it.
func halfWidth(text string) string {
	if isASCII(text) {
		return text
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRuneInString(text[i:])
		if c == utf8.RuneError {
			out = append(out, text[i:i+size]...)
			i += size
			continue
		}
		i += size
		rest := text[i:]
		switch {
		case invisible(c):
		case c == '\u3002' || c == '\uff61':
			if joins(out, rest) {
				c = '.'
			}
			out = utf8.AppendRune(out, c)
		case c == '：' && !strings.HasPrefix(rest, "/") && !strings.HasPrefix(rest, "／") && !isPort(out, rest):
			out = utf8.AppendRune(out, c)
		case c == '？' && !question.MatchString(rest) || c == '～' && !bytes.HasSuffix(out, []byte("/")):
			out = utf8.AppendRune(out, c)
		case strings.ContainsRune("，；！（）｜＂＇", c):
			out = utf8.AppendRune(out, c)
		case c >= '！' && c <= '～':
			out = append(out, byte(c-'！'+'!'))
		case c >= '\U0001d400' && c <= '\U0001d7ff' || c >= 'Ⓐ' && c <= 'ⓩ':
			out = append(out, norm.NFKC.String(string(c))...)
		default:
			out = utf8.AppendRune(out, c)
		}
	}
	return string(out)
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// invisible is true of what takes no place on a screen: soft hyphen, zero-width and joining characters, marks of direction.
func invisible(c rune) bool {
	return c == '\u00ad' || c == '\u034f' || c == '\u180e' || c == '\ufeff' || c >= '\u200b' && c <= '\u200f' || c >= '\u202a' && c <= '\u202e' ||
		c >= '\u2060' && c <= '\u206f' || c >= '\ufe00' && c <= '\ufe0f'
}

// joins reports whether an ideographic full stop between before and after is the dot of a host name and not the end of a sentence: a
// top level follows it, or a label that goes on with a dot while what stands before is no whole name yet.
func joins(before []byte, after string) bool {
	last, _ := utf8.DecodeLastRune(before)
	end := strings.IndexFunc(after, func(c rune) bool { return !isWord(c) && c != '-' && (c < '０' || c > 'ｚ') })
	if end < 0 {
		end = len(after)
	}
	if end == 0 { // abc。台灣
		end = cjkEnd(after)
		return isWord(last) && end > 0 && topLevel(after[:end])
	}
	label := strings.ToLower(norm.NFKC.String(after[:end]))
	switch {
	case topLevel(label):
		return isWord(last) || cjk(last)
	case !isWord(last) || label == "http" || label == "https" || label == "www":
		return false
	}
	next, size := utf8.DecodeRuneInString(after[end:])
	return strings.ContainsRune(".．。｡", next) && len(after) > end+size && !wholeName(before)
}

// wholeName reports whether text ends in a name that has its top level.
func wholeName(text []byte) bool {
	text = text[max(0, len(text)-maxLabel-1):]
	i := bytes.LastIndexByte(text, '.')
	return i > 0 && isWord(rune(text[i-1])) && topLevel(strings.ToLower(string(text[i+1:])))
}

func isPort(before []byte, after string) bool {
	return len(before) > 0 && isWord(rune(before[len(before)-1])) && after != "" && (after[0] >= '0' && after[0] <= '9' || strings.HasPrefix(after, "８") || strings.HasPrefix(after, "４"))
}

// isWord is true of ASCII letters and digits.
func isWord(c rune) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z'
}
