package compare

import (
	"context"
	"fmt"
)

// Recapture is what two captures of one address in one view, one after the other, say about the site.
type Recapture struct {
	Conclusion Recaptured `json:"conclusion"`
	// ChangedHands and Gone are told whatever the conclusion: a name that was registered anew may be parked as well.
	ChangedHands bool       `json:"changed_hands"`
	Gone         bool       `json:"gone"`
	Points       pointSums  `json:"points"`
	Signs        []Sign     `json:"signs"`
	Why          []Why      `json:"why"` // why the page could not be compared
	Percent      *int       `json:"percent"`
	Difference   Difference `json:"difference"` // side "a" is the earlier capture
}

// pointSums are the sums of the signs' points by direction.
type pointSums struct {
	Hands  int `json:"hands"`
	Gone   int `json:"gone"`
	Change int `json:"change"`
}

// Recaptured is what a comparison of two times comes to.
type Recaptured string

// The conclusions about two times; the first that holds is told.
//
// Changed hands: signs towards it sum up to suspect, 60. The date of registration moves only when a name has lapsed and somebody has
// registered it (100). A transfer, another registrar or another registrant is enough (60 each). Name servers of which none stayed (35), the
// certificate's key (10: many renew it every 60 days), addresses in no common network (10) and contents (40) are what a holder changes, too;
// so these need the contents to be another's and, beside them, either all name servers or both key and addresses: a move to another provider
// with the same page is none, nor is a new page on the same machines. The contents do not count where the name is parked or the site gone:
// nobody's page is no successor's. A registration counts only if both captures looked up the same domain and the same source answered.
//
// Unchanged: nothing but numbers shorter than an account's and without a word for one before them (clocks, counters), and a picture that differs in
// no more places than lines do. Whatever else changed is a sign towards change (changes.go), and Percent is then not 0.
//
// Gone: no answer, a landing page of stopped resolution, 404 or 410, a parked or withheld name (60 each, and 60 is needed).
const (
	handsSuspected Recaptured = "changed-hands-suspected"
	IsGone         Recaptured = "gone"
	incomparable   Recaptured = "not-comparable" // the page could not be compared; Why has the reason
	Changed        Recaptured = "changed"        // something did beyond numbers: a sign towards it has points
	Unchanged      Recaptured = "unchanged"
)

// Times compares an earlier and a later capture. Host and path asked for and the view must be the same, and before must not have begun after the
// other; ErrSides otherwise. Other errors are ctx's or the store's.
func Times(ctx context.Context, before, after Side) (Recapture, error) {
	a, b := before.Result, after.Result
	switch {
	case place(a.URL) != place(b.URL):
		return Recapture{}, fmt.Errorf("%w: %q and %q are not one address", ErrSides, a.URL, b.URL)
	case a.View != b.View:
		return Recapture{}, fmt.Errorf("%w: views %s and %s", ErrSides, a.View, b.View)
	case a.Started.After(b.Started):
		return Recapture{}, fmt.Errorf("%w: %s began after %s", ErrSides, before.Name, after.Name)
	}
	list, err := readAll(ctx, []Side{before, after})
	if err != nil {
		return Recapture{}, err
	}
	d, err := difference(ctx, list[0], list[1])
	if err != nil {
		return Recapture{}, err
	}
	return recaptured(list[0], list[1], d), nil
}

func recaptured(a, b *reading, d Difference) Recapture {
	r := Recapture{Difference: d, Why: whys(a, b, d), Signs: gone(a, b, d)}
	r.Gone = points(r.Signs) >= suspect
	contents := 0
	if len(r.Why) == 0 {
		changes := pageChanges(d)
		r.Percent = someAt(percent(d), changes)
		r.Signs = append(r.Signs, changes...)
		signs := content(d)
		if !r.Gone {
			contents = points(signs)
		}
		for _, s := range signs {
			s.Toward, s.Points = towardChange, 0 // why the contents are another's; the changes have been counted
			r.Signs = append(r.Signs, s)
		}
	}
	r.Signs = append(r.Signs, networkChanges(a, b, d)...)
	r.Signs = append(r.Signs, hands(a, b, d, contents)...)
	r.Points = sum(r.Signs)
	r.ChangedHands = r.Points.Hands >= suspect
	switch {
	case r.ChangedHands:
		r.Conclusion = handsSuspected
	case r.Gone:
		r.Conclusion = IsGone
	case len(r.Why) > 0:
		r.Conclusion = incomparable
	case r.Points.Change > 0:
		r.Conclusion = Changed
	default:
		r.Conclusion = Unchanged
	}
	return r
}

func sum(list []Sign) pointSums {
	var p pointSums
	for _, s := range list {
		switch s.Toward {
		case towardHands:
			p.Hands += s.Points
		case towardGone:
			p.Gone += s.Points
		case towardChange:
			p.Change += s.Points
		}
	}
	return p
}
