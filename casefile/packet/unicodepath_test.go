package packet

import (
	"archive/zip"
	"hash/crc32"
	"slices"
	"strings"
	"testing"
)

// asUnicodePath gives a header the name that a program writes which keeps the true one in the field 0x7075.
func asUnicodePath(h *zip.FileHeader, change func(field []byte)) {
	plain := strings.Map(func(r rune) rune {
		if r > 0x7e {
			return '?'
		}
		return r
	}, h.Name)
	if plain == h.Name {
		return
	}
	field := append([]byte{1, 0, 0, 0, 0}, h.Name...)
	le.PutUint32(field[1:], crc32.ChecksumIEEE([]byte(plain)))
	change(field)
	head := le.AppendUint16(le.AppendUint16(nil, extraUnicodePath), uint16(len(field)))
	h.Name, h.NonUTF8, h.Extra = plain, true, append(head, field...)
}

// A packet that a program has packed again which keeps names in the field of Info-ZIP for Unicode, and others in the header, is told as packed again and
// is whole. A field whose checksum is of another name, or of another version, is none.
func TestUnicodePath(t *testing.T) {
	b := good(t)
	isRepacked := func(r *Report) bool {
		return slices.ContainsFunc(r.Notes, func(f Finding) bool { return f.Code == ZIPRepacked })
	}
	again := repacked(t, b, zip.Deflate, func(h *zip.FileHeader) { asUnicodePath(h, func([]byte) {}) })
	if r := verifyBytes(t, again); !r.Good() || r.Incomplete() || !isRepacked(r) {
		t.Errorf("%+v", r.Findings)
	}
	for what, change := range map[string]func(field []byte){
		"another name": func(f []byte) { f[1] ^= 1 },
		"a version":    func(f []byte) { f[0] = 2 },
		"no UTF-8":     func(f []byte) { f[len(f)-1] = 0xff },
	} {
		if r := verifyBytes(t, repacked(t, b, zip.Deflate, func(h *zip.FileHeader) { asUnicodePath(h, change) })); r.Good() {
			t.Errorf("with %s in the field the packet is whole", what)
		}
	}
	flagged := repacked(t, b, zip.Deflate, func(h *zip.FileHeader) {
		field := append([]byte{1, 0, 0, 0, 0}, "X01/elsewhere.txt"...)
		le.PutUint32(field[1:], crc32.ChecksumIEEE([]byte(h.Name)))
		h.Extra = append(le.AppendUint16(le.AppendUint16(nil, extraUnicodePath), uint16(len(field))), field...)
		h.Flags |= flagUTF8
	})
	if r := verifyBytes(t, flagged); r.Good() {
		t.Error("a name that some programs show in place of the member's own is taken")
	}
	for raw, c := range map[string]struct {
		said string
		is   bool
	}{
		"01_???.pdf":           {"01_聲請書.pdf", false},
		"01____.pdf":           {"01_聲請書.pdf", false},
		"05_???.pdf":           {"01_聲請書.pdf", true},
		"01_聲請書.pdf":           {"01_聲請書.pdf", false},
		"01_裁定書.pdf":           {"01_聲請書.pdf", true},
		"01_\xc1n\xbd\xd0.pdf": {"01_聲請.pdf", false}, // Big5
		"05_\xc1n\xbd\xd0.pdf": {"01_聲請.pdf", true},
		"a.txt":                {"b.txt", true},
	} {
		extra := append([]byte{1, 0, 0, 0, 0}, c.said...)
		le.PutUint32(extra[1:], crc32.ChecksumIEEE([]byte(raw)))
		if got := renames(append(le.AppendUint16(le.AppendUint16(nil, extraUnicodePath), uint16(len(extra))), extra...), raw); got != c.is {
			t.Errorf("%q for %q: %v", raw, c.said, got)
		}
	}
	two := append([]byte{1, 0, 0, 0, 0}, "b"...)
	le.PutUint32(two[1:], crc32.ChecksumIEEE([]byte("a")))
	one := slices.Clone(two)
	one[5] = 'c'
	field := func(b []byte) []byte {
		return append(le.AppendUint16(le.AppendUint16(nil, extraUnicodePath), uint16(len(b))), b...)
	}
	for _, c := range []struct {
		extra []byte
		want  string
	}{
		{field(two), "b"},
		{slices.Concat([]byte{1, 0, 2, 0, 9, 9}, field(two)), "b"},
		{slices.Concat(field(two), field(two)), "b"},
		{slices.Concat(field(two), field(one)), ""},
		{field(two)[:7], ""},
		{nil, ""},
	} {
		if got := unicodePath("a", c.extra); got != c.want {
			t.Errorf("%x: %q, want %q", c.extra, got, c.want)
		}
	}
}
