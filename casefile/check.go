package casefile

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"yuzheng/casefile/internal/kv"
)

// CheckOptions say how a check reports and what it asks others. Both functions may be nil.
type CheckOptions struct {
	Stamp    func(seal, reply []byte) error // verifies a time stamp over the text of a seal
	Progress func(done, total int64)        // bytes; called from several goroutines, one after the other
}

// Check derives everything in the case again and yields what does not match; it believes nothing that is stored. A finding never ends the check, an
// error (of the machine, or of ctx) does. FORMAT.md lists what is compared with what.
func (c *Case) Check(ctx context.Context, o CheckOptions) iter.Seq2[Finding, error] {
	return func(yield func(Finding, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		k := &checker{c: c, o: o, ctx: ctx, out: make(chan Finding)}
		var err error
		go func() {
			defer close(k.out)
			err = k.run()
		}()
		going := true
		for f := range k.out {
			if going && !yield(f, nil) {
				going = false
				cancel()
			}
		}
		if going && err != nil {
			yield(Finding{}, err)
		}
	}
}

// checker is one check.
type checker struct {
	c    *Case
	o    CheckOptions
	ctx  context.Context // of this check alone; it ends with run
	out  chan Finding
	work []checkArtifact
	used map[address]bool

	known map[string]bool // database keys that something in the log accounts for

	progress    sync.Mutex
	done, total int64 // bytes; total is settled before the first are done
}

func (k *checker) run() error {
	for _, f := range k.c.damage {
		k.report(f)
	}
	if err := k.folder(); err != nil {
		return err
	}
	stored, err := k.stored()
	if err := k.verdict("journal", err); err != nil {
		return err
	}
	if err := k.c.meta.view(k.log); err != nil {
		return err
	}
	logs := k.valueLogs()
	g, ctx := errgroup.WithContext(k.ctx)
	g.Go(func() error { return k.hashLogs(ctx, logs) })
	g.Go(func() error { return k.artifacts(ctx) })
	if err := g.Wait(); err != nil {
		return err
	}
	k.strayChunks(stored)
	return nil
}

func (k *checker) report(f Finding) {
	select {
	case k.out <- f:
	case <-k.ctx.Done():
	}
}

// verdict reports err if it is about the evidence, and returns it if it is about the machine.
func (k *checker) verdict(place string, err error) error {
	switch te, ok := errors.AsType[*TamperError](err); {
	case err == nil:
		return nil
	case ok:
		k.report(te.Finding)
		return nil
	case errors.Is(err, ErrNotFound):
		k.report(Finding{Place: place, Problem: "is missing"})
		return nil
	}
	return fmt.Errorf("check %s: %w", place, err)
}

func (k *checker) advance(n int64) {
	k.progress.Lock()
	defer k.progress.Unlock()
	if k.done += n; k.o.Progress != nil {
		k.o.Progress(k.done, k.total)
	}
}

// folder compares case.json with the open case, and the ways in and the logins with the log.
func (k *checker) folder() error {
	h, err := readHead(k.c.dir)
	if errors.Is(err, ErrNotACase) {
		err = ErrNotFound
	}
	if err := k.verdict(headFile, err); err != nil {
		return err
	}
	if err == nil && h.ID != k.c.id {
		k.report(Finding{headFile, "names another case", k.c.id, h.ID})
	}
	list, err := os.ReadDir(filepath.Join(k.c.dir, keysDir))
	if err != nil {
		return fmt.Errorf("check ways in: %w", err)
	}
	ways := map[string]bool{}
	for _, w := range k.c.Ways() {
		ways[w.File] = true
	}
	for _, d := range list {
		_, found, err := readEnvelope(k.c.dir, d.Name())
		switch {
		case err != nil:
			return err
		case found != nil && !slices.Contains(k.c.damage, *found):
			k.report(*found)
		case found == nil && !ways[d.Name()]:
			k.report(Finding{Place: keysDir + "/" + d.Name(), Problem: "is a way in that the log does not know"})
		}
		delete(ways, d.Name())
	}
	for _, name := range slices.Sorted(maps.Keys(ways)) {
		k.report(Finding{Place: keysDir + "/" + name, Problem: "is missing"})
	}
	return k.logins()
}

// valueLogs are the files of which opening compared only the size.
func (k *checker) valueLogs() []fileSum {
	var list []fileSum
	for _, p := range slices.Sorted(maps.Keys(k.c.listed)) {
		if isValueLog(p) {
			list = append(list, k.c.listed[p])
			k.total += k.c.listed[p].Size
		}
	}
	return list
}

func (k *checker) hashLogs(ctx context.Context, list []fileSum) error {
	for _, f := range list {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := k.c.compareFile(f.Path)
		if errors.Is(err, fs.ErrNotExist) && f.Size <= kv.EmptyLog {
			err = nil // Badger removes value logs without a value
		}
		if errors.Is(err, fs.ErrNotExist) {
			err = ErrNotFound
		}
		if err := k.verdict(f.Path, err); err != nil {
			return err
		}
		k.advance(f.Size)
	}
	return nil
}

// stored lists the keys in blobs that nothing but an artifact can account for. It is taken before the log is read, so that what is admitted meanwhile
// does no harm: a chunk of an intake that is still open stands in the journal.
func (k *checker) stored() (keys [][]byte, err error) {
	err = k.c.blobs.view(func(v view) error {
		journal, err := v.journal()
		if err != nil {
			return err
		}
		return v.keys(nil, func(key []byte) error {
			bucket, rest, _ := strings.Cut(string(key), "/")
			if bucket == "journal" || bucket == "chunk" && len(rest) == len(address{}) && journal[address([]byte(rest))] {
				return nil
			}
			keys = append(keys, key)
			return k.ctx.Err()
		})
	})
	return keys, err
}

// strayChunks reports the keys among stored that no artifact accounts for.
func (k *checker) strayChunks(stored [][]byte) {
	for _, s := range stored {
		bucket, rest, _ := strings.Cut(string(s), "/")
		if bucket != "chunk" || len(rest) != len(address{}) || !k.used[address([]byte(rest))] {
			k.report(Finding{Place: blobsDir + " " + show(s), Problem: "nothing refers to it"})
		}
	}
}

// workers is how many chunks are read at the same time.
func workers() int { return runtime.GOMAXPROCS(0) + 1 }
