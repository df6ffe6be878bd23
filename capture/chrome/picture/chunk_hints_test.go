package picture

import (
	"bytes"
	"slices"
	"testing"
)

// What is written is what came, to the byte, and two files that differ only in boundary or date have every longer run between two marks in common.
func TestRecurringParts(t *testing.T) {
	image := bytes.Repeat([]byte("iVBORw0KGgo="), 1000)
	mhtml := func(boundary string) []byte {
		b := []byte("From: <Saved by Blink>\r\nContent-Type: multipart/related;\r\n\tboundary=\"" + boundary + "\"\r\n\r\n\r\n--" + boundary + "\r\nContent-Type: text/html\r\n\r\n<p>")
		for range 3 {
			b = append(b, "\r\n--"+boundary+"\r\nContent-Type: image/png\r\n\r\n"...)
			b = append(b, image...)
		}
		return append(b, "\r\n--"+boundary+"--\r\n"...)
	}
	cutted := func(body []byte) (runs [][]byte) {
		runs = [][]byte{nil}
		write := func(p []byte) error { runs[len(runs)-1] = append(runs[len(runs)-1], p...); return nil }
		if err := cutMHTML(body, write, func() { runs = append(runs, nil) }); err != nil {
			t.Fatal(err)
		}
		return runs
	}
	a, b := cutted(mhtml("----A")), cutted(mhtml("----B"))
	if !bytes.Equal(slices.Concat(a...), mhtml("----A")) {
		t.Error("the MHTML is not what came")
	}
	common := 0
	for _, run := range a {
		if len(run) > 4<<10 && slices.ContainsFunc(b, func(r []byte) bool { return bytes.Equal(r, run) }) {
			common++
		}
	}
	if common != 3 {
		t.Errorf("%d of 3 pictures in common", common)
	}
	for _, odd := range []string{"", "boundary=\"", "boundary=\"x\"", "boundary=\"\"\r\n--\r\n--", "\r\n--x boundary=\"x\"\r\n--x\r\n--x"} {
		if got := slices.Concat(cutted([]byte(odd))...); string(got) != odd {
			t.Errorf("%q became %q", odd, got)
		}
	}
	var out bytes.Buffer
	cuts := []int{}
	write := cutPDF(out.Write, func() { cuts = append(cuts, out.Len()) })
	for _, part := range []string{"%PDF-1.4\n1 0 obj\n<</CreationDate (D:1)>>\nendobj\n2 0 obj\nendobj\n", "rest endobj\n"} {
		if n, err := write([]byte(part)); err != nil || n != len(part) {
			t.Fatal(n, err)
		}
	}
	if want := []int{bytes.Index(out.Bytes(), []byte("endobj"))}; !slices.Equal(cuts, want) || !bytes.HasSuffix(out.Bytes(), []byte("rest endobj\n")) {
		t.Errorf("cut at %v, want %v", cuts, want)
	}
}
