package judge

import (
	"fmt"
	"slices"
	"strings"

	"yuzheng/capture/sitetest/wire"
	"yuzheng/casefile/evidence"
)

// rest holds HAR, redirects and facts to the same: what is said to have come from a server came from one.
func (r *Report) rest(answers []*answer, log []wire.Exchange, x Exhibit) {
	r.entries(answers, x)
	for _, h := range x.Hops {
		if h.Status != 0 && h.By != evidence.LedByBrowser && !served(answers, h.URL, h.Status) {
			r.find(unserved, h.URL, "hop with status %d to %s", h.Status, h.To)
		}
	}
	for _, origin := range x.Servers {
		at := func(a *answer) bool { return strings.HasPrefix(a.uri, origin+"/") }
		if !slices.ContainsFunc(answers, at) {
			r.find(unserved, origin, "certificate of a server that was not asked")
		}
	}
	if x.Main != nil && !served(answers, x.Main.URL, x.Main.Status) {
		r.find(unserved, x.Main.URL, "facts: main document with status %d from %q", x.Main.Status, x.Main.Remote)
	}
	for _, rec := range x.Records {
		if rec.Kind != "response" && rec.Address != "" && !asked(log, rec.URI) {
			r.find(unserved, rec.URI, "%s record with address %s", rec.Kind, rec.Address)
		}
	}
}

// entries matches each entry of the HAR that is nobody else's with an answer of its own.
func (r *Report) entries(answers []*answer, x Exhibit) {
	left := map[string]int{}
	key := func(url string, status int) string { return fmt.Sprint(status, " ", plainURI(url)) }
	for _, a := range answers {
		left[key(a.uri, a.Status)]++
	}
	for _, e := range x.Entries {
		own := e.Own != "" || e.Cache || e.Worker
		switch {
		case own && e.Address != "":
			r.find(unserved, e.Request.URL, "entry of the browser's own with address %s", e.Address)
		case own || e.Response.Status == 0:
		case left[key(e.Request.URL, e.Response.Status)] == 0:
			r.find(unserved, e.Request.URL, "entry with status %d and address %q", e.Response.Status, e.Address)
		default:
			left[key(e.Request.URL, e.Response.Status)]--
		}
	}
}

func served(answers []*answer, url string, status int) bool {
	return slices.ContainsFunc(answers, func(a *answer) bool { return a.uri == plainURI(url) && a.Status == status })
}

func asked(log []wire.Exchange, url string) bool {
	return slices.ContainsFunc(log, func(e wire.Exchange) bool { return plainURI(e.URL()) == plainURI(url) })
}
