package packet

import (
	"archive/zip"
	"bytes"
	"io"
	"slices"
	"testing"
)

// virtual is a ZIP of which only the structure exists: members read as zeros.
type virtual struct {
	pieces []piece
	size   int64
}

func (v virtual) ReadAt(b []byte, offset int64) (int, error) {
	n := int(min(int64(len(b)), max(0, v.size-offset)))
	clear(b[:n])
	for _, p := range v.pieces {
		if from, to := max(p.offset, offset), min(p.offset+int64(len(p.bytes)), offset+int64(n)); from < to {
			copy(b[from-offset:to-offset], p.bytes[from-p.offset:])
		}
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

// TestLarge lays out a ZIP beyond 4 GiB and one of many members; another reader finds the same in them, and so do we.
func TestLarge(t *testing.T) {
	many := make([]member, 70_000)
	for i := range many {
		many[i].name = "p/" + string(rune(0x4e00+i/1000)) + "/" + string(rune(0x4e00+i%1000))
	}
	cases := map[string][]member{
		"small":            {{"p/a", 10, 7}, {"p/證物", 20, 8}},
		"a large member":   {{"p/a", 10, 7}, {"p/b", 5 << 30, 8}, {"p/c", 3, 9}},
		"exactly the edge": {{"p/a", 1<<32 - 1, 7}, {"p/b", 1, 8}},
		"many":             many,
	}
	for name, members := range cases {
		pieces, starts, total := layout(members)
		v := virtual{pieces, total}
		if name == "many" {
			v = flatten(t, pieces, total)
		}
		z, err := zip.NewReader(v, total)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for i, f := range z.File {
			at, err := f.DataOffset()
			if err != nil || at != starts[i] || f.Name != members[i].name || f.UncompressedSize64 != uint64(members[i].size) || f.CRC32 != members[i].crc {
				t.Fatalf("%s: member %d: %v %d %+v", name, i, err, at, f.FileHeader)
			}
		}
		ours, err := readDirectory(v, total)
		if err != nil || !slices.Equal(ours, members) {
			t.Errorf("%s: the directory reads otherwise: %v", name, err)
		}
		if ours, err = walkHeaders(v, total); err != nil || !slices.Equal(ours, members) {
			t.Errorf("%s: the local headers read otherwise: %v", name, err)
		}
		if found, _, err := compareLayout(v, total, members); err != nil || found.len() > 0 {
			t.Errorf("%s: %v %v", name, err, found)
		}
	}
}

// flatten makes the structure one piece, so that reading it does not take forever.
func flatten(t *testing.T, pieces []piece, total int64) virtual {
	t.Helper()
	whole := make([]byte, total)
	for _, p := range pieces {
		copy(whole[p.offset:], p.bytes)
	}
	if !bytes.HasPrefix(whole, []byte("PK\x03\x04")) {
		t.Fatal("not a ZIP")
	}
	return virtual{[]piece{{bytes: whole}}, total}
}

// TestPaths tries names on which systems differ.
func TestPaths(t *testing.T) {
	for _, good := range []string{"證物/W0001/archive.wacz", "01_聲請書.pdf", "a b.txt", "downloads/app (1).apk", ".hidden", "console.txt", "com10", "貓🐱.png"} {
		if err := checkPath(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	long := string(bytes.Repeat([]byte("a"), 201))
	for _, bad := range []string{
		"", "/", "a//b", "../a", "a/..", ".", "a/./b", "/a", "a/", "a\\b", "a:b", "a|b", "a*", "a?", "<a>", "\"a\"", "100%", "a\nb", "a\x00", "a.", "a ", " a",
		"CON", "con.txt", "a/Nul", "COM1.pdf", "lpt9", "com¹", "aux .txt", "CONIN$", "e\u0301", "a\u202eb", "a\u200bb", "a\ufeff", "\xff", long, "a/" + long,
	} {
		if checkPath(bad) == nil {
			t.Errorf("%q passes", bad)
		}
	}
}
