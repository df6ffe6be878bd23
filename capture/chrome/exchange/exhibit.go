package exchange

import (
	"slices"

	"yuzheng/capture/chrome/journal"
	"yuzheng/capture/chrome/keep"
)

// ForExhibit gives a recorder for one exhibit of an interactive session, over the same guard and the same certificates: it takes what the session's own
// has handed on.
func (r *Recorder) ForExhibit(j *journal.Journal, k *keep.Keeper, h Hooks) *Recorder {
	x := New(Options{r.now, r.limits, r.network, j, k}, h)
	x.Certificates = r.Certificates
	return x
}

// Put archives a whole exchange, which is the caller's own copy.
func (r *Recorder) Put(h *Exchange) {
	r.ledger.mu.Lock()
	r.ledger.order = append(r.ledger.order, h)
	r.ledger.mu.Unlock()
	r.keep(h)
}

// Unsettled reports whether the end of a request has been told and its exchange is not yet whole.
func (r *Recorder) Unsettled() bool {
	r.ledger.mu.Lock()
	defer r.ledger.mu.Unlock()
	return slices.ContainsFunc(r.ledger.order, func(h *Exchange) bool { return h.done && !h.sealed })
}

// Unended are copies of the exchanges that are not yet whole.
func (r *Recorder) Unended() []Exchange {
	r.ledger.mu.Lock()
	defer r.ledger.mu.Unlock()
	var out []Exchange
	for _, h := range r.ledger.order {
		if !h.sealed {
			out = append(out, *h)
		}
	}
	return out
}

// Forget lets go of exchanges of which nothing more is to come.
func (r *Recorder) Forget(list []*Exchange) {
	gone := map[*Exchange]bool{}
	for _, h := range list {
		gone[h] = true
	}
	r.ledger.mu.Lock()
	defer r.ledger.mu.Unlock()
	r.ledger.order = slices.DeleteFunc(r.ledger.order, func(h *Exchange) bool { return gone[h] })
	for id, t := range r.ledger.chains {
		if len(t.list) > 0 && !slices.ContainsFunc(t.list, func(h *Exchange) bool { return !gone[h] }) {
			delete(r.ledger.chains, id)
		}
	}
}
