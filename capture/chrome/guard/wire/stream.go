package wire

import (
	"sync"
)

// stream is one direction of a connection as a Reader. Who feeds it never waits. While its reader has not read everything, or is not waiting for
// more, its log counts it as busy; not while it waits for what the other direction has not said yet, which may be never.
type stream struct {
	log *Log

	mu      sync.Mutex
	more    *sync.Cond
	parts   [][]byte
	ended   error
	left    bool // nobody reads any more
	counted bool // as busy
	parked  bool // its reader waits for the other direction
}

func newStream(l *Log) *stream {
	s := &stream{log: l}
	s.more = sync.NewCond(&s.mu)
	s.count(true)
	return s
}

// feed adds a copy of bytes.
func (s *stream) feed(p []byte) {
	if len(p) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.left || s.ended != nil {
		return
	}
	s.parts = append(s.parts, append([]byte(nil), p...))
	s.count(!s.parked)
	s.more.Signal()
}

// park says that the reader waits for the other direction.
func (s *stream) park() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.left {
		s.parked = true
		s.count(false)
	}
}

// unpark says that the other direction has gone on.
func (s *stream) unpark() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.parked {
		s.parked = false
		s.count(true)
	}
}

// end says that no more will come: with io.EOF on account of who sends it, otherwise because the connection was cut. Only the first end counts.
func (s *stream) end(why error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended == nil {
		s.ended = why
	}
	s.more.Signal()
}

// leave says that nobody reads any more.
func (s *stream) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left, s.parts = true, nil
	s.count(false)
}

// Read implements io.Reader.
func (s *stream) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.parts) == 0 {
		if s.ended != nil {
			return 0, s.ended
		}
		s.count(false)
		s.more.Wait()
	}
	n := copy(p, s.parts[0])
	if n == len(s.parts[0]) {
		s.parts[0] = nil
		s.parts = s.parts[1:]
	} else {
		s.parts[0] = s.parts[0][n:]
	}
	return n, nil
}

// count keeps the log's number of busy directions. It is called under mu.
func (s *stream) count(busy bool) {
	if s.counted == busy {
		return
	}
	s.counted = busy
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	if busy {
		s.log.busy++
		return
	}
	if s.log.busy--; s.log.busy == 0 {
		s.log.news.Broadcast()
	}
}
