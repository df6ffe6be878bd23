//go:build !windows

package chrome

import (
	"errors"
	"syscall"
)

func browserNames() []string {
	return []string{
		"google-chrome-stable", "google-chrome", "chromium", "chromium-browser", "microsoft-edge",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	}
}

// alive reports whether a process with this id exists.
func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}
