package intake

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"net/netip"
	"strings"
	"testing"

	"github.com/nlnwa/whatwg-url/url"

	"yuzheng/capture/chrome/guard"
)

// readAs reads data as one kind, whatever it looks like.
func readAs(t *testing.T, s shape, data []byte) (*collected, Report) {
	t.Helper()
	c := &collected{}
	src := &source{stopped: context.Background().Err, r: bytes.NewReader(data), left: 1 << 20}
	raw := bufio.NewReaderSize(src, headSize)
	head, _ := raw.Peek(headSize)
	r := &reading{source: src, tally: newTally(src.stopped, c), parser: url.NewParser(), shape: s}
	if err := r.read(raw, sniffEncoding(head)); err != nil {
		t.Fatal(err)
	}
	return c, r.report
}

// hold checks what is true of every reading.
func hold(t *testing.T, data []byte, c *collected, report Report) {
	t.Helper()
	lines := 1 + bytes.Count(data, []byte{'\n'}) + bytes.Count(data, []byte{'\r'})
	for _, n := range c.lines {
		if n < 1 || n > lines {
			t.Fatalf("line %d of %d", n, lines)
		}
	}
	parser := url.NewParser()
	for _, row := range c.rows {
		u, err := parser.Parse(row.URL)
		if !row.RecordOnly && (err != nil || u.Href(false) != row.URL || u.Username() != "" || u.Scheme() != "http" && u.Scheme() != "https") {
			t.Fatalf("%q from %q: %v", row.URL, row.Raw, err)
		}
		if again, _ := collect(t, "pasted", row.URL); !row.RecordOnly && (len(again.rows) != 1 || again.rows[0].URL != row.URL) {
			t.Fatalf("%q from %q reads as %q", row.URL, row.Raw, again.brief())
		}
		if a, err := netip.ParseAddr(row.Host); err == nil && !guard.Public(a) {
			t.Fatalf("%q is not public", row.URL)
		}
		if row.Raw == "" || len(row.URL) > 4*maxURL || row.Host == "" && !row.RecordOnly || strings.HasSuffix(row.Host, ".") {
			t.Fatalf("%+v", row)
		}
	}
	skipped := 0
	for _, n := range report.Skipped {
		skipped += n
	}
	if report.Addresses != len(c.rows) || report.Clues != len(c.clues) || skipped != len(c.skipped) || report.Rows > len(c.lines) {
		t.Fatalf("%d %d %d of %+v", len(c.rows), len(c.clues), len(c.skipped), report)
	}
}

// rowsOnce checks that every row of a list came out, under a line of its own.
func rowsOnce(t *testing.T, c *collected, report Report) {
	t.Helper()
	seen := map[int]bool{}
	for _, n := range c.lines {
		seen[n] = true
	}
	if len(seen) != report.Rows {
		t.Fatalf("%d lines gave something, %d rows were read: %q", len(seen), report.Rows, c.brief())
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"請至abc.com註冊\nhxxps://evil[.]cc/path、line://x\r\r\n0912345678", "http://a@[::1]:80/?#", "\xff\xfea\x00.\x00c\x00c\x00"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, report := readAs(t, shape{kind: kindText}, data)
		hold(t, data, c, report)
		rowsOnce(t, c, report)
	})
}

func FuzzTable(f *testing.F) {
	f.Add([]byte(sample160055), byte(','))
	f.Add([]byte("編號\t帳號\n1\t\"a\nb\"\n2\t\"c"), byte('\t'))
	f.Fuzz(func(t *testing.T, data []byte, separator byte) {
		if separator == '"' || separator == '\n' || separator == '\r' || separator > '~' {
			return
		}
		c, report := readAs(t, shape{kind: kindTable, separator: separator}, data)
		hold(t, data, c, report)
		rowsOnce(t, c, report)
	})
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(`[{"偽冒網址":"https://a-x.cc/#/x","網域名稱":"a-x.cc"},{"a":{"url":["b-x.cc"]},"n":1}]`))
	f.Add([]byte(`{"title":"115/3/12-115/3/18","content":"<table><tr><th>網址<tr><td>a-x.cc"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, report := readAs(t, shape{kind: kindJSON}, data)
		hold(t, data, c, report)
	})
}

func FuzzPage(f *testing.F) {
	f.Add([]byte(article))
	f.Add([]byte("<html><!-- saved from url=(1)http://a-x.cc --><a href=//b-x.cc>c-<b>x.cc<table><td rowspan=2>d-x.cc<table><th>網址<tr><td>e-x.cc"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, report := readAs(t, shape{kind: kindPage}, data)
		hold(t, data, c, report)
	})
}

func FuzzMail(f *testing.F) {
	f.Add([]byte(letter))
	f.Add([]byte("From: a@b-x.cc\nContent-Type: multipart/x; boundary=\"\"\n\n--\n\n----\nhttp://c-x.cc"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, report := readAs(t, shape{kind: kindMail}, data)
		hold(t, data, c, report)
	})
}

// FuzzRead takes the kind from the content, as a user's file does.
func FuzzRead(f *testing.F) {
	for _, s := range []string{sample160055, article, letter, "[InternetShortcut]\nURL=https://a-x.cc", `["a-x.cc"]`, "a-x.cc", "PK\x03\x04\x00\x00"} {
		f.Add("list.csv", []byte(s))
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		c := &collected{}
		report, err := Read(context.Background(), name, bytes.NewReader(data), Options{}, c)
		if err != nil && !errors.Is(err, ErrKind) {
			t.Fatal(err)
		}
		if report.Encoding != "utf-16le" && report.Encoding != "utf-16be" { // whose line ends are not bytes
			hold(t, data, c, report)
		}
	})
}
