package app

import "golang.org/x/sys/unix"

// keepPrivate closes the memory of this process, the environment it was started with included, to every other program but root's, and forbids dumps of
// it and of the browsers that it starts. A system that refuses leaves things as they were.
func keepPrivate() {
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
	_ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
}
