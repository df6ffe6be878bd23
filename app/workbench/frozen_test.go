package workbench

import (
	"archive/zip"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"yuzheng/assets"
	"yuzheng/casefile"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
	"yuzheng/casefile/packet"
)

// frozen is where a case and a packet lie that an earlier build wrote (casefile/testdata/README.md).
const frozen = "../../casefile/testdata/be96e20"

// thaw opens the case that a build wrote, in a folder of the test's own.
func thaw(t *testing.T) (*Workbench, *casefile.Case) {
	t.Helper()
	z, err := zip.OpenReader(filepath.Join(frozen, "case.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	dir := t.TempDir()
	if err := os.CopyFS(dir, z); err != nil {
		t.Fatal(err)
	}
	clock := &clockwork{at: time.Date(2026, 12, 1, 2, 0, 0, 0, time.UTC)}
	b := &teller{asked: map[string]int{}, tell: whole, now: clock.now}
	w := New(Config{
		Browser: func() (Browser, error) { return printer{b}, nil }, Now: clock.now, HTTP: http.DefaultClient,
		Papers: asset(t, assets.Documents, "documents"), Lists: asset(t, assets.Data, "data"), Viewer: asset(t, assets.Viewer, "viewer"), Version: "test",
	})
	c, err := w.OpenCase(t.Context(), filepath.Join(dir, "case"), casefile.Passphrase("frozen fixture of an invented case"), custody.Operator{Name: "王小明"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return w, c
}

func asset(t *testing.T, all fs.FS, name string) fs.FS {
	t.Helper()
	f, err := fs.Sub(all, name)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestFrozenCase opens a case of an earlier build: the check finds nothing, every exhibit is what it is, every artifact is read to its end, and
// what lies beside the exhibits is there.
func TestFrozenCase(t *testing.T) {
	t.Parallel()
	w, c := thaw(t)
	if found, err := w.Check(t.Context(), c, nil); err != nil || len(found) > 0 {
		t.Fatalf("check: %v, %v", found, err)
	}
	want := []struct {
		kind    evidence.Kind
		outcome evidence.Outcome
		session string
	}{
		{evidence.Capture, "complete", ""},
		{evidence.Capture, "complete", ""},
		{evidence.Capture, "unreachable", ""},
		{evidence.File, "", ""},
		{evidence.List, "", ""},
		{evidence.Capture, "complete", ""},
		{evidence.Capture, evidence.NotFound, ""},
		{evidence.Capture, "complete", ""},
		{evidence.Crawl, "", ""},
		{evidence.Comparison, "", ""},
		{evidence.Capture, "complete", ""},
		{evidence.List, "", ""},
		{evidence.Capture, "complete", "I001"},
		{evidence.Session, "", "I001"},
	}
	list, err := w.Exhibits(c)
	if err != nil || len(list) < len(want) {
		t.Fatalf("%d exhibits, %v", len(list), err)
	}
	for i, x := range want {
		got := list[i]
		if got.Kind != x.kind || got.Kind == evidence.Capture && got.Outcome() != x.outcome || got.Session != x.session {
			t.Errorf("%s is %q, %q, of session %q; want %v", got.Exhibit, got.Kind, got.Outcome(), got.Session, x)
		}
		for _, a := range got.Artifacts {
			read(t, w, c, got.Exhibit, a)
		}
	}
	besides(t, w, c)
}

func read(t *testing.T, w *Workbench, c *casefile.Case, exhibit string, a evidence.Artifact) {
	t.Helper()
	r, err := w.OpenArtifact(t.Context(), c, exhibit, a.Name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if n, err := io.Copy(io.Discard, r); err != nil || n != a.Size {
		t.Errorf("%s/%s: %d of %d bytes, %v", exhibit, a.Name, n, a.Size, err)
	}
}

// besides holds what a case has besides its exhibits against what was put into it.
func besides(t *testing.T, w *Workbench, c *casefile.Case) {
	t.Helper()
	notes, err1 := w.Notes(c, "W0001")
	jobs, err2 := w.Jobs(c)
	watches, err3 := w.Watches(c)
	targets, err4 := w.Targets(c)
	applications, err5 := w.Applications(c)
	seals, err6 := c.Seals()
	if err := errors.Join(err1, err2, err3, err4, err5, err6); err != nil {
		t.Fatal(err)
	}
	if len(notes) != 2 || len(watches) != 1 || len(targets) != 1 || targets[0].Name != "vip-invest.example" || len(applications) != 1 || len(seals) < 3 {
		t.Errorf("%v, %v, %v, %v, %d seals", notes, watches, targets, applications, len(seals))
	}
	waiting := 0
	for _, j := range jobs {
		if j.State == evidence.JobWaiting {
			waiting++
		}
	}
	if len(jobs) != 2 || waiting != 1 {
		t.Errorf("%d jobs, %d wait: %+v", len(jobs), waiting, jobs)
	}
}

// TestFrozenIsCompared reads what an earlier build recorded as the rules of today do: it finds the facts, the traffic, the words and the registration.
func TestFrozenIsCompared(t *testing.T) {
	t.Parallel()
	w, c := thaw(t)
	got, err := w.Compare(t.Context(), c, "W0001", "W0002")
	if err != nil {
		t.Fatal(err)
	}
	if got.Views == nil || len(got.Views.Pairs) != 1 || len(got.Views.Pairs[0].Difference.Lacks) > 0 {
		t.Errorf("not wholly read: %+v", got.Views)
	}
	list, err := w.evidence(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	f := list[0].Facts
	if f.Registrar == "" || len(f.Addresses["vip-invest.example"]) == 0 || f.Domain != "vip-invest.example" || list[0].Visit.Resolver == "" {
		t.Errorf("facts of W0001: %+v, %+v", f, list[0].Visit)
	}
	r, err := w.requestOf(t.Context(), c, "W0002")
	if err != nil || r.View != evidence.Mobile || !r.NoSandbox {
		t.Errorf("asked again as %+v, %v", r, err)
	}
}

// TestFrozenPacket verifies a packet of an earlier build, and builds one anew out of its case.
func TestFrozenPacket(t *testing.T) {
	t.Parallel()
	w, c := thaw(t)
	sound := func(file string) *packet.Report {
		r, err := w.Verify(t.Context(), file, VerifyOptions{Roots: filepath.Join(frozen, "tsa-root.pem")})
		if err != nil || len(r.Findings) > 0 {
			t.Fatalf("%s: %v, %v", file, r, err)
		}
		return r
	}
	if r := sound(filepath.Join(frozen, "packet.zip")); r.Name != "X01-115偵12345" || len(r.Stamps) != 1 || !r.Stamps[0].Trusted {
		t.Errorf("%s has stamps %+v", r.Name, r.Stamps)
	}
	made, err := w.BuildPacket(t.Context(), c, "S01", PacketOptions{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	sound(made.File)
}
