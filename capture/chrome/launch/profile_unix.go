//go:build !windows

package launch

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// alive reports whether a process with this id exists.
func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}

// ours reports whether this program's user owns a folder, and nobody else can put anything into it.
func ours(folder os.FileInfo) bool {
	of, ok := folder.Sys().(*syscall.Stat_t)
	return ok && int(of.Uid) == os.Geteuid() && folder.Mode().Perm()&0o022 == 0
}

// endHelpers ends the processes that have a profile in their command line: Chrome's crash handler is nobody's child, and lives on.
// Where there is no /proc it does nothing.
func endHelpers(profile string) {
	procs, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, p := range procs {
		line, err := os.ReadFile(p)
		pid, bad := strconv.Atoi(filepath.Base(filepath.Dir(p)))
		if err == nil && bad == nil && pid != os.Getpid() && bytes.Contains(line, []byte(profile+"\x00")) {
			_ = syscall.Kill(pid, syscall.SIGKILL) // it may have ended in between
		}
	}
}
