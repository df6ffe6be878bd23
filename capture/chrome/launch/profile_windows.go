package launch

import (
	"os"

	"golang.org/x/sys/windows"
)

const stillActive = 259 // STILL_ACTIVE of GetExitCodeProcess

// alive reports whether a process with this id exists.
func alive(pid int) bool {
	h, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, uint32(pid))
	if err != nil {
		return false
	}
	defer windows.CloseHandle(h)
	var code uint32
	return windows.GetExitCodeProcess(h, &code) == nil && code == stillActive
}

// ours holds of every folder: each user of Windows has a temporary folder of his own.
func ours(os.FileInfo) bool { return true }

// endHelpers does nothing: what a helper holds open cannot be removed, so removal waits for it.
func endHelpers(string) {}

// newTemp makes nothing: what a browser puts beside its profile here is its own affair, and ends with it.
func newTemp(string) error { return nil }

// tempOf is none.
func tempOf(string) string { return "" }
