package casefile

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// lock holds a case for one program.
type lock struct {
	dir  string
	file *flock.Flock
}

// A program that is killed in the act of starting another leaves the lock to that one until it has begun. So a lock that
// is held is tried for lockPatience before the case counts as open elsewhere.
const (
	lockPatience = time.Second
	lockRetry    = 20 * time.Millisecond
)

// acquire takes the lock of the case in dir, or returns an *OpenElsewhere.
func acquire(ctx context.Context, dir string) (*lock, error) {
	f := flock.New(filepath.Join(dir, lockFile), flock.SetPermissions(0o600))
	patient, done := context.WithTimeout(ctx, lockPatience)
	defer done()
	ok, err := f.TryLockContext(patient, lockRetry)
	switch {
	case !ok && ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded):
		return nil, holder(dir)
	case err != nil:
		return nil, fmt.Errorf("lock case: %w", err)
	}
	host, err := os.Hostname()
	if err != nil {
		host = "?"
	}
	note, err := json.Marshal(OpenElsewhere{host, os.Getpid()})
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, holderFile), note, 0o600)
	}
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("lock case: %w", err)
	}
	return &lock{dir, f}, nil
}

func holder(dir string) error {
	e := new(OpenElsewhere)
	if note, err := readBounded(filepath.Join(dir, holderFile), maxHead); err != nil || json.Unmarshal(note, e) != nil {
		return new(OpenElsewhere)
	}
	return e
}

func (l *lock) release() error {
	_ = os.Remove(filepath.Join(l.dir, holderFile))
	if err := l.file.Close(); err != nil {
		return fmt.Errorf("unlock case: %w", err)
	}
	return nil
}
