package chrome

import (
	"net/url"
	"slices"
	"strings"

	"yuzheng/capture/chrome/exchange"

	"yuzheng/casefile/evidence"
)

// marks are the signs by which a page is told apart from what it should be.
type marks struct {
	netError   string // Chrome's own, of the main document
	isDownload bool
	password   bool // a password field
	chars      int  // of the page's own text and that of its frames, without what stands beside it
	found      []string
}

// promised are the artifacts that a complete exhibit of a page holds, none of them empty.
var promised = []string{
	evidence.ViewportShot, evidence.Screenshot, evidence.PagePDF, evidence.PageMHTML, evidence.SourceHTML, evidence.DOMHTML,
	evidence.ArchiveWACZ, evidence.NetworkHAR, evidence.FactsJSON, evidence.ActionsJSONL,
}

// verdict judges the capture once everything but capture.json is written. main is the last answered request for the main document.
func (x *exhibit) verdict(main *exchange.Document) evidence.Verdict {
	switch {
	case main == nil && x.downloaded():
		return partialOr(evidence.Complete, x.journal.Missing())
	case main == nil && x.refusedByGuard():
		return evidence.Refused
	case main == nil && x.cut:
		return evidence.Partial
	case main == nil:
		return evidence.Unreachable
	case x.blocked(main):
		return evidence.Blocked
	case x.challenged(main):
		return evidence.Challenge
	case slices.Contains(loginStatus, main.Status) || x.loginStands(main):
		return evidence.Login
	case main.Status >= 400:
		return evidence.Refused
	case onlyPictureMissing(x.journal.Missing()) && !x.keeper.Has(evidence.Screenshot) && x.keeper.Has(evidence.ViewportShot):
		return evidence.Viewport
	}
	return partialOr(evidence.Complete, x.journal.Missing())
}

func partialOr(v evidence.Verdict, missing []evidence.Missing) evidence.Verdict {
	if len(missing) > 0 {
		return evidence.Partial
	}
	return v
}

// onlyPictureMissing reports whether nothing but the picture of the whole page is not there.
func onlyPictureMissing(list []evidence.Missing) bool {
	return len(list) == 1 && list[0].What == evidence.Screenshot
}

func (x *exhibit) downloaded() bool {
	for _, a := range x.keeper.Artifacts() {
		if strings.HasPrefix(a.Name, evidence.DownloadsPath) {
			return true
		}
	}
	return false
}

// refusedByGuard reports whether the guard kept the page from an address that it may not reach.
func (x *exhibit) refusedByGuard() bool {
	return x.exchanges.Guard.Forbids(exchange.HostPort(x.lastAddress()))
}

// blocked reports whether a known block page answered in place of the site.
func (x *exhibit) blocked(main *exchange.Document) bool {
	u, err := url.Parse(main.URL)
	if err == nil && slices.Contains(x.options.Blocked.Hosts, strings.ToLower(u.Hostname())) {
		return true
	}
	return main.Remote.IsValid() && slices.Contains(x.options.Blocked.Addresses, main.Remote.Addr())
}

// challenged reports whether a test for people stood in the way: by what such services say in their answers, or, on a page that
// holds little else, by their elements.
func (x *exhibit) challenged(main *exchange.Document) bool {
	if exchange.Header(main.ResponseHeader, "cf-mitigated") == "challenge" || exchange.Header(main.ResponseHeader, "x-amzn-waf-action") != "" {
		return true
	}
	if len(x.page0.marks.found) == 0 {
		return false
	}
	return main.Status >= 400 || x.page0.marks.chars < 1500
}

// loginStatus are the answers of servers, proxies and networks that want to know who asks (RFC 9110, 15.5.2 and 15.5.8; RFC 6585, 6).
var loginStatus = []int{401, 407, 511}

// loginPaths are parts of addresses to which people without a session are sent.
var loginPaths = []string{"login", "signin", "sign-in", "accounts", "auth", "checkpoint", "sso"}

// loginStands reports whether the page was left for another one that asks for a password. A login page that was asked for is the page.
func (x *exhibit) loginStands(main *exchange.Document) bool {
	if !x.page0.marks.password || len(x.result.Redirects) == 0 {
		return false
	}
	asked, err1 := url.Parse(x.req.URL)
	got, err2 := url.Parse(main.URL)
	if err1 != nil || err2 != nil || asked.Host+asked.Path == got.Host+got.Path {
		return false
	}
	where := strings.ToLower(got.Host + got.Path)
	return slices.ContainsFunc(loginPaths, func(p string) bool {
		return strings.Contains(where, p) && !strings.Contains(strings.ToLower(asked.Host+asked.Path), p)
	})
}
