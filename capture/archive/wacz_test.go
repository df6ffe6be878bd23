package archive_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yuzheng/capture/archive"
	"yuzheng/casefile/evidence"
)

var (
	started = time.Date(2026, 11, 23, 12, 0, 0, 123e6, time.UTC)
	remote  = netip.MustParseAddrPort("192.0.2.7:443")
	secure  = &evidence.TLS{Protocol: "TLS 1.3", Cipher: "AES_128_GCM", Subject: "vip-invest.example"}
)

// buffer is a Writer that remembers where it was cut.
type buffer struct {
	bytes.Buffer
	cuts []int
}

func (b *buffer) Cut() { b.cuts = append(b.cuts, b.Len()) }

func page(path, mime string, body []byte) archive.Exchange {
	return archive.Exchange{
		URL: "https://vip-invest.example" + path, Method: "GET", Started: started, Elapsed: 20 * time.Millisecond, Kind: "document",
		RequestHeader:  []evidence.Header{{Name: ":authority", Value: "vip-invest.example"}, {Name: "user-agent", Value: "Mozilla/5.0"}},
		Protocol:       "h2",
		Status:         200,
		ResponseHeader: []evidence.Header{{Name: "content-type", Value: mime}, {Name: "content-encoding", Value: "br"}},
		Remote:         remote,
		Body:           body,
		TLS:            secure,
		Target:         "page",
	}
}

func sample() []archive.Exchange {
	redirect := page("/go", "text/html", nil)
	redirect.Status, redirect.ResponseHeader = 302, []evidence.Header{{Name: "location", Value: "/"}, {Name: "set-cookie", Value: "a=1; path=/\nb=2"}}
	post := page("/api/login", "application/json", []byte(`{"account":"012-345"}`))
	post.Method, post.RequestBody = "POST", []byte(`{"user":"測試","level":"VIP"}`)
	post.RequestHeader = append(post.RequestHeader, evidence.Header{Name: "content-type", Value: "application/json"})
	worker := page("/made.json", "application/json", []byte(`{"made":"by the worker"}`))
	worker.ServiceWorker, worker.Remote = true, netip.AddrPort{}
	failed := archive.Exchange{URL: "https://gone.example/x.png", Method: "GET", Started: started, Failed: "net::ERR_CONNECTION_REFUSED"}
	broken := page("/broken.png", "image/png", noise(5000))
	broken.Failed = "net::ERR_CONNECTION_RESET"
	long := page("/stream", "text/plain", []byte("begin"))
	long.Truncated = "limit of one body"
	return []archive.Exchange{
		redirect, page("/", "text/html; charset=utf-8", []byte("<!doctype html><title>鼎○投資</title><p>保證獲利</p>")), post,
		page("/a.png", "image/png", noise(20000)), worker, failed, broken, long, page("/", "text/html", []byte("again")),
	}
}

// noise does not compress and is the same in every run.
func noise(n int) []byte {
	var out []byte
	for sum := sha256.Sum256([]byte("noise")); len(out) < n; sum = sha256.Sum256(sum[:]) {
		out = append(out, sum[:]...)
	}
	return out[:n]
}

func write(t *testing.T, w archive.Writer, list []archive.Exchange) error {
	t.Helper()
	z := archive.NewWACZ(w, archive.Options{Software: "yuzheng test", Title: "測試", MainURL: "https://vip-invest.example/", Started: started})
	for _, e := range list {
		if err := z.Add(e); err != nil {
			return err
		}
	}
	if err := z.AddResource("wss://vip-invest.example/ws", "application/jsonl", started, []byte("{\"say\":\"哈囉\"}\n")); err != nil {
		return err
	}
	return z.Close([]archive.Page{{URL: "https://vip-invest.example/", Title: "鼎○投資", At: started, Text: "保證獲利"}})
}

func sampleWACZ(t *testing.T) *buffer {
	t.Helper()
	var b buffer
	if err := write(t, &b, sample()); err != nil {
		t.Fatal(err)
	}
	return &b
}

// The same recording gives the same bytes, cuts included.
func TestTwiceTheSame(t *testing.T) {
	a, b := sampleWACZ(t), sampleWACZ(t)
	if !bytes.Equal(a.Bytes(), b.Bytes()) || fmt.Sprint(a.cuts) != fmt.Sprint(b.cuts) {
		t.Error("two writings of one recording differ")
	}
}

// A body that two captures share stands in both as the same bytes between two cuts.
func TestBodyIsApartInTheStream(t *testing.T) {
	between := func(before archive.Exchange) []string {
		var b buffer
		if err := write(t, &b, []archive.Exchange{before, page("/a.png", "image/png", noise(20000))}); err != nil {
			t.Fatal(err)
		}
		var pieces []string
		from := 0
		for _, at := range append(b.cuts, b.Len()) {
			pieces = append(pieces, string(b.Bytes()[from:at]))
			from = at
		}
		return pieces
	}
	a := between(page("/", "text/html", []byte("one")))
	b := between(page("/other", "text/html", noise(300)))
	if len(a) != 3 || len(b) != 3 {
		t.Fatalf("%d and %d pieces, want 3: before, body, after", len(a), len(b))
	}
	if a[1] != b[1] || len(a[1]) < 20000 {
		t.Errorf("the body's pieces differ (%d and %d bytes)", len(a[1]), len(b[1]))
	}
	if a[0] == b[0] {
		t.Error("the pieces before the body are equal: the test shows nothing")
	}
}

// Every member is one that gzip readers take, and holds exactly one record.
func TestMembersHoldRecords(t *testing.T) {
	b := sampleWACZ(t)
	records := readWARC(t, b.Bytes())
	kinds := map[string]int{}
	for _, r := range records {
		kinds[r.field("WARC-Type")]++
		if r.field("WARC-Type") == "response" && r.field("WARC-IP-Address") != "192.0.2.7" {
			t.Errorf("%s: address %q", r.field("WARC-Target-URI"), r.field("WARC-IP-Address"))
		}
	}
	want := map[string]int{"warcinfo": 1, "response": 7, "request": 7, "resource": 2, "metadata": 4}
	if fmt.Sprint(kinds) != fmt.Sprint(want) {
		t.Errorf("records %v, want %v", kinds, want)
	}
}

func TestHeadersTellWhatIsStored(t *testing.T) {
	for _, r := range readWARC(t, sampleWACZ(t).Bytes()) {
		if r.field("WARC-Type") != "response" || r.field("WARC-Target-URI") != "https://vip-invest.example/a.png" {
			continue
		}
		head, body, _ := strings.Cut(r.block, "\r\n\r\n")
		for _, line := range []string{"X-Archive-Orig-content-encoding: br", "Content-Length: 20000", "HTTP/1.1 200 "} {
			if !strings.Contains(head, line) {
				t.Errorf("no %q in\n%s", line, head)
			}
		}
		if body != string(noise(20000)) {
			t.Error("the body is not the one recorded")
		}
		for name, value := range map[string]string{"WARC-Protocol": "h2", "WARC-Cipher-Suite": "TLS_AES_128_GCM_SHA256"} {
			if r.field(name) != value {
				t.Errorf("%s is %q, want %q", name, r.field(name), value)
			}
		}
		return
	}
	t.Fatal("the record is not there")
}

// A failed exchange keeps its reason, a broken one its part and its reason.
func TestFailureIsTold(t *testing.T) {
	var notes []string
	for _, r := range readWARC(t, sampleWACZ(t).Bytes()) {
		if r.field("WARC-Type") == "metadata" {
			notes = append(notes, r.field("WARC-Target-URI")+" "+r.block)
		}
	}
	all := strings.Join(notes, "\n")
	for _, want := range []string{
		"gone.example/x.png failed: net::ERR_CONNECTION_REFUSED", "broken.png failed: net::ERR_CONNECTION_RESET",
		"/stream truncated: limit of one body", "/made.json answered-by: service worker",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not told in\n%s", want, all)
		}
	}
}

// faulty fails from its n-th write on.
type faulty struct {
	buffer
	left int
}

var errFull = errors.New("no space left")

func (f *faulty) Write(p []byte) (int, error) {
	if f.left--; f.left < 0 {
		return 0, errFull
	}
	return f.buffer.Write(p)
}

// Whichever write fails, the error comes out.
func TestEveryFailedWriteIsReported(t *testing.T) {
	for n := 0; ; n++ {
		f := &faulty{left: n}
		err := write(t, f, sample())
		if f.left >= 0 {
			if err != nil || n < 5 {
				t.Fatalf("%d writes: %v", n, err)
			}
			return
		}
		if !errors.Is(err, errFull) {
			t.Fatalf("write %d of the store fails, the archive says %v", n, err)
		}
	}
}

func TestNothingAfterClose(t *testing.T) {
	z := archive.NewWACZ(&buffer{}, archive.Options{Started: started})
	if err := z.Close(nil); err != nil {
		t.Fatal(err)
	}
	if z.Add(sample()[0]) == nil || z.Close(nil) == nil {
		t.Error("a closed archive takes more")
	}
}

// Other people's programs read it: unzip, gzip, Python.
func TestOutsideReaders(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "x.wacz")
	if err := os.WriteFile(file, sampleWACZ(t).Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	outside(t, "unzip", "-t", "-q", file)
	outside(t, "unzip", "-q", file, "-d", dir)
	outside(t, "gzip", "-t", filepath.Join(dir, "archive", "data.warc.gz"))
	outside(t, "python3", "-c", "import zipfile,sys\nassert zipfile.ZipFile(sys.argv[1]).testzip() is None", file)
}

func outside(t *testing.T, program string, args ...string) {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Logf("%s is not installed (Debian package of that name): not asked", program)
		return
	}
	if out, err := exec.CommandContext(t.Context(), path, args...).CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", program, err, out)
	}
}

// warcRecord is a record as a reader without our code sees it.
type warcRecord struct {
	header []string
	block  string
}

func (r warcRecord) field(name string) string {
	for _, line := range r.header {
		if n, v, _ := strings.Cut(line, ": "); n == name {
			return v
		}
	}
	return ""
}

func readWARC(t *testing.T, wacz []byte) []warcRecord {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(wacz), int64(len(wacz)))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := z.Open("archive/data.warc.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	whole, err := io.ReadAll(raw)
	if err != nil {
		t.Fatal(err)
	}
	var list []warcRecord
	in := bytes.NewReader(whole)
	for in.Len() > 0 {
		g, err := gzip.NewReader(in)
		if err != nil {
			t.Fatal(err)
		}
		g.Multistream(false)
		b, err := io.ReadAll(g)
		if err != nil {
			t.Fatal(err)
		}
		head, rest, ok := strings.Cut(string(b), "\r\n\r\n")
		block, tail := rest[:max(0, len(rest)-4)], rest[max(0, len(rest)-4):]
		r := warcRecord{strings.Split(head, "\r\n"), block}
		sum := sha256.Sum256([]byte(block))
		if !ok || tail != "\r\n\r\n" || r.field("Content-Length") != fmt.Sprint(len(block)) || r.field("WARC-Block-Digest") != "sha256:"+hex.EncodeToString(sum[:]) {
			t.Fatalf("not a record:\n%s", head)
		}
		list = append(list, r)
	}
	return list
}
