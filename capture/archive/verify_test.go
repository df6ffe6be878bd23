package archive_test

import (
	"bytes"
	"testing"
	"time"

	"yuzheng/capture/archive"
	"yuzheng/casefile/evidence"
	"yuzheng/casefile/packet/wacz"
)

func findings(t *testing.T, b []byte) []wacz.Finding {
	t.Helper()
	list, err := wacz.Verify(t.Context(), bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// What is written holds, whatever was recorded.
func TestWrittenIsWhole(t *testing.T) {
	for name, list := range map[string][]archive.Exchange{"all kinds": sample(), "one": sample()[1:2], "failure alone": sample()[5:6], "nothing": nil} {
		var b buffer
		if err := write(t, &b, list); err != nil {
			t.Fatal(err)
		}
		for _, f := range findings(t, b.Bytes()) {
			t.Errorf("%s: %s", name, f)
		}
	}
}

// The same address several times in one second holds, in whatever order of digests the answers come.
func TestSameAddressInOneSecondHolds(t *testing.T) {
	for turn := range 4 {
		var list []archive.Exchange
		for n := range 6 {
			e := page("/poll", "text/plain", []byte{byte('a' + (n*5+turn)%6)})
			e.Started = e.Started.Truncate(time.Second).Add(time.Duration(n) * time.Millisecond)
			list = append(list, e)
		}
		var b buffer
		if err := write(t, &b, list); err != nil {
			t.Fatal(err)
		}
		for _, f := range findings(t, b.Bytes()) {
			t.Errorf("%d: %s", turn, f)
		}
	}
}

// Every byte of a WACZ matters: one flipped bit in it is found.
func TestEveryChangedByteIsFound(t *testing.T) {
	var b buffer
	if err := write(t, &b, []archive.Exchange{page("/", "text/html", []byte("保證獲利")), page("/a.png", "image/png", noise(300))}); err != nil {
		t.Fatal(err)
	}
	whole := b.Bytes()
	for i := range whole {
		bit := byte(1) << (i % 8)
		whole[i] ^= bit
		if len(findings(t, whole)) == 0 {
			t.Errorf("byte %d of %d changed by %#x: nothing found", i, len(whole), bit)
		}
		whole[i] ^= bit
	}
	t.Logf("%d bytes", len(whole))
}

// A header of a page, whatever it holds, stays inside its record.
func FuzzHeaders(f *testing.F) {
	f.Add("content-type", "text/html", "OK", "GET", "https://a.example/")
	f.Add("x\r\nEvil: 1", "a\r\n\r\nb", "OK\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "https://a.example/ x\r\ny")
	f.Add("", "\x00\xff", "", "", "")
	f.Add(":status", "a\nb\nc", "\u2028", "POST", "urn:x:測試#part")
	f.Add("Content-Length", "99", "OK", "HEAD", "http://www.example:80?b&a")
	f.Fuzz(func(t *testing.T, name, value, text, method, address string) {
		e := page("/", "text/html", []byte("body"))
		e.URL, e.Method, e.StatusText = address, method, text
		e.RequestHeader = append(e.RequestHeader, evidence.Header{Name: name, Value: value})
		e.ResponseHeader = append(e.ResponseHeader, evidence.Header{Name: name, Value: value})
		e.RequestBody = []byte(value)
		var b buffer
		if err := write(t, &b, []archive.Exchange{e}); err != nil {
			t.Fatal(err)
		}
		for _, f := range findings(t, b.Bytes()) {
			t.Error(f)
		}
		for _, r := range readWARC(t, b.Bytes()) {
			head, body, _ := bytes.Cut([]byte(r.block), []byte("\r\n\r\n"))
			if r.field("WARC-Type") == "response" && (string(body) != "body" || bytes.ContainsAny(bytes.ReplaceAll(head, []byte("\r\n"), nil), "\r\n\x00")) {
				t.Errorf("the header leaves its place: %q", r.block)
			}
		}
	})
}
