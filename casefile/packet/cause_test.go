package packet

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"crypto/x509"
	"hash/crc32"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/unicode/norm"

	"yuzheng/casefile/stamp"
)

// whole is a packet with every kind of file: exhibits, papers, the lists of targets, a web archive, a time stamp of a real authority.
func whole(t *testing.T) (files map[string][]byte, o Options) {
	t.Helper()
	archive, err := os.ReadFile("testdata/small.wacz") // of package wacz's own tests
	if err != nil {
		t.Fatal(err)
	}
	s := newSample(t)
	s.admit("W0004", map[string][]byte{"archive.wacz": archive, "downloads/réponse.txt": []byte("é")})
	s.render(map[string][]byte{
		"02_附表一_扣押標的.json":  []byte(`[{"name":"vip.example","scope":"exact","exhibits":["W0001"]}]`),
		"02_附表一_扣押標的.csv":   []byte("編號,網域名稱,範圍\n1,vip.example,僅本名\n"),
		"06_執行/domains.csv": []byte("網域名稱,範圍\nvip.example,僅本名\n"),
		"06_執行/rpz.zone":    []byte("$TTL 60\nvip.example IN CNAME sinkhole.example.\n"),
		"03_證據清單.csv":       []byte("編號,名稱\nW0001,網頁\n"),
	})
	p := s.packet(map[string]string{"W0001/cookies.json": "連線憑證"})
	reply, root := stampedBy(t, p.Seal)
	p.Stamps[0].Reply = reply
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(root)
	o = Options{Stamp: func(message, reply []byte) (StampInfo, error) {
		info, err := stamp.Verify(message, reply, roots)
		return StampInfo{Time: info.Time, Signer: info.Signer, Trusted: info.Trusted, Until: info.Until}, err
	}, Now: func() time.Time { return start.Add(24 * time.Hour) }}
	return contents(t, write(t, p)), o
}

// asFolder lays files out as an unpacked packet.
func asFolder(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for path, b := range files {
		name := filepath.Join(dir, sampleName, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func verifyFolder(t *testing.T, dir string, o Options) *Report {
	t.Helper()
	r, err := Verify(context.Background(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestCauses flips a bit in every file of an unpacked packet, where no checksum of a ZIP helps, at many places: there is one
// finding, and it names the file. Only a bit of the time stamp's own spare bytes can hide behind its line in the tag manifest.
func TestCauses(t *testing.T) {
	files, o := whole(t)
	dir := asFolder(t, files)
	if r := verifyFolder(t, dir, o); !r.Good() || len(r.Notes)+len(r.Unchecked) != 0 {
		t.Fatalf("a good folder: %+v", r)
	}
	flips, follow := 0, 0
	for _, path := range slices.Sorted(maps.Keys(files)) {
		name := filepath.Join(dir, sampleName, filepath.FromSlash(path))
		step := max(1, len(files[path])/60)
		for i := 0; i < len(files[path]); i += step {
			spoiled := bytes.Clone(files[path])
			spoiled[i] ^= 1 << (i % 8)
			if err := os.WriteFile(name, spoiled, 0o600); err != nil {
				t.Fatal(err)
			}
			r := verifyFolder(t, dir, o)
			if len(r.Findings) != 1 || r.Findings[0].File != path {
				t.Errorf("byte %d of %s: %+v", i, path, r.Findings)
			}
			flips, follow = flips+1, follow+r.Following()
		}
		if err := os.WriteFile(name, files[path], 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if flips < 500 || follow < 2*flips {
		t.Errorf("%d flips with %d consequences", flips, follow)
	}
}

// TestSeveralCauses names each of several wrong files, and none that is right.
func TestSeveralCauses(t *testing.T) {
	files, o := whole(t)
	cases := map[string]func(f map[string][]byte) []string{
		"three exhibits": func(f map[string][]byte) []string {
			bad := []string{"data/證物/W0001/dom.html", "data/證物/W0001/text.txt", "data/證物/W0002/text.txt"}
			for _, path := range bad {
				f[path] = append(f[path], 'x')
			}
			return bad
		},
		"every exhibit and the log": func(f map[string][]byte) []string {
			bad := []string{"data/07_監管鏈/custody.jsonl"}
			f[bad[0]] = bytes.Replace(f[bad[0]], []byte("王"), []byte("林"), 1)
			for path := range f {
				if strings.HasPrefix(path, "data/證物/") {
					f[path] = append(f[path], 'x')
					bad = append(bad, path)
				}
			}
			return bad
		},
		"a file and both manifests": func(f map[string][]byte) []string {
			bad := []string{"data/證物/W0001/text.txt", manifest256Name, manifest512Name}
			for _, path := range bad {
				f[path] = append(f[path], 'x')
			}
			return bad
		},
		"one removed, one added": func(f map[string][]byte) []string {
			delete(f, "data/01_聲請書.pdf")
			f["data/附言.txt"] = []byte("x")
			return []string{"data/01_聲請書.pdf", "data/附言.txt"}
		},
		"one renamed": func(f map[string][]byte) []string {
			f["data/聲請書定稿.pdf"] = f["data/01_聲請書.pdf"]
			delete(f, "data/01_聲請書.pdf")
			return []string{"data/01_聲請書.pdf"}
		},
		"the seal removed":  func(f map[string][]byte) []string { delete(f, sealName); return []string{sealName} },
		"bagit.txt removed": func(f map[string][]byte) []string { delete(f, bagitName); return []string{bagitName} },
	}
	for name, spoil := range cases {
		f := maps.Clone(files)
		for path := range f {
			f[path] = bytes.Clone(f[path])
		}
		want := spoil(f)
		var got []string
		for _, c := range verifyFolder(t, asFolder(t, f), o).Findings {
			got = append(got, c.File)
		}
		slices.Sort(want)
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// systemFiles are what systems and editors leave beside a packet: how each begins.
var systemFiles = map[string]string{
	".DS_Store":                       "\x00\x00\x00\x01Bud1\x00\x00\x10\x00",
	"data/.DS_Store":                  "\x00\x00\x00\x01Bud1\x00\x00\x10\x00",
	"data/._01_聲請書.pdf":               "\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        ",
	"data/證物/W0001/Thumbs.db":         "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600),
	"data/desktop.ini":                "[.ShellClassInfo]\r\nIconResource=x\r\n",
	"data/03/desktop.ini":             "\xff\xfe\r\x00\n\x00[\x00.\x00",
	"data/~$_聲請書.docx":                "\x03abc" + strings.Repeat(" ", 158),
	"data/.~lock.01_聲請書.odt#":         ",clerk,PC,23.11.2026 10:00,file:///C:/x;",
	"data/01_聲請書.pdf:Zone.Identifier": "[ZoneTransfer]\r\nZoneId=3\r\n",
	"../__MACOSX/X01/._bagit.txt":     "\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        ",
}

// TestSystemFiles lays down what systems leave: each is named for what it is, and nothing else is accused.
func TestSystemFiles(t *testing.T) {
	files, o := whole(t)
	dir := asFolder(t, files)
	for path, text := range systemFiles {
		if strings.HasPrefix(path, outside) {
			continue
		}
		name := filepath.Join(dir, sampleName, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r := verifyFolder(t, dir, o)
	if !r.Good() || len(r.Notes) != len(systemFiles)-1 {
		t.Fatalf("%d notes, want %d\n%+v\n%+v", len(r.Notes), len(systemFiles)-1, r.Notes, r.Findings)
	}
	for _, n := range r.Notes {
		if _, ours := systemFiles[n.File]; n.Code != SystemFile || !ours {
			t.Errorf("%+v", n)
		}
	}
	if r.Files != len(files) {
		t.Errorf("%d files of the packet, want %d", r.Files, len(files))
	}
}

// TestDecomposed keeps a folder on a file system that stores names decomposed: contents are equal, and the form is noted.
func TestDecomposed(t *testing.T) {
	files, o := whole(t)
	dir := asFolder(t, files)
	name := filepath.Join(dir, sampleName, "data", "證物", "W0004", "downloads", "réponse.txt")
	other := filepath.Join(filepath.Dir(name), norm.NFD.String("réponse.txt"))
	if err := os.Rename(name, other); err != nil {
		t.Fatal(err)
	}
	if r := verifyFolder(t, dir, o); !r.Good() || len(r.Notes) != 1 || r.Notes[0].Code != namesForm {
		t.Errorf("%+v %+v", r.Notes, r.Findings)
	}
	if err := os.WriteFile(name, []byte("é"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := verifyFolder(t, dir, o); r.Good() {
		t.Error("one name in two forms is two files")
	}
}

// TestNotSystemFiles has files that only bear such a name, or are evidence: a page offers a desktop.ini for download.
func TestNotSystemFiles(t *testing.T) {
	files, o := whole(t)
	for path, text := range map[string]string{
		"data/.DS_Store": "%PDF-1.7", "data/Thumbs.db": "MZ", "data/desktop.ini": "聲請駁回", "data/~$x.docx": "PK\x03\x04", "data/._x": "hello",
	} {
		f := maps.Clone(files)
		f[path] = []byte(text)
		if r := verifyFolder(t, asFolder(t, f), o); len(r.Findings) != 1 || r.Findings[0].Code != fileAdded || r.Findings[0].File != path {
			t.Errorf("%s: %+v", path, r.Findings)
		}
	}
	s := newSample(t)
	s.admit("W0003", map[string][]byte{"downloads/desktop.ini": []byte("[.ShellClassInfo]\r\n")})
	b := write(t, s.packet(nil))
	if r := verifyBytes(t, b); !r.Good() || len(r.Notes) != 0 {
		t.Errorf("a download: %+v", r)
	}
	f := contents(t, b)
	delete(f, "data/證物/W0003/downloads/desktop.ini")
	if r := verifyBytes(t, plain(t, f)); len(r.Findings) != 1 || r.Findings[0].Code != exhibitMissing {
		t.Errorf("a download taken away: %+v", r.Findings)
	}
}

// packing is how a program packs a folder.
type packing struct {
	method  uint16
	folder  string              // in front of the packet's own
	name    func(string) string // how it writes names
	folders bool                // a member for each folder
	comment string
	extra   []byte
	more    map[string]string // members beside the packet's
	order   func(a, b string) int
	plain   bool // sizes before the bytes, as 7-Zip writes them
}

var packings = map[string]packing{
	"deflate":              {method: zip.Deflate},
	"stored":               {method: zip.Store},
	"7-Zip, with folders":  {method: zip.Deflate, folders: true, plain: true},
	"in another folder":    {method: zip.Deflate, folder: "下載/新增資料夾/", folders: true},
	"without a folder":     {method: zip.Deflate, name: func(s string) string { return strings.TrimPrefix(s, sampleName+"/") }},
	"Explorer, in Big5":    {method: zip.Deflate, name: big5, plain: true},
	"Explorer, UTF-8":      {method: zip.Deflate, plain: true, extra: []byte{0x0a, 0, 4, 0, 0, 0, 0, 0}},
	"PowerShell":           {method: zip.Deflate, name: func(s string) string { return strings.ReplaceAll(s, "/", `\`) }},
	"macOS":                {method: zip.Deflate, name: norm.NFD.String, folders: true, more: map[string]string{"__MACOSX/" + sampleName + "/._bagit.txt": "\x00\x05\x16\x07\x00\x02\x00\x00", sampleName + "/.DS_Store": "\x00\x00\x00\x01Bud1"}},
	"a comment":            {method: zip.Store, comment: "by the clerk"},
	"times and attributes": {method: zip.Store, extra: []byte{0x55, 0x54, 5, 0, 1, 0, 0, 0, 0}},
	"another order":        {method: zip.Deflate, order: func(a, b string) int { return strings.Compare(b, a) }},
}

func big5(s string) string {
	text, err := traditionalchinese.Big5.NewEncoder().String(s)
	if err != nil || utf8.ValidString(text) && text != s {
		return s
	}
	return text
}

// pack writes files as that program would.
func (p packing) pack(t *testing.T, files map[string][]byte) []byte {
	t.Helper()
	all := map[string][]byte{}
	for path, b := range files {
		all[p.folder+sampleName+"/"+path] = b
	}
	for path, text := range p.more {
		all[path] = []byte(text)
	}
	names := slices.Sorted(maps.Keys(all))
	if p.order != nil {
		slices.SortFunc(names, p.order)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	add := func(h *zip.FileHeader, b []byte) {
		h.Modified = time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
		h.Extra = p.extra
		var err error
		if p.plain {
			err = addPlain(w, h, b)
		} else if f, cerr := w.CreateHeader(h); cerr == nil {
			_, err = f.Write(b)
		} else {
			err = cerr
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	made := map[string]bool{}
	for _, name := range names {
		for at := range name {
			if p.folders && name[at] == '/' && !made[name[:at]] {
				made[name[:at]] = true
				add(&zip.FileHeader{Name: name[:at+1]}, nil)
			}
		}
		written := name
		if p.name != nil {
			written = p.name(name)
		}
		add(&zip.FileHeader{Name: written, Method: p.method, NonUTF8: !utf8.ValidString(written)}, all[name])
	}
	if err := w.SetComment(p.comment); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// addPlain writes sizes and checksum into the local header.
func addPlain(w *zip.Writer, h *zip.FileHeader, b []byte) error {
	packed, err := deflated(h.Method, b)
	if err != nil {
		return err
	}
	h.CRC32, h.CompressedSize64, h.UncompressedSize64 = crcOf(b), uint64(len(packed)), uint64(len(b))
	f, err := w.CreateRaw(h)
	if err == nil {
		_, err = f.Write(packed)
	}
	return err
}

// TestPackedAgain packs a good packet as other programs do: its contents are found equal, and that it is another ZIP is said.
func TestPackedAgain(t *testing.T) {
	files, o := whole(t)
	for name, p := range packings {
		r := verifyOther(t, p.pack(t, files), o)
		repacked := slices.ContainsFunc(r.Notes, func(f Finding) bool { return f.Code == ZIPRepacked })
		if !r.Good() || !repacked || len(r.Notes) != 1+len(p.more) || r.Files != len(files) || len(r.Exhibits) != 3 {
			t.Errorf("%s: %+v\n%+v", name, r.Notes, r.Findings)
		}
	}
	ours := forge(t, maps.Clone(files))
	if r := verifyOther(t, comment(ours), o); !r.Good() || len(r.Notes) != 1 {
		t.Errorf("this program's own with a comment: %+v %+v", r.Notes, r.Findings)
	}
}

func verifyOther(t *testing.T, b []byte, o Options) *Report {
	t.Helper()
	r, err := VerifyZIP(context.Background(), bytes.NewReader(b), int64(len(b)), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestPackedAgainAndSpoiled changes a file before it is packed again, and the ZIP after: one cause, in the file.
func TestPackedAgainAndSpoiled(t *testing.T) {
	files, o := whole(t)
	const path = "data/證物/W0001/text.txt"
	for name, p := range packings {
		f := maps.Clone(files)
		f[path] = append(bytes.Clone(f[path]), 'x')
		if r := verifyOther(t, p.pack(t, f), o); len(r.Findings) != 1 || r.Findings[0].File != path || r.Findings[0].Code != exhibitChanged {
			t.Errorf("%s: %+v", name, r.Findings)
		}
		f = maps.Clone(files)
		f["data/x"] = []byte("x")
		if r := verifyOther(t, p.pack(t, f), o); len(r.Findings) != 1 || r.Findings[0].File != "data/x" {
			t.Errorf("%s, a file more: %+v", name, r.Findings)
		}
	}
	b := packings["deflate"].pack(t, files)
	members, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range members.File {
		at, err := m.DataOffset()
		if err != nil {
			t.Fatal(err)
		}
		spoiled := bytes.Clone(b)
		spoiled[at+int64(m.CompressedSize64)/2] ^= 4
		if bytes.Equal(unpacked(t, spoiled)[m.Name], unpacked(t, b)[m.Name]) {
			continue // a bit that no reader looks at
		}
		if r := verifyOther(t, spoiled, o); len(r.Findings) != 1 || r.Findings[0].File != inBag(m.Name) {
			t.Errorf("a bit in the packed %s: %+v", m.Name, r.Findings)
		}
	}
	for where, junk := range map[string][]byte{"before": append([]byte("MZ"), b...), "behind": append(bytes.Clone(b), "junk"...)} {
		if r := verifyOther(t, junk, o); len(r.Findings) != 1 || r.Findings[0].Code != ZIPForm || r.Findings[0].File != "" {
			t.Errorf("junk %s: %+v", where, r.Findings)
		}
	}
	cover := packing{method: zip.Deflate, more: map[string]string{"公文.pdf": "%PDF"}}
	if r := verifyOther(t, cover.pack(t, files), o); len(r.Findings) != 1 || r.Findings[0].File != "../公文.pdf" {
		t.Errorf("a letter beside: %+v", r.Findings)
	}
}

// TestNotRead has ZIPs that this program does not open: nothing is said of their contents.
func TestNotRead(t *testing.T) {
	files, o := whole(t)
	b := packings["stored"].pack(t, files)
	for name, spoil := range map[string]func(record []byte){
		"encrypted":      func(r []byte) { r[8] |= 1 },
		"another method": func(r []byte) { r[10] = 14 },
	} {
		other := bytes.Clone(b)
		for at := bytes.Index(other, []byte("PK\x01\x02")); at >= 0; {
			spoil(other[at:])
			next := bytes.Index(other[at+4:], []byte("PK\x01\x02"))
			if next < 0 {
				break
			}
			at += 4 + next
		}
		if r := verifyOther(t, other, o); !r.Absent() || r.Findings[0].Code != zipMethod || r.Good() {
			t.Errorf("%s: %+v", name, r.Findings)
		}
	}
}

// TestNoPacket says so once, and points to a ZIP that lies there.
func TestNoPacket(t *testing.T) {
	_, o := whole(t)
	dir := t.TempDir()
	if r := verifyFolder(t, dir, o); len(r.Findings) != 1 || r.Findings[0].Code != PacketAbsent {
		t.Errorf("an empty folder: %+v", r.Findings)
	}
	if err := os.WriteFile(filepath.Join(dir, "X01.zip"), good(t), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := verifyFolder(t, dir, o); len(r.Findings) != 1 || r.Findings[0].Code != PacketAbsent || r.Findings[0].Got != "X01.zip" {
		t.Errorf("a ZIP not unpacked: %+v", r.Findings)
	}
}

// TestNoPacketFile tells files that never were packets from packets that are damaged, however little is left of those.
func TestNoPacketFile(t *testing.T) {
	_, o := whole(t)
	var other bytes.Buffer
	z := zip.NewWriter(&other)
	if w, err := z.Create("folder/letter.txt"); err != nil {
		t.Fatal(err)
	} else if _, err := w.Write([]byte("bagit.txt")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	half := good(t)
	for name, try := range map[string]struct {
		bytes []byte
		none  bool
	}{
		"nothing": {nil, true}, "a text": {[]byte("a letter that names data/custody/entries.jsonl\n"), true},
		"a ZIP of something else": {other.Bytes(), true}, "a ZIP of something else, cut": {other.Bytes()[:40], true},
		"a packet without its end": {half[:len(half)/2], false}, "a packet without its beginning": {half[len(half)/2:], false},
		"a packet without its first byte": {half[1:], false},
	} {
		r, err := VerifyZIP(t.Context(), bytes.NewReader(try.bytes), int64(len(try.bytes)), o)
		if err != nil || r.Absent() != try.none || r.Good() {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

func crcOf(b []byte) uint32 { return crc32.ChecksumIEEE(b) }

func deflated(method uint16, b []byte) ([]byte, error) {
	if method == zip.Store {
		return b, nil
	}
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.DefaultCompression)
	if err == nil {
		_, err = w.Write(b)
	}
	if err == nil {
		err = w.Close()
	}
	return out.Bytes(), err
}

// unpacked reads what another reader gets out of a ZIP, as far as it gets.
func unpacked(t *testing.T, b []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, m := range z.File {
		if r, err := m.Open(); err == nil {
			all[m.Name], _ = io.ReadAll(r)
		}
	}
	return all
}
