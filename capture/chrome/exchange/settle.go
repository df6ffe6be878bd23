package exchange

import (
	"strings"

	"yuzheng/casefile/evidence"
)

// giveUp ends what is still open, with what has come of it so far.
func (l *ledger) giveUp(reason evidence.Remark) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, t := range l.chains {
		h := t.last()
		if h == nil || h.done || !h.Answered {
			continue
		}
		h.abandoned, h.Lost, h.Truncated = true, reason, reason.String()
		l.finish(h)
		l.fetch(t, h)
	}
}

// settle ends the fetch of a body.
func (l *ledger) settle(t *requestChain, h *Exchange, body []byte, lost evidence.Remark) {
	l.mu.Lock()
	if h.sealed {
		l.mu.Unlock()
		return
	}
	h.Body, h.body = body, true
	if !lost.Silent() {
		h.Lost, h.Truncated = lost, lost.String()
	}
	l.mu.Unlock()
	l.offer(t)
}

// settleWhole ends the fetch of a body that was read whole from the wire, whatever the browser made of it.
func (l *ledger) settleWhole(t *requestChain, h *Exchange, body []byte) {
	l.mu.Lock()
	if !h.sealed {
		h.abandoned, h.Lost, h.Truncated = false, evidence.Remark{}, ""
	}
	l.mu.Unlock()
	l.settle(t, h, body, evidence.Remark{})
}

// settleFromBrowser ends the fetch of a body that the browser gave. A document that was left before its end was told (a page that sends its
// visitor on) is whole all the same if everything announced is there.
func (l *ledger) settleFromBrowser(t *requestChain, h *Exchange, body []byte, wire int64) {
	l.mu.Lock()
	if h.abandoned && !h.sealed && h.whole(int64(len(body)), wire) {
		h.abandoned, h.Lost, h.Truncated = false, evidence.Remark{}, ""
	}
	l.mu.Unlock()
	l.settle(t, h, body, evidence.Remark{})
}

// offer hands every exchange that is whole to the archive, once.
func (l *ledger) offer(t *requestChain) {
	l.mu.Lock()
	var ready []*Exchange
	for _, h := range t.list {
		if h.done && h.body && !h.sealed && !h.held && (h.onWire || !h.extra || h.raw == 2) {
			h.sealed = true
			l.secure(h)
			ready = append(ready, h)
		}
	}
	l.mu.Unlock()
	for _, h := range ready {
		l.keep(h)
	}
}

// secure fills in what is known of a connection from another answer over it.
func (l *ledger) secure(h *Exchange) {
	if !h.Answered || h.FromCache || h.ServiceWorker || h.Own != "" || !strings.HasPrefix(h.URL, "https:") {
		return
	}
	if h.TLS == nil {
		h.TLS = l.tls[h.connection]
	}
	switch {
	case !h.onWire:
	case h.TLS != nil:
		l.lines[h.said.Line] = h.TLS
	case l.lines[h.said.Line] != nil:
		h.TLS = l.lines[h.said.Line]
	default:
		h.TLS = tlsOnWire(h.said)
	}
}

// hollow marks an answer whose bytes came, and of which the browser then gave none: what a service worker passes on unread.
func (l *ledger) hollow(h *Exchange) {
	l.mu.Lock()
	defer l.mu.Unlock()
	h.hollow = true
}

// close hands on everything that is left, with the reason why it is not whole.
func (l *ledger) close(reason evidence.Remark) {
	l.mu.Lock()
	var rest []*Exchange
	for _, h := range l.order {
		if h.sealed {
			continue
		}
		h.sealed = true
		l.secure(h)
		if !h.done {
			h.done = true
			h.abandoned, h.Lost = true, reason
			if h.Answered {
				h.Truncated = reason.String()
			} else {
				h.Failed = reason.String()
			}
			delete(l.open, h)
		}
		rest = append(rest, h)
	}
	l.mu.Unlock()
	for _, h := range rest {
		l.keep(h)
	}
}
