package exchange

import (
	"context"
	"errors"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/chromedp/cdproto/network"
	"golang.org/x/sync/semaphore"
	"golang.org/x/text/encoding/htmlindex"

	"yuzheng/capture/chrome/devtools"
	"yuzheng/casefile/evidence"
)

// fetches is how many bodies are fetched at the same time. Large ones go one by one, so that memory does not follow the page.
const (
	fetches   = 6
	largeBody = 8 << 20
	bodyTime  = 60 * time.Second
)

// bodies gets what the exchanges held: from the wire where it could be read, from the browser where not.
type bodies struct {
	*core
	wires *wires
	slots *semaphore.Weighted
	taken atomic.Int64 // bytes, all together
	ahead ahead
}

// fetch gets the body of a finished request and settles it. It is called by the ledger under its lock.
func (b *bodies) fetch(t *requestChain, h *Exchange) {
	if reason := b.unfetched(h); !reason.Silent() {
		b.work.Go(func() { b.wires.witness(h); b.ledger.settle(t, h, nil, reason) })
		return
	}
	if bodiless(h) || h.Moved || h.Failed != "" {
		b.work.Go(func() { b.unshown(t, h) })
		return
	}
	sessions, kind, prefetched := append([]devtools.Session(nil), t.sessions...), h.Kind, h.prefetched
	told, wire, length, charset, empty := h.length, h.wire, h.size(), h.charset, h.empty() || !h.Lost.Silent()
	var lost evidence.Remark
	if h.Lost.Silent() {
		lost = evidence.BrokeOff.With()
	}
	b.work.Go(func() {
		release := b.slot(length)
		defer release()
		b.wires.witness(h)
		body, part, ok := b.wires.body(h)
		if ok {
			b.ahead.keep(kind, h.URL, body)
			b.ledger.settleWhole(t, h, body)
			return
		}
		if h.onWire && bodiless(h) || h.Own != "" {
			b.ledger.settle(t, h, nil, evidence.Remark{}) // the browser has what it had before, or what it made itself
			return
		}
		body, err := b.bodyOf(sessions, t.id, charset, told)
		if known := b.ahead.body(h.URL); err != nil && prefetched && known != nil {
			body, err = known, nil // the browser gives the bytes of what it had fetched ahead under that request alone
		}
		switch {
		case len(part) > len(body):
			b.ledger.settle(t, h, part, lost) // a stream, of whose messages the browser gives none, or what it gave up
		case err == nil:
			if len(body) == 0 && !empty {
				b.ledger.hollow(h)
			}
			b.ledger.settleFromBrowser(t, h, body, wire)
		case empty:
			b.ledger.settle(t, h, nil, evidence.Remark{})
		default:
			b.ledger.settle(t, h, nil, evidence.BodyNotGiven.With(err))
		}
	})
}

// redirectTime is how long what stands beside a redirect may take to come: the browser goes on as soon as it knows where.
const redirectTime = 5 * time.Second

// unshown settles an exchange whose body the browser gives nobody: there is none, a redirect's, or one that the page was kept from.
func (b *bodies) unshown(t *requestChain, h *Exchange) {
	b.wires.witness(h)
	if h.Moved && h.onWire {
		b.network.Wire().Finished(h.said, redirectTime)
	}
	body, part, ok := b.wires.body(h)
	if ok {
		b.ledger.settleWhole(t, h, body)
		return
	}
	b.ledger.mu.Lock()
	lost := h.Lost
	if h.Moved && len(part) > 0 {
		h.Truncated = evidence.Sentence(evidence.BodyCutByBrowser)
	}
	b.ledger.mu.Unlock()
	b.ledger.settle(t, h, part, lost)
}

// slot waits for a place; a large body takes all of them.
func (b *bodies) slot(length int64) (release func()) {
	n := int64(1)
	if length > largeBody {
		n = fetches
	}
	if b.slots.Acquire(context.Background(), n) != nil {
		panic("exchange: slots cannot be refused")
	}
	return func() { b.slots.Release(n) }
}

// unfetched says which limit keeps a body from being recorded, if one does.
func (b *bodies) unfetched(h *Exchange) evidence.Remark {
	limits := b.limits
	if b.tooLong(h, h.size()) {
		return evidence.BodyTooLong.With(limits.Body)
	}
	if !b.takes(h.size()) {
		b.journal.Limit("bytes", evidence.LimitBodies.With(limits.Bytes))
		return evidence.BodyOverAll.With(limits.Bytes)
	}
	return evidence.Remark{}
}

// tooLong reports whether so many bytes are more than a body may have, and tells it: of one that goes on, as soon as it is known.
func (b *bodies) tooLong(h *Exchange, size int64) bool {
	limit := b.limits.Body
	if h == nil || limit <= 0 || size <= limit {
		return false
	}
	b.journal.Limit("body", evidence.LimitBody.With(h.URL, limit))
	return true
}

// size is how long a body is, as far as Chrome has told: its bytes, or else what came over the network for it.
func (h *Exchange) size() int64 { return max(h.length, h.encoded, h.announced()) }

// announced is the Content-Length, or -1 where there is none.
func (h *Exchange) announced() int64 {
	n, err := strconv.ParseInt(Header(h.ResponseHeader, "Content-Length"), 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// whole reports whether so many bytes are all that was announced: the body itself, or its encoded form on the wire.
func (h *Exchange) whole(body, wire int64) bool {
	n := h.announced()
	return n > 0 && (wire == n || body == n && Header(h.ResponseHeader, "Content-Encoding") == "")
}

// fewBytes is less than an answer with a body and its head takes.
const fewBytes = 2048

// empty reports whether an answer that Chrome has no body of had none: it says so, nobody waited for it, or next to nothing came.
func (h *Exchange) empty() bool {
	if n := h.announced(); n >= 0 {
		return n == 0 || h.Kind == "ping" || h.Kind == "cspviolationreport"
	}
	return h.length == 0 && h.encoded < fewBytes
}

// bodiless reports whether an answer has no body by its nature (RFC 9110, 6.4.1).
func bodiless(h *Exchange) bool {
	return h.Method == "HEAD" || h.Kind == "preflight" || h.Status < 200 || h.Status == 204 || h.Status == 205 || h.Status == 304
}

// bodyOf asks each session that has heard of the request, the last one first: that is where it ended.
func (b *bodies) bodyOf(sessions []devtools.Session, id, charset string, length int64) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), bodyTime)
	defer cancel()
	err := errors.New("no session knows it")
	for i := len(sessions) - 1; i >= 0; i-- {
		for _, s := range append([]devtools.Session{sessions[i]}, b.hooks.Twins(sessions[i])...) {
			var got network.GetResponseBodyResult
			got, err = devtools.Call(ctx, s, network.GetResponseBody, network.GetResponseBodyParams{RequestID: network.RequestID(id)})
			if err != nil {
				continue
			}
			if got.Base64encoded {
				return got.Body, nil
			}
			return original(got.Body, charset, length)
		}
	}
	return nil, err
}

var errDecoded = errors.New("only as text that the browser decoded, not as the bytes that came")

// original gives the bytes that a text was before an ordinary session decoded it: as many as came. Durable messages are UTF-8
// only where the bytes were.
func original(text []byte, charset string, length int64) ([]byte, error) {
	if length == 0 || int64(len(text)) == length {
		return text, nil
	}
	const mark = "\xef\xbb\xbf" // U+FEFF, which a decoder takes off
	if int64(len(text)+len(mark)) == length {
		return append([]byte(mark), text...), nil
	}
	e, err := htmlindex.Get(charset)
	if err != nil {
		return nil, errDecoded
	}
	bytes, err := e.NewEncoder().Bytes(text)
	if err != nil || int64(len(bytes)) != length {
		return nil, errDecoded
	}
	return bytes, nil
}

// takes counts n bytes as taken, and reports whether there is room for them. What is not kept takes no room.
func (b *bodies) takes(n int64) bool {
	if limit := b.limits.Bytes; limit > 0 && b.taken.Add(n) > limit {
		b.taken.Add(-n)
		return false
	}
	return true
}
