package capture

import (
	"fmt"
	"strings"
)

// StartError says that the browser at Path did not start; Err holds all that it wrote.
type StartError struct {
	Path string
	Err  error
}

func (e *StartError) Error() string { return fmt.Sprintf("start %s: %v", e.Path, e.Err) }

// Unwrap gives what the browser wrote.
func (e *StartError) Unwrap() error { return e.Err }

// sayings are what Chrome writes, among much else, where it does not start without a sandbox that it can use.
var sayings = []string{"Running as root without --no-sandbox is not supported", "No usable sandbox!", "Failed to move to new namespace"}

// Why is what the browser had to say: the words that matter where they are known, or else its first line.
func (e *StartError) Why() string {
	all := e.Err.Error()
	for _, s := range sayings {
		if strings.Contains(all, s) {
			return s
		}
	}
	line, _, _ := strings.Cut(all, "\n")
	return strings.TrimRight(line, ": ")
}

// Sandbox reports whether it may start without its sandbox.
func (e *StartError) Sandbox() bool {
	why := e.Why()
	for _, s := range sayings {
		if s == why {
			return true
		}
	}
	return false
}
