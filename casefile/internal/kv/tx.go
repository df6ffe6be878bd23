package kv

import (
	"errors"
	"fmt"

	"github.com/dgraph-io/badger/v4"
)

// Tx is a transaction of View or Update; it ends with the function that it was given to.
type Tx struct {
	txn     *badger.Txn
	written int64
}

// Read calls fn with the value of key, which is valid only until fn returns.
func (t *Tx) Read(key []byte, fn func(value []byte) error) error {
	item, err := t.txn.Get(key)
	if err != nil {
		return found(err)
	}
	return item.Value(func(v []byte) error { return whole(item, v, fn) })
}

// Set writes a value; neither slice may change until the update is over.
func (t *Tx) Set(key, value []byte) error {
	t.written += int64(len(key) + len(value) + 64)
	return mapped(t.txn.SetEntry(badger.NewEntry(key, value)))
}

// Delete removes key.
func (t *Tx) Delete(key []byte) error {
	t.written += int64(len(key) + 64)
	return mapped(t.txn.Delete(key))
}

// Keys calls fn with each key that begins with prefix, in order, from the key from on. fn may keep the key.
func (t *Tx) Keys(prefix, from []byte, fn func(key []byte) error) error {
	opt := badger.IteratorOptions{Prefix: prefix}
	it := t.txn.NewIterator(opt)
	defer it.Close()
	if len(from) == 0 {
		from = prefix
	}
	for it.Seek(from); it.Valid(); it.Next() {
		if err := fn(it.Item().KeyCopy(nil)); err != nil {
			return err
		}
	}
	return nil
}

// whole passes a value on unless Badger has hidden a damaged one: it logs the error and gives an empty value.
func whole(item *badger.Item, value []byte, fn func([]byte) error) error {
	if len(value) == 0 && item.ValueSize() > 0 {
		return fmt.Errorf("%w: value of %q cannot be read", errDamaged, item.Key())
	}
	return fn(value)
}

func found(err error) error {
	if errors.Is(err, badger.ErrKeyNotFound) {
		return ErrNotFound
	}
	return mapped(err)
}

// Snapshot is one state of a store. It does not wait for updates that are under way, as a new view would.
type Snapshot struct{ tx Tx }

// Snapshot takes the present state; Close gives it up.
func (db *DB) Snapshot() *Snapshot { return &Snapshot{Tx{txn: db.db.NewTransaction(false)}} }

// Read is as for a transaction.
func (s *Snapshot) Read(key []byte, fn func(value []byte) error) (err error) {
	defer recovered(&err)
	return s.tx.Read(key, fn)
}

// Close gives the snapshot up.
func (s *Snapshot) Close() { s.tx.txn.Discard() }
