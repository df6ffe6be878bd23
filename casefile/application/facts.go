package application

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Sentence is one statement of fact and what it rests on.
type Sentence struct {
	Number    int    // counted through all paragraphs from 1
	Text      string // as written, references included
	Refs      []Ref
	Statement bool     // marked as the applicant's own statement
	Law       bool     // marked as a view of the law
	Papers    []string // numbers of papers of the application that it rests on, e.g. 05
	Bad       []string // marks that look like references and are none
}

// Tied reports whether the sentence, as one of the facts, says what it rests on.
func (s Sentence) Tied() bool { return len(s.Refs) > 0 || s.Statement }

// Argued reports whether the sentence, as one of the reasons, says what it rests on: a view of the law and the office's own papers count too.
func (s Sentence) Argued() bool { return s.Tied() || s.Law || len(s.Papers) > 0 }

// Ref names an exhibit, or with Artifact above 0 the artifact of that number in its list (from 1).
type Ref struct {
	Exhibit  string
	Artifact int
}

// String is the reference as it is written: W0001 or W0001-03.
func (r Ref) String() string {
	if r.Artifact == 0 {
		return r.Exhibit
	}
	return fmt.Sprintf("%s-%02d", r.Exhibit, r.Artifact)
}

// plain is the sentence without its marks and its full stop.
func (s Sentence) plain() string {
	return strings.TrimRight(strings.TrimSpace(markRE.ReplaceAllStringFunc(s.Text, func(m string) string {
		if isMark(m) {
			return ""
		}
		return m
	})), "。！？ 　")
}

// Paragraph is one line of the facts.
type Paragraph struct {
	Text      string
	Sentences []Sentence
}

var (
	markRE      = regexp.MustCompile(`【[^【】]*】`)
	refRE       = regexp.MustCompile(`^(?:證)?(W\d{4,})(?:-(\d{2,3}))?$`)
	statementRE = regexp.MustCompile(`^聲請人陳述$`)
	lawRE       = regexp.MustCompile(`^法律見解$`)
	paperRE     = regexp.MustCompile(`^附件(\d{2})$`)
	listRE      = regexp.MustCompile(`[、，,；;\s]+`)
)

// ParseFacts reads paragraphs (lines) of sentences. A sentence ends with 。！ or ？ outside of quotes and brackets, or with
// its line; marks that follow the full stop belong to it. A mark is 【證W0001】, 【證W0001-03】, a list of such, 【聲請人陳述】,
// 【法律見解】 or 【附件05】; several may stand anywhere in a sentence. Other text in 【】 is no mark.
func ParseFacts(text string) []Paragraph {
	var paragraphs []Paragraph
	number := 0
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		p := Paragraph{Text: line}
		for _, s := range split(line) {
			number++
			p.Sentences = append(p.Sentences, parseSentence(number, s))
		}
		paragraphs = append(paragraphs, p)
	}
	return paragraphs
}

// split cuts a line into sentences that, put together again, are the line but for outer blanks. Where a bracket is left
// open no bracket counts: an open one must not hide that a sentence is untied.
func split(line string) []string {
	list, open := cut(line, true)
	if open {
		list, _ = cut(line, false)
	}
	return list
}

func cut(line string, brackets bool) (list []string, open bool) {
	depth, begin := 0, 0
	flush := func(end int) {
		if s := strings.TrimSpace(line[begin:end]); s != "" {
			list = append(list, s)
		}
		begin = end
	}
	for i := 0; i < len(line); {
		r, size := utf8.DecodeRuneInString(line[i:])
		switch {
		case brackets && strings.ContainsRune("「『（《【〔", r):
			depth++
		case brackets && strings.ContainsRune("」』）》】〕", r):
			depth--
		case depth <= 0 && strings.ContainsRune("。！？", r):
			i = afterMarks(line, i+size)
			flush(i)
			continue
		}
		i += size
	}
	flush(len(line))
	return list, depth != 0
}

// afterMarks skips further end signs and the marks that follow a full stop.
func afterMarks(line string, i int) int {
	for {
		rest := strings.TrimLeft(line[i:], " 　。！？")
		at := markRE.FindStringIndex(rest)
		if at == nil || at[0] != 0 || !isMark(rest[:at[1]]) {
			return len(line) - len(strings.TrimLeft(line[i:], "。！？"))
		}
		i = len(line) - len(rest) + at[1]
	}
}

// isMark reports whether a bracket claims to be a reference or a statement.
func isMark(bracket string) bool {
	inner := strings.TrimSpace(strings.Trim(bracket, "【】"))
	return strings.HasPrefix(inner, "證") || strings.HasPrefix(inner, "W") || strings.HasPrefix(inner, "附件") || statementRE.MatchString(inner) || lawRE.MatchString(inner)
}

func parseSentence(number int, text string) Sentence {
	s := Sentence{Number: number, Text: text}
	for _, bracket := range markRE.FindAllString(text, -1) {
		if !isMark(bracket) {
			continue
		}
		inner := strings.TrimSpace(strings.Trim(bracket, "【】"))
		if statementRE.MatchString(inner) {
			s.Statement = true
			continue
		}
		if lawRE.MatchString(inner) {
			s.Law = true
			continue
		}
		if m := paperRE.FindStringSubmatch(inner); m != nil {
			s.Papers = append(s.Papers, m[1])
			continue
		}
		refs, ok := parseRefs(inner)
		if !ok {
			s.Bad = append(s.Bad, bracket)
			continue
		}
		s.Refs = append(s.Refs, refs...)
	}
	return s
}

func parseRefs(list string) ([]Ref, bool) {
	var refs []Ref
	for _, item := range listRE.Split(list, -1) {
		m := refRE.FindStringSubmatch(item)
		if m == nil {
			return nil, false
		}
		ref := Ref{Exhibit: m[1]}
		if m[2] != "" {
			n, err := strconv.Atoi(m[2])
			if err != nil || n == 0 {
				return nil, false
			}
			ref.Artifact = n
		}
		refs = append(refs, ref)
	}
	return refs, len(refs) > 0
}
