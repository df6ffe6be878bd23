package crawl

import (
	neturl "net/url"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/nlnwa/whatwg-url/url"

	"yuzheng/capture/known"
)

// judge gives the reason for which a link is not followed, and what gave it. address is u's canonical form. Reasons that depend on what
// came before, and whyTooLong, Malformed and whyOtherScheme, are not its concern.
func (c *crawl) judge(u *url.Url, address string, l link) (Reason, string) {
	host := strings.TrimSuffix(u.Hostname(), ".")
	if service := known.Invitation(host); service != "" {
		return whyInvitation, service
	}
	if !c.scope.pages.MatchString(address) {
		return whyOutOfScope, host
	}
	if ending := endingOf(u); !c.o.Files && (l.saves || slices.Contains(files, ending) || slices.Contains(parts, ending)) {
		return whyFile, ending
	}
	if word := changingWord(u, l.text); word != "" || l.changes {
		return whyStateChange, word
	}
	for _, p := range c.skip {
		if p.MatchString(address) {
			return whySkipped, p.String()
		}
	}
	switch {
	case l.form:
		return whyForm, ""
	case l.how == inScript && isInterface(u):
		return whyInterface, ""
	case grows(u):
		return whyEndless, "path or query repeats itself"
	}
	return "", ""
}

func endingOf(u *url.Url) string {
	return strings.ToLower(strings.TrimPrefix(path.Ext(u.Pathname()), "."))
}

func isInterface(u *url.Url) bool {
	label, _, _ := strings.Cut(u.Hostname(), ".")
	return slices.Contains(interfaces, label) || slices.Contains(answers, endingOf(u)) ||
		slices.ContainsFunc(strings.Split(strings.ToLower(u.Pathname()), "/"), func(s string) bool { return slices.Contains(interfaces, s) })
}

// maxWords is how many words of one segment, or of what a link says, may name what it does. More of them are prose: a page about deleting.
const maxWords = 4

// changingWord gives the word by which a link does something when it is opened; empty if there is none.
func changingWord(u *url.Url, text string) string {
	where := u.Pathname() + "/?" + u.Query()
	if isRoute(u.Fragment()) {
		where += "/" + u.Fragment()
	}
	if plain, err := neturl.PathUnescape(where); err == nil {
		where = plain
	}
	var said []string
	for _, segment := range strings.FieldsFunc(where, func(r rune) bool { return strings.ContainsRune("/?&", r) }) {
		said = append(said, wordsOf(segment)...)
	}
	for _, words := range [][]string{said, wordsOf(text)} {
		line := " " + strings.Join(words, " ") + " "
		if i := slices.IndexFunc(changing, func(w string) bool { return strings.Contains(line, " "+w+" ") }); i >= 0 {
			return changing[i]
		}
	}
	short := len([]rune(text)) <= 3*maxWords
	i := slices.IndexFunc(changingHan, func(w string) bool { return strings.Contains(where, w) || short && strings.Contains(text, w) })
	if i >= 0 {
		return changingHan[i]
	}
	return ""
}

// wordsOf splits "deleteUser" and "log-out.php" into words in lower case. What has too many to be a name gives "|" in their place, which
// is no word, so that none before it reaches one behind it.
func wordsOf(text string) []string {
	words, start := []string{}, -1
	var before rune
	end := func(i int) {
		if start >= 0 {
			words, start = append(words, strings.ToLower(text[start:i])), -1
		}
	}
	for i, r := range text {
		if !unicode.IsLetter(r) || unicode.IsUpper(r) && unicode.IsLower(before) {
			end(i)
		}
		if len(words) > maxWords {
			break
		}
		if start < 0 && unicode.IsLetter(r) {
			start = i
		}
		before = r
	}
	end(len(text))
	if len(words) > maxWords {
		return []string{"|"}
	}
	return words
}
