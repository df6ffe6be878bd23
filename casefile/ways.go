package casefile

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"filippo.io/age"

	"yuzheng/casefile/custody"
	"yuzheng/casefile/internal/vault"
)

// Way is a way into a case: Passphrase, RecoveryKey or Identity.
type Way interface {
	// identity opens envelopes of the kind.
	identity() (vault.Kind, age.Identity, error)
}

type (
	passphrase  string
	recoveryKey string
	secretKey   string
)

// WayRecovery is the kind of a way that a recovery key opens.
const WayRecovery = string(vault.Recovery)

// Passphrase opens a case with the passphrase that its operators know.
func Passphrase(p string) Way { return passphrase(p) }

// RecoveryKey opens a case with the key that its creation returned. Case, spaces and hyphens do not matter.
func RecoveryKey(k string) Way { return recoveryKey(k) }

// Identity opens a case with an office's AGE-SECRET-KEY-1… key.
func Identity(k string) Way { return secretKey(k) }

func (p passphrase) identity() (vault.Kind, age.Identity, error) {
	id, err := vault.PassphraseIdentity(string(p))
	return vault.Passphrase, id, err
}

func (k recoveryKey) identity() (vault.Kind, age.Identity, error) {
	id, err := vault.RecoveryIdentity(string(k))
	return vault.Recovery, id, err
}

func (k secretKey) identity() (vault.Kind, age.Identity, error) {
	id, err := vault.ParseIdentity(string(k))
	return vault.Recipient, id, err
}

// unlock finds the envelope that way opens and takes the secret out of it. Envelopes that are not what their name says are damage, and the error
// if no other opens.
func (c *Case) unlock(way Way) error {
	kind, identity, err := way.identity()
	if errors.Is(err, vault.ErrEmpty) {
		return ErrPassphrase
	}
	if err != nil {
		return err
	}
	defer runtime.GC() // scrypt takes 256 MiB; left to itself the heap would grow to twice that before a collection
	list, err := os.ReadDir(filepath.Join(c.dir, keysDir))
	if err != nil {
		return fmt.Errorf("ways into the case: %w", err)
	}
	for _, d := range list {
		envelope, found, err := readEnvelope(c.dir, d.Name())
		if err != nil {
			return err
		}
		if found != nil {
			c.damage = append(c.damage, *found)
			continue
		}
		if k, _ := vault.KindOf(d.Name()); k != kind {
			continue
		}
		secret, of, err := vault.Unwrap(envelope, identity)
		switch {
		case err == nil && of != c.id:
			return &TamperError{Finding{headFile, "names another case than " + keysDir + "/" + d.Name(), of, c.id}}
		case err == nil:
			c.way = d.Name()
			return c.hold(secret)
		case !errors.Is(err, vault.ErrNoMatch):
			c.damage = append(c.damage, Finding{Place: keysDir + "/" + d.Name(), Problem: err.Error()})
		}
	}
	if len(c.damage) > 0 {
		return &TamperError{c.damage[0]}
	}
	return ErrPassphrase
}

// admitted refuses a way that the log does not know, such as the envelope of a revoked one that somebody has put back.
func (c *Case) admitted() error {
	if slices.ContainsFunc(c.state.Ways, func(w WayInfo) bool { return w.File == c.way }) {
		return nil
	}
	return tampered(keysDir+"/"+c.way, "is a way in that the log does not know")
}

// readEnvelope reads a file of keys/; the finding says that it is not what its name says.
func readEnvelope(dir, name string) ([]byte, *Finding, error) {
	place := keysDir + "/" + name
	envelope, err := readBounded(filepath.Join(dir, keysDir, name), maxEnvelope)
	if long, ok := errors.AsType[*TamperError](err); ok {
		return nil, &Finding{Place: place, Problem: long.Problem}, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("way into the case: %w", err)
	}
	kind, ok := vault.KindOf(name)
	if !ok {
		return nil, &Finding{Place: place, Problem: "does not belong here"}, nil
	}
	if is := vault.FileName(kind, envelope); is != name {
		return nil, &Finding{Place: place, Problem: "content is not what the name says", Want: name, Got: is}, nil
	}
	return envelope, nil, nil
}

// Ways lists the ways into the case.
func (c *Case) Ways() []WayInfo {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.state.Ways)
}

// AddPassphrase adds a further passphrase; work is as in CreateOptions.
func (c *Case) AddPassphrase(ctx context.Context, phrase, label string, work int) (WayInfo, error) {
	r, err := vault.PassphraseRecipient(phrase, work)
	if err != nil {
		return WayInfo{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.addWay(ctx, newWay{vault.Passphrase, label, r})
}

// AddRecipient adds an office's age1… key.
func (c *Case) AddRecipient(ctx context.Context, text, label string) (WayInfo, error) {
	r, err := recipient(text)
	if err != nil {
		return WayInfo{}, err
	}
	if label == "" {
		label = text
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.addWay(ctx, newWay{vault.Recipient, label, r})
}

// AddRecovery adds a new recovery key and returns it; it is stored nowhere.
func (c *Case) AddRecovery(ctx context.Context, label string) (WayInfo, string, error) {
	text := vault.NewRecoveryKey()
	r, err := vault.RecoveryRecipient(text)
	if err != nil {
		return WayInfo{}, "", err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	w, err := c.addWay(ctx, newWay{vault.Recovery, label, r})
	return w, text, err
}

// addWay writes the envelope, then the entry. An envelope without an entry is removed at the next opening.
func (c *Case) addWay(ctx context.Context, w newWay) (WayInfo, error) {
	envelope, err := vault.Wrap(c.secret, c.id, w.to)
	if err != nil {
		return WayInfo{}, err
	}
	name := vault.FileName(w.kind, envelope)
	if err := writeDurably(filepath.Join(c.dir, keysDir, name), envelope); err != nil {
		return WayInfo{}, fmt.Errorf("way into the case: %w", full(err))
	}
	detail := map[string]string{"file": name, "kind": string(w.kind)}
	if w.label != "" {
		detail["label"] = w.label
	}
	if _, err := c.add(ctx, custody.Entry{Action: custody.KeyAdd, Object: name, Detail: detail}, nil); err != nil {
		return WayInfo{}, err
	}
	return WayInfo{name, string(w.kind), w.label}, nil
}

// RemoveWay takes away the way with this file name: ErrNotFound without one, ErrLastWay for the last. Whoever kept a copy of the
// folder from before can still open that copy.
func (c *Case) RemoveWay(ctx context.Context, file, reason string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.IndexFunc(c.state.Ways, func(w WayInfo) bool { return w.File == file })
	if i < 0 {
		return fmt.Errorf("way %s: %w", file, ErrNotFound)
	}
	if len(c.state.Ways) == 1 {
		return ErrLastWay
	}
	detail := map[string]string{"file": file, "kind": c.state.Ways[i].Kind}
	if _, err := c.add(ctx, custody.Entry{Action: custody.KeyRemove, Object: file, Reason: reason, Detail: detail}, nil); err != nil {
		return err
	}
	return removeDurably(filepath.Join(c.dir, keysDir, file))
}

// removeStrayWays removes envelopes that the log does not know: a kill came between file and entry. It returns how many.
func (c *Case) removeStrayWays() (int, error) {
	list, err := os.ReadDir(filepath.Join(c.dir, keysDir))
	if err != nil {
		return 0, fmt.Errorf("ways into the case: %w", err)
	}
	n := 0
	for _, d := range list {
		if slices.ContainsFunc(c.state.Ways, func(w WayInfo) bool { return w.File == d.Name() }) {
			continue
		}
		if err := removeDurably(filepath.Join(c.dir, keysDir, d.Name())); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
