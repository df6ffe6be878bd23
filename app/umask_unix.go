//go:build !windows

package app

import "syscall"

// closeFiles sees to it that what libraries and the browser make is the owner's alone, whatever the umask was that the process was given.
func closeFiles() { syscall.Umask(0o077) }
