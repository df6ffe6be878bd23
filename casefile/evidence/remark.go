package evidence

import (
	"fmt"
	"strconv"
	"strings"
)

// Remark is one thing that a recorder says of a capture: what a reader must be warned of, or why something is missing. It is a code, and what stands
// in the places of its sentence, in their order. The sentence in English is stored beside it; every other one is made of the code (SCHEMA.md, *Remarks*).
// A Remark without a code says nothing.
type Remark struct {
	Code RemarkCode `json:"code,omitempty"`
	Args []string   `json:"args,omitempty"`
}

// RemarkCode names what is remarked. Values are only ever added, never renamed or given other places: they stand in sealed exhibits.
type RemarkCode string

// Raw is what the browser, the system or a server said in words of its own, which stand in its one place.
const Raw RemarkCode = "raw"

// With fills the places of a code's sentence. Numbers are written without a fraction, all else as fmt writes it.
func (c RemarkCode) With(args ...any) Remark {
	r := Remark{Code: c}
	for _, a := range args {
		if n, ok := a.(float64); ok {
			a = strconv.FormatFloat(n, 'f', 0, 64)
		}
		r.Args = append(r.Args, fmt.Sprint(a))
	}
	return r
}

// Said is what err says: a sentence of a code that has no places is that code's, all else is Raw. Nil says nothing.
func Said(err error) Remark {
	if err == nil {
		return Remark{}
	}
	return SaidAs(err.Error())
}

// SaidAs is Said for a text. An empty one says nothing.
func SaidAs(text string) Remark {
	if text == "" {
		return Remark{}
	}
	for _, c := range RemarkCodes {
		if text == sentences[c] && len(Places(c)) == 0 {
			return c.With()
		}
	}
	return Raw.With(text)
}

// Silent reports whether r says nothing.
func (r Remark) Silent() bool { return r.Code == "" }

// Same reports whether two remarks say the same.
func (r Remark) Same(other Remark) bool { return r.Code == other.Code && r.String() == other.String() }

// String is the sentence in English. It is empty for a code that this build does not know.
func (r Remark) String() string {
	places := make([]string, 0, 2*len(r.Args))
	for i, name := range Places(r.Code) {
		if i < len(r.Args) {
			places = append(places, "{"+name+"}", r.Args[i])
		}
	}
	return strings.NewReplacer(places...).Replace(sentences[r.Code])
}

// Changed is r with every one of its Args changed.
func (r Remark) Changed(change func(arg string) string) Remark {
	args := make([]string, len(r.Args))
	for i, a := range r.Args {
		args[i] = change(a)
	}
	return Remark{r.Code, args}
}

// Sentence is that of a code in English, with {name} for its places; empty for a code that this build does not know.
func Sentence(c RemarkCode) string { return sentences[c] }

// Places are the names of those of a code's sentence, in the order of a Remark's Args.
func Places(c RemarkCode) (names []string) {
	for rest := sentences[c]; ; {
		_, after, ok := strings.Cut(rest, "{")
		name, tail, closed := strings.Cut(after, "}")
		if !ok || !closed {
			return names
		}
		names, rest = append(names, name), tail
	}
}
