package chrome

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"yuzheng/capture"
	"yuzheng/capture/chrome/launch"
	"yuzheng/capture/sitetest"
	"yuzheng/casefile/evidence"
)

// temp holds the profiles of every browser that the tests start.
var temp string

// needBrowser makes a missing browser a failure instead of a reason to skip.
const needBrowser = "YUZHENG_NEED_BROWSER"

// captures is how many run at a time: they wait more than they work.
const captures = "5"

func TestMain(m *testing.M) {
	flag.Parse()
	if f := flag.Lookup("test.parallel"); f.Value.String() == f.DefValue {
		if err := f.Value.Set(captures); err != nil {
			panic(err)
		}
	}
	dir, err := os.MkdirTemp("", "yuzheng-test-")
	if err != nil {
		panic(err)
	}
	temp = dir
	code := m.Run()
	if shared != nil {
		shared.Close()
	}
	if left := leftovers(dir); len(left) > 0 {
		fmt.Fprintln(os.Stderr, "left behind:", left)
		code = 1
	}
	os.RemoveAll(dir)
	os.Exit(code)
}

// leftovers lists profiles in dir, and processes that use one.
func leftovers(dir string) []string {
	found, _ := filepath.Glob(filepath.Join(dir, "*"))
	procs, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, p := range procs {
		line, err := os.ReadFile(p)
		if err == nil && bytes.Contains(line, []byte("--user-data-dir="+dir)) {
			found = append(found, p)
		}
	}
	return found
}

var (
	sharedOnce sync.Once
	shared     *Recorder
)

func browserPath(t testing.TB) string {
	t.Helper()
	path, err := launch.Find()
	if errors.Is(err, launch.ErrNoBrowser) && os.Getenv(needBrowser) == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// recorder is one for all tests, so that its browsers are warm.
func recorder(t testing.TB) *Recorder {
	t.Helper()
	path := browserPath(t)
	sharedOnce.Do(func() {
		r, err := New(Options{Path: path, Temp: temp, Software: "yuzheng-test 1"})
		if err != nil {
			panic(err)
		}
		shared = r
	})
	return shared
}

// known is the version of the browser that every recorder starts.
func known(t testing.TB) string {
	t.Helper()
	r := recorder(t)
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.known
}

// memory is a sink that keeps what is closed.
type memory struct {
	mu   sync.Mutex
	kept map[string][]byte
}

type memoryFile struct {
	bytes.Buffer
	m    *memory
	name string
}

func newMemory() *memory { return &memory{kept: map[string][]byte{}} }

func (m *memory) Create(name, _ string) (capture.Writer, error) {
	return &memoryFile{m: m, name: name}, nil
}

func (f *memoryFile) Cut() {}

func (f *memoryFile) Close() error {
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	if _, twice := f.m.kept[f.name]; twice {
		return fmt.Errorf("%s closed twice", f.name)
	}
	f.m.kept[f.name] = bytes.Clone(f.Bytes())
	return nil
}

func site(t testing.TB, o sitetest.Options) *sitetest.Site {
	t.Helper()
	s, err := sitetest.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// ask is a request for a page of the test site, as the demo makes it: names mapped, their addresses allowed, no sandbox for root.
func ask(s *sitetest.Site, url string) evidence.Request {
	r := evidence.Request{
		URL: url, View: evidence.Desktop, Resolve: s.Resolve(), NoSandbox: os.Getuid() == 0, Limits: evidence.DefaultLimits(),
	}
	r.AllowPrivate = slices.Sorted(maps.Values(r.Resolve))
	r.AllowPrivate = slices.Compact(r.AllowPrivate)
	return r
}

func record(t testing.TB, req evidence.Request) (evidence.Summary, *memory) {
	t.Helper()
	sink := newMemory()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	res, err := recorder(t).Record(ctx, req, sink, capture.NoProgress{})
	if err != nil {
		t.Fatal(err)
	}
	return res, sink
}

func contains(list []string, part string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.Contains(s, part) })
}
