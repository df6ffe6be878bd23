package netfacts

import (
	"cmp"
	"context"
	"net"
	"slices"
	"sync"

	"yuzheng/casefile/evidence"
)

// The reasons of contacts.
const (
	reasonDNS   = "dns"
	reasonRDAP  = "rdap"
	reasonWHOIS = "whois"
	reasonClock = "clock"
)

// book opens connections and remembers each.
type book struct {
	dial func(ctx context.Context, network, address string) (net.Conn, error)

	mu    sync.Mutex
	count map[evidence.Contact]int
}

func newBook(dial func(context.Context, string, string) (net.Conn, error)) *book {
	return &book{dial: dial, count: map[evidence.Contact]int{}}
}

// open connects to address on behalf of host, and notes the attempt whether or not it succeeds.
func (b *book) open(ctx context.Context, reason, host, network, address string) (net.Conn, error) {
	b.mu.Lock()
	b.count[evidence.Contact{Host: host, Address: address, Reason: reason}]++
	b.mu.Unlock()
	return b.dial(ctx, network, address)
}

func (b *book) list() []evidence.Contact {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := make([]evidence.Contact, 0, len(b.count))
	for c, n := range b.count {
		c.Count = n
		list = append(list, c)
	}
	slices.SortFunc(list, func(x, y evidence.Contact) int {
		return cmp.Or(cmp.Compare(x.Reason, y.Reason), cmp.Compare(x.Host, y.Host), cmp.Compare(x.Address, y.Address))
	})
	return list
}
