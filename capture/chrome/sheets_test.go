package chrome

import (
	"bytes"
	"testing"
	"time"

	"yuzheng/capture/sitetest"
	"yuzheng/casefile/evidence"
)

// Of a PDF, as the page itself or in a part of it, it is told that its words are not among the text.
func TestPDFIsTold(t *testing.T) {
	t.Parallel()
	authority, err := sitetest.NewAuthority(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	s := site(t, sitetest.Options{Wire: &sitetest.Wire{}, Authority: authority})
	for _, path := range []string{"/paper.pdf", "/pdf-frame", "/pdf-embed", "/pdf-object"} {
		res, sink := record(t, quick(s, s.URL("http", "raw", path)))
		if !contains(res.Warnings, "/paper.pdf is a PDF: its words are not in text.txt") {
			t.Errorf("%s: %s, warnings %q", path, res.Verdict, res.Warnings)
		}
		if text := sink.kept[evidence.TextTXT]; bytes.Contains(text, []byte("chrome-extension")) {
			t.Errorf("%s: words of the browser's own viewer in %q", path, text)
		}
	}
}
