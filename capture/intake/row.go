package intake

import (
	"strings"

	"yuzheng/casefile/evidence"
)

// Entry is what a list says of one address or clue, and where it says so. A field the list does not have is empty.
type Entry struct {
	Line      int    `json:"line"` // physical line, from 1, at which the row begins; in an e-mail's encoded part the line at which the part begins
	Raw       string `json:"raw"`  // the cell or line as it stands, defanged and all, but for a password in an address; of a long one the piece around the address
	Name      string `json:"name,omitempty"`
	Count     int    `json:"count,omitempty"`      // reports (件數)
	From      string `json:"from,omitempty"`       // ISO 8601 date or month that the list counts from, or dates the row by
	To        string `json:"to,omitempty"`         // ISO 8601 date or month that the list counts to
	Created   string `json:"created,omitempty"`    // ISO 8601 date on which the site was made
	Stopped   bool   `json:"stopped,omitempty"`    // the list says that the name's resolution is stopped
	StoppedOn string `json:"stopped_on,omitempty"` // ISO 8601 date or month
	Nature    string `json:"nature,omitempty"`     // 網站性質, with the list's own misspellings
	Law       string `json:"law,omitempty"`        // 法律依據
	Applicant string `json:"applicant,omitempty"`  // 聲請單位
}

// Row is one web address.
type Row struct {
	Entry
	URL         string    `json:"url"`                    // absolute, as a browser would ask for it (WHATWG URL); without user name and password
	Host        string    `json:"host,omitempty"`         // name in A-labels without a trailing dot, or an IP address without brackets
	Unicode     string    `json:"unicode,omitempty"`      // Host as people read it
	Domain      string    `json:"domain,omitempty"`       // registrable domain in A-labels (public suffix list with its private part); empty for an IP address
	SchemeAdded bool      `json:"scheme_added,omitempty"` // the list gives no scheme; https was put before it, or http where it gives port 80
	RecordOnly  bool      `json:"record_only,omitempty"`  // an invitation or an app's own link: never to be opened by the program
	Warnings    []warning `json:"warnings,omitempty"`
}

// warning says what is odd about an address.
type warning struct {
	Code   WarningCode `json:"code"`
	Detail string      `json:"detail,omitempty"` // what the code is about, see there
}

// WarningCode names a kind of oddity.
type WarningCode string

// The oddities, with what Detail holds of them.
const (
	warnHomograph WarningCode = "homograph"    // looks like another name (UTS 39): that name
	warnScripts   WarningCode = "mixed_script" // a label mixes scripts that no language mixes: their names
	warnPunycode  WarningCode = "punycode"     // has a label beyond ASCII: the Unicode form
	warnUserInfo  WarningCode = "userinfo"     // what stands before "@" is an account, not the host: that text, but for a password
	warnIP        WarningCode = "ip_literal"   // an address instead of a name: the host as written
	warnPort      WarningCode = "port"         // another port than the scheme's own: the port
	warnSuffix    WarningCode = "suffix"       // ends in no known public suffix: the ending
	warnGlued     WarningCode = "glued"        // text without a space around it was cut away: that text
	warnNumber    WarningCode = "number"       // the first label may be a number in a list, like "1." before a name: the name without it
	warnFileName  WarningCode = "file_name"    // may as well be the name of a file: its ending
	warnQuotes    WarningCode = "quotes"       // stands in a row with a quote that is never closed
	warnEntities  WarningCode = "entities"     // was written as HTML writes it (&amp;), and has been read so: path and query as they stood
)

// Clue is something in a list that leads to a person but is no web address.
type Clue struct {
	Entry
	Kind    evidence.IdentifierKind `json:"kind"`
	Value   string                  `json:"value"`             // in the canonical form of its kind
	Checked bool                    `json:"checked,omitempty"` // it has a checksum, which holds
}

// Skipped is one row, or one thing in a row, that gave nothing.
type Skipped struct {
	Line   int    `json:"line"`
	Raw    string `json:"raw"` // at most 512 bytes of it
	Reason Reason `json:"reason"`
	First  int    `json:"first,omitempty"` // whyDuplicate: the line that gave it first
	Words  string `json:"words"`           // the reason in English
}

// Reason says why a row gave nothing.
type Reason string

// The reasons.
const (
	whyHeader      Reason = "header"
	whyEmpty       Reason = "empty"
	whyNone        Reason = "none"         // 「無」 and its like
	whyNoAddress   Reason = "no_address"   // nothing in it is an address or a clue
	whyNotPublic   Reason = "not_public"   // localhost, a private address, a name under no public suffix
	whyBadAddress  Reason = "bad_address"  // begins like an address, but no browser would take it
	whyOtherScheme Reason = "other_scheme" // ftp and the like
	whyTooLong     Reason = "too_long"
	whyUndecodable Reason = "undecodable" // holds bytes that are no text in the file's encoding
	whyDuplicate   Reason = "duplicate"
	whyBroken      Reason = "broken"     // a quote that is never closed, JSON that is none
	whyCutShort    Reason = "cut_short"  // the file ends in the middle of it
	whyAttachment  Reason = "attachment" // a file in an e-mail, named but not opened
)

func (r Reason) words() string {
	switch r {
	case whyHeader:
		return "a heading, not an entry"
	case whyEmpty:
		return "empty"
	case whyNone:
		return "the list says that there is none"
	case whyNotPublic:
		return "not a public name or address"
	case whyBadAddress:
		return "begins like an address, but is none"
	case whyOtherScheme:
		return "not an address of the web"
	case whyTooLong:
		return "too long"
	case whyUndecodable:
		return "holds bytes that are no text in the encoding of the file"
	case whyDuplicate:
		return "the same as line"
	case whyBroken:
		return "not well formed"
	case whyCutShort:
		return "the file ends in the middle of it"
	case whyAttachment:
		return "an attached file, not opened"
	}
	return "no address in it"
}

const maxSkippedRaw = 512 // bytes

// shorten cuts text to n bytes, between characters.
func shorten(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return strings.ToValidUTF8(text[:n], "")
}
