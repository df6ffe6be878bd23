package redact

import (
	"regexp"
	"strings"
)

// visible leaves out, beside the tags, what stands in elements that nobody sees, or that are set beside what they stand in: a value is read over them.
// That are the readings of ruby (HTML, 4.5.10; w:rt of DOCX, text:ruby-text of ODT), scripts and the like, and what attributes, styles of its own or a
// style sheet in the same text hide. With guessed, it is also what has a class between two digits: its style sheet lies elsewhere.
func visible(of *reading, guessed bool) *reading {
	text := of.text
	w, t, h := writer{of: of}, tagger{text: text}, hiderOf(text, guessed)
	open := element{}
	for i := 0; i < len(text) || open.name != ""; {
		next := strings.IndexByte(text[min(i, len(text)):], '<')
		if next < 0 {
			if open.name == "" {
				break
			}
			h.never[open.name] = true // it has no end: it hides nothing
			w.tag(open.from, open.to)
			i, open = open.to, element{}
			continue
		}
		i += next
		to := t.end(i)
		if to < 0 {
			i++
			continue
		}
		switch name, closes := nameOf(text[i:to]); {
		case open.name == "" && h.hides(name, closes, i, to):
			open = element{name, i, to, 1}
		case open.name == "":
			w.tag(i, to)
		case open.endsBefore(name, closes):
			w.put(open.from, i, "", true)
			open = element{}
			continue // the tag is looked at once more
		case name == open.name && !closes && !strings.HasSuffix(text[i:to], "/>"):
			open.depth++
		case name == open.name && closes:
			if open.depth--; open.depth == 0 {
				w.put(open.from, to, "", true)
				open = element{}
			}
		}
		i = to
	}
	return w.reading()
}

// element is one that hides, from the beginning of its first tag to its end.
type element struct {
	name     string
	from, to int
	depth    int
}

// endsBefore reports whether a tag ends the element though it is not its own: those of ruby leave out their last tag (HTML, 4.5.12).
func (e element) endsBefore(name string, closes bool) bool {
	if e.name != "rt" && e.name != "rp" && e.name != "rtc" {
		return false
	}
	if closes {
		return name == "ruby" || e.name != "rtc" && name == "rtc"
	}
	return name == "rb" || name == "rtc" || e.name != "rtc" && (name == "rt" || name == "rp")
}

// nameOf gives the name of a tag in small letters, and whether it ends the element.
func nameOf(tag string) (name string, closes bool) {
	name, closes = strings.CutPrefix(tag[1:], "/")
	if end := strings.IndexAny(name, " \t\r\n\f/>"); end >= 0 {
		name = name[:end]
	}
	return strings.ToLower(name), closes
}

// unseen are the elements whose contents nobody sees where they stand, those of ruby first.
var unseen = func() map[string]bool {
	m := map[string]bool{}
	for name := range strings.FieldsSeq("rt rp rtc w:rt text:ruby-text script style template noscript datalist audio video canvas object iframe noembed noframes") {
		m[name] = true
	}
	return m
}()

// within are the elements that may stand within a word.
var within = func() map[string]bool {
	m := map[string]bool{}
	for name := range strings.FieldsSeq("a abbr b bdi code data del em font i ins label mark q s small span strong sub sup time u var") {
		m[name] = true
	}
	return m
}()

// hider knows what one text hides.
type hider struct {
	text    string
	guessed bool
	vanish  bool            // a run of DOCX may
	named   *regexp.Regexp  // classes and identifiers, in the tag; nil where there are none
	never   map[string]bool // elements that have no end
}

var (
	// hidden is what an attribute or a style of a tag hides it with.
	hidden = regexp.MustCompile(`(?i)display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?:[^.\d]|$)|opacity\s*:\s*0(?:[^.\d]|$)|\shidden[\s=/>]`)
	sheet  = regexp.MustCompile(`(?i)([^{}<>;]{1,300})\{[^{}]{0,1000}?(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0[^.\d]|opacity\s*:\s*0[^.\d])`)
	chosen = regexp.MustCompile(`[.#]([\w-]+)`)
)

// maxNamed are the classes of a style sheet that are looked for.
const maxNamed = 200

func hiderOf(text string, guessed bool) hider {
	h := hider{text: text, guessed: guessed, vanish: strings.Contains(text, "<w:vanish"), never: map[string]bool{}}
	var names []string
	for _, rule := range sheet.FindAllStringSubmatch(text, maxNamed) {
		for _, name := range chosen.FindAllStringSubmatch(rule[1], -1) {
			names = append(names, regexp.QuoteMeta(name[1]))
		}
	}
	if n := len(names); n > 0 {
		h.named = regexp.MustCompile(`(?i)\s(?:class|id)\s*=[^<>]*?["'\s=](?:` + strings.Join(names[:min(n, maxNamed)], "|") + `)(?:["'\s/>])`)
	}
	return h
}

// hides reports whether a tag opens an element that hides.
func (h hider) hides(name string, closes bool, from, to int) bool {
	if closes || h.never[name] || h.text[to-2] == '/' {
		return false
	}
	tag := h.text[from:to]
	switch {
	case unseen[name]:
		return true
	case name == "w:r":
		return h.vanish && h.vanishes(to)
	case strings.IndexByte(tag, '=') < 0 && !strings.Contains(tag, " "):
		return false
	case hidden.MatchString(tag), h.named != nil && h.named.MatchString(tag):
		return true
	}
	return h.guessed && within[name] && h.between(name, tag, from, to)
}

// vanishes reports whether a run of DOCX is hidden text (ISO/IEC 29500-1, 17.3.2.41).
func (h hider) vanishes(from int) bool {
	end := strings.Index(h.text[from:], "</w:r>")
	if end < 0 {
		return false
	}
	run := h.text[from : from+end]
	at := strings.Index(run, "<w:vanish")
	return at >= 0 && !strings.Contains(run[at:at+max(0, strings.IndexByte(run[at:], '>'))], `"0"`) &&
		!strings.Contains(run[at:at+max(0, strings.IndexByte(run[at:], '>'))], `"false"`)
}

// guess bounds, in bytes, what may be hidden between two digits.
const guess = 64

// between reports whether an element with a class, without others in it, stands between two digits.
func (h hider) between(name, tag string, from, to int) bool {
	if from == 0 || !isDigit(h.text[from-1]) || !strings.Contains(tag, "class") && !strings.Contains(tag, "id") {
		return false
	}
	size := strings.IndexByte(h.text[to:min(len(h.text), to+guess)], '<')
	if size < 0 {
		return false
	}
	last := strings.ToLower(h.text[to+size : min(len(h.text), to+size+len(name)+3)])
	end := to + size + len(last)
	return last == "</"+name+">" && end < len(h.text) && isDigit(h.text[end])
}

// hiding is what a text has in which anything may be hidden.
var hiding = regexp.MustCompile(`(?i)<(?:w:)?r[tp]\b|<rtc\b|ruby-text|<(?:script|style|template|noscript|datalist|audio|video|canvas|object|iframe|noembed|noframes)\b|` +
	`display\s*:|visibility\s*:|font-size\s*:\s*0|opacity\s*:|\shidden[\s=/>]|w:vanish|\d<[a-z]+\s`)

// ruby is the first tag of an annotation, and rubyEnd where it ends at the latest: the last tag may be left out.
var (
	ruby    = regexp.MustCompile(`(?i)<(?:rt|w:rt|text:ruby-text)\b[^>]*>`)
	rubyEnd = regexp.MustCompile(`(?i)</?(?:rt|rp|rb|rtc|ruby|w:rt|text:ruby-text)\b`)
)

// annotations leaves nothing but what is written beside the text: a value may stand there, a character at each.
func annotations(of *reading) *reading {
	w, done := writer{of: of}, 0
	for {
		m := ruby.FindStringIndex(of.text[done:])
		if m == nil {
			break
		}
		w.put(done, done+m[1], "", true)
		done += m[1]
		end := rubyEnd.FindStringIndex(of.text[done:])
		if end == nil {
			return untag(w.reading(), false)
		}
		done += end[0]
	}
	w.put(done, len(of.text), "", true)
	return untag(w.reading(), false)
}
