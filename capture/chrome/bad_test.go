package chrome

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"yuzheng/capture"
	"yuzheng/capture/sitetest"
	"yuzheng/casefile/evidence"
)

// quick is a request whose limits a test can wait for.
func quick(s *sitetest.Site, url string) evidence.Request {
	r := ask(s, url)
	r.Limits.Time, r.Limits.Idle = 25*time.Second, 2*time.Second
	return r
}

// checkSealed holds for every capture: what is listed is there with its hash, what is there is listed, and capture.json is.
func checkSealed(t testing.TB, res evidence.Summary, sink *memory) {
	t.Helper()
	if len(res.Artifacts) != len(sink.kept) {
		t.Errorf("%d artifacts listed, %d kept", len(res.Artifacts), len(sink.kept))
	}
	for _, a := range res.Artifacts {
		sum := sha256.Sum256(sink.kept[a.Name])
		if hex.EncodeToString(sum[:]) != a.SHA256 || a.Size != int64(len(sink.kept[a.Name])) {
			t.Errorf("%s is not what is listed", a.Name)
		}
	}
	if len(sink.kept[evidence.CaptureJSON]) == 0 || len(sink.kept[evidence.FactsJSON]) == 0 {
		t.Error("no capture.json or facts.json")
	}
	if res.Verdict == evidence.Complete && len(res.Missing) > 0 || res.Verdict == evidence.Partial && len(res.Missing) == 0 {
		t.Errorf("verdict %s with missing %v", res.Verdict, res.Missing)
	}
}

// The bytes of a document are those that the server sent, whatever its charset.
func TestSourceIsAsReceived(t *testing.T) {
	t.Parallel()
	s := site(t, sitetest.Options{})
	for _, path := range []string{"/big5", "/big5-meta"} {
		url := s.URL("http", "bad", path)
		answer, err := s.Client().Get(url)
		if err != nil {
			t.Fatal(err)
		}
		var want bytes.Buffer
		want.ReadFrom(answer.Body)
		answer.Body.Close()
		_, sink := record(t, quick(s, url))
		if got := sink.kept[evidence.SourceHTML]; !bytes.Equal(got, want.Bytes()) {
			t.Errorf("%s: %d bytes instead of %d", path, len(got), want.Len())
		}
		if !strings.Contains(string(sink.kept[evidence.DOMHTML]), "許功蓋") || !strings.Contains(string(sink.kept[evidence.TextTXT]), "保證獲利") {
			t.Errorf("%s: the text is not read as Big5", path)
		}
	}
}

// One resource killed on purpose: the verdict says partial and names it, in each of several runs.
func TestKilledResourceIsNamed(t *testing.T) {
	t.Parallel()
	const killed = "/img/lazy-07.png"
	s := site(t, sitetest.Options{Kill: killed})
	res, sink := record(t, ask(s, s.Entry("http")))
	if res.Verdict != evidence.Partial || len(res.Missing) != 1 || !strings.HasSuffix(res.Missing[0].What, killed) {
		t.Errorf("verdict %s, missing %v", res.Verdict, res.Missing)
	}
	checkSealed(t, res, sink)
}

// Files are kept byte for byte under harmless names, and none is put on the disk.
func TestDownloads(t *testing.T) {
	t.Parallel()
	s := site(t, sitetest.Options{})
	for i := range sitetest.DownloadNames {
		url := s.URL("http", "bad", fmt.Sprintf("/download?n=%d", i))
		answer, err := s.Client().Get(url)
		if err != nil {
			t.Fatal(err)
		}
		var want bytes.Buffer
		want.ReadFrom(answer.Body)
		answer.Body.Close()
		res, sink := record(t, quick(s, url))
		found := false
		for name, body := range sink.kept {
			if strings.HasPrefix(name, evidence.DownloadsPath) {
				found = true
				if !bytes.Equal(body, want.Bytes()) {
					t.Errorf("%s: %d bytes instead of %d", name, len(body), want.Len())
				}
				if stem, _, _ := strings.Cut(strings.TrimPrefix(name, evidence.DownloadsPath), "."); strings.EqualFold(stem, "con") || strings.EqualFold(stem, "nul") {
					t.Errorf("%q is a device on Windows", name)
				}
				if rest := strings.TrimPrefix(name, evidence.DownloadsPath); rest != filepath.Base(rest) || strings.HasPrefix(rest, ".") || strings.ContainsAny(rest, `\:`) {
					t.Errorf("%q may be taken for a path", name)
				}
			}
		}
		if !found {
			t.Errorf("download %d (%q) is not kept: %s %v %q", i, sitetest.DownloadNames[i], res.Verdict, res.Missing, res.Warnings)
		}
		if res.Verdict != evidence.Complete {
			t.Errorf("download %d: verdict %s, missing %v", i, res.Verdict, res.Missing)
		}
		checkSealed(t, res, sink)
	}
}

// A capture that is cancelled, early or late, is sealed with what it has, and says so.
func TestCancelled(t *testing.T) {
	s := site(t, sitetest.Options{Latency: 20 * time.Millisecond})
	for _, at := range []capture.Step{capture.StepStart, capture.StepConnect, capture.StepLoad, capture.StepScroll, capture.StepPicture, capture.StepPapers} {
		t.Run(string(at), func(t *testing.T) {
			t.Parallel()
			r, sink := recorder(t), newMemory()
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			res, err := r.Record(ctx, ask(s, s.Entry("http")), sink, onStep(at, cancel))
			if at == capture.StepStart && err != nil {
				return // no browser was started for it
			}
			if err != nil {
				t.Fatal(err)
			}
			if res.Verdict != evidence.Partial || !strings.Contains(fmt.Sprint(res.Missing), "interrupted") {
				t.Errorf("verdict %s, missing %v", res.Verdict, res.Missing)
			}
			checkSealed(t, res, sink)
		})
	}
}

type stepper struct {
	at capture.Step
	do func()
}

// onStep does something once, when a capture comes to a stage.
func onStep(at capture.Step, do func()) capture.Progress { return stepper{at, sync.OnceFunc(do)} }

func (s stepper) Step(step capture.Step, _, _ int64) {
	if step == s.at {
		s.do()
	}
}

// A browser that is killed in the middle leaves a sealed capture that names the loss; the next capture has a new browser.
func TestBrowserKilled(t *testing.T) {
	t.Parallel()
	path := browserPath(t)
	s := site(t, sitetest.Options{Latency: 20 * time.Millisecond})
	dir := t.TempDir()
	r, err := New(Options{Path: path, Temp: dir, Software: "yuzheng-test 1"})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, at := range []capture.Step{capture.StepConnect, capture.StepScroll, capture.StepPapers} {
		sink := newMemory()
		res, err := r.Record(context.Background(), ask(s, s.Entry("http")), sink, onStep(at, func() { killAll(t, dir) }))
		if err != nil {
			t.Fatalf("%s: %v", at, err)
		}
		if res.Verdict != evidence.Partial || !strings.Contains(fmt.Sprint(res.Missing), "browser ended") {
			t.Errorf("%s: verdict %s, missing %v", at, res.Verdict, res.Missing)
		}
		checkSealed(t, res, sink)
	}
	res, err := r.Record(context.Background(), quick(s, s.URL("http", "bad", "/landed")), newMemory(), capture.NoProgress{})
	if err != nil || res.Verdict != evidence.Complete {
		t.Errorf("after the kills: %s %v %v", res.Verdict, res.Missing, err)
	}
}

// killAll ends the browsers whose profile lies in dir, and no other process.
func killAll(t testing.TB, dir string) { signalAll(t, dir, syscall.SIGKILL) }

// signalAll sends a signal to the browsers whose profile lies in dir, and to no other process.
func signalAll(t testing.TB, dir string, signal os.Signal) {
	t.Helper()
	sent := 0
	procs, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, p := range procs {
		line, err := os.ReadFile(p)
		var pid int
		if err != nil || !bytes.Contains(line, []byte("--user-data-dir="+dir)) {
			continue
		}
		fmt.Sscanf(p, "/proc/%d/", &pid)
		if proc, err := os.FindProcess(pid); err == nil {
			if proc.Signal(signal) == nil {
				sent++
			}
		}
	}
	if sent == 0 {
		t.Fatal("no browser to signal")
	}
}

// Bodies beyond a limit are bounded and told.
func TestLimits(t *testing.T) {
	s := site(t, sitetest.Options{})
	for _, c := range []struct {
		path  string
		set   func(*evidence.Limits)
		limit string
	}{
		{"/huge-inside", func(l *evidence.Limits) { l.Body = 1 << 20 }, "limit body"},
		{"/bomb?mb=64", func(l *evidence.Limits) { l.Body = 1 << 20 }, "limit body"},
		{"/huge?mb=40", func(l *evidence.Limits) { l.Bytes, l.Time = 1<<20, 6*time.Second }, "limit bytes"},
		{"/endless", func(l *evidence.Limits) { l.Bytes, l.Time = 4<<20, 12*time.Second }, "limit"},
		{"/memory", func(l *evidence.Limits) { l.Memory = 200 << 20 }, "limit memory"},
		{"/spin", func(l *evidence.Limits) { l.Time = 6 * time.Second }, "limit time"},
		{"/slow?s=60", func(l *evidence.Limits) { l.Time = 3 * time.Second }, "limit time"},
	} {
		t.Run(strings.Trim(c.path, "/"), func(t *testing.T) {
			t.Parallel()
			req := quick(s, s.URL("http", "bad", c.path))
			c.set(&req.Limits)
			res, sink := record(t, req)
			t.Logf("%s %.1fs missing %v warnings %q", res.Verdict, float64(res.ElapsedMS)/1000, res.Missing, res.Warnings)
			if !contains(res.Warnings, c.limit) || res.Verdict == evidence.Complete {
				t.Errorf("verdict %s, warnings %q", res.Verdict, res.Warnings)
			}
			checkSealed(t, res, sink)
		})
	}
}

// A certificate error does not stop a capture; it is told, and the chain is kept.
func TestCertificateErrors(t *testing.T) {
	t.Parallel()
	s := site(t, sitetest.Options{})
	for _, host := range []string{sitetest.ExpiredHost, sitetest.SelfSignedHost, sitetest.WrongHost} {
		res, sink := record(t, quick(s, "https://"+host+"/"))
		if res.Status != http.StatusOK || !contains(res.Warnings, "certificate of https://"+host) {
			t.Errorf("%s: status %d, warnings %q", host, res.Status, res.Warnings)
		}
		if !bytes.Contains(sink.kept[evidence.Certificates], []byte("BEGIN CERTIFICATE")) {
			t.Errorf("%s: no chain", host)
		}
	}
	res, _ := record(t, quick(s, "https://"+sitetest.DeadHost+"/"))
	if res.Verdict != evidence.Unreachable {
		t.Errorf("dead host: %s", res.Verdict)
	}
}
