package casefile

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"yuzheng/casefile/custody"
	"yuzheng/casefile/internal/kv"
)

// OpenOptions say in whose name a session runs.
type OpenOptions struct {
	Operator custody.Operator // zero is the first operator of the case; a bare name that is known is its newest bearer; an unknown one is added, and logged
	Now      func() time.Time // nil is time.Now
}

// Open opens the case in dir. Errors to act on: ErrNotACase, ErrFormatNewer, ErrIncomplete, ErrOpenElsewhere, ErrPassphrase, ErrFull,
// *RecoveryError, *TamperError.
func Open(ctx context.Context, dir string, way Way, o OpenOptions) (*Case, error) {
	return openCase(ctx, dir, way, o, openKV)
}

func openCase(ctx context.Context, dir string, way Way, o OpenOptions, open opener) (*Case, error) {
	h, err := readHead(dir)
	if err != nil {
		return nil, err
	}
	if err := present(dir); err != nil {
		return nil, err
	}
	l, err := acquire(ctx, dir)
	if err != nil {
		return nil, full(err)
	}
	c := &Case{dir: dir, id: h.ID, now: clock(o.Now), lock: l}
	if err := c.enter(way, open); err != nil {
		c.forget()
		return nil, errors.Join(err, l.release())
	}
	if err := c.resume(ctx, o.Operator); err != nil {
		return nil, errors.Join(err, c.drop())
	}
	return c, nil
}

// present names the folders that a case cannot do without.
func present(dir string) error {
	var missing []string
	for _, sub := range []string{keysDir, metaDir, blobsDir} {
		list, err := os.ReadDir(filepath.Join(dir, sub))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("open case: %w", err)
		}
		if len(list) == 0 {
			missing = append(missing, sub+"/")
		}
	}
	if missing != nil {
		return &Incomplete{missing}
	}
	return nil
}

// enter takes the secret, compares the folder with the closing list, and opens the databases.
func (c *Case) enter(way Way, open opener) error {
	if err := c.unlock(way); err != nil {
		return err
	}
	seal, err := c.sealer("closed")
	if err != nil {
		return err
	}
	c.listed, err = readClosed(c.dir, c.id, seal)
	if te, ok := errors.AsType[*TamperError](err); ok {
		c.damage = append(c.damage, te.Finding)
	} else if err != nil {
		return err
	}
	if err := c.compare(); err != nil {
		return err
	}
	if err := kv.Room(c.dir, blobReserve); err != nil {
		return err
	}
	if err := removeDurably(filepath.Join(c.dir, closedFile)); err != nil {
		return fmt.Errorf("open case: %w", err)
	}
	if err := c.openStores(open); err != nil {
		return c.blame(err)
	}
	return nil
}

// compare holds the folder against the closing list: everything that Badger would repair in its own way if it were damaged must be whole first.
func (c *Case) compare() error {
	if c.listed == nil {
		return nil
	}
	is, err := files(c.dir)
	if err != nil {
		return err
	}
	if err := c.compareSizes(is); err != nil {
		return err
	}
	newest := ""
	for _, f := range is {
		if isValueLog(f.Path) {
			newest = max(newest, f.Path)
		}
	}
	for _, f := range is {
		older := isValueLog(f.Path) && f.Path != newest && f.Size > kv.EmptyLog
		if dir := filepath.Dir(f.Path); older || dir == keysDir || dir == loginsDir { // these are named by what they hold
			continue
		}
		err := c.compareFile(f.Path)
		if te, ok := errors.AsType[*TamperError](err); ok && filepath.Base(f.Path) == statistics {
			c.damage = append(c.damage, te.Finding)
			err = os.Remove(filepath.Join(c.dir, filepath.FromSlash(f.Path)))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// statistics is a file that Badger makes anew: damage to it is told, and does not keep the case shut.
const statistics = "DISCARD"

func (c *Case) compareSizes(is []fileSum) error {
	have := map[string]int64{}
	for _, f := range is {
		have[f.Path] = f.Size
		if _, ok := c.listed[f.Path]; !ok && filepath.Dir(f.Path) != keysDir {
			return tampered(f.Path, "was not there when the case was closed")
		}
	}
	var missing []string
	for p, want := range c.listed {
		size, ok := have[p]
		switch {
		case !ok:
			missing = append(missing, p)
		case size < want.Size:
			missing = append(missing, fmt.Sprintf("%s (%d of %d bytes)", p, size, want.Size))
		case size > want.Size:
			return &TamperError{Finding{p, "has grown", strconv.FormatInt(want.Size, 10), strconv.FormatInt(size, 10)}}
		}
	}
	if missing != nil {
		slices.Sort(missing)
		return &Incomplete{missing}
	}
	return nil
}

// compareFile reports with a *TamperError that a file is not as it was when the case was closed.
func (c *Case) compareFile(p string) error {
	sum, err := sumFile(c.dir, p)
	if err != nil {
		return err
	}
	if want := c.listed[p].Sum; sum != want {
		return &TamperError{Finding{p, "has changed since the case was closed", want, sum}}
	}
	return nil
}

// blame names the file that made Badger refuse, if the closing list can tell.
func (c *Case) blame(err error) error {
	for p := range c.listed {
		if te, ok := errors.AsType[*TamperError](c.compareFile(p)); ok && isValueLog(p) {
			return te
		}
	}
	if errors.Is(err, ErrFull) {
		return err
	}
	return tampered(metaDir+", "+blobsDir, "cannot be opened: "+err.Error())
}

// resume reads where the case stands, tells the log how the last session ended, sweeps, and begins a session.
func (c *Case) resume(ctx context.Context, operator custody.Operator) error {
	err := c.meta.view(func(v view) (err error) {
		if c.info, err = v.info(); err != nil {
			return err
		}
		c.state, err = v.state()
		return err
	})
	if err != nil {
		return err
	}
	if err := c.admitted(); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	known := c.state.Operators
	c.operator = meant(operator, known)
	if c.joined = !slices.Contains(known, c.operator); c.joined {
		e := custody.Entry{Action: custody.OperatorAdd, Object: c.operator.Name, Detail: operatorDetail(c.operator)}
		if _, err := c.add(ctx, e, nil); err != nil {
			return err
		}
	}
	if err := c.recover(ctx); err != nil {
		return err
	}
	_, err = c.add(ctx, custody.Entry{Action: custody.CaseOpen}, nil)
	return err
}

// meant finds an operator that is named by less than all there is to say.
func meant(o custody.Operator, known []custody.Operator) custody.Operator {
	if o == (custody.Operator{}) && len(known) > 0 {
		return known[0]
	}
	for _, k := range slices.Backward(known) {
		if o == (custody.Operator{Name: k.Name}) {
			return k
		}
	}
	return o
}

func operatorDetail(o custody.Operator) map[string]string {
	d := map[string]string{"name": o.Name}
	if o.Title != "" {
		d["title"] = o.Title
	}
	if o.Office != "" {
		d["office"] = o.Office
	}
	return d
}

// recover tidies up after a session that did not end, and says so in the log.
func (c *Case) recover(ctx context.Context) error {
	if c.listed == nil {
		if err := c.logRecovery(ctx); err != nil {
			return err
		}
	}
	removed, err := c.sweep()
	if err != nil || removed == 0 {
		return err
	}
	detail := map[string]string{"chunks": strconv.Itoa(removed)}
	_, err = c.add(ctx, custody.Entry{Action: custody.CaseSweep, Actor: custody.System, Detail: detail}, nil)
	return err
}

func (c *Case) logRecovery(ctx context.Context) error {
	stray, err := c.removeStrayWays()
	if err != nil {
		return err
	}
	logins, err := c.removeStrayLogins()
	if err != nil {
		return err
	}
	e := custody.Entry{Action: custody.CaseRecover, Actor: custody.System, Reason: "the last session did not end"}
	if !c.state.Open {
		e.Reason = "the closing list is missing or damaged"
	}
	if stray+logins > 0 {
		e.Detail = map[string]string{"stray_ways": strconv.Itoa(stray), "stray_logins": strconv.Itoa(logins)}
	}
	_, err = c.add(ctx, e, nil)
	return err
}

// full makes an error of the file system that says so an ErrFull.
func full(err error) error {
	if kv.IsFull(err) {
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	return err
}
