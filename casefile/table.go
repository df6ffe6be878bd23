package casefile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"yuzheng/casefile/custody"
	"yuzheng/casefile/internal/kv"
	"yuzheng/casefile/internal/vault"
)

// store is what a case needs of a database; tests make it fail.
type store interface {
	View(fn func(*kv.Tx) error) error
	Update(fn func(*kv.Tx) error) error
	Snapshot() *kv.Snapshot
	Close() error
}

// opener opens a database.
type opener func(kv.Options) (store, error)

func openKV(o kv.Options) (store, error) {
	db, err := kv.Open(o)
	if err != nil {
		return nil, err
	}
	return db, nil
}

// table is a database whose values are sealed to their keys.
type table struct {
	name string
	db   store
	seal *vault.Sealer
}

func (t table) view(fn func(view) error) error {
	return t.db.View(func(tx *kv.Tx) error { return fn(view{t.name, tx, t.seal}) })
}

func (t table) update(fn func(view) error) error {
	return t.db.Update(func(tx *kv.Tx) error { return fn(view{t.name, tx, t.seal}) })
}

// view is a transaction on a table.
type view struct {
	name string
	tx   *kv.Tx
	seal *vault.Sealer
}

// get returns the plain value of key: ErrNotFound without one, a *TamperError for one that is damaged.
func (v view) get(key []byte) ([]byte, error) { return v.appendTo(nil, key) }

func (v view) appendTo(dst, key []byte) ([]byte, error) {
	err := v.tx.Read(key, func(sealed []byte) (err error) {
		dst, err = v.seal.Open(dst, key, sealed)
		return err
	})
	switch {
	case err == nil:
		return dst, nil
	case errors.Is(err, kv.ErrNotFound):
		return nil, ErrNotFound
	case errors.Is(err, vault.ErrSealed):
		return nil, tampered(v.name+" "+show(key), "value does not unseal")
	}
	return nil, tampered(v.name+" "+show(key), "cannot be read: "+err.Error())
}

func (v view) set(key, plain []byte) error { return v.tx.Set(key, v.seal.Seal(key, plain)) }

func (v view) keys(prefix []byte, fn func(key []byte) error) error {
	return v.tx.Keys(prefix, nil, fn)
}

// key builds a database key: the bucket, a slash, then strings as they are and numbers as 8 bytes big-endian.
func key(bucket string, parts ...any) []byte {
	k := append([]byte(bucket), '/')
	for _, p := range parts {
		switch p := p.(type) {
		case int64:
			k = binary.BigEndian.AppendUint64(k, uint64(p))
		case string:
			k = append(k, p...)
		case []byte:
			k = append(k, p...)
		default:
			panic(fmt.Sprintf("casefile: key part of type %T", p))
		}
	}
	return k
}

// tail reads the number at the end of a key.
func tail(key []byte) int64 {
	if len(key) < 8 {
		return 0
	}
	return int64(binary.BigEndian.Uint64(key[len(key)-8:]))
}

// show writes a key for people.
func show(key []byte) string {
	bucket, rest, _ := strings.Cut(string(key), "/")
	return bucket + "/" + strings.Trim(strconv.QuoteToASCII(rest), `"`)
}

// hashes reads stored tree hashes for package custody.
type hashes struct{ view }

func (h hashes) ReadHashes(indexes []int64) ([]custody.Hash, error) {
	out := make([]custody.Hash, len(indexes))
	for i, n := range indexes {
		value, err := h.get(key("hash", n))
		if err != nil {
			return nil, fmt.Errorf("tree hash %d: %w", n, err)
		}
		if copy(out[i][:], value) != len(out[i]) || len(value) != len(out[i]) {
			return nil, tampered(fmt.Sprintf("tree hash %d", n), "has the wrong length")
		}
	}
	return out, nil
}
