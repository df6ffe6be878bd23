// Package office reads the data folder of an office: law, lists, phrases and templates of papers that stand in place of those that the program
// brings. What it gives is whole and has the form that it must have, or is an error that names the file and the field.
//
// The folder holds data/NAME.json, documents/NAME.paper and documents/NAME.parts, under the names of package assets, and nothing else. A file
// replaces the program's of its name as a whole, but for three of which an office amends parts: articles of statutes.json by their id, sentences of
// findings.json by their code, words of words.json by their kind and value. It is read once, before the first use: one run of the program knows one state of it.
package office

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"sync"

	"yuzheng/casefile/application"
	"yuzheng/casefile/document"
)

// The parts of the folder.
const (
	dataPart      = "data"
	documentsPart = "documents"
)

// replaceable are the lists in whose place an office can put its own: those that the gate, the checks and the papers go by.
var replaceable = []string{
	"application_types", "execution", "findings", "freemail", "inspection", "official", "platforms", "popular", "sinkholes", "statutes", "words",
}

// Folder is a data folder over what the program brings. It is safe for concurrent use.
type Folder struct {
	dir             string
	data, documents fs.FS // of the program
	once            func() (*state, error)
}

// state is what is in force.
type state struct {
	data, documents fs.FS
	sum             string
}

// New names the folder, "" for none; nothing is read before it is needed.
func New(dir string, data, documents fs.FS) *Folder {
	f := &Folder{data: data, documents: documents}
	f.Use(dir)
	return f
}

// Use names another folder, before anything was read.
func (f *Folder) Use(dir string) { f.dir, f.once = dir, sync.OnceValues(f.read) }

// Dir is where the folder lies, "" for none.
func (f *Folder) Dir() string { return f.dir }

// Data holds the lists in force as NAME.json. An article or a list of the office says that it is from there.
func (f *Folder) Data() fs.FS { return late(func() (fs.FS, error) { return f.part((*state).Data) }) }

// Documents holds the templates in force as NAME.paper.
func (f *Folder) Documents() fs.FS {
	return late(func() (fs.FS, error) { return f.part((*state).Documents) })
}

func (s *state) Data() fs.FS      { return s.data }
func (s *state) Documents() fs.FS { return s.documents }

func (f *Folder) part(of func(*state) fs.FS) (fs.FS, error) {
	s, err := f.once()
	if err != nil {
		return nil, err
	}
	return of(s), nil
}

// SHA256 is the hash of the folder, in hexadecimal: of what sha256sum writes of its files, named from the folder on and in the order of their bytes
// (LC_ALL=C sha256sum data/* documents/* | sha256sum). It is empty where there is no file.
func (f *Folder) SHA256() (string, error) {
	s, err := f.once()
	if err != nil {
		return "", err
	}
	return s.sum, nil
}

// late is a folder that is made when the first file of it is opened.
type late func() (fs.FS, error)

// Open implements fs.FS.
func (l late) Open(name string) (fs.File, error) {
	files, err := l()
	if err != nil {
		return nil, err
	}
	return files.Open(name)
}

// read reads the folder, puts it over what the program brings, and reads all of that as the program will.
func (f *Folder) read() (*state, error) {
	s := &state{data: f.data, documents: f.documents}
	if f.dir == "" {
		return s, nil
	}
	var names []string
	for _, n := range replaceable {
		names = append(names, path.Join(dataPart, n+".json"))
	}
	papers, err := document.TemplateFiles(f.documents)
	if err != nil {
		return nil, err
	}
	for _, n := range papers {
		names = append(names, path.Join(documentsPart, n))
	}
	files, err := readFolder(f.dir, names)
	if err != nil || len(files) == 0 {
		return s, err
	}
	if s.data, err = f.over(f.data, dataPart, files, mergeList); err != nil {
		return nil, err
	}
	if s.documents, err = f.over(f.documents, documentsPart, files, mergeTemplate); err != nil {
		return nil, err
	}
	s.sum = sum(files)
	return s, check(s.data)
}

// sum hashes the lines of sha256sum.
func sum(files map[string][]byte) string {
	all := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		one := sha256.Sum256(files[name])
		fmt.Fprintf(all, "%x  %s\n", one, name)
	}
	return hex.EncodeToString(all.Sum(nil))
}

// merger makes one file of the office's and the program's.
type merger func(name string, theirs, ours []byte) ([]byte, error)

// over puts the files of a part over the program's. What comes of it is an archive in memory, which is a folder to who reads it.
func (f *Folder) over(under fs.FS, part string, files map[string][]byte, merge merger) (fs.FS, error) {
	var all bytes.Buffer
	w := zip.NewWriter(&all)
	err := fs.WalkDir(under, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(under, name)
		if err != nil {
			return err
		}
		if theirs, ok := files[path.Join(part, name)]; ok {
			if text, err = merge(name, theirs, text); err != nil {
				return err
			}
		}
		out, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err == nil {
			_, err = out.Write(text)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return zip.NewReader(bytes.NewReader(all.Bytes()), int64(all.Len()))
}

// mergeTemplate is their template, which says that it is the office's.
func mergeTemplate(name string, theirs, _ []byte) ([]byte, error) {
	if _, err := application.SourceOf(name, theirs); err != nil {
		return nil, err
	}
	if err := document.CheckTemplate(name, string(theirs)); err != nil {
		return nil, &application.DataError{File: name, Problem: err.Error()}
	}
	return append(bytes.TrimRight(theirs, "\n"), "\n// from: "+application.FromOffice+"\n"...), nil
}

// check reads the lists as the program does.
func check(data fs.FS) error {
	if _, err := application.LoadLists(data); err != nil {
		return err
	}
	const name = "inspection.json"
	text, err := fs.ReadFile(data, name)
	if err != nil {
		return err
	}
	var list struct {
		application.Source
		Issuers []string `json:"issuers"`
	}
	if err := application.Parse(name, text, &list); err != nil {
		return err
	}
	if len(list.Issuers) == 0 || slices.Contains(list.Issuers, "") {
		return &application.DataError{File: name, Field: "issuers", Problem: "is missing"}
	}
	return nil
}
