//go:build !windows

package launch

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// keyPipe is where the browser tells the keys of its TLS connections: a pipe in its profile, whose content is never on the disk. Both files are to be
// closed. The browser inherits its own end, from which nobody reads: it opens the pipe for writing, and would wait for ever, out of reach of
// everything else that ends it, if we had been killed before and no reader was left.
func keyPipe(profile string) (path string, keys io.ReadCloser, inherited *os.File, err error) {
	path = filepath.Join(profile, "keys")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		return "", nil, nil, fmt.Errorf("pipe for keys: %w", err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|syscall.O_NONBLOCK, 0) // for writing too, so that it does not end before the browser has begun
	if err != nil {
		return "", nil, nil, fmt.Errorf("pipe for keys: %w", err)
	}
	inherited, err = os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		f.Close()
		return "", nil, nil, fmt.Errorf("pipe for keys: %w", err)
	}
	return path, f, inherited, nil
}
