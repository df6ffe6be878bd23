// Package capture says what it means to record a page at one moment: the request, the artifacts, the verdict.
//
// It knows no browser and no case file. Package chrome records; whoever calls it gives a Sink that keeps the bytes.
// METHOD.md beside this file states what is recorded, in which order, what it shows and what it does not.
package capture

import (
	"errors"
	"io"
	"time"
)

// View is the visitor as whom a page is asked.
type View string

// The views. Each is consistent in user agent, client hints, screen, touch, language and time zone.
const (
	Desktop  View = "desktop"  // an ordinary Chrome on Windows in Taiwan
	Mobile   View = "mobile"   // an ordinary Chrome on an Android phone in Taiwan
	Ad       View = "ad"       // the phone, coming from an advertisement on Facebook (referrer)
	Line     View = "line"     // the browser inside the LINE app on that phone
	Facebook View = "facebook" // the browser inside the Facebook app on that phone
	Crawler  View = "crawler"  // a search engine's robot, abroad
)

// Views lists every view in the order in which they are shown.
var Views = []View{Desktop, Mobile, Ad, Line, Facebook, Crawler}

// Phone reports whether the view is one of a phone's.
func (v View) Phone() bool { return v != Desktop && v != Crawler }

// Request asks for one page in one view.
type Request struct {
	URL          string            `json:"url"`
	View         View              `json:"view"`
	AllowPrivate []string          `json:"allow_private,omitempty"` // HOST:PORT or ADDRESS:PORT that the guard lets through though it is private
	Resolve      map[string]string `json:"resolve,omitempty"`       // "HOST:PORT" to an address ("ADDRESS" or "ADDRESS:PORT"), as curl --resolve does
	Proxy        string            `json:"proxy,omitempty"`         // http://HOST:PORT or socks5://HOST:PORT that the guard dials through
	NoSandbox    bool              `json:"no_sandbox,omitempty"`    // Chrome without its sandbox: only where it cannot start otherwise
	NetLog       bool              `json:"net_log,omitempty"`       // Chrome's own log of its network stack as an artifact
	Lookups      Lookups           `json:"lookups"`
	Limits       Limits            `json:"limits"`
}

// Lookups says which network facts are asked for beside the page itself. Each contact is logged; each can be off.
type Lookups struct {
	DNS      bool   `json:"dns"`
	Resolver string `json:"resolver,omitempty"` // ADDRESS:PORT; empty is the system's first resolver
	// Compare is a second resolver (ADDRESS:PORT) outside the office, whose addresses of the host are set beside the first one's;
	// empty is off.
	Compare  string `json:"compare,omitempty"`
	RDAP     bool   `json:"rdap"`
	RDAPBase string `json:"rdap_base,omitempty"` // base URL of an RDAP server; empty is IANA's bootstrap
	// WHOIS asks on port 43 (RFC 3912), which has no encryption: whoever stands on the way reads what is asked.
	WHOIS       bool   `json:"whois"`
	WHOISServer string `json:"whois_server,omitempty"` // HOST:PORT to begin with; empty is whois.iana.org:43, which is told the top level only
	Clock       bool   `json:"clock"`
	NTP         string `json:"ntp,omitempty"` // HOST:PORT; empty is time.stdtime.gov.tw:123
}

// Any reports whether anything is to be looked up.
func (l Lookups) Any() bool { return l.DNS || l.Compare != "" || l.RDAP || l.WHOIS || l.Clock }

// Limits bounds what a hostile page may take. A limit that bites is told in Result.Warnings and in capture.json.
type Limits struct {
	Time      time.Duration `json:"time"`      // whole capture
	Idle      time.Duration `json:"idle"`      // longest wait for network silence in one step
	Bytes     int64         `json:"bytes"`     // received bodies, all together
	Body      int64         `json:"body"`      // one body
	Height    int           `json:"height"`    // CSS pixels of page taken into the picture
	Windows   int           `json:"windows"`   // further windows that the page may open
	Dialogs   int           `json:"dialogs"`   // dialogs answered before the page's scripts are stopped
	Redirects int           `json:"redirects"` // hops of the main document
	Memory    int64         `json:"memory"`    // JavaScript heap of the page
}

// DefaultLimits holds for a page of ordinary size.
func DefaultLimits() Limits {
	return Limits{
		Time: 90 * time.Second, Idle: 15 * time.Second, Bytes: 300 << 20, Body: 100 << 20, Height: 60_000,
		Windows: 5, Dialogs: 20, Redirects: 20, Memory: 2 << 30,
	}
}

// Verdict says how far an exhibit is what it promises to be.
type Verdict string

// The verdicts, from whole to nothing.
const (
	Complete    Verdict = "complete"    // every promised artifact, every asked-for body
	Partial     Verdict = "partial"     // something is missing, and it is named
	Viewport    Verdict = "viewport"    // only what fitted the window
	Challenge   Verdict = "challenge"   // a test for people stood in the way
	Login       Verdict = "login"       // a login stood in the way
	Unreachable Verdict = "unreachable" // no answer from a server
	Blocked     Verdict = "blocked"     // a known block page (stopped resolution) answered instead
	Refused     Verdict = "refused"     // the guard, or the server by its status, refused the page
)

// Artifact is one file of an exhibit.
type Artifact struct {
	Name      string `json:"name"`
	MediaType string `json:"media_type"`
	Size      int64  `json:"size"`
	SHA256    string `json:"sha256"`
}

// Missing names one thing that the page asked for, or that the exhibit promises, and that is not there.
type Missing struct {
	What   string `json:"what"` // an address or the name of an artifact
	Reason string `json:"reason"`
}

// Hop is one redirect of the main document.
type Hop struct {
	URL    string `json:"url"`
	Status int    `json:"status"` // of the answer that led on; 0 where no server gave one
	To     string `json:"to"`
	By     Mover  `json:"by,omitempty"`
}

// Mover is who led a visitor on.
type Mover string

// Who leads on.
const (
	LedByServer  Mover = "server"  // by its answer
	LedByPage    Mover = "page"    // by a script or an announced refresh
	LedByBrowser Mover = "browser" // by a rule of its own; nobody was asked
)

// Contact is one host that was contacted on behalf of a capture, and why.
type Contact struct {
	Host    string `json:"host"`
	Address string `json:"address,omitempty"`
	Reason  string `json:"reason"` // page, dns, rdap, whois, clock
	Count   int    `json:"count"`
}

// Result is what a capture came to. Its JSON form is the one that the command line prints, after the exhibit's number.
type Result struct {
	URL       string     `json:"url"`
	FinalURL  string     `json:"final_url"`
	View      View       `json:"view"`
	Status    int        `json:"status"` // HTTP status of the final document; 0 without an answer
	Title     string     `json:"title"`
	Verdict   Verdict    `json:"verdict"`
	Missing   []Missing  `json:"missing"`
	Redirects []Hop      `json:"redirects"`
	Artifacts []Artifact `json:"artifacts"`
	Warnings  []string   `json:"warnings"`
	Started   time.Time  `json:"started"`
	ElapsedMS int64      `json:"elapsed_ms"`
	Contacts  []Contact  `json:"contacts,omitempty"`

	Interrupted bool `json:"interrupted,omitempty"` // the operator or the machine ended it before its end; the page did not
}

// ErrFinish is the cause with which the ctx of a capture is cancelled to have it finished at once: what can be had quickly of the page
// as it is is still taken, and the rest is named as missing.
var ErrFinish = errors.New("finished at once on the operator's word")

// Sink keeps the artifacts of one capture. Calls come one after the other; writers may be open at the same time.
type Sink interface {
	// Create opens the artifact name for writing. It is kept when its writer is closed, and dropped when it never is.
	Create(name, mediaType string) (Writer, error)
}

// Writer takes the bytes of one artifact. Cut marks a place where the bytes before and after it are likely to recur
// apart from each other (the body of a recorded response): the store may cut there so that a body is kept once.
type Writer interface {
	io.WriteCloser
	Cut()
}

// Progress is told what a capture is doing; the window and the command line show it in their own words.
// Calls may come from several goroutines.
type Progress interface {
	Step(step Step, done, total int64)
}

// Step names a stage of a capture.
type Step string

// The stages in their order.
const (
	StepStart   Step = "start"
	StepConnect Step = "connect"
	StepLoad    Step = "load"
	StepScroll  Step = "scroll" // done and total in CSS pixels
	StepPicture Step = "picture"
	StepPapers  Step = "papers"
	StepFacts   Step = "facts"
	StepArchive Step = "archive"
	StepDone    Step = "done"
)

// NoProgress tells nobody.
type NoProgress struct{}

// Step implements Progress.
func (NoProgress) Step(Step, int64, int64) {}

// The fixed names of the artifacts (METHOD.md says what each holds). Downloads lie under "downloads/", icons under "icons/".
const (
	Screenshot    = "screenshot.png"
	ViewportShot  = "viewport.png"
	PagePDF       = "page.pdf"
	PageMHTML     = "page.mhtml"
	SourceHTML    = "source.html"
	DOMHTML       = "dom.html"
	TextTXT       = "text.txt"
	ArchiveWACZ   = "archive.wacz"
	NetworkHAR    = "network.har"
	ConsoleJSONL  = "console.jsonl"
	FactsJSON     = "facts.json"
	Certificates  = "certificates.pem"
	CookiesJSON   = "cookies.json"
	ActionsJSONL  = "actions.jsonl"
	NetLogJSON    = "netlog.json" // only where it was asked for
	CaptureJSON   = "capture.json"
	DownloadsPath = "downloads/"
	IconsPath     = "icons/"
)
