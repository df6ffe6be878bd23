package sitetest

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/encoding/traditionalchinese"
)

// Every page of the folder answers with the marker, by which traces are searched for.
func TestEveryBadPageIsServed(t *testing.T) {
	s := run(t, Options{})
	c := s.Client()
	files, err := badFiles.ReadDir("bad")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		name, ok := strings.CutSuffix(f.Name(), ".html")
		if !ok {
			continue
		}
		res, body, err := ask(t, c, http.MethodGet, s.URL(Clear, "bad", "/"+name), nil)
		if err != nil || res.StatusCode >= 500 || !bytes.Contains(body, []byte(marker)) {
			t.Errorf("/%s: %v, %d bytes without the marker", name, err, len(body))
		}
	}
}

func TestStatusAndTarget(t *testing.T) {
	s := run(t, Options{})
	c := s.Client()
	for path, want := range map[string]struct {
		status int
		to     string
	}{
		"/404": {404, ""}, "/403": {403, ""}, "/500": {500, ""}, "/basic": {401, ""}, "/challenge": {403, ""}, "/empty": {200, ""},
		"/to-metadata": {302, "http://169.254.169.254/latest/meta-data/"}, "/to-loopback": {302, "http://127.0.0.1:9/"},
		"/to-file-header": {302, "file:///etc/passwd"}, "/loop?n=7": {302, "/loop?n=8"}, "/no-such-page": {404, ""},
	} {
		res, _, err := ask(t, c, http.MethodGet, s.URL(Secure, "bad", path), nil)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if res.StatusCode != want.status || res.Header.Get("Location") != want.to {
			t.Errorf("%s: %d to %q, want %d to %q", path, res.StatusCode, res.Header.Get("Location"), want.status, want.to)
		}
	}
}

// The bomb is one whole gzip file of the size it promises.
func TestBombUnpacks(t *testing.T) {
	s := run(t, Options{})
	res, err := s.Client().Get(s.URL(Clear, "bad", "/bomb?mb=3"))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	n, err := io.Copy(io.Discard, res.Body)
	if err != nil || n != 3*megabyte || !res.Uncompressed {
		t.Errorf("%d bytes, %v", n, err)
	}
}

func TestCloak(t *testing.T) {
	s := run(t, Options{})
	for _, v := range []struct {
		header map[string]string
		want   string
	}{
		{nil, "手工皂"},
		{map[string]string{"User-Agent": "Mozilla/5.0 (Linux; Android 10; K) Chrome/156.0.0.0 Mobile Safari/537.36"}, "飆股"},
		{map[string]string{"Referer": "https://l.facebook.com/"}, "飆股"},
	} {
		if _, body, err := ask(t, s.Client(), http.MethodGet, s.URL(Secure, "bad", "/cloak"), v.header); err != nil || !strings.Contains(string(body), v.want) {
			t.Errorf("%v sees %q, %v; want %s", v.header, body, err, v.want)
		}
	}
}

func TestBig5(t *testing.T) {
	s := run(t, Options{})
	for _, path := range []string{"/big5", "/big5-meta"} {
		_, body, err := ask(t, s.Client(), http.MethodGet, s.URL(Secure, "bad", path), nil)
		if err != nil {
			t.Fatal(err)
		}
		text, err := traditionalchinese.Big5.NewDecoder().Bytes(body)
		if err != nil || !bytes.Contains(text, []byte("許功蓋：保證獲利")) || bytes.Contains(body, []byte("保證獲利")) {
			t.Errorf("%s: %q, %v", path, text, err)
		}
	}
}

// The names of the downloads are as hostile as they look when they arrive.
func TestDownloadNamesArriveUnchanged(t *testing.T) {
	s := run(t, Options{})
	for i, name := range DownloadNames {
		res, body, err := ask(t, s.Client(), http.MethodGet, s.URL(Secure, "bad", "/download?n="+strconv.Itoa(i)), nil)
		if err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		if !strings.Contains(res.Header.Get("Content-Disposition"), oneLine(name[strings.LastIndexByte(name, '/')+1:])) || !bytes.Equal(body, DownloadBody) {
			t.Errorf("%q arrives as %q", name, res.Header.Get("Content-Disposition"))
		}
	}
}

func TestEndlessEndsWithTheSite(t *testing.T) {
	s, err := Start(Options{})
	if err != nil {
		t.Fatal(err)
	}
	res, err := s.Client().Get(s.URL(Clear, "bad", "/endless"))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if _, err := io.ReadFull(res.Body, make([]byte, 400)); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	_, _ = io.Copy(io.Discard, res.Body)
}
