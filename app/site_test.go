package app

import (
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yuzheng/app/training/site"
	"yuzheng/capture/sitetest"
)

// A crawl that is killed goes on where it was: no page is asked twice, and the tree is that of an undisturbed crawl.
func TestCrawlKilled(t *testing.T) {
	t.Parallel()
	r, s := newQueueRig(t), testSite(t)
	r.must("case", "new", r.dir, "--number", "115偵1", "--title", "爬取")
	how := append([]string{"--no-dns", "--no-rdap", "--no-clock"}, siteArgs(s, "catalog")...)
	args := append([]string{"crawl", r.dir, s.URL("http", "catalog", "/item/1"), "--pages", "4", "--depth", "3", "--delay", "0s", "--scope", "host", "--sitemaps", "0"}, how...)
	cmd := r.command(args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r.waitFor(s, 2)
	cmd.Process.Kill()
	_ = cmd.Wait() // it was killed
	var got struct {
		Crawl, Exhibit string
		Tree           struct {
			Nodes []struct {
				URL, Exhibit, Kind string
				N, Parent          int
			}
			Ended string
		}
	}
	if err := json.Unmarshal(r.must("crawl", r.dir, "--continue", "C001", "--json"), &got); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	pages := 0
	for _, n := range got.Tree.Nodes {
		if seen[n.URL] || n.Exhibit == "" {
			t.Errorf("node %d %s: exhibit %q", n.N, n.URL, n.Exhibit)
		}
		seen[n.URL] = true
		if n.Kind == "page" {
			pages++
		}
	}
	if pages != 4 || got.Exhibit == "" || got.Crawl != "C001" {
		t.Errorf("%d pages, crawl %+v", pages, got)
	}
	r.must("case", "check", r.dir)
	r.checkNothingLeft()
}

func testSite(t *testing.T) *sitetest.Site {
	t.Helper()
	needBrowser(t)
	s, err := sitetest.Start(sitetest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// Two views of a cloaked shop give a verdict in words and numbers and the steps to see it by hand.
func TestCloaking(t *testing.T) {
	t.Parallel()
	needBrowser(t)
	s, err := site.Start(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	r := newQueueRig(t)
	r.must("case", "new", r.dir, "--number", "115偵1", "--title", "比對")
	address := "https://" + site.ShopHost + "/"
	args := []string{"capture", r.dir, address, "--view", "desktop,mobile", "--no-dns", "--no-rdap", "--no-clock"}
	for name, to := range s.Resolve() {
		args = append(args, "--allow-private", name, "--resolve", name+":"+to)
	}
	if os.Getuid() == 0 {
		args = append(args, "--no-sandbox")
	}
	r.must(args...)
	views := r.must("compare", r.dir, "W0001", "W0002", "--keep", "--json")
	for _, want := range []string{`"conclusion":"cloaking-suspected"`, `"way":"user-agent"`, `"exhibit":"W0003"`, `"shell":"`} {
		if !strings.Contains(string(views), want) {
			t.Errorf("no %s in the comparison", want)
		}
	}
	r.must("case", "check", r.dir)
}

var siteTimes = flag.Int("site.times", 3, "how often TestSameSiteAgain captures the site")

// The same site captured again grows the case by what has changed, not by what is the same. With -v each capture is a line.
func TestSameSiteAgain(t *testing.T) {
	t.Parallel()
	r, s := newQueueRig(t), testSite(t)
	r.must("case", "new", r.dir, "--number", "115偵1", "--title", "再擷取")
	args := append([]string{"capture", r.dir, s.URL("http", "catalog", "/item/7"), "--json", "--no-dns", "--no-rdap", "--no-clock"}, siteArgs(s, "catalog")...)
	var first, last int64
	before := folderSize(t, r.dir)
	for n := range *siteTimes {
		var got struct{ Artifacts []struct{ Size int64 } }
		if err := json.Unmarshal(r.must(args...), &got); err != nil {
			t.Fatal(err)
		}
		taken := int64(0)
		for _, a := range got.Artifacts {
			taken += a.Size
		}
		after := folderSize(t, r.dir)
		last = after - before
		if n == 0 {
			first = last
		}
		t.Logf("capture %2d: %5d kB of artifacts, the case grows by %5d kB", n+1, taken>>10, last>>10)
		before = after
	}
	if 4*last > first {
		t.Errorf("the first capture took %d bytes, the last %d", first, last)
	}
	r.must("case", "check", r.dir)
}

func folderSize(t *testing.T, dir string) (size int64) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		size += info.Size()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return size
}
