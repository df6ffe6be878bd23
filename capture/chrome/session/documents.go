package session

import (
	"slices"

	"yuzheng/capture/chrome/exchange"
)

// documents are the main documents of the tabs that a person may come back to, by the id of their request.
type documents struct {
	hops  map[string]*exchange.Exchange
	order []string
	size  int64
}

// maxDocuments bounds what is kept of them, in bytes.
const maxDocuments = 64 << 20

func newDocuments() documents { return documents{hops: map[string]*exchange.Exchange{}} }

func (d *documents) keep(h *exchange.Exchange) {
	if d.hops[h.ID] == nil {
		d.order = append(d.order, h.ID)
	} else {
		d.size -= int64(len(d.hops[h.ID].Body))
	}
	own := *h
	d.hops[h.ID] = &own
	for d.size += int64(len(h.Body)); d.size > maxDocuments && len(d.order) > 1; d.order = d.order[1:] {
		d.size -= int64(len(d.hops[d.order[0]].Body))
		delete(d.hops, d.order[0])
	}
}

// latest is the id of the last document of a frame, or of any where no frame is named.
func (d *documents) latest(frame string) string {
	for _, id := range slices.Backward(d.order) {
		if frame == "" || d.hops[id].Frame == frame {
			return id
		}
	}
	return ""
}
