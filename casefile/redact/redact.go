// Package redact makes copies of evidence in which personal data is masked, for those who may not have it. It is pure: bytes come in, bytes go
// out, and it holds nothing but the values that it has found.
//
// What is masked: identity numbers (身分證, 居留證 of both forms, by their checksum), telephones of Taiwan, accounts of banks, numbers of cards
// (Luhn), mail addresses, and the words and regular expressions that a person gives. In the place of each stands its kind and four squares,
// 「[電話]■■■■」, whatever its length was. Hashes go too (see hashes.go): of a text in which nine digits are unknown a hash tells them within
// minutes.
//
// # What is found
//
// A text is read in several ways, and what any of them shows is masked where it stands (see reading.go): as it is; with percent-encoding (RFC 3986),
// character references of HTML and escapes of JSON, JavaScript and style sheets undone, up to three deep; with its tags taken out, as a browser
// and as a simpler reader takes them; with each character in compatibility form (NFKC), digits of any script as ASCII, and without what cannot be
// seen; what marks and elements show backwards is read backwards. Between the digits of a number of any kind may stand the marks of marks.go. Behind a
// word for a telephone or an account, the name of a bank, or under such a heading of a table, shorter numbers are found too (see named.go). Base64 is
// unpacked. Markup is read without what nobody sees and without the readings of ruby too (see visible.go). What was found once is looked for in all parts of the exhibit, also inside longer numbers, across white space and
// marks of any length, and backwards; a word over points, strokes and symbols between its characters, and with radicals in their place.
//
// # What is not found
//
// Names that nobody gave, or gave in other characters (陳, 陈) or in letters of another script that look alike; what a style sheet that lies elsewhere
// hides between characters that are no digits; numbers in words (零九一二); what is spelled ("a at b"), cut in two by a program or by a
// style sheet that puts the halves beside each other, encrypted, or hashed; names in another charset within an address (%A4%FD); what a drawing
// within a page, a program or a font of the page shows. A number inside 24 and more letters and digits without a mark between them, as in a key or a
// hash, unless it was found elsewhere.
//
// # What is left out
//
// What cannot be masked for certain is not in the copy: see Reason. A text in Big5 or GBK, as its media type or its beginning says, is read as that and
// stays in it; one in any other charset but UTF-8 is left out. A picture is left out unless the person has looked at it and says where to
// cover it (Rules.Pictures, which may be nowhere). A PDF is left out always: what it shows need not be in its text, and nothing here draws it.
package redact

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"yuzheng/casefile/evidence"
)

// The bounds of one piece, in bytes. A text takes some thirty times its size while it is read, and two seconds a MiB.
const (
	MaxPiece = 64 << 20
	maxText  = 8 << 20
)

// The bounds of rules and of what is remembered.
const (
	maxRules       = 1 << 20 // bytes
	maxWords       = 10_000
	maxExpressions = 100
	maxValues      = 20_000
)

// ErrRules says that rules cannot be used.
var ErrRules = errors.New("rules of redaction")

// ErrValues says that an exhibit has more values than are remembered.
var ErrValues = errors.New("more personal data than can be remembered")

// ParseRules reads rules (SCHEMA.md, record redaction) as a person wrote them. An error is an ErrRules.
func ParseRules(r io.Reader) (evidence.RedactionRules, error) {
	var rules evidence.RedactionRules
	data, err := io.ReadAll(io.LimitReader(r, maxRules+1))
	if err != nil {
		return rules, fmt.Errorf("%w: %w", ErrRules, err)
	}
	if len(data) > maxRules {
		return rules, fmt.Errorf("%w: more than %d bytes", ErrRules, maxRules)
	}
	dec := json.NewDecoder(strings.NewReader(strings.TrimPrefix(string(data), "\ufeff")))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&rules); err != nil {
		return rules, fmt.Errorf("%w: %w", ErrRules, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return rules, fmt.Errorf("%w: something stands behind them", ErrRules)
	}
	_, err = New(rules)
	return rules, err
}

// Redactor masks the parts of one exhibit, one after the other. Mask all of them twice: the first time tells the values that all are searched
// for. It must not be used by several goroutines.
type Redactor struct {
	kinds       map[evidence.RedactionKind]bool
	expressions []*regexp.Regexp
	pictures    map[string][]evidence.RedactionBox
	leaveOut    []string
	values      map[string]evidence.RedactionKind // as plain and numbers write them
	needles     map[bool]needles                  // the same, to be looked for; true are numbers
	depth       int                               // of archives in archives
	outside     *OutsideError                     // the first box that lies in no picture
}

// needle is a value that is looked for.
type needle struct {
	text string
	kind evidence.RedactionKind
}

// New makes a Redactor of rules. An error is an ErrRules.
func New(rules evidence.RedactionRules) (*Redactor, error) {
	r := &Redactor{kinds: map[evidence.RedactionKind]bool{}, pictures: rules.Pictures, leaveOut: rules.LeaveOut, values: map[string]evidence.RedactionKind{}}
	kinds := rules.Kinds
	if kinds == nil {
		kinds = evidence.RedactionBuiltIn
	}
	for _, k := range kinds {
		if !slices.Contains(evidence.RedactionBuiltIn, k) {
			return nil, fmt.Errorf("%w: no kind %q", ErrRules, k)
		}
		r.kinds[k] = true
	}
	if len(rules.Words) > maxWords || len(rules.Expressions) > maxExpressions {
		return nil, fmt.Errorf("%w: more than %d words or %d expressions", ErrRules, maxWords, maxExpressions)
	}
	for _, w := range rules.Words {
		if utf8.RuneCountInString(plain(w)) < 2 {
			return nil, fmt.Errorf("%w: %q: a word has two characters at least", ErrRules, w)
		}
		if strings.Contains(plain(allMasks), plain(w)) {
			return nil, fmt.Errorf("%w: %q stands in the masks themselves", ErrRules, w)
		}
		r.values[core(evidence.RedactWord, fold(&reading{text: w}).text)] = evidence.RedactWord
	}
	for _, text := range rules.Expressions {
		e, err := regexp.Compile("(?i:" + text + ")")
		if err != nil || e.MatchString("") || e.MatchString(allMasks) {
			return nil, fmt.Errorf("%w: the expression %q is none, or finds nothing at all or a mask", ErrRules, text)
		}
		r.expressions = append(r.expressions, e)
	}
	for name, boxes := range rules.Pictures {
		for _, b := range boxes {
			if b.X < 0 || b.Y < 0 || b.Width <= 0 || b.Height <= 0 {
				return nil, fmt.Errorf("%w: a box of %s has no area", ErrRules, name)
			}
		}
	}
	r.settle()
	return r, nil
}

// settle makes what was found up to now what is looked for: the longest first, and numbers backwards too.
func (r *Redactor) settle() {
	r.needles = map[bool]needles{false: {}, true: {}}
	for _, text := range slices.SortedFunc(maps.Keys(r.values), func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) }) {
		kind, number := r.values[text], isNumber(text)
		text = squash(text, number)
		if len(text) < 2 {
			continue
		}
		r.needles[number].add(needle{text, kind})
		if back := reversed(text); number && back != text {
			r.needles[number].add(needle{back, kind})
		}
	}
}

// learn remembers a value of a kind, as it was found.
func (r *Redactor) learn(kind evidence.RedactionKind, text string) {
	if text = core(kind, text); utf8.RuneCountInString(text) >= shortest(kind) && len(r.values) <= maxValues {
		r.values[text] = kind
	}
}

// Known settles what the first time over an exhibit has found: from now on it is looked for everywhere. An error is an ErrValues, or an
// *OutsideError: with either the exhibit cannot be masked by these rules.
func (r *Redactor) Known() error {
	if r.outside != nil {
		return r.outside
	}
	if len(r.values) > maxValues {
		return ErrValues
	}
	r.settle()
	return nil
}

// LeavesOut reports whether the rules leave out what has a name.
func (r *Redactor) LeavesOut(name string) bool { return slices.Contains(r.leaveOut, name) }

// Copy is a part of an exhibit as a copy has it.
type Copy struct {
	Data    []byte
	Masked  map[evidence.RedactionKind]int // places, by kind
	Left    []evidence.RedactionLeft       // what is inside, and is not in the copy
	LeftOut evidence.RedactionReason       // not empty: all of it is left out, and why
}

func leaveOut(why evidence.RedactionReason) Copy { return Copy{LeftOut: why} }

// Add counts what is inside, at a place.
func (c *Copy) Add(place string, inner Copy) {
	if c.Masked == nil {
		c.Masked = map[evidence.RedactionKind]int{}
	}
	for k, n := range inner.Masked {
		c.Masked[k] += n
	}
	c.Left = append(c.Left, inner.Left...)
	if inner.LeftOut != "" {
		c.Left = append(c.Left, evidence.RedactionLeft{Place: place, Reason: inner.LeftOut})
	}
}
