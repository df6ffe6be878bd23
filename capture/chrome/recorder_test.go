package chrome

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yuzheng/capture"
	"yuzheng/capture/sitetest"
	"yuzheng/casefile/evidence"
)

// recordedBodies gives the hashes of the recorded bodies by URL.
func recordedBodies(t testing.TB, wacz []byte) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, r := range records(t, wacz) {
		sum := sha256.Sum256(r.body)
		out[r.head["warc-target-uri"]] = append(out[r.head["warc-target-uri"]], hex.EncodeToString(sum[:]))
	}
	return out
}

// warcRecord is a response without its HTTP head, or a resource.
type warcRecord struct {
	head map[string]string
	body []byte
}

// records reads the WARC inside a WACZ with nothing but the standard library.
func records(t testing.TB, wacz []byte) (out []warcRecord) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(wacz), int64(len(wacz)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("archive/data.warc.gz")
	if err != nil {
		t.Fatal(err)
	}
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(unzipped)
	for {
		if _, err := r.ReadString('\n'); err == io.EOF {
			return out
		}
		head := map[string]string{}
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			if line = strings.TrimSpace(line); line == "" {
				break
			}
			name, value, _ := strings.Cut(line, ":")
			head[strings.ToLower(name)] = strings.TrimSpace(value)
		}
		var n int
		fmt.Sscan(head["content-length"], &n)
		block := make([]byte, n+4)
		if _, err := io.ReadFull(r, block); err != nil {
			t.Fatal(err)
		}
		block = block[:n]
		switch head["warc-type"] {
		case "response":
			_, body, ok := bytes.Cut(block, []byte("\r\n\r\n"))
			if !ok {
				t.Fatalf("response of %s has no head", head["warc-target-uri"])
			}
			block = body
		case "resource":
		default:
			continue
		}
		out = append(out, warcRecord{head, block})
	}
}

// Every body of a page of more than sixty resources is recorded byte for byte, and the verdict says so.
func TestPageIsRecordedWhole(t *testing.T) {
	for _, scheme := range []string{"http", "https"} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			s := site(t, sitetest.Options{})
			res, sink := record(t, ask(s, s.Entry(scheme)))
			checkWhole(t, s, scheme, res, sink)
			if dir := os.Getenv("YUZHENG_KEEP"); dir != "" {
				for name, body := range sink.kept {
					os.MkdirAll(filepath.Dir(filepath.Join(dir, scheme, name)), 0o755)
					os.WriteFile(filepath.Join(dir, scheme, name), body, 0o644)
				}
			}
		})
	}
}

func checkWhole(t testing.TB, s *sitetest.Site, scheme string, res evidence.Summary, sink *memory) {
	t.Helper()
	if res.Verdict != evidence.Complete {
		t.Errorf("verdict %s, missing %v, warnings %q", res.Verdict, res.Missing, res.Warnings)
	}
	if res.Status != http.StatusOK || res.Title == "" {
		t.Errorf("status %d, title %q", res.Status, res.Title)
	}
	bodies := recordedBodies(t, sink.kept[evidence.ArchiveWACZ])
	checkConnections(t, scheme, records(t, sink.kept[evidence.ArchiveWACZ]))
	for _, want := range s.Expected(scheme) {
		for _, frame := range want.Frames {
			if !contains(resources(records(t, sink.kept[evidence.ArchiveWACZ])), frame) {
				t.Errorf("%s: frame %q is not recorded", want.URL, frame)
			}
		}
		if scheme == "https" && (want.Worker || strings.Contains(want.URL, "/sw")) {
			continue // Chrome runs no service worker behind a certificate that it does not accept
		}
		got, ok := bodies[want.URL]
		if !ok {
			t.Errorf("%s %s is not recorded", want.Method, want.URL)
			continue
		}
		if want.Frames == nil && !strings.Contains(strings.Join(got, " "), want.SHA256) {
			t.Errorf("%s %s: another body (%d bytes expected)", want.Method, want.URL, want.Size)
		}
	}
}

// checkConnections holds every answer from a server to the address, and behind TLS the protocol, of the connection that it came over.
func checkConnections(t testing.TB, scheme string, list []warcRecord) {
	t.Helper()
	n := 0
	for _, r := range list {
		if r.head["warc-type"] != "response" {
			continue
		}
		n++
		if r.head["warc-ip-address"] != "127.0.0.1" {
			t.Errorf("%s came from %q", r.head["warc-target-uri"], r.head["warc-ip-address"])
		}
		if scheme == "https" && !strings.Contains(fmt.Sprint(r.head), "tls/1.3") && !strings.HasPrefix(r.head["warc-target-uri"], "wss") {
			t.Errorf("%s: no TLS in %v", r.head["warc-target-uri"], r.head)
		}
	}
	if n < 55 {
		t.Errorf("only %d answers", n)
	}
}

// resources are the bodies of what is no exchange: the messages of WebSockets.
func resources(list []warcRecord) (out []string) {
	for _, r := range list {
		if r.head["warc-type"] == "resource" {
			out = append(out, string(r.body))
		}
	}
	return out
}

// Captures at the same time do not mix: each has its own browser, its own page and its own archive.
func TestCapturesAtTheSameTime(t *testing.T) {
	s := site(t, sitetest.Options{})
	r := recorder(t)
	type outcome struct {
		path string
		res  evidence.Summary
		sink *memory
		err  error
	}
	paths := []string{"/landed?1", "/big5", "/spa"}
	done := make(chan outcome)
	for _, path := range paths {
		go func() {
			o := outcome{path: path, sink: newMemory()}
			o.res, o.err = r.Record(context.Background(), quick(s, s.URL("http", "bad", path)), o.sink, capture.NoProgress{})
			done <- o
		}()
	}
	for range paths {
		o := <-done
		if o.err != nil || o.res.Verdict != evidence.Complete {
			t.Errorf("%s: %s %v %v", o.path, o.res.Verdict, o.res.Missing, o.err)
			continue
		}
		for url := range recordedBodies(t, o.sink.kept[evidence.ArchiveWACZ]) {
			for _, other := range paths {
				if other != o.path && strings.HasSuffix(url, other) {
					t.Errorf("%s holds %s", o.path, url)
				}
			}
		}
		checkSealed(t, o.res, o.sink)
	}
}
