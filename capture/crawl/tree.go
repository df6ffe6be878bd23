package crawl

import "yuzheng/casefile/evidence"

// Tree is what a crawl came to. Its JSON form is kept with the exhibits.
type Tree struct {
	Schema int `json:"schema"`

	Options Options        `json:"options"`
	Within  string         `json:"within"` // the domain, host or host and path that the scope came to
	Nodes   []Node         `json:"nodes"`  // in the order in which they were asked
	Found   []foundAddress `json:"found"`  // not followed, in the order in which that was decided
	Limits  []reachedLimit `json:"limits"` // that were reached
	Ended   Ending         `json:"ended"`
	Cause   string         `json:"cause,omitempty"` // of an end before the end
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
	Robots    robotsAnswer     `json:"robots,omitzero"` // of pages
	Links     int              `json:"links"`           // addresses on it that were looked at
	Same      int              `json:"same,omitempty"`  // the node at whose address this one ended too; its links were not looked at again
}

// Kind says what an address was asked for.
type Kind string

// The kinds.
const (
	kindPage    Kind = "page"
	kindRobots  Kind = "robots"
	kindSitemap Kind = "sitemap"
)

// How says in which way an address was found.
type How string

// The ways.
const (
	byOperator  How = "start"    // the operator named it
	inLink      How = "link"     // an element of the document
	inScript    How = "script"   // quoted in a script or in an element's own
	InCode      How = "qr"       // a code in a picture
	byRedirect  How = "redirect" // a page led there, or would have
	inRobots    How = "robots"   // a line of robots.txt
	inSitemap   How = "sitemap"  // an entry of a sitemap
	usualPlaces How = "usual"    // where robots.txt and a sitemap lie if nobody says otherwise
)

// foundAddress is one address that was found and not asked.
type foundAddress struct {
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
	whyTooLong     Reason = "too_long"
	whyMalformed   Reason = "malformed"    // no browser would take it
	whyOtherScheme Reason = "scheme"       // not of the web: mailto, tel, javascript, an app's own
	whySame        Reason = "same"         // another spelling of an address that was found before, or where a node has ended
	whyInvitation  Reason = "invitation"   // adds somebody to a chat, and may tell the other side
	whyOutOfScope  Reason = "out_of_scope" // where the site leads
	whyFile        Reason = "file"         // a browser would save it
	whyStateChange Reason = "state_change" // by its words it logs out, deletes, unsubscribes or buys
	whySkipped     Reason = "skip"         // the operator's pattern
	whyForm        Reason = "form"         // where a form sends what is filled in
	whyInterface   Reason = "interface"    // stands in a script and is for programs
	whyEndless     Reason = "endless"      // of a kind that never ends
	whyTooDeep     Reason = "depth"
	whyDisallowed  Reason = "robots"
	whyOverPages   Reason = "pages"
	whyOverMaps    Reason = "sitemaps" // a sitemap beyond their number
	whyOverTime    Reason = "time"
	whyCancelled   Reason = "cancelled"
	whyFailed      Reason = "error" // the machine failed before its turn
)

// Ending says why a crawl ended.
type Ending string

// The endings. Each but the first is also the Reason of the addresses that were still waiting.
const (
	endDone      Ending = "done"
	endPages     Ending = "pages"
	endTime      Ending = "time"
	EndCancelled Ending = "cancelled"
	endFailed    Ending = "error"
)

// reachedLimit is one bound that was reached.
type reachedLimit struct {
	Name  LimitName `json:"name"`
	Value int       `json:"value"`
	Node  int       `json:"node,omitempty"` // the page that reached it; 0 is the whole crawl
	Count int       `json:"count"`          // how often, where that is known: what was left out
}

// LimitName names a bound.
type LimitName string

// The bounds, with what is counted of them.
const (
	limitPages     LimitName = "pages"     // addresses still waiting
	limitDepth     LimitName = "depth"     // addresses beyond
	limitLinks     LimitName = "links"     // addresses not looked at
	limitAlike     LimitName = "alike"     // addresses not followed
	limitAddresses LimitName = "addresses" // times that an address was not kept
	limitBytes     LimitName = "bytes"     // the same, because of what the others take in bytes
	limitDocument  LimitName = "document"  // documents not read to their end
	limitScripts   LimitName = "scripts"   // scripts not read, or not to their end
	limitRobots    LimitName = "robots"    // pages whose host was not asked for robots.txt
	limitSitemaps  LimitName = "sitemaps"  // sitemaps not asked for
	limitListed    LimitName = "listed"    // sitemaps not read to their end
)
