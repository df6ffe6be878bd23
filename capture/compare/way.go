package compare

import (
	"slices"
	"strings"

	"yuzheng/casefile/evidence"
)

// Way is by what a site presumably tells its visitors apart.
type Way string

// The ways.
const (
	byUserAgent Way = "user-agent" // by what browser they have; client hints, screen and touch go with it
	byReferrer  Way = "referrer"   // by where they come from
	byBoth      Way = "both"       // each of the two alone makes a difference
	byUnknown   Way = "unknown"    // not known: no pair of views differs in one of them alone, or the same visitor got different things, too
)

// wayReason is a pair of views that was suspicious, and in which the visitors differ.
type wayReason struct {
	A      int     `json:"a"` // indices into Cloaking.Views
	B      int     `json:"b"`
	Traits []Trait `json:"traits"` // in which they differ
}

// Trait is something that a server reads in a request.
type Trait string

// The traits.
const (
	traitUserAgent Trait = "user-agent"
	traitReferrer  Trait = "referrer"
	traitLanguage  Trait = "language"
)

// way concludes from pairs that differ in one of user agent and referrer alone, as the requests for the main document had them. That a pair which
// differs in both shows different things says nothing about which of the two it was. A site that shows the same visitor different things tells
// visitors apart by something else as well, by chance or by how often they came: then nothing is presumed.
func way(list []*reading, pairs []viewPair) (Way, []wayReason) {
	reasons := []wayReason{}
	var agent, referrer, neither bool
	for _, p := range pairs {
		if p.Conclusion != cloakingSuspected {
			continue
		}
		traits := differing(list[p.A], list[p.B])
		reasons = append(reasons, wayReason{p.A, p.B, traits})
		agentDiffers, referrerDiffers := slices.Contains(traits, traitUserAgent), slices.Contains(traits, traitReferrer)
		switch {
		case agentDiffers && !referrerDiffers:
			agent = true
		case referrerDiffers && !agentDiffers:
			referrer = true
		case !agentDiffers:
			neither = true
		}
	}
	switch {
	case neither || !agent && !referrer:
		return byUnknown, reasons
	case agent && referrer:
		return byBoth, reasons
	case agent:
		return byUserAgent, reasons
	}
	return byReferrer, reasons
}

// visitor is what a request says of who asks.
type visitor struct{ agent, referrer, language string }

// usual is what the views stand for. It takes the place of requests that were not recorded.
var usual = map[evidence.Persona]visitor{
	evidence.Desktop:  {"desktop", "", "tw"},
	evidence.Mobile:   {"phone", "", "tw"},
	evidence.Ad:       {"phone", "facebook", "tw"},
	evidence.Line:     {"line", "", "tw"},
	evidence.Facebook: {"facebook", "facebook", "tw"},
	evidence.Crawler:  {"robot", "", "us"},
}

func differing(a, b *reading) []Trait {
	x, ok1 := a.visitor()
	y, ok2 := b.visitor()
	if !ok1 || !ok2 {
		x, y = usual[a.side.Result.View], usual[b.side.Result.View]
	}
	list := []Trait{}
	if x.agent != y.agent {
		list = append(list, traitUserAgent)
	}
	if x.referrer != y.referrer {
		list = append(list, traitReferrer)
	}
	if x.language != y.language {
		list = append(list, traitLanguage)
	}
	return list
}

// visitor reads the request for the main document; ok is false where it has no user agent, so that it was not recorded.
func (r *reading) visitor() (v visitor, ok bool) {
	e := r.traffic.main(r.side.Result.URL)
	if e == nil {
		return v, false
	}
	for _, h := range e.headers {
		switch strings.ToLower(h.Name) {
		case "user-agent":
			v.agent = h.Value
		case "referer":
			v.referrer = h.Value
		case "accept-language":
			v.language = h.Value
		}
	}
	return v, v.agent != ""
}
