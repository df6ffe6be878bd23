//go:build !windows

package private

import (
	"os"
	"path/filepath"
	"syscall"
)

func create(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
}

func below(root *os.Root, name string) (*os.File, error) {
	if err := root.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return nil, err
	}
	return root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
}

func folder(dir string) error { return os.MkdirAll(dir, 0o700) }

// Take makes an empty folder that is there already its owner's alone, where the file system can.
func Take(dir string) { _ = os.Chmod(dir, 0o700) }

// mine reports whether its owner is this program's user or the administrator, and nobody else may write.
func mine(info os.FileInfo) bool {
	of, ok := info.Sys().(*syscall.Stat_t)
	return ok && (of.Uid == 0 || int(of.Uid) == os.Geteuid()) && info.Mode().Perm()&0o022 == 0
}
