package app

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestPrivate gives the program the widest umask: case, training case, packet, export, packed case, and the profile of the browser while it
// captures are their owner's alone. Whether anything was looked at is counted.
func TestPrivate(t *testing.T) {
	needBrowser(t)
	old := syscall.Umask(0)
	t.Cleanup(func() { syscall.Umask(old) })
	r := newQueueRig(t)
	looked := map[string]int{}
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		profiles, err := filepath.Glob(filepath.Join(r.temp, "*"))
		if err != nil {
			t.Error(err)
		}
		for _, dir := range profiles {
			looked["profile"] += alone(t, dir)
		}
		fmt.Fprint(w, "<title>x</title>")
	}))
	defer page.Close()
	how := []string{"--no-dns", "--no-rdap", "--no-clock", "--allow-private", strings.TrimPrefix(page.URL, "http://")}
	if os.Getuid() == 0 {
		how = append(how, "--no-sandbox")
	}
	home := filepath.Dir(r.dir)
	there := filepath.Join(home, "there") // an empty folder that everybody may read
	if err := os.Mkdir(there, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{r.dir, there} {
		r.must("case", "new", dir, "--number", "1", "--title", "t")
		looked["new case"] += alone(t, dir)
	}
	r.must(append([]string{"capture", r.dir, page.URL}, how...)...)
	looked["case"] = alone(t, r.dir)
	r.must("exhibit", "export", r.dir, "-o", r.out)
	looked["export"] = alone(t, r.out)
	packed := filepath.Join(home, "packed.age")
	r.must("case", "pack", r.dir, "-o", packed)
	looked["packed case"] = alone(t, packed)
	r.must("case", "unpack", packed, filepath.Join(home, "unpacked"))
	looked["unpacked case"] = alone(t, filepath.Join(home, "unpacked"))
	var demo struct{ Packet struct{ File string } }
	args := []string{"demo", filepath.Join(home, "demo"), "--json"}
	if os.Getuid() == 0 {
		args = append(args, "--no-sandbox")
	}
	if err := json.Unmarshal(r.must(args...), &demo); err != nil {
		t.Fatal(err)
	}
	looked["training case"] = alone(t, filepath.Join(home, "demo"))
	looked["packet"] = alone(t, demo.Packet.File)
	for _, what := range []string{"profile", "new case", "case", "export", "packed case", "unpacked case", "training case", "packet"} {
		if looked[what] == 0 {
			t.Errorf("nothing was looked at: %s", what)
		}
	}
	t.Logf("files and folders looked at: %v", looked)
}

// alone walks what lies at path and tells what others may read, write or enter. It returns how much it saw.
func alone(t *testing.T, path string) (n int) {
	t.Helper()
	err := filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
		if os.IsNotExist(err) {
			return nil // a browser makes and removes files all the time
		}
		if err != nil {
			return err
		}
		info, err := d.Info()
		if os.IsNotExist(err) {
			return nil
		}
		if err != nil {
			return err
		}
		n++
		if info.Mode().Type() != fs.ModeSymlink && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v", name, info.Mode())
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return n
}
