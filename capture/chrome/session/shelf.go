package session

import (
	"bytes"
	"errors"
	"sync"

	"yuzheng/capture"
)

// errNoRoom ends a download for which there is no room in memory before the next exhibit.
var errNoRoom = errors.New("no more room before the next exhibit")

// shelf is a sink that keeps what is closed in memory, until an exhibit takes it.
type shelf struct {
	room int64 // bytes that are still free

	mu   sync.Mutex
	kept []shelved
}

type shelved struct {
	name, media string
	body        []byte
}

// Create implements capture.Sink.
func (s *shelf) Create(name, media string) (capture.Writer, error) {
	return &shelfFile{shelf: s, name: name, media: media}, nil
}

// take gives what is there, and frees its room.
func (s *shelf) take() []shelved {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := s.kept
	s.kept = nil
	for _, f := range kept {
		s.room += int64(len(f.body))
	}
	return kept
}

type shelfFile struct {
	bytes.Buffer
	shelf       *shelf
	name, media string
}

// Write implements io.Writer.
func (f *shelfFile) Write(p []byte) (int, error) {
	f.shelf.mu.Lock()
	defer f.shelf.mu.Unlock()
	if f.shelf.room < int64(len(p)) {
		return 0, errNoRoom
	}
	f.shelf.room -= int64(len(p))
	return f.Buffer.Write(p)
}

// Cut implements capture.Writer.
func (f *shelfFile) Cut() {}

// Close implements io.Closer.
func (f *shelfFile) Close() error {
	f.shelf.mu.Lock()
	defer f.shelf.mu.Unlock()
	f.shelf.kept = append(f.shelf.kept, shelved{f.name, f.media, f.Bytes()})
	return nil
}
