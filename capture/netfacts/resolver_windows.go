package netfacts

import (
	"errors"
	"net"
	"unsafe"

	"golang.org/x/sys/windows"
)

// systemResolver is the first one of the first adapter that is up and has one.
func systemResolver() (string, error) {
	const skip = windows.GAA_FLAG_SKIP_ANYCAST | windows.GAA_FLAG_SKIP_MULTICAST | windows.GAA_FLAG_SKIP_FRIENDLY_NAME
	size := uint32(16 << 10)
	for range 3 { // the list may grow between two calls
		buffer := make([]byte, size)
		first := (*windows.IpAdapterAddresses)(unsafe.Pointer(&buffer[0]))
		err := windows.GetAdaptersAddresses(windows.AF_UNSPEC, skip, 0, first, &size)
		if errors.Is(err, windows.ERROR_BUFFER_OVERFLOW) {
			continue
		}
		if err != nil {
			return "", err
		}
		return firstServer(first)
	}
	return "", windows.ERROR_BUFFER_OVERFLOW
}

func firstServer(adapter *windows.IpAdapterAddresses) (string, error) {
	for ; adapter != nil; adapter = adapter.Next {
		if adapter.OperStatus != windows.IfOperStatusUp {
			continue
		}
		for server := adapter.FirstDnsServerAddress; server != nil; server = server.Next {
			if ip := server.Address.IP(); ip != nil {
				return net.JoinHostPort(ip.String(), "53"), nil
			}
		}
	}
	return "", errors.New("no adapter names one")
}
