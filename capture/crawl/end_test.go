package crawl

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

var errMachine = errors.New("the disk is full")

// TestResume: a crawl that is killed at any page, by the machine or by the operator, and goes on, gives the tree of one that was not,
// and asks for no page twice.
func TestResume(t *testing.T) {
	for name, fresh := range map[string]func() *site{"small": small, "maze": func() *site { return maze(3) }} {
		whole, asked := crawled(t, fresh(), func(o *Options) { o.Pages = 20 })
		want := jsonOf(t, whole)
		for k := range len(asked) {
			for _, kill := range []Ending{endFailed, EndCancelled} {
				s := fresh()
				first := killed(t, s, whole.Options, k, kill)
				done, told := exhibits(first), len(s.asked)
				recalled := 0
				recall := func(_ context.Context, exhibit string) (Page, error) {
					recalled++
					again := fresh()
					return again.fetch(t.Context(), strings.TrimPrefix(exhibit, "W:"))
				}
				second, err := Run(t.Context(), whole.Options, Resume(done, recall, s.fetch), nil)
				if err != nil {
					t.Fatal(err)
				}
				if got := jsonOf(t, second); got != want {
					t.Fatalf("%s killed at %d (%s): another tree\n%s\n%s", name, k, kill, got, want)
				}
				if told != k || recalled != k || len(s.asked) != len(asked) {
					t.Fatalf("%s killed at %d (%s): %d asked, %d recalled, %d asked in all", name, k, kill, told, recalled, len(s.asked))
				}
				once(t, s.asked)
			}
		}
	}
}

// killed crawls a site until it has asked for k pages.
func killed(t *testing.T, s *site, o Options, k int, kill Ending) Tree {
	t.Helper()
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	given := 0
	tree, err := Run(ctx, o, func(ctx context.Context, address string) (Page, error) {
		if len(s.asked) < k {
			return s.fetch(ctx, address)
		}
		if kill == EndCancelled {
			cancel(errors.New("the operator said so"))
			return Page{}, ctx.Err()
		}
		return Page{}, errMachine
	}, func(Node) { given++ })
	if (kill == endFailed) != errors.Is(err, errMachine) || kill == EndCancelled && err != nil {
		t.Fatalf("killed at %d: %v", k, err)
	}
	if tree.Ended != kill || tree.Cause == "" || len(tree.Nodes) != k || given != k {
		t.Fatalf("killed at %d: ended %q (%s) with %d nodes, %d told", k, tree.Ended, tree.Cause, len(tree.Nodes), given)
	}
	follows(t, tree)
	return tree
}

// TestLeftWhenCancelled: what still waits is in the tree with the reason.
func TestLeftWhenCancelled(t *testing.T) {
	o := DefaultOptions("https://shop.example/")
	o.Delay = 0
	tree := killed(t, small(), o, 4, EndCancelled)
	left := 0
	for _, f := range tree.Found {
		if f.Reason == whyCancelled {
			left++
		}
	}
	if left != 7 { // the page whose turn it was, and six that it, the first page and the sitemap left waiting
		t.Errorf("%d left: %+v", left, tree.Found)
	}
}

// TestRest: between two answers of a server lies the delay, after a recalled page none; the end of ctx ends a rest at once.
func TestRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := small()
		o := DefaultOptions("https://shop.example/")
		o.Delay = time.Minute
		began := time.Now()
		tree, err := Run(t.Context(), o, s.fetch, nil)
		if took := time.Since(began); err != nil || took != time.Duration(len(s.asked)-1)*time.Minute {
			t.Errorf("%d pages took %v, error %v", len(s.asked), took, err)
		}
		began = time.Now()
		recall := func(ctx context.Context, exhibit string) (Page, error) {
			return s.fetch(ctx, strings.TrimPrefix(exhibit, "W:"))
		}
		if _, err := Run(t.Context(), o, Resume(exhibits(tree), recall, nil), nil); err != nil || time.Since(began) != 0 {
			t.Errorf("recalled pages took %v, error %v", time.Since(began), err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
		defer cancel()
		began = time.Now()
		tree, err = Run(ctx, o, s.fetch, nil)
		if took := time.Since(began); err != nil || took != 90*time.Second || tree.Ended != endTime || len(tree.Nodes) != 2 {
			t.Errorf("took %v, ended %q with %d nodes, error %v", took, tree.Ended, len(tree.Nodes), err)
		}
	})
}

// TestSlowPage: colly's own patience of ten seconds does not end a capture.
func TestSlowPage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := small()
		o := DefaultOptions("https://shop.example/")
		tree, err := Run(t.Context(), o, func(ctx context.Context, address string) (Page, error) {
			select {
			case <-ctx.Done():
				return Page{}, ctx.Err()
			case <-time.After(5 * time.Minute):
			}
			return s.fetch(ctx, address)
		}, nil)
		if err != nil || len(tree.Nodes) != 13 {
			t.Errorf("%d nodes, error %v", len(tree.Nodes), err)
		}
	})
}

// TestNoSocket: colly opens no connection of its own, writes nothing, and hears nothing of the environment.
func TestNoSocket(t *testing.T) {
	folder := t.TempDir()
	for name, value := range map[string]string{"CACHE_DIR": folder, "MAX_DEPTH": "1", "DISALLOWED_DOMAINS": "shop.example", "IGNORE_ROBOTSTXT": "no"} {
		t.Setenv("COLLY_"+name, value)
	}
	usual := http.DefaultTransport
	defer func() { http.DefaultTransport = usual }()
	http.DefaultTransport = &http.Transport{DialContext: func(_ context.Context, _, address string) (net.Conn, error) {
		t.Errorf("a connection to %s", address)
		return nil, errors.New("no")
	}}
	sockets := openSockets(t)
	s := small()
	o := DefaultOptions("https://shop.example/")
	o.Delay = 0
	tree, err := Run(t.Context(), o, func(ctx context.Context, address string) (Page, error) {
		if n := openSockets(t); n != sockets {
			t.Errorf("%d sockets are open, %d were", n, sockets)
		}
		return s.fetch(ctx, address)
	}, nil)
	if err != nil || len(tree.Nodes) != 13 {
		t.Errorf("%d nodes, error %v", len(tree.Nodes), err)
	}
	if left, _ := filepath.Glob(folder + "/*"); len(left) > 0 {
		t.Errorf("written: %v", left)
	}
}

// openSockets counts the sockets of this process, on Linux.
func openSockets(t *testing.T) int {
	t.Helper()
	if runtime.GOOS != "linux" {
		return 0
	}
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, f := range files {
		if to, err := os.Readlink("/proc/self/fd/" + f.Name()); err == nil && strings.HasPrefix(to, "socket:") {
			n++
		}
	}
	return n
}

func TestWrongOptions(t *testing.T) {
	for what, change := range map[string]func(*Options){
		"no start":        func(o *Options) { o.Start = "" },
		"mail":            func(o *Options) { o.Start = "mailto:a@b.example" },
		"file":            func(o *Options) { o.Start = "file:///etc/passwd" },
		"scope":           func(o *Options) { o.Scope = "world" },
		"no pages":        func(o *Options) { o.Pages = 0 },
		"negative":        func(o *Options) { o.Depth = -1 },
		"pattern":         func(o *Options) { o.Skip = []string{"("} },
		"start skipped":   func(o *Options) { o.Skip = []string{"shop"} },
		"robots both":     func(o *Options) { o.NoRobots, o.ObeyRobots = true, true },
		"long":            func(o *Options) { o.Start = "https://shop.example/" + strings.Repeat("a", maxAddress) },
		"host of nothing": func(o *Options) { o.Start = "https:///" },
	} {
		o := DefaultOptions("https://shop.example/")
		change(&o)
		_, err := Run(t.Context(), o, func(context.Context, string) (Page, error) {
			t.Errorf("%s: something is asked", what)
			return Page{}, fmt.Errorf("no")
		}, nil)
		if !errors.Is(err, ErrOptions) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// exhibits gives the exhibit of each address that was asked, for Resume.
func exhibits(t Tree) map[string]string {
	out := make(map[string]string, len(t.Nodes))
	for _, n := range t.Nodes {
		out[n.URL] = n.Exhibit
	}
	return out
}
