package redact

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"yuzheng/casefile/evidence"
)

// The bounds of an archive: its files, and bytes of all of them unpacked.
const (
	maxFiles    = 10_000
	maxUnpacked = 256 << 20
)

var errArchive = errors.New("an archive beyond its bounds")

// file is one of an archive.
type file struct {
	name string
	data []byte
}

// files unpacks a ZIP, in its order. Folders are none.
func files(data []byte) ([]file, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	if len(z.File) > maxFiles {
		return nil, errArchive
	}
	var list []file
	left := int64(maxUnpacked)
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(io.LimitReader(r, left+1))
		if err = errors.Join(err, r.Close()); err != nil {
			return nil, err
		}
		if left -= int64(len(body)); left < 0 {
			return nil, errArchive
		}
		list = append(list, file{f.Name, body})
	}
	return list, nil
}

// pack writes a ZIP whose bytes follow from the files alone: no times, no comments, no fields of other programs. The first is stored as it is
// where it is called mimetype (OpenDocument 1.3 part 2, 3.3).
func pack(list []file) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for i, f := range list {
		//lint:ignore SA1019 Modified would add an extra field, which OpenDocument forbids at mimetype
		h := &zip.FileHeader{Name: f.name, Method: zip.Deflate, ModifiedDate: 1<<5 | 1}
		if i == 0 && f.name == "mimetype" {
			h.Method = zip.Store
		}
		w, err := z.CreateHeader(h)
		if err == nil {
			_, err = w.Write(f.data)
		}
		if err != nil {
			panic("redact: a ZIP in memory: " + err.Error())
		}
	}
	if err := z.Close(); err != nil {
		panic("redact: a ZIP in memory: " + err.Error())
	}
	return out.Bytes()
}

// zip masks each file of an archive, and their names.
func (r *Redactor) zip(name string, data []byte) Copy {
	if r.depth >= depth {
		return leaveOut(evidence.LeftFormat)
	}
	list, err := files(data)
	switch {
	case errors.Is(err, errArchive):
		return leaveOut(evidence.LeftLarge)
	case err != nil:
		return leaveOut(evidence.LeftDamaged)
	}
	switch names := namesOf(list); {
	case names["word/document.xml"], names["content.xml"] && names["META-INF/manifest.xml"]:
		return r.office(name, list)
	case names["AndroidManifest.xml"], names["[Content_Types].xml"], names["datapackage.json"]:
		return leaveOut(evidence.LeftFormat) // a program, a table, slides, an archive of the web by others
	}
	r.depth++
	defer func() { r.depth-- }()
	var out Copy
	var kept []file
	names := map[string]bool{}
	for _, f := range list {
		shown := r.Text(f.name, nil)
		c := r.Piece(name+"!"+f.name, "", f.data)
		out.Add(shown, c)
		if c.LeftOut == "" {
			kept = append(kept, file{unused(names, shown), c.Data})
		}
	}
	out.Data = pack(kept)
	return out
}

func namesOf(list []file) map[string]bool {
	names := map[string]bool{}
	for _, f := range list {
		names[f.name] = true
	}
	return names
}

// unused gives a name that is not yet used, and uses it: masking may make two names the same.
func unused(names map[string]bool, name string) string {
	free := name
	for n := 2; names[free]; n++ {
		ending := path.Ext(name)
		free = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, ending), n, ending)
	}
	names[free] = true
	return free
}
