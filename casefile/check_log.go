package casefile

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"yuzheng/casefile/custody"
)

// derived is the tree made out of the lines alone.
type derived []custody.Hash

func (d derived) ReadHashes(indexes []int64) ([]custody.Hash, error) {
	out := make([]custody.Hash, len(indexes))
	for i, n := range indexes {
		if n < 0 || n >= int64(len(d)) {
			return nil, fmt.Errorf("tree has no hash %d", n)
		}
		out[i] = d[n]
	}
	return out, nil
}

// log walks the log and what hangs on each entry, all in one consistent state of db/.
func (k *checker) log(v view) error {
	stored, err := v.state()
	if err != nil {
		return k.verdict("state", err)
	}
	k.known = map[string]bool{string(key("state")): true, string(key("info")): true}
	k.used = map[address]bool{}
	var (
		tree derived
		is   state
	)
	for n := int64(1); n <= stored.Size; n++ {
		if err := k.ctx.Err(); err != nil {
			return err
		}
		e, line, err := k.line(v, n)
		if err != nil {
			return err
		}
		if line == nil {
			return nil // reported; what follows cannot be derived without it
		}
		if tree, err = k.leaf(v, n, line, tree); err != nil {
			return err
		}
		if is = is.after(e); !slices.Contains(is.Operators, e.Operator) {
			k.report(Finding{Place: place(n), Problem: "its operator was never added: " + e.Operator.Name})
		}
		if err := k.entry(v, e, tree); err != nil {
			return err
		}
	}
	return k.rest(v, stored, is)
}

func place(n int64) string { return fmt.Sprintf("log entry %d", n) }

// line reads entry n; it returns nil after reporting that it cannot.
func (k *checker) line(v view, n int64) (custody.Entry, []byte, error) {
	k.know("line", n)
	line, err := v.get(key("line", n))
	if err != nil {
		return custody.Entry{}, nil, k.verdict(place(n), err)
	}
	e, err := custody.ParseEntry(line)
	if err != nil {
		k.report(Finding{Place: place(n), Problem: err.Error()})
		return custody.Entry{}, nil, nil
	}
	if e.Number != n {
		k.report(Finding{place(n), "has the wrong number", strconv.FormatInt(n, 10), strconv.FormatInt(e.Number, 10)})
		return custody.Entry{}, nil, nil
	}
	return e, line, nil
}

func (k *checker) know(bucket string, parts ...any) { k.known[string(key(bucket, parts...))] = true }

// leaf derives the hashes that line completes and compares the stored ones with them.
func (k *checker) leaf(v view, n int64, line []byte, tree derived) (derived, error) {
	list, err := custody.Hashes(n, line, tree)
	if err != nil {
		return nil, fmt.Errorf("check tree: %w", err)
	}
	for _, want := range list {
		i := int64(len(tree))
		tree = append(tree, want)
		k.know("hash", i)
		got, err := v.get(key("hash", i))
		where := fmt.Sprintf("tree hash %d (entry %d)", i, n)
		if err != nil {
			err = k.verdict(where, err)
		} else if !bytes.Equal(got, want[:]) {
			k.report(Finding{where, "does not follow from the entries", hex.EncodeToString(want[:]), hex.EncodeToString(got)})
		}
		if err != nil {
			return nil, err
		}
	}
	return tree, nil
}

// entry checks what hangs on e.
func (k *checker) entry(v view, e custody.Entry, tree derived) error {
	switch e.Action {
	case custody.CaseCreate:
		return k.first(v, e)
	case custody.ExhibitAdmit, custody.DocumentRender:
		return k.set(v, e)
	case custody.RecordPut:
		return k.record(v, e)
	case custody.SealMake:
		return k.seal(v, e, tree)
	case custody.StampAdd:
		return k.stamp(v, e)
	}
	return nil
}

func (k *checker) first(v view, e custody.Entry) error {
	if e.Number != 1 {
		k.report(Finding{Place: place(e.Number), Problem: "creates the case a second time"})
	}
	if want, got := k.c.key.Public(), e.Detail["public_key"]; want != got {
		k.report(Finding{place(e.Number), "names another key for seals", want, got})
	}
	is, err := v.info()
	if err != nil {
		return k.verdict("info", err)
	}
	if want := (info{e.Detail["number"], e.Detail["title"], e.Time}); is.Number != want.Number || is.Title != want.Title || !is.Created.Equal(want.Created.Time) {
		k.report(Finding{"info", "is not what the first entry says", fmt.Sprint(want), fmt.Sprint(is)})
	}
	return nil
}

func (k *checker) record(v view, e custody.Entry) error {
	version, err := strconv.ParseInt(e.Detail["version"], 10, 64)
	if err != nil {
		k.report(Finding{Place: place(e.Number), Problem: "names no version"})
		return nil
	}
	where := key("record", e.Detail["kind"], "\x00", e.Object, "\x00", version)
	k.known[string(where)] = true
	r, err := v.record(where)
	if err == nil && r.Entry != e.Number {
		k.report(Finding{fmt.Sprintf("record %s %s version %d", r.Kind, r.ID, r.Version), "names another entry", strconv.FormatInt(e.Number, 10), strconv.FormatInt(r.Entry, 10)})
	}
	if err == nil {
		err = r.check(e)
	}
	return k.verdict(fmt.Sprintf("record %s %s version %d", e.Detail["kind"], e.Object, version), err)
}

func (k *checker) seal(v view, e custody.Entry, tree derived) error {
	where := fmt.Sprintf("seal of %s entries", e.Detail["size"])
	size, err := strconv.ParseInt(e.Detail["size"], 10, 64)
	if err != nil || size != e.Number-1 {
		k.report(Finding{Place: place(e.Number), Problem: "does not seal what comes before it"})
		return nil
	}
	k.know("seal", size)
	if err := k.wanted(v, size); err != nil {
		return k.verdict(where, err)
	}
	text, err := v.get(key("seal", size))
	if err != nil {
		return k.verdict(where, err)
	}
	s, err := custody.ParseSeal(text, k.c.key.Public())
	if err == nil {
		var root custody.Hash
		if root, err = custody.Root(e.Number, tree); err == nil {
			err = custody.Extends(s, e.Number, root, tree)
		}
	}
	if err == nil && (s.Size != size || s.Root.String() != e.Detail["root"]) {
		err = fmt.Errorf("entry %d names another size or root", e.Number)
	}
	if err != nil {
		k.report(Finding{Place: where, Problem: err.Error()})
	}
	return nil
}

// wanted accounts for the time stamps that a seal asks for.
func (k *checker) wanted(v view, size int64) error {
	return v.keys(key("want", size), func(key []byte) error {
		k.known[string(key)] = true
		_, err := v.get(key)
		return err
	})
}

func (k *checker) stamp(v view, e custody.Entry) error {
	where := fmt.Sprintf("time stamp of the seal of %s entries by %s", e.Detail["size"], e.Detail["url"])
	size, err := strconv.ParseInt(e.Detail["size"], 10, 64)
	if err != nil {
		k.report(Finding{Place: place(e.Number), Problem: "names no seal"})
		return nil
	}
	k.know("stamp", size, e.Detail["url"])
	reply, err := v.get(key("stamp", size, e.Detail["url"]))
	if err != nil {
		return k.verdict(where, err)
	}
	sum := sha256.Sum256(reply)
	if want, got := e.Detail["sha256"], hex.EncodeToString(sum[:]); want != got {
		k.report(Finding{where, "reply is not that of the log", want, got})
		return nil
	}
	seal, err := v.get(key("seal", size))
	if err != nil {
		return k.verdict(where, err)
	}
	if k.o.Stamp == nil {
		return nil
	}
	if err := k.o.Stamp(seal, reply); err != nil {
		k.report(Finding{Place: where, Problem: err.Error()})
	}
	return nil
}

// rest compares the stored state with the derived one and reports keys that nothing in the log accounts for.
func (k *checker) rest(v view, stored, is state) error {
	want, err := json.Marshal(is)
	if err != nil {
		return fmt.Errorf("check state: %w", err)
	}
	got, err := json.Marshal(stored)
	if err != nil {
		return fmt.Errorf("check state: %w", err)
	}
	if !bytes.Equal(want, got) {
		k.report(Finding{"state", "does not follow from the entries", string(want), string(got)})
	}
	return v.keys(nil, func(key []byte) error {
		if !k.known[string(key)] {
			k.report(Finding{Place: v.name + " " + show(key), Problem: "no entry accounts for it"})
		}
		return k.ctx.Err()
	})
}
