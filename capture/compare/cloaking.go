package compare

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"

	"yuzheng/casefile/evidence"
)

// Cloaking is what several views of one address, taken at about the same time, say about each other.
type Cloaking struct {
	Conclusion Conclusion  `json:"conclusion"`
	Percent    *int        `json:"percent"`       // the greatest of the pairs that the conclusion rests on; null where none could be measured
	Way        Way         `json:"way,omitempty"` // presumed; only beside cloakingSuspected
	WayReasons []wayReason `json:"way_reasons"`
	Views      []view      `json:"views"` // in the order of evidence.Personas, then of time and name
	Pairs      []viewPair  `json:"pairs"` // each with each
	Compared   int         `json:"compared"`
}

// view is one of them, by itself.
type view struct {
	Subject
	Status     int              `json:"status"`
	Verdict    evidence.Verdict `json:"verdict"`
	FinalURL   string           `json:"final_url"`
	Title      string           `json:"title"`
	Characters *int             `json:"characters"`    // of its text, without space; null where there is none
	Why        WhyCode          `json:"why,omitempty"` // why it cannot speak for the site
}

func (r *reading) view() view {
	s := r.side.Result
	v := view{
		Subject: r.subject(), Status: s.Status, Verdict: s.Verdict, FinalURL: short(s.FinalURL), Title: short(s.Title), Why: r.state,
	}
	if r.text != nil {
		v.Characters = &r.characters
	}
	return v
}

// Conclusion is what a comparison comes to.
type Conclusion string

// The conclusions about views. One of a pair is reached by the points of its signs (see suspect); that of all is the gravest of those pairs that
// can be compared, so that Same and minor say nothing of a view that cannot: see Pairs.
const (
	Same              Conclusion = "same"               // the same words and numbers, pictures, links, and what else is compared
	minor             Conclusion = "minor"              // differences as a site made for several kinds of visitors has them, or as time brings
	cloakingSuspected Conclusion = "cloaking-suspected" // visitors were shown different things
	notComparable     Conclusion = "not-comparable"     // nothing can be said, and Why has the reason
)

// viewPair is two views beside each other.
type viewPair struct {
	A          int        `json:"a"` // index into Cloaking.Views; side "a" of the difference
	B          int        `json:"b"`
	Conclusion Conclusion `json:"conclusion"`
	Percent    *int       `json:"percent"`
	Signs      []Sign     `json:"signs"`
	Why        []Why      `json:"why"` // why not everything, or nothing, could be judged
	Difference Difference `json:"difference"`
}

// Views compares captures of one address, as several visitors or repeatedly as one. Host and path asked for must be the same (a click's number in
// the query may differ); ErrSides otherwise, and for fewer than two. The order of the sides has no influence. Other errors are ctx's or the store's.
func Views(ctx context.Context, sides []Side) (Cloaking, error) {
	if len(sides) < 2 {
		return Cloaking{}, fmt.Errorf("%w: %d views", ErrSides, len(sides))
	}
	for _, s := range sides[1:] {
		if place(s.Result.URL) != place(sides[0].Result.URL) {
			return Cloaking{}, fmt.Errorf("%w: %q and %q are not one address", ErrSides, sides[0].Result.URL, s.Result.URL)
		}
	}
	sides = slices.SortedStableFunc(slices.Values(sides), ordered)
	list, err := readAll(ctx, sides)
	if err != nil {
		return Cloaking{}, err
	}
	c := Cloaking{Conclusion: notComparable, WayReasons: []wayReason{}}
	for i, a := range list {
		c.Views = append(c.Views, a.view())
		for j, b := range list[i+1:] {
			d, err := difference(ctx, a, b)
			if err != nil {
				return Cloaking{}, err
			}
			p := judge(a, b, d)
			p.A, p.B = i, i+1+j
			c.Pairs = append(c.Pairs, p)
		}
	}
	c.conclude()
	if c.Conclusion == cloakingSuspected {
		c.Way, c.WayReasons = way(list, c.Pairs)
	}
	return c, nil
}

func ordered(a, b Side) int {
	rank := func(v evidence.Persona) int {
		if i := slices.Index(evidence.Personas, v); i >= 0 {
			return i
		}
		return len(evidence.Personas)
	}
	x, y := a.Result, b.Result
	return cmp.Or(rank(x.View)-rank(y.View), cmp.Compare(x.View, y.View), x.Started.Compare(y.Started), cmp.Compare(a.Name, b.Name))
}

var gravity = []Conclusion{notComparable, Same, minor, cloakingSuspected}

func (c *Cloaking) conclude() {
	for _, p := range c.Pairs {
		if p.Conclusion != notComparable {
			c.Compared++
		}
		if slices.Index(gravity, p.Conclusion) > slices.Index(gravity, c.Conclusion) {
			c.Conclusion = p.Conclusion
		}
	}
	for _, p := range c.Pairs {
		if p.Conclusion == c.Conclusion && p.Percent != nil && (c.Percent == nil || *p.Percent > *c.Percent) {
			c.Percent = p.Percent
		}
	}
}

// judge weighs what differs between two views.
func judge(a, b *reading, d Difference) viewPair {
	p := viewPair{Difference: d, Why: whys(a, b, d), Signs: []Sign{}, Conclusion: notComparable}
	if a.side.Result.Started.Sub(b.side.Result.Started).Abs() > maxApart {
		p.Why = append(p.Why, Why{Code: whyApart})
		return p
	}
	p.Signs = append(p.Signs, turned(a, b, d)...)
	if len(p.Why) == 0 {
		p.Signs = append(p.Signs, translated(a, b, d, content(d))...)
	}
	if len(p.Why) == 0 && len(p.Signs) == 0 {
		for _, s := range pageChanges(d) {
			s.Points = 0 // nothing suspicious, and still not the same
			p.Signs = append(p.Signs, s)
		}
	}
	switch {
	case points(p.Signs) >= suspect:
		p.Conclusion = cloakingSuspected
	case len(p.Why) > 0:
		return p
	case alikeEnough(d) && len(p.Signs) == 0:
		p.Conclusion = Same
	default:
		p.Conclusion = minor
	}
	if len(p.Why) == 0 || d.Text != nil {
		p.Percent = someAt(percent(d), p.Signs)
	}
	return p
}

func whys(a, b *reading, d Difference) []Why {
	list := []Why{}
	if a.state != "" {
		list = append(list, Why{"a", a.state})
	}
	if b.state != "" {
		list = append(list, Why{"b", b.state})
	}
	if len(list) == 0 && basisOf(d) == nothing {
		list = append(list, Why{Code: whyNothing})
	}
	return list
}

// turned lists the signs that hold even where one view did not get as far as a page: it was led elsewhere, turned away, or given a file instead.
func turned(a, b *reading, d Difference) []Sign {
	var list []Sign
	p := d.Page
	if a.tellsWay() && b.tellsWay() && p.Site.A != "" && p.Site.B != "" && !p.SameSite {
		list = append(list, Sign{Code: signOtherSite, Toward: towardCloaking, Points: 60, A: p.Site.A, B: p.Site.B})
	}
	if a.turnedAway() && b.cameThrough() || b.turnedAway() && a.cameThrough() {
		s := Sign{Code: signOneRefused, Toward: towardCloaking, Points: 60, A: strconv.Itoa(p.Status.A), B: strconv.Itoa(p.Status.B)}
		if robotForbidden(a) || robotForbidden(b) {
			s.Points = 30
		}
		list = append(list, s)
	}
	if a.gotFile() && b.text != nil && b.cameThrough() || b.gotFile() && a.text != nil && a.cameThrough() {
		s := Sign{Code: signOneDownload, Toward: towardCloaking, Points: 60}
		for _, f := range d.Downloads.Removed.List[:min(1, d.Downloads.Removed.Total)] {
			s.A = f.Name
		}
		for _, f := range d.Downloads.Added.List[:min(1, d.Downloads.Added.Total)] {
			s.B = f.Name
		}
		list = append(list, s)
	}
	return list
}

// robotForbidden is for the many sites that forbid everybody who says that he is Google's robot and does not come from Google.
func robotForbidden(r *reading) bool {
	return r.side.Result.View == evidence.Crawler && r.turnedAway() && r.side.Result.Status == 403
}

// translated halves the weight of other words where the visitors asked for different languages and got different scripts: a site with an English
// edition is no more than that, unless document, code and title are another's as well.
func translated(a, b *reading, d Difference, list []Sign) []Sign {
	if d.Text == nil || !slices.Contains(differing(a, b), traitLanguage) || math.Abs(d.Text.Unspaced.A-d.Text.Unspaced.B) < 0.5 {
		return list
	}
	for i, s := range list {
		if s.Code == signOtherText {
			list[i].Points = contentPoints[signHalfText][wording]
		}
	}
	return list
}

// alikeEnough reports whether the sides show the same: the same words and numbers where there are words, and in windows of one size nearly the same
// picture. A clock is enough of a difference to be a minor one.
func alikeEnough(d Difference) bool {
	if d.Text != nil && d.Text.Removed.Total+d.Text.Added.Total > 0 || d.Page.Status.A != d.Page.Status.B {
		return false
	}
	p := d.Viewport
	return p == nil || p.Distance == nil || p.Size.A != p.Size.B || *p.Distance <= samePicture
}
