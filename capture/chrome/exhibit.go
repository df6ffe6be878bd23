package chrome

import (
	"slices"

	"yuzheng/capture/chrome/journal"
	"yuzheng/capture/chrome/keep"
	"yuzheng/casefile/evidence"
)

// exhibit gives a recorder for one exhibit of an interactive session, over the same guard and the same certificates: it takes what the session's own
// has handed on.
func (r *exchanges) exhibit(j *journal.Journal, k *keep.Keeper, h hooks) *exchanges {
	x := newExchanges(exchangeOptions{r.now, r.limits, r.guard, j, k}, h)
	x.chains = r.chains
	return x
}

// put archives a whole exchange, which is the caller's own copy.
func (r *exchanges) put(h *hop) {
	r.ledger.mu.Lock()
	r.ledger.order = append(r.ledger.order, h)
	r.ledger.mu.Unlock()
	r.keep(h)
}

// takes counts n bytes as taken, and reports whether there is room for them. What is not kept takes no room.
func (r *exchanges) takes(n int64) bool {
	if limit := r.limits.Bytes; limit > 0 && r.taken.Add(n) > limit {
		r.taken.Add(-n)
		return false
	}
	return true
}

// emptied says that what was taken has been handed on: there is room again.
func (r *exchanges) emptied() { r.taken.Store(0) }

// moveSockets gives what WebSockets have said so far to another recorder, each with its handshake. Unsearched gives how many messages, of which it is
// given copies, could not be searched.
func (r *exchanges) moveSockets(to *exchanges, search func(address string, list []evidence.SocketMessage) (lost int)) {
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
		k.frames, k.size, k.told = nil, 0, k.hop.answered
		if k.closed {
			delete(r.beside.sockets, id)
		}
	}
	r.beside.mu.Unlock()
	for _, k := range to.beside.sockets {
		if search(k.hop.URL, k.frames) > 0 {
			to.journal.Miss(k.hop.URL, unsearched)
		}
	}
	to.closeSockets()
}

// handshakes are those of the sockets that are known.
func (r *exchanges) handshakes() (list []*hop) {
	r.beside.mu.Lock()
	defer r.beside.mu.Unlock()
	for _, k := range r.beside.sockets {
		list = append(list, k.hop)
	}
	return list
}

// unsettled reports whether the end of a request has been told and its exchange is not yet whole.
func (r *exchanges) unsettled() bool {
	r.ledger.mu.Lock()
	defer r.ledger.mu.Unlock()
	return slices.ContainsFunc(r.ledger.order, func(h *hop) bool { return h.done && !h.sealed })
}

// unended are copies of the exchanges that are not yet whole.
func (r *exchanges) unended() []hop {
	r.ledger.mu.Lock()
	defer r.ledger.mu.Unlock()
	var out []hop
	for _, h := range r.ledger.order {
		if !h.sealed {
			out = append(out, *h)
		}
	}
	return out
}

// forget lets go of exchanges of which nothing more is to come.
func (r *exchanges) forget(hops []*hop) {
	gone := map[*hop]bool{}
	for _, h := range hops {
		gone[h] = true
	}
	r.ledger.mu.Lock()
	defer r.ledger.mu.Unlock()
	r.ledger.order = slices.DeleteFunc(r.ledger.order, func(h *hop) bool { return gone[h] })
	for id, t := range r.ledger.threads {
		if len(t.hops) > 0 && !slices.ContainsFunc(t.hops, func(h *hop) bool { return !gone[h] }) {
			delete(r.ledger.threads, id)
		}
	}
}
