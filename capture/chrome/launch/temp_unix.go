//go:build !windows

package launch

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// What a browser puts beside its profile, into the temporary folder (the socket of the profile, memory that it shares for as long as it takes to unlink
// it), comes into a folder of its own, to which a link in the profile leads: one that is killed in between leaves it behind, and nobody could tell whose
// it is. The name is short, because the path of a socket is.
const (
	tempPrefix  = "yz"
	tempLink    = "yuzheng-temp"
	longestTemp = 104 - len("/.org.chromium.Chromium.XXXXXX/SingletonSocket") // of a path, with its zero: 104 bytes on macOS, 108 on Linux
)

// newTemp makes the folder. Where its path would be too long for a socket there is none.
func newTemp(profile string) error {
	dir, err := os.MkdirTemp(filepath.Dir(profile), tempPrefix)
	if err == nil && len(dir) >= longestTemp {
		return os.Remove(dir)
	}
	if err == nil {
		err = os.Symlink(dir, filepath.Join(profile, tempLink))
	}
	if err != nil {
		os.Remove(dir)
		return fmt.Errorf("browser profile: %w", err)
	}
	return nil
}

// tempOf is the folder of a profile; "" where there is none.
func tempOf(profile string) string {
	dir, err := os.Readlink(filepath.Join(profile, tempLink))
	if err != nil || filepath.Dir(dir) != filepath.Dir(profile) || !strings.HasPrefix(filepath.Base(dir), tempPrefix) {
		return ""
	}
	if info, err := os.Lstat(dir); err != nil || !info.IsDir() || !ours(info) {
		return ""
	}
	return dir
}
