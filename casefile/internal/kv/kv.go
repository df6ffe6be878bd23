// Package kv is an ordered store of bytes in one folder: Badger, with its sharp edges behind one door.
//
// An update is durable when it returns. A read that Badger finds damaged is an error, never an empty value. A panic of
// Badger is an error. What Badger cannot promise (authenticity) is the business of whoever seals the values.
package kv

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"
)

// ErrNotFound is returned by Read for a key that is not there.
var ErrNotFound = errors.New("key not found")

// ErrFull is wrapped when an update would leave less than the reserve free on the disk, or when the disk says so itself.
var ErrFull = errors.New("disk is full")

// errDamaged is wrapped by errors about files that are not what Badger wrote.
var errDamaged = errors.New("database is damaged")

// ErrCommit is wrapped by the error of an update that may or may not have become durable.
var ErrCommit = errors.New("commit did not end")

// Options say where a store lies and what it holds.
type Options struct {
	Dir       string
	Key       []byte // 32 bytes for Badger's cipher; nil leaves it off
	Threshold int64  // values of at least so many bytes go to the value log
	MemTable  int64  // bytes of the table in memory; an update may hold 15 % of it in keys and small values
	Reserve   int64  // bytes that an update leaves free on the disk, for what Badger writes on its own: through memory maps, where a full disk ends the program
}

// DB is an open store. Views may run concurrently with each other and with an update.
type DB struct {
	db  *badger.DB
	o   Options
	log *log
}

const valueLog = 64 << 20 // bytes of one file; opening reads the newest one

// Open opens the store in o.Dir, or creates it.
func Open(o Options) (db *DB, err error) {
	defer recovered(&err)
	if err := Room(o.Dir, o.Reserve); err != nil {
		return nil, err
	}
	if err := removeEmpty(o.Dir); err != nil {
		return nil, err
	}
	l := new(log)
	opt := badger.DefaultOptions(o.Dir).
		WithSyncWrites(true).
		WithNumVersionsToKeep(1).
		WithDetectConflicts(false).
		WithBypassLockGuard(true). // the case has a lock of its own
		WithMetricsEnabled(false).
		WithLogger(l).
		WithCompression(options.None). // sealed values do not shrink
		WithVerifyValueChecksum(true).
		WithChecksumVerificationMode(options.OnTableAndBlockRead).
		WithBlockCacheSize(8 << 20).
		WithIndexCacheSize(8 << 20). // 0 would panic with encryption on
		WithValueThreshold(o.Threshold).
		WithValueLogFileSize(valueLog).
		WithMemTableSize(o.MemTable).
		WithNumMemtables(2).
		WithNumCompactors(2).
		WithEncryptionKey(o.Key).
		WithEncryptionKeyRotationDuration(rotation)
	b, err := badger.Open(opt)
	if err != nil {
		return nil, mapped(err)
	}
	return &DB{b, o, l}, nil
}

// rotation is how long Badger uses one data key. Values are sealed anyway, and a kill while Badger adds a key would cost the registry, so it is
// long; but Badger takes a span that reaches back to 1970 for "the key that is not there yet is still good" and would not encrypt at all.
const rotation = 10 * 365 * 24 * time.Hour

// removeEmpty removes logs without a byte, which a kill between making a file and sizing it leaves behind and which Badger refuses to open.
func removeEmpty(dir string) error {
	list, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	for _, d := range list {
		ext := filepath.Ext(d.Name())
		info, err := d.Info()
		if err != nil {
			return fmt.Errorf("open database: %w", err)
		}
		if info.Size() > 0 || ext != ".vlog" && ext != ".mem" {
			continue
		}
		if err := os.Remove(filepath.Join(dir, d.Name())); err != nil {
			return fmt.Errorf("open database: %w", err)
		}
	}
	return nil
}

// Close flushes and closes the store. It leaves an empty value log behind as the newest: Badger cuts the newest one at the first damage that it meets
// at opening, and so never cuts one that holds something.
func (db *DB) Close() error {
	if err := db.shut(); err != nil {
		return err
	}
	full, err := newestHolds(db.o.Dir)
	if err != nil || !full {
		return err
	}
	again, err := Open(db.o)
	if errors.Is(err, ErrFull) {
		return nil // it can be opened next time; only the precaution is missing
	}
	if err != nil {
		return err
	}
	return again.shut()
}

func (db *DB) shut() (err error) {
	defer recovered(&err)
	return mapped(db.db.Close())
}

// EmptyLog is the size of a value log that holds nothing.
const EmptyLog = 20

// newestHolds reports whether the newest value log holds something.
func newestHolds(dir string) (bool, error) {
	list, err := os.ReadDir(dir) // sorted; the names of logs are numbers of six digits
	if err != nil {
		return false, fmt.Errorf("close database: %w", err)
	}
	for _, d := range slices.Backward(list) {
		if filepath.Ext(d.Name()) != ".vlog" {
			continue
		}
		info, err := d.Info()
		if err != nil {
			return false, fmt.Errorf("close database: %w", err)
		}
		return info.Size() > EmptyLog, nil
	}
	return false, nil
}

// View runs fn on one consistent state.
func (db *DB) View(fn func(*Tx) error) (err error) {
	defer recovered(&err)
	txn := db.db.NewTransaction(false)
	defer txn.Discard()
	return fn(&Tx{txn: txn})
}

// Update runs fn and makes what it wrote durable, all or nothing. Values handed to Set must not change until Update returns.
func (db *DB) Update(fn func(*Tx) error) (err error) {
	defer recovered(&err)
	txn := db.db.NewTransaction(true)
	defer txn.Discard()
	tx := &Tx{txn: txn}
	if err := fn(tx); err != nil {
		return err
	}
	if err := Room(db.o.Dir, tx.written+db.o.Reserve); err != nil {
		return err
	}
	if err := errors.Join(txn.Commit(), db.log.unsynced()); err != nil {
		return fmt.Errorf("%w: %w", ErrCommit, mapped(err))
	}
	return nil
}

// Room returns ErrFull if fewer than need bytes are free on the disk of dir.
func Room(dir string, need int64) error {
	free, err := freeSpace(dir)
	if err != nil {
		return fmt.Errorf("free space of %s: %w", dir, err)
	}
	if free < need {
		return fmt.Errorf("%w: %d MiB are free, %d MiB are needed", ErrFull, free>>20, need>>20)
	}
	return nil
}

// recovered turns a panic of Badger into an error.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("%w: %v", errDamaged, p)
	}
}

func mapped(err error) error {
	switch {
	case err == nil:
		return nil
	case IsFull(err):
		return fmt.Errorf("%w: %w", ErrFull, err)
	case errors.Is(err, badger.ErrEncryptionKeyMismatch), errors.Is(err, badger.ErrTruncateNeeded):
		return fmt.Errorf("%w: %w", errDamaged, err)
	}
	return err
}
