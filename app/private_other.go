//go:build !linux && !windows

package app

// keepPrivate does nothing where we do not know how.
func keepPrivate() {}
