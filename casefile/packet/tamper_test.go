package packet

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"yuzheng/casefile/custody"
)

// TestFlips flips one bit of every fifth byte of a packet: each is found, and there is one finding: it names the file that was hit, and
// everything else that no longer matches stands below it.
func TestFlips(t *testing.T) {
	if testing.Short() {
		t.Skip("not in the quick lane: it takes long")
	}
	b := good(t)
	owner := owners(t, b)
	flips := 0
	for i := 0; i < len(b); i += 5 {
		flips++
		spoiled := bytes.Clone(b)
		spoiled[i] ^= 1 << (i / 5 % 8)
		r := verifyBytes(t, spoiled)
		if r.Good() {
			t.Fatalf("byte %d (%s): not found", i, owner[i])
		}
		if len(r.Findings) != 1 || r.Findings[0].File != owner[i] {
			t.Errorf("byte %d of %q: %+v", i, owner[i], r.Findings)
		}
	}
	if flips < 1000 {
		t.Errorf("only %d flips", flips)
	}
}

// owners says for each byte of the ZIP which file it belongs to; empty is the end of the ZIP.
func owners(t *testing.T, b []byte) []string {
	t.Helper()
	members, err := readDirectory(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	pieces, starts, total := layout(members)
	if total != int64(len(b)) {
		t.Fatal("the layout is not that of the packet")
	}
	owner := make([]string, len(b))
	for _, p := range pieces {
		for i := range p.bytes {
			owner[p.offset+int64(i)] = inBag(p.name)
		}
	}
	for i, m := range members {
		for at := range m.size {
			owner[starts[i]+at] = inBag(m.name)
		}
	}
	return owner
}

// contents reads a packet into a map, as a forger would.
func contents(t testing.TB, b []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[inBag(f.Name)], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// forge writes files as a packet of the right form: a canonical ZIP, Payload-Oxum and manifests made anew.
func forge(t testing.TB, files map[string][]byte) []byte {
	t.Helper()
	return forgeIn(t, sampleName, files)
}

// forgeIn is forge for a packet in that folder.
func forgeIn(t testing.TB, folder string, files map[string][]byte) []byte {
	t.Helper()
	var octets, streams int
	digests := map[string]digest{}
	hash := func(path string) {
		d, err := digestOf(context.Background(), bytes.NewReader(files[path]))
		if err != nil {
			t.Fatal(err)
		}
		digests[path] = d
	}
	for path, b := range files {
		if isPayload(path) {
			octets, streams = octets+len(b), streams+1
		}
		hash(path)
	}
	rows := strings.Split(string(files[infoName]), "\n")
	for i, row := range rows {
		if strings.HasPrefix(row, "Payload-Oxum: ") {
			rows[i] = fmt.Sprintf("Payload-Oxum: %d.%d", octets, streams)
		}
	}
	files[infoName] = []byte(strings.Join(rows, "\n"))
	hash(infoName)
	files[manifest256Name] = manifestText(manifest(digests, isPayload, hash256))
	hash(manifest256Name)
	files[manifest512Name] = manifestText(manifest(digests, isPayload, hash512))
	hash(manifest512Name)
	files[tagManifestName] = manifestText(manifest(digests, isTag, hash256))
	return plainIn(t, folder, files)
}

// TestForgeries changes a packet and writes manifests and ZIP anew. Without the log's key every change is found.
func TestForgeries(t *testing.T) {
	const w1, w2 = "data/證物/W0001/", "data/證物/W0002/"
	type files = map[string][]byte
	entries, proofs := payload+EntriesPath, payload+ProofsPath
	cases := []struct {
		name  string
		spoil func(f files)
		code  Code
		file  string
	}{
		{"an artifact changed", func(f files) { f[w1+"text.txt"] = []byte("x") }, exhibitChanged, w1 + "text.txt"},
		{"an artifact changed, seen by the build", func(f files) { f[w1+"text.txt"] = []byte("x") }, FileChanged, w1 + "text.txt"},
		{"an artifact removed", func(f files) { delete(f, w1+"text.txt") }, exhibitMissing, w1 + "text.txt"},
		{"an artifact left out put back", func(f files) { f[w1+"cookies.json"] = []byte("[]") }, fileAdded, w1 + "cookies.json"},
		{"artifacts swapped", func(f files) {
			f[w1+"text.txt"], f[w2+"text.txt"] = f[w2+"text.txt"], f[w1+"text.txt"]
		}, exhibitChanged, w2 + "text.txt"},
		{"an exhibit added", func(f files) { f["data/證物/W0009/text.txt"] = []byte("x") }, exhibitUnknown, "data/證物/W0009/text.txt"},
		{"a paper changed", func(f files) { f["data/01_聲請書.pdf"] = []byte("%PDF-1.4 駁回") }, paperChanged, "data/01_聲請書.pdf"},
		{"a paper removed", func(f files) { delete(f, "data/01_聲請書.odt") }, paperMissing, "data/01_聲請書.odt"},
		{"a paper added", func(f files) { f["data/10_補充.pdf"] = []byte("x") }, fileAdded, "data/10_補充.pdf"},
		{"the viewer changed", func(f files) { f["data/08_檢視器.html"] = []byte("<script>") }, FileChanged, "data/08_檢視器.html"},
		{"bag-info changed", func(f files) {
			f[infoName] = bytes.Replace(f[infoName], []byte("臺北"), []byte("新北"), 1)
		}, BagForm, infoName},
		{"bagit.txt changed", func(f files) { f[bagitName] = []byte("BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n") }, BagForm, bagitName},
		{"a tag file added", func(f files) { f["note.txt"] = nil }, fileAdded, "note.txt"},
		{"a tag folder added", func(f files) { f["more/seal.tsr"] = nil }, fileAdded, "more/seal.tsr"},
		{"an entry changed", func(f files) { f[entries] = bytes.Replace(f[entries], []byte("王"), []byte("林"), 1) }, logProof, entries},
		{"an entry removed", func(f files) {
			lines, list := bytes.SplitAfter(f[entries], []byte("\n")), mustParse(t, f[proofs])
			f[entries] = bytes.Join(slices.Delete(lines, 1, 2), nil)
			f[proofs] = mustProofsText(t, slices.Delete(list, 1, 2))
		}, logEntries, entries},
		{"the first entry removed", func(f files) {
			_, f[entries], _ = bytes.Cut(f[entries], []byte("\n"))
			f[proofs] = mustProofsText(t, mustParse(t, f[proofs])[1:])
		}, logFirst, entries},
		{"an entry in another form", func(f files) {
			f[entries] = bytes.Replace(f[entries], []byte(`{"number":1,`), []byte(`{"number": 1,`), 1)
		}, logForm, entries},
		{"proofs in another form", func(f files) { f[proofs] = append(f[proofs], '\n') }, logForm, proofs},
		{"a proof removed", func(f files) { f[proofs] = mustProofsText(t, mustParse(t, f[proofs])[1:]) }, logProof, proofs},
		{"another size in the seal", func(f files) { f[sealName] = bytes.Replace(f[sealName], []byte("\n7\n"), []byte("\n8\n"), 1) }, sealInvalid, sealName},
		{"the signature twice", func(f files) {
			i := bytes.Index(f[sealName], []byte("— "))
			f[sealName] = append(f[sealName], f[sealName][i:]...)
		}, sealInvalid, sealName},
		{"the signature written otherwise", func(f files) { f[sealName] = respell(t, f[sealName]) }, sealInvalid, sealName},
		{"the seal removed", func(f files) { delete(f, sealName) }, FileMissing, sealName},
		{"entries removed", func(f files) { delete(f, entries) }, FileMissing, entries},
		{"a stamp over another seal", func(f files) { f["seal.tsr"] = fakeStamp([]byte("x"), start.Add(time.Hour)) }, stampInvalid, "seal.tsr"},
		{"a stamp older than the entries", func(f files) { f["seal.tsr"] = fakeStamp(f[sealName], start.Add(-time.Hour)) }, stampEarly, "seal.tsr"},
		{"a name for Windows", func(f files) { f["data/nul.txt"] = nil }, pathUnsafe, "data/nul.txt"},
		{"a name that leaves", func(f files) { f["data/../../x"] = nil }, pathUnsafe, "data/../../x"},
		{"a name in other case", func(f files) { f["data/證物/w0001/text.txt"] = nil }, pathClash, "data/證物/w0001/text.txt"},
		{"a file where a folder is", func(f files) { f["data/證物/W0001"] = nil }, pathClash, w1 + "text.txt"},
	}
	for _, c := range cases {
		f := contents(t, good(t))
		c.spoil(f)
		if r := verifyBytes(t, forge(t, f)); !has(r, c.code, c.file) {
			t.Errorf("%s: want %s for %s, found %+v", c.name, c.code, c.file, r.Findings)
		}
	}
}

// TestForgeIsGood makes sure that TestForgeries finds what was spoiled, not the forging.
func TestForgeIsGood(t *testing.T) {
	b := good(t)
	if !bytes.Equal(forge(t, contents(t, b)), b) {
		t.Fatal("a packet forged without a change is another packet")
	}
	f := contents(t, b)
	delete(f, "seal.tsr")
	r := verifyBytes(t, forge(t, f))
	if !r.Good() || len(r.Unchecked) != 1 || r.Unchecked[0].Code != stampAbsent {
		t.Errorf("the one thing that nothing vouches for is a stamp: %+v %+v", r.Findings, r.Unchecked)
	}
}

func mustParse(t *testing.T, text []byte) []custody.Proof {
	t.Helper()
	list, err := parseProofs(text)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func mustProofsText(t *testing.T, list []custody.Proof) []byte {
	t.Helper()
	text, err := proofsText(list)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// respell changes the spare bits at the end of a base64 signature.
func respell(t testing.TB, seal []byte) []byte {
	t.Helper()
	out := bytes.Clone(seal)
	i := len(out) - len("=\n") - 1
	if out[i+1] != '=' {
		t.Fatal("the signature has no spare bits")
	}
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	out[i] = alphabet[strings.IndexByte(alphabet, out[i])^1]
	return out
}

// TestStolenLog builds a packet of the same name in another case: it is whole, but the expected key gives it away.
func TestStolenLog(t *testing.T) {
	b := good(t)
	r, err := VerifyZIP(context.Background(), bytes.NewReader(b), int64(len(b)), Options{Stamp: readFakeStamp, Key: "another+key"})
	if err != nil || !has(r, KeyOther, payload+EntriesPath) {
		t.Errorf("%v %+v", err, r)
	}
}

// TestManifestsAlone changes files without a thought for anything else.
func TestManifestsAlone(t *testing.T) {
	dirty := map[string]func(f map[string][]byte){
		"manifest.mismatch data/08_檢視器.html": func(f map[string][]byte) { f["data/08_檢視器.html"] = []byte("x") },
		"file.missing data/08_檢視器.html":      func(f map[string][]byte) { delete(f, "data/08_檢視器.html") },
		"file.added data/x":                  func(f map[string][]byte) { f["data/x"] = nil },
		"file.missing manifest-sha512.txt":   func(f map[string][]byte) { delete(f, manifest512Name) },
		"file.missing tagmanifest-sha256.txt": func(f map[string][]byte) {
			delete(f, tagManifestName)
		},
		"manifest.form manifest-sha256.txt": func(f map[string][]byte) { f[manifest256Name] = []byte("x\n") },
		"manifest.mismatch bagit.txt":       func(f map[string][]byte) { f[bagitName] = nil },
	}
	for want, spoil := range dirty {
		f := contents(t, good(t))
		spoil(f)
		r := verifyBytes(t, plain(t, f))
		code, file, _ := strings.Cut(want, " ")
		if !has(r, Code(code), file) {
			t.Errorf("want %s: %+v", want, r.Findings)
		}
	}
}

// plain writes files as a canonical ZIP and nothing more.
func plain(t testing.TB, files map[string][]byte) []byte {
	t.Helper()
	return plainIn(t, sampleName, files)
}

// plainIn is plain for a packet in that folder.
func plainIn(t testing.TB, folder string, files map[string][]byte) []byte {
	t.Helper()
	var b memory
	w := &writing{folder: folder, to: &b, out: bufio.NewWriter(&b), sources: map[string]opener{}, digests: map[string]digest{}}
	for path, text := range files {
		w.derive(path, text)
	}
	if err := errors.Join(w.files(context.Background(), func(string) bool { return true }), w.finish()); err != nil {
		t.Fatal(err)
	}
	return b
}

// TestOtherZIPs gives Verify what a hostile or careless hand makes of a good packet.
func TestOtherZIPs(t *testing.T) {
	b := good(t)
	twice := doubled(t, b)
	bomb := bytes.Clone(b)
	binary.LittleEndian.PutUint32(bomb[22:], 0xFFFFFFF0) // the first local header's size
	cases := map[string][]byte{
		"empty":          nil,
		"not a ZIP":      bytes.Repeat([]byte("x"), 1000),
		"junk before":    append([]byte("junk"), b...),
		"junk after":     append(bytes.Clone(b), "junk"...),
		"cut off":        b[:len(b)-1],
		"half":           b[:len(b)/2],
		"a member twice": twice,
		"a size beyond":  bomb,
		"a link":         repacked(t, b, zip.Store, func(h *zip.FileHeader) { h.SetMode(0o777 | 1<<27) }),
	}
	for name, spoiled := range cases {
		if r := verifyBytes(t, spoiled); r.Good() {
			t.Errorf("%s: not found", name)
		}
	}
	if r := verifyBytes(t, twice); !has(r, ZIPForm, bagitName) {
		t.Errorf("a member twice is not named: %+v", r.Findings)
	}
}

func comment(b []byte) []byte {
	out := append(bytes.Clone(b), "hello"...)
	binary.LittleEndian.PutUint16(out[len(b)-2:], 5)
	return out
}

// doubled repeats the second member under the name of the first.
func doubled(t *testing.T, b []byte) []byte {
	t.Helper()
	members, err := readDirectory(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	_, starts, _ := layout(members)
	at := slices.IndexFunc(members, func(m member) bool { return inBag(m.name) == bagitName })
	order := slices.Insert(slices.Clone(members), at, members[at])
	pieces, _, _ := layout(order)
	var out bytes.Buffer
	for i, p := range pieces {
		out.Write(p.bytes)
		if i < len(order) {
			j := slices.Index(members, order[i])
			out.Write(b[starts[j] : starts[j]+members[j].size])
		}
	}
	return out.Bytes()
}

func repacked(t *testing.T, b []byte, method uint16, change func(*zip.FileHeader)) []byte {
	t.Helper()
	files := contents(t, b)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, path := range slices.Sorted(maps.Keys(files)) {
		h := &zip.FileHeader{Name: sampleName + "/" + path, Method: method}
		if change != nil {
			change(h)
		}
		f, err := w.CreateHeader(h)
		if err == nil {
			_, err = f.Write(files[path])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// FuzzVerify: whatever bytes come, the check ends, and only the packet itself is found whole without a remark.
func FuzzVerify(f *testing.F) {
	b := good(f)
	f.Add(0, []byte{})
	f.Add(len(b)-10, []byte{0, 0})
	f.Add(30, []byte("../../etc"))
	f.Add(-70, []byte("0")) // before the second member
	f.Add(len(b)/2, bytes.Repeat([]byte{0xff}, 40))
	f.Fuzz(func(t *testing.T, at int, patch []byte) {
		spoiled := bytes.Clone(b)
		if at < 0 {
			at = -(at + 1)
			spoiled = slices.Insert(spoiled, at%len(spoiled), patch...)
		} else {
			copy(spoiled[at%len(spoiled):], patch)
		}
		if r := verifyBytes(t, spoiled); (r.Good() && len(r.Notes) == 0) != bytes.Equal(spoiled, b) {
			t.Errorf("good is %v: %+v", r.Good(), r.Findings)
		}
	})
}
