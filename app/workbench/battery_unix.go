//go:build !windows

package workbench

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// battery is the charge in per cent, and whether the machine runs on it (Linux, power_supply class). Without a battery it does not.
func battery() (percent int, discharging bool) {
	states, _ := filepath.Glob("/sys/class/power_supply/*/status")
	for _, file := range states {
		state, err := os.ReadFile(file)
		if err != nil || strings.TrimSpace(string(state)) != "Discharging" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(filepath.Dir(file), "capacity"))
		if n, bad := strconv.Atoi(strings.TrimSpace(string(text))); err == nil && bad == nil {
			return n, true
		}
	}
	return 0, false
}
