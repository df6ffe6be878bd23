package packet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestFindingsAreCounted lists 30000 files that are not there: a thousand of each check are told, the others counted, and the cause is the list.
func TestFindingsAreCounted(t *testing.T) {
	const lines = 30_000
	files := contents(t, good(t))
	var list bytes.Buffer
	for i := range lines {
		fmt.Fprintf(&list, "%064d  data/%05d\n", i, i)
	}
	files[manifest256Name] = list.Bytes()
	r := verifyBytes(t, plain(t, files))
	told := len(r.Findings) + r.Following()
	if told > maxFindings || r.More[FileMissing] != lines-maxKind {
		t.Errorf("%d findings, more %v", told, r.More)
	}
	if len(r.Findings[0].Follows) < maxKind || r.Findings[0].File != manifest256Name {
		t.Errorf("%s: %d follow", r.Findings[0].File, len(r.Findings[0].Follows))
	}
}

// TestTooLarge: a file that is longer than its kind can be is named with its length and not read.
func TestTooLarge(t *testing.T) {
	for path, length := range map[string]int{sealName: 64<<10 + 1, "seal.tsr": 1<<20 + 1, bagitName: 16<<20 + 1} {
		files := contents(t, good(t))
		files[path] = make([]byte, length)
		r := verifyBytes(t, plain(t, files))
		var all []Finding
		for _, f := range r.Findings {
			all = append(append(all, f), f.Follows...)
		}
		if !slices.ContainsFunc(all, func(f Finding) bool {
			return f.Code == tooLarge && f.File == path && f.Got == fmt.Sprintf("%d bytes", length)
		}) {
			t.Errorf("%s: %+v", path, r.Findings)
		}
	}
}

// TestTextsAreCut: what a packet says is not repeated at length.
func TestTextsAreCut(t *testing.T) {
	files := contents(t, good(t))
	files[infoName] = []byte(strings.Repeat("域", 1<<20))
	r := verifyBytes(t, plain(t, files))
	for _, f := range r.Findings {
		if len(f.Got) > maxSaid+len("…") || strings.ToValidUTF8(f.Got, "?") != f.Got {
			t.Errorf("%d bytes: %q", len(f.Got), f.Got[max(0, len(f.Got)-20):])
		}
	}
	if !has(r, BagForm, infoName) {
		t.Errorf("%+v", r.Findings)
	}
}

// TestOverlapping: members in the same bytes are refused before they are unpacked.
func TestOverlapping(t *testing.T) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	raw := bytes.Repeat([]byte("a"), 1000)
	for _, name := range []string{"a/seal.txt", "a/bagit.txt", "a/data"} {
		m, err := w.Create(name)
		if err == nil {
			_, err = m.Write(raw)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	b := out.Bytes()
	for rest := b; ; { // each member claims all bytes of the file
		i := bytes.Index(rest, []byte("PK\x01\x02"))
		if i < 0 {
			break
		}
		le.PutUint32(rest[i+20:], uint32(len(b)-200))
		rest = rest[i+46:]
	}
	r := verifyBytes(t, b)
	if len(r.Findings) != 1 || !strings.Contains(r.Findings[0].Problem, "lie over each other") {
		t.Errorf("%+v", r.Findings)
	}
}

// TestBrokenCheck: a panic on the way is a finding; the packet does not count as whole.
func TestBrokenCheck(t *testing.T) {
	b := good(t)
	r, err := VerifyZIP(t.Context(), bytes.NewReader(b), int64(len(b)), Options{Stamp: func([]byte, []byte) (StampInfo, error) { panic("beyond the end") }})
	if err != nil || !has(r, CheckBroken, "") || !strings.Contains(r.Findings[0].Problem, "beyond the end") {
		t.Errorf("%v %+v", err, r)
	}
}
