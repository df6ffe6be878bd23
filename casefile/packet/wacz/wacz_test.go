package wacz

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

// made is a small WACZ in parts, so that a test can change one and leave the rest as it is.
type made struct {
	block   string // of the one response
	payload string // what the record says of it
	line    string // of the index; %[1]d is the offset, %[2]d the length
	folder  string // of the WARC
	extra   map[string]string
	unlist  string
	repeat  string
}

const body = "<p>保證獲利</p>"

func sound() made {
	return made{
		folder:  "archive/",
		block:   "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body,
		payload: sum(body),
		line:    `example,a)/ 20261123120000 {"url":"https://a.example/","digest":"` + sum(body) + `","mime":"text/html","filename":"data.warc.gz","offset":"%[1]d","length":"%[2]d","status":"200"}` + "\n",
	}
}

func sum(s string) string {
	h := sha256.Sum256([]byte(s))
	return "sha256:" + hex.EncodeToString(h[:])
}

func member(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func (m made) record(kind, block string) string {
	return fmt.Sprintf("WARC/1.1\r\nWARC-Type: %s\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2026-11-23T12:00:00Z\r\nWARC-Target-URI: https://a.example/\r\n"+
		"WARC-Payload-Digest: %s\r\nWARC-Block-Digest: %s\r\nContent-Type: application/http\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n",
		kind, m.payload, sum(block), len(block), block)
}

// bytes puts the parts together; every hash is that of what is there.
func (m made) bytes(t testing.TB) []byte {
	t.Helper()
	info := member(t, "WARC/1.1\r\nWARC-Type: warcinfo\r\nWARC-Date: 2026-11-23T12:00:00Z\r\nWARC-Block-Digest: "+sum("software: x\r\n")+
		"\r\nContent-Type: application/warc-fields\r\nContent-Length: 13\r\n\r\nsoftware: x\r\n\r\n\r\n")
	response := member(t, m.record("response", m.block))
	files := [][2]string{
		{m.folder + "data.warc.gz", info + response},
		{"indexes/index.cdx", fmt.Sprintf(m.line, len(info), len(response))},
		{"pages/pages.jsonl", `{"format":"json-pages-1.0","id":"pages"}` + "\n" + `{"url":"https://a.example/","ts":"2026-11-23T12:00:00Z"}` + "\n"},
	}
	for name, text := range m.extra {
		files = append(files, [2]string{name, text})
	}
	var listed []string
	for _, f := range files {
		if f[0] != m.unlist {
			listed = append(listed, fmt.Sprintf(`{"name":"x","path":%q,"hash":%q,"bytes":%d}`, f[0], sum(f[1]), len(f[1])))
		}
	}
	description := `{"profile":"data-package","wacz_version":"1.1.1","resources":[` + strings.Join(listed, ",") + `]}`
	files = append(files, [2]string{packageName, description}, [2]string{digestName, fmt.Sprintf(`{"path":"datapackage.json","hash":%q}`, sum(description))})
	if m.repeat != "" {
		files = append(files, [2]string{m.repeat, "again"})
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f[0], Method: zip.Store, Modified: time.Unix(0, 0).UTC()})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, f[1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func verify(t *testing.T, b []byte) []Finding {
	t.Helper()
	list, err := Verify(t.Context(), bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestSoundIsSound(t *testing.T) {
	for _, f := range verify(t, sound().bytes(t)) {
		t.Error(f)
	}
}

// Each lie is found although everything around it was hashed anew.
func TestLiesAreFound(t *testing.T) {
	for name, change := range map[string]struct {
		make func(*made)
		want string
	}{
		"body changed":       {func(m *made) { m.block = strings.Replace(m.block, "獲利", "賠錢", 1) }, "payload digest"},
		"digest of another":  {func(m *made) { m.payload = sum("other") }, "payload digest"},
		"offset":             {func(m *made) { m.line = strings.Replace(m.line, `"%[1]d"`, `"1%[1]d"`, 1) }, "leads to no record"},
		"length":             {func(m *made) { m.line = strings.Replace(m.line, `length":"%[2]d"`, `length":"1%[2]d"`, 1) }, "another length"},
		"address":            {func(m *made) { m.line = strings.Replace(m.line, "//a.example", "//b.example", 1) }, "another address"},
		"time":               {func(m *made) { m.line = strings.Replace(m.line, "20261123", "20261124", 1) }, "another time"},
		"status":             {func(m *made) { m.line = strings.Replace(m.line, `"200"`, `"404"`, 1) }, "another status"},
		"index digest":       {func(m *made) { m.line = strings.Replace(m.line, sum(body), sum("x"), 1) }, "another digest"},
		"no index":           {func(m *made) { m.line = "%[1]d %[2]d\n" }, "0 times in the index"},
		"indexed twice":      {func(m *made) { m.line += m.line }, "2 times in the index"},
		"order":              {func(m *made) { m.line += "a 20261123120000 {}\n" }, "out of order"},
		"unlisted":           {func(m *made) { m.extra, m.unlist = map[string]string{"notes.txt": "x"}, "notes.txt" }, "not listed"},
		"no archive":         {func(m *made) { m.folder = "elsewhere/" }, "holds no archive"},
		"name twice":         {func(m *made) { m.repeat = "indexes/index.cdx" }, "twice"},
		"another archive":    {func(m *made) { m.extra = map[string]string{"archive/more.warc.gz": "no gzip"} }, "damaged"},
		"unreadable archive": {func(m *made) { m.extra = map[string]string{"archive/more.warc": "WARC/1.1"} }, "no stored"},
		"body longer":        {func(m *made) { m.block += "\r\nContent-Length: 0" }, "payload digest"},
	} {
		m := sound()
		change.make(&m)
		list := verify(t, m.bytes(t))
		if text := fmt.Sprint(list); !strings.Contains(text, change.want) {
			t.Errorf("%s: found %s, want %q", name, text, change.want)
		}
	}
}

// Every shorter file, every longer one and every flipped bit is found.
func TestDamageIsFound(t *testing.T) {
	whole := sound().bytes(t)
	for n := range whole {
		if len(verify(t, whole[:n])) == 0 {
			t.Errorf("%d of %d bytes are called whole", n, len(whole))
		}
	}
	for _, b := range [][]byte{append(bytes.Clone(whole), 0), append([]byte{0}, whole...), append(bytes.Clone(whole), whole...)} {
		if len(verify(t, b)) == 0 {
			t.Error("bytes around the ZIP are not found")
		}
	}
	for i := range whole {
		bit := byte(1) << (i % 8)
		whole[i] ^= bit
		if len(verify(t, whole)) == 0 {
			t.Errorf("byte %d changed by %#x: nothing found", i, bit)
		}
		whole[i] ^= bit
	}
}

// TestArchiveZipSeesLess holds the reason for a reader of our own: bits that archive/zip reads over, comparing all that it tells, and bytes before
// the ZIP that it passes over. Where that has come to an end, it can take the place of zip.go.
func TestArchiveZipSeesLess(t *testing.T) {
	whole := sound().bytes(t)
	want := byArchiveZip(whole)
	if byArchiveZip(append([]byte("before"), whole...)) == "" || byArchiveZip(append(bytes.Clone(whole), whole...)) == "" {
		t.Error("archive/zip sees what stands before a ZIP")
	}
	unseen := 0
	for i := range whole {
		whole[i] ^= 1
		if byArchiveZip(whole) == want {
			unseen++
		}
		whole[i] ^= 1
	}
	t.Logf("the last bit of %d of %d bytes can be another without archive/zip telling", unseen, len(whole))
	if unseen == 0 {
		t.Error("archive/zip sees every changed bit")
	}
}

// byArchiveZip is all that archive/zip tells of a ZIP, but for where in the file its members stand; "" where it refuses it.
func byArchiveZip(b []byte) string {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return ""
	}
	told := z.Comment
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return ""
		}
		content, err := io.ReadAll(r)
		if err = errors.Join(err, r.Close()); err != nil {
			return ""
		}
		told += fmt.Sprintf("%+v %s", f.FileHeader, content)
	}
	return told
}

type failing struct {
	io.ReaderAt
	from int64
}

var errDisk = errors.New("disk")

func (f failing) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > f.from {
		return 0, errDisk
	}
	return f.ReaderAt.ReadAt(p, off)
}

// What cannot be read is an error of the machine, not a finding against the evidence.
func TestReadingFails(t *testing.T) {
	b := sound().bytes(t)
	if _, err := Verify(t.Context(), failing{bytes.NewReader(b), 100}, int64(len(b))); !errors.Is(err, errDisk) {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Verify(ctx, bytes.NewReader(b), int64(len(b))); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func FuzzVerify(f *testing.F) {
	f.Add(sound().bytes(f))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := Verify(t.Context(), bytes.NewReader(b), int64(len(b))); err != nil {
			t.Error(err)
		}
	})
}

// TestUnpacksToMore: what is packed to fill whoever unpacks it is told as that, once it has used up what it may; the same within it is not.
func TestUnpacksToMore(t *testing.T) {
	m := sound()
	var packed bytes.Buffer
	g := gzip.NewWriter(&packed)
	if _, err := g.Write(bytes.Repeat([]byte(strings.Repeat("a", 1<<20)+"\n"), 3)); err != nil {
		t.Fatal(err)
	}
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	m.extra = map[string]string{"indexes/more.cdx.gz": packed.String()}
	b := m.bytes(t)
	for left, told := range map[int64]bool{2 << 20: true, 64 << 20: false} {
		c := &check{src: &source{ctx: t.Context(), r: bytes.NewReader(b)}, left: left}
		c.run(int64(len(b)))
		if strings.Contains(fmt.Sprint(c.findings), errUnpacked.Error()) != told {
			t.Errorf("%d bytes may be unpacked: %.500s", left, fmt.Sprint(c.findings))
		}
	}
}
