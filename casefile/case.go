// Package casefile keeps the evidence of one case in one encrypted folder: exhibits, records, custody log, seals.
//
// FORMAT.md beside this file states what lies where, in which order it is written, what that guarantees and what it does not.
package casefile

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"yuzheng/casefile/custody"
	"yuzheng/casefile/internal/kv"
	"yuzheng/casefile/internal/vault"
)

// Case is an open case. Its methods may be called concurrently.
type Case struct {
	dir, id  string
	keys     *vault.Memory // of all that is derived from secret and kept, and of secret itself
	secret   vault.Secret
	way      string // the envelope that opened this session; empty when it created the case
	now      func() time.Time
	operator custody.Operator
	joined   bool // the operator was not one of the case before this session
	key      *custody.Key
	lock     *lock
	listed   map[string]fileSum // the closing list as it was at opening; nil when there was none
	damage   []Finding          // what opening found and could work around
	meta     table
	blobs    *blobs
	info     info

	mu     sync.Mutex // one writer of the log at a time
	state  state
	broken error // why nothing more may be written
}

// info is what creation settled.
type info struct {
	Number  string       `json:"number"`
	Title   string       `json:"title"`
	Created custody.Time `json:"created"`
}

// Info describes a case.
type Info struct {
	ID, Number, Title string
	Created           custody.Time
	PublicKey         string // verifier key of the seals, as golang.org/x/mod/sumdb/note writes it
	Entries           int64
	Exhibits          int
	Operators         []custody.Operator
	Operator          custody.Operator // of this session
	Joined            bool             // who was not among the case's operators before it
}

// Dir is the folder of the case.
func (c *Case) Dir() string { return c.dir }

// Info tells what the case is and how far it has come.
func (c *Case) Info() Info {
	c.mu.Lock()
	defer c.mu.Unlock()
	return Info{
		ID: c.id, Number: c.info.Number, Title: c.info.Title, Created: c.info.Created, PublicKey: c.key.Public(),
		Entries: c.state.Size, Exhibits: c.state.Exhibits, Operators: slices.Clone(c.state.Operators), Operator: c.operator, Joined: c.joined,
	}
}

const (
	metaThreshold = 64 << 10
	blobThreshold = 1 << 10
	memTable      = 8 << 20
	metaReserve   = 16 << 20 // the log can still be written when
	blobReserve   = 48 << 20 // evidence is refused
)

// openStores derives the keys and opens both databases.
func (c *Case) openStores(open opener) error {
	value, err := c.sealer("value")
	if err != nil {
		return err
	}
	chunk, err := c.sealer("chunk")
	if err != nil {
		return err
	}
	if c.key, err = custody.NewKey(custody.Origin(c.id), c.derive("log")); err != nil {
		return err
	}
	db, err := open(kv.Options{
		Dir: filepath.Join(c.dir, metaDir), Key: c.derive("db"), Threshold: metaThreshold, MemTable: memTable,
		Reserve: metaReserve,
	})
	if err != nil {
		return fmt.Errorf("%s: %w", metaDir, err)
	}
	c.meta = table{metaDir, db, value}
	b, err := open(kv.Options{Dir: filepath.Join(c.dir, blobsDir), Threshold: blobThreshold, MemTable: memTable, Reserve: blobReserve})
	if err != nil {
		return errors.Join(fmt.Errorf("%s: %w", blobsDir, err), db.Close())
	}
	c.blobs = newBlobs(table{blobsDir, b, chunk}, c.derive("name"), c.secret.Derive(c.id, "gear", 2048))
	return nil
}

// hold takes the secret of the case into memory of its own.
func (c *Case) hold(secret vault.Secret) (err error) {
	if c.keys, err = vault.NewMemory(); err != nil {
		return err
	}
	c.secret = c.keys.Keep(secret)
	return nil
}

// forget wipes the keys, once nothing works with them any longer.
func (c *Case) forget() {
	if c.keys != nil {
		c.keys.Wipe()
	}
}

// derive gives a key of 32 bytes that lasts until the case is closed.
func (c *Case) derive(purpose string) []byte {
	return c.keys.Keep(c.secret.Derive(c.id, purpose, 32))
}

// sealer is errClosed once the keys are gone.
func (c *Case) sealer(purpose string) (*vault.Sealer, error) {
	key := c.secret.Derive(c.id, purpose, 32)
	if c.keys.Wiped() {
		return nil, errClosed
	}
	return vault.NewSealer(key)
}

// Close ends the session: it logs case.close, closes the databases and writes the closing list. Intakes that are still open are
// dropped and swept at the next opening. It is ErrGone when the folder is no longer there, on a drive that was pulled out.
func (c *Case) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if errors.Is(c.broken, errClosed) {
		return nil
	}
	if _, err := os.Stat(c.dir); errors.Is(err, fs.ErrNotExist) {
		c.broken = errClosed // the databases stay as they are, and their keys: Badger tries for ever to write its tables
		return errors.Join(fmt.Errorf("%s: %w", c.dir, ErrGone), c.lock.release())
	}
	defer c.forget()
	berr := c.blobs.close()
	_, err := c.add(context.Background(), custody.Entry{Action: custody.CaseClose, Actor: custody.System}, nil)
	whole := err == nil && berr == nil
	c.broken = errClosed
	derr := errors.Join(c.blobs.db.Close(), c.meta.db.Close())
	if whole && derr == nil {
		derr = c.writeClosed()
	}
	return errors.Join(err, berr, derr, c.lock.release())
}

// belongs reports whether a file is one of the case: what somebody else has put beside the ways in and the logins is not, though it may lie there.
func (c *Case) belongs(p string) bool {
	dir, name := path.Split(p)
	switch dir {
	case keysDir + "/":
		return slices.ContainsFunc(c.state.Ways, func(w WayInfo) bool { return w.File == name })
	case loginsDir + "/":
		return slices.ContainsFunc(c.state.Logins, func(l LoginInfo) bool { return l.File == name })
	}
	return true
}

func (c *Case) writeClosed() error {
	seal, err := c.sealer("closed")
	if err != nil {
		return err
	}
	if err := writeClosed(c.dir, c.id, seal, c.listed, c.belongs); err != nil {
		return fmt.Errorf("close case: %w", err)
	}
	return nil
}

func (v view) info() (info, error) {
	var i info
	data, err := v.get(key("info"))
	if err == nil {
		err = json.Unmarshal(data, &i)
	}
	if err != nil {
		return info{}, fmt.Errorf("what the case is: %w", err)
	}
	return i, nil
}
