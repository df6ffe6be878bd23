package launch

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
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

// What a browser leaves beside its profile goes with the profile; what a link that is not ours leads to stays.
func TestBesideTheProfile(t *testing.T) {
	temp := t.TempDir()
	profile, err := newProfile(temp)
	if err != nil {
		t.Fatal(err)
	}
	if err := newTemp(profile); err != nil {
		t.Fatal(err)
	}
	beside := tempOf(profile)
	if beside == "" {
		t.Fatal("no folder beside the profile")
	}
	if err := os.WriteFile(filepath.Join(beside, ".org.chromium.Chromium.Ab12Cd"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if list := environment(Options{}, profile); !slices.Contains(list, "TMPDIR="+beside) {
		t.Errorf("the browser is told %q", list)
	}
	if err := removeProfile(profile); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(temp); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	for name, to := range map[string]string{"elsewhere": t.TempDir(), "named": filepath.Join(temp, "named-otherwise")} {
		profile, err := newProfile(temp)
		if err = errors.Join(err, os.MkdirAll(to, 0o700), os.Symlink(to, filepath.Join(profile, tempLink)), removeProfile(profile)); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Lstat(to); err != nil {
			t.Errorf("%s: what a link leads to is gone: %v", name, err)
		}
	}
	long := filepath.Join(temp, strings.Repeat("l", longestTemp))
	if err := os.Mkdir(long, 0o700); err != nil {
		t.Fatal(err)
	}
	if profile, err = newProfile(long); err != nil {
		t.Fatal(err)
	}
	if err := newTemp(profile); err != nil || tempOf(profile) != "" {
		t.Errorf("%q %v: the path of its socket is too long", tempOf(profile), err)
	}
}
