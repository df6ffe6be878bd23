package archive_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"

	"yuzheng/capture/archive"
	"yuzheng/casefile/evidence"
)

// same changes nothing.
func same() archive.Edit {
	return archive.Edit{
		Text: func(s string) string { return s },
		Body: func(_, _ string, body []byte) ([]byte, bool) { return body, true },
		Most: 1 << 20,
	}
}

func rewritten(t *testing.T, b []byte, edit archive.Edit) []byte {
	t.Helper()
	var out buffer
	if err := archive.Rewrite(bytes.NewReader(b), int64(len(b)), &out, edit); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// An archive that nothing is changed in is written again to the byte.
func TestRewriteSame(t *testing.T) {
	b := sampleWACZ(t).Bytes()
	if got := rewritten(t, b, same()); !bytes.Equal(got, b) {
		t.Errorf("%d bytes became %d others", len(b), len(got))
	}
}

// What is changed is changed everywhere, what is left out leaves no trace, headers that tell a hash are gone, and the archive holds.
func TestRewrite(t *testing.T) {
	const secret = "0912345678"
	asked := page("/a.json?tel="+secret, "application/json", []byte(`{"tel":"`+secret+`"}`))
	asked.Method, asked.RequestBody = "POST", []byte("tel="+secret)
	header := func(name, value string) evidence.Header { return evidence.Header{Name: name, Value: value} }
	asked.RequestHeader = append(asked.RequestHeader, header("content-type", "application/x-www-form-urlencoded"), header("if-none-match", "qwe"))
	asked.ResponseHeader = append(asked.ResponseHeader, header("ETag", `"qwe"`), header("x-tel", secret))
	cached := page("/c", "text/plain", []byte(secret))
	cached.FromCache = true
	cached.ResponseHeader = append(cached.ResponseHeader, evidence.Header{Name: "etag", Value: `"qwe"`})
	var b buffer
	const address = "https://vip-invest.example/?" + secret
	z := archive.NewWACZ(&b, archive.Options{Software: "test", Title: secret, MainURL: address, Started: started, Note: []evidence.Header{header("view", secret)}})
	picture, plain := page("/"+secret+".png", "image/png", noise(9000)), page("/", "text/html", []byte("no change"))
	for _, e := range []archive.Exchange{asked, cached, picture, plain} {
		if err := z.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close([]archive.Page{{URL: address, Title: secret, At: started, Text: secret}}); err != nil {
		t.Fatal(err)
	}
	edit := archive.Edit{
		Text: func(s string) string { return strings.ReplaceAll(s, secret, "■■■■") }, Most: 1 << 20,
		Body: func(_, media string, body []byte) ([]byte, bool) {
			return bytes.ReplaceAll(body, []byte(secret), []byte("■■■■")), media != "image/png"
		},
	}
	got := rewritten(t, b.Bytes(), edit)
	for _, f := range findings(t, got) {
		t.Error(f)
	}
	seen := 0
	all := func(string, string) bool { return true }
	err := archive.Bodies(bytes.NewReader(got), int64(len(got)), 1<<20, all, func(address string, body []byte) error {
		seen++
		if strings.Contains(address, secret) || bytes.Contains(body, []byte(secret)) || strings.HasSuffix(address, ".png") {
			t.Errorf("%s: %q", address, body)
		}
		return nil
	})
	if err != nil || seen != 2 {
		t.Errorf("%d bodies, %v", seen, err)
	}
	for name, data := range membersOf(t, got) {
		for _, word := range []string{secret, "qwe"} {
			if bytes.Contains(data, []byte(word)) {
				t.Errorf("%s holds %s: %s", name, word, data)
			}
		}
	}
	if again := rewritten(t, b.Bytes(), edit); !bytes.Equal(again, got) {
		t.Error("the same edit gives other bytes")
	}
}

// An archive that is none, or was cut, is an error.
func TestRewriteBroken(t *testing.T) {
	b := sampleWACZ(t).Bytes()
	for _, data := range [][]byte{nil, []byte("PK"), b[:len(b)/2], bytes.Replace(b, []byte("datapackage.json"), []byte("datapackage.jsox"), -1)} {
		var out buffer
		if err := archive.Rewrite(bytes.NewReader(data), int64(len(data)), &out, same()); err == nil {
			t.Errorf("%d bytes are taken", len(data))
		}
	}
}

// membersOf unpacks a WACZ by the Go library, its WARC too.
func membersOf(t *testing.T, data []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	list := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var body io.Reader = r
		if strings.HasSuffix(f.Name, ".gz") {
			if body, err = gzip.NewReader(r); err != nil {
				t.Fatal(err)
			}
		}
		if list[f.Name], err = io.ReadAll(body); err != nil {
			t.Fatal(err)
		}
	}
	return list
}
