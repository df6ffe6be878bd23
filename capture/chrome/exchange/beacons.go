package exchange

import (
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"

	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/journal"
	"yuzheng/casefile/evidence"
)

// beacon is what a page sends without waiting for an answer. One that is sent while the page is being left is told by nothing but its interception.
type beacon struct{ id, url string }

// isBeacon reports whether a request has been stopped that is about to be sent and of which the page hears nothing more: sendBeacon, or a
// fetch with keepalive of a page that has been left. The latter is known by nothing but that no request of the network belongs to it.
func isBeacon(e fetch.EventRequestPaused) bool {
	asked := e.ResponseStatusCode == 0 && e.ResponseErrorReason == ""
	return asked && (e.ResourceType == network.ResourceTypePing || e.ResourceType == network.ResourceTypeXHR && e.NetworkID == "")
}

// beacon lets it go on, and notes it.
func (d *downloads) beacon(s devtools.Session, e fetch.EventRequestPaused) {
	devtools.Send(s, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: e.RequestID})
	text := ""
	for _, p := range e.Request.PostDataEntries {
		text += string(p.Bytes)
	}
	d.journal.Note(evidence.ByPage, "beacon", "%s %s %q", e.Request.Method, e.Request.URL, journal.Cut(text, maxBeacon))
	d.mu.Lock()
	d.beacons = append(d.beacons, beacon{string(e.NetworkID), e.Request.URL})
	d.mu.Unlock()
}

// maxBeacon bounds what is noted of what a beacon says, in characters.
const maxBeacon = 2000

// NameBeacons names those of which nothing else was told, and whose answers are not among those that only the wire knows, which recorded has.
func (d *downloads) NameBeacons(recorded *Recorder) {
	answers := recorded.ledger.silent()
	d.mu.Lock()
	list := d.beacons
	d.beacons = nil
	d.mu.Unlock()
	for _, b := range list {
		switch {
		case d.ledger.knows(b.id):
		case answers[b.url] > 0:
			answers[b.url]--
		default:
			d.journal.Miss(b.url, evidence.BeaconUnanswered.With())
		}
	}
}

// silent counts the exchanges that only the wire knows, by address.
func (l *ledger) silent() map[string]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := map[string]int{}
	for _, h := range l.order {
		if h.ID == "" && h.onWire {
			out[h.URL]++
		}
	}
	return out
}

// knows reports whether anything was told of a request.
func (l *ledger) knows(id string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.chains[id] != nil
}
