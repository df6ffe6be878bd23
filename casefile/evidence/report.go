package evidence

import "time"

// Report is capture.json: what was asked, how, and what came of it.
type Report struct {
	Schema int `json:"schema"`

	Program   string            `json:"program"`
	Browser   string            `json:"browser"`
	Request   Request           `json:"request"`
	Result    Summary           `json:"result"`
	Page      Page              `json:"page"`
	Overrides *Overrides        `json:"overrides"`
	Bitten    []string          `json:"limits_reached"`
	Traffic   Traffic           `json:"traffic"`
	Refused   []Connection      `json:"refused_connections"`
	Browsers  int               `json:"browser_own_contacts_refused"`
	Unsent    []Missing         `json:"kept_from_the_page_by_the_browser"`
	Checked   []Check           `json:"checked"`
	Documents []DocumentVersion `json:"documents,omitempty"` // that stood in the window, one after the other
	Session   *Segment          `json:"sitting,omitempty"`   // of which the exhibit is a part
}

// Page is what the page was when it had settled.
type Page struct {
	URL      string   `json:"url"`
	Title    string   `json:"title"`
	Encoding string   `json:"encoding,omitempty"` // in which the browser read the document, and writes the queries of its links
	Frames   []Frame  `json:"frames,omitempty"`
	Media    []Medium `json:"media,omitempty"`
	Width    int      `json:"width"`  // CSS pixels
	Height   int      `json:"height"` // CSS pixels
}

// Frame is a document within the page.
type Frame struct {
	URL   string `json:"url"`
	Title string `json:"title,omitempty"`
	Chars int    `json:"text_characters"`
}

// Medium is a film or a sound on the page.
type Medium struct {
	Kind      string  `json:"kind"` // video or audio
	URL       string  `json:"url"`  // blob: where a script feeds it
	Poster    string  `json:"poster,omitempty"`
	Live      bool    `json:"live,omitempty"`
	Seconds   float64 `json:"seconds"`          // whole length, 0 where it is not known
	Buffered  float64 `json:"buffered_seconds"` // of it, what had come
	Width     int     `json:"width,omitempty"`
	Height    int     `json:"height,omitempty"`
	Error     string  `json:"error,omitempty"`
	Protected bool    `json:"protected,omitempty"` // by DRM
}

// Overrides is everything in which the browser differs from one that a person has just installed.
type Overrides struct {
	Visitor      Visitor      `json:"visitor"`
	Headless     Told[bool]   `json:"headless"`
	Sandbox      Told[bool]   `json:"sandbox"`
	Certificates Told[string] `json:"certificate_errors"`
	Flags        []string     `json:"command_line"`
}

// Unverified is what Overrides.Certificates says where certificates that a browser would not accept were told and not obeyed.
const Unverified = "recorded and told, not obeyed"

// Visitor is the persona with the version that the browser really had.
type Visitor struct {
	UserAgent    string       `json:"user_agent"`
	Hints        *ClientHints `json:"client_hints"` // null where none are sent
	Platform     string       `json:"platform"`
	Languages    string       `json:"languages"`
	Locale       string       `json:"locale"`
	TimeZone     string       `json:"time_zone"`
	Width        int64        `json:"viewport_width"`  // CSS pixels, as the rest
	Height       int64        `json:"viewport_height"` //
	ScreenWidth  int64        `json:"screen_width"`
	ScreenHeight int64        `json:"screen_height"`
	Scale        float64      `json:"device_scale_factor"`
	Mobile       bool         `json:"mobile"`
	TouchPoints  int64        `json:"touch_points"`
	Referrer     string       `json:"referrer,omitempty"`
}

// ClientHints are those of a browser (User-Agent Client Hints, https://wicg.github.io/ua-client-hints/), in the names of Chrome's protocol.
type ClientHints struct {
	Brands          []Brand  `json:"brands,omitempty"`
	FullVersionList []Brand  `json:"fullVersionList,omitempty"`
	Platform        string   `json:"platform"`
	PlatformVersion string   `json:"platformVersion"`
	Architecture    string   `json:"architecture"`
	Model           string   `json:"model"`
	Mobile          bool     `json:"mobile"`
	Bitness         string   `json:"bitness,omitempty"`
	Wow64           bool     `json:"wow64"`
	FormFactors     []string `json:"formFactors,omitempty"`
}

// Brand is one name of a browser.
type Brand struct {
	Brand   string `json:"brand"`
	Version string `json:"version"`
}

// Traffic counts the exchanges of a capture.
type Traffic struct {
	Exchanges   int   `json:"exchanges"`
	WithBody    int   `json:"with_body"`
	Failed      int   `json:"failed"`
	Connections int   `json:"connections"`
	Received    int64 `json:"received_bytes"`
}

// CheckKind is a kind of thing that a capture looks at.
type CheckKind string

// The kinds.
const (
	CheckDocument   CheckKind = "document"   // which one the artifacts are of
	CheckWait       CheckKind = "wait"       // for what the page was to become
	CheckFrame      CheckKind = "frame"      // its documents below the main one
	CheckScrollable CheckKind = "scrollable" // what has more than it shows at once
	CheckForm       CheckKind = "form"       // how many fields
	CheckLayer      CheckKind = "layer"      // what lies over the page
	CheckPicture    CheckKind = "picture"    // whether it shows what the document says
)

// Check is one thing that was looked at, and what came of it. What is not in the list was not looked at.
type Check struct {
	Kind    CheckKind `json:"kind"`
	What    string    `json:"what"`
	Outcome string    `json:"outcome"`
	Good    bool      `json:"good"`
}

// DocumentVersion is a document that stood in the window.
type DocumentVersion struct {
	Loader string    `json:"loader"` // Chrome's name of it, which is that of the request that it came with
	URL    string    `json:"url"`
	At     time.Time `json:"at"`
}

// Segment is the part of an interactive session that an exhibit covers.
type Segment struct {
	Number  int       `json:"exhibit_of_the_sitting"`
	Session time.Time `json:"sitting_started"`
	Since   time.Time `json:"exchanges_since"`
	Tabs    int       `json:"open_tabs"`
	Carried bool      `json:"document_from_before,omitempty"` // the document came before Since, and stands in the archive again
	Typed   string    `json:"typed_passwords"`
}
