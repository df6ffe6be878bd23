package app

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"math/big"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"slices"
	"strings"
	"testing"
	"time"

	"yuzheng/capture/intake"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
	"yuzheng/casefile/packet"
	"yuzheng/casefile/stamp"
	"yuzheng/casefile/stamp/tsa"
)

// Bounds that no hostile input may pass, on a machine that does other things too. What is measured lies far below.
const (
	hostileMemory = 768 << 20 // bytes of the heap beside the input
	hostileTime   = 90 * time.Second
)

// hostile is one input and the reader that it is for; read gives an error if it took the input for good.
type hostile struct {
	name string
	make func() []byte
	read func([]byte) error
}

// hostileAll has TestHostile read every input; without it every fourth is taken.
var hostileAll = flag.Bool("hostile.all", false, "every input of TestHostile")

// TestHostile gives every reader of bytes that others send what is made to fill the memory or the time of whoever reads it, and measures.
func TestHostile(t *testing.T) {
	good := newForger(t)
	groups := []struct {
		name string
		list []hostile
	}{{"packets", good.packets()}, {"stamps", stamps(t)}, {"lists", lists()}, {"mails", mails()}}
	all := 0
	for _, g := range groups {
		var most, longest spent
		for i, h := range g.list {
			if !*hostileAll && i%4 != 0 {
				continue
			}
			s := measure(t, h)
			if s.memory > most.memory {
				most = s
			}
			if s.time > longest.time {
				longest = s
			}
		}
		all += len(g.list)
		t.Logf("%d %s: most memory %d MiB (%s), longest %.1f s (%s)", len(g.list), g.name, most.memory>>20, most.name, longest.time.Seconds(), longest.name)
	}
	if all < 200 {
		t.Errorf("%d inputs", all)
	}
}

// TestHostileProgram gives the whole program what would have ended it, or filled a screen for hours: it ends with 5 and some pages.
func TestHostileProgram(t *testing.T) {
	f := newForger(t)
	for _, c := range []struct{ name, said, path, text string }{
		{"many", "249000 more of this kind", "manifest-sha256.txt", string(numbered(250_000, strings.Repeat("0", 64)+"  data/%08d\n"))},
		{"nested", "nested deeper than 32 elements", "seal.tsr", string(filled("\x30\x80", 1<<20))},
		{"long", "longer than such a file may be", "seal.txt", string(filled("a\n", 1<<20))},
	} {
		file := filepath.Join(t.TempDir(), c.name+".zip")
		if err := os.WriteFile(file, f.with(zip.Store, map[string][]byte{c.path: []byte(c.text)}), 0o600); err != nil {
			t.Fatal(err)
		}
		run := exec.Command(os.Args[0], "verify", file)
		run.Args[0] = "yuzheng" // testscript.Main runs the program under its name
		run.Env = append(os.Environ(), "YUZHENG_LANG=en")
		out, err := run.CombinedOutput()
		if run.ProcessState == nil || run.ProcessState.ExitCode() != 5 {
			t.Errorf("%s: %v\n%.2000s", c.name, err, out)
		}
		if lines := bytes.Count(out, []byte("\n")); lines > 6*5000 || !bytes.Contains(out, []byte(c.said)) {
			t.Errorf("%s: %d lines, %.3000s", c.name, lines, out)
		}
	}
}

type spent struct {
	name   string
	memory int64
	time   time.Duration
}

// measure reads one input while another goroutine watches the heap.
func measure(t *testing.T, h hostile) spent {
	t.Helper()
	input := h.make()
	runtime.GC()
	before, done, peak := heap(), make(chan struct{}), make(chan int64)
	go func() {
		most := int64(0)
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done:
				peak <- most
				return
			case <-tick.C:
				most = max(most, heap())
			}
		}
	}()
	begun := time.Now()
	err := h.read(input)
	s := spent{h.name, 0, time.Since(begun)}
	close(done)
	s.memory = max(0, <-peak-before)
	if err != nil {
		t.Errorf("%s: %v", h.name, err)
	}
	if s.memory > hostileMemory || s.time > hostileTime {
		t.Errorf("%s: %d MiB, %v", h.name, s.memory>>20, s.time)
	}
	if testing.Verbose() {
		t.Logf("%6d MiB %6.2f s  %s (%d kB)", s.memory>>20, s.time.Seconds(), h.name, len(input)>>10)
	}
	return s
}

func heap() int64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}

// forger makes packets of a sound one.
type forger struct {
	t     *testing.T
	whole []byte
	name  string
	files map[string][]byte
}

const (
	forgedName = "X01-115偵1"
	logPath    = "data/07_監管鏈/custody.jsonl"
	proofsPath = "data/07_監管鏈/proofs.json"
	tablePath  = "data/02_附表一_扣押標的.json"
	zonePath   = "data/06_執行/rpz.zone"
	csvPath    = "data/06_執行/domains.csv"
	waczPath   = "data/證物/W0001/archive.wacz"
)

// chain is a log in memory.
type chain struct {
	lines  [][]byte
	hashes []custody.Hash
}

// ReadHashes implements custody.HashReader.
func (c *chain) ReadHashes(indexes []int64) (list []custody.Hash, err error) {
	for _, i := range indexes {
		list = append(list, c.hashes[i])
	}
	return list, nil
}

func (c *chain) add(e custody.Entry) error {
	e.Number, e.Time = int64(len(c.lines))+1, custody.At(time.Date(2026, 11, 23, 7, len(c.lines), 0, 0, time.UTC))
	line, err := custody.MarshalEntry(e)
	if err != nil {
		return err
	}
	more, err := custody.Hashes(e.Number, line, c)
	c.lines, c.hashes = append(c.lines, line), append(c.hashes, more...)
	return err
}

func newForger(t *testing.T) *forger {
	t.Helper()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	key, err := custody.NewKey(custody.Origin("0123456789abcdef"), bytes.Repeat([]byte{7}, 32))
	must(err)
	text, c := []byte("保證獲利\n"), &chain{}
	sum := fmt.Sprintf("%x", sha256.Sum256(text))
	kept := []evidence.Artifact{{Name: "text.txt", Size: int64(len(text)), SHA256: sum}}
	files := []packet.File{{Path: "證物/W0001/text.txt", Size: int64(len(text)), SHA256: sum, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(text)), nil
	}}}
	must(c.add(custody.Entry{Actor: custody.Person, Action: custody.CaseCreate, Detail: map[string]string{"public_key": key.Public()}}))
	must(c.add(custody.Entry{Actor: custody.Tool, Action: custody.ExhibitAdmit, Object: "W0001", Artifacts: kept}))
	b := packet.Build{Name: forgedName, Entries: []int64{1, 2}}
	must(c.add(custody.Entry{Actor: custody.Person, Action: custody.PacketBuild, Detail: b.Detail(), Artifacts: packet.Manifest(files)}))
	root, err := custody.Root(3, c)
	must(err)
	seal, err := key.Seal(3, root)
	must(err)
	p := packet.Packet{Name: forgedName, Files: files, Entries: c.lines, Seal: seal.Text}
	for n := range int64(3) {
		proof, err := custody.Prove(3, n+1, c)
		must(err)
		p.Proofs = append(p.Proofs, proof)
	}
	out, err := os.Create(filepath.Join(t.TempDir(), "whole.zip"))
	must(err)
	must(packet.Write(t.Context(), out, p))
	must(out.Close())
	whole, err := os.ReadFile(out.Name())
	must(err)
	f := &forger{t: t, whole: whole, name: forgedName, files: map[string][]byte{}}
	z, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	must(err)
	for _, m := range z.File {
		r, err := m.Open()
		must(err)
		if f.files[strings.TrimPrefix(m.Name, forgedName+"/")], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := refused(f.whole); err == nil {
		t.Fatal("the sound packet is refused")
	}
	return f
}

// refused gives an error for a packet that is found whole, and for a check that breaks off.
func refused(b []byte) error {
	r, err := packet.VerifyZIP(context.Background(), bytes.NewReader(b), int64(len(b)), packet.Options{Stamp: func(message, reply []byte) (packet.StampInfo, error) {
		_, err := stamp.Verify(message, reply, nil)
		return packet.StampInfo{}, err
	}})
	switch {
	case err != nil:
		return err
	case r.Good():
		return errors.New("found whole")
	case r.Findings[0].Code == packet.CheckBroken:
		return errors.New(r.Findings[0].Problem)
	case len(r.Findings)+r.Following() > 10_000:
		return fmt.Errorf("%d findings", len(r.Findings))
	}
	return nil
}

// with is the packet with other files in it, stored as another program would.
func (f *forger) with(method uint16, files map[string][]byte) []byte {
	all := maps.Clone(f.files)
	maps.Copy(all, files)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	w.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	for _, name := range slices.Sorted(maps.Keys(all)) {
		m, err := w.CreateHeader(&zip.FileHeader{Name: f.name + "/" + name, Method: method})
		if err == nil {
			_, err = m.Write(all[name])
		}
		if err != nil {
			f.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		f.t.Fatal(err)
	}
	return out.Bytes()
}

// filled repeats a text up to a length.
func filled(text string, length int) []byte {
	return bytes.Repeat([]byte(text), length/len(text))
}

// numbered writes a line for each number.
func numbered(n int, format string) []byte {
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.Bytes()
}

func (f *forger) packets() (list []hostile) {
	add := func(name string, make func() []byte) { list = append(list, hostile{name, make, refused}) }
	stored := func(what string, files map[string]func() []byte) {
		for path, text := range files {
			add(what+" in "+path, func() []byte { return f.with(zip.Store, map[string][]byte{path: text()}) })
		}
	}
	const manifest, mib = "manifest-sha256.txt", 1 << 20
	hash := strings.Repeat("0", 64)
	stored("8 million lines", map[string]func() []byte{manifest: func() []byte { return filled("0  data/00000000\n", 136<<20) }})
	stored("short lines", map[string]func() []byte{
		manifest: func() []byte { return filled("0  a\n", 63*mib) }, "manifest-sha512.txt": func() []byte { return filled("\n", 63*mib) },
		"tagmanifest-sha256.txt": func() []byte { return filled("  b\n", 15*mib) }, "bag-info.txt": func() []byte { return filled("a: b\n", 15*mib) },
		"seal.txt": func() []byte { return filled("— a b\n", 63<<10) }, logPath: func() []byte { return filled("{}\n", 63*mib) },
		csvPath: func() []byte { return filled("a\n", 15*mib) }, zonePath: func() []byte { return filled("a IN CNAME .\n", 15*mib) },
	})
	stored("too long a file", map[string]func() []byte{
		"seal.txt": func() []byte { return filled("a\n", mib) }, "bagit.txt": func() []byte { return filled("a", 20*mib) },
		logPath: func() []byte { return filled("{}\n", 70*mib) }, "seal.tsr": func() []byte { return filled("\x30\x80", 2*mib) },
	})
	stored("files that are not there", map[string]func() []byte{manifest: func() []byte { return numbered(250_000, hash+"  data/%08d\n") }})
	stored("nested", map[string]func() []byte{
		proofsPath: func() []byte { return filled("[", 60*mib) }, logPath: func() []byte { return filled(`{"detail":`, 60*mib) },
		tablePath: func() []byte { return filled("[", 15*mib) }, "seal.tsr": func() []byte { return filled("\x30\x80", mib) },
	})
	stored("empty objects", map[string]func() []byte{
		proofsPath: func() []byte { return filled("{},", 60*mib) }, tablePath: func() []byte { return append(filled("[{},", 4), filled("{},", 15*mib)...) },
	})
	stored("many texts", map[string]func() []byte{
		tablePath: func() []byte {
			return []byte(`[{"name":"a.tw","scope":"exact","exhibits":["` + string(filled(`a","`, 15*mib)) + `"]}]`)
		},
		csvPath: func() []byte { return []byte("網域名稱,範圍\n" + string(filled(`"`, 15*mib))) },
		proofsPath: func() []byte {
			return []byte("[\n{\"number\":1,\"hashes\":[" + string(filled(`"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",`, 60*mib)))
		},
	})
	add("citations", func() []byte {
		return f.with(zip.Store, map[string][]byte{tablePath: []byte(`[{"name":"a.tw","scope":"exact","exhibits":["W0001` + string(numbered(900_000, `","W%d`)) + `"]}]`)})
	})
	add("a log of 100000 entries", func() []byte { return f.with(zip.Store, map[string][]byte{logPath: f.longLog(100_000)}) })
	add("an entry with 200000 artifacts", func() []byte { return f.with(zip.Store, map[string][]byte{logPath: f.wideLog(200_000)}) })
	add("1000 time stamps", func() []byte {
		many := map[string][]byte{}
		for i := range 1000 {
			many[fmt.Sprintf("s%d.tsr", i)] = filled("\x30\x80", 1000)
		}
		return f.with(zip.Store, many)
	})
	for name, text := range f.archives() {
		add("a web archive: "+name, func() []byte { return f.with(zip.Store, map[string][]byte{waczPath: text()}) })
	}
	add("200 MB of zeros", func() []byte { return f.with(zip.Deflate, map[string][]byte{"data/0": make([]byte, 200*mib)}) })
	add("400 MB of zeros", func() []byte { return f.with(zip.Deflate, map[string][]byte{"data/0": make([]byte, 400*mib)}) })
	add("a packed list of 60 MB of line feeds", func() []byte { return f.with(zip.Deflate, map[string][]byte{manifest: filled("\n", 60*mib)}) })
	for _, n := range []int{70_000, 262_000, 300_000} {
		add(fmt.Sprintf("%d empty files", n), func() []byte { return manyMembers(n, "a/%06d") })
	}
	add("the same name 100000 times", func() []byte { return manyMembers(100_000, "a/b%.0d") })
	add("names that differ in case", func() []byte {
		many := map[string][]byte{}
		for i := range 1 << 14 {
			name := []byte("data/aaaaaaaaaaaaaa")
			for bit := range 14 {
				if i>>bit&1 == 1 {
					name[5+bit] -= 'a' - 'A'
				}
			}
			many[string(name)] = nil
		}
		return f.with(zip.Store, many)
	})
	add("long names", func() []byte { return manyMembers(300, "a/%d"+strings.Repeat("/x", 30_000)) })
	add("names of slashes", func() []byte { return manyMembers(20_000, "a/%d"+strings.Repeat("/", 500)) })
	add("unsafe names", func() []byte { return manyMembers(50_000, "a/../%d") })
	add("names outside", func() []byte { return manyMembers(50_000, "%d/seal.txt") })
	list = append(list, f.spoiled()...)
	return list
}

// manyMembers is a ZIP of empty files.
func manyMembers(n int, format string) []byte {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := range n {
		if _, err := w.CreateHeader(&zip.FileHeader{Name: fmt.Sprintf(format, i)}); err != nil {
			panic(err)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// longLog goes on where the log ends.
func (f *forger) longLog(n int) []byte {
	out := bytes.Clone(f.files[logPath])
	for i := range n {
		line, err := custody.MarshalEntry(custody.Entry{
			Number: int64(i) + 10, Time: custody.At(time.Unix(int64(i), 0)), Actor: custody.Tool, Action: custody.ExhibitAdmit, Object: fmt.Sprintf("W%d", i),
			Artifacts: []evidence.Artifact{{Name: "a", SHA256: strings.Repeat("0", 64)}},
		})
		if err != nil {
			f.t.Fatal(err)
		}
		out = append(append(out, line...), '\n')
	}
	return out
}

func (f *forger) wideLog(n int) []byte {
	e := custody.Entry{Number: 10, Time: custody.At(time.Unix(1, 0)), Actor: custody.Tool, Action: custody.ExhibitAdmit, Object: "W0002"}
	for i := range n {
		e.Artifacts = append(e.Artifacts, evidence.Artifact{Name: fmt.Sprint(i), SHA256: strings.Repeat("0", 64)})
	}
	line, err := custody.MarshalEntry(e)
	if err != nil {
		f.t.Fatal(err)
	}
	return append(append(bytes.Clone(f.files[logPath]), line...), '\n')
}

// spoiled are the sound packet and one that another program made, with bytes that say something else.
func (f *forger) spoiled() (list []hostile) {
	add := func(name string, b []byte) {
		list = append(list, hostile{name, func() []byte { return b }, refused})
	}
	other := f.with(zip.Deflate, nil)
	for i, b := range [][]byte{f.whole, other} {
		who := []string{"own", "other"}[i]
		for cut := 1; cut < 8; cut++ {
			add(fmt.Sprintf("%s, cut at %d eighths", who, cut), b[:len(b)*cut/8])
		}
		end, central := bytes.LastIndex(b, []byte("PK\x05\x06")), bytes.Index(b, []byte("PK\x01\x02"))
		for name, patch := range map[string]struct {
			at    int
			bytes []byte
		}{
			"65535 members":     {end + 8, []byte{0xff, 0xff, 0xff, 0xff}},
			"a far directory":   {end + 16, []byte{0xff, 0xff, 0xff, 0x7f}},
			"a long comment":    {end + 20, []byte{0xff, 0xff}},
			"a huge file":       {central + 20, []byte{0xfe, 0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff}},
			"ZIP64 everywhere":  {central + 20, bytes.Repeat([]byte{0xff}, 8)},
			"a long name":       {central + 28, []byte{0xff, 0xff}},
			"a long extra":      {central + 30, []byte{0xff, 0xff}},
			"encrypted":         {central + 8, []byte{1, 8}},
			"another method":    {central + 10, []byte{99, 0}},
			"a far local head":  {central + 42, []byte{0xff, 0xff, 0xff, 0x7f}},
			"zeros in the head": {0, make([]byte, 30)},
		} {
			p := bytes.Clone(b)
			copy(p[patch.at:], patch.bytes)
			add(who+", "+name, p)
		}
	}
	add("two members in the same bytes", overlapping(2))
	add("2000 members in the same bytes", overlapping(2000))
	return list
}

// overlapping is a ZIP whose directory leads to one packed file many times.
func overlapping(n int) []byte {
	var packed bytes.Buffer
	w, _ := flate.NewWriter(&packed, flate.BestSpeed) // the level is known
	content := make([]byte, 8<<20)
	w.Write(content) //nolint:errcheck // into memory
	w.Close()
	le := binary.LittleEndian
	common := func(b []byte) []byte {
		b = le.AppendUint16(le.AppendUint16(le.AppendUint16(b, 20), 0), 8)
		b = le.AppendUint32(le.AppendUint32(b, 0), crc32.ChecksumIEEE(content))
		b = le.AppendUint32(le.AppendUint32(b, uint32(packed.Len())), uint32(len(content)))
		return le.AppendUint16(le.AppendUint16(b, 10), 0)
	}
	out := append(common([]byte("PK\x03\x04")), "a/seal.txt"...)
	out = append(out, packed.Bytes()...)
	start := len(out)
	for i := range n {
		out = common(append(out, "PK\x01\x02\x14\x00"...))
		out = append(append(out, make([]byte, 14)...), fmt.Sprintf("a/%08d", i)...)
	}
	size := len(out) - start
	out = append(out, "PK\x05\x06\x00\x00\x00\x00"...)
	out = le.AppendUint16(le.AppendUint16(out, uint16(n)), uint16(n))
	out = le.AppendUint32(le.AppendUint32(out, uint32(size)), uint32(start))
	return append(out, 0, 0)
}

// archives are web archives that unpack to more than they are.
func (f *forger) archives() map[string]func() []byte {
	const mib = 1 << 20
	members := func(files map[string][]byte) []byte {
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		for _, name := range slices.Sorted(maps.Keys(files)) {
			method := zip.Deflate
			if strings.HasSuffix(name, ".gz") {
				method = zip.Store
			}
			m, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: method})
			if err == nil {
				_, err = m.Write(files[name])
			}
			if err != nil {
				f.t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			f.t.Fatal(err)
		}
		return out.Bytes()
	}
	packed := func(text []byte) []byte {
		var out bytes.Buffer
		g := gzip.NewWriter(&out)
		g.Write(text) //nolint:errcheck // into memory
		g.Close()
		return out.Bytes()
	}
	record := func(uri string, body []byte) []byte {
		sum := sha256.Sum256(body)
		return packed(slices.Concat([]byte("WARC/1.1\r\nWARC-Type: resource\r\nWARC-Target-URI: "+uri+"\r\nWARC-Date: 2026-11-23T07:00:00Z\r\nWARC-Block-Digest: sha256:"+
			hex.EncodeToString(sum[:])+"\r\nWARC-Payload-Digest: sha256:"+hex.EncodeToString(sum[:])+"\r\nContent-Length: "+fmt.Sprint(len(body))+"\r\n\r\n"), body, []byte("\r\n\r\n")))
	}
	return map[string]func() []byte{
		"a record of 300 MB of zeros": func() []byte {
			return members(map[string][]byte{"archive/data.warc.gz": record("http://a.tw/", make([]byte, 300*mib))})
		},
		"200 records of 8 MB": func() []byte {
			return members(map[string][]byte{"archive/data.warc.gz": bytes.Repeat(record("http://a.tw/", make([]byte, 8*mib)), 200)})
		},
		"long addresses": func() []byte {
			return members(map[string][]byte{"archive/data.warc.gz": bytes.Repeat(record("http://a.tw/"+strings.Repeat("a", 900_000), nil), 400)})
		},
		"many records": func() []byte {
			return members(map[string][]byte{"archive/data.warc.gz": bytes.Repeat(record("http://a.tw/", nil), 50_000)})
		},
		"a head without an end": func() []byte {
			return members(map[string][]byte{"archive/data.warc.gz": packed(make([]byte, 100*mib))})
		},
		"an index of one line": func() []byte { return members(map[string][]byte{"indexes/index.cdx": filled("a", 100*mib)}) },
		"an index of line feeds": func() []byte {
			return members(map[string][]byte{"indexes/index.cdx": filled("\n", 30*mib), "archive/data.warc.gz": record("http://a.tw/", nil)})
		},
		"a packed index": func() []byte {
			return members(map[string][]byte{"indexes/index.cdx.gz": packed(filled("a {}\n", 100*mib))})
		},
		"nested pages": func() []byte { return members(map[string][]byte{"pages/pages.jsonl": filled("[", 15*mib)}) },
		"a description of zero": func() []byte {
			return members(map[string][]byte{"datapackage.json": append([]byte(`{"resources":[{}`), filled(",{}", 30*mib)...)})
		},
		"bombs of every kind": func() []byte {
			many := map[string][]byte{}
			for i := range 40 {
				many[fmt.Sprintf("pages/%d.jsonl", i)] = filled("{}\n", 30*mib)
			}
			return members(many)
		},
	}
}

// element is a DER element of any length.
func element(tag byte, contents ...[]byte) []byte {
	all := bytes.Join(contents, nil)
	if len(all) < 0x80 {
		return append([]byte{tag, byte(len(all))}, all...)
	}
	return append(binary.BigEndian.AppendUint32([]byte{tag, 0x84}, uint32(len(all))), all...)
}

// stamps are replies of authorities that want no good. Each is given to our own reader alone.
func stamps(t *testing.T) (list []hostile) {
	a, err := tsa.Start(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	message := []byte("seal")
	reply, err := stamp.Request(t.Context(), http.DefaultClient, a.URL, message, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	read := func(b []byte) error {
		if _, err := stamp.Verify(message, b, nil); err == nil {
			return errors.New("a sound time stamp")
		} else if len(err.Error()) > 1000 {
			return fmt.Errorf("an error of %d bytes", len(err.Error()))
		}
		return nil
	}
	add := func(name string, b []byte) {
		list = append(list, hostile{name, func() []byte { return b }, read})
	}
	granted := element(0x30, element(2, []byte{0}))
	token := func(parts ...[]byte) []byte {
		signed := []byte{6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2}
		return element(0x30, granted, element(0x30, signed, element(0xa0, element(0x30, parts...))))
	}
	content := element(0x30, []byte{6, 11, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 1, 4})
	for _, depth := range []int{30, 33, 100, 1000, 10_000, 100_000, 200_000} {
		open := bytes.Repeat([]byte{0x30, 0x80}, depth)
		add(fmt.Sprintf("%d heads without lengths", depth), element(0x30, granted, open))
		add(fmt.Sprintf("%d elements without lengths in a token", depth), token(slices.Concat(open, []byte{5, 0}, make([]byte, 2*depth))))
		add(fmt.Sprintf("%d empty ones", depth), token(bytes.Repeat([]byte{0x30, 0x80, 0, 0}, depth)))
		lengths := []byte{5, 0}
		for range min(depth, 3000) {
			lengths = element(0x30, lengths)
		}
		add(fmt.Sprintf("%d elements with lengths", depth), token(lengths))
	}
	add("500000 numbers", token(bytes.Repeat([]byte{5, 0}, 500_000)))
	add("a megabyte of text", element(0x30, element(0x30, element(2, []byte{2}), element(0x30, element(12, filled("a", 900_000)))), nil))
	add("a megabyte of content", token(element(2, []byte{3}), element(0x31), element(0x30, content, element(0xa0, element(4, make([]byte, 900_000)))), element(0x31)))
	add("a gigabyte of claims", []byte{0x30, 0x84, 0x40, 0, 0, 0})
	add("ten megabytes", make([]byte, 10<<20))
	for bits, copies := range map[int]int{1024: 500, 60_000: 2, 8192: 40, 2048: 33} {
		cert := certificate(t, bits)
		add(fmt.Sprintf("%d certificates of %d bits", copies, bits),
			token(element(2, []byte{3}), element(0x31), element(0x30, content), element(0xa0, bytes.Repeat(cert, copies)), element(0x31)))
	}
	for i := 1; i < 12; i++ {
		add(fmt.Sprintf("a sound one, cut at %d twelfths", i), reply[:len(reply)*i/12])
		spoiled := bytes.Clone(reply)
		for at := range spoiled[i*4 : i*4+8] {
			spoiled[i*4+at] = 0xff
		}
		add(fmt.Sprintf("a sound one with %d", i), spoiled)
	}
	return list
}

// certificate is one with an RSA key of so many bits, for which nobody has the other half.
func certificate(t *testing.T, bits int) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	n := new(big.Int).Lsh(big.NewInt(1), uint(bits-1))
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "x"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &rsa.PublicKey{N: n.Add(n, big.NewInt(1)), E: 1<<31 - 1}, key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// nothing is a receiver that keeps nothing.
type nothing struct{ given int }

func (n *nothing) Address(intake.Row) error  { n.given++; return nil }
func (n *nothing) Clue(intake.Clue) error    { n.given++; return nil }
func (n *nothing) Skip(intake.Skipped) error { n.given++; return nil }

// taken reads a list; it fails where a file gives more than it may.
func taken(name string) func([]byte) error {
	return func(b []byte) error {
		n := &nothing{}
		report, err := intake.Read(context.Background(), name, bytes.NewReader(b), intake.Options{}, n)
		switch {
		case err != nil && !errors.Is(err, intake.ErrKind):
			return err
		case n.given > 500_000:
			return fmt.Errorf("%d given", n.given)
		case n.given == 500_000 && report.Cut == "":
			return errors.New("cut without a word")
		}
		return nil
	}
}

func lists() (out []hostile) {
	const mib = 1 << 20
	add := func(name string, make func() []byte) { out = append(out, hostile{name, make, taken(name)}) }
	add("short names.txt", func() []byte { return numbered(520_000, "a%d.tw\n") })
	add("line feeds.txt", func() []byte { return filled("\n", 8*mib) })
	add("carriage returns.txt", func() []byte { return filled("\r", 8*mib) })
	add("zeros.txt", func() []byte { return make([]byte, 8*mib) })
	add("one line.txt", func() []byte { return filled("a", 8*mib) })
	add("one line of names.txt", func() []byte { return filled("a.tw ", mib) })
	add("one line of glued names.txt", func() []byte { return filled("a.tw", mib) })
	add("dots.txt", func() []byte { return filled("a.", mib) })
	add("dots alone.txt", func() []byte { return filled(".", mib) })
	add("schemes.txt", func() []byte { return filled("http://", mib) })
	add("refanged.txt", func() []byte { return filled("hxxp[:]//a[.]tw ", mib) })
	add("brackets.txt", func() []byte { return filled("[.]", mib) })
	add("at signs.txt", func() []byte { return filled("a@", mib) })
	add("at signs in an address.txt", func() []byte { return append([]byte("http://"), filled("a@", mib)...) })
	add("escaped again and again.txt", func() []byte { return append([]byte("http://a.tw/?x=1&"), filled("amp;", mib)...) })
	add("percent signs.txt", func() []byte { return append([]byte("http://a.tw/"), filled("%25", mib)...) })
	add("slashes.txt", func() []byte { return append([]byte("http://a.tw"), filled("/", mib)...) })
	add("digits.txt", func() []byte { return filled("0912-345-678", mib) })
	add("wallets.txt", func() []byte { return filled("1BoatSLRHtKNngkdXEeobR76b53LETtpyT ", mib) })
	add("hyphens.txt", func() []byte { return filled("xn--", mib) })
	add("not text.txt", func() []byte { return filled("\xff\xc0\x80", mib) })
	add("bidi.txt", func() []byte { return filled("\u202ea.tw\u202c\n", mib) })
	add("ideographic stops.txt", func() []byte { return filled("a。tw，", mib) })
	add("utf-16.txt", func() []byte { return append([]byte{0xff, 0xfe}, filled("a\x00.\x00t\x00w\x00\n\x00", 2*mib)...) })
	add("commas.csv", func() []byte { return append([]byte("網址\n"), filled(",", 8*mib)...) })
	add("rows of commas.csv", func() []byte {
		return append([]byte("網址,名稱\n"), filled(strings.Repeat(",", 10_000)+"\n", 2*mib)...)
	})
	add("quotes.csv", func() []byte { return append([]byte("網址\n"), filled(`"`, 2*mib)...) })
	add("open quotes.csv", func() []byte { return append([]byte("網址,名稱\n"), filled("\"a.tw\n", 2*mib)...) })
	add("long cells.csv", func() []byte { return append([]byte("網址\n"), filled(strings.Repeat("a", 70_000)+"\n", 2*mib)...) })
	add("headings.csv", func() []byte { return filled("網址,名稱\n", 2*mib) })
	add("tabs.tsv", func() []byte { return filled("a.tw\tb.tw\n", mib) })
	add("nested.json", func() []byte { return filled("[", 2*mib) })
	add("nested objects.json", func() []byte { return filled(`{"a":`, 2*mib) })
	add("open objects.json", func() []byte { return filled(`{"a":1,"b":[`, 2*mib) })
	add("one object.json", func() []byte { return append([]byte("[{"), numbered(200_000, `"k%d":"a.tw",`)...) })
	add("one object of long texts.json", func() []byte {
		return append([]byte("[{"), filled(`"k":"`+strings.Repeat("a", 900_000)+`",`, 8*mib)...)
	})
	add("numbers.json", func() []byte { return append([]byte("["), filled("[1],", 2*mib)...) })
	add("a long token.json", func() []byte { return append([]byte(`["`), filled("a", 2*mib)...) })
	add("escapes.json", func() []byte { return append([]byte(`["`), filled(`\u0061`, 900_000)...) })
	add("spaces.json", func() []byte { return append([]byte(`["a",`), filled(" ", 2*mib)...) })
	add("tables.html", func() []byte { return filled("<table>", mib) })
	add("tables in cells.html", func() []byte { return filled("<table><tr><td>", mib) })
	add("rows over rows.html", func() []byte {
		return append([]byte("<table><tr><th>網址<tr><td rowspan=999999999>a.tw"), filled("<tr><td rowspan=999999>b.tw", mib)...)
	})
	add("cells.html", func() []byte { return append([]byte("<html><table><tr>"), filled("<td>", mib)...) })
	add("links.html", func() []byte { return append([]byte("<html>"), numbered(100_000, "<a href=//a%d.tw>")...) })
	add("attributes.html", func() []byte { return append([]byte("<html><a "), filled("a=b ", mib)...) })
	add("an attribute.html", func() []byte { return append([]byte("<html><a href="), filled("a", mib)...) })
	add("comments.html", func() []byte { return append([]byte("<html>"), filled("<!--", mib)...) })
	add("entities.html", func() []byte { return append([]byte("<html>"), filled("&amp;", mib)...) })
	add("a shortcut.url", func() []byte { return append([]byte("[InternetShortcut]\nURL="), filled("http://a.tw/", mib)...) })
	return out
}

func mails() (out []hostile) {
	const mib = 1 << 20
	add := func(name string, make func() []byte) {
		out = append(out, hostile{name, func() []byte { return append([]byte("From: a@b-x.cc\nSubject: c\n"), make()...) }, taken(name + ".eml")})
	}
	add("a header", func() []byte { return filled("a", 2*mib) })
	add("header fields", func() []byte { return filled("From: a@b-x.cc\n", 2*mib) })
	add("a folded field", func() []byte { return append([]byte("Subject: a\n"), filled(" a\n", 2*mib)...) })
	add("encoded words", func() []byte { return append([]byte("Subject: "), filled("=?utf-8?b?YS50dw==?= ", 60<<10)...) })
	add("encoded words of every kind", func() []byte { return filled("Subject: =?iso-2022-jp?q?=1B$B?= a.tw\n", mib) })
	add("parameters", func() []byte { return append([]byte("Content-Type: text/plain"), filled("; a*0=b", 60<<10)...) })
	add("multiparts in each other", func() []byte { return numbered(100_000, "Content-Type: multipart/x; boundary=b%d\n\n--b%[1]d\n") })
	add("messages in each other", func() []byte { return filled("Content-Type: message/rfc822\n\n", 2*mib) })
	add("parts", func() []byte {
		return append([]byte("Content-Type: multipart/x; boundary=b\n\n"), filled("--b\n\na.tw\n", 2*mib)...)
	})
	add("attached parts", func() []byte {
		return append([]byte("Content-Type: multipart/x; boundary=b\n\n"), filled("--b\nContent-Type: image/x; name=a.png\n\n", 2*mib)...)
	})
	add("boundaries alike", func() []byte {
		return append([]byte("Content-Type: multipart/x; boundary=b\n\n"), filled("--bb\n", 2*mib)...)
	})
	add("a long boundary", func() []byte { return append([]byte("Content-Type: multipart/x; boundary="), filled("b", 60<<10)...) })
	for _, kind := range []string{"text/plain", "text/html", "application/x"} {
		for _, transfer := range []string{"base64", "quoted-printable", "7bit"} {
			add(kind+" "+transfer, func() []byte {
				return append([]byte("Content-Type: "+kind+"; charset=big5\nContent-Transfer-Encoding: "+transfer+"\n\n"), filled("PGEgaHJlZj0=A=\n<a href=//a.tw>", mib)...)
			})
		}
	}
	add("a base64 line", func() []byte {
		return append([]byte("Content-Transfer-Encoding: base64\n\n"), filled("YS50", 2*mib)...)
	})
	add("soft breaks", func() []byte {
		return append([]byte("Content-Transfer-Encoding: quoted-printable\n\n"), filled("=\n", 2*mib)...)
	})
	add("many addresses", func() []byte { return append([]byte("\n"), numbered(520_000, "a%d.tw\n")...) })
	return out
}
