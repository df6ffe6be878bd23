package exchange

import "sync"

// maxAhead bounds what is remembered of what was fetched ahead, in bytes, all together.
const maxAhead = 16 << 20

// ahead remembers what the browser fetched ahead (Fetch, "prefetch"): a document that it then shows out of its store is a request of its own, of which
// it gives no bytes. The zero value remembers nothing yet.
type ahead struct {
	mu     sync.Mutex
	bodies map[string][]byte // by address
	size   int
}

// keep takes the whole body of an exchange, if it was fetched ahead and there is room.
func (a *ahead) keep(kind, address string, body []byte) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if kind != "prefetch" || len(body) == 0 || a.size+len(body) > maxAhead {
		return
	}
	if a.bodies == nil {
		a.bodies = map[string][]byte{}
	}
	a.size += len(body) - len(a.bodies[address])
	a.bodies[address] = body
}

// body is what was fetched ahead from an address; nil where nothing was.
func (a *ahead) body(address string) []byte {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.bodies[address]
}
