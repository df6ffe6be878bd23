package chrome

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// A profile is a temporary folder of ours with a marker that names the process which uses it. Nothing of a page comes into
// it (every capture has a browser context of its own, kept in memory); it is removed when the browser ends, and, after a
// crash, by the next start.
const (
	profilePrefix = "yuzheng-chrome-"
	profileMarker = "yuzheng-profile-pid"
)

func newProfile(temp string) (string, error) {
	dir, err := os.MkdirTemp(temp, profilePrefix)
	if err != nil {
		return "", fmt.Errorf("browser profile: %w", err)
	}
	marker := filepath.Join(dir, profileMarker)
	if err := os.WriteFile(marker, []byte(strconv.Itoa(os.Getpid())), 0o600); err != nil {
		os.RemoveAll(dir)
		return "", fmt.Errorf("browser profile: %w", err)
	}
	return dir, nil
}

// sweepProfiles removes the profiles that dead processes of ours have left in temp. A folder without our marker, or whose
// process lives, stays.
func sweepProfiles(temp string) {
	dirs, _ := filepath.Glob(filepath.Join(temp, profilePrefix+"*"))
	for _, dir := range dirs {
		text, err := os.ReadFile(filepath.Join(dir, profileMarker))
		if err != nil {
			continue
		}
		pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
		if err == nil && pid != os.Getpid() && !alive(pid) {
			removeProfile(dir)
		}
	}
}

// removeProfile tries for a few seconds: helpers of a browser that was killed may still write.
func removeProfile(dir string) error {
	var err error
	for range 50 {
		if err = os.RemoveAll(dir); err == nil {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return fmt.Errorf("browser profile: %w", err)
}
