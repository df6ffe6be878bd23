// Package compare tells what differs between two captures of one address: asked as several visitors at one time (a site that shows
// each of them something else, "cloaking"), or as the same visitor at two times (a site that has changed, or changed hands).
//
// What comes out is numbers and short codes; whoever shows them finds the words. The same captures give the same result to the byte, and
// the two sides may be given in either order: the result is then the same with its sides exchanged. Both captures are somebody else's page and
// may be hostile: what is read of them is bounded (limits.go), and whatever a bound, an absence or a break took away is in Difference.Lacks.
package compare

import (
	"context"
	"errors"
	"io"
	"time"

	"yuzheng/casefile/evidence"
)

// ErrSides is wrapped by errors about captures that are not such as the question needs: too few of them, of several addresses, of several views.
var ErrSides = errors.New("not captures that can be compared so")

// Side is one capture that takes part.
type Side struct {
	Name   string // what a reader calls it, an exhibit's number for instance; it is handed through
	Result evidence.Summary
	// Open opens an artifact. An error that wraps fs.ErrNotExist says that there is none; so does a Result that lists artifacts, but not this one.
	// Any other error, also one while reading, ends the comparison and is returned: it is the store's, and may say that evidence does not match.
	Open func(name string) (io.ReadCloser, error)
}

// Two holds one thing of each side.
type Two[T any] struct {
	A T `json:"a"`
	B T `json:"b"`
}

// Some is the beginning of a list, up to maxListed, and how long the whole of it is.
type Some[T any] struct {
	Total int `json:"total"`
	List  []T `json:"list"`
}

func some[T any](list []T) Some[T] {
	return Some[T]{Total: len(list), List: append([]T{}, list[:min(len(list), maxListed)]...)}
}

// Subject names a side in a result.
type Subject struct {
	Name    string           `json:"name,omitempty"`
	URL     string           `json:"url"` // as asked for
	View    evidence.Persona `json:"view"`
	Started time.Time        `json:"started"`
}

// Difference is what differs between side A and side B, judged by nobody. A section that is null could not be compared; Lacks says why, or both
// sides have nothing of it. Texts are cut after maxShown characters, which an ellipsis (…) marks.
type Difference struct {
	Sides Two[Subject]    `json:"sides"`
	Lacks []Lack          `json:"lacks"`
	Page  pageDifference  `json:"page"`
	Text  *textDifference `json:"text"`
	// Behind are the identifiers that came and went where no words show them: in the document, in storage, in what was answered.
	Behind       []ChangedOfAKind        `json:"behind"`
	Links        *linkDifference         `json:"links"`
	Codes        *codeDifference         `json:"qr_codes"`
	Source       *Likeness               `json:"source"` // of the main document as received, with its markup
	Viewport     *Picture                `json:"viewport"`
	Screenshot   *Picture                `json:"screenshot"`
	Network      *networkDifference      `json:"network"`
	Downloads    downloadDifference      `json:"downloads"`
	Certificate  *certificateDifference  `json:"certificate"`
	Registration *registrationDifference `json:"registration"`
	DNS          Some[Records]           `json:"dns"`
}

// Lack is something that could not be compared, or not wholly.
type Lack struct {
	Side     string   `json:"side"` // "a" or "b"
	Artifact string   `json:"artifact"`
	Why      LackCode `json:"why"`
}

// LackCode says why.
type LackCode string

// The reasons.
const (
	lackAbsent LackCode = "absent" // the capture has none
	lackBroken LackCode = "broken" // it is not what its name promises, or ends too early; what could be read was compared
	lackCut    LackCode = "cut"    // it is longer than what is considered; its beginning was compared
	lackLarge  LackCode = "large"  // a picture of so many pixels that only its size and hash were compared
)

func difference(ctx context.Context, a, b *reading) (Difference, error) {
	d := Difference{
		Sides: Two[Subject]{a.subject(), b.subject()}, Lacks: append(a.lacksAs("a"), b.lacksAs("b")...),
		Page: pages(a, b), Text: texts(a, b), Source: sources(a, b), Viewport: pictures(a.viewport, b.viewport),
		Network: networks(a, b), Downloads: downloads(a.side.Result.Artifacts, b.side.Result.Artifacts),
		Certificate: certificates(a, b), Registration: registrations(a, b), DNS: records(a, b), Links: links(a, b), Codes: qrCodes(a, b),
	}
	var err error
	if d.Behind, err = behind(ctx, a, b, d); err != nil {
		return Difference{}, err
	}
	d.Lacks = append(a.lacksAs("a"), b.lacksAs("b")...)
	if err := context.Cause(ctx); err != nil {
		return Difference{}, err
	}
	d.Screenshot = pictures(a.screenshot, b.screenshot)
	return d, nil
}

// short is a text as a list shows it.
func short(s string) string {
	n := 0
	for i := range s {
		if n++; n > maxShown {
			return s[:i] + "…"
		}
	}
	return s
}
