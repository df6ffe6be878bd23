package casefile

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"yuzheng/casefile/custody"
)

const phrase = "正確的馬 電池 釘書針"

var (
	prosecutor = custody.Operator{Name: "王小明", Title: "檢察官", Office: "臺灣臺北地方檢察署"}
	officer    = custody.Operator{Name: "李大同", Title: "檢察事務官", Office: "臺灣臺北地方檢察署"}
	birth      = time.Date(2026, 11, 23, 4, 5, 6, 789e6, time.UTC)
)

func fixed() time.Time { return birth }

func options() CreateOptions {
	return CreateOptions{Number: "115年度偵字第12345號", Title: "假投資", Operator: prosecutor, Passphrase: phrase, Now: fixed, Work: 10}
}

func newCase(t testing.TB) (c *Case, dir, recovery string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "case")
	c, recovery, err := Create(t.Context(), dir, options())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c, dir, recovery
}

func reopen(t testing.TB, dir string) *Case {
	t.Helper()
	c, err := Open(t.Context(), dir, Passphrase(phrase), OpenOptions{Now: fixed})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func closeCase(t testing.TB, c *Case) {
	t.Helper()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}

// noise gives n bytes that do not compress and are always the same for a seed.
func noise(seed byte, n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{seed}).Read(b)
	return b
}

func admit(t testing.TB, c *Case, artifacts map[string][]byte) Exhibit {
	t.Helper()
	in, err := c.Receive(t.Context(), IntakeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range artifacts {
		put(t, in, name, data)
	}
	x, err := in.Admit(t.Context(), json.RawMessage(`{"url":"https://vip-invest.example/","title":"<b>"}`), nil, "")
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func put(t testing.TB, in *Intake, name string, data []byte) {
	t.Helper()
	w, err := in.Create(name, "application/octet-stream")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func artifact(t testing.TB, c *Case, entry int64, name string) []byte {
	t.Helper()
	r, err := c.OpenArtifact(t.Context(), entry, name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestRoundTrip(t *testing.T) {
	c, dir, recovery := newCase(t)
	want := map[string][]byte{
		"empty.txt": {}, "one.bin": noise(1, 1), "page.html": noise(2, 70_000), "downloads/大檔.bin": noise(3, 5<<20),
	}
	x := admit(t, c, want)
	if x.ID != "W0001" || len(x.Artifacts) != len(want) {
		t.Fatalf("admitted %+v", x)
	}
	if r, err := c.Put(t.Context(), "note", "", map[string]string{"text": "看看 <這個>"}, ""); err != nil || r.ID != "N0001" {
		t.Fatalf("put: %+v, %v", r, err)
	}
	closeCase(t, c)

	for _, way := range []Way{Passphrase(phrase), RecoveryKey(recovery)} {
		c, err := Open(t.Context(), dir, way, OpenOptions{Now: fixed, Operator: officer})
		if err != nil {
			t.Fatal(err)
		}
		again, err := c.Exhibit("W0001")
		if err != nil || string(again.Summary) != string(x.Summary) || !slices.Equal(again.Artifacts, x.Artifacts) {
			t.Fatalf("exhibit: %+v, %v", again, err)
		}
		for _, a := range again.Artifacts {
			got := artifact(t, c, again.Entry, a.Name)
			sum := sha256.Sum256(got)
			if !bytes.Equal(got, want[a.Name]) || hex.EncodeToString(sum[:]) != a.SHA256 {
				t.Errorf("%s: %d bytes, want %d", a.Name, len(got), len(want[a.Name]))
			}
		}
		r, err := c.Get("note", "N0001")
		if err != nil || string(r.Value) != `{"text":"看看 \u003c這個\u003e"}` {
			t.Errorf("note: %s, %v", r.Value, err)
		}
		if i := c.Info(); i.Exhibits != 1 || i.Operator != officer || len(i.Operators) != 2 || i.Title != "假投資" {
			t.Errorf("info: %+v", i)
		}
		closeCase(t, c)
	}
}

func TestWrongWay(t *testing.T) {
	c, dir, recovery := newCase(t)
	_, err := Open(t.Context(), dir, Passphrase(phrase), OpenOptions{})
	if e, ok := errors.AsType[*OpenElsewhere](err); !ok || e.PID == 0 || !errors.Is(err, ErrOpenElsewhere) {
		t.Errorf("open twice: %v", err)
	}
	closeCase(t, c)
	for _, way := range []Way{Passphrase("wrong"), Passphrase(""), RecoveryKey("0000-0000-0000-0000-0000-0000-0000-0000")} {
		if _, err := Open(t.Context(), dir, way, OpenOptions{}); err == nil {
			t.Errorf("%v opened the case", way)
		} else if _, mistyped := errors.AsType[*RecoveryError](err); !mistyped && !errors.Is(err, ErrPassphrase) {
			t.Errorf("%v: %v", way, err)
		}
	}
	c, err = Open(t.Context(), dir, RecoveryKey(recovery), OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	closeCase(t, c)
}

func TestSeal(t *testing.T) {
	c, dir, _ := newCase(t)
	x := admit(t, c, map[string][]byte{"a": noise(1, 100)})
	const url = "http://tsa.example/"
	s, err := c.Seal(t.Context(), []string{url})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.AddStamp(t.Context(), s.Size+1, url, []byte("x")); !errors.Is(err, ErrNotFound) {
		t.Errorf("stamp without a seal: %v", err)
	}
	closeCase(t, c)

	c = reopen(t, dir)
	list, err := c.Seals()
	if err != nil || len(list) != 1 || !slices.Equal(list[0].Pending, []string{url}) {
		t.Fatalf("seals: %+v, %v", list, err)
	}
	if err := c.AddStamp(t.Context(), s.Size, url, []byte("reply")); err != nil {
		t.Fatal(err)
	}
	if err := c.AddStamp(t.Context(), s.Size, url, []byte("other")); !errors.Is(err, ErrExists) {
		t.Errorf("stamp twice: %v", err)
	}
	list, err = c.Seals()
	if err != nil || len(list[0].Pending) != 0 || string(list[0].Stamps[0].Reply) != "reply" {
		t.Fatalf("seals: %+v, %v", list, err)
	}
	line, err := c.Line(x.Entry)
	if err != nil {
		t.Fatal(err)
	}
	proof, err := c.Prove(s.Size, x.Entry)
	if err != nil {
		t.Fatal(err)
	}
	seal, err := custody.ParseSeal(list[0].Text, c.Info().PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	if err := proof.Check(line, seal); err != nil {
		t.Error(err)
	}
	line[len(line)-3] ^= 1
	if proof.Check(line, seal) == nil {
		t.Error("a changed line proves")
	}
}

// TestJoined tells of an operator who is new to a case, and takes a bare name for the one who bears it.
func TestJoined(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "case")
	c, _, err := Create(t.Context(), dir, options())
	if err != nil {
		t.Fatal(err)
	}
	if c.Info().Joined {
		t.Error("the first operator joined")
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	mistyped := custody.Operator{Name: "王小名"}
	for _, try := range []struct {
		as, is custody.Operator
		joined bool
	}{
		{custody.Operator{}, prosecutor, false},
		{custody.Operator{Name: prosecutor.Name}, prosecutor, false},
		{prosecutor, prosecutor, false},
		{mistyped, mistyped, true},
		{mistyped, mistyped, false},
		{custody.Operator{Name: prosecutor.Name, Title: "主任檢察官"}, custody.Operator{Name: prosecutor.Name, Title: "主任檢察官"}, true},
	} {
		c, err := Open(t.Context(), dir, Passphrase(phrase), OpenOptions{Now: fixed, Operator: try.as})
		if err != nil {
			t.Fatal(err)
		}
		if i := c.Info(); i.Operator != try.is || i.Joined != try.joined {
			t.Errorf("as %v: %v, joined %v", try.as, i.Operator, i.Joined)
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
