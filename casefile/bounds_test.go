package casefile

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLongFiles puts files into a case that are longer than they may be: each is named, and none is read whole.
func TestLongFiles(t *testing.T) {
	c, dir, _ := newCase(t)
	closeCase(t, c)
	long := bytes.Repeat([]byte("a"), maxEnvelope+1)
	stray := filepath.Join(keysDir, "passphrase-"+strings.Repeat("0", 16)+".age")
	if err := os.WriteFile(filepath.Join(dir, stray), long, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, found, err := readEnvelope(dir, filepath.Base(stray)); err != nil || found == nil || !strings.Contains(found.Problem, "longer") {
		t.Errorf("a long envelope: %+v %v", found, err)
	}
	reopen(t, dir) // the way that is sound opens it all the same
	other := t.TempDir()
	if err := os.WriteFile(filepath.Join(other, headFile), long, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readHead(other); !tamperedWith(err, "longer") {
		t.Errorf("a long case.json: %v", err)
	}
}

func tamperedWith(err error, word string) bool {
	t, ok := errors.AsType[*TamperError](err)
	return ok && strings.Contains(t.Problem, word)
}

// FuzzUnpack: whatever stands in a packed case, nothing is laid outside its folder, and what is not a case is damage.
func FuzzUnpack(f *testing.F) {
	files := func(names ...string) []byte {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		for _, name := range names {
			if err := errors.Join(w.WriteHeader(&tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o600, Size: 2}), write2(w)); err != nil {
				f.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			f.Fatal(err)
		}
		return b.Bytes()
	}
	f.Add(files("case.json", "db/000001.sst", "closed"))
	f.Add(files("case.json", "../case.json", "closed"))
	f.Add(files("case.json", "case.json", "closed"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		around := t.TempDir()
		dir := filepath.Join(around, "case")
		if err := emptyDir(dir); err != nil {
			t.Fatal(err)
		}
		err := unpackFolder(t.Context(), bytes.NewReader(b), dir)
		if _, ok := errors.AsType[*TamperError](err); err != nil && !ok {
			t.Fatalf("%v", err)
		}
		if list, err := os.ReadDir(around); err != nil || len(list) != 1 {
			t.Fatalf("%v %v", list, err)
		}
	})
}

func write2(w io.Writer) error {
	_, err := w.Write([]byte("{}"))
	return err
}
