package casefile

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"yuzheng/casefile/custody"
	"yuzheng/casefile/internal/kv"
)

// Log appends an act to the custody log. Number, Time and Operator are filled in here, Actor is the person unless it says otherwise. The entry is
// durable when Log returns. Acts that go with something stored (admissions, records, seals, keys, sessions) are logged by their own methods and
// refused here.
func (c *Case) Log(ctx context.Context, e custody.Entry) (custody.Entry, error) {
	if reserved[e.Action] {
		return custody.Entry{}, fmt.Errorf("log %s: the case does that itself", e.Action)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.add(ctx, e, nil)
}

// DetailFailed is in the detail of an entry whose act came to nothing, or only in part: why. An entry without it says that the act is done.
const DetailFailed = "failed"

// DetailBegin is in the detail of an admission, and of what else came of a capture: the number of the entry capture.begin.
const DetailBegin = "begin"

var reserved = map[custody.Action]bool{
	custody.CaseCreate: true, custody.CaseOpen: true, custody.CaseClose: true, custody.CaseRecover: true, custody.CaseSweep: true,
	custody.KeyAdd: true, custody.KeyRemove: true, custody.OperatorAdd: true, custody.ExhibitAdmit: true, custody.RecordPut: true,
	custody.DocumentRender: true, custody.SealMake: true, custody.StampAdd: true,
}

// add makes e the next entry; write adds what belongs to it to the same transaction. c.mu is held.
func (c *Case) add(ctx context.Context, e custody.Entry, write func(v view, e custody.Entry) error) (custody.Entry, error) {
	if err := errors.Join(c.broken, ctx.Err()); err != nil {
		return custody.Entry{}, err
	}
	e.Number, e.Time, e.Operator = c.state.Size+1, custody.At(c.now()), c.operator
	if e.Actor == "" {
		e.Actor = custody.Person
	}
	line, err := custody.MarshalEntry(e)
	if err != nil {
		return custody.Entry{}, err
	}
	next := c.state.after(e)
	err = c.meta.update(func(v view) error {
		if write != nil {
			if err := write(v, e); err != nil {
				return err
			}
		}
		return v.append(e.Number, line, next)
	})
	if errors.Is(err, kv.ErrCommit) {
		c.broken = fmt.Errorf("open the case again: an earlier write did not end: %w", err)
	}
	if err != nil {
		return custody.Entry{}, fmt.Errorf("log %s: %w", e.Action, err)
	}
	c.state = next
	return e, nil
}

// append writes line number, the tree hashes that it completes, and the state after it.
func (v view) append(number int64, line []byte, next state) error {
	list, err := custody.Hashes(number, line, hashes{v})
	if err != nil {
		return fmt.Errorf("tree hashes: %w", err)
	}
	first := custody.StoredCount(number - 1)
	for i, h := range list {
		if err := v.set(key("hash", first+int64(i)), h[:]); err != nil {
			return err
		}
	}
	if err := v.set(key("line", number), line); err != nil {
		return err
	}
	return v.setState(next)
}

// Line returns entry n as it stands in the log, without line feed.
func (c *Case) Line(n int64) ([]byte, error) {
	var line []byte
	err := c.meta.view(func(v view) (err error) {
		line, err = v.get(key("line", n))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("log entry %d: %w", n, err)
	}
	return line, nil
}

// Entries yields the entries from number from (at least 1) to the last. It ends at the first error.
func (c *Case) Entries(from int64) iter.Seq2[custody.Entry, error] {
	return func(yield func(custody.Entry, error) bool) {
		last := c.size()
		for n := max(from, 1); n <= last; n++ {
			e, err := c.entry(n)
			if !yield(e, err) || err != nil {
				return
			}
			if n == last { // what was added meanwhile
				last = c.size()
			}
		}
	}
}

// size is how many entries the log has.
func (c *Case) size() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state.Size
}

func (c *Case) entry(n int64) (custody.Entry, error) {
	line, err := c.Line(n)
	if err != nil {
		return custody.Entry{}, err
	}
	e, err := custody.ParseEntry(line)
	if err == nil && e.Number != n {
		err = fmt.Errorf("it calls itself %d", e.Number)
	}
	if err != nil {
		return custody.Entry{}, tampered(fmt.Sprintf("log entry %d", n), err.Error())
	}
	return e, nil
}

// Prove makes the proof that entry n is among the first size entries.
func (c *Case) Prove(size, n int64) (custody.Proof, error) {
	var p custody.Proof
	err := c.meta.view(func(v view) (err error) {
		p, err = custody.Prove(size, n, hashes{v})
		return err
	})
	return p, err
}
