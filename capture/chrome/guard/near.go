package guard

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
)

// The widest networks that count as the neighbourhood of this machine. A wider one is a line to everywhere.
const (
	widest4 = 8
	widest6 = 32
)

// Neighbourhood is this machine's own addresses, and the networks that its interfaces are in: whatever their numbers, they are no part of the public
// internet for a page or for a server that sends us on, for this machine reaches there what it alone may reach.
type Neighbourhood []netip.Prefix

// Neighbours looks at the interfaces of this machine.
func Neighbours() (Neighbourhood, error) {
	interfaces, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("own addresses: %w", err)
	}
	return near(interfaces), nil
}

func near(interfaces []net.Addr) (list Neighbourhood) {
	for _, i := range interfaces {
		n, ok := i.(*net.IPNet)
		if !ok {
			continue
		}
		a, ok := netip.AddrFromSlice(n.IP)
		if !ok {
			continue
		}
		a = a.Unmap()
		bits, _ := n.Mask.Size()
		list = append(list, netip.PrefixFrom(a, a.BitLen()))
		if a.Is4() && bits >= widest4 || a.Is6() && bits >= widest6 {
			list = append(list, netip.PrefixFrom(a, bits).Masked())
		}
	}
	return list
}

// Beyond reports whether an address is one of the public internet, and neither this machine's own nor a neighbour's.
func (n Neighbourhood) Beyond(a netip.Addr) bool {
	if !Public(a) {
		return false
	}
	a = embedded(a.Unmap())
	return !slices.ContainsFunc(n, func(p netip.Prefix) bool { return p.Contains(a) })
}
