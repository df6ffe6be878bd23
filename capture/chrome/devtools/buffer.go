package devtools

import "sync"

// buffer hands events on in the order in which they came, without ever holding up who brings them. It grows as long as they are not handled.
type buffer struct {
	mu    sync.Mutex
	items []Event
	ended bool
	news  chan struct{}
	marks []chan struct{}

	drained bool // ended, and everything handled
}

func newBuffer() *buffer { return &buffer{news: make(chan struct{}, 1)} }

func (b *buffer) push(e Event) {
	b.mu.Lock()
	b.items = append(b.items, e)
	b.mu.Unlock()
	b.wake()
}

func (b *buffer) end() {
	b.mu.Lock()
	b.ended = true
	b.mu.Unlock()
	b.wake()
}

func (b *buffer) wake() {
	select {
	case b.news <- struct{}{}:
	default:
	}
}

// through gives a channel that is closed once everything pushed so far has been handled.
func (b *buffer) through() <-chan struct{} {
	done := make(chan struct{})
	b.mu.Lock()
	if b.drained {
		close(done)
	} else {
		b.marks = append(b.marks, done)
	}
	b.mu.Unlock()
	b.wake()
	return done
}

func (b *buffer) drain(handle func(Event)) {
	for range b.news {
		items, marks, ended := b.take()
		for _, e := range items {
			handle(e)
		}
		closeAll(marks)
		if ended {
			closeAll(b.finish())
			return
		}
	}
}

func (b *buffer) take() (items []Event, marks []chan struct{}, ended bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	items, marks = b.items, b.marks
	b.items, b.marks = nil, nil
	return items, marks, b.ended
}

// finish says that everything has been handled, and gives the marks that were set while the last events were.
func (b *buffer) finish() []chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.drained = true
	return b.marks
}

func closeAll(marks []chan struct{}) {
	for _, m := range marks {
		close(m)
	}
}
