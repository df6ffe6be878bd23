package casefile

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"filippo.io/age"

	"yuzheng/casefile/custody"
	"yuzheng/casefile/internal/vault"
	"yuzheng/casefile/private"
)

// CreateOptions say what a new case is and who may open it.
type CreateOptions struct {
	Number, Title string
	Operator      custody.Operator
	Passphrase    string
	Recipients    []string         // age1… keys of the office
	Now           func() time.Time // nil is time.Now
	Work          int              // log2 N of scrypt for the passphrase; 0 is age's own choice, 18
}

// Create makes a case in dir, which must not exist or be empty, and opens it. The recovery key that it returns is stored nowhere: it is shown once.
func Create(ctx context.Context, dir string, o CreateOptions) (*Case, string, error) {
	return create(ctx, dir, o, openKV)
}

func create(ctx context.Context, dir string, o CreateOptions, open opener) (*Case, string, error) {
	if o.Operator.Name == "" || o.Number == "" {
		return nil, "", errors.New("create case: number and name of the operator are needed")
	}
	recovery := vault.NewRecoveryKey()
	ways, err := o.ways(recovery)
	if err != nil {
		return nil, "", fmt.Errorf("create case: %w", err)
	}
	if err := emptyDir(dir); err != nil {
		return nil, "", fmt.Errorf("create case: %w", err)
	}
	c, err := lay(ctx, dir, o, ways, open)
	if err != nil {
		return nil, "", errors.Join(fmt.Errorf("create case: %w", err), undo(dir))
	}
	return c, recovery, nil
}

// newWay is a way in that is still to be written.
type newWay struct {
	kind  vault.Kind
	label string
	to    age.Recipient
}

func (o CreateOptions) ways(recovery string) ([]newWay, error) {
	pass, err := vault.PassphraseRecipient(o.Passphrase, o.Work)
	if err != nil {
		return nil, err
	}
	rec, err := vault.RecoveryRecipient(recovery)
	if err != nil {
		return nil, err
	}
	ways := []newWay{{vault.Passphrase, "", pass}, {vault.Recovery, "", rec}}
	for _, text := range o.Recipients {
		r, err := recipient(text)
		if err != nil {
			return nil, err
		}
		ways = append(ways, newWay{vault.Recipient, text, r})
	}
	return ways, nil
}

func emptyDir(dir string) error {
	list, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if len(list) > 0 {
		return fmt.Errorf("%s: %w", dir, ErrExists)
	}
	private.Take(dir)
	for _, sub := range []string{keysDir, loginsDir, metaDir, blobsDir} {
		if err := private.Folder(filepath.Join(dir, sub)); err != nil {
			return err
		}
	}
	return syncDir(dir)
}

// undo removes what a creation that went wrong has left in dir.
func undo(dir string) error {
	var errs []error
	for _, name := range []string{keysDir, loginsDir, metaDir, blobsDir, lockFile, holderFile, headFile, closedFile} {
		errs = append(errs, os.RemoveAll(filepath.Join(dir, name)))
	}
	return errors.Join(errs...)
}

// lay writes a new case into the empty folder dir; case.json comes last.
func lay(ctx context.Context, dir string, o CreateOptions, ways []newWay, open opener) (*Case, error) {
	var raw [16]byte
	_, _ = rand.Read(raw[:])
	c := &Case{dir: dir, id: hex.EncodeToString(raw[:]), now: clock(o.Now), operator: o.Operator}
	var err error
	if c.lock, err = acquire(ctx, dir); err != nil {
		return nil, err
	}
	if err = c.hold(vault.NewSecret()); err == nil {
		err = c.openStores(open)
	}
	if err != nil {
		c.forget()
		return nil, errors.Join(err, c.lock.release())
	}
	if err := c.begin(ctx, o, ways); err != nil {
		return nil, errors.Join(err, c.drop())
	}
	return c, nil
}

func (c *Case) begin(ctx context.Context, o CreateOptions, ways []newWay) error {
	e := custody.Entry{Action: custody.CaseCreate, Detail: map[string]string{
		"number": o.Number, "title": o.Title, "public_key": c.key.Public(), "format": strconv.Itoa(format),
	}}
	_, err := c.add(ctx, e, func(v view, e custody.Entry) error {
		c.info = info{o.Number, o.Title, e.Time}
		data, err := json.Marshal(c.info)
		if err != nil {
			return err
		}
		return v.set(key("info"), data)
	})
	if err != nil {
		return err
	}
	for _, w := range ways {
		if _, err := c.addWay(ctx, w); err != nil {
			return err
		}
	}
	runtime.GC() // as in unlock
	return writeDurably(filepath.Join(c.dir, headFile), head{format, c.id}.marshal())
}

// drop closes a case without saying so in the log: something is wrong with it.
func (c *Case) drop() error {
	c.broken = errClosed
	defer c.forget()
	return errors.Join(c.blobs.close(), c.blobs.db.Close(), c.meta.db.Close(), c.lock.release())
}

func clock(now func() time.Time) func() time.Time {
	if now == nil {
		return time.Now
	}
	return now
}
