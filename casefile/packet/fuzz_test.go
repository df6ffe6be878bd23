package packet

import (
	"archive/zip"
	"bytes"
	"context"
	"testing"
)

// FuzzZIP: whatever a ZIP is, its reader gives an answer, and the answer is of this program's size.
func FuzzZIP(f *testing.F) {
	b := good(f)
	f.Add(b)
	files := contents(f, b)
	for _, method := range []uint16{zip.Store, zip.Deflate} {
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		for name, text := range files {
			m, err := w.CreateHeader(&zip.FileHeader{Name: sampleName + "/" + name, Method: method})
			if err == nil {
				_, err = m.Write(text)
			}
			if err != nil {
				f.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			f.Fatal(err)
		}
		f.Add(out.Bytes())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := VerifyZIP(context.Background(), bytes.NewReader(b), int64(len(b)), Options{Stamp: readFakeStamp, Now: nil})
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range r.Findings {
			if one.Code == CheckBroken || len(one.Problem) > maxSaid+len("…") || len(one.File) > maxName+len("…") {
				t.Fatalf("%+v", one)
			}
		}
		if len(r.Findings)+r.Following() > maxFindings+len(r.Findings) {
			t.Fatalf("%d findings", r.Following())
		}
	})
}

// FuzzTexts gives each reader of a packet's texts what it likes: none breaks off, and proofs have one form.
func FuzzTexts(f *testing.F) {
	files := contents(f, good(f))
	for _, path := range []string{
		payload + EntriesPath, payload + ProofsPath, sealName, manifest256Name, manifest512Name, tagManifestName, infoName,
	} {
		f.Add(files[path])
	}
	f.Add([]byte(`[{"name":"a.tw","scope":"exact","exhibits":["W0001"]}]`))
	f.Add([]byte("\ufeff網域名稱,範圍\na.tw,含子網域\n"))
	f.Add([]byte("$TTL 60\n@ IN SOA . . 1 2 3 4 5\na.tw IN CNAME .\n*.a.tw IN CNAME .\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if list, err := parseManifest(text); err == nil && !bytes.Equal(manifestText(list), text) {
			t.Error("a manifest in another form")
		}
		if list, err := parseProofs(text); err == nil {
			if again, err := proofsText(list); err != nil || !bytes.Equal(again, text) {
				t.Error("proofs in another form")
			}
		}
		c := &check{log: &record{}, report: blank(bag{}), digests: map[string]digest{}}
		for _, read := range []func([]byte) (names, error){c.table, sheet, zone} {
			if list, err := read(text); err == nil && len(list) > maxTargets*2+100 {
				t.Errorf("%d targets", len(list))
			}
		}
		entries, proofs, seal := files[payload+EntriesPath], files[payload+ProofsPath], files[sealName]
		for i := range 3 {
			in := [][]byte{entries, proofs, seal}
			same := bytes.Equal(in[i], text)
			in[i] = text
			if log, _ := readLog(in[0], in[1], in[2]); log.sound && !same {
				t.Errorf("another text is part of a sound log")
			}
		}
	})
}
