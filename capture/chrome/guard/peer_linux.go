package guard

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
)

// ours reports whether the other end of a connection on loopback is a program of the person who runs this one. The kernel's table of connections names
// the owner of each end.
func ours(client net.Conn) bool {
	from, ok := client.RemoteAddr().(*net.TCPAddr)
	to, and := client.LocalAddr().(*net.TCPAddr)
	if !ok || !and {
		return false
	}
	table, err := os.Open("/proc/net/tcp")
	if err != nil {
		return false
	}
	defer table.Close()
	ends := inTable(from) + " " + inTable(to) + " "
	for lines := bufio.NewScanner(table); lines.Scan(); {
		if _, row, _ := strings.Cut(lines.Text(), ": "); strings.HasPrefix(row, ends) {
			const owner = 6 // after both ends, state, queues, timer and retransmissions
			f := strings.Fields(row)
			return len(f) > owner && f[owner] == strconv.Itoa(os.Getuid())
		}
	}
	return false
}

// inTable writes an address as the table has it: the number in the machine's own order.
func inTable(a *net.TCPAddr) string {
	return fmt.Sprintf("%08X:%04X", binary.NativeEndian.Uint32(a.IP.To4()), a.Port)
}
