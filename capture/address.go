package capture

import (
	"fmt"
	"net/url"
	"strings"
)

// Address reads the address of a page as people write it, on a command line or in a form: one without a scheme is https, as browsers read it today.
// What no browser would open as a page is an ErrRequest.
func Address(text string) (string, error) {
	address := strings.TrimSpace(text)
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.ContainsAny(u.Host, " ，、") {
		return "", fmt.Errorf("%w: %q: only http and https addresses are", ErrRequest, inError(strings.TrimSpace(text)))
	}
	return address, nil
}
