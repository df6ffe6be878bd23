package packet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// openZIP reads a packet as a stranger would. What may be damaged is read twice, from the directory and from the local
// headers; whichever agrees better with the rest says what should be there, and every other byte of the ZIP is held
// against that.
func openZIP(r io.ReaderAt, size int64) (bag, findings, error) {
	var best bag
	var least findings
	var problems []string
	for _, read := range []func(io.ReaderAt, int64) ([]member, error){readDirectory, walkHeaders} {
		members, err := read(r, size)
		if err == nil && !fits(members, size) {
			err = errors.New("sizes do not add up")
		}
		if err != nil {
			problems = append(problems, err.Error())
			continue
		}
		found, starts, err := compareLayout(r, size, members)
		if err != nil {
			return bag{}, findings{}, fmt.Errorf("packet: %w", err)
		}
		b := assemble(r, members, starts, &found)
		if best.files == nil || found.len() < least.len() {
			best, least = b, found
		}
	}
	if least.len() > 0 || best.files == nil {
		if b, found, ok := repackedZIP(r, size); ok && (best.files == nil || another(best, least, b)) {
			return b, found, nil
		}
	}
	if best.files == nil {
		least.add(Finding{Code: zipUnreadable, Problem: strings.Join(problems, "; ")})
		return bag{}, least, nil
	}
	return best, least, nil
}

// another reports whether a ZIP is another program's work rather than this one's, damaged: more than half of its headers differ
// from those that follow from its contents, or it has got a comment and nothing else.
func another(own bag, found findings, other bag) bool {
	return found.len() > len(own.files) || other.commented && found.len() <= 2 && !slices.ContainsFunc(found.list, func(f Finding) bool { return f.File != "" })
}

// fits reports whether members can lie in a ZIP of size bytes without overlap.
func fits(members []member, size int64) bool {
	left := size
	for _, m := range members {
		if m.size < 0 || m.size > left {
			return false
		}
		left -= m.size
	}
	_, _, total := layout(members)
	return len(members) > 0 && total <= size
}

// readDirectory takes names, sizes and checksums from the directory at the end of the ZIP, and nothing else.
func readDirectory(r io.ReaderAt, size int64) ([]member, error) {
	offset, count, err := findDirectory(r, size)
	if err != nil {
		return nil, err
	}
	if offset < 0 || offset > size || size-offset > maxDirectory || count > maxMembers {
		return nil, errors.New("directory out of bounds")
	}
	b := make([]byte, size-offset)
	if err := readAt(r, b, offset); err != nil {
		return nil, err
	}
	members := make([]member, 0, count)
	for range count {
		if len(b) < centralLen || le.Uint32(b) != centralSignature {
			return nil, fmt.Errorf("directory record %d", len(members)+1)
		}
		m, length, err := parseRecord(b, 16, centralLen, int(le.Uint16(b[28:])), int(le.Uint16(b[30:])))
		if err != nil {
			return nil, err
		}
		members, b = append(members, m), b[length:]
	}
	return members, nil
}

func findDirectory(r io.ReaderAt, size int64) (offset int64, count uint64, err error) {
	var b [endLen]byte
	if size < endLen {
		return 0, 0, errors.New("too short for a ZIP")
	}
	if err := readAt(r, b[:], size-endLen); err != nil {
		return 0, 0, err
	}
	if le.Uint32(b[:]) != endSignature {
		return 0, 0, errors.New("no directory at the end")
	}
	offset, count = int64(le.Uint32(b[16:])), uint64(le.Uint16(b[10:]))
	if offset != math.MaxUint32 && count != math.MaxUint16 {
		return offset, count, nil
	}
	var b64 [end64Len]byte
	if err := readAt(r, b64[:], size-endLen-locatorLen-end64Len); err != nil || le.Uint32(b64[:]) != end64Signature {
		return 0, 0, errors.New("no ZIP64 directory at the end")
	}
	return int64(le.Uint64(b64[48:])), le.Uint64(b64[32:]), nil
}

// parseRecord reads checksum (at the given place), sizes, name and ZIP64 size out of b, which begins with a header of fixed bytes.
func parseRecord(b []byte, at, fixed, nameLen, extraLen int) (m member, length int, err error) {
	length = fixed + nameLen + extraLen
	if len(b) < length {
		return m, 0, errors.New("a header is cut off")
	}
	if nameLen > maxName {
		return m, 0, fmt.Errorf("a name of %d bytes", nameLen)
	}
	m = member{name: string(b[fixed : fixed+nameLen]), crc: le.Uint32(b[at:]), size: int64(le.Uint32(b[at+8:]))}
	extra := b[fixed+nameLen : length]
	if m.size == math.MaxUint32 && len(extra) >= 12 && le.Uint16(extra) == extra64 {
		m.size = int64(le.Uint64(extra[4:]))
	}
	return m, length, nil
}

// walkHeaders goes from local header to local header, up to whatever is none.
func walkHeaders(r io.ReaderAt, size int64) ([]member, error) {
	var members []member
	var offset int64
	for len(members) < maxMembers {
		b := make([]byte, localLen)
		if err := readAt(r, b, offset); err != nil {
			return nil, err
		}
		if le.Uint32(b) != localSignature {
			return members, nil
		}
		names := int(le.Uint16(b[26:]))
		extras := int(le.Uint16(b[28:]))
		b = append(b, make([]byte, names+extras)...)
		if err := readAt(r, b, offset); err != nil {
			return nil, err
		}
		m, length, err := parseRecord(b, 14, localLen, names, extras)
		if err != nil {
			return nil, err
		}
		offset += int64(length)
		if m.size < 0 || m.size > size-offset {
			return nil, fmt.Errorf("size in local header %d", len(members)+1)
		}
		offset += m.size
		members = append(members, m)
	}
	return nil, errors.New("too many members")
}

// compareLayout holds every byte of the ZIP that is not a member's own against the one that follows from members.
func compareLayout(r io.ReaderAt, size int64, members []member) (found findings, starts []int64, err error) {
	pieces, starts, total := layout(members)
	for _, p := range pieces {
		got := make([]byte, len(p.bytes))
		if err := readAt(r, got, p.offset); err != nil {
			return found, nil, err
		}
		if at := firstDifference(got, p.bytes); at >= 0 {
			found.add(Finding{
				Code: ZIPForm, File: inBag(p.name), Problem: fmt.Sprintf("%s: byte %d of the ZIP", p.what, p.offset+int64(at)),
				Want: fmt.Sprintf("%02x", p.bytes[at]), Got: fmt.Sprintf("%02x", got[at]),
			})
		}
	}
	if total != size {
		found.add(Finding{
			Code: ZIPForm, Problem: "bytes that belong to no file",
			Want: fmt.Sprintf("%d bytes", total), Got: fmt.Sprintf("%d bytes", size),
		})
	}
	return found, starts, nil
}

// readAt fills b.
func readAt(r io.ReaderAt, b []byte, offset int64) error {
	n, err := r.ReadAt(b, offset)
	if n == len(b) {
		return nil
	}
	return err
}

func firstDifference(a, b []byte) int {
	if bytes.Equal(a, b) {
		return -1
	}
	for i := range a {
		if a[i] != b[i] {
			return i
		}
	}
	return len(a)
}

// inBag is the path below the packet's folder.
func inBag(name string) string {
	_, path, _ := strings.Cut(name, "/")
	return path
}

// assemble makes a bag of members and reports those that are not in the order, or not in the folder, of the others.
func assemble(r io.ReaderAt, members []member, starts []int64, found *findings) bag {
	folder, _, _ := strings.Cut(members[0].name, "/")
	b := bag{name: folder}
	seen := map[string]bool{}
	for i, m := range members {
		path, ok := strings.CutPrefix(m.name, folder+"/")
		switch {
		case !ok:
			found.add(Finding{Code: pathUnsafe, File: m.name, Problem: "outside the packet's folder", Want: folder})
			continue
		case seen[path]:
			found.add(Finding{Code: ZIPForm, File: path, Problem: "stands in the ZIP twice"})
			continue
		case i > 0 && members[i-1].name >= m.name:
			found.add(Finding{Code: ZIPForm, File: path, Problem: "out of order", Want: "after " + members[i-1].name, Got: m.name})
		}
		seen[path] = true
		part := io.NewSectionReader(r, starts[i], m.size)
		b.files = append(b.files, bagFile{path: path, size: m.size, crc: &members[i].crc, open: func() (readerAt, error) {
			return section{part}, nil
		}})
	}
	slices.SortFunc(b.files, func(x, y bagFile) int { return strings.Compare(x.path, y.path) })
	return b
}
