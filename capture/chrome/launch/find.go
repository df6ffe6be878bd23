package launch

import (
	"context"
	"errors"
	"os/exec"
	"strings"
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

// Version asks a program for its name and version, as it prints them ("Chromium 156.0.8078.79 built on Debian"), without starting a browser.
func Version(ctx context.Context, path string) (string, error) {
	out, err := exec.CommandContext(ctx, path, "--version").Output()
	return strings.TrimSpace(string(out)), err
}
