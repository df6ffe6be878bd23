//go:build !linux

package guard

import "net"

// ours takes everybody on loopback for the browser: the system is not asked who it is.
func ours(net.Conn) bool { return true }
