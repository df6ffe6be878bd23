package chrome

import (
	"errors"
	"os/exec"
)

// ErrNoBrowser says that no usable browser is installed, and what to install.
var ErrNoBrowser = errors.New("no Chrome, Chromium or Edge found: install Google Chrome (https://www.google.com/chrome/), or on Debian `apt install chromium`")

// Find gives the path of an installed browser, or ErrNoBrowser. Chrome comes before Chromium and Edge: it is what most visitors have.
func Find() (string, error) {
	for _, name := range browserNames() {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrNoBrowser
}
