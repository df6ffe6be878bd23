package exchange

import (
	"mime"
	"slices"
	"time"
)

// stir begins the silence anew: something was done that may bring requests.
func (l *ledger) stir() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.touched = l.now()
}

// quiet reports how long nothing has happened while nothing was in flight. What has been open longer than patience
// (a stream, a long poll) no longer counts.
func (l *ledger) quiet(patience time.Duration) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	for h, since := range l.open {
		if !h.Stream() && now.Sub(since) < patience {
			return 0
		}
	}
	return now.Sub(l.touched)
}

// Stream reports whether an answer goes on as long as its server likes.
func (h *Exchange) Stream() bool { return h.Kind == "eventsource" || h.mixed() }

// mixed reports whether an answer is a picture that one after the other takes the place of: of its end the browser tells nothing.
func (h *Exchange) mixed() bool {
	media, _, _ := mime.ParseMediaType(Header(h.ResponseHeader, "Content-Type"))
	return media == "multipart/x-mixed-replace"
}

// underway lists what may still change the page: asked for, and no whole answer to it. Streams and films go on for ever and beacons change nothing.
func (l *ledger) underway() (list []*Exchange) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for h := range l.open {
		if !h.Stream() && !slices.Contains([]string{"media", "ping", "prefetch"}, h.Kind) {
			list = append(list, h)
		}
	}
	return list
}
