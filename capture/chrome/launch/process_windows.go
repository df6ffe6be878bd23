package launch

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"syscall"
)

// pipeFlags tell Chrome to speak over pipes; which they are, bequeath adds.
var pipeFlags = []string{"remote-debugging-pipe"}

// bequeath gives a process its ends of the pipes: as handles that it alone inherits, with their numbers on its command line.
func bequeath(cmd *exec.Cmd, in, out, _ *os.File) error {
	r, w := syscall.Handle(in.Fd()), syscall.Handle(out.Fd())
	for _, h := range []syscall.Handle{r, w} {
		if err := syscall.SetHandleInformation(h, syscall.HANDLE_FLAG_INHERIT, syscall.HANDLE_FLAG_INHERIT); err != nil {
			return fmt.Errorf("pipes of the browser: %w", err)
		}
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{AdditionalInheritedHandles: []syscall.Handle{r, w}}
	cmd.Args = slices.Insert(cmd.Args, 1, fmt.Sprintf("--remote-debugging-io-pipes=%d,%d", r, w))
	return nil
}

// environmentNames are the variables that a browser needs on Windows: where the system, its programs and the person's folders are. No other is handed
// on: a secret of ours may stand there.
var environmentNames = []string{
	"SystemRoot", "SystemDrive", "windir", "ComSpec", "PATH", "TEMP", "TMP", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "ALLUSERSPROFILE", "ProgramData",
	"ProgramFiles", "ProgramFiles(x86)", "ProgramW6432", "CommonProgramFiles", "CommonProgramFiles(x86)", "CommonProgramW6432", "PUBLIC",
	"HOMEDRIVE", "HOMEPATH", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE", "OS", "SESSIONNAME",
}

var windowNames []string

// HasScreen reports whether there is a screen for a browser with windows.
func HasScreen() bool { return true }
