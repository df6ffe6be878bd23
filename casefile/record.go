package casefile

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
)

// Record is one version of a thing beside the exhibits: a note, a tag, a target, an application. Versions are never changed.
type Record struct {
	Kind    string          `json:"kind"`
	ID      string          `json:"id"`
	Version int             `json:"version"` // counts from 1
	Entry   int64           `json:"entry"`
	Value   json.RawMessage `json:"value"`
}

// storedRecord is what lies in the database. Value is a string so that its bytes stay as they were hashed.
type storedRecord struct {
	Schema int    `json:"schema"` // of Value; evidence.Schema says what it means
	Entry  int64  `json:"entry"`
	Value  string `json:"value"`
}

var recordKind = regexp.MustCompile(`^[a-z][a-z0-9_.-]{0,31}$`)

// Put stores value, as JSON, as a new version of the thing. An empty id is the next number of the kind: target D001, application S01,
// request R001, packet X01, note N0001, tag T0001, clue E0001, queue Q001, crawl C001, watch M001, session I001.
func (c *Case) Put(ctx context.Context, kind, id string, value any, reason string) (Record, error) {
	if !recordKind.MatchString(kind) || len(id) > 128 || strings.ContainsRune(id, 0) {
		return Record{}, fmt.Errorf("record %q %q: name is not allowed", kind, id)
	}
	data, err := json.Marshal(value)
	if err != nil {
		return Record{}, fmt.Errorf("record %s %s: %w", kind, id, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if id == "" {
		if id, err = c.state.next(kind); err != nil {
			return Record{}, err
		}
	}
	old, err := c.versions(kind, id)
	if err != nil {
		return Record{}, err
	}
	version := int64(len(old) + 1)
	sum := sha256.Sum256(data)
	e := custody.Entry{Action: custody.RecordPut, Object: id, Reason: reason, Detail: map[string]string{
		"kind": kind, "version": strconv.FormatInt(version, 10), "sha256": hex.EncodeToString(sum[:]),
	}}
	e, err = c.add(ctx, e, func(v view, e custody.Entry) error {
		stored, err := json.Marshal(storedRecord{evidence.Schema, e.Number, string(data)})
		if err != nil {
			return err
		}
		return v.set(key("record", kind, "\x00", id, "\x00", version), stored)
	})
	if err != nil {
		return Record{}, fmt.Errorf("record %s %s: %w", kind, id, err)
	}
	return Record{kind, id, int(version), e.Number, data}, nil
}

// Get returns the latest version, or ErrNotFound.
func (c *Case) Get(kind, id string) (Record, error) {
	list, err := c.versions(kind, id)
	if err != nil {
		return Record{}, err
	}
	if len(list) == 0 {
		return Record{}, fmt.Errorf("%s %s: %w", kind, id, ErrNotFound)
	}
	return list[len(list)-1], nil
}

// List returns the latest version of every thing of the kind, in the order of their names.
func (c *Case) List(kind string) ([]Record, error) { return c.ListAt(kind, math.MaxInt64) }

// ListAt is List as it was when the log had so many entries.
func (c *Case) ListAt(kind string, entries int64) ([]Record, error) {
	all, err := c.records(key("record", kind, "\x00"))
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(r Record) bool { return r.Entry > entries })
	out := []Record{}
	for i, r := range all {
		if i+1 == len(all) || all[i+1].ID != r.ID {
			out = append(out, r)
		}
	}
	return out, nil
}

// versions are all of the thing, oldest first; none is an empty list.
func (c *Case) versions(kind, id string) ([]Record, error) {
	return c.records(key("record", kind, "\x00", id, "\x00"))
}

// records reads what lies under prefix, in the order of kind, name and version.
func (c *Case) records(prefix []byte) ([]Record, error) {
	out := []Record{}
	err := c.meta.view(func(v view) error {
		return v.keys(prefix, func(k []byte) error {
			r, err := v.record(k)
			out = append(out, r)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (v view) record(k []byte) (Record, error) {
	data, err := v.get(k)
	if err != nil {
		return Record{}, err
	}
	name := strings.TrimPrefix(string(k[:len(k)-8]), "record/")
	kind, id, ok := strings.Cut(strings.TrimSuffix(name, "\x00"), "\x00")
	var s storedRecord
	if err := json.Unmarshal(data, &s); err != nil || !ok {
		return Record{}, tampered(v.name+" "+show(k), "is not a record")
	}
	if err := evidence.CheckSchema(fmt.Sprintf("record %s %s", kind, id), s.Schema); err != nil {
		return Record{}, err
	}
	return Record{kind, id, int(tail(k)), s.Entry, json.RawMessage(s.Value)}, nil
}

// check holds a record against its entry.
func (r Record) check(e custody.Entry) error {
	sum := sha256.Sum256(r.Value)
	want, got := e.Detail["sha256"], hex.EncodeToString(sum[:])
	place := fmt.Sprintf("record %s %s version %d", r.Kind, r.ID, r.Version)
	switch {
	case e.Action != custody.RecordPut, e.Object != r.ID, e.Detail["kind"] != r.Kind, e.Detail["version"] != strconv.Itoa(r.Version):
		return tampered(place, fmt.Sprintf("entry %d is not about it", r.Entry))
	case want != got:
		return &TamperError{Finding{place, "value is not that of the log", want, got}}
	}
	return nil
}
