package casefile

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"yuzheng/casefile/custody"
	"yuzheng/casefile/private"
)

// LoginInfo is a login that the case keeps, as the log knows it. A login is a secret: with it a browser is taken for the person who logged in.
type LoginInfo struct {
	Name string `json:"name"` // what the operators call it, such as the alias of an office's account
	File string `json:"file"` // in logins/
	URL  string `json:"url,omitempty"`
}

// loginFile is how a file in logins/ ends; before that stand the first 32 hexadecimal digits of its own SHA-256.
const loginFile = ".sealed"

const maxLoginName = 100 // characters

// Logins lists the logins that the case keeps, in the order of their names.
func (c *Case) Logins() []LoginInfo {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := slices.Clone(c.state.Logins)
	slices.SortFunc(list, func(a, b LoginInfo) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// KeepLogin keeps a login under a name; one that had this name is removed. URL says where it is good. Nothing else in a case can be taken away
// again.
func (c *Case) KeepLogin(ctx context.Context, name, url string, login []byte) (LoginInfo, error) {
	if n := utf8.RuneCountInString(name); n == 0 || n > maxLoginName || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return LoginInfo{}, fmt.Errorf("login: %w: a name of 1 to %d characters is needed", ErrName, maxLoginName)
	}
	seal, err := c.sealer("login")
	if err != nil {
		return LoginInfo{}, err
	}
	sealed := seal.Seal(loginPlace(name), login)
	c.mu.Lock()
	defer c.mu.Unlock()
	l := LoginInfo{Name: name, File: loginFileName(sealed), URL: url}
	if err := private.Folder(filepath.Join(c.dir, loginsDir)); err != nil {
		return LoginInfo{}, fmt.Errorf("login: %w", full(err))
	}
	if err := writeDurably(filepath.Join(c.dir, loginsDir, l.File), sealed); err != nil {
		return LoginInfo{}, fmt.Errorf("login: %w", full(err))
	}
	old := c.state.login(name)
	detail := map[string]string{"file": l.File}
	if url != "" {
		detail["url"] = url
	}
	if _, err := c.add(ctx, custody.Entry{Action: custody.LoginKeep, Object: name, Detail: detail}, nil); err != nil {
		return LoginInfo{}, err
	}
	if old != nil {
		err = removeDurably(filepath.Join(c.dir, loginsDir, old.File))
	}
	return l, err
}

// Login gives what KeepLogin was given: ErrNotFound without one, *TamperError if it is not what was kept.
func (c *Case) Login(name string) ([]byte, error) {
	c.mu.Lock()
	l := c.state.login(name)
	c.mu.Unlock()
	if l == nil {
		return nil, fmt.Errorf("login %q: %w", name, ErrNotFound)
	}
	return c.readLogin(*l)
}

// RemoveLogin takes a login away: ErrNotFound without one. Whoever kept a copy of the folder from before has it still.
func (c *Case) RemoveLogin(ctx context.Context, name, reason string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.state.login(name)
	if l == nil {
		return fmt.Errorf("login %q: %w", name, ErrNotFound)
	}
	e := custody.Entry{Action: custody.LoginRemove, Object: name, Reason: reason, Detail: map[string]string{"file": l.File}}
	if _, err := c.add(ctx, e, nil); err != nil {
		return err
	}
	return removeDurably(filepath.Join(c.dir, loginsDir, l.File))
}

func (c *Case) readLogin(l LoginInfo) ([]byte, error) {
	place := loginsDir + "/" + l.File
	sealed, err := readBounded(filepath.Join(c.dir, loginsDir, l.File), maxLogin)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, tampered(place, "is missing")
	}
	if err != nil {
		return nil, fmt.Errorf("login: %w", err)
	}
	seal, err := c.sealer("login")
	if err != nil {
		return nil, err
	}
	plain, err := seal.Open(nil, loginPlace(l.Name), sealed)
	if err != nil || loginFileName(sealed) != l.File {
		return nil, tampered(place, "is not the login that was kept")
	}
	return plain, nil
}

// strayLogins names the files in logins/ that no login has.
func (c *Case) strayLogins() ([]string, error) {
	list, err := os.ReadDir(filepath.Join(c.dir, loginsDir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("logins: %w", err)
	}
	known := map[string]bool{}
	for _, l := range c.state.Logins {
		known[l.File] = true
	}
	var stray []string
	for _, d := range list {
		if !known[d.Name()] {
			stray = append(stray, d.Name())
		}
	}
	return stray, nil
}

// removeStrayLogins removes what the log does not know: a kill came between file and entry. It returns how many.
func (c *Case) removeStrayLogins() (int, error) {
	stray, err := c.strayLogins()
	if err != nil {
		return 0, err
	}
	for n, name := range stray {
		if err := removeDurably(filepath.Join(c.dir, loginsDir, name)); err != nil {
			return n, err
		}
	}
	return len(stray), nil
}

// logins compares logins/ with the log.
func (k *checker) logins() error {
	for _, l := range k.c.Logins() {
		_, err := k.c.readLogin(l)
		if err := k.verdict(loginsDir+"/"+l.File, err); err != nil {
			return err
		}
	}
	k.c.mu.Lock()
	stray, err := k.c.strayLogins()
	k.c.mu.Unlock()
	for _, name := range stray {
		k.report(Finding{Place: loginsDir + "/" + name, Problem: "is a login that the log does not know"})
	}
	return err
}

// login is the one with this name, or nil.
func (s state) login(name string) *LoginInfo {
	for _, l := range s.Logins {
		if l.Name == name {
			return &l
		}
	}
	return nil
}

func (s state) withLogin(l LoginInfo) []LoginInfo { return append(s.withoutLogin(l.Name), l) }

func (s state) withoutLogin(name string) []LoginInfo {
	return slices.DeleteFunc(slices.Clone(s.Logins), func(l LoginInfo) bool { return l.Name == name })
}

func loginPlace(name string) []byte { return []byte("login/" + name) }

func loginFileName(sealed []byte) string {
	sum := sha256.Sum256(sealed)
	return hex.EncodeToString(sum[:16]) + loginFile
}
