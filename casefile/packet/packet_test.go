package packet

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"yuzheng/casefile/custody"
)

// TestStranger reads a packet with another ZIP reader and finds every byte that went in.
func TestStranger(t *testing.T) {
	s := newSample(t)
	b := write(t, s.packet(nil))
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		s.must(err)
		content, err := io.ReadAll(r)
		s.must(err)
		got[strings.TrimPrefix(f.Name, sampleName+"/")] = content
		if f.Mode() != 0o644 {
			t.Errorf("%s has mode %v", f.Name, f.Mode())
		}
	}
	for path, want := range s.files {
		if !bytes.Equal(got["data/"+path], want) {
			t.Errorf("%s: %q, want %q", path, got["data/"+path], want)
		}
	}
	if want := len(s.files) + 9; len(got) != want {
		t.Errorf("%d files, want %d", len(got), want)
	}
}

func TestSameTwice(t *testing.T) {
	if !bytes.Equal(good(t), good(t)) {
		t.Fatal("the same case gave two different packets")
	}
}

func TestReport(t *testing.T) {
	r := verifyBytes(t, good(t))
	if r.Name != sampleName || r.Entries != 5 || r.SealSize != 7 || strings.Join(r.Exhibits, " ") != "W0001 W0002" ||
		r.LeftOut["W0001/cookies.json"] != "連線憑證" || len(r.Stamps) != 1 || len(r.Unchecked) != 0 ||
		r.Operator.Name != "王檢察事務官" {
		t.Errorf("%+v", r)
	}
}

// TestUnpacked checks a packet that was unpacked, as a whole and after a change.
func TestUnpacked(t *testing.T) {
	dir := unpack(t, good(t))
	for _, path := range []string{dir, filepath.Join(dir, sampleName)} {
		r, err := Verify(context.Background(), path, Options{Stamp: readFakeStamp})
		if err != nil || !r.Good() {
			t.Fatalf("%s: %v %+v", path, err, r)
		}
	}
	text := filepath.Join(dir, sampleName, "data", "證物", "W0001", "text.txt")
	if err := os.WriteFile(text, []byte("保證虧損\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("bagit.txt", filepath.Join(dir, sampleName, "link")); err != nil {
		t.Fatal(err)
	}
	r, err := Verify(context.Background(), dir, Options{Stamp: readFakeStamp})
	if err != nil || !has(r, exhibitChanged, "data/證物/W0001/text.txt") || !has(r, pathLink, "link") {
		t.Fatalf("%v %+v", err, r)
	}
}

func unpack(t testing.TB, b []byte) string {
	t.Helper()
	dir := t.TempDir()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, z); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestRefused shows that Write gives out nothing that Verify would not accept.
func TestRefused(t *testing.T) {
	cases := map[string]func(p *Packet){
		"other bytes than said": func(p *Packet) {
			p.Files[0].Open = func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("other")), nil }
		},
		"file too many":  func(p *Packet) { f := p.Files[0]; f.Path = "more.txt"; p.Files = append(p.Files, f) },
		"file too few":   func(p *Packet) { p.Files = p.Files[1:] },
		"file twice":     func(p *Packet) { p.Files = append(p.Files, p.Files[0]) },
		"entry missing":  func(p *Packet) { p.Entries, p.Proofs = p.Entries[:3], p.Proofs[:3] },
		"proofs swapped": func(p *Packet) { p.Proofs[1], p.Proofs[2] = p.Proofs[2], p.Proofs[1] },
		"other seal":     func(p *Packet) { p.Seal = bytes.Replace(p.Seal, []byte("\n7\n"), []byte("\n8\n"), 1) },
		"other name":     func(p *Packet) { p.Name = "X02" },
		"name with path": func(p *Packet) { p.Name = "../X01" },
		"stamp's name":   func(p *Packet) { p.Stamps[0].Name = "data/seal.tsr" },
	}
	for name, spoil := range cases {
		p := newSample(t).packet(nil)
		spoil(&p)
		var b memory
		err := Write(context.Background(), &b, p)
		if !errors.Is(err, errRefused) && !errors.Is(err, errPath) {
			t.Errorf("%s: %v", name, err)
		}
		if readable(b) {
			t.Errorf("%s: %d bytes are a ZIP", name, len(b))
		}
	}
}

// readable reports whether b is a ZIP to the reader of the standard library.
func readable(b []byte) bool {
	_, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	return err == nil
}

// TestReadOnce: what is written is what was read the one time that it was read, and of each failing of a file nothing is left that is a ZIP.
func TestReadOnce(t *testing.T) {
	for name, other := range map[string]func(said string) io.Reader{
		"one letter": func(said string) io.Reader { return strings.NewReader(strings.ToUpper(said[:1]) + said[1:]) },
		"cut":        func(said string) io.Reader { return strings.NewReader(said[:1]) },
		"longer":     func(said string) io.Reader { return strings.NewReader(said + " ") },
		"ends itself": func(said string) io.Reader {
			return io.MultiReader(strings.NewReader(said), iotest.ErrReader(errOfDisk))
		},
	} {
		p := newSample(t).packet(nil)
		for i, f := range p.Files {
			calls := 0
			p.Files[i].Open = func() (io.ReadCloser, error) {
				if calls++; calls > 1 {
					t.Errorf("%s: %s is read again", name, f.Path)
				}
				if f.Path == "01_聲請書.odt" {
					return io.NopCloser(other("odt")), nil
				}
				return f.Open()
			}
		}
		var b memory
		if err := Write(context.Background(), &b, p); !errors.Is(err, errRefused) && !errors.Is(err, errOfDisk) || readable(b) {
			t.Errorf("%s: %v, %d bytes", name, err, len(b))
		}
	}
}

// TestBrokenReading: a reading that panics does so where it was asked for, so that a check that is guarded ends with an answer.
func TestBrokenReading(t *testing.T) {
	defer func() {
		if r := recover(); r != "broken" {
			t.Errorf("%v", r)
		}
	}()
	d, err := digestOf(context.Background(), io.MultiReader(strings.NewReader("whole "), brokenReader{}))
	t.Errorf("%v, %v", d, err)
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { panic("broken") }

var errOfDisk = errors.New("sector cannot be read")

// TestDiskFills: a disk that takes no more is told, also of the headers that are written last.
func TestDiskFills(t *testing.T) {
	whole := len(good(t))
	disk := &fullDisk{room: whole - 1}
	if err := Write(context.Background(), disk, newSample(t).packet(nil)); !errors.Is(err, errFull) {
		t.Errorf("the last byte: %v", err)
	}
	disk = &fullDisk{room: whole, again: true}
	if err := Write(context.Background(), disk, newSample(t).packet(nil)); !errors.Is(err, errFull) {
		t.Errorf("headers: %v", err)
	}
}

var errFull = errors.New("disk is full")

// fullDisk has room for so many bytes; again: what is written already cannot be written again.
type fullDisk struct {
	memory
	room  int
	again bool
}

func (d *fullDisk) Write(b []byte) (int, error) {
	if len(d.memory)+len(b) > d.room {
		return 0, errFull
	}
	return d.memory.Write(b)
}

func (d *fullDisk) WriteAt(b []byte, at int64) (int, error) {
	if d.again {
		return 0, errFull
	}
	return d.memory.WriteAt(b, at)
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Write(ctx, new(memory), newSample(t).packet(nil)); !errors.Is(err, context.Canceled) {
		t.Errorf("write: %v", err)
	}
	b := good(t)
	if _, err := VerifyZIP(ctx, bytes.NewReader(b), int64(len(b)), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("verify: %v", err)
	}
}

func TestSameBuild(t *testing.T) {
	s := newSample(t)
	p := s.packet(map[string]string{"W0001/cookies.json": "連線憑證"})
	log, found := readLog(entriesText(p.Entries), mustProofs(t, p), p.Seal)
	if found.len() != 0 || !log.made.Same(log.build, p.Files) {
		t.Fatalf("its own entry does not say what was built: %v", found)
	}
	other := log.made
	other.LeftOut = nil
	if other.Same(log.build, p.Files) || log.made.Same(log.build, p.Files[1:]) {
		t.Error("an entry says that something else was built")
	}
}

func mustProofs(t *testing.T, p Packet) []byte {
	t.Helper()
	text, err := proofsText(p.Proofs)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestHostileNames admits artifacts under names that a page chose to keep the exhibit from leaving.
func TestHostileNames(t *testing.T) {
	s := newSample(t)
	names := []string{
		"downloads/NUL.apk", "downloads/App.apk", "downloads/app.apk", "downloads/100%.apk", "downloads/" + strings.Repeat("長", 150),
		"downloads/e\u0301.txt", "text.txt", "text.txt/x", "downloads/exe.\u202etxt",
	}
	bodies := map[string][]byte{}
	for _, name := range names {
		bodies[name] = []byte("body of " + name)
	}
	bodies["downloads/CON"] = bodies["downloads/NUL.apk"]
	list := artifacts(bodies)
	s.add(custody.Entry{Actor: custody.Tool, Action: custody.ExhibitAdmit, Object: "W0003", Artifacts: list})
	own := 0
	for _, f := range Exhibit("W0003", list, func(name string) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(bodies[name])), nil
	}) {
		r, err := f.Open()
		s.must(err)
		b, err := io.ReadAll(r)
		s.must(err)
		s.files[f.Path] = b
		if !strings.HasSuffix(f.Path, ".bin") {
			own++
		}
	}
	if own != 2 { // text.txt and the first of the two app.apk
		t.Errorf("%d artifacts keep their names, want 2", own)
	}
	b := write(t, s.packet(nil))
	if r := verifyBytes(t, b); !r.Good() {
		t.Errorf("%+v", r.Findings)
	}
	f := contents(t, b)
	path := "data/證物/W0003/" + sum(bodies["downloads/100%.apk"]) + ".bin"
	f[path] = []byte("x")
	if r := verifyBytes(t, forge(t, f)); !has(r, exhibitChanged, path) {
		t.Errorf("%+v", r.Findings)
	}
}
