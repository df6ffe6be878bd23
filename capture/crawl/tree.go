package crawl

import "yuzheng/casefile/evidence"

// Tree is what a crawl came to. Its JSON form is kept with the exhibits.
type Tree struct {
	Schema int `json:"schema"`

	Options Options `json:"options"`
	Within  string  `json:"within"` // the domain, host or host and path that the scope came to
	Nodes   []Node  `json:"nodes"`  // in the order in which they were asked
	Found   []Found `json:"found"`  // not followed, in the order in which that was decided
	Limits  []Limit `json:"limits"` // that were reached
	Ended   Ending  `json:"ended"`
	Cause   string  `json:"cause,omitempty"` // of an end before the end
}

// Exhibits gives the exhibit of each address that was asked, for Resume.
func (t Tree) Exhibits() map[string]string {
	out := make(map[string]string, len(t.Nodes))
	for _, n := range t.Nodes {
		out[n.URL] = n.Exhibit
	}
	return out
}

// Node is one address that was asked.
type Node struct {
	N         int              `json:"n"` // from 1
	Kind      Kind             `json:"kind"`
	URL       string           `json:"url"` // as asked
	FinalURL  string           `json:"final_url"`
	Parent    int              `json:"parent,omitempty"` // the node on which it was found first; 0 is the operator's word
	Depth     int              `json:"depth"`
	How       How              `json:"how"`
	Where     string           `json:"where,omitempty"` // the element and attribute, script or picture
	Text      string           `json:"text,omitempty"`  // what the link said
	Exhibit   string           `json:"exhibit"`
	Status    int              `json:"status"`
	MediaType string           `json:"media_type,omitempty"`
	Title     string           `json:"title,omitempty"`
	Verdict   evidence.Verdict `json:"verdict"`
	Robots    Robots           `json:"robots,omitzero"` // of pages
	Links     int              `json:"links"`           // addresses on it that were looked at
	Same      int              `json:"same,omitempty"`  // the node at whose address this one ended too; its links were not looked at again
}

// Kind says what an address was asked for.
type Kind string

// The kinds.
const (
	KindPage    Kind = "page"
	KindRobots  Kind = "robots"
	KindSitemap Kind = "sitemap"
)

// How says in which way an address was found.
type How string

// The ways.
const (
	Start       How = "start"    // the operator named it
	InLink      How = "link"     // an element of the document
	InScript    How = "script"   // quoted in a script or in an element's own
	InCode      How = "qr"       // a code in a picture
	ByRedirect  How = "redirect" // a page led there, or would have
	InRobots    How = "robots"   // a line of robots.txt
	InSitemap   How = "sitemap"  // an entry of a sitemap
	UsualPlaces How = "usual"    // where robots.txt and a sitemap lie if nobody says otherwise
)

// Found is one address that was found and not asked.
type Found struct {
	URL    string `json:"url"` // absolute; as it stands where it is no address of the web, cut where it is too long
	Page   int    `json:"page"`
	Depth  int    `json:"depth"`
	How    How    `json:"how"`
	Where  string `json:"where,omitempty"`
	Text   string `json:"text,omitempty"`
	Reason Reason `json:"reason"`
	Detail string `json:"detail,omitempty"` // the word, pattern, scheme or line that gave the reason
	Same   int    `json:"same,omitempty"`   // the node that is the same page
}

// Reason says why an address was not asked.
type Reason string

// The reasons. Where several hold, the one that stands first here is given.
const (
	TooLong     Reason = "too_long"
	Malformed   Reason = "malformed"    // no browser would take it
	OtherScheme Reason = "scheme"       // not of the web: mailto, tel, javascript, an app's own
	Same        Reason = "same"         // another spelling of an address that was found before, or where a node has ended
	Invitation  Reason = "invitation"   // adds somebody to a chat, and may tell the other side
	OutOfScope  Reason = "out_of_scope" // where the site leads
	File        Reason = "file"         // a browser would save it
	StateChange Reason = "state_change" // by its words it logs out, deletes, unsubscribes or buys
	Skipped     Reason = "skip"         // the operator's pattern
	Form        Reason = "form"         // where a form sends what is filled in
	Interface   Reason = "interface"    // stands in a script and is for programs
	Endless     Reason = "endless"      // of a kind that never ends
	TooDeep     Reason = "depth"
	Disallowed  Reason = "robots"
	OverPages   Reason = "pages"
	OverMaps    Reason = "sitemaps" // a sitemap beyond their number
	OverTime    Reason = "time"
	Cancelled   Reason = "cancelled"
	Failed      Reason = "error" // the machine failed before its turn
)

// Ending says why a crawl ended.
type Ending string

// The endings. Each but the first is also the Reason of the addresses that were still waiting.
const (
	EndDone      Ending = "done"
	EndPages     Ending = "pages"
	EndTime      Ending = "time"
	EndCancelled Ending = "cancelled"
	EndFailed    Ending = "error"
)

// Limit is one bound that was reached.
type Limit struct {
	Name  LimitName `json:"name"`
	Value int       `json:"value"`
	Node  int       `json:"node,omitempty"` // the page that reached it; 0 is the whole crawl
	Count int       `json:"count"`          // how often, where that is known: what was left out
}

// LimitName names a bound.
type LimitName string

// The bounds, with what Limit.Count counts.
const (
	LimitPages     LimitName = "pages"     // addresses still waiting
	LimitDepth     LimitName = "depth"     // addresses beyond
	LimitLinks     LimitName = "links"     // addresses not looked at
	LimitAlike     LimitName = "alike"     // addresses not followed
	LimitAddresses LimitName = "addresses" // times that an address was not kept
	LimitBytes     LimitName = "bytes"     // the same, because of what the others take in bytes
	LimitDocument  LimitName = "document"  // documents not read to their end
	LimitScripts   LimitName = "scripts"   // scripts not read, or not to their end
	LimitRobots    LimitName = "robots"    // pages whose host was not asked for robots.txt
	LimitSitemaps  LimitName = "sitemaps"  // sitemaps not asked for
	LimitListed    LimitName = "listed"    // sitemaps not read to their end
)
