package casefile

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// findings runs a check to its end.
func findings(t testing.TB, c *Case, o CheckOptions) []Finding {
	t.Helper()
	var list []Finding
	for f, err := range c.Check(t.Context(), o) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, f)
	}
	return list
}

func clean(t testing.TB, c *Case) {
	t.Helper()
	for _, f := range findings(t, c, CheckOptions{}) {
		t.Errorf("check: %v", f)
	}
}

// furnish gives a case one of everything.
func furnish(t testing.TB, c *Case) {
	t.Helper()
	admit(t, c, map[string][]byte{"empty": {}, "page.html": noise(2, 70_000), "archive.wacz": noise(3, 3<<20)})
	admit(t, c, map[string][]byte{"archive.wacz": noise(3, 3<<20), "other": noise(4, 300_000)})
	for range 2 {
		if _, err := c.Put(t.Context(), "target", "D001", map[string]int{"n": 1}, "because"); err != nil {
			t.Fatal(err)
		}
	}
	in, err := c.Receive(t.Context(), IntakeOptions{Action: "document.render", Object: "S01"})
	if err != nil {
		t.Fatal(err)
	}
	put(t, in, "01.pdf", noise(5, 90_000))
	if _, err := in.Admit(t.Context(), nil, map[string]string{"template": "x"}, ""); err != nil {
		t.Fatal(err)
	}
	in, err = c.Receive(t.Context(), IntakeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	put(t, in, "lost", noise(6, 500_000))
	if err := in.Abandon(t.Context(), "the operator stopped it"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.AddPassphrase(t.Context(), "another one", "deputy", 10); err != nil {
		t.Fatal(err)
	}
	s, err := c.Seal(t.Context(), []string{"http://a.example", "http://b.example"})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.AddStamp(t.Context(), s.Size, "http://a.example", []byte("reply")); err != nil {
		t.Fatal(err)
	}
}

func TestCheckClean(t *testing.T) {
	c, dir, _ := newCase(t)
	furnish(t, c)
	clean(t, c)
	for range 3 {
		closeCase(t, c)
		c = reopen(t, dir)
		clean(t, c)
	}
	if _, err := c.Papers("S01"); err != nil {
		t.Error(err)
	}
	var last int64
	stamped := 0
	findings(t, c, CheckOptions{
		Stamp:    func(seal, reply []byte) error { stamped++; return nil },
		Progress: func(done, total int64) { last = total - done },
	})
	if stamped != 1 || last != 0 {
		t.Errorf("%d stamps verified, %d bytes left", stamped, last)
	}
	bad := findings(t, c, CheckOptions{Stamp: func([]byte, []byte) error { return errors.New("forged") }})
	if len(bad) != 1 || !strings.Contains(bad[0].String(), "forged") {
		t.Errorf("forged stamp: %v", bad)
	}
}

// TestRewritten lets someone who has the key change what is stored: the check must name each change.
func TestRewritten(t *testing.T) {
	c, _, _ := newCase(t)
	furnish(t, c)
	before := map[string][]byte{}
	err := c.meta.view(func(v view) error {
		return v.keys(nil, func(k []byte) (err error) {
			before[string(k)], err = v.get(k)
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	set := func(k string, value []byte) {
		t.Helper()
		if err := c.meta.update(func(v view) error { return v.set([]byte(k), value) }); err != nil {
			t.Fatal(err)
		}
	}
	for k, value := range before {
		changed := append(bytes.Clone(value), 'x')
		if len(value) > 0 {
			changed = bytes.Clone(value)
			changed[len(value)/2] ^= 1
		}
		set(k, changed)
		marker := strings.HasPrefix(k, "want/") || strings.HasPrefix(k, "set/") // their keys say all; their values are nothing
		if len(findings(t, c, CheckOptions{})) == 0 && !marker {
			t.Errorf("%s: changed unseen", show([]byte(k)))
		}
		err := c.meta.update(func(v view) error { return v.tx.Delete([]byte(k)) })
		if err != nil {
			t.Fatal(err)
		}
		if len(findings(t, c, CheckOptions{})) == 0 && !strings.HasPrefix(k, "want/") {
			t.Errorf("%s: removed unseen", show([]byte(k)))
		}
		set(k, value)
	}
	set("line/\x00\x00\x00\x00\x00\x00\x10\x00", []byte("more"))
	if got := findings(t, c, CheckOptions{}); len(got) != 1 {
		t.Errorf("added line: %v", got)
	}
}

func TestHalfCopied(t *testing.T) {
	c, dir, _ := newCase(t)
	furnish(t, c)
	closeCase(t, c)
	if _, err := Open(t.Context(), t.TempDir(), Passphrase(phrase), OpenOptions{}); !errors.Is(err, ErrNotACase) {
		t.Errorf("empty folder: %v", err)
	}
	list, err := files(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		if f.Path == headFile || strings.HasPrefix(f.Path, "keys/passphrase") {
			continue
		}
		name := filepath.Join(dir, filepath.FromSlash(f.Path))
		hidden := filepath.Join(t.TempDir(), "hidden")
		if err := os.Rename(name, hidden); err != nil {
			t.Fatal(err)
		}
		_, err := Open(t.Context(), dir, Passphrase(phrase), OpenOptions{})
		if !errors.Is(err, ErrIncomplete) || !strings.Contains(err.Error(), f.Path) {
			t.Errorf("without %s: %v", f.Path, err)
		}
		if err := os.Rename(hidden, name); err != nil {
			t.Fatal(err)
		}
	}
	clean(t, reopen(t, dir))
}

func TestNewerFormat(t *testing.T) {
	c, dir, _ := newCase(t)
	closeCase(t, c)
	if err := os.WriteFile(filepath.Join(dir, headFile), head{format + 1, c.id}.marshal(), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), dir, Passphrase(phrase), OpenOptions{}); !errors.Is(err, ErrFormatNewer) {
		t.Error(err)
	}
}

// TestStoredOnce captures the same resource twice, in recordings that differ around it.
func TestStoredOnce(t *testing.T) {
	c, _, _ := newCase(t)
	body := noise(9, 3<<20+12345)
	small := noise(10, 6<<10)
	for i := range 2 {
		in, err := c.Receive(t.Context(), IntakeOptions{})
		if err != nil {
			t.Fatal(err)
		}
		w, err := in.Create("archive.wacz", "application/wacz")
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range [][]byte{body, small} {
			for _, p := range [][]byte{bytes.Repeat([]byte{byte(i)}, 100+i), b} {
				if _, err := w.Write(p); err != nil {
					t.Fatal(err)
				}
				w.Cut()
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := in.Admit(t.Context(), nil, nil, ""); err != nil {
			t.Fatal(err)
		}
	}
	var stored int
	err := c.blobs.view(func(v view) error {
		return v.keys(key("chunk"), func(k []byte) error {
			data, err := v.get(k)
			stored += len(data)
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := len(body) + len(small) + 100 + 101; stored != want {
		t.Errorf("%d bytes stored, want %d", stored, want)
	}
	clean(t, c)
}

// TestDamagedTwin damages stored chunks; evidence that comes in later must not lean on them, and mends them.
func TestDamagedTwin(t *testing.T) {
	c, _, _ := newCase(t)
	data := noise(1, 1<<20)
	admit(t, c, map[string][]byte{"a": data})
	n := 0
	err := c.blobs.update(func(v view) error {
		return v.keys(key("chunk"), func(k []byte) error {
			n++
			if n%2 == 0 {
				return v.set(k, []byte("another chunk"))
			}
			return v.tx.Set(k, []byte("not even sealed"))
		})
	})
	if err != nil || n < 2 {
		t.Fatal(n, err)
	}
	if len(findings(t, c, CheckOptions{})) == 0 {
		t.Fatal("the damage is not found")
	}
	x := admit(t, c, map[string][]byte{"b": data})
	if !bytes.Equal(artifact(t, c, x.Entry, "b"), data) {
		t.Error("new evidence is damaged")
	}
	clean(t, c)
}

func TestPack(t *testing.T) {
	c, dir, _ := newCase(t)
	furnish(t, c)
	closeCase(t, c)
	var packed bytes.Buffer
	if err := pack(t.Context(), dir, Passphrase(phrase), PackTo{Passphrase: "transport", Work: 10}, OpenOptions{}, &packed); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(packed.Bytes(), []byte("case.json")) {
		t.Error("packed in clear")
	}
	to := filepath.Join(t.TempDir(), "case")
	if err := Unpack(t.Context(), bytes.NewReader(packed.Bytes()), Passphrase("wrong"), to); !errors.Is(err, ErrPassphrase) {
		t.Errorf("wrong passphrase: %v", err)
	}
	if err := Unpack(t.Context(), bytes.NewReader(packed.Bytes()), Passphrase("transport"), to); err != nil {
		t.Fatal(err)
	}
	if err := Unpack(t.Context(), bytes.NewReader(packed.Bytes()), Passphrase("transport"), to); !errors.Is(err, ErrExists) {
		t.Errorf("unpack twice: %v", err)
	}
	clean(t, reopen(t, to))
	clean(t, reopen(t, dir))

	for i := range 40 {
		bad := bytes.Clone(packed.Bytes())
		at := i * len(bad) / 40
		bad[at] ^= 1 << (i % 8)
		to := filepath.Join(t.TempDir(), "bad")
		err := Unpack(t.Context(), bytes.NewReader(bad), Passphrase("transport"), to)
		if _, ok := errors.AsType[*TamperError](err); !ok && !errors.Is(err, ErrPassphrase) {
			t.Errorf("flip in byte %d of the packed case: %v", at, err)
		}
		if _, err := readHead(to); !errors.Is(err, ErrNotACase) {
			t.Errorf("flip in byte %d left something behind: %v", at, err)
		}
	}
	if err := Unpack(t.Context(), bytes.NewReader(packed.Bytes()[:packed.Len()-1000]), Passphrase("transport"), filepath.Join(t.TempDir(), "cut")); err == nil {
		t.Error("a file that was cut short was unpacked")
	}
}

func TestChunkAddressesAreTheCasesOwn(t *testing.T) {
	a, _, _ := newCase(t)
	b, _, _ := newCase(t)
	data := noise(1, 10)
	sum := sha256.Sum256(data)
	if x, y := a.blobs.address(data), b.blobs.address(data); x == y || bytes.Equal(x[:], sum[:]) {
		t.Error("the address of a chunk tells what it holds")
	}
}

// FuzzHead: case.json is accepted in one form only.
func FuzzHead(f *testing.F) {
	whole := head{format, strings.Repeat("0a", 16)}.marshal()
	f.Add(whole)
	f.Add(bytes.ToUpper(whole))
	f.Add(head{format + 1, ""}.marshal())
	f.Add([]byte(" " + string(whole)))
	f.Add([]byte(""))
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := parseHead(data)
		if err == nil && !bytes.Equal(h.marshal(), data) {
			t.Errorf("%q is accepted", data)
		}
		if _, ok := errors.AsType[*TamperError](err); err != nil && !ok && !errors.Is(err, ErrFormatNewer) {
			t.Errorf("%q: %v", data, err)
		}
	})
}

// TestOneBitKeepsNothingElseShut flips a bit in the evidence of a case of a single session: that artifact is named, and all the others can be read.
func TestOneBitKeepsNothingElseShut(t *testing.T) {
	c, dir, _ := newCase(t)
	good, bad := noise(1, 500_000), noise(2, 500_000)
	x := admit(t, c, map[string][]byte{"good": good})
	y := admit(t, c, map[string][]byte{"bad": bad})
	closeCase(t, c)
	name := filepath.Join(dir, blobsDir, "000001.vlog")
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)-100_000] ^= 1
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	c = reopen(t, dir)
	if !bytes.Equal(artifact(t, c, x.Entry, "good"), good) {
		t.Error("the whole artifact cannot be read")
	}
	r, err := c.OpenArtifact(t.Context(), y.Entry, "bad")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(r); err == nil {
		t.Error("the damaged artifact is read without an error")
	} else if te, ok := errors.AsType[*TamperError](err); !ok || te.Place != "W0002/bad" {
		t.Errorf("%v", err)
	}
	var places []string
	for _, f := range findings(t, c, CheckOptions{}) {
		places = append(places, f.Place)
	}
	slices.Sort(places)
	if want := []string{"W0002/bad", "blobs/000001.vlog"}; !slices.Equal(places, want) {
		t.Errorf("found %v, want %v", places, want)
	}
}
