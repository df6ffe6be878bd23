package office

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"unicode/utf8"

	"yuzheng/casefile/application"
	"yuzheng/casefile/legible"
	"yuzheng/casefile/private"
)

// What is read of a folder.
const (
	maxFile    = 4 << 20 // bytes of a file
	maxEntries = 100     // of the folder or a part of it
)

// readFolder gives the files of a folder by their names in it, all of which must be among names. Nobody but the user or the administrator can have
// written them (private.ErrShared): who can change a list decides what is seized.
func readFolder(dir string, names []string) (map[string][]byte, error) {
	parts, err := entries(dir, "")
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, part := range parts {
		if !part.IsDir() || part.Name() != dataPart && part.Name() != documentsPart {
			return nil, &application.DataError{File: part.Name(), Problem: strange}
		}
		list, err := entries(dir, part.Name())
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			name := path.Join(part.Name(), e.Name())
			if !slices.Contains(names, name) {
				return nil, &application.DataError{File: name, Problem: strange}
			}
			if !e.Type().IsRegular() {
				return nil, &application.DataError{File: name, Problem: "is a link or no file"}
			}
			if files[name], err = readFile(dir, name); err != nil {
				return nil, err
			}
		}
	}
	return files, nil
}

const strange = "is no name of the program's data"

// entries lists a folder, as what its entries are themselves and not what they lead to.
func entries(dir, part string) ([]fs.DirEntry, error) {
	at := filepath.Join(dir, part)
	info, err := private.Mine(at)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return nil, &application.DataError{File: at, Problem: "is no folder"}
	}
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	f, err := os.Open(at)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	defer f.Close()
	list, err := f.ReadDir(maxEntries + 1)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if len(list) > maxEntries {
		return nil, &application.DataError{File: path.Join(part, "*"), Problem: fmt.Sprintf("there are more than %d files", maxEntries)}
	}
	return list, nil
}

// readFile reads one file, which holds text that a reader sees.
func readFile(dir, name string) ([]byte, error) {
	f, err := private.Open(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("data folder: %w", err)
	case len(text) > maxFile:
		return nil, &application.DataError{File: name, Problem: fmt.Sprintf("is longer than %d bytes", maxFile)}
	case !utf8.Valid(text):
		return nil, &application.DataError{File: name, Problem: "is no UTF-8"}
	}
	for i, r := range string(text) {
		if legible.Hidden(r) && r != '\n' && r != '\r' && r != '\t' && (r != '\ufeff' || i > 0) {
			return nil, &application.DataError{File: name, Problem: fmt.Sprintf("holds the hidden character %U", r)}
		}
	}
	return text, nil
}
