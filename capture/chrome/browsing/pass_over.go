package browsing

import (
	"regexp"
	"strings"

	"github.com/chromedp/cdproto/fetch"

	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/journal"
	"yuzheng/casefile/evidence"
)

// What the beginning of a message tells: the request that is stopped, the address that is asked for.
var (
	pausedRequest = regexp.MustCompile(`"params":\{"requestId":"([^"]+)"`)
	askedAddress  = regexp.MustCompile(`"request":\{"url":"([^"]+)"`)
)

// PassOver names what the browser told in a message that was too long, unless it tells nothing of what was received; a request that it stops
// goes on.
func PassOver(j *journal.Journal, s devtools.Session, e devtools.Event) {
	switch domain, _, _ := strings.Cut(e.Method, "."); domain {
	case "Target":
		return // a title; it is read when the page is
	case "Fetch":
		if id := pausedRequest.FindSubmatch(e.Long.Head); id != nil {
			devtools.Send(s, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: fetch.RequestID(id[1])})
		}
		return
	}
	what := e.Method
	if address := askedAddress.FindSubmatch(e.Long.Head); address != nil {
		what = string(address[1])
	}
	j.Limit("message", evidence.LimitMessage.With(what, e.Long))
	j.Miss(what, evidence.Said(e.Long))
}
