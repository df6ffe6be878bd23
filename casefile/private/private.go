// Package private makes files and folders that their owner alone can read, from their first moment on. On Unix that is their mode, to which the
// program adds its umask (package app) for what libraries make; on Windows a list of rights that names the owner alone, which what is made in a
// folder inherits. A file system without rights (FAT) has none.
package private

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// Create makes a file that is not there yet, for reading and writing.
func Create(path string) (*os.File, error) { return create(path) }

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
