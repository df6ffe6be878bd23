package vault

import (
	"fmt"
	"sync/atomic"

	"github.com/awnumar/memcall"
)

// room is what the keys of one case take: one page of every system.
const room = 4096

// Memory holds the keys of one open case outside the heap: it is not swapped out and stands in no dump, where the system allows that, and it is
// wiped when the case is closed. What libraries make of a key for themselves (the round keys of AES, age's own copies) is not in it.
type Memory struct {
	page  []byte
	used  int
	wiped atomic.Bool
}

// NewMemory takes a page from the system. That it may not be locked, as where a user may lock nothing, is no error.
func NewMemory() (*Memory, error) {
	page, err := memcall.Alloc(room)
	if err != nil {
		return nil, fmt.Errorf("memory for keys: %w", err)
	}
	_ = memcall.Lock(page)
	return &Memory{page: page}, nil
}

// Keep moves a key into the memory: what it is given is wiped.
func (m *Memory) Keep(key []byte) []byte {
	kept := m.page[m.used : m.used+len(key) : m.used+len(key)]
	m.used += copy(kept, key)
	clear(key)
	return kept
}

// Wipe makes everything in it zeros. The page stays, so that who comes late reads zeros and nothing beyond.
func (m *Memory) Wipe() {
	m.wiped.Store(true)
	clear(m.page)
	_ = memcall.Unlock(m.page)
}

// Wiped reports whether the keys are gone. What was derived before it says no is good.
func (m *Memory) Wiped() bool { return m.wiped.Load() }
