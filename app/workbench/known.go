package workbench

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"yuzheng/casefile"
	"yuzheng/casefile/packet"
	"yuzheng/casefile/private"
)

// KnownKey is one of the keys that a person has added on this machine, and who added it when.
type KnownKey struct {
	packet.KnownKey
	Time time.Time `json:"time"`
	By   string    `json:"by"`
}

// knownLine is one act on the list. Lines are only ever added: the file is the list and its history.
type knownLine struct {
	Action string `json:"action"` // add or remove
	KnownKey
}

const (
	knownAdd    = "add"
	knownRemove = "remove"
	maxKnown    = 1 << 20 // bytes of the file
)

// errNoConfig says that the system names no folder for what a person configures.
var errNoConfig = errors.New("list of known keys: this system names no configuration folder")

// KnownKeys lists the keys that were added by hand on this machine and not removed since, in the order of adding.
func (w *Workbench) KnownKeys() ([]KnownKey, error) {
	lines, err := w.knownLines()
	if err != nil {
		return nil, err
	}
	list := []KnownKey{}
	for _, l := range lines {
		list = slices.DeleteFunc(list, func(k KnownKey) bool {
			return k.KnownKey == l.KnownKey.KnownKey || l.Action == knownRemove && k.Fingerprint == l.Fingerprint
		})
		if l.Action == knownAdd {
			list = append(list, l.KnownKey)
		}
	}
	return list, nil
}

// ListedError says that another key is listed for the case.
type ListedError struct{ Listed KnownKey }

// Error implements error.
func (e *ListedError) Error() string {
	return fmt.Sprintf("another key is listed for %s %s: %s", e.Listed.Office, e.Listed.Number, e.Listed.Fingerprint)
}

// AddKnownKey adds a key to the list, unless another one is listed for the case (ListedError); the list says when and by whom. It gives what now stands there.
func (w *Workbench) AddKnownKey(k packet.KnownKey) (KnownKey, error) {
	k.Office, k.Number = strings.TrimSpace(k.Office), strings.TrimSpace(k.Number)
	if k.Office == "" {
		return KnownKey{}, fmt.Errorf("known key: %w: no office", casefile.ErrName)
	}
	list, err := w.KnownKeys()
	if err != nil {
		return KnownKey{}, err
	}
	if i := slices.IndexFunc(list, func(l KnownKey) bool { return l.Fingerprint != k.Fingerprint && k.SameCase(l.KnownKey) }); i >= 0 {
		return KnownKey{}, &ListedError{list[i]}
	}
	return w.writeKnown(knownAdd, k)
}

// RemoveKnownKey takes a key off the list; that it stood there, and who took it off, stays written.
func (w *Workbench) RemoveKnownKey(fingerprint string) error {
	list, err := w.KnownKeys()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(k KnownKey) bool { return k.Fingerprint == fingerprint })
	if i < 0 {
		return fmt.Errorf("known key %s: %w", fingerprint, casefile.ErrNotFound)
	}
	_, err = w.writeKnown(knownRemove, list[i].KnownKey)
	return err
}

func (w *Workbench) writeKnown(action string, k packet.KnownKey) (KnownKey, error) {
	if w.Known == "" {
		return KnownKey{}, errNoConfig
	}
	if _, err := w.knownLines(); err != nil { // nothing is added to a list that cannot be read
		return KnownKey{}, err
	}
	added := KnownKey{k, w.Now().UTC().Truncate(time.Second), who()}
	line, err := json.Marshal(knownLine{action, added})
	if err != nil {
		return KnownKey{}, fmt.Errorf("list of known keys: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(w.Known), 0o700); err != nil {
		return KnownKey{}, fmt.Errorf("list of known keys: %w", err)
	}
	f, err := os.OpenFile(w.Known, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return KnownKey{}, fmt.Errorf("list of known keys: %w", err)
	}
	err = f.Chmod(0o600) // also of a file that was copied here
	if err == nil {
		_, err = f.Write(append(line, '\n'))
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return KnownKey{}, fmt.Errorf("list of known keys: %w", err)
	}
	return added, nil
}

// who is the account in which the program runs.
func who() string {
	u, err := user.Current()
	if err != nil {
		return "?"
	}
	return u.Username
}

// knownLines reads the whole file. A line that cannot be read makes it none: a key must not be forgotten unsaid.
func (w *Workbench) knownLines() ([]knownLine, error) {
	if w.Known == "" {
		return nil, nil
	}
	text, err := readKnown(w.Known)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list of known keys: %w", err)
	}
	var lines []knownLine
	rows := bufio.NewScanner(bytes.NewReader(text))
	for rows.Scan() {
		var l knownLine
		if err := json.Unmarshal(rows.Bytes(), &l); err != nil || l.Fingerprint == "" || l.Office == "" || l.Action != knownAdd && l.Action != knownRemove {
			return nil, fmt.Errorf("list of known keys: %s: line %d cannot be read", w.Known, len(lines)+1)
		}
		lines = append(lines, l)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("list of known keys: %w", err)
	}
	return lines, nil
}

// readKnown reads the file where nobody else could have written it: who can is who says whose a key is.
func readKnown(path string) ([]byte, error) {
	f, err := private.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxKnown+1))
	if err == nil && len(text) > maxKnown {
		err = fmt.Errorf("longer than %d bytes", maxKnown)
	}
	return text, err
}
