package casefile

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"yuzheng/casefile/custody"
)

// SealRecord is a seal with the time stamps that it has and those that are still wanted.
type SealRecord struct {
	custody.Seal
	Stamps  []Stamp
	Pending []string // URLs of authorities that have not answered yet
}

// Stamp is the full RFC 3161 reply of an authority over Seal.Text.
type Stamp struct {
	URL   string
	Reply []byte
}

// Seal signs the log as it stands. wantStamps are the time-stamping authorities that shall stamp the seal; they are pending until AddStamp. The
// entry seal.make comes after what the seal covers.
func (c *Case) Seal(ctx context.Context, wantStamps []string) (SealRecord, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.broken != nil {
		return SealRecord{}, c.broken
	}
	size := c.state.Size
	var s custody.Seal
	err := c.meta.view(func(v view) error {
		root, err := custody.Root(size, hashes{v})
		if err == nil {
			s, err = c.key.Seal(size, root)
		}
		return err
	})
	if err != nil {
		return SealRecord{}, fmt.Errorf("seal: %w", err)
	}
	e := custody.Entry{Action: custody.SealMake, Detail: map[string]string{"size": strconv.FormatInt(size, 10), "root": s.Root.String()}}
	_, err = c.add(ctx, e, func(v view, _ custody.Entry) error {
		for _, url := range wantStamps {
			if err := v.set(key("want", size, url), nil); err != nil {
				return err
			}
		}
		return v.set(key("seal", size), s.Text)
	})
	if err != nil {
		return SealRecord{}, err
	}
	return SealRecord{Seal: s, Pending: slices.Clone(wantStamps)}, nil
}

// RootAt is the Merkle root of the first size entries, or ErrNotFound where the log has fewer.
func (c *Case) RootAt(size int64) (custody.Hash, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var root custody.Hash
	if size < 1 || size > c.state.Size {
		return root, fmt.Errorf("entry %d: %w", size, ErrNotFound)
	}
	err := c.meta.view(func(v view) (err error) {
		root, err = custody.Root(size, hashes{v})
		return err
	})
	return root, err
}

// Seals lists the seals, oldest first, each verified with the case's own key.
func (c *Case) Seals() ([]SealRecord, error) {
	var list []SealRecord
	err := c.meta.view(func(v view) error {
		return v.keys(key("seal"), func(k []byte) error {
			r, err := v.sealRecord(tail(k), c.key.Public())
			list = append(list, r)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

func (v view) sealRecord(size int64, public string) (SealRecord, error) {
	text, err := v.get(key("seal", size))
	if err != nil {
		return SealRecord{}, fmt.Errorf("seal of %d entries: %w", size, err)
	}
	s, err := custody.ParseSeal(text, public)
	if err == nil && s.Size != size {
		err = fmt.Errorf("it covers %d entries", s.Size)
	}
	if err != nil {
		return SealRecord{}, tampered(fmt.Sprintf("seal of %d entries", size), err.Error())
	}
	r := SealRecord{Seal: s}
	if r.Stamps, err = v.stamps(size); err != nil {
		return SealRecord{}, err
	}
	prefix := key("want", size)
	err = v.keys(prefix, func(k []byte) error {
		url := string(k[len(prefix):])
		if !slices.ContainsFunc(r.Stamps, func(s Stamp) bool { return s.URL == url }) {
			r.Pending = append(r.Pending, url)
		}
		_, err := v.get(k)
		return err
	})
	return r, err
}

func (v view) stamps(size int64) ([]Stamp, error) {
	var list []Stamp
	prefix := key("stamp", size)
	err := v.keys(prefix, func(k []byte) error {
		reply, err := v.get(k)
		list = append(list, Stamp{string(k[len(prefix):]), reply})
		return err
	})
	return list, err
}

// AddStamp keeps an authority's reply to the seal of size entries. ErrNotFound without such a seal, ErrExists when this authority's reply is there.
// Whether the reply is good is the caller's to verify before, and the check's after.
func (c *Case) AddStamp(ctx context.Context, size int64, url string, reply []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	err := c.meta.view(func(v view) error {
		if _, err := v.get(key("seal", size)); err != nil {
			return err
		}
		_, err := v.get(key("stamp", size, url))
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		return errors.Join(err, ErrExists)
	})
	if err != nil {
		return fmt.Errorf("time stamp of the seal of %d entries by %s: %w", size, url, err)
	}
	sum := sha256.Sum256(reply)
	e := custody.Entry{Action: custody.StampAdd, Actor: custody.Tool, Detail: map[string]string{
		"size": strconv.FormatInt(size, 10), "url": url, "sha256": hex.EncodeToString(sum[:]),
	}}
	_, err = c.add(ctx, e, func(v view, _ custody.Entry) error { return v.set(key("stamp", size, url), reply) })
	return err
}
