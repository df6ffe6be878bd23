package session

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/target"

	"yuzheng/capture/chrome/exchange"
	"yuzheng/capture/chrome/exhibit"
	"yuzheng/capture/chrome/guard/wire"
	"yuzheng/casefile/evidence"
)

// maxHeld bounds the exchanges between two exhibits.
const maxHeld = 100_000

// hold keeps a whole exchange until an exhibit takes it.
func (s *Session) hold(h *exchange.Exchange) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.typed.sent(&h.Exchange)
	if s.tooMuch(h) {
		return
	}
	s.held = append(s.held, h)
	if h.Kind != "document" || h.Moved || h.Download || !h.Answered {
		return
	}
	if origin := exchange.Origin(h.URL); !slices.Contains(s.origins, origin) && len(s.origins) < maxOrigins {
		s.origins = append(s.origins, origin)
	}
	if s.byTarget(target.ID(h.Frame)) != nil {
		s.documents.keep(h)
	}
}

// tooMuch reports whether there is no more room for an exchange, and takes what is too long for the room from it. It is called under mu.
func (s *Session) tooMuch(h *exchange.Exchange) bool {
	limit := s.Live.Request.Limits.Bytes
	if n := int64(len(h.RequestBody)); n > 0 && !s.Live.Exchanges.Takes(n) {
		s.Live.Journal.Limit("bytes", evidence.LimitHeldBytes.With(limit))
		h.RequestBody, h.Lost = nil, evidence.RequestBodyTooLong.With()
		h.Truncated = h.Lost.String()
	}
	if len(s.held) < maxHeld {
		return false
	}
	s.Live.Journal.Limit("exchanges", evidence.LimitExchanges.With(maxHeld))
	s.Live.Journal.Miss("exchanges", evidence.ExchangesLeftOut.With(maxHeld))
	s.past = append(s.past, h)
	return true
}

// bodiesTime is how long an exhibit waits for answers that have come and whose bodies are still being fetched.
const bodiesTime = 10 * time.Second

// settled waits until every answer that has come is whole.
func (s *Session) settled(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, bodiesTime)
	defer cancel()
	pace := time.NewTicker(exhibit.Tick)
	defer pace.Stop()
	for s.Live.Exchanges.Unsettled() {
		select {
		case <-pace.C:
		case <-s.Live.Context.Gone():
			return
		case <-ctx.Done():
			return
		}
	}
}

// gatherExchanges puts the exchanges since the last exhibit into this one, the document of the page last. What is still open is named, and
// stands in the next exhibit.
func (s *Session) gatherExchanges(x *exhibit.Exhibit, front *tab) {
	s.mu.Lock()
	held := s.held
	s.held = nil
	id := cmp.Or(front.document, s.documents.latest(string(front.session.Target)))
	document := s.documents.hops[id]
	past := s.past
	s.past = held
	s.mu.Unlock()
	x.Segment.Carried = document != nil
	for _, h := range held {
		if h.ID == id && !h.Moved && document != nil {
			x.Segment.Carried = false
			continue
		}
		s.put(x, h, id)
	}
	if document != nil {
		x.Page.Frame = cdp.FrameID(document.Frame)
		s.put(x, document, id)
	}
	if x.Segment.Carried {
		x.Journal.Warn(evidence.DocumentBefore.With(document.Started.Format(time.RFC3339)))
	}
	s.nameOpen(x)
	s.Live.Exchanges.Forget(past)
}

// put archives a copy of an exchange. The documents of other pages are none of this page's.
func (s *Session) put(x *exhibit.Exhibit, h *exchange.Exchange, document string) {
	own := *h
	if own.ID != document {
		own.Frame = ""
	}
	x.Exchanges.Put(&own)
}

// nameOpen names what has been asked for and has not come to its end.
func (s *Session) nameOpen(x *exhibit.Exhibit) {
	for _, h := range s.Live.Exchanges.Unended() {
		if url := exhibit.Masked(x.Cleaner.Secrets(), h.URL); h.Stream() {
			x.Journal.Warn(evidence.StreamOpen.With(url))
		} else {
			x.Journal.Miss(url, evidence.StillOpenNext.With())
		}
	}
}

// putBack undoes gatherExchanges: a sink that did not keep what it was given has none of it.
func (s *Session) putBack() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held, s.past = append(s.past, s.held...), nil
	s.number--
}

// gatherSilent puts what only the wire knows into this exhibit. What the browser is still to tell of is left for it.
func (s *Session) gatherSilent(x *exhibit.Exhibit) {
	open := map[string]bool{}
	for _, h := range s.Live.Exchanges.Unended() {
		open[h.Method+" "+exchange.OnWireURL(h.URL)] = true
	}
	x.Exchanges.RecordSilent(func(e wire.Exchange) bool { return !e.Ended.IsZero() && !open[e.Method+" "+e.URL()] })
	x.MarkOwnHops()
	s.Live.Exchanges.Downloads.NameBeacons(x.Exchanges)
}

// gatherRest takes downloads, the console, and what was missed and warned of.
func (s *Session) gatherRest(x *exhibit.Exhibit, now time.Time) {
	j := s.Live
	for _, f := range s.shelf.take() {
		x.Keeper.Put(f.name, f.media, f.body)
	}
	x.Journal.Move(j.Journal)
	x.Console.Put(j.Console.Take(s.since, now))
	j.Exchanges.Emptied()
	x.Cleaner.Page(x)
}

// gather puts together what was done since the last exhibit, by whomever, in the order in which it was done. It goes to the log, and is given for
// the exhibit.
func (s *Session) gather(more []evidence.Act) []evidence.Act {
	list := append(s.Live.Journal.TakeActions(), more...)
	s.mu.Lock()
	defer s.mu.Unlock()
	list = append(list, s.acts...)
	s.acts = nil
	slices.SortStableFunc(list, func(a, b evidence.Act) int { return a.At.Compare(b.At) })
	s.log = append(s.log, list...)
	return list
}

// fresh are the contacts that no earlier exhibit of the session has told.
func (s *Session) fresh(list []evidence.Contact) []evidence.Contact {
	var out []evidence.Contact
	for _, c := range list {
		if c.Reason == "page" {
			key := c.Host + " " + c.Address
			c.Count, s.contacts[key] = c.Count-s.contacts[key], c.Count
		}
		if c.Count > 0 {
			out = append(out, c)
		}
	}
	return out
}
