//go:build !windows

package workbench

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// freeBytes is how much an ordinary user can still write where dir lies.
func freeBytes(dir string) (uint64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, fmt.Errorf("free space of %s: %w", dir, err)
	}
	return s.Bavail * uint64(s.Bsize), nil
}
