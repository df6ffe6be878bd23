package workbench

import (
	"net"
	"slices"

	"yuzheng/casefile/evidence"
)

// prescribed lists the hosts whose addresses the operator set for a capture.
func prescribed(r evidence.Request) []string {
	var hosts []string
	for place := range r.Resolve {
		if host, _, err := net.SplitHostPort(place); err == nil && !slices.Contains(hosts, host) {
			hosts = append(hosts, host)
		}
	}
	slices.Sort(hosts)
	return hosts
}
