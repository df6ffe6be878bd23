// Package report judges a capture: it makes the verdict out of what was found, and bounds what a page can make the summary of its capture say. It is pure: the
// same findings give the same verdict. METHOD.md states the rules.
package report

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"yuzheng/capture/chrome/exchange"
	"yuzheng/capture/chrome/journal"
	"yuzheng/casefile/evidence"
)

// Promised are the artifacts that a complete exhibit of a page holds, none of them empty.
var Promised = []string{
	evidence.ViewportShot, evidence.Screenshot, evidence.PagePDF, evidence.PageMHTML, evidence.SourceHTML, evidence.DOMHTML,
	evidence.ArchiveWACZ, evidence.NetworkHAR, evidence.FactsJSON, evidence.ActionsJSONL,
}

// Findings are what a verdict stands on: everything that was found once everything but capture.json is written.
type Findings struct {
	Asked     string             // address of the request
	Main      *exchange.Document // last answered exchange for the main document; nil without one
	Redirects []evidence.Hop
	Missing   []evidence.Missing
	Artifacts []evidence.Artifact // that were kept
	Forbidden bool                // the guard kept the page from its address
	Cut       bool                // ended early, and not on account of the page
	Password  bool                // the page has a field for one
	Marks     []string            // signs of a test for people that were found in it
	Chars     int                 // of its text and that of its frames
	Blocked   Blocked
}

// Blocked is what is known of pages that answer in place of a name whose resolution was stopped.
type Blocked struct {
	Addresses []netip.Addr // sinkholes
	Hosts     []string     // landing pages
}

// Verdict judges. METHOD.md states the rules, in their order.
func Verdict(f Findings) evidence.Verdict {
	switch {
	case f.Main == nil && f.downloaded():
		return partialOr(evidence.Complete, f.Missing)
	case f.Main == nil && f.Forbidden:
		return evidence.Refused
	case f.Main == nil && f.Cut:
		return evidence.Partial
	case f.Main == nil:
		return evidence.Unreachable
	case f.blocked():
		return evidence.Blocked
	case f.challenged():
		return evidence.Challenge
	case slices.Contains(loginStatus, f.Main.Status) || f.loginStands():
		return evidence.Login
	case f.Main.Status >= 400:
		return evidence.Refused
	case onlyPictureMissing(f.Missing) && !f.has(evidence.Screenshot) && f.has(evidence.ViewportShot):
		return evidence.Viewport
	}
	return partialOr(evidence.Complete, f.Missing)
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

func (f Findings) downloaded() bool {
	for _, a := range f.Artifacts {
		if strings.HasPrefix(a.Name, evidence.DownloadsPath) {
			return true
		}
	}
	return false
}

// has reports whether an artifact is there and not empty.
func (f Findings) has(name string) bool {
	return slices.ContainsFunc(f.Artifacts, func(a evidence.Artifact) bool { return a.Name == name && a.Size > 0 })
}

// blocked reports whether a known block page answered in place of the site.
func (f Findings) blocked() bool {
	u, err := url.Parse(f.Main.URL)
	if err == nil && slices.Contains(f.Blocked.Hosts, strings.ToLower(u.Hostname())) {
		return true
	}
	return f.Main.Remote.IsValid() && slices.Contains(f.Blocked.Addresses, f.Main.Remote.Addr())
}

// challenged reports whether a test for people stood in the way: by what such services say in their answers, or, on a page that
// holds little else, by their elements.
func (f Findings) challenged() bool {
	if exchange.Header(f.Main.ResponseHeader, "cf-mitigated") == "challenge" || exchange.Header(f.Main.ResponseHeader, "x-amzn-waf-action") != "" {
		return true
	}
	if len(f.Marks) == 0 {
		return false
	}
	return f.Main.Status >= 400 || f.Chars < 1500
}

// loginStatus are the answers of servers, proxies and networks that want to know who asks (RFC 9110, 15.5.2 and 15.5.8; RFC 6585, 6).
var loginStatus = []int{401, 407, 511}

// loginPaths are parts of addresses to which people without a session are sent.
var loginPaths = []string{"login", "signin", "sign-in", "accounts", "auth", "checkpoint", "sso"}

// loginStands reports whether the page was left for another one that asks for a password. A login page that was asked for is the page.
func (f Findings) loginStands() bool {
	if !f.Password || len(f.Redirects) == 0 {
		return false
	}
	asked, err1 := url.Parse(f.Asked)
	got, err2 := url.Parse(f.Main.URL)
	if err1 != nil || err2 != nil || asked.Host+asked.Path == got.Host+got.Path {
		return false
	}
	where := strings.ToLower(got.Host + got.Path)
	return slices.ContainsFunc(loginPaths, func(p string) bool {
		return strings.Contains(where, p) && !strings.Contains(strings.ToLower(asked.Host+asked.Path), p)
	})
}

// maxNamed bounds the missing parts that the summary names; capture.json names all.
const maxNamed = 2000

// Shortened bounds what a page can make the summary of its capture say. The summary stands in the log and in papers.
func Shortened(r evidence.Summary) evidence.Summary {
	cut := func(text string) string { return journal.Cut(text, journal.Said) }
	r.FinalURL, r.Title = cut(r.FinalURL), cut(r.Title)
	r.Redirects = slices.Clone(r.Redirects)
	for i, h := range r.Redirects {
		r.Redirects[i] = evidence.Hop{URL: cut(h.URL), Status: h.Status, To: cut(h.To), By: h.By}
	}
	more := len(r.Missing) - maxNamed
	r.Missing = slices.Clone(r.Missing[:min(len(r.Missing), maxNamed)])
	for i, m := range r.Missing {
		r.Missing[i] = evidence.Missing{What: cut(m.What), Reason: cut(m.Reason), Remark: m.Changed(cut)}
	}
	if more > 0 {
		r.Missing = append(r.Missing, evidence.Lacking(evidence.More.With(more).String(), evidence.NamedInCapture.With()))
	}
	return r
}
