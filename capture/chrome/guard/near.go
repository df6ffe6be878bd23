package guard

import (
	"net"
	"net/netip"
)

// The widest networks that count as the neighbourhood of this machine. A wider one is a line to everywhere.
const (
	widest4 = 8
	widest6 = 32
)

// near are this machine's own addresses, and the networks that its interfaces are in: whatever their numbers, they are no part of the public
// internet for a page, for a visitor's browser would reach there what he alone may reach.
func near(interfaces []net.Addr) (list []netip.Prefix) {
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

// nearby reports whether an address is this machine's own or a neighbour's.
func (g *Guard) nearby(a netip.Addr) bool {
	a = embedded(a.Unmap())
	for _, p := range g.near {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
