package chrome

import "sync"

// queue hands events on without ever holding up who brings them.
type queue struct {
	mu    sync.Mutex
	items []event
	ended bool
	news  chan struct{}
	marks []chan struct{}

	drained bool // ended, and everything handled
}

func newQueue() *queue { return &queue{news: make(chan struct{}, 1)} }

func (q *queue) push(e event) {
	q.mu.Lock()
	q.items = append(q.items, e)
	q.mu.Unlock()
	q.wake()
}

func (q *queue) end() {
	q.mu.Lock()
	q.ended = true
	q.mu.Unlock()
	q.wake()
}

func (q *queue) wake() {
	select {
	case q.news <- struct{}{}:
	default:
	}
}

// through gives a channel that is closed once everything pushed so far has been handled.
func (q *queue) through() <-chan struct{} {
	done := make(chan struct{})
	q.mu.Lock()
	if q.drained {
		close(done)
	} else {
		q.marks = append(q.marks, done)
	}
	q.mu.Unlock()
	q.wake()
	return done
}

func (q *queue) drain(handle func(event)) {
	for range q.news {
		q.mu.Lock()
		items, ended, marks := q.items, q.ended, q.marks
		q.items, q.marks = nil, nil
		q.drained = ended
		q.mu.Unlock()
		for _, e := range items {
			handle(e)
		}
		for _, m := range marks {
			close(m)
		}
		if ended {
			return
		}
	}
}
