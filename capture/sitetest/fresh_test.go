package sitetest

import (
	"bytes"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/text/encoding/traditionalchinese"
)

// Every page says the marker, in whatever encoding it comes, and two sites give the same.
func TestFreshPagesAreServed(t *testing.T) {
	a, b := run(t, Options{}), run(t, Options{})
	if len(FreshPages()) < 7 {
		t.Fatal("too few pages")
	}
	for _, page := range FreshPages() {
		res, body, err := ask(t, a.Client(), http.MethodGet, a.URL(Secure, "fresh", page.Path), nil)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %v %v", page.Path, res, err)
		}
		text := body
		if strings.Contains(res.Header.Get("Content-Type"), "big5") {
			if text, err = traditionalchinese.Big5.NewDecoder().Bytes(body); err != nil {
				t.Errorf("%s: %v", page.Path, err)
			}
		}
		if !bytes.Contains(text, []byte(marker)) || bytes.Contains(text, []byte("{{")) {
			t.Errorf("%s: no marker, or something is not filled in", page.Path)
		}
		if _, again, err := ask(t, b.Client(), http.MethodGet, b.URL(Secure, "fresh", page.Path), nil); err != nil || !bytes.Equal(body, again) {
			t.Errorf("%s: another site gives something else (%v)", page.Path, err)
		}
	}
}

// Every file of the folder is there under its address.
func TestFreshFilesAreServed(t *testing.T) {
	s := run(t, Options{})
	err := fs.WalkDir(freshFiles, "fresh", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		at := &url.URL{Path: strings.Replace(strings.TrimPrefix(name, "fresh"), "/widget/", "/open/", 1)}
		res, _, err := ask(t, s.Client(), http.MethodGet, s.URL(Secure, "widget", at.EscapedPath()), nil)
		if err == nil && res.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", at, res.StatusCode)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// The site remembers of every answer what its visitor got of it, whatever the coding, and whether the visitor had gone before the end.
func TestAnswersAreWhatTheVisitorGot(t *testing.T) {
	s := run(t, Options{})
	var got [][]byte
	paths := []string{
		"/h5/api/quotes", "/wall/kind/204", "/wall//face/1.png?a=b;c=+", "/go/hop", "/h5/js/sign.wasm", "/live/danmaku", "/live/hls/master.m3u8", "/no-such-thing",
	}
	for _, path := range paths {
		_, body, err := ask(t, s.Client(), http.MethodGet, s.URL(Clear, "fresh", path), nil)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		got = append(got, body)
	}
	answers := s.Answers()
	if len(answers) != len(paths) {
		t.Fatalf("%d answers to %d questions", len(answers), len(paths))
	}
	for i, a := range answers {
		if a.URL != s.URL(Clear, "fresh", paths[i]) || !bytes.Equal(a.Body, got[i]) || !a.Whole {
			t.Errorf("%s: %d bytes remembered, %d given, whole %v", a.URL, len(a.Body), len(got[i]), a.Whole)
		}
	}
	res, err := s.Client().Get(s.URL(Clear, "fresh", "/desk/api/long"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(res.Body, make([]byte, 5)); err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	answers = s.Answers()
	if last := answers[len(answers)-1]; last.Whole {
		t.Errorf("%s: the visitor had gone", last.URL)
	}
}

// A range is the bytes that were asked for, and no others.
func TestRanges(t *testing.T) {
	for _, c := range []struct {
		header   string
		from, to int
		ok       bool
	}{
		{"bytes=0-9", 0, 10, true},
		{"bytes=90-", 90, 100, true},
		{"bytes=-5", 95, 100, true},
		{"bytes=90-900", 90, 100, true},
		{"bytes=100-", 0, 0, false},
		{"", 0, 0, false},
		{"bytes=9-3", 0, 0, false},
		{"bytes=x-", 0, 0, false},
	} {
		if from, to, ok := rangeOf(c.header, 100); ok != c.ok || ok && (from != c.from || to != c.to) {
			t.Errorf("%q: %d to %d, %v", c.header, from, to, ok)
		}
	}
}
