package packet

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/flate"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/unicode/norm"
)

// Whoever unpacks a packet and packs it again, with Explorer, Finder or 7-Zip, gets another ZIP with equal contents. Such a ZIP is read
// by a reader that knows how others write, and its contents are checked like any. What is asked of the ZIP itself: every reader must
// find the same in it, so its members stand one behind the other with nothing between them, each described alike in both places.

// repackedZIP reads a ZIP that another program made. ok is false for what is not one.
func repackedZIP(r io.ReaderAt, size int64) (b bag, found findings, ok bool) {
	end := &budget{inside{r}, maxDirectory + 1<<17} // archive/zip reads nothing but the end and the directory here, and all that it says
	z, err := zip.NewReader(end, size)
	if err != nil || len(z.File) == 0 || len(z.File) > maxMembers {
		return bag{}, findings{}, false
	}
	end.left = math.MaxInt64
	if f := beyond(z.File, size); f != nil {
		found.add(*f)
		return bag{}, found, true
	}
	wrong := tiles(r, size, z)
	members := make([]named, len(z.File))
	for i, f := range z.File {
		members[i] = named{f, nameOf(f)}
	}
	base := baseOf(members)
	for _, f := range wrong {
		f.File = strings.TrimPrefix(f.File, base)
		found.add(f)
	}
	b.repacked, b.commented = describe(z, members, base), z.Comment != ""
	b.take(members, base, &found)
	return b, found, true
}

// budget is a file of which so many bytes may be read.
type budget struct {
	r    io.ReaderAt
	left int64
}

var errBudget = errors.New("a longer directory than any packet has")

// ReadAt implements io.ReaderAt for one goroutine.
func (b *budget) ReadAt(p []byte, off int64) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 {
		return 0, errBudget
	}
	if off < 0 { // archive/zip moves all places by what stands before the first file
		return 0, io.ErrUnexpectedEOF
	}
	return b.r.ReadAt(p, off)
}

// inside says of a member that begins before the ZIP, whose first bytes are gone, that the ZIP is at fault and not the reading of it.
type inside struct{ io.ReaderAt }

// ReadAt implements io.ReaderAt.
func (r inside) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, fmt.Errorf("%w: a member begins before the first byte", zip.ErrFormat)
	}
	return r.ReaderAt.ReadAt(p, off)
}

// named is a member under its name in this program's form.
type named struct {
	*zip.File
	path string
}

// nameOf gives the name of a member in this program's form: that of its field for names in Unicode where it has one that holds, else its own.
func nameOf(f *zip.File) string {
	if f.Flags&flagUTF8 == 0 {
		if name := unicodePath(f.Name, f.Extra); name != "" {
			return memberName(name)
		}
	}
	return memberName(f.Name)
}

// extraUnicodePath is the field of Info-ZIP for a name in Unicode (APPNOTE.TXT 4.6.9): a version, the CRC-32 of the name in the header that it is of, the
// name in UTF-8.
const extraUnicodePath = 0x7075

// unicodePath reads the field out of extra fields; empty where there is none, two say two things, or it is of another name than raw, which a program
// that does not know the field has changed.
func unicodePath(raw string, extra []byte) (name string) {
	for len(extra) >= 4 {
		id, size := le.Uint16(extra), int(le.Uint16(extra[2:]))
		if extra = extra[4:]; size > len(extra) {
			return ""
		}
		field := extra[:size]
		extra = extra[size:]
		if id != extraUnicodePath || size < 6 || field[0] != 1 || le.Uint32(field[1:]) != crc32.ChecksumIEEE([]byte(raw)) {
			continue
		}
		said := string(field[5:])
		if !utf8.ValidString(said) || len(said) > maxName || strings.Contains(said, "\x00") || name != "" && name != said {
			return ""
		}
		name = said
	}
	return name
}

// memberName reads a name as other programs write it: UTF-8 without saying so, the code page of a Taiwanese Windows, back slashes,
// decomposed letters.
func memberName(raw string) string {
	if !utf8.ValidString(raw) {
		if text, err := traditionalchinese.Big5.NewDecoder().String(raw); err == nil && !strings.ContainsRune(text, utf8.RuneError) {
			raw = text
		}
	}
	return norm.NFC.String(strings.ReplaceAll(raw, `\`, "/"))
}

// baseOf is the folder, with its slash, that holds the packet: the highest one with a file of a bag's own.
func baseOf(members []named) string {
	base, depth := "", -1
	for _, m := range members {
		dir, name := path.Split(m.path)
		if n := strings.Count(dir, "/"); ownFile(name) && (depth < 0 || n < depth) {
			base, depth = dir, n
		}
	}
	return base
}

// ownNames are the files at the top of a packet.
var ownNames = []string{bagitName, infoName, manifest256Name, manifest512Name, tagManifestName, sealName}

// ownFile reports whether name is that of a file at the top of a packet.
func ownFile(name string) bool { return slices.Contains(ownNames, name) }

// take fills b with the members below base.
func (b *bag) take(members []named, base string, found *findings) {
	taken := map[string]bool{}
	for _, m := range members {
		in, within := strings.CutPrefix(m.path, base)
		if strings.HasSuffix(m.path, "/") {
			continue
		}
		if !within {
			in = outside + m.path
		}
		switch {
		case !m.Mode().IsRegular():
			found.add(Finding{Code: pathLink, File: in, Problem: "neither a file nor a folder"})
			continue
		case taken[in]:
			found.add(Finding{Code: ZIPForm, File: in, Problem: "stands in the ZIP twice"})
			continue
		}
		taken[in] = true
		b.files = append(b.files, bagFile{path: in, size: int64(m.UncompressedSize64), crc: &m.CRC32, open: m.reader})
	}
	slices.SortFunc(b.files, func(x, y bagFile) int { return strings.Compare(x.path, y.path) })
	for _, path := range emptyFolders(members) {
		found.add(emptyFolder(strings.TrimPrefix(path, base)))
	}
}

// emptyFolders lists the folders that hold no file: programs name those of the files, and nothing else.
func emptyFolders(members []named) (list []string) {
	holds := map[string]bool{}
	for _, m := range members {
		for dir := path.Dir(strings.TrimSuffix(m.path, "/")); dir != "." && dir != "/" && !strings.HasSuffix(m.path, "/") && !holds[dir+"/"]; dir = path.Dir(dir) {
			holds[dir+"/"] = true
		}
	}
	for _, m := range members {
		if strings.HasSuffix(m.path, "/") && !holds[m.path] {
			list = append(list, m.path)
		}
	}
	return list
}

// emptyFolder tells of a folder without a file: its name alone would say something that nobody sealed, or lead elsewhere.
func emptyFolder(path string) Finding {
	return Finding{Code: fileAdded, File: path, Problem: "a folder without a file"}
}

// outside begins the path of what lies beside the packet's folder.
const outside = "../"

// beyond refuses what cannot be read here, or would unpack to more than any packet.
func beyond(files []*zip.File, size int64) *Finding {
	var total, packed uint64
	for _, f := range files {
		total += min(f.UncompressedSize64, 2*maxUnpacked) // their sum does not begin again at 0
		packed += min(f.CompressedSize64, 2*maxUnpacked)
		switch {
		case len(f.Name) > maxName:
			return &Finding{Code: zipUnreadable, Problem: fmt.Sprintf("a name of %d bytes", len(f.Name))}
		case f.Flags&1 != 0:
			return &Finding{Code: zipMethod, Problem: nameOf(f) + " is encrypted: unpack the ZIP and check its folder"}
		case f.Method != zip.Store && f.Method != zip.Deflate:
			return &Finding{Code: zipMethod, Problem: fmt.Sprintf("%s is packed by method %d: unpack the ZIP and check its folder", nameOf(f), f.Method)}
		case total > maxUnpacked:
			return &Finding{Code: zipUnreadable, Problem: "unpacks to more than any packet"}
		}
	}
	if packed > uint64(size) {
		return &Finding{Code: zipUnreadable, Problem: "its members lie over each other"}
	}
	if total > freeUnpacked && total/maxRatio > uint64(size) {
		return &Finding{Code: zipUnreadable, Problem: "unpacks to far more than it is"}
	}
	return nil
}

// reader unpacks a member: what is stored is read in place, what is small in memory, the rest from the start again where a check goes back.
func (m named) reader() (readerAt, error) {
	if m.Method == zip.Store {
		raw, err := m.OpenRaw()
		if err != nil {
			return nil, err
		}
		return section{raw.(*io.SectionReader)}, nil
	}
	size := int64(m.UncompressedSize64)
	if size > maxInflated {
		return &inflated{open: m.unpack, size: size}, nil
	}
	r, err := m.unpack()
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(r, size))
	if cerr := r.Close(); err == nil {
		err = cerr
	}
	if damaged(err) {
		err = nil // the file is shorter than it says: its hash tells
	}
	return section{io.NewSectionReader(bytes.NewReader(b), 0, int64(len(b)))}, err
}

func (m named) unpack() (io.ReadCloser, error) {
	raw, err := m.OpenRaw()
	if err != nil {
		return nil, err
	}
	return flate.NewReader(raw), nil
}

// damaged reports whether err is the fault of what was unpacked, not of the disk.
func damaged(err error) bool {
	_, corrupt := errors.AsType[flate.CorruptInputError](err)
	return corrupt || errors.Is(err, io.ErrUnexpectedEOF)
}

// inflated reads a packed member at any place, forward without effort.
type inflated struct {
	open func() (io.ReadCloser, error)
	size int64
	r    io.ReadCloser
	at   int64
}

// ReadAt implements io.ReaderAt for one goroutine.
func (f *inflated) ReadAt(p []byte, off int64) (int, error) {
	if f.r == nil || off < f.at {
		if err := f.Close(); err != nil {
			return 0, err
		}
		r, err := f.open()
		if err != nil {
			return 0, err
		}
		f.r, f.at = r, 0
	}
	skipped, err := io.CopyN(io.Discard, f.r, off-f.at)
	if f.at += skipped; err != nil {
		return 0, io.EOF
	}
	n, err := io.ReadFull(f.r, p)
	f.at += int64(n)
	if errors.Is(err, io.ErrUnexpectedEOF) || damaged(err) {
		err = io.EOF
	}
	return n, err
}

// Close implements io.Closer.
func (f *inflated) Close() error {
	if f.r == nil {
		return nil
	}
	err := f.r.Close()
	if f.r = nil; damaged(err) {
		return nil
	}
	return err
}

// describe says for an expert how the ZIP differs from the one that follows from its contents.
func describe(z *zip.Reader, members []named, base string) string {
	var packed, folders, described, renamed int
	for i, f := range z.File {
		packed += count(f.Method == zip.Deflate)
		folders += count(strings.HasSuffix(members[i].path, "/"))
		described += count(f.Flags&flagDescriptor != 0)
		renamed += count(f.Name != members[i].path)
	}
	words := []string{fmt.Sprintf("%d members", len(z.File))}
	for _, n := range []struct {
		n    int
		what string
	}{{packed, "compressed"}, {folders, "folders"}, {described, "with sizes behind their bytes"}, {renamed, "with names in another form"}} {
		if n.n > 0 {
			words = append(words, fmt.Sprintf("%d %s", n.n, n.what))
		}
	}
	if z.Comment != "" {
		words = append(words, fmt.Sprintf("a comment of %d bytes", len(z.Comment)))
	}
	return strings.Join(append(words, fmt.Sprintf("packet in folder %q", base)), ", ")
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}

const flagDescriptor = 1 << 3

// tiles walks the ZIP from its first byte to its directory: local header, bytes, descriptor, member after member, each as the directory
// describes it.
func tiles(r io.ReaderAt, size int64, z *zip.Reader) (found []Finding) {
	order := slices.Clone(z.File)
	start := map[*zip.File]int64{}
	for _, f := range order {
		at, err := f.DataOffset()
		if err != nil {
			return []Finding{{Code: ZIPForm, File: nameOf(f), Problem: err.Error()}}
		}
		start[f] = at
	}
	slices.SortFunc(order, func(a, b *zip.File) int { return cmp.Compare(start[a], start[b]) })
	if b := make([]byte, 4); readAt(r, b, 0) != nil || le.Uint32(b) != localSignature {
		return []Finding{{Code: ZIPForm, Problem: "bytes that belong to no file stand before the first"}}
	}
	at := int64(0)
	for _, f := range order {
		next, err := tile(r, at, start[f], f)
		if err != nil {
			return append(found, Finding{Code: ZIPForm, File: nameOf(f), Problem: err.Error()})
		}
		at = next
	}
	if err := directoryAt(r, at, size, len(z.Comment), len(order)); err != nil {
		found = append(found, Finding{Code: ZIPForm, Problem: err.Error()})
	}
	return found
}

var errTwoWays = errors.New("is described in two ways")

// readingFlags are those by which a reader goes: encrypted, sizes behind the bytes, names in UTF-8.
const readingFlags = 1 | flagDescriptor | flagUTF8

// renames reports whether an extra field gives a member a name that the one in its header does not stand for: some programs show the one, some the other.
// What the header's code page has no letters for stands there as ? or _, or in another code page.
func renames(extra []byte, raw string) bool {
	said := unicodePath(raw, extra)
	plain := strings.IndexFunc(raw, func(r rune) bool { return r > unicode.MaxASCII }) < 0
	switch {
	case said == "":
		return false
	case utf8.ValidString(raw) && !plain:
		return memberName(raw) != memberName(said)
	}
	return skeleton(memberName(raw)) != skeleton(said)
}

// skeleton is what every code page has of a name.
func skeleton(name string) string {
	return strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII || r == '?' || r == '_' {
			return -1
		}
		return r
	}, name)
}

// tile checks the member f, whose local header must stand at at, and gives where the next must begin.
func tile(r io.ReaderAt, at, start int64, f *zip.File) (next int64, err error) {
	h := make([]byte, localLen)
	if err := readAt(r, h, at); err != nil || le.Uint32(h) != localSignature {
		return 0, errors.New("bytes that belong to no file stand before it")
	}
	name := make([]byte, le.Uint16(h[26:]))
	if err := readAt(r, name, at+localLen); err != nil || string(name) != f.Name {
		return 0, fmt.Errorf("is called %q in its local header", name)
	}
	extra := make([]byte, le.Uint16(h[28:]))
	if at+localLen+int64(len(name)+len(extra)) != start || le.Uint16(h[8:]) != f.Method || (le.Uint16(h[6:])^f.Flags)&readingFlags != 0 {
		return 0, errTwoWays
	}
	if err := readAt(r, extra, at+localLen+int64(len(name))); err != nil || renames(extra, f.Name) || renames(f.Extra, f.Name) {
		return 0, errors.New("has another name in an extra field, which some programs follow")
	}
	if here := unicodePath(f.Name, extra); here != "" && here != unicodePath(f.Name, f.Extra) {
		return 0, fmt.Errorf("is called %q in its local header", here)
	}
	next = start + int64(f.CompressedSize64)
	if f.Flags&flagDescriptor == 0 {
		if le.Uint32(h[14:]) != f.CRC32 || !fitsField(h[18:], f.CompressedSize64) || !fitsField(h[22:], f.UncompressedSize64) {
			return 0, errTwoWays
		}
		return next, nil
	}
	return descriptorEnd(r, next, f)
}

// fitsField compares a size with its field of 32 bits, which is full where ZIP64 holds the size.
func fitsField(b []byte, n uint64) bool {
	return le.Uint32(b) == low(int64(n)) || le.Uint32(b) == low(1<<62)
}

// descriptorEnd reads the descriptor behind the bytes of f, of which there are four forms (APPNOTE.TXT 4.3.9), and gives its end.
func descriptorEnd(r io.ReaderAt, at int64, f *zip.File) (int64, error) {
	const signature = 0x08074b50
	b := make([]byte, 24)
	n, _ := r.ReadAt(b, at)
	skip := 0
	if n >= 4 && le.Uint32(b) == signature {
		skip = 4
	}
	if n >= skip+20 && le.Uint32(b[skip:]) == f.CRC32 && le.Uint64(b[skip+4:]) == f.CompressedSize64 && le.Uint64(b[skip+12:]) == f.UncompressedSize64 {
		return at + int64(skip) + 20, nil
	}
	if n >= skip+12 && le.Uint32(b[skip:]) == f.CRC32 && uint64(le.Uint32(b[skip+4:])) == f.CompressedSize64 && uint64(le.Uint32(b[skip+8:])) == f.UncompressedSize64 {
		return at + int64(skip) + 12, nil
	}
	return 0, errTwoWays
}

// directoryAt checks that the directory begins at at, and that behind it there is the end of the ZIP with its comment, and no more.
func directoryAt(r io.ReaderAt, at, size int64, comment, records int) error {
	head := make([]byte, centralLen)
	for range records {
		if err := readAt(r, head, at); err != nil || le.Uint32(head) != centralSignature {
			return errors.New("bytes that belong to no file stand before the directory")
		}
		at += centralLen + int64(le.Uint16(head[28:])) + int64(le.Uint16(head[30:])) + int64(le.Uint16(head[32:]))
	}
	end := size - endLen - int64(comment)
	if at != end && at != end-end64Len-locatorLen {
		return errors.New("bytes that belong to no file stand behind the directory")
	}
	return nil
}
