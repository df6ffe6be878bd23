package casefile

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"

	"yuzheng/casefile/internal/kv"
)

// address names a chunk: HMAC-SHA-256 over its SHA-256.
type address [32]byte

// chunkRef is one chunk of an artifact.
type chunkRef struct {
	addr address
	size uint32
}

const (
	batchSize = 32 << 20 // bytes of sealed chunks in one transaction
	inFlight  = 8        // chunks that are hashed and sealed at the same time, in all intakes together
)

// blobs stores chunks, each once. Hashing and sealing run beside the caller; commits run beside both, in order.
type blobs struct {
	table
	naming []byte
	gear   *gear
	slots  chan struct{}
	spare  sync.Pool // *[]byte with room for a chunk
	jobs   sync.WaitGroup
	commit chan batch
	ended  chan struct{} // closed when the committer has ended

	gate   sync.Mutex   // taken to begin and to end an intake
	open   int          // intakes that are open
	dirty  bool         // one of them ended without being admitted
	stored *kv.Snapshot // what was stored before the first of them; nil without one

	mu      sync.Mutex
	seen    map[address]chan struct{} // chunks met since stored was taken; closed once they are in a batch or known to be stored
	pending batch
	closed  bool

	seq    int64 // of the journal; the committer's own
	failed sticky
}

// sticky keeps the first error that is set.
type sticky struct {
	mu  sync.Mutex
	err error
}

func (s *sticky) get() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

func (s *sticky) set(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil && err != nil {
		s.err = fmt.Errorf("store chunks: %w", err)
	}
}

// batch is what one transaction writes. done, if not nil, is told when it and all before it are durable, or why they are not.
type batch struct {
	addrs  []address
	sealed [][]byte
	bytes  int
	done   chan error
}

func newBlobs(t table, naming, gearKey []byte) *blobs {
	b := &blobs{
		table: t, naming: naming, gear: newGear(gearKey), slots: make(chan struct{}, inFlight),
		commit: make(chan batch), ended: make(chan struct{}), seen: map[address]chan struct{}{},
	}
	go b.committer()
	return b
}

// take gives an empty buffer for a chunk; give takes it back.
func (b *blobs) take() []byte {
	if p, ok := b.spare.Get().(*[]byte); ok {
		return (*p)[:0]
	}
	return make([]byte, 0, maxChunk)
}

func (b *blobs) give(buf []byte) { b.spare.Put(&buf) }

func (b *blobs) address(chunk []byte) (a address) {
	sum := sha256.Sum256(chunk)
	m := hmac.New(sha256.New, b.naming)
	m.Write(sum[:])
	m.Sum(a[:0])
	return a
}

// submit stores chunk, which it owns from now on, and fills ref; done is called when ref is filled and the chunk is on its way.
func (b *blobs) submit(chunk []byte, ref *chunkRef, done func()) error {
	b.slots <- struct{}{}
	if err := b.begin(); err != nil {
		<-b.slots
		done()
		return err
	}
	go func() {
		defer b.jobs.Done()
		defer func() { <-b.slots; done() }()
		ref.size = uint32(len(chunk))
		ref.addr = b.address(chunk)
		b.put(ref.addr, chunk)
		b.give(chunk)
	}()
	return nil
}

func (b *blobs) begin() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return errClosed
	}
	if err := b.failed.get(); err != nil {
		return err
	}
	b.jobs.Add(1)
	return nil
}

// put adds the chunk to the next batch, unless it is stored or on its way already.
func (b *blobs) put(addr address, chunk []byte) {
	b.mu.Lock()
	if known, ok := b.seen[addr]; ok {
		b.mu.Unlock()
		<-known
		return
	}
	ready := make(chan struct{})
	defer close(ready)
	b.seen[addr] = ready
	b.mu.Unlock()

	k := key("chunk", addr[:])
	if b.readable(k, chunk) {
		return
	}
	sealed := b.seal.Seal(k, chunk)
	b.mu.Lock()
	defer b.mu.Unlock()
	p := &b.pending
	p.addrs, p.sealed, p.bytes = append(p.addrs, addr), append(p.sealed, sealed), p.bytes+len(sealed)
	if p.bytes >= batchSize {
		b.send(nil)
	}
}

// readable reports whether chunk is stored under k and can be read back: new evidence never leans on a stored chunk that is damaged. One that is, is
// written again.
func (b *blobs) readable(k, chunk []byte) bool {
	buf := b.take()
	defer func() { b.give(buf) }()
	same := false
	err := b.stored.Read(k, func(sealed []byte) (err error) {
		buf, err = b.seal.Open(buf, k, sealed)
		same = err == nil && bytes.Equal(buf, chunk)
		return err
	})
	return err == nil && same
}

// send hands the pending batch to the committer. b.mu is held, so that batches keep their order and a slow disk holds everybody back.
func (b *blobs) send(done chan error) {
	b.pending.done = done
	b.commit <- b.pending
	b.pending = batch{}
}

// flush makes all chunks durable whose submission is done.
func (b *blobs) flush() error {
	done := make(chan error, 1)
	b.mu.Lock()
	if b.closed {
		b.mu.Unlock()
		return errClosed
	}
	b.send(done)
	b.mu.Unlock()
	return <-done
}

// committer writes batches until the channel is closed. After a failure it writes no more.
func (b *blobs) committer() {
	defer close(b.ended)
	for batch := range b.commit {
		if b.failed.get() == nil && len(batch.addrs) > 0 {
			b.failed.set(b.write(batch))
		}
		if batch.done != nil {
			batch.done <- b.failed.get()
		}
	}
}

// write stores a batch and the journal that names its chunks, in one transaction.
func (b *blobs) write(w batch) error {
	b.seq++
	journal := make([]byte, 0, len(w.addrs)*len(address{}))
	for _, a := range w.addrs {
		journal = append(journal, a[:]...)
	}
	return b.db.Update(func(tx *kv.Tx) error {
		for i, a := range w.addrs {
			if err := tx.Set(key("chunk", a[:]), w.sealed[i]); err != nil {
				return err
			}
		}
		k := key("journal", b.seq)
		return tx.Set(k, b.seal.Seal(k, journal))
	})
}

// unseal reads the chunk of ref into dst.
func (b *blobs) unseal(dst []byte, ref chunkRef) ([]byte, error) {
	k := key("chunk", ref.addr[:])
	err := b.view(func(v view) (err error) {
		dst, err = v.appendTo(dst[:0], k)
		return err
	})
	switch {
	case errors.Is(err, ErrNotFound):
		return nil, tampered(b.name+" "+show(k), "is missing")
	case err != nil:
		return nil, err
	case len(dst) != int(ref.size):
		return nil, tampered(b.name+" "+show(k), "has another length")
	}
	return dst, nil
}

// fetch is unseal with the address derived again, so that not even someone with the key can pass another chunk off.
func (b *blobs) fetch(dst []byte, ref chunkRef) ([]byte, error) {
	dst, err := b.unseal(dst, ref)
	if err == nil && b.address(dst) != ref.addr {
		return nil, tampered(b.name+" "+show(key("chunk", ref.addr[:])), "holds something else than its name says")
	}
	return dst, err
}

// close waits for what is on its way and stops; nothing can be submitted any more.
func (b *blobs) close() error {
	b.mu.Lock()
	was := b.closed
	b.closed = true
	b.mu.Unlock()
	if was {
		return nil
	}
	b.jobs.Wait()
	close(b.commit)
	<-b.ended
	b.gate.Lock()
	defer b.gate.Unlock()
	b.giveUp()
	return b.failed.get()
}

// giveUp closes the snapshot of what was stored. The gate is held.
func (b *blobs) giveUp() {
	if b.stored != nil {
		b.stored.Close()
		b.stored = nil
	}
}
