package launch

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// What somebody else put into the temporary folder under a profile's name is neither waited for nor followed nor touched.
func TestSweepOfOthers(t *testing.T) {
	dir := t.TempDir()
	keep := filepath.Join(dir, "org.chromium.Chromium.keep")
	if err := os.Mkdir(keep, 0o700); err != nil {
		t.Fatal(err)
	}
	plant := func(name string, mode os.FileMode) string {
		folder := filepath.Join(dir, name)
		err := os.Mkdir(folder, 0o700)
		err = errors.Join(err, os.WriteFile(filepath.Join(folder, profileMarker), []byte("999999999"), 0o600))
		err = errors.Join(err, os.Symlink(filepath.Join(keep, "SingletonSocket"), filepath.Join(folder, "SingletonSocket")), os.Chmod(folder, mode))
		if err != nil {
			t.Fatal(err)
		}
		return folder
	}
	kept := []string{keep, plant(profilePrefix+"open", 0o777), plant(profilePrefix+"group", 0o770), plant("linked", 0o700)}
	link := filepath.Join(dir, profilePrefix+"link")
	pipe := plant(profilePrefix+"pipe", 0o777)
	err := errors.Join(os.Symlink(kept[3], link), os.Remove(filepath.Join(pipe, profileMarker)))
	if err = errors.Join(err, syscall.Mkfifo(filepath.Join(pipe, profileMarker), 0o600)); err != nil {
		t.Fatal(err)
	}
	kept = append(kept, link, pipe)
	if os.Getuid() == 0 {
		other := plant(profilePrefix+"other", 0o700)
		if err := os.Chown(other, 65534, 65534); err != nil {
			t.Fatal(err)
		}
		kept = append(kept, other)
	}
	done := make(chan struct{})
	go func() { sweepProfiles(dir); close(done) }()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatal("somebody else's pipe is waited for")
	}
	for _, p := range kept {
		if _, err := os.Lstat(p); err != nil {
			t.Errorf("%s is gone", p)
		}
	}
}
