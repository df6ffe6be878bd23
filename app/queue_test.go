package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"yuzheng/capture/chrome/launch"
	"yuzheng/capture/sitetest"
)

var (
	queuePages = flag.Int("queue.pages", 12, "pages in the queue of TestQueueKilled")
	queueKills = flag.Int("queue.kills", 2, "how often it is killed")
)

// queued is a job as `queue list --json` prints it.
type queued struct {
	Job, URL, State, Exhibit, Verdict string
}

// A queue that is killed twice in the middle, with SIGKILL, continues: in the end every page has exactly one exhibit, the case is whole,
// and no browser and no profile is left.
func TestQueueKilled(t *testing.T) {
	t.Parallel()
	r, s := newQueueRig(t), testSite(t)
	r.must("case", "new", r.dir, "--number", "115偵1", "--title", "佇列")
	args := append([]string{"capture", r.dir, "--from", r.list(s), "--no-dns", "--no-rdap", "--no-clock"}, siteArgs(s, "catalog")...)
	chance := rand.New(rand.NewPCG(7, 7))
	for kill := range *queueKills {
		cmd := r.command(args...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		part := *queuePages / (*queueKills + 1)
		r.waitFor(s, part*(kill+1)+chance.IntN(2))
		cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
		args = []string{"queue", "run", r.dir}
	}
	r.finish(s, args)
	r.checkQueue()
	r.must("case", "check", r.dir)
	r.checkNothingLeft()
}

// needBrowser skips where there is no browser and none must be.
func needBrowser(t *testing.T) {
	t.Helper()
	if _, err := launch.Find(); err != nil && os.Getenv("YUZHENG_NEED_BROWSER") == "" {
		t.Skip(err)
	}
}

// queueRig runs the program as a person would, in folders of its own.
type queueRig struct {
	t              *testing.T
	dir, temp, out string
}

func newQueueRig(t *testing.T) *queueRig {
	home := t.TempDir()
	r := &queueRig{t: t, dir: filepath.Join(home, "case"), temp: filepath.Join(home, "tmp"), out: filepath.Join(home, "out")}
	if err := os.Mkdir(r.temp, 0o700); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *queueRig) command(args ...string) *exec.Cmd {
	cmd := exec.Command("yuzheng", args...)
	cmd.Env = append(os.Environ(), "YUZHENG_LANG=en", "YUZHENG_PASSPHRASE=correct horse battery staple", "TMPDIR="+r.temp)
	return cmd
}

func (r *queueRig) must(args ...string) []byte {
	r.t.Helper()
	cmd := r.command(args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		r.t.Fatalf("%v: %v\n%s\n%s", args, err, out, stderr.Bytes())
	}
	return out
}

// list is a file with the addresses of the queue.
func (r *queueRig) list(s *sitetest.Site) string {
	var b strings.Builder
	for n := range *queuePages {
		fmt.Fprintln(&b, s.URL("http", "catalog", fmt.Sprintf("/item/%d", n+1)))
	}
	file := filepath.Join(r.temp, "list.txt")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		r.t.Fatal(err)
	}
	return file
}

func siteArgs(s *sitetest.Site, host string) []string {
	var args []string
	for name, address := range s.Resolve() {
		if strings.HasPrefix(name, host+".localhost:") {
			args = append(args, "--resolve", name+":"+address, "--allow-private", address)
		}
	}
	if os.Getuid() == 0 {
		args = append(args, "--no-sandbox")
	}
	return args
}

// waitFor returns once so many articles were asked for.
func (r *queueRig) waitFor(s *sitetest.Site, n int) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Minute)
	defer cancel()
	pace := time.NewTicker(10 * time.Millisecond)
	defer pace.Stop()
	for ctx.Err() == nil {
		if len(r.articles(s)) >= n {
			return
		}
		<-pace.C
	}
	r.t.Fatalf("%d articles were never asked for", n)
}

// finish works through the rest and tells how fast, with how much processor time and memory: of the program, and of it and its browsers.
func (r *queueRig) finish(s *sitetest.Site, args []string) {
	r.t.Helper()
	cmd := r.command(args...)
	before, started := len(r.articles(s)), time.Now()
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	pace := time.NewTicker(time.Second)
	defer pace.Stop()
	next := before
	for {
		select {
		case err := <-ended:
			if err != nil {
				r.t.Errorf("%v: %v", args, err)
			}
			seconds := time.Since(started).Seconds()
			n := len(r.articles(s)) - before
			r.t.Logf("%d pages in %.1f s: %.1f a minute; %.2f s of processor time a page", n, seconds, float64(n)/seconds*60,
				(cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime()).Seconds()/float64(n))
			return
		case <-pace.C:
			if n := len(r.articles(s)); n >= next {
				r.t.Logf("page %d: %d MB", n, ownMB(cmd.Process.Pid))
				next = n + max(1, *queuePages/10)
			}
		}
	}
}

// ownMB is the memory of a process but for the files of the case that are mapped into it, 0 where the system does not tell.
func ownMB(pid int) int {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "RssAnon:"); ok {
			kb, _ := strconv.Atoi(strings.Fields(rest)[0])
			return kb / 1024
		}
	}
	return 0
}

// articles are the pages that were asked for.
func (r *queueRig) articles(s *sitetest.Site) []string {
	var list []string
	for _, served := range s.Served() {
		if strings.HasPrefix(served.Path, "/item/") {
			list = append(list, served.Path)
		}
	}
	return list
}

// checkQueue holds the queue against the exhibits: one whole exhibit for each page.
func (r *queueRig) checkQueue() {
	var jobs, exhibits []queued
	for command, list := range map[string]*[]queued{"queue": &jobs, "exhibit": &exhibits} {
		if err := json.Unmarshal(r.must(command, "list", r.dir, "--json"), list); err != nil {
			r.t.Fatal(err)
		}
	}
	times := map[string]int{}
	for _, e := range exhibits {
		times[e.URL]++
	}
	for _, j := range jobs {
		if j.State != "sealed" || j.Verdict != "complete" || j.Exhibit == "" || times[j.URL] != 1 {
			r.t.Errorf("%s %s: %s %s, %d exhibits of it", j.Job, j.URL, j.State, j.Verdict, times[j.URL])
		}
	}
	if len(jobs) != *queuePages || len(exhibits) != *queuePages {
		r.t.Errorf("%d jobs and %d exhibits for %d pages", len(jobs), len(exhibits), *queuePages)
	}
}

// checkNothingLeft looks for browsers and profiles.
func (r *queueRig) checkNothingLeft() {
	if left, _ := filepath.Glob(filepath.Join(r.temp, "yuzheng-*")); len(left) > 0 {
		r.t.Errorf("left behind: %v", left)
	}
	out, err := exec.Command("pgrep", "-f", "--", "--user-data-dir="+r.temp).Output()
	var none *exec.ExitError
	if !errors.As(err, &none) {
		r.t.Errorf("processes left: %s %v", out, err)
	}
}
