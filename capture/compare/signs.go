package compare

import "slices"

// Sign is one thing that speaks for a conclusion, with what was measured.
type Sign struct {
	Code    SignCode `json:"code"`
	Toward  Toward   `json:"toward"`
	Points  int      `json:"points"`            // towards suspect; 0 for what is told but proves nothing
	Measure *measure `json:"measure,omitempty"` // where something was measured
	A       string   `json:"a,omitempty"`       // what each side has, where it is a word
	B       string   `json:"b,omitempty"`
}

// measure is what was measured, and the bound that it is beyond.
type measure struct {
	Value float64 `json:"value"`
	Limit float64 `json:"limit"`
}

// Toward says what a sign speaks for.
type Toward string

// The directions.
const (
	towardCloaking Toward = "cloaking" // the visitors were shown different things
	towardHands    Toward = "hands"    // somebody else holds the name
	towardGone     Toward = "gone"     // the site is no longer there
	towardChange   Toward = "change"   // the page, or what is behind it, changed
)

// SignCode names a sign.
type SignCode string

// The signs of content.
const (
	signOtherText    SignCode = "other-text"    // the words are another page's
	signHalfText     SignCode = "half-text"     // half of the words differ
	signOtherSource  SignCode = "other-source"  // the document is another one, markup and all
	signOtherCode    SignCode = "other-code"    // scripts and style sheets are another site's
	signOtherTitle   SignCode = "other-title"   // a and b have them
	signOtherPicture SignCode = "other-picture" // windows of one size look different
	signOneContact   SignCode = "one-contact"   // an account, number or wallet that only one side shows; a or b has the first
	signOneDownload  SignCode = "one-download"  // a file that only one side was given, beside the page or instead of one; a or b has the first
	signOtherSite    SignCode = "other-site"    // one was led to another site; a and b have them
	signOneRefused   SignCode = "one-refused"   // one was answered that there is nothing for it, the other got a page; a and b have the status
)

// basis is what the judgement of content can rest on.
type basis int

const (
	nothing basis = iota // neither text nor picture of both sides
	pixels               // there are (too) few words: what counts is how it looks and what it is made of
	wording              // the words decide
)

// contentPoints are the points of each sign by what the judgement rests on.
//
// Where there are enough words and most of them are the same, it is the same page whatever else differs (all other signs together make 55): a
// site made for phones may have another markup, other scripts and another look. Where half of them are the same, three of the other signs are
// needed beside it: a site with an edition for phones has other markup and other scripts, but its title and, in windows of one size, its look stay.
// Without words the look must be another and one thing more, since a banner that turns, or a film, fills a window with something else each time; or
// document, code and title. A contact or a file that one visitor alone gets is told and adds to others: shops, too, offer their app to phones only.
var contentPoints = map[SignCode]map[basis]int{
	signOtherText:    {wording: 60},
	signHalfText:     {wording: 30},
	signOtherSource:  {pixels: 30, wording: 10},
	signOtherCode:    {pixels: 20, wording: 10},
	signOtherTitle:   {pixels: 20, wording: 10},
	signOtherPicture: {pixels: 40, wording: 10},
	signOneContact:   {pixels: 20, wording: 5},
	signOneDownload:  {pixels: 20, wording: 10},
}

// content lists the signs that the sides hold different contents. They sum up to suspect or more where those are two pages rather than one.
func content(d Difference) []Sign {
	on := basisOf(d)
	var list []Sign
	add := func(s Sign) {
		s.Toward, s.Points = towardCloaking, contentPoints[s.Code][on]
		list = append(list, s)
	}
	if on == wording && d.Text.Steady < otherText {
		add(Sign{Code: signOtherText, Measure: &measure{d.Text.Steady, otherText}})
	} else if on == wording && d.Text.Steady < mostText {
		add(Sign{Code: signHalfText, Measure: &measure{d.Text.Steady, mostText}})
	}
	if s := d.Source; s != nil && max(s.Words.A, s.Words.B) >= fewWords && s.Steady < otherSource {
		add(Sign{Code: signOtherSource, Measure: &measure{s.Steady, otherSource}})
	}
	if n := d.Network; n != nil && n.Code.All >= leastCode && n.Code.share() < otherCode {
		add(Sign{Code: signOtherCode, Measure: &measure{n.Code.share(), otherCode}})
	}
	if d.Page.TitleSteady < otherTitle {
		add(Sign{Code: signOtherTitle, Measure: &measure{d.Page.TitleSteady, otherTitle}, A: d.Page.Title.A, B: d.Page.Title.B})
	}
	if m := d.Viewport.other(); m != nil {
		add(Sign{Code: signOtherPicture, Measure: m})
	}
	for _, s := range lonely(d) {
		add(s)
	}
	return list
}

// basisOf is what a judgement can rest on.
func basisOf(d Difference) basis {
	switch {
	case d.Text != nil && max(d.Text.Words.A, d.Text.Words.B) >= fewWords:
		return wording
	case d.Text != nil || d.Viewport != nil && d.Viewport.Size.A == d.Viewport.Size.B:
		return pixels
	}
	return nothing
}

// other measures how different two windows of one size look; nil if they do not, or cannot be compared. A blank one beside one that is not counts
// as much as two of no relation.
func (p *Picture) other() *measure {
	switch {
	case p == nil || p.Size.A != p.Size.B:
		return nil
	case p.Blank.A != p.Blank.B:
		return &measure{32, otherPicture}
	case p.Distance != nil && *p.Distance >= otherPicture:
		return &measure{float64(*p.Distance), otherPicture}
	}
	return nil
}

// lonely lists contacts and files where one side has some of a kind, and the other side none at all: one that was exchanged is no sign.
func lonely(d Difference) []Sign {
	var list []Sign
	if d.Text != nil {
		if removed, added, ok := lonelyContact(d.Text.Identifiers); ok {
			list = append(list, Sign{Code: signOneContact, A: removed, B: added})
		}
	}
	if f := d.Downloads; d.Text != nil && (f.Removed.Total == 0) != (f.Added.Total == 0) {
		s := Sign{Code: signOneDownload}
		if f.Removed.Total > 0 {
			s.A = f.Removed.List[0].Name
		} else {
			s.B = f.Added.List[0].Name
		}
		list = append(list, s)
	}
	return list
}

func head(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

func points(list []Sign) int {
	n := 0
	for _, s := range list {
		n += s.Points
	}
	return n
}

// percent is how different the sides are, 0 to 100: by their words where there are enough, else by what part of a window of the same size
// differs; nil where neither can be said.
func percent(d Difference) *int {
	var p int
	switch on := basisOf(d); {
	case on == wording:
		p = percentOf(1 - d.Text.Steady)
	case on == pixels && d.Viewport != nil && d.Viewport.Size.A == d.Viewport.Size.B && d.Viewport.Blocks != nil:
		p = percentOf(d.Viewport.Blocks.Share)
	case on == pixels && d.Text != nil:
		p = percentOf(1 - d.Text.Steady)
	default:
		return nil
	}
	return &p
}

// someAt is a percentage that is not 0 where anything of the page changed beyond what a clock or a counter brings about.
func someAt(p *int, signs []Sign) *int {
	if p != nil && *p == 0 && slices.ContainsFunc(signs, func(s Sign) bool { return s.Toward == towardChange }) {
		*p = 1
	}
	return p
}

// percentOf rounds to the nearest, but to 0 and 100 only what is so.
func percentOf(share float64) int {
	switch p := int(share*100 + 0.5); {
	case p == 0 && share > 0:
		return 1
	case p == 100 && share < 1:
		return 99
	default:
		return p
	}
}
