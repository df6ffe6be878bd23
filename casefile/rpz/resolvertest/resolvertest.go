// Package resolvertest runs, for tests, resolvers and other programs that nobody here wrote: finds them, gives them ports and files, waits until they
// say that they answer, and ends them with the test.
package resolvertest

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// Program finds a program that judges us, or skips. Where the tests must be whole (YUZHENG_NEED_BROWSER) its absence is a failure.
func Program(t testing.TB, name string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("not in the quick lane: another program is asked")
	}
	for _, place := range []string{name, "/usr/sbin/" + name, "/usr/local/sbin/" + name} {
		if path, err := exec.LookPath(place); err == nil {
			return path
		}
	}
	if os.Getenv("YUZHENG_NEED_BROWSER") != "" {
		t.Fatalf("%s is not installed", name)
	}
	t.Skipf("%s is not installed", name)
	return ""
}

// FreePort gives a loopback address that is free for both transports, and that the system gives nobody for a call of his own.
func FreePort(t testing.TB) (address string) {
	t.Helper()
	for range 50 {
		address := fmt.Sprintf("127.0.0.1:%d", 20_000+rand.IntN(12_000))
		tcp, err := net.Listen("tcp", address)
		if err != nil {
			continue
		}
		udp, err := net.ListenPacket("udp", address)
		_ = tcp.Close()
		if err == nil {
			_ = udp.Close()
			return address
		}
	}
	t.Fatal("no port is free")
	return ""
}

// Port is the port of an address.
func Port(address string) string {
	_, port, _ := net.SplitHostPort(address)
	return port
}

// Resolver is a program with its configuration. In Args, Files and Ready the words DIR (its folder, which is its own), ORIGIN and the like are filled in.
type Resolver struct {
	Program string
	Args    []string
	Files   map[string]string // by name in DIR
	Ready   string            // what it says once it answers
}

// Start starts r in the folder dir, with words filled in (pairs of old and new), and waits until it says that it answers, if it has such a word.
func (r Resolver) Start(t testing.TB, dir string, words ...string) *Log {
	t.Helper()
	fill := strings.NewReplacer(append([]string{"DIR", dir}, words...)...)
	for name, text := range r.Files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(fill.Replace(text)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := make([]string, len(r.Args))
	for i, a := range r.Args {
		args[i] = fill.Replace(a)
	}
	l := run(t, r.Program, args...)
	if r.Ready != "" {
		l.Await(t, fill.Replace(r.Ready))
	}
	return l
}

// run starts a program until the test ends and follows what it says. A failed test shows it.
func run(t testing.TB, name string, args ...string) *Log {
	t.Helper()
	l := &Log{more: make(chan struct{})}
	command := exec.Command(Program(t, name), args...)
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	command.Stdout, command.Stderr = in, in
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	_ = in.Close()
	l.Process = command.Process
	done := make(chan struct{})
	go func() {
		defer close(done)
		for s := bufio.NewScanner(out); s.Scan(); {
			l.add(s.Text(), false)
		}
		l.add("", true)
	}()
	t.Cleanup(func() {
		_ = command.Process.Kill()
		<-done
		_, _ = command.Wait(), out.Close()
		if t.Failed() {
			t.Logf("%s said:\n%s", name, l)
		}
	})
	return l
}

// Log keeps what a program says, and tells when it has said something.
type Log struct {
	Process *os.Process

	mu    sync.Mutex
	lines []string
	more  chan struct{}
	ended bool
}

func (l *Log) add(line string, ended bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended = ended; !ended {
		l.lines = append(l.lines, line)
	}
	close(l.more)
	l.more = make(chan struct{})
}

// String is all that the program has said.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.lines, "\n")
}

// Await waits until a line holds the words.
func (l *Log) Await(t testing.TB, words string) { l.AwaitTimes(t, words, 1) }

// AwaitTimes waits until the words were said so many times.
func (l *Log) AwaitTimes(t testing.TB, words string, times int) {
	t.Helper()
	late := time.After(30 * time.Second)
	for {
		l.mu.Lock()
		said := strings.Count(strings.Join(l.lines, "\n"), words) >= times
		more, ended := l.more, l.ended
		l.mu.Unlock()
		if said {
			return
		}
		if ended {
			t.Fatalf("ended before it said %q", words)
		}
		select {
		case <-more:
		case <-late:
			t.Fatalf("did not say %q", words)
		}
	}
}
