package casefile

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// smallDisk mounts a tmpfs of so many MiB.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root to mount a small tmpfs")
	}
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("cannot mount a small tmpfs here: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// TestFullDisk takes evidence in until the disk is full: a clear refusal, nothing lost, and it goes on once there is room.
func TestFullDisk(t *testing.T) {
	disk := smallDisk(t, "140m")
	filler := filepath.Join(disk, "filler")
	if err := os.WriteFile(filler, noise(1, 30<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(disk, "case")
	c, _, err := Create(t.Context(), dir, options())
	if err != nil {
		t.Fatal(err)
	}
	var admitted []string
	for i := byte(0); ; i++ {
		x, err := childExhibit(c, i)
		if errors.Is(err, ErrFull) {
			break
		}
		if err != nil || i > 100 {
			t.Fatal(i, err)
		}
		admitted = append(admitted, x.ID)
	}
	clean(t, c)
	closeCase(t, c)
	if err := os.WriteFile(filler, noise(1, 60<<20), 0o600); err != nil && !errors.Is(err, unix.ENOSPC) {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), dir, Passphrase(phrase), OpenOptions{}); !errors.Is(err, ErrFull) {
		t.Errorf("open on a full disk: %v", err)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	c = reopen(t, dir)
	clean(t, c)
	for _, id := range admitted {
		if _, err := c.Exhibit(id); err != nil {
			t.Error(err)
		}
	}
	if _, err := childExhibit(c, 1); err != nil {
		t.Errorf("after making room: %v", err)
	}
	closeCase(t, c)
}

// TestDiskFillsUpBehindOurBack lets another program take the last byte while evidence is taken in: the program may die of it, the case may not.
func TestDiskFillsUpBehindOurBack(t *testing.T) {
	disk := smallDisk(t, "160m")
	dir := filepath.Join(disk, "case")
	c, _, err := Create(t.Context(), dir, options())
	if err != nil {
		t.Fatal(err)
	}
	closeCase(t, c)
	filler := filepath.Join(disk, "filler")
	reported := map[string]string{}
	for range 3 {
		filled := make(chan struct{})
		time.AfterFunc(150*time.Millisecond, func() {
			defer close(filled)
			_ = os.WriteFile(filler, noise(1, 200<<20), 0o600)
		})
		runChild(t, dir, time.Second, reported)
		<-filled
		if err := os.Remove(filler); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		survived(t, dir, reported)
	}
	t.Logf("%d exhibits admitted", len(reported))
}
