package chrome

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"yuzheng/capture"
	"yuzheng/capture/sitetest"
	"yuzheng/capture/sitetest/screen"
)

// browserProcesses are the processes that have a profile in dir on their command line.
func browserProcesses(t testing.TB, dir string) (pids []int) {
	t.Helper()
	procs, _ := filepath.Glob("/proc/[0-9]*")
	for _, p := range procs {
		line, err := os.ReadFile(filepath.Join(p, "cmdline"))
		pid, bad := strconv.Atoi(filepath.Base(p))
		if err == nil && bad == nil && bytes.Contains(line, []byte(dir)) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// listening are the sockets that wait for others: TCP by their inode, and those of Unix that have a name without a file, which anybody may open.
func listening(t testing.TB) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, table := range []string{"tcp", "tcp6"} {
		text, err := os.ReadFile("/proc/net/" + table)
		if err != nil {
			continue // no IPv6
		}
		for _, line := range strings.Split(string(text), "\n") {
			if f := strings.Fields(line); len(f) > 9 && f[3] == "0A" {
				all[f[9]] = table + " " + f[1]
			}
		}
	}
	text, err := os.ReadFile("/proc/net/unix")
	if err != nil {
		t.Fatal(err)
	}
	const accepts = "00010000"
	for _, line := range strings.Split(string(text), "\n") {
		if f := strings.Fields(line); len(f) == 8 && f[3] == accepts && strings.HasPrefix(f[7], "@") {
			all[f[6]] = "unix " + f[7]
		}
	}
	return all
}

// openTo lists what the browsers of dir offer to a neighbour on the machine: sockets to attach to, and the canary in what they were told.
func openTo(t testing.TB, dir, canary string) (found []string, processes int) {
	t.Helper()
	waiting := listening(t)
	pids := browserProcesses(t, dir)
	for _, pid := range pids {
		files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
		for _, f := range files {
			to, _ := os.Readlink(f)
			if inode, ok := strings.CutPrefix(to, "socket:["); ok && waiting[strings.TrimSuffix(inode, "]")] != "" {
				found = append(found, fmt.Sprintf("process %d listens: %s", pid, waiting[strings.TrimSuffix(inode, "]")]))
			}
		}
		for _, told := range []string{"environ", "cmdline"} {
			if text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, told)); bytes.Contains(text, []byte(canary)) {
				found = append(found, fmt.Sprintf("process %d: the canary stands in its %s", pid, told))
			}
		}
	}
	return found, len(pids)
}

// While a browser runs, nobody else on the machine can attach to it, and none of its processes was told what stands in our environment: neither one of
// a capture nor one with a window.
func TestNeighbour(t *testing.T) {
	const canary = "canary-of-a-passphrase"
	t.Setenv("YUZHENG_PASSPHRASE", canary)
	path := browserPath(t)
	s := site(t, sitetest.Options{})
	check := func(t *testing.T, dir string) {
		t.Helper()
		found, processes := openTo(t, dir, canary)
		t.Logf("%d processes looked at", processes)
		if len(found) > 0 || processes < 2 {
			t.Errorf("%d processes: %s", processes, strings.Join(found, "\n"))
		}
	}
	t.Run("capture", func(t *testing.T) {
		dir := t.TempDir()
		r, err := New(Options{Path: path, Temp: dir, Software: "yuzheng-test 1"})
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		looked := false
		look := onStep(capture.StepPapers, func() { looked = true; check(t, dir) })
		if _, err := r.Record(context.Background(), quick(s, s.URL("http", "bad", "/storage")), newMemory(), look); err != nil || !looked {
			t.Fatalf("looked %v, %v", looked, err)
		}
	})
	t.Run("sitting", func(t *testing.T) {
		screen.Open(t)
		p := sit(t, quick(s, s.URL("http", "bad", "/storage")), capture.SessionOptions{})
		check(t, p.Live.Browser.Profile())
		p.ends()
	})
}
