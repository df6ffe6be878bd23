package exchange

import (
	"slices"

	"yuzheng/capture/chrome/journal"
	"yuzheng/capture/chrome/keep"
	"yuzheng/casefile/evidence"
)

// Exhibit gives a recorder for one exhibit of an interactive session, over the same guard and the same certificates: it takes what the session's own
// has handed on.
func (r *Recorder) Exhibit(j *journal.Journal, k *keep.Keeper, h Hooks) *Recorder {
	x := New(Options{r.now, r.limits, r.network, j, k}, h)
	x.chains = r.chains
	return x
}

// Put archives a whole exchange, which is the caller's own copy.
func (r *Recorder) Put(h *Exchange) {
	r.ledger.mu.Lock()
	r.ledger.order = append(r.ledger.order, h)
	r.ledger.mu.Unlock()
	r.keep(h)
}

// Takes counts n bytes as taken, and reports whether there is room for them. What is not kept takes no room.
func (r *Recorder) Takes(n int64) bool {
	if limit := r.limits.Bytes; limit > 0 && r.taken.Add(n) > limit {
		r.taken.Add(-n)
		return false
	}
	return true
}

// Emptied says that what was taken has been handed on: there is room again.
func (r *Recorder) Emptied() { r.taken.Store(0) }

// MoveSockets gives what WebSockets have said so far to another recorder, each with its handshake. Clean may change what was said.
func (r *Recorder) MoveSockets(to *Recorder, clean func(address string, list []evidence.SocketMessage)) {
	for _, h := range r.handshakes() {
		r.witness(h)
	}
	r.beside.mu.Lock()
	for id, k := range r.beside.sockets {
		if k.told && len(k.frames) == 0 {
			continue
		}
		handshake := *k.hop
		to.beside.sockets[id] = &socket{hop: &handshake, frames: k.frames}
		k.frames, k.size, k.told = nil, 0, k.hop.Answered
		if k.closed {
			delete(r.beside.sockets, id)
		}
	}
	r.beside.mu.Unlock()
	for _, k := range to.beside.sockets {
		clean(k.hop.URL, k.frames)
	}
	to.closeSockets()
}

// handshakes are those of the sockets that are known.
func (r *Recorder) handshakes() (list []*Exchange) {
	r.beside.mu.Lock()
	defer r.beside.mu.Unlock()
	for _, k := range r.beside.sockets {
		list = append(list, k.hop)
	}
	return list
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
func (r *Recorder) Forget(hops []*Exchange) {
	gone := map[*Exchange]bool{}
	for _, h := range hops {
		gone[h] = true
	}
	r.ledger.mu.Lock()
	defer r.ledger.mu.Unlock()
	r.ledger.order = slices.DeleteFunc(r.ledger.order, func(h *Exchange) bool { return gone[h] })
	for id, t := range r.ledger.threads {
		if len(t.hops) > 0 && !slices.ContainsFunc(t.hops, func(h *Exchange) bool { return !gone[h] }) {
			delete(r.ledger.threads, id)
		}
	}
}
