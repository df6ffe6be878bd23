package redact

import (
	"cmp"
	"html"
	"iter"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// span is a part of a text, from first byte to the one after the last.
type span struct{ from, to int }

// reading is a text as it is read in one way, made of another one. Where it differs from that stands in pieces; the rest is the same.
type reading struct {
	text   string
	pieces []piece
	of     *reading // nil: the text as it is stored
}

// piece is a place where a reading is written otherwise: size bytes at at stand for took bytes at from of the other. A gap is what is no part of
// what stands around it, a tag, and stays when that is masked.
type piece struct {
	at, size, from, took int32 // a text has 8 MiB at the most
	gap                  bool
}

// source gives the parts of the stored text that a span was made of, in order.
func (r *reading) source(s span) []span {
	if r.of == nil {
		return []span{s}
	}
	var out []span
	for _, part := range r.parts(s) {
		out = append(out, r.of.source(part)...)
	}
	slices.SortFunc(out, func(a, b span) int { return cmp.Compare(a.from, b.from) }) // what is turned round comes backwards
	n := 0
	for _, p := range out {
		if n > 0 && out[n-1].to >= p.from {
			out[n-1].to = max(out[n-1].to, p.to)
		} else {
			out[n], n = p, n+1
		}
	}
	return out[:n]
}

// parts gives the parts of the other text.
func (r *reading) parts(s span) (out []span) {
	begin, end := int32(s.from), int32(s.to)
	add := func(from, to int32) { out = append(out, span{int(from), int(to)}) }
	i := sort.Search(len(r.pieces), func(i int) bool { p := r.pieces[i]; return p.at+p.size > begin || p.size == 0 && p.at > begin })
	at, from := int32(0), int32(0) // behind the last piece
	if i > 0 {
		last := r.pieces[i-1]
		at, from = last.at+last.size, last.from+last.took
	}
	done := begin
	for ; i < len(r.pieces) && r.pieces[i].at < end; i++ {
		p := r.pieces[i]
		if p.at > done {
			add(from+done-at, from+p.at-at)
		}
		if !p.gap && (p.size > 0 || p.at > begin) {
			add(p.from, p.from+p.took)
		}
		at, from = p.at+p.size, p.from+p.took
		done = max(done, at)
	}
	if done < end {
		add(from+done-at, from+end-at)
	}
	return out
}

// writer makes a reading of another one.
type writer struct {
	of     *reading
	out    strings.Builder
	pieces []piece
	done   int // of the other text
	other  bool
}

// put writes text for the bytes from from to to of the other text; what lies before is taken over as it is. Where each byte stands
// for one, no piece is needed.
func (w *writer) put(from, to int, text string, gap bool) {
	if !w.other {
		w.other = true
		w.out.Grow(len(w.of.text))
	}
	w.out.WriteString(w.of.text[w.done:from])
	if len(text) != to-from || gap || w.of.text[from] >= utf8.RuneSelf {
		w.pieces = append(w.pieces, piece{int32(w.out.Len()), int32(len(text)), int32(from), int32(to - from), gap})
	}
	w.out.WriteString(text)
	w.done = to
}

// reading ends the work; where nothing was written otherwise it gives the other reading itself.
func (w *writer) reading() *reading {
	if !w.other {
		return w.of
	}
	w.out.WriteString(w.of.text[w.done:])
	return &reading{w.out.String(), w.pieces, w.of}
}

// depth is how many times escapes may lie in each other.
const depth = 3

// readings gives a text in each way in which it is searched, folded, one after the other.
func readings(text string) iter.Seq[*reading] {
	return func(yield func(*reading) bool) {
		raw := &reading{text: text}
		if !views(raw, yield) {
			return
		}
		for _, undo := range []func(*reading) *reading{unescape, unescapeStyle} {
			for last, n := raw, 0; n < depth; n++ {
				next := undo(last)
				if next == last {
					break
				}
				if last = next; !views(next, yield) {
					return
				}
			}
		}
	}
}

// views gives a reading with its tags, without them, and without what nobody sees, and each of these turned round where it is shown so.
func views(r *reading, yield func(*reading) bool) bool {
	if !shown(r, yield) {
		return false
	}
	if !strings.Contains(r.text, "<") {
		return true
	}
	if !shown(untag(r, false), yield) || !shown(untag(r, true), yield) {
		return false
	}
	if hiding.MatchString(r.text) && !(shown(visible(r, false), yield) && shown(visible(r, true), yield)) {
		return false
	}
	return !ruby.MatchString(r.text) || yield(fold(annotations(r)))
}

// fold writes each character in its plain form: NFKC, small letters of ASCII, digits of every script as 0 to 9, and nothing for what cannot be
// seen.
func fold(of *reading) *reading {
	w := writer{of: of}
	for i := 0; i < len(of.text); {
		c := of.text[i]
		if c < utf8.RuneSelf {
			if c >= 'A' && c <= 'Z' {
				j := i + 1
				for j < len(of.text) && of.text[j] >= 'A' && of.text[j] <= 'Z' {
					j++
				}
				w.put(i, j, strings.ToLower(of.text[i:j]), false)
				i = j
				continue
			}
			if c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' || c == 0x7f {
				w.put(i, i+1, "", false)
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(of.text[i:])
		if as := plainRune(r, of.text[i:i+size]); as != of.text[i:i+size] {
			w.put(i, i+size, as, false)
		}
		i += size
	}
	return w.reading()
}

func plainRune(r rune, text string) string {
	switch {
	case r >= 0x3400 && r < 0xa000 || r == utf8.RuneError:
		return text
	case radicals[r] != "":
		return radicals[r]
	case unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me, unicode.Cc), r == 0x115f, r == 0x1160, r == 0x3164: // the last are fillers of Hangul
		return ""
	case unicode.Is(unicode.Zs, r):
		return " "
	case unicode.Is(unicode.Pd, r) || r == 0x2212:
		return "-"
	case r == 0xb7, r == 0x2027, r == 0x30fb:
		return "."
	}
	as := strings.ToLower(norm.NFKC.String(text))
	if unicode.Is(unicode.No, r) {
		as = strings.Trim(as, ".,()") // ⒐ and ⑼ are 9
	}
	if d, _ := utf8.DecodeRuneInString(as); unicode.Is(unicode.Nd, d) && d >= utf8.RuneSelf {
		return digitOf(d)
	}
	return as
}

// digitOf gives the value of a decimal digit: those of a script stand in tens, beginning with zero.
func digitOf(r rune) string {
	for _, t := range unicode.Nd.R16 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return strconv.Itoa(int(r-rune(t.Lo)) % 10)
		}
	}
	for _, t := range unicode.Nd.R32 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return strconv.Itoa(int(r-rune(t.Lo)) % 10)
		}
	}
	return string(r)
}

// unescape undoes one layer of percent-encoding, character references and escapes of JSON and JavaScript.
func unescape(of *reading) *reading {
	w := writer{of: of}
	for i := 0; i < len(of.text); {
		next := strings.IndexAny(of.text[i:], `%&\`)
		if next < 0 {
			break
		}
		i += next
		as, size := unescapeOne(of.text[i:min(len(of.text), i+longestEscape)])
		if size == 0 {
			i++
			continue
		}
		w.put(i, i+size, as, false)
		i += size
	}
	return w.reading()
}

// longestEscape bounds an escape, in bytes: a number may have any zeros before it.
const longestEscape = 40

// unescapeOne gives what the escape at the beginning of a text says, and how long it is.
func unescapeOne(text string) (string, int) {
	switch text[0] {
	case '%':
		if n, ok := hexAt(text, 1, 2); ok {
			return string([]byte{byte(n)}), 3
		}
		if n, ok := hexAt(text, 2, 4); ok && (text[1] == 'u' || text[1] == 'U') {
			return string(rune(n)), 6
		}
	case '&':
		return reference(text)
	case '\\':
		return backslash(text)
	}
	return "", 0
}

// reference is a character reference, with or without its semicolon (HTML, 13.2.5.72).
func reference(text string) (string, int) {
	end := 1
	for end < len(text) && (text[end] == '#' || isWord(text[end])) {
		end++
	}
	if end < len(text) && text[end] == ';' {
		end++
	}
	for ; end > 2; end-- { // "&ampx" is "&x"
		as := html.UnescapeString(text[:end])
		if as != text[:end] && !strings.HasPrefix(as, "&") || as == "&" {
			return as, end
		}
		if text[1] == '#' {
			return "", 0
		}
	}
	return "", 0
}

// backslash is an escape of JSON (RFC 8259, 7) or JavaScript (ECMAScript, 12.9.4): also octal, and a line that goes on.
func backslash(text string) (string, int) {
	if len(text) < 2 {
		return "", 0
	}
	switch c := text[1]; {
	case c == 'u':
		if n, ok := hexAt(text, 2, 4); ok {
			if low, ok := hexAt(text, 8, 4); ok && n >= 0xd800 && n < 0xdc00 && text[6:8] == `\u` {
				return string(rune(0x10000 + (n-0xd800)<<10 + low - 0xdc00)), 12
			}
			return string(rune(n)), 6
		}
		if end := strings.IndexByte(text, '}'); end > 3 && text[2] == '{' {
			if n, err := strconv.ParseUint(text[3:end], 16, 32); err == nil {
				return string(rune(n)), end + 1
			}
		}
	case c == 'x':
		if n, ok := hexAt(text, 2, 2); ok {
			return string(rune(n)), 4
		}
	case c >= '0' && c <= '7':
		end := 2
		for end < 4 && end < len(text) && text[end] >= '0' && text[end] <= '7' {
			end++
		}
		n, _ := strconv.ParseUint(text[1:end], 8, 32)
		return string(rune(n)), end
	case c == '\n', c == '\r':
		return "", 2
	case strings.IndexByte("ntrfbv", c) >= 0:
		return " ", 2
	case c < utf8.RuneSelf && !isWord(c):
		return string(rune(c)), 2
	}
	return "", 0
}

// unescapeStyle undoes escapes of style sheets (CSS Syntax, 4.3.7).
func unescapeStyle(of *reading) *reading {
	w := writer{of: of}
	for i := 0; i+1 < len(of.text); i++ {
		if of.text[i] != '\\' {
			continue
		}
		end := i + 1
		for end < len(of.text) && end < i+7 && isHex(of.text[end]) {
			end++
		}
		if end == i+1 {
			continue
		}
		n, _ := strconv.ParseUint(of.text[i+1:end], 16, 32)
		if end < len(of.text) && (of.text[end] == ' ' || of.text[end] == '\n') {
			end++
		}
		w.put(i, end, string(rune(n)), false)
		i = end - 1
	}
	return w.reading()
}

func hexAt(text string, at, digits int) (int, bool) {
	if at+digits > len(text) {
		return 0, false
	}
	n, err := strconv.ParseUint(text[at:at+digits], 16, 32)
	return int(n), err == nil
}

func isHex(c byte) bool    { return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func isWord(c byte) bool   { return isDigit(c) || isLetter(c) }

// untag takes tags, comments and processing instructions out, as a browser takes them (whole comments, quoted values of attributes) or, with
// nearest, as a simple reader does: whatever stands between "<" and ">" with neither inside. In the place of a tag stands what stead gives.
func untag(of *reading, nearest bool) *reading {
	w, t := writer{of: of}, tagger{text: of.text, nearest: nearest}
	for i := 0; i < len(of.text); {
		next := strings.IndexByte(of.text[i:], '<')
		if next < 0 {
			break
		}
		i += next
		to := t.end(i)
		if to < 0 {
			i++
			continue
		}
		w.tag(i, to)
		i = to
	}
	return w.reading()
}

// tag writes what stands for one, which is no part of what stands around it, unless it is itself a character.
func (w *writer) tag(from, to int) {
	if m := symbol.FindStringSubmatch(w.of.text[from:min(to, from+longestSymbol)]); m != nil {
		n, _ := strconv.ParseUint(m[1], 16, 8)
		w.put(from, to, string(rune(n)), false)
		return
	}
	w.put(from, to, stead(w.of.text[from:to]), true)
}

// symbol is a character of DOCX that is named by its place in a font (ISO/IEC 29500-1, 17.3.3.30), where that is one of ASCII too.
var symbol = regexp.MustCompile(`^<w:sym\b[^>]*\bw:char="[Ff]?0?0?([2-7][0-9A-Fa-f])"`)

// longestSymbol bounds such a tag, in bytes.
const longestSymbol = 200

// tagger finds the ends of tags. Quotes that are not closed once are not looked for again, so that the time is in proportion to the text.
type tagger struct {
	text    string
	nearest bool
}

// end gives where a tag ends that begins at a place, or -1 where none begins.
func (t *tagger) end(at int) int {
	if !t.nearest {
		if at+1 >= len(t.text) || !isLetter(t.text[at+1]) && strings.IndexByte("/!?", t.text[at+1]) < 0 {
			return -1
		}
		if end := t.quoted(at); end >= 0 {
			return end
		}
		t.nearest = true
	}
	end := strings.IndexAny(t.text[at+1:], "<>")
	if end < 0 || t.text[at+1+end] == '<' {
		return -1
	}
	return at + 1 + end + 1
}

func (t *tagger) quoted(at int) int {
	if strings.HasPrefix(t.text[at:], "<!--") {
		end := strings.Index(t.text[at+4:], "-->")
		if end < 0 {
			return -1
		}
		return at + 4 + end + 3
	}
	quote, last := byte(0), byte(0) // last is what stands before, but for white space
	for i := at + 1; i < len(t.text); i++ {
		c, before := t.text[i], last
		if !strings.ContainsRune(" \t\r\n\f", rune(c)) {
			last = c
		}
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
		case c == '>':
			return i + 1
		case (c == '"' || c == '\'') && before == '=':
			quote = c
		}
	}
	return -1
}

// stead gives what stands for a tag: a line feed where it ends the line before it, a form feed at a row of a table and a tab at a cell, the mark that
// turns round what an element turns round; nothing for others. Elements that nobody knows end no line (HTML, 15.3).
func stead(tag string) string {
	name, closes := strings.CutPrefix(tag[1:], "/")
	end := strings.IndexAny(name, " \t\r\n\f/>")
	if end < 0 {
		return ""
	}
	switch name = strings.ToLower(name[:end]); {
	case name == "bdo" || name == "w:bdo":
		return override(tag, closes)
	case cellEnds[name] && closes:
		return ""
	case cellEnds[name]:
		return "\t" + override(tag, false)
	case name == "tr" || name == "w:tr" || name == "table:table-row":
		return "\f"
	case lineEnds[name]:
		return "\n" + override(tag, closes)
	}
	return override(tag, closes)
}

// cellEnds are the elements of HTML, DOCX and ODT that begin a cell.
var cellEnds = map[string]bool{"td": true, "th": true, "w:tc": true, "table:table-cell": true}

// lineEnds are those that end a line.
var lineEnds = func() map[string]bool {
	m := map[string]bool{}
	for name := range strings.FieldsSeq(`address article aside blockquote body br button center dd details dialog dir div dl dt fieldset figcaption
		figure footer form h1 h2 h3 h4 h5 h6 head header hr html iframe legend li link main menu meta nav ol optgroup option p pre script section select style
		summary table tbody textarea tfoot thead title ul w:p w:br w:tab w:cr text:p text:h text:tab text:line-break`) {
		m[name] = true
	}
	return m
}()
