package casefile

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"yuzheng/casefile/internal/kv"
)

// endIntake counts an intake off. With the last one the journal goes, and with it what was not admitted.
func (c *Case) endIntake(admitted bool) error {
	b := c.blobs
	b.gate.Lock()
	defer b.gate.Unlock()
	b.open--
	b.dirty = b.dirty || !admitted
	if b.open > 0 {
		return nil
	}
	return c.settle()
}

// settle clears the journal while no intake is open. The gate is held.
func (c *Case) settle() error {
	b := c.blobs
	b.giveUp()
	if errors.Is(b.failed.get(), kv.ErrCommit) {
		return nil // the next opening finds out what was written
	}
	var err error
	if b.dirty {
		if err = b.flush(); errors.Is(err, ErrFull) {
			err = nil // nothing of the refused batch was written
		}
		if err == nil {
			_, err = c.sweep()
		}
	} else {
		err = b.clearJournal()
	}
	if err != nil {
		return fmt.Errorf("end of intake: %w", err)
	}
	b.reset()
	return nil
}

// reset forgets a refused write: there may be room again.
func (b *blobs) reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.seen)
	b.dirty = false
	b.failed.mu.Lock()
	defer b.failed.mu.Unlock()
	b.failed.err = nil
}

// sweep removes the chunks that the journal names and no artifact refers to, then the journal. It returns how many chunks it removed.
func (c *Case) sweep() (int, error) {
	var written map[address]bool
	err := c.blobs.view(func(v view) (err error) {
		written, err = v.journal()
		return err
	})
	if err != nil || len(written) == 0 {
		return 0, err
	}
	used, err := c.references()
	if err != nil {
		return 0, err
	}
	var stray [][]byte
	for a := range written {
		if !used[a] {
			stray = append(stray, key("chunk", a[:]))
		}
	}
	if err := c.blobs.remove(stray); err != nil {
		return 0, err
	}
	return len(stray), c.blobs.clearJournal()
}

// references is the set of chunks that artifacts of the case refer to.
func (c *Case) references() (map[address]bool, error) {
	used := map[address]bool{}
	err := c.meta.view(func(v view) error {
		return v.keys(key("list"), func(k []byte) error {
			l, err := v.list(k)
			for _, r := range l.refs {
				used[r.addr] = true
			}
			return err
		})
	})
	return used, err
}

// journal reads the addresses of the chunks that were written since no intake was open.
func (v view) journal() (map[address]bool, error) {
	out := map[address]bool{}
	err := v.keys(key("journal"), func(k []byte) error {
		data, err := v.get(k)
		for a := range slices.Chunk(data, len(address{})) {
			out[address(a)] = true
		}
		return err
	})
	return out, err
}

func (b *blobs) clearJournal() error {
	var keys [][]byte
	err := b.view(func(v view) error {
		return v.keys(key("journal"), func(k []byte) error {
			keys = append(keys, bytes.Clone(k))
			return nil
		})
	})
	if err != nil {
		return err
	}
	return b.remove(keys)
}

// remove deletes keys, as many in one transaction as Badger takes.
func (b *blobs) remove(keys [][]byte) error {
	for part := range slices.Chunk(keys, 4000) {
		err := b.db.Update(func(tx *kv.Tx) error {
			for _, k := range part {
				if err := tx.Delete(k); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
