package packet

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"yuzheng/casefile/custody"
)

// forger is somebody who has a packet, another one of the same case, and every tool but the case's key.
type forger struct {
	t      testing.TB
	folder string
	raw    []byte
	files  map[string][]byte // of the packet, his to change
	other  map[string][]byte // of the other packet: another application, another seal
	signed map[string][]byte // of a signed one
}

// whole has manifests and ZIP made anew over what was changed.
func (f *forger) whole() []byte { return forgeIn(f.t, f.folder, f.files) }

// plain writes the files as they are.
func (f *forger) plain() []byte { return plainIn(f.t, f.folder, f.files) }

// retagged makes only the tag manifest anew: the lists before it stay as he wrote them.
func (f *forger) retagged() []byte {
	digests := map[string]digest{}
	for path, b := range f.files {
		digests[path] = digestBytes(f.t, b)
	}
	f.files[tagManifestName] = manifestText(manifest(digests, isTag, hash256))
	return f.plain()
}

// again packs the files as another program does, after manifests were made anew.
func (f *forger) again(change func(h *zip.FileHeader), more ...*zip.FileHeader) []byte {
	f.whole()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	add := func(h *zip.FileHeader, b []byte) {
		g, err := w.CreateHeader(h)
		if err == nil {
			_, err = g.Write(b)
		}
		f.must(err)
	}
	for _, path := range slices.Sorted(maps.Keys(f.files)) {
		h := &zip.FileHeader{Name: f.folder + "/" + path, Method: zip.Deflate}
		if change != nil {
			change(h)
		}
		add(h, f.files[path])
	}
	for _, h := range more {
		add(h, nil)
	}
	f.must(w.Close())
	return out.Bytes()
}

func (f *forger) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

// pick is the n-th file, by size from the largest, whose path has all of these in it, equal ones once; no pick is a fault of the test.
func (f *forger) pick(n int, parts ...string) string {
	f.t.Helper()
	var paths []string
	for path := range f.files {
		if !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(path, part) }) {
			paths = append(paths, path)
		}
	}
	slices.SortFunc(paths, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(f.files[b]), len(f.files[a])), strings.Compare(a, b))
	})
	paths = slices.CompactFunc(paths, func(a, b string) bool { return bytes.Equal(f.files[a], f.files[b]) })
	if n >= len(paths) {
		f.t.Fatalf("no file %d with %q", n, parts)
	}
	return paths[n]
}

// edit replaces from by to once in a file, which must have it.
func (f *forger) edit(path, from, to string) string {
	f.t.Helper()
	if !bytes.Contains(f.files[path], []byte(from)) {
		f.t.Fatalf("%s has no %q", path, from)
	}
	f.files[path] = bytes.Replace(f.files[path], []byte(from), []byte(to), 1)
	return path
}

// inside edits a part of an office document, whatever it says: the first text of it that change finds something in.
func (f *forger) inside(path string, change func(text string) string) string {
	f.t.Helper()
	z, err := zip.NewReader(bytes.NewReader(f.files[path]), int64(len(f.files[path])))
	f.must(err)
	var out bytes.Buffer
	w, changed := zip.NewWriter(&out), false
	for _, m := range z.File {
		r, err := m.Open()
		f.must(err)
		b, err := io.ReadAll(r)
		f.must(err)
		if m.Name == "content.xml" || m.Name == "word/document.xml" {
			text := change(string(b))
			changed = changed || text != string(b)
			b = []byte(text)
		}
		g, err := w.CreateHeader(&zip.FileHeader{Name: m.Name, Method: m.Method})
		f.must(err)
		_, err = g.Write(b)
		f.must(err)
	}
	f.must(w.Close())
	if !changed {
		f.t.Fatalf("%s: nothing in its text was changed", path)
	}
	f.files[path] = out.Bytes()
	return path
}

// name is the first name of the table, and scope its scope there.
func (f *forger) name() string {
	var list []struct{ Name string }
	var table struct {
		Targets []struct{ Name string }
	}
	b := f.files[payload+tableJSONPath]
	if json.Unmarshal(b, &list) != nil {
		f.must(json.Unmarshal(b, &table))
		list = table.Targets
	}
	return list[len(list)-1].Name
}

// lines are the entries and proofs of the log, his to change; put writes them back.
func (f *forger) lines() ([][]byte, []custody.Proof) {
	text := bytes.TrimSuffix(f.files[payload+EntriesPath], []byte("\n"))
	proofs, err := parseProofs(f.files[payload+ProofsPath])
	f.must(err)
	return bytes.Split(text, []byte("\n")), proofs
}

func (f *forger) put(lines [][]byte, proofs []custody.Proof) string {
	text, err := proofsText(proofs)
	f.must(err)
	f.files[payload+EntriesPath], f.files[payload+ProofsPath] = entriesText(lines), text
	return payload + EntriesPath
}

// entry edits the entries that a test picks, in the form in which the log writes them.
func (f *forger) entry(which func(custody.Entry) bool, change func(*custody.Entry)) string {
	f.t.Helper()
	lines, proofs := f.lines()
	changed := false
	for i, line := range lines {
		e, err := custody.ParseEntry(line)
		f.must(err)
		if !which(e) {
			continue
		}
		change(&e)
		lines[i], err = custody.MarshalEntry(e)
		f.must(err)
		changed = true
	}
	if !changed {
		f.t.Fatal("no such entry")
	}
	return f.put(lines, proofs)
}

// vouch writes the hash that a file has now into every entry that tells of it.
func (f *forger) vouch(file string) string {
	d := digestBytes(f.t, f.files[file])
	in := strings.TrimPrefix(file, payload)
	return f.entry(func(custody.Entry) bool { return true }, func(e *custody.Entry) {
		for i, a := range e.Artifacts {
			if a.Name == in || e.Action == custody.ExhibitAdmit && exhibitsDir+e.Object+"/"+a.Name == in {
				e.Artifacts[i].SHA256, e.Artifacts[i].Size = d.sha256, d.size
			}
		}
	})
}

// strange is a key that somebody made for a log of this name.
func (f *forger) strange() *custody.Key {
	seal := f.files[sealName]
	origin, _, _ := strings.Cut(string(seal), "\n")
	key, err := custody.NewKey(origin, bytes.Repeat([]byte{9}, 32))
	f.must(err)
	return key
}

// sealed is a seal by that key over what the packet's seal covers.
func (f *forger) sealed() []byte {
	rows := strings.Split(string(f.files[sealName]), "\n")
	var size int64
	_, err := fmt.Sscan(rows[1], &size)
	f.must(err)
	root, err := base64.StdEncoding.DecodeString(rows[2])
	f.must(err)
	seal, err := f.strange().Seal(size, custody.Hash(root))
	f.must(err)
	return seal.Text
}

// compatible writes the first character that has one as its compatibility ideograph: NFC makes it the same name again.
func compatible(name string) string {
	for r := rune(0xf900); r <= 0xfaff; r++ {
		if is := norm.NFC.String(string(r)); is != string(r) && strings.Contains(name, is) {
			return strings.Replace(name, is, string(r), 1)
		}
	}
	return name
}

// slot is a member of a ZIP that a forger writes byte by byte.
type slot struct {
	member
	data           []byte
	before         []byte            // bytes that belong to no file
	local, central func(head []byte) // changes to the headers
	hidden         bool              // the directory does not name it
}

// slots are the files as this program would write them.
func (f *forger) slots() (list []slot) {
	for _, path := range slices.Sorted(maps.Keys(f.files)) {
		b := f.files[path]
		list = append(list, slot{member: member{f.folder + "/" + path, int64(len(b)), crcOf(b)}, data: b})
	}
	return list
}

// at is where the file of that path stands among the slots.
func (f *forger) at(list []slot, path string) int {
	f.t.Helper()
	i := slices.IndexFunc(list, func(s slot) bool { return s.name == f.folder+"/"+path })
	if i < 0 {
		f.t.Fatalf("no %s", path)
	}
	return i
}

// zipped writes slots, between them and the directory what gap holds, and comment behind the end.
func zipped(list []slot, gap []byte, comment string) []byte {
	var out, directory []byte
	count := 0
	for _, s := range list {
		out = append(out, s.before...)
		local, central := s.member.local(), s.member.central(int64(len(out)))
		if s.local != nil {
			s.local(local)
		}
		if s.central != nil {
			s.central(central)
		}
		out = append(append(out, local...), s.data...)
		if !s.hidden {
			directory = append(directory, central...)
			count++
		}
	}
	out = append(out, gap...)
	end := ending(count, int64(len(directory)), int64(len(out)))
	le.PutUint16(end[len(end)-2:], uint16(len(comment)))
	return append(append(append(out, directory...), end...), comment...)
}

// mutation is one thing that a forger does. file is where a finding must lie; empty: the packet as a whole, or the ZIP itself.
type mutation struct {
	name string
	make func(f *forger) (mutant []byte, file string)
}

const added = payload + "10_補充理由.pdf"

// clever are what somebody does who knows the format and makes everything anew that he can.
var clever = []mutation{
	// Exhibits.
	{"an exhibit's file put in the place of another of equal size", func(f *forger) ([]byte, string) {
		a, b := f.pick(0, exhibitsDir), f.pick(1, exhibitsDir)
		f.files[a] = slices.Concat(f.files[b], bytes.Repeat([]byte{0}, len(f.files[a])-len(f.files[b])))
		return f.whole(), a
	}},
	{"two files of exhibits swapped", func(f *forger) ([]byte, string) {
		a, b := f.pick(0, exhibitsDir, "text.txt"), f.pick(1, exhibitsDir, "text.txt")
		f.files[a], f.files[b] = f.files[b], f.files[a]
		return f.whole(), a
	}},
	{"a file of an exhibit removed", func(f *forger) ([]byte, string) {
		a := f.pick(0, exhibitsDir)
		delete(f.files, a)
		return f.whole(), a
	}},
	{"a file added to an exhibit", func(f *forger) ([]byte, string) {
		a := path.Dir(f.pick(0, exhibitsDir, "text.txt")) + "/added.png"
		f.files[a] = []byte("\x89PNG")
		return f.whole(), a
	}},
	{"an exhibit under another number", func(f *forger) ([]byte, string) {
		from := path.Dir(f.pick(0, exhibitsDir, "text.txt"))
		for p, b := range maps.Clone(f.files) {
			if in, ok := strings.CutPrefix(p, from+"/"); ok {
				f.files[payload+exhibitsDir+"W0099/"+in] = b
				delete(f.files, p)
			}
		}
		return f.whole(), from + "/text.txt"
	}},
	{"an exhibit removed with its admission and the proof of it", func(f *forger) ([]byte, string) {
		from := path.Dir(f.pick(0, exhibitsDir, "text.txt"))
		maps.DeleteFunc(f.files, func(p string, _ []byte) bool { return strings.HasPrefix(p, from+"/") })
		lines, proofs := f.lines()
		for i, line := range lines {
			if e, err := custody.ParseEntry(line); err == nil && e.Action == custody.ExhibitAdmit && e.Object == path.Base(from) {
				return f.with(slices.Delete(lines, i, i+1), slices.Delete(proofs, i, i+1))
			}
		}
		return nil, ""
	}},
	{"an exhibit's file changed, and every entry that tells of it", func(f *forger) ([]byte, string) {
		f.edit(f.pick(0, exhibitsDir, "text.txt"), "保證", "並非")
		return f.then(f.vouch(f.pick(0, exhibitsDir, "text.txt")))
	}},

	// Papers and lists.
	{"a number that differs in prose", func(f *forger) ([]byte, string) {
		return f.then(f.inside(payload+"01_聲請書.docx", func(s string) string { return digit(s) }))
	}},
	{"a date that differs in prose", func(f *forger) ([]byte, string) {
		return f.then(f.inside(payload+"01_聲請書.odt", func(s string) string { return strings.Replace(s, "月", "月十", 1) }))
	}},
	{"a document that lists another name than the zone", func(f *forger) ([]byte, string) {
		return f.then(f.inside(payload+"01_聲請書.docx", func(s string) string { return strings.ReplaceAll(s, f.name(), "other.example") }))
	}},
	{"a change appended to a PDF", func(f *forger) ([]byte, string) {
		p := f.pick(0, payload+"01_聲請書.pdf")
		f.files[p] = append(bytes.Clone(f.files[p]), "\n9 0 obj <</Type /Page>> endobj\nstartxref\n0\n%%EOF\n"...)
		return f.then(p)
	}},
	{"a PDF of equal size with one digit changed", func(f *forger) ([]byte, string) {
		p := f.pick(0, payload+"02_", ".pdf")
		f.files[p] = []byte(digit(string(f.files[p])))
		return f.then(p)
	}},
	{"a paper replaced by that of another application", func(f *forger) ([]byte, string) {
		p := f.pick(0, payload+"01_聲請書.pdf")
		f.files[p] = f.other[p]
		return f.then(p)
	}},
	{"a paper removed", func(f *forger) ([]byte, string) {
		p := payload + "01_聲請書.odt"
		delete(f.files, p)
		return f.then(p)
	}},
	{"a name added to the zone", func(f *forger) ([]byte, string) {
		p := payload + zonePath
		f.files[p] = append(bytes.Clone(f.files[p]), "innocent.example IN A 192.0.2.1\n"...)
		return f.then(p)
	}},
	{"another name in the zone", func(f *forger) ([]byte, string) { return f.then(f.edit(payload+zonePath, f.name(), "other.example")) }},
	{"another name on the list", func(f *forger) ([]byte, string) {
		return f.then(f.edit(payload+domainsPath, f.name(), "other.example"))
	}},
	{"another name in the table's data", func(f *forger) ([]byte, string) {
		return f.then(f.edit(payload+tableJSONPath, f.name(), "other.example"))
	}},
	{"another name on the table's sheet", func(f *forger) ([]byte, string) {
		return f.then(f.edit(payload+tableCSVPath, f.name(), "other.example"))
	}},
	{"another name in every list at once", func(f *forger) ([]byte, string) {
		name := f.name()
		for _, p := range []string{tableJSONPath, tableCSVPath, domainsPath, zonePath} {
			f.files[payload+p] = bytes.ReplaceAll(f.files[payload+p], []byte(name), []byte("other.example"))
		}
		return f.then(payload + zonePath)
	}},
	{"another name in every list at once, and in every entry that tells of them", func(f *forger) ([]byte, string) {
		name, file := f.name(), ""
		for _, p := range []string{tableJSONPath, tableCSVPath, domainsPath, zonePath} {
			f.files[payload+p] = bytes.ReplaceAll(f.files[payload+p], []byte(name), []byte("other.example"))
			file = f.vouch(payload + p)
		}
		return f.then(file)
	}},
	{"another viewer", func(f *forger) ([]byte, string) {
		p := payload + "08_檢視器.html"
		f.files[p] = []byte("<!doctype html><p>相符")
		return f.then(p)
	}},

	// The log.
	{"an entry removed with its proof", func(f *forger) ([]byte, string) {
		lines, proofs := f.lines()
		return f.with(slices.Delete(lines, 1, 2), slices.Delete(proofs, 1, 2))
	}},
	{"two entries in another order", func(f *forger) ([]byte, string) {
		lines, proofs := f.lines()
		lines[1], lines[2], proofs[1], proofs[2] = lines[2], lines[1], proofs[2], proofs[1]
		return f.with(lines, proofs)
	}},
	{"an entry twice", func(f *forger) ([]byte, string) {
		lines, proofs := f.lines()
		return f.with(slices.Insert(lines, 1, lines[1]), slices.Insert(proofs, 1, proofs[1]))
	}},
	{"a date in an entry", func(f *forger) ([]byte, string) {
		return f.then(f.entry(func(e custody.Entry) bool { return e.Action == custody.PacketBuild }, func(e *custody.Entry) {
			e.Time = custody.At(e.Time.AddDate(0, 0, -1))
		}))
	}},
	{"an operator's name in an entry", func(f *forger) ([]byte, string) {
		return f.then(f.entry(func(e custody.Entry) bool { return e.Number > 1 }, func(e *custody.Entry) { e.Operator.Name = "林某" }))
	}},
	{"proofs of another size of tree", func(f *forger) ([]byte, string) {
		f.files[payload+ProofsPath] = f.other[payload+ProofsPath]
		return f.then(payload + ProofsPath)
	}},
	{"two proofs swapped", func(f *forger) ([]byte, string) {
		lines, proofs := f.lines()
		proofs[1].Hashes, proofs[2].Hashes = proofs[2].Hashes, proofs[1].Hashes
		f.put(lines, proofs)
		return f.then(payload + ProofsPath)
	}},
	{"proofs written in another form", func(f *forger) ([]byte, string) { return f.then(f.edit(payload+ProofsPath, "\n]", " \n]")) }},
	{"an entry written in another form", func(f *forger) ([]byte, string) {
		return f.then(f.edit(payload+EntriesPath, `"number":1,`, `"number": 1,`))
	}},
	{"an older seal", func(f *forger) ([]byte, string) {
		f.files[sealName] = f.other[sealName]
		return f.then(sealName)
	}},
	{"the log of another packet", func(f *forger) ([]byte, string) {
		for _, p := range []string{payload + EntriesPath, payload + ProofsPath, sealName} {
			f.files[p] = f.other[p]
		}
		return f.then(f.pick(0, payload+"01_聲請書.pdf"))
	}},
	{"a seal by another key", func(f *forger) ([]byte, string) {
		f.files[sealName] = f.sealed()
		return f.then(sealName)
	}},
	{"a seal by another key, which the first entry names", func(f *forger) ([]byte, string) {
		f.files[sealName] = f.sealed()
		return f.then(f.entry(func(e custody.Entry) bool { return e.Number == 1 }, func(e *custody.Entry) { e.Detail[detailKey] = f.strange().Public() }))
	}},
	{"two signatures on the seal", func(f *forger) ([]byte, string) {
		seal := f.files[sealName]
		f.files[sealName] = append(bytes.Clone(seal), seal[bytes.Index(seal, []byte("— ")):]...)
		return f.then(sealName)
	}},
	{"the seal's signature written otherwise", func(f *forger) ([]byte, string) {
		f.files[sealName] = respell(f.t, f.files[sealName])
		return f.then(sealName)
	}},
	{"the seal's root written otherwise", func(f *forger) ([]byte, string) {
		rows := strings.SplitN(string(f.files[sealName]), "\n", 4)
		rows[2] = strings.TrimRight(string(respell(f.t, []byte(rows[2]+"\n"))), "\n")
		f.files[sealName] = []byte(strings.Join(rows, "\n"))
		return f.then(sealName)
	}},
	{"a size of the seal with a sign before it", func(f *forger) ([]byte, string) {
		rows := strings.SplitN(string(f.files[sealName]), "\n", 3)
		rows[1] = "+" + rows[1]
		f.files[sealName] = []byte(strings.Join(rows, "\n"))
		return f.then(sealName)
	}},

	// Stamps and signatures.
	{"a stamp over other content", func(f *forger) ([]byte, string) {
		f.files["seal.tsr"] = reimprinted(f.t, f.files["seal.tsr"], f.files[sealName])
		return f.then("seal.tsr")
	}},
	{"no stamp at all, only its name", func(f *forger) ([]byte, string) {
		f.files["seal.tsr"] = []byte("stamped")
		return f.then("seal.tsr")
	}},
	{"a signature taken away", func(f *forger) ([]byte, string) {
		f.turn()
		delete(f.files, signatureName)
		return f.then(signatureName)
	}},
	{"a signed packet changed and listed anew", func(f *forger) ([]byte, string) {
		f.turn()
		f.files[infoName] = append(f.files[infoName], "Note: x\n"...)
		return f.then(signatureName)
	}},
	{"a signature by another person", func(f *forger) ([]byte, string) {
		f.turn()
		f.files[signatureName] = operator(f.t).over(f.t, f.files[tagManifestName])
		return f.then(signatureName)
	}},
	{"a signature added to a packet that nobody signed", func(f *forger) ([]byte, string) {
		f.files[signatureName] = operator(f.t).over(f.t, f.files[tagManifestName])
		return f.then(signatureName)
	}},
	{"a signature with one bit changed", func(f *forger) ([]byte, string) {
		f.turn()
		f.files[signatureName] = bytes.Clone(f.files[signatureName])
		f.files[signatureName][len(f.files[signatureName])-2] ^= 1
		return f.then(signatureName)
	}},

	// Manifests.
	{"the manifest of one algorithm dropped", func(f *forger) ([]byte, string) {
		delete(f.files, manifest512Name)
		return f.retagged(), manifest512Name
	}},
	{"the manifest of the other algorithm dropped", func(f *forger) ([]byte, string) {
		delete(f.files, manifest256Name)
		return f.retagged(), manifest256Name
	}},
	{"the tag manifest dropped", func(f *forger) ([]byte, string) {
		delete(f.files, tagManifestName)
		return f.plain(), tagManifestName
	}},
	{"a manifest that says another hash", func(f *forger) ([]byte, string) {
		other := fmt.Sprintf("%x", sha256.Sum256(nil))
		f.files[manifest512Name] = append([]byte(other+other), f.files[manifest512Name][128:]...)
		return f.retagged(), manifest512Name
	}},
	{"a manifest in another order", func(f *forger) ([]byte, string) {
		rows := bytes.SplitAfter(f.files[manifest256Name], []byte("\n"))
		rows[0], rows[1] = rows[1], rows[0]
		f.files[manifest256Name] = bytes.Join(rows, nil)
		return f.retagged(), manifest256Name
	}},
	{"a manifest in another order, of the other algorithm", func(f *forger) ([]byte, string) {
		rows := bytes.SplitAfter(f.files[manifest512Name], []byte("\n"))
		rows[0], rows[1] = rows[1], rows[0]
		f.files[manifest512Name] = bytes.Join(rows, nil)
		return f.retagged(), manifest512Name
	}},
	{"a line of a manifest twice", func(f *forger) ([]byte, string) {
		rows := bytes.SplitAfter(f.files[manifest256Name], []byte("\n"))
		f.files[manifest256Name] = bytes.Join(slices.Insert(rows, 1, rows[0]), nil)
		return f.retagged(), manifest256Name
	}},
	{"a tag manifest without the seal", func(f *forger) ([]byte, string) {
		rows := bytes.SplitAfter(f.files[tagManifestName], []byte("\n"))
		f.files[tagManifestName] = bytes.Join(slices.DeleteFunc(rows, func(row []byte) bool { return bytes.HasSuffix(row, []byte("  seal.txt\n")) }), nil)
		return f.plain(), tagManifestName
	}},
	{"an extra file that every manifest lists", func(f *forger) ([]byte, string) {
		f.files[added] = []byte("%PDF-1.4")
		return f.then(added)
	}},
	{"an extra file beside the papers that every manifest lists", func(f *forger) ([]byte, string) {
		f.files["note.txt"] = []byte("x")
		return f.then("note.txt")
	}},
	{"a field of bag-info.txt", func(f *forger) ([]byte, string) {
		f.files[infoName] = append(bytes.Clone(f.files[infoName]), "Zz: x\n"...)
		return f.then(infoName)
	}},
	{"another version of BagIt", func(f *forger) ([]byte, string) { return f.then(f.edit(bagitName, "1.0", "0.97")) }},

	// Names.
	{"a name in another form of Unicode", func(f *forger) ([]byte, string) {
		from := f.pick(0, payload+"06_執行/執行單.pdf")
		f.files[compatible(from)] = f.files[from]
		delete(f.files, from)
		return f.then(compatible(from))
	}},
	{"one name in two forms of Unicode", func(f *forger) ([]byte, string) {
		from := f.pick(0, payload+"06_執行/執行單.pdf")
		f.files[compatible(from)] = []byte("%PDF-1.4")
		return f.then(compatible(from))
	}},
	{"a decomposed name", func(f *forger) ([]byte, string) {
		p := payload + "re\u0301ponse.txt"
		f.files[p] = []byte("x")
		return f.then(p)
	}},
	{"a name that differs in case alone", func(f *forger) ([]byte, string) {
		p := f.pick(0, exhibitsDir, "text.txt")
		other := payload + exhibitsDir + strings.ToLower(strings.TrimPrefix(p, payload+exhibitsDir))
		f.files[other] = f.files[p]
		return f.then(other)
	}},
	{"a path that climbs out", func(f *forger) ([]byte, string) {
		f.files["data/../../evil.txt"] = []byte("x")
		return f.then("data/../../evil.txt")
	}},
	{"a path that begins at the root", func(f *forger) ([]byte, string) {
		list := f.slots()
		list = append([]slot{{member: member{"/etc/evil.txt", 1, crcOf([]byte("x"))}, data: []byte("x")}}, list...)
		return zipped(list, nil, ""), ""
	}},
	{"a path that climbs out of the folder, packed by another program", func(f *forger) ([]byte, string) {
		b := f.again(nil, &zip.FileHeader{Name: f.folder + "/../evil.txt"})
		return b, "../evil.txt"
	}},
	{"a path with a device of Windows", func(f *forger) ([]byte, string) {
		f.files["data/aux.txt"] = []byte("x")
		return f.then("data/aux.txt")
	}},

	// The ZIP.
	{"one name twice", func(f *forger) ([]byte, string) {
		list := f.slots()
		i := f.at(list, payload+zonePath)
		b := []byte("innocent.example IN A 192.0.2.1\n")
		list = slices.Insert(list, i+1, slot{member: member{list[i].name, int64(len(b)), crcOf(b)}, data: b})
		return zipped(list, nil, ""), payload + zonePath
	}},
	{"bytes behind the ZIP", func(f *forger) ([]byte, string) { return append(bytes.Clone(f.raw), "MZ junk"...), "" }},
	{"bytes before the ZIP", func(f *forger) ([]byte, string) { return append([]byte("MZ junk"), f.raw...), "" }},
	{"another ZIP before this one", func(f *forger) ([]byte, string) {
		first := zipped([]slot{{member: member{"x.txt", 1, crcOf([]byte("x"))}, data: []byte("x")}}, nil, "")
		return append(first, f.raw...), ""
	}},
	{"another ZIP behind this one", func(f *forger) ([]byte, string) {
		return append(bytes.Clone(f.raw), zipped([]slot{{member: member{"x.txt", 1, crcOf([]byte("x"))}, data: []byte("x")}}, nil, "")...), ""
	}},
	{"bytes between two members", func(f *forger) ([]byte, string) {
		list := f.slots()
		i := f.at(list, payload+zonePath)
		list[i].before = []byte("hidden")
		return zipped(list, nil, ""), payload + zonePath
	}},
	{"bytes before the directory", func(f *forger) ([]byte, string) { return zipped(f.slots(), []byte("hidden"), ""), "" }},
	{"a member that the directory does not name", func(f *forger) ([]byte, string) {
		list := f.slots()
		i := f.at(list, payload+zonePath)
		b := []byte("innocent.example IN A 192.0.2.1\n")
		list = slices.Insert(list, i, slot{member: member{f.folder + "/data/06_執行/a.zone", int64(len(b)), crcOf(b)}, data: b, hidden: true})
		return zipped(list, nil, ""), payload + zonePath
	}},
	{"two directories", func(f *forger) ([]byte, string) {
		offset, _, err := findDirectory(bytes.NewReader(f.raw), int64(len(f.raw)))
		f.must(err)
		return append(bytes.Clone(f.raw), f.raw[offset:]...), ""
	}},
	{"another directory in the comment", func(f *forger) ([]byte, string) {
		return zipped(f.slots(), nil, string(zipped(f.slots()[:1], nil, ""))), ""
	}},
	{"members in another order", func(f *forger) ([]byte, string) {
		list := f.slots()
		i := f.at(list, payload+zonePath)
		list[i], list[i+1] = list[i+1], list[i]
		return zipped(list, nil, ""), payload + zonePath
	}},
	{"a member that is a link", func(f *forger) ([]byte, string) {
		list := f.slots()
		list[f.at(list, payload+zonePath)].central = func(b []byte) { le.PutUint32(b[38:], 0o120777<<16) }
		return zipped(list, nil, ""), payload + zonePath
	}},
	{"a link, packed by another program", func(f *forger) ([]byte, string) {
		return f.again(func(h *zip.FileHeader) {
			if strings.HasSuffix(h.Name, zonePath) {
				h.SetMode(0o777 | 1<<27)
			}
		}), payload + zonePath
	}},
	{"an empty folder", func(f *forger) ([]byte, string) {
		list := f.slots()
		list = slices.Insert(list, f.at(list, payload+zonePath)+1, slot{member: member{f.folder + "/data/06_執行/空/", 0, 0}})
		return zipped(list, nil, ""), "data/06_執行/空/"
	}},
	{"an empty folder of an exhibit, packed by another program", func(f *forger) ([]byte, string) {
		b := f.again(nil, &zip.FileHeader{Name: f.folder + "/" + payload + exhibitsDir + "W0099/"})
		return b, payload + exhibitsDir + "W0099/"
	}},
	{"an empty folder that climbs out, packed by another program", func(f *forger) ([]byte, string) {
		b := f.again(nil, &zip.FileHeader{Name: f.folder + "/../../evil/"})
		return b, "../../evil/"
	}},
	{"another name in the local header", func(f *forger) ([]byte, string) {
		list := f.slots()
		i := f.at(list, payload+zonePath)
		list[i].local = func(b []byte) { copy(b[len(b)-4:], "evil") }
		return zipped(list, nil, ""), payload + zonePath
	}},
	{"another size in the local header", func(f *forger) ([]byte, string) {
		list := f.slots()
		i := f.at(list, payload+zonePath)
		list[i].local = func(b []byte) { le.PutUint32(b[22:], le.Uint32(b[22:])-1) }
		return zipped(list, nil, ""), payload + zonePath
	}},
	{"said to be encrypted in the local header alone, packed by another program", func(f *forger) ([]byte, string) {
		b := f.again(nil)
		at := bytes.Index(b, []byte(f.folder+"/"+payload+zonePath)) - localLen
		b[at+6] |= 1
		return b, payload + zonePath
	}},
	{"another name in an extra field, packed by another program", func(f *forger) ([]byte, string) {
		return f.again(func(h *zip.FileHeader) {
			if strings.HasSuffix(h.Name, zonePath) {
				name := strings.Replace(h.Name, zonePath, "06_執行/evil.zone", 1)
				h.Extra = slices.Concat(le.AppendUint16(le.AppendUint16(nil, 0x7075), uint16(5+len(name))), []byte{1}, le.AppendUint32(nil, crcOf([]byte(h.Name))), []byte(name))
			}
		}), payload + zonePath
	}},
	{"another checksum in both places", func(f *forger) ([]byte, string) {
		list := f.slots()
		list[f.at(list, payload+zonePath)].crc ^= 1
		return zipped(list, nil, ""), payload + zonePath
	}},
	{"another time in the directory", func(f *forger) ([]byte, string) {
		list := f.slots()
		list[f.at(list, payload+zonePath)].central = func(b []byte) { b[13]++ }
		return zipped(list, nil, ""), payload + zonePath
	}},
	{"another folder's name", func(f *forger) ([]byte, string) {
		f.folder = strings.Replace(f.folder, "X01", "X02", 1)
		return f.whole(), ""
	}},
	{"an exhibit changed, packed by another program", func(f *forger) ([]byte, string) {
		p := f.edit(f.pick(0, exhibitsDir, "text.txt"), "保證", "並非")
		return f.again(nil), p
	}},
}

// turn has him work at the signed packet.
func (f *forger) turn() {
	_, name, _ := strings.Cut(string(f.signed[infoName]), "External-Identifier: ")
	f.folder, _, _ = strings.Cut(name, "\n")
	f.files = f.signed
}

// then has everything made anew after a change to file.
func (f *forger) then(file string) ([]byte, string) { return f.whole(), file }

// with writes another log.
func (f *forger) with(lines [][]byte, proofs []custody.Proof) ([]byte, string) {
	return f.then(f.put(lines, proofs))
}

// digit changes the last decimal digit of a text.
func digit(s string) string {
	i := strings.LastIndexAny(s, "0123456789")
	if i < 0 {
		return s
	}
	return s[:i] + string('0'+(s[i]-'0'+1)%10) + s[i+1:]
}

// reimprinted is a time stamp over another message than this: whoever has one, has it for any message but the one that he needs.
func reimprinted(t testing.TB, reply, message []byte) []byte {
	t.Helper()
	for _, hash := range [][]byte{sumOf(message), []byte(sum(message))} {
		if at := bytes.Index(reply, hash); at >= 0 {
			out := bytes.Clone(reply)
			copy(out[at:], bytes.Repeat([]byte("7"), len(hash)))
			return out
		}
	}
	t.Fatal("the stamp does not name what it is over")
	return nil
}

func sumOf(b []byte) []byte {
	h := sha256.Sum256(b)
	return h[:]
}

func digestBytes(t testing.TB, b []byte) digest {
	t.Helper()
	d, err := digestOf(context.Background(), bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return d
}
