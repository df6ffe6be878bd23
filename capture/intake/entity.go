package intake

import (
	"regexp"
	"strings"

	"yuzheng/capture"
)

var (
	ampersand = regexp.MustCompile(`(?i)&(?:amp|#0*38|#x0*26)(?:;|$)`)
	// enclosing are the marks that stand around an address in a text, as HTML writes them: it ends there.
	enclosing = regexp.MustCompile(`(?i)&(?:lt|gt|quot|apos|nbsp|#0*(?:34|39|60|62|160)|#x0*(?:22|27|3c|3e|a0))(?:;|$)`)
)

// unescape reads path, query and fragment of an address that was copied out of HTML as it is written there. In such a text no "&" stands by
// itself: where one does, "&amp;" is what the address says.
func unescape(tail string) string {
	if end := enclosing.FindStringIndex(tail); end != nil {
		tail = tail[:end[0]]
	}
	if strings.Count(tail, "&") != len(ampersand.FindAllStringIndex(tail, -1)) {
		return tail
	}
	for ampersand.MatchString(tail) {
		once := ampersand.ReplaceAllString(tail, "&")
		if once == tail {
			break
		}
		tail = once
	}
	return tail
}

// escaped reports whether the file may hold text that HTML has escaped. A page and an e-mail have been read as what they are.
func (r *reading) escaped() bool { return r.shape.kind != kindPage && r.shape.kind != kindMail }

// withoutPassword gives what stands before "@" in an address without the password.
func withoutPassword(user string) string {
	name, _, ok := strings.Cut(user, ":")
	if !ok {
		return user
	}
	return name + ":" + capture.Withheld
}
