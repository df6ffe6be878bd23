// Package private makes files and folders that their owner alone can read, from their first moment on. On Unix that is their mode, to which the
// program adds its umask (package app) for what libraries make; on Windows a list of rights that names the owner alone, which what is made in a
// folder inherits. A file system without rights (FAT) has none.
package private

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// ErrShared is wrapped where somebody else can change what this program's user alone should.
var ErrShared = errors.New("others can change it")

// Create makes a file that is not there yet, for reading and writing.
func Create(path string) (*os.File, error) { return create(path) }

// Below makes a file below a folder, and the folders on the way to it. The folder may be everybody's: no link that somebody has put there leads out of it.
func Below(dir, name string) (*os.File, error) {
	if err := folder(dir); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return below(root, name)
}

// Folder makes a folder, and those above it that are missing.
func Folder(dir string) error { return folder(dir) }

// Replace is Create for a file that an earlier, broken run may have left behind: that one is removed, never written to. It may be somebody's trap.
func Replace(path string) (*os.File, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	return create(path)
}

// Whole writes path through a neighbour that takes its name only when everything is on the disk.
func Whole(path string, write func(io.Writer) error) error {
	part := path + ".part"
	f, err := Replace(part)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", path, err), os.Remove(part))
	}
	return nil
}

// Open opens a file that is believed for being its user's own, a list of whom he trusts: it and its folder belong to him or the administrator, and nobody
// else can write there. Unix knows that by owner and mode; on Windows the list of rights is not read.
func Open(path string) (*os.File, error) {
	for _, at := range []string{filepath.Dir(path), path} { // the folder first: what lies in it is then put there by nobody else
		info, err := Mine(at)
		if err != nil {
			return nil, err
		}
		if at == path && !info.Mode().IsRegular() {
			return nil, &os.PathError{Op: "open", Path: path, Err: errors.ErrUnsupported}
		}
	}
	return os.Open(path)
}

// Mine says with ErrShared that somebody else than this program's user or the administrator can change what lies at path.
func Mine(path string) (os.FileInfo, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !mine(info) {
		return nil, fmt.Errorf("%s: %w", path, ErrShared)
	}
	return info, nil
}
