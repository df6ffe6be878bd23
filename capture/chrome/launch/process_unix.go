//go:build !windows

package launch

import (
	"os"
	"os/exec"
	"runtime"
)

// pipeFlags tell Chrome to read commands from its third file and to write to its fourth.
var pipeFlags = []string{"remote-debugging-pipe"}

// bequeath gives a process its ends of the pipes.
func bequeath(cmd *exec.Cmd, in, out, more *os.File) error {
	cmd.ExtraFiles = []*os.File{in, out, more} // numbered from three on
	return nil
}

// environmentNames are the variables that a browser needs: where its programs, fonts and home are, how text is written, and, for one with windows, the
// screen, the sound and the input method of the person. No other is handed on: a secret of ours may stand there.
var environmentNames = []string{
	"PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_DIRS", "XDG_CONFIG_DIRS", "XDG_RUNTIME_DIR",
	"FONTCONFIG_PATH", "FONTCONFIG_FILE", "LD_LIBRARY_PATH",
}

var windowNames = []string{
	"DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_SESSION_TYPE", "XDG_CURRENT_DESKTOP", "DBUS_SESSION_BUS_ADDRESS", "PULSE_SERVER",
	"XMODIFIERS", "GTK_IM_MODULE", "QT_IM_MODULE",
}

// HasScreen reports whether there is a screen for a browser with windows. macOS always has one.
func HasScreen() bool {
	return runtime.GOOS == "darwin" || os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != ""
}
