package workbench

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"yuzheng/casefile"
	"yuzheng/casefile/packet"
	"yuzheng/casefile/private"
)

// TestKnownKeys adds, lists and takes off: the list says when and by whom, forgets nothing, belongs to its owner alone, and a spoiled one is no list.
func TestKnownKeys(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config", "known-keys.jsonl")
	now := time.Date(2026, 11, 29, 7, 0, 0, 0, time.UTC)
	w := New(Config{Known: file, Now: func() time.Time { return now }})
	if list, err := w.KnownKeys(); err != nil || len(list) != 0 {
		t.Fatalf("%v %v", list, err)
	}
	one, two := packet.KnownKey{Fingerprint: "11111", Office: "甲署"}, packet.KnownKey{Fingerprint: "22222", Office: "乙署", Number: "115偵1"}
	for _, k := range []packet.KnownKey{one, two, one} {
		if added, err := w.AddKnownKey(k); err != nil || added.KnownKey != k || added.By == "" || !added.Time.Equal(now) {
			t.Fatalf("%+v %v", added, err)
		}
	}
	if list, err := w.KnownKeys(); err != nil || len(list) != 2 {
		t.Errorf("%+v %v", list, err)
	}
	if _, err := w.AddKnownKey(packet.KnownKey{Fingerprint: "33333", Office: "  "}); !errors.Is(err, casefile.ErrName) {
		t.Errorf("of no office: %v", err)
	}
	var listed *ListedError
	if _, err := w.AddKnownKey(packet.KnownKey{Fingerprint: "44444", Office: "乙署", Number: "115年度偵字第1號"}); !errors.As(err, &listed) || listed.Listed.KnownKey != two || listed.Listed.By == "" {
		t.Errorf("a second key of a case: %v", err)
	}
	if err := w.RemoveKnownKey("11111"); err != nil {
		t.Fatal(err)
	}
	if err := w.RemoveKnownKey("11111"); !errors.Is(err, casefile.ErrNotFound) {
		t.Errorf("twice: %v", err)
	}
	if list, err := w.KnownKeys(); err != nil || len(list) != 1 || list[0].KnownKey != two {
		t.Errorf("%+v %v", list, err)
	}
	text, err := os.ReadFile(file)
	if err != nil || strings.Count(string(text), "\n") != 4 || strings.Count(string(text), `"by":"`) != 4 {
		t.Errorf("%s %v", text, err)
	}
	for path, want := range map[string]os.FileMode{file: 0o600, filepath.Dir(file): 0o700} {
		if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != want {
			t.Errorf("%s: %v %v", path, info.Mode(), err)
		}
	}
	if err := os.WriteFile(file, append(text, "spoiled\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := w.KnownKeys(); err == nil {
		t.Error("a spoiled list is read")
	}
	if _, err := w.AddKnownKey(one); err == nil {
		t.Error("a spoiled list is added to")
	}
	if _, err := w.Verify(t.Context(), t.TempDir(), VerifyOptions{}); err == nil || errors.Is(err, ErrNoPacket) {
		t.Errorf("a packet is judged by a spoiled list: %v", err)
	}
}

// TestKnownKeysOfOthers: a list that somebody else owns or could have written, or put in its place, is no list: nobody's key is known by it.
func TestKnownKeysOfOthers(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("rights are lists there")
	}
	dir := filepath.Join(t.TempDir(), "config")
	file := filepath.Join(dir, "known-keys.jsonl")
	w := New(Config{Known: file, Now: time.Now})
	key := packet.KnownKey{Fingerprint: "11111", Office: "甲署"}
	if _, err := w.AddKnownKey(key); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		folder, list os.FileMode
		good         bool
	}{
		{0o700, 0o600, true}, {0o755, 0o644, true}, {0o700, 0o620, false}, {0o700, 0o602, false}, {0o720, 0o600, false}, {0o702, 0o600, false}, {0o777, 0o666, false},
	} {
		if err := errors.Join(os.Chmod(dir, c.folder), os.Chmod(file, c.list)); err != nil {
			t.Fatal(err)
		}
		_, errs := w.KnownKeys()
		_, errv := w.Verify(t.Context(), t.TempDir(), VerifyOptions{})
		if errors.Is(errs, private.ErrShared) == c.good || errors.Is(errv, private.ErrShared) == c.good {
			t.Errorf("%v in %v: %v, %v", c.list, c.folder, errs, errv)
		}
		if _, err := w.AddKnownKey(key); (err == nil) != c.good {
			t.Errorf("%v in %v is added to: %v", c.list, c.folder, err)
		}
	}
	if os.Getuid() != 0 {
		return // only the administrator can give a file away
	}
	const nobody = 65534
	for _, given := range []string{file, dir} {
		if err := errors.Join(os.Chmod(dir, 0o700), os.Chmod(file, 0o600), os.Chown(given, nobody, nobody)); err != nil {
			t.Fatal(err)
		}
		if _, err := w.KnownKeys(); !errors.Is(err, private.ErrShared) {
			t.Errorf("%s of somebody else: %v", given, err)
		}
		if err := os.Chown(given, 0, 0); err != nil {
			t.Fatal(err)
		}
	}
}
