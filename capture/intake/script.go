package intake

import (
	"slices"
	"strings"
	"unicode"

	"github.com/mtibben/confusables"
	"golang.org/x/net/idna"
)

// scripts gives the Unicode form of a name with A-labels, and warns of what it may be taken for.
func (row *Row) scripts() {
	if !strings.Contains(row.Host, "xn--") {
		return
	}
	name, err := idna.ToUnicode(row.Host)
	if err != nil || name == row.Host {
		return
	}
	row.Unicode = name
	row.warn(warnPunycode, name)
	if like := lookalike(name); like != "" {
		row.warn(warnHomograph, like)
	}
	for label := range strings.SplitSeq(name, ".") {
		if mix := mixture(label); len(mix) > 1 {
			row.warn(warnScripts, strings.Join(mix, "+"))
			return
		}
	}
}

// lookalike gives the ASCII name that a name looks like, letter by letter (the prototypes of UTS 39); "" if there is none.
func lookalike(name string) string {
	var b strings.Builder
	for _, c := range name {
		if c < unicode.MaxASCII {
			b.WriteRune(c)
			continue
		}
		b.WriteString(confusables.Skeleton(string(c)))
	}
	if like := strings.ToLower(b.String()); isASCII(like) {
		return like
	}
	return ""
}

// mixture names the scripts of a label where they do not go together. Chinese, Japanese and Korean each go with Latin letters
// (UTS 39, highly restrictive).
func mixture(label string) []string {
	var found []string
	for _, c := range label {
		if s := script(c); s != "" && !slices.Contains(found, s) {
			found = append(found, s)
		}
	}
	slices.Sort(found)
	asian := 0
	for _, s := range found {
		if slices.Contains([]string{"Bopomofo", "Han", "Hangul", "Hiragana", "Katakana", "Latin"}, s) {
			asian++
		}
	}
	if asian == len(found) {
		return nil
	}
	return found
}

// script names the script of a letter; "" for what belongs to all.
func script(c rune) string {
	if c < unicode.MaxASCII {
		if unicode.IsLetter(c) {
			return "Latin"
		}
		return ""
	}
	for name, table := range unicode.Scripts {
		if name != "Common" && name != "Inherited" && unicode.Is(table, c) {
			return name
		}
	}
	return ""
}
