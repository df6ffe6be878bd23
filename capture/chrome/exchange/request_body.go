package exchange

import (
	"context"
	"time"

	"github.com/chromedp/cdproto/network"

	"yuzheng/capture/chrome/devtools"
	"yuzheng/casefile/evidence"
)

// postBody asks for a request body that was not in its event.
func (b *bodies) postBody(s devtools.Session, e network.EventRequestWillBeSent) {
	if !e.Request.HasPostData || len(e.Request.PostDataEntries) > 0 {
		return
	}
	answer := s.Start(network.GetRequestPostData.Method, network.GetRequestPostDataParams{RequestID: e.RequestID})
	h := b.ledger.hold(string(e.RequestID))
	b.work.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		got, err := devtools.Wait[network.GetRequestPostDataResult](ctx, network.GetRequestPostData.Method, answer)
		if err != nil {
			b.journal.Warn(evidence.RequestBodyUnread.With(e.Request.URL, err))
		}
		b.ledger.posted(string(e.RequestID), h, got.PostData)
	})
}

// hold keeps an exchange from being archived until its request body is there.
func (l *ledger) hold(id string) *Exchange {
	l.mu.Lock()
	defer l.mu.Unlock()
	if t := l.chains[id]; t != nil && t.last() != nil {
		t.last().held = true
		return t.last()
	}
	return nil
}

func (l *ledger) posted(id string, h *Exchange, body []byte) {
	if h == nil {
		return
	}
	l.mu.Lock()
	if !h.sealed {
		h.RequestBody, h.held = body, false
	}
	t := l.chains[id]
	l.mu.Unlock()
	l.offer(t)
}
