package chrome

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/chromedp/cdproto/network"
)

// bodies is how many are fetched at the same time. Large ones go one by one, so that memory does not follow the page.
const (
	bodies    = 6
	largeBody = 8 << 20
	bodyTime  = 60 * time.Second
)

// fetch gets the body of a finished request and settles it. It is called by the ledger under its lock.
func (j *job) fetch(t *thread, h *hop) {
	if reason := j.unfetched(h); reason != "" {
		j.work.Go(func() { j.ledger.settle(t, h, nil, reason) })
		return
	}
	if bodiless(h) {
		j.work.Go(func() { j.ledger.settle(t, h, nil, "") })
		return
	}
	sessions := append([]session(nil), t.sessions...)
	length := h.length
	j.work.Go(func() {
		release := j.slot(length)
		defer release()
		body, err := j.bodyOf(sessions, t.id)
		switch {
		case err == nil:
			j.ledger.settle(t, h, body, "")
		case length == 0:
			j.ledger.settle(t, h, nil, "")
		default:
			j.ledger.settle(t, h, nil, "body not given by the browser: "+err.Error())
		}
	})
}

// slot waits for a place; a large body takes all of them.
func (j *job) slot(length int64) (release func()) {
	n := int64(1)
	if length > largeBody {
		n = bodies
	}
	if j.slots.Acquire(context.Background(), n) != nil {
		panic("chrome: slots cannot be refused")
	}
	return func() { j.slots.Release(n) }
}

// unfetched says which limit keeps a body from being recorded, if one does.
func (j *job) unfetched(h *hop) string {
	limits := j.req.Limits
	if limits.Body > 0 && h.length > limits.Body {
		j.journal.limit("body", "%s is longer than %d bytes", h.URL, limits.Body)
		return fmt.Sprintf("limit: longer than %d bytes", limits.Body)
	}
	if limits.Bytes > 0 && j.taken.Add(h.length) > limits.Bytes {
		j.journal.limit("bytes", "the bodies together are longer than %d bytes", limits.Bytes)
		return fmt.Sprintf("limit: all bodies together longer than %d bytes", limits.Bytes)
	}
	return ""
}

// bodiless reports whether an answer has no body by its nature (RFC 9110, 6.4.1).
func bodiless(h *hop) bool {
	return h.Method == "HEAD" || h.Kind == "preflight" || h.Status < 200 || h.Status == 204 || h.Status == 205 || h.Status == 304
}

// bodyOf asks each session that has heard of the request, the last one first: that is where it ended.
func (j *job) bodyOf(sessions []session, id string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), bodyTime)
	defer cancel()
	err := errors.New("no session knows it")
	for i := len(sessions) - 1; i >= 0; i-- {
		for _, s := range append([]session{sessions[i]}, j.twins(sessions[i])...) {
			var r network.GetResponseBodyResult
			r, err = call(ctx, s, network.GetResponseBody, network.GetResponseBodyParams{RequestID: network.RequestID(id)})
			if err == nil {
				return r.Body, nil
			}
		}
	}
	return nil, err
}
