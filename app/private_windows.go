package app

import "golang.org/x/sys/windows"

// keepPrivate has the system make no report, with memory in it, of a crash of this process or of what it starts.
func keepPrivate() {
	windows.SetErrorMode(windows.SEM_FAILCRITICALERRORS | windows.SEM_NOGPFAULTERRORBOX | windows.SEM_NOOPENFILEERRORBOX)
}
