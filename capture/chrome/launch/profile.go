package launch

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
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
// process lives, stays, and so does what somebody else made under such a name: temp is everybody's, a marker that is a pipe is never read
// to its end, and a link would lead us to what is not his to remove.
func sweepProfiles(temp string) {
	dirs, _ := filepath.Glob(filepath.Join(temp, profilePrefix+"*"))
	for _, dir := range dirs {
		if info, err := os.Lstat(dir); err != nil || !info.IsDir() || !ours(info) {
			continue
		}
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

// How long helpers of a browser that was killed may go on writing, and how long a profile must stay away to be gone.
const (
	helpersTime = 30 * time.Second
	goneTicks   = 4
	tick        = 25 * time.Millisecond
)

// removeProfile removes a profile until it stays away: helpers outlive their browser for a moment, and make it anew.
func removeProfile(dir string) error {
	for _, beside := range []string{socketFolder(dir), tempOf(dir)} {
		if beside != "" {
			defer os.RemoveAll(beside)
		}
	}
	endHelpers(dir)
	pace := time.NewTicker(tick)
	defer pace.Stop()
	var err error
	gone := 0
	for end := time.Now().Add(helpersTime); time.Now().Before(end); <-pace.C {
		if _, there := os.Lstat(dir); errors.Is(there, fs.ErrNotExist) {
			if gone++; gone == goneTicks {
				return nil
			}
			continue
		}
		gone = 0
		err = os.RemoveAll(dir)
	}
	return fmt.Errorf("browser profile %s: %w", dir, cmp.Or(err, errStillWritten))
}

var errStillWritten = errors.New("still written to")

// socketFolder is where Chrome keeps the socket of a profile on Unix: beside it in the temporary folder, because the path of a socket is
// short. A link in the profile leads there. It is empty where there is none.
func socketFolder(profile string) string {
	target, err := os.Readlink(filepath.Join(profile, "SingletonSocket"))
	if err != nil || !filepath.IsAbs(target) {
		return ""
	}
	folder := filepath.Dir(target)
	if !strings.Contains(filepath.Base(folder), "org.chromium.Chromium.") && !strings.Contains(filepath.Base(folder), "com.google.Chrome.") {
		return ""
	}
	return folder
}
