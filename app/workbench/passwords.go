package workbench

import (
	"sync"

	"yuzheng/capture"
	"yuzheng/casefile/evidence"
)

// passwords are those of addresses and proxies that were given in this run of the program, by the address as it is written down. They are in
// memory alone: a page that waits in the queue is asked for with its password while the program runs, and after that without.
type passwords struct {
	mu    sync.Mutex
	given map[string]string
}

// withhold gives a request as it is written down, and remembers what that leaves out.
func (p *passwords) withhold(r evidence.Request) evidence.Request {
	told := capture.Told(r)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.given == nil {
		p.given = map[string]string{}
	}
	for written, whole := range map[string]string{told.URL: r.URL, told.Proxy: r.Proxy} {
		if written != whole {
			p.given[written] = whole
		}
	}
	return told
}

// complete puts back what withhold left out, as far as it was given in this run.
func (p *passwords) complete(r evidence.Request) evidence.Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, address := range []*string{&r.URL, &r.Proxy} {
		if whole, ok := p.given[*address]; ok {
			*address = whole
		}
	}
	return r
}
