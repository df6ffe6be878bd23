package packet

import (
	"bytes"
	"fmt"
	"io"
	"os"

	"yuzheng/casefile/custody"
)

// ReadSeal reads a seal out of a file: its text, or a packet (a ZIP or a folder) that was sent at another time. Nothing is checked.
func ReadSeal(path string) ([]byte, error) {
	text, err := head(path)
	if err == nil && (text == nil || bytes.HasPrefix(text, []byte("PK"))) {
		text, err = peek(path, sealName)
	}
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	if text == nil {
		return nil, fmt.Errorf("%s: %w", path, ErrNotSeal)
	}
	return text, nil
}

// ReadWhose reads who made a packet, as it says itself: its key, and office and number of its case. Nothing is checked.
func ReadWhose(path string) (Whose, error) {
	text, err := peek(path, payload+EntriesPath)
	if err != nil {
		return Whose{}, fmt.Errorf("packet: %w", err)
	}
	line, _, _ := bytes.Cut(text, []byte("\n"))
	var r record
	if _, err = r.parse(append(bytes.Clone(line), '\n')); err == nil {
		err = r.first()
	}
	if err != nil {
		return Whose{}, fmt.Errorf("%s: %w", path, err)
	}
	first := r.entries[0]
	return Whose{Key: r.key, Fingerprint: custody.Fingerprint(r.key), Office: first.Operator.Office, Number: first.Detail[detailNumber]}, nil
}

// head is the beginning of a file, one byte more than a seal may have; nil for a folder.
func head(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || info.IsDir() {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(f, maxSeal+1))
}

// peek reads one file of a packet; nil if it is not there.
func peek(path, name string) (text []byte, err error) {
	defer func() {
		if r := recover(); r != nil { // as guarded, for what a check has not seen yet
			err = fmt.Errorf("%s cannot be read: %v", path, r)
		}
	}()
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		root, err := os.OpenRoot(path)
		if err != nil {
			return nil, err
		}
		defer root.Close()
		b, _, err := openDir(root)
		if err != nil {
			return nil, err
		}
		return one(b, name)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, _, err := openZIP(f, info.Size())
	if err != nil {
		return nil, err
	}
	return one(b, name)
}

func one(b bag, name string) ([]byte, error) {
	c := &check{bag: b, large: map[string]bool{}, report: blank(b)}
	return c.text(name)
}
