//go:build !windows

package launch

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// keyPipe is where the browser tells the keys of its TLS connections: a pipe in its profile, whose content is never on the disk. The file is
// to be closed.
func keyPipe(profile string) (string, io.ReadCloser, error) {
	path := filepath.Join(profile, "keys")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		return "", nil, fmt.Errorf("pipe for keys: %w", err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|syscall.O_NONBLOCK, 0) // for writing too, so that it does not end before the browser has begun
	if err != nil {
		return "", nil, fmt.Errorf("pipe for keys: %w", err)
	}
	return path, f, nil
}
