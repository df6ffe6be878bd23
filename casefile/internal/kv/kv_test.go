package kv

import (
	"bytes"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func open(t testing.TB, dir string, reserve int64) *DB {
	t.Helper()
	db, err := Open(Options{Dir: dir, Key: bytes.Repeat([]byte{1}, 32), Threshold: 1 << 10, MemTable: 8 << 20, Reserve: reserve})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func set(t testing.TB, db *DB, key, value string) {
	t.Helper()
	if err := db.Update(func(tx *Tx) error { return tx.Set([]byte(key), []byte(value)) }); err != nil {
		t.Fatal(err)
	}
}

func get(db *DB, key string) (value string, err error) {
	err = db.View(func(tx *Tx) error {
		return tx.Read([]byte(key), func(v []byte) error {
			value = string(v)
			return nil
		})
	})
	return value, err
}

func TestStore(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir, 0)
	set(t, db, "a/1", "one")
	set(t, db, "a/2", strings.Repeat("two", 1000))
	set(t, db, "b/1", "")
	before := db.Snapshot()
	err := db.Update(func(tx *Tx) error {
		if err := tx.Set([]byte("a/3"), []byte("x")); err != nil {
			return err
		}
		return errors.New("changed my mind")
	})
	if err == nil {
		t.Error("an error of the function is lost")
	}
	set(t, db, "a/4", "four")
	for key, want := range map[string]error{"a/4": ErrNotFound, "a/1": nil} {
		if err := before.Read([]byte(key), func([]byte) error { return nil }); !errors.Is(err, want) {
			t.Errorf("%s in the snapshot from before it: %v, want %v", key, err, want)
		}
	}
	before.Close()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}

	db = open(t, dir, 0)
	defer db.Close()
	for key, want := range map[string]string{"a/1": "one", "a/2": strings.Repeat("two", 1000), "b/1": "", "a/4": "four"} {
		if got, err := get(db, key); got != want || err != nil {
			t.Errorf("%s: %q, %v", key, got, err)
		}
	}
	if _, err := get(db, "a/3"); !errors.Is(err, ErrNotFound) {
		t.Errorf("half an update: %v", err)
	}
	var keys []string
	err = db.View(func(tx *Tx) error {
		return tx.Keys([]byte("a/"), nil, func(k []byte) error { keys = append(keys, string(k)); return nil })
	})
	if err != nil || strings.Join(keys, " ") != "a/1 a/2 a/4" {
		t.Errorf("%v, %v", keys, err)
	}
}

func TestFull(t *testing.T) {
	if _, err := Open(Options{Dir: t.TempDir(), Threshold: 1 << 10, MemTable: 8 << 20, Reserve: math.MaxInt64}); !errors.Is(err, ErrFull) {
		t.Errorf("open: %v", err)
	}
	if err := Room(t.TempDir(), 0); err != nil {
		t.Error(err)
	}
}

// TestDamagedValueIsAnError flips each byte of a value in the value log: Badger gives an empty value and no error, the store must not.
func TestDamagedValueIsAnError(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir, 0)
	set(t, db, "key", strings.Repeat("value", 500))
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = open(t, dir, 0) // so that the log is not the newest, which opening repairs
	set(t, db, "other", strings.Repeat("other", 500))
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "000001.vlog")
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for at := 30; at < len(whole); at += 97 {
		bad := bytes.Clone(whole)
		bad[at] ^= 4
		if err := os.WriteFile(name, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		db := open(t, dir, 0)
		if v, err := get(db, "key"); err == nil {
			t.Errorf("byte %d: read %d bytes without an error", at, len(v))
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestPanicIsAnError lets a function panic inside a transaction.
func TestPanicIsAnError(t *testing.T) {
	db := open(t, t.TempDir(), 0)
	defer db.Close()
	for _, run := range []func(func(*Tx) error) error{db.View, db.Update} {
		if err := run(func(*Tx) error { panic("badger") }); !errors.Is(err, errDamaged) {
			t.Errorf("%v", err)
		}
	}
}

// TestKilledWhileAFileIsMade opens a store with the files that a kill leaves between making and filling them.
func TestKilledWhileAFileIsMade(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir, 0)
	set(t, db, "key", "value")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for name, size := range map[string]int64{
		"000002.vlog": 0, "00002.mem": 0, "000099.sst": 0, "000003.vlog": 2 << 20, "00003.mem": 2 << 20, "000098.sst": 2 << 20,
	} {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(f.Truncate(size), f.Close()); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		db = open(t, dir, 0)
		if v, err := get(db, "key"); v != "value" || err != nil {
			t.Errorf("%q, %v", v, err)
		}
		set(t, db, "key", "value")
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestKeysAreNotInClear: values are sealed by whoever stores them, keys only by Badger.
func TestKeysAreNotInClear(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir, 0)
	set(t, db, "the name of a thing", strings.Repeat("what it is", 1000))
	for _, when := range []string{"open", "closed"} {
		list, err := os.ReadDir(dir)
		if err != nil || len(list) == 0 {
			t.Fatal(err)
		}
		for _, d := range list {
			data, err := os.ReadFile(filepath.Join(dir, d.Name()))
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(data, []byte("the name of")) || bytes.Contains(data, []byte("what it is")) {
				t.Errorf("%s: %s holds it in clear", when, d.Name())
			}
		}
		if when == "open" {
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestSyncErrorFailsTheCommit: Badger tells its log alone that a value log could not be synced. The words are Badger's: they must still be there.
func TestSyncErrorFailsTheCommit(t *testing.T) {
	where, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/dgraph-io/badger/v4").Output()
	if err != nil {
		t.Skip("cannot look at Badger's source here: ", err)
	}
	source, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(where)), "value.go"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(source, []byte(`Errorf("`+cannotSync)) {
		t.Error("Badger says it in other words now")
	}
	db := open(t, t.TempDir(), 0)
	defer db.Close()
	db.log.Errorf("Unable to read: %v", "x")
	set(t, db, "key", "value")
	db.log.Errorf(cannotSync+": %v\n", errors.New("input/output error"))
	if err := db.Update(func(*Tx) error { return nil }); !errors.Is(err, ErrCommit) {
		t.Errorf("%v", err)
	}
}
