package compare

import (
	"path"
	"slices"
	"strings"

	"yuzheng/casefile/evidence"
)

// Why says why a side, or a pair of them, cannot be compared.
type Why struct {
	Side string  `json:"side,omitempty"` // "a", "b", or "" where it is about both together
	Code WhyCode `json:"code"`
}

// WhyCode names a reason.
type WhyCode string

// The reasons. None of them says anything about what the site shows to whom.
const (
	whyUnreachable WhyCode = "unreachable"  // no answer
	whyChallenge   WhyCode = "challenge"    // a test for people stood in the way
	whyLogin       WhyCode = "login"        // 401 or 407
	whyBlocked     WhyCode = "blocked"      // a landing page of stopped resolution answered instead
	whyGuard       WhyCode = "guard"        // our own guard kept the page away
	whyRefused     WhyCode = "refused"      // a status from 400 to 499
	whyServer      WhyCode = "server-error" // a status from 500, or 408, 425, 429: a server that is busy or broken
	whyPartial     WhyCode = "partial"      // something is missing that may have held or made words
	whyInterrupted WhyCode = "interrupted"  // ended by the operator or the machine
	whyVerdict     WhyCode = "verdict"      // a verdict that this package does not know
	whyNothing     WhyCode = "nothing"      // neither text nor pictures of one size
	whyApart       WhyCode = "apart"        // taken further apart than maxApart
)

// judged says how far a capture can speak for its site.
func (r *reading) judged() WhyCode {
	s := r.side.Result
	switch s.Verdict {
	case evidence.Unreachable:
		return whyUnreachable
	case evidence.Challenge:
		return whyChallenge
	case evidence.Blocked:
		return whyBlocked
	case evidence.Refused:
		return refusal(s.Status)
	}
	switch {
	case !slices.Contains([]evidence.Verdict{evidence.Complete, evidence.Viewport, evidence.Login, evidence.Partial}, s.Verdict):
		return whyVerdict
	case s.Status >= 400 && s.Verdict == evidence.Login:
		return whyLogin
	case s.Interrupted:
		return whyInterrupted
	case s.Verdict == evidence.Partial && !r.missesOnlyPictures():
		return whyPartial
	}
	return ""
}

func refusal(status int) WhyCode {
	switch {
	case status == 0:
		return whyGuard
	case status >= 500 || slices.Contains([]int{408, 425, 429}, status):
		return whyServer
	}
	return whyRefused
}

// turnedAway are the statuses with which a site says that there is nothing here for this visitor: forbidden, not found, not acceptable, gone, and
// not for legal reasons (RFC 9110, RFC 7725).
var turnedAway = []int{403, 404, 406, 410, 451}

// wordless are Chrome's resource types that neither hold nor make words.
var wordless = []string{"image", "media", "font", "ping", "texttrack", "manifest", "prefetch", "cspviolationreport", "signedexchange"}

// beside are artifacts whose lack changes nothing that is judged here.
var beside = []string{
	evidence.Screenshot, evidence.PagePDF, evidence.PageMHTML, evidence.ArchiveWACZ, evidence.ConsoleJSONL, evidence.CookiesJSON,
	evidence.ActionsJSONL, evidence.CaptureJSON, evidence.Certificates, evidence.FactsJSON, evidence.FactsJSON + " network",
}

// missesOnlyPictures reports whether all that a partial capture lacks is known to be pictures, fonts, films and counters, or papers that are not
// compared. Every other lack may be the very reason why its text is another one: a script, say, that was to fetch it.
func (r *reading) missesOnlyPictures() bool {
	kinds := map[string]string{}
	if r.traffic != nil {
		for _, e := range r.traffic.exchanges {
			kinds[e.url] = e.kind
		}
	}
	harmless := func(m evidence.Missing) bool {
		kind, asked := kinds[m.What]
		return slices.Contains(beside, m.What) || slices.Contains(wordless, kind) || asked && kind == "other" && pictureName(m.What)
	}
	return len(r.side.Result.Missing) > 0 && !slices.ContainsFunc(r.side.Result.Missing, func(m evidence.Missing) bool { return !harmless(m) })
}

// pictureName is for the little picture of a tab, which Chrome asks for as something other.
func pictureName(address string) bool {
	u, err := parsed(address)
	return err == nil && slices.Contains([]string{".ico", ".png", ".svg", ".gif", ".jpg", ".jpeg", ".webp"}, strings.ToLower(path.Ext(u.Path)))
}

// tellsWay reports whether the address at which a capture ended is the site's doing: not that of a wall, a stopped name or our guard.
func (r *reading) tellsWay() bool {
	return r.cameThrough() || r.turnedAway() || r.state == whyUnreachable
}

// cameThrough reports whether the visitor got a page, be it not all of it.
func (r *reading) cameThrough() bool {
	return r.state == "" || r.state == whyPartial || r.state == whyInterrupted
}

// turnedAway reports whether the visitor was told that there is nothing here for it.
func (r *reading) turnedAway() bool {
	return r.state == whyRefused && slices.Contains(turnedAway, r.side.Result.Status)
}

// gotFile reports whether the visitor was given a file instead of a page.
func (r *reading) gotFile() bool {
	return r.state == "" && r.text == nil && len(files(r.side.Result.Artifacts)) > 0
}
