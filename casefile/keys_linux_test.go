package casefile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unsafe"
)

// TestKeysAreWiped looks at the memory of the keys: while the case is open it is locked and in no dump, when it is closed it holds nothing, and what comes
// late is refused and writes nothing.
func TestKeysAreWiped(t *testing.T) {
	c, dir, _ := newCase(t)
	if flags := pageFlags(t, unsafe.Pointer(unsafe.SliceData(c.secret))); !strings.Contains(flags, " dd") {
		t.Errorf("the page of the keys stands in dumps: %s", flags)
	} else if !strings.Contains(flags, " lo") {
		t.Logf("this user may lock no memory: %s", flags)
	}
	kept := map[string][]byte{"secret": c.secret, "naming key": c.blobs.naming}
	for what, key := range kept {
		if string(key) == string(make([]byte, len(key))) {
			t.Fatalf("%s is nothing", what)
		}
	}
	closeCase(t, c)
	for what, key := range kept {
		if string(key) != string(make([]byte, len(key))) {
			t.Errorf("%s is still there", what)
		}
	}
	if _, err := c.KeepLogin(t.Context(), "late", "", []byte("login")); !errors.Is(err, errClosed) {
		t.Errorf("a login for a closed case: %v", err)
	}
	if late, _ := filepath.Glob(filepath.Join(dir, loginsDir, "*")); len(late) > 0 {
		t.Errorf("written after the keys were gone: %v", late)
	}
	if _, err := c.Seal(t.Context(), nil); !errors.Is(err, errClosed) {
		t.Errorf("a seal of a closed case: %v", err)
	}
	clean(t, reopen(t, dir))
}

// pageFlags are what Linux says of the mapping that an address lies in (proc(5), VmFlags: lo is locked, dd is left out of dumps).
func pageFlags(t *testing.T, at unsafe.Pointer) string {
	t.Helper()
	maps, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	within := false
	for line := range strings.Lines(string(maps)) {
		if m := regexp.MustCompile(`^([0-9a-f]+)-([0-9a-f]+) `).FindStringSubmatch(line); m != nil {
			var from, to uintptr
			fmt.Sscanf(m[1]+" "+m[2], "%x %x", &from, &to)
			within = from <= uintptr(at) && uintptr(at) < to
		}
		if within && strings.HasPrefix(line, "VmFlags:") {
			return line
		}
	}
	t.Fatal("no mapping of it")
	return ""
}
