// Package screen gives tests a display with a window manager, and a person's keyboard and mouse.
package screen

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// needed is the variable that makes a program without which a test would be left out an error.
const needed = "YUZHENG_NEED_BROWSER"

// Open gives the test a display of its own (DISPLAY). Without Xvfb the test is left out.
func Open(t *testing.T) {
	t.Helper()
	xvfb := Program(t, "Xvfb")
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	server := exec.Command(xvfb, "-displayfd", "3", "-screen", "0", "1400x900x24", "-nolisten", "tcp")
	server.ExtraFiles = []*os.File{w}
	run(t, server)
	w.Close()
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatal("no display: ", err)
	}
	t.Setenv("DISPLAY", ":"+strings.TrimSpace(number))
	t.Setenv("WAYLAND_DISPLAY", "")
	run(t, exec.Command(Program(t, "openbox")))
}

// Program finds one without which a test is left out, unless it has to be there.
func Program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil && os.Getenv(needed) == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// run starts a program that is ended with the test.
func run(t *testing.T, c *exec.Cmd) {
	t.Helper()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
}

// Hands gives xdotool something to do: real keys and mouse clicks, from outside of the browser. It returns what xdotool says.
func Hands(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("xdotool", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("xdotool %v: %v %s", args, err, out)
	}
	return string(out)
}

// Front waits for a window that has this in its title and puts it in front. A search fails where a window vanishes under it, and is made again.
func Front(t *testing.T, title string) {
	t.Helper()
	pace := time.NewTicker(50 * time.Millisecond)
	defer pace.Stop()
	var out []byte
	for end := time.Now().Add(time.Minute); time.Now().Before(end); <-pace.C {
		var err error
		if out, err = exec.Command("xdotool", "search", "--onlyvisible", "--name", title, "windowactivate", "--sync").CombinedOutput(); err == nil {
			return
		}
	}
	t.Fatalf("no window %q: %s", title, out)
}
